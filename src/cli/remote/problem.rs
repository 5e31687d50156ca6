//! What the API says is wrong (RFC 9457), in the words of the command line.

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use serde::Deserialize;
use serde_json::Value;

use super::http::Answer;
use crate::cli::failure::{Failure, Problem};
use crate::support::escape::escaped;

/// What the API asks for besides: RFC 6750 section 3.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A token that counts.
    Token,
    /// That the operator authenticates again: RFC 9470 section 3.
    Proof {
        /// How long ago it may be, in seconds.
        max_age: Option<String>,
        /// How strongly.
        acr_values: Option<String>,
    },
}

/// The members of a problem document that are read.
#[derive(Deserialize)]
struct Document {
    code: String,
    detail: String,
    #[serde(default)]
    request_id: String,
    #[serde(default)]
    errors: Vec<Wrong>,
}

/// What was done before something was refused.
#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: Vec<Value>,
}

#[derive(Deserialize)]
struct Wrong {
    pointer: String,
    code: String,
    detail: String,
}

impl Challenge {
    /// What an answer asks for; `None` where another token would change nothing.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        (answer.status == 401).then(|| Self::in_headers(&answer.headers))
    }

    fn in_headers(headers: &HeaderMap) -> Self {
        let text = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match parameter(text, "error").as_deref() {
            Some("insufficient_user_authentication") => {
                Self::Proof { max_age: parameter(text, "max_age"), acr_values: parameter(text, "acr_values") }
            }
            _ => Self::Token,
        }
    }
}

/// A parameter of a challenge whose values have no quotation marks in them: those of RFC 6750 and RFC 9470 have none.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut parts = challenge.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        let known = before.trim_end().strip_suffix('=').and_then(|before| before.rsplit([' ', ',']).next());
        if known == Some(name) {
            return Some(value.to_owned());
        }
    }
    None
}

/// Why an operation was not done.
pub(super) fn failure(answer: &Answer) -> Failure {
    let Ok(Document { code, detail, request_id, errors }) = serde_json::from_slice(&answer.body) else {
        return Failure::of(format!(
            "the server answers with status {} and no problem that can be read",
            answer.status
        ));
    };
    if !errors.is_empty() {
        return Failure::invalid(errors.into_iter().map(problem).collect());
    }
    match answer.status {
        401 => Failure::told(code, format!("{detail}: run haechi login")),
        500.. => Failure::told(code, format!("{detail} (request {request_id})")),
        _ => Failure::told(code, detail),
    }
}

/// What was done before, where the answer says so.
pub(super) fn done(answer: &Answer) -> Vec<Value> {
    let said: Done = serde_json::from_slice(&answer.body).unwrap_or_default();
    said.done
}

/// One of the things that are wrong, escaped as [`Failure::told`] escapes the rest of what a server says.
fn problem(Wrong { pointer, code, detail }: Wrong) -> Problem {
    let [pointer, code, detail] = [pointer, code, detail].map(|said| escaped(&said).into_owned());
    Problem { pointer: Some(pointer), option: None, source: None, code: Some(code.into()), detail, example: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, challenge: &'static str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(WWW_AUTHENTICATE, challenge.parse().unwrap());
        Answer { status, headers, body: Vec::new() }
    }

    #[test]
    fn what_a_server_says_moves_no_cursor() {
        let said = "\u{1b}[2J\u{9b}2J\nforged";
        let wrong = serde_json::json!({ "pointer": said, "code": said, "detail": said });
        for (status, errors) in [(401, vec![]), (422, vec![wrong]), (404, vec![]), (500, vec![])] {
            let body = serde_json::json!({ "code": said, "detail": said, "request_id": said, "errors": errors });
            let failure = failure(&Answer { body: body.to_string().into_bytes(), ..answer(status, "Bearer") });
            let shown = failure.to_string();
            assert!(!shown.contains(['\u{1b}', '\u{9b}', '\n']), "{shown:?}");
            assert!(shown.contains("\\u{1b}[2J\\u{9b}2J\\nforged"), "{shown:?}");
        }
    }

    #[test]
    fn what_is_asked_for_is_read_from_the_challenge() {
        let proof =
            "Bearer realm=\"haechi\", error=\"insufficient_user_authentication\", acr_values=\"a b\", max_age=\"300\"";
        let asked = Challenge::Proof { max_age: Some("300".to_owned()), acr_values: Some("a b".to_owned()) };
        assert_eq!(Challenge::of(&answer(401, proof)), Some(asked));
        assert_eq!(
            Challenge::of(&answer(401, "Bearer realm=\"haechi\", error=\"invalid_token\"")),
            Some(Challenge::Token)
        );
        assert_eq!(Challenge::of(&answer(401, "Bearer realm=\"error=\"")), Some(Challenge::Token));
        assert_eq!(Challenge::of(&answer(403, proof)), None);
    }
}
