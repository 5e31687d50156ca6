//! Members of a registration that the document has no field for, or a value that it has no word for: what other servers' exports carry.
//!
//! Owns the registered members (the registry "OAuth Dynamic Client Registration Metadata" of RFC 7591 section 4.1, and the habits of
//! other servers) that nothing is done with here, and what is said instead. A member passes where its value asks for nothing that this server
//! lacks; RFC 7591 section 2 lets a server leave it at that: it "MAY ignore values provided by the client". All else is refused by name:
//! nobody should believe that a protection is on which is not.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::values::AuthenticationMethod;
use crate::admin::document::Verdict;
use crate::admin::in_languages::tag_of;
use crate::model::client::SigningAlgorithm;
use crate::protocol::grant_type::GrantType;
use crate::protocol::response_mode::ResponseMode;

/// Which values of a member ask for nothing that is not there.
#[derive(Clone, Copy, Debug)]
enum Passes {
    /// Any: it tells of the client, or concerns another server.
    Any,
    /// Nothing and these texts.
    Only(&'static [&'static str]),
    /// Nothing: false, null, 0, an empty text, list or object.
    Nothing,
}

/// A member, which of its values pass, and what is said of the others.
type Row = (&'static str, Passes, &'static str);

const NO_ENCRYPTION: &str = "nothing is encrypted here beyond TLS: leave it out";
const NO_REQUEST_OBJECTS: &str = "request objects are not read here: leave it out, and send parameters";
const PLAIN_USERINFO: &str = "UserInfo answers JSON that is not signed: leave it out";
const PLAIN_INTROSPECTION: &str = "introspection answers JSON that is not signed: leave it out";
const NO_MUTUAL_TLS: &str = "there are no client certificates here: use private_key_jwt";
const NO_CALLS_AT_LOGOUT: &str = "clients are not called at sign-out here: leave it out, and let tokens expire";
const NO_CIBA: &str = "there is no backchannel authentication here: leave it out";
const ONE_URL: &str = "there is one for all languages: leave it out";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // RFC 7591 section 2 and 3.2.1, RFC 7592 section 3.
    ("registration_access_token", Passes::Any, ""),
    ("registration_client_uri", Passes::Any, ""),
    ("client_secret_expires_at", Passes::Nothing, "a secret does not expire by itself here: leave it out, and use rotate-secret"),
    ("software_statement", Passes::Nothing, "it is not read: say what it says as members"),
    // OpenID Connect Dynamic Client Registration 1.0 section 2.
    ("subject_type", Passes::Only(&["public"]), "there are only public subjects here: leave it out"),
    ("sector_identifier_uri", Passes::Any, ""),
    ("require_auth_time", Passes::Any, ""),
    ("request_uris", Passes::Nothing, NO_REQUEST_OBJECTS),
    ("request_object_signing_alg", Passes::Only(&["any", "none"]), NO_REQUEST_OBJECTS),
    ("request_object_encryption_alg", Passes::Only(&["any"]), NO_REQUEST_OBJECTS),
    ("request_object_encryption_enc", Passes::Only(&["any"]), NO_REQUEST_OBJECTS),
    ("request_object_required", Passes::Only(&["not required"]), NO_REQUEST_OBJECTS),
    ("userinfo_signed_response_alg", Passes::Only(&["none"]), PLAIN_USERINFO),
    ("userinfo_encrypted_response_alg", Passes::Nothing, NO_ENCRYPTION),
    ("userinfo_encrypted_response_enc", Passes::Nothing, NO_ENCRYPTION),
    ("id_token_encrypted_response_alg", Passes::Nothing, NO_ENCRYPTION),
    ("id_token_encrypted_response_enc", Passes::Nothing, NO_ENCRYPTION),
    // The logout specifications of OpenID Connect.
    ("frontchannel_logout_uri", Passes::Nothing, NO_CALLS_AT_LOGOUT),
    ("frontchannel_logout_session_required", Passes::Any, ""),
    ("backchannel_logout_uri", Passes::Nothing, NO_CALLS_AT_LOGOUT),
    ("backchannel_logout_session_required", Passes::Any, ""),
    ("backchannel_logout_revoke_offline_tokens", Passes::Any, ""),
    // What else is registered.
    ("authorization_signed_response_alg", Passes::Nothing, "answers are parameters that are not signed, with iss beside them: leave it out"),
    ("authorization_encrypted_response_alg", Passes::Nothing, NO_ENCRYPTION),
    ("authorization_encrypted_response_enc", Passes::Nothing, NO_ENCRYPTION),
    ("introspection_signed_response_alg", Passes::Nothing, PLAIN_INTROSPECTION),
    ("introspection_encrypted_response_alg", Passes::Nothing, NO_ENCRYPTION),
    ("introspection_encrypted_response_enc", Passes::Nothing, NO_ENCRYPTION),
    ("tls_client_certificate_bound_access_tokens", Passes::Nothing, NO_MUTUAL_TLS),
    ("tls_client_auth_subject_dn", Passes::Nothing, NO_MUTUAL_TLS),
    ("tls_client_auth_san_dns", Passes::Nothing, NO_MUTUAL_TLS),
    ("tls_client_auth_san_uri", Passes::Nothing, NO_MUTUAL_TLS),
    ("tls_client_auth_san_ip", Passes::Nothing, NO_MUTUAL_TLS),
    ("tls_client_auth_san_email", Passes::Nothing, NO_MUTUAL_TLS),
    ("use_mtls_endpoint_aliases", Passes::Nothing, NO_MUTUAL_TLS),
    ("dpop_bound_access_tokens", Passes::Nothing, "access tokens are bearer tokens here: leave it out"),
    ("require_signed_request_object", Passes::Nothing, NO_REQUEST_OBJECTS),
    ("require_pushed_authorization_requests", Passes::Nothing, "there are no pushed authorization requests here: leave it out"),
    ("authorization_details_types", Passes::Nothing, "there are no authorization_details here: use scopes and resources"),
    ("backchannel_token_delivery_mode", Passes::Nothing, NO_CIBA),
    ("backchannel_client_notification_endpoint", Passes::Nothing, NO_CIBA),
    ("backchannel_authentication_request_signing_alg", Passes::Nothing, NO_CIBA),
    ("backchannel_user_code_parameter", Passes::Nothing, NO_CIBA),
    ("client_registration_types", Passes::Any, ""),
    ("organization_name", Passes::Any, ""),
    // In no registry: other servers' own.
    ("introspection_endpoint_auth_method", Passes::Any, ""),
    ("introspection_endpoint_auth_signing_alg", Passes::Any, ""),
    ("revocation_endpoint_auth_method", Passes::Any, ""),
    ("revocation_endpoint_auth_signing_alg", Passes::Any, ""),
    ("allowed_cors_origins", Passes::Nothing, "origins follow from redirect_uris: leave it out"),
    ("audience", Passes::Nothing, "say it as resources"),
    ("created_at", Passes::Any, ""),
    ("metadata", Passes::Nothing, "it is kept nowhere here: leave it out"),
    ("owner", Passes::Any, ""),
    ("require_pkce", Passes::Nothing, "say it as pkce: required"),
    ("skip_consent", Passes::Nothing, "say it as consent: first_party"),
    ("skip_logout_consent", Passes::Nothing, "an id_token_hint does without the question: leave it out"),
];

