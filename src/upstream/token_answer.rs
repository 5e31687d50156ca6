//! Token answers that are not quite what RFC 6749 section 5 says, made into what it says.

use serde_json::{Value, json};

use super::presets::Quirk;

/// Why a token answer is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenAnswerRejected {
    /// The body is no JSON object.
    #[error("the token answer is no JSON object")]
    Malformed,
    /// An error, although the status says that all went well.
    #[error("the token answer is an error")]
    Refused,
}

/// Rewrites what the preset's quirks name, and leaves everything else alone.
pub fn tidy(quirks: &[Quirk], mut answer: Value) -> Result<Value, TokenAnswerRejected> {
    let members = answer.as_object_mut().ok_or(TokenAnswerRejected::Malformed)?;
    for quirk in quirks {
        match quirk {
            Quirk::ErrorsWithStatusOk if members.contains_key("error") => return Err(TokenAnswerRejected::Refused),
            Quirk::ScopeAsArray => {
                let Some(list) = members.get("scope").and_then(Value::as_array) else { continue };
                let scopes: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                let joined = scopes.join(" ");
                members.insert("scope".to_owned(), Value::String(joined));
            }
            Quirk::ScopeWithCommas => {
                let Some(list) = members.get("scope").and_then(Value::as_str) else { continue };
                let spaced = list.replace(',', " ");
                members.insert("scope".to_owned(), Value::String(spaced));
            }
            Quirk::ExpiresInAsString => {
                let Some(seconds) = members.get("expires_in").and_then(Value::as_str) else { continue };
                let number = seconds.parse::<u32>().map_or(Value::Null, Value::from);
                members.insert("expires_in".to_owned(), number);
            }
            _ => {}
        }
    }
    Ok(answer)
}

/// A refusal in the form of RFC 6749 section 5.2. Some providers answer an object (Facebook: `type` says what it is) or words of
/// their own (Twitch: `message`), which are left out: they are for developers, and may quote the request.
pub fn refusal(answer: &Value) -> Value {
    let error = answer.get("error").unwrap_or(&Value::Null);
    let code = error.as_str().or_else(|| error.get("type")?.as_str());
    json!({ "error": code.unwrap_or("unspecified") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twitch_lists_its_scopes() {
        let tidied = tidy(&[Quirk::ScopeAsArray], json!({ "scope": ["openid", "user:read:email"] })).unwrap();
        assert_eq!(tidied, json!({ "scope": "openid user:read:email" }));
    }

    #[test]
    fn github_puts_commas_between_its_scopes() {
        let tidied = tidy(&[Quirk::ScopeWithCommas], json!({ "scope": "read:user,user:email" })).unwrap();
        assert_eq!(tidied, json!({ "scope": "read:user user:email" }));
    }

    #[test]
    fn naver_writes_seconds_as_a_text() {
        let quirks = [Quirk::ErrorsWithStatusOk, Quirk::ExpiresInAsString];
        let tidied = tidy(&quirks, json!({ "access_token": "t", "expires_in": "3600" })).unwrap();
        assert_eq!(tidied, json!({ "access_token": "t", "expires_in": 3600 }));
        let odd = tidy(&quirks, json!({ "access_token": "t", "expires_in": "soon" })).unwrap();
        assert_eq!(odd["expires_in"], Value::Null);
    }

    #[test]
    fn an_error_is_an_error_whatever_the_status() {
        let refused = json!({ "error": "invalid_request", "error_description": "no valid data in session" });
        assert_eq!(tidy(&[Quirk::ErrorsWithStatusOk], refused.clone()), Err(TokenAnswerRejected::Refused));
        assert_eq!(tidy(&[], refused.clone()), Ok(refused));
        assert_eq!(tidy(&[], json!([])), Err(TokenAnswerRejected::Malformed));
    }

    #[test]
    fn a_refusal_is_read_whatever_its_form() {
        for (answer, code) in [
            (json!({ "error": "invalid_grant", "error_description": "x" }), "invalid_grant"),
            (json!({ "error": { "type": "OAuthException", "message": "x", "code": 100 } }), "OAuthException"),
            (json!({ "status": 403, "message": "invalid client secret" }), "unspecified"),
            (json!({ "error": 7 }), "unspecified"),
        ] {
            assert_eq!(refusal(&answer), json!({ "error": code }));
        }
    }

    #[test]
    fn without_a_quirk_nothing_changes() {
        let answer = json!({ "scope": ["openid"], "expires_in": "3600" });
        assert_eq!(tidy(&[], answer.clone()), Ok(answer));
    }
}