/// The names of these members.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(name, ..)| *name)
}

/// Whether a member is the client's name in a language: RFC 7591 section 2.2.
pub(super) fn is_name_in_language(member: &str) -> bool {
    tag_of(member, "client_name").is_some()
}

/// What is said of a member that the document has no field for, given its value.
pub(super) fn verdict(member: &str, value: &Value) -> Verdict {
    if member == "response_modes" {
        let unknown = |mode: &str| ResponseMode::parse(mode).is_err();
        return refused_where(value, unknown, |mode| format!("{mode} is not supported")).unwrap_or(Verdict::Passed);
    }
    if is_name_in_language(member) {
        return Verdict::Known;
    }
    if let Some(("client_uri" | "logo_uri" | "policy_uri" | "tos_uri", _)) = member.split_once('#') {
        return Verdict::Refused(ONE_URL.to_owned());
    }
    let Some((_, passes, instead)) = ROWS.iter().find(|(name, ..)| *name == member) else { return Verdict::Unknown };
    let pass = match passes {
        Passes::Any => true,
        Passes::Only(texts) => is_nothing(value) || value.as_str().is_some_and(|text| texts.contains(&text)),
        Passes::Nothing => is_nothing(value),
    };
    if pass { Verdict::Passed } else { Verdict::Refused((*instead).to_owned()) }
}

/// What is said of a value that the document has no word for, in a member that it does have.
pub(super) fn verdict_of_known(member: &str, value: &Value) -> Verdict {
    let refused = match member {
        "grant_types" => refused_where(value, |name| is_no::<GrantType>(&Value::from(name)), instead_of_grant),
        "response_types" => refused_where(
            value,
            // A client that may ask for nothing at all (`none`, OAuth 2.0 Multiple Response Type Encoding Practices section 4) is given no less.
            |kind| !matches!(kind, "code" | "none"),
            |kind| format!("{kind} is not supported: there is only code (RFC 9700 section 2.1.2)"),
        ),
        "token_endpoint_auth_method" if is_no::<AuthenticationMethod>(value) => {
            refused(value, "use client_secret_basic, client_secret_post, private_key_jwt or none")
        }
        "id_token_signed_response_alg" | "access_token_signed_response_alg" if is_no::<SigningAlgorithm>(value) => {
            refused(value, "tokens are signed with a key of the JWK Set, by ES256, EdDSA, RS256, PS256 or ES384")
        }
        _ => None,
    };
    refused.unwrap_or(Verdict::Known)
}

/// Whether a text is none of the values of a type.
fn is_no<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_err()
}

/// Refuses a text; what is no text is left to the document, which says what type it must have.
fn refused(value: &Value, instead: &str) -> Option<Verdict> {
    value.as_str().map(|text| Verdict::Refused(format!("{text} is not supported: {instead}")))
}

fn instead_of_grant(grant: &str) -> String {
    match grant {
        "implicit" => "implicit is not supported: use authorization_code with PKCE (RFC 9700 section 2.1.2)".to_owned(),
        "password" => {
            "password is not supported: use authorization_code, as passwords are typed at this server only (RFC 9700 section 2.4)"
                .to_owned()
        }
        other => format!("{other} is not supported: leave it out"),
    }
}

/// Refuses a list for its first text that is not right.
fn refused_where(value: &Value, wrong: impl Fn(&str) -> bool, why: impl Fn(&str) -> String) -> Option<Verdict> {
    let mut texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.find(|text| wrong(text)).map(|text| Verdict::Refused(why(text)))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(said) => !said,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_asks_for_nothing_passes_and_what_is_lacked_is_refused_by_name() {
        for (member, value) in [
            ("organization_name", json!("Shop")),
            ("subject_type", json!("public")),
            ("request_uris", json!([])),
            ("backchannel_logout_uri", json!("")),
            ("client_secret_expires_at", json!(0)),
            ("dpop_bound_access_tokens", json!(false)),
            ("userinfo_signed_response_alg", json!("none")),
            ("response_modes", json!(["query", "form_post"])),
            ("id_token_encrypted_response_alg", Value::Null),
        ] {
            assert_eq!(verdict(member, &value), Verdict::Passed, "{member} {value}");
        }
        for (member, value) in [
            ("subject_type", json!("pairwise")),
            ("request_uris", json!(["https://shop.example/request"])),
            ("backchannel_logout_uri", json!("https://shop.example/logout")),
            ("client_secret_expires_at", json!(2_893_276_800_u64)),
            ("dpop_bound_access_tokens", json!(true)),
            ("userinfo_signed_response_alg", json!("RS256")),
            ("response_modes", json!(["query", "jwt"])),
            ("id_token_encrypted_response_alg", json!("RSA-OAEP")),
            ("logo_uri#ko", json!("https://shop.example/ko.png")),
            ("audience", json!(["https://api.example"])),
        ] {
            assert!(matches!(verdict(member, &value), Verdict::Refused(_)), "{member} {value}");
        }
        assert_eq!(verdict("example_extension_parameter", &json!("x")), Verdict::Unknown);
    }

    #[test]
    fn a_value_that_is_not_supported_is_refused_with_what_is() {
        for (member, value) in [
            ("grant_types", json!(["authorization_code", "implicit"])),
            ("grant_types", json!(["password"])),
            ("grant_types", json!(["urn:ietf:params:oauth:grant-type:device_code"])),
            ("response_types", json!(["code", "id_token"])),
            ("token_endpoint_auth_method", json!("client_secret_jwt")),
            ("token_endpoint_auth_method", json!("tls_client_auth")),
            ("id_token_signed_response_alg", json!("HS256")),
            ("id_token_signed_response_alg", json!("none")),
        ] {
            assert!(matches!(verdict_of_known(member, &value), Verdict::Refused(_)), "{member} {value}");
        }
        for (member, value) in [
            ("grant_types", json!(["authorization_code", "refresh_token"])),
            ("response_types", json!(["code", "none"])),
            ("token_endpoint_auth_method", json!("client_secret_post")),
            ("token_endpoint_auth_method", json!(7)),
            ("id_token_signed_response_alg", json!("ES256")),
            ("client_name", json!("Shop")),
        ] {
            assert_eq!(verdict_of_known(member, &value), Verdict::Known, "{member} {value}");
        }
    }
}
