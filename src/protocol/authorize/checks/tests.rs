use super::*;
use crate::protocol::error::ErrorCode;
use crate::protocol::redirect_uri::{LoopbackPort, RegisteredRedirectUri};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct Client {
    scopes: ScopeSet,
    resources: Vec<Resource>,
    pkce_required: bool,
    nonce_required: bool,
    may_refresh: bool,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            scopes: ScopeSet::parse("openid profile offline_access orders:read").unwrap(),
            resources: vec![Resource::parse("https://api.example").unwrap()],
            pkce_required: true,
            nonce_required: false,
            may_refresh: true,
        }
    }
}

/// Runs the rules on a good request in which some parameters are replaced; an empty value takes one away.
fn run_with(client: &Client, replaced: &[(&str, &str)]) -> Result<AuthorizationRequest, Refusal> {
    let good = [
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = good.iter().filter(|(name, _)| !replaced.iter().any(|(other, _)| other == name));
    let params = Params::from_pairs(kept.chain(replaced).copied()).unwrap();
    let redirect = RegisteredRedirectUri::parse("https://app.example/cb", false).unwrap();
    run(
        Endpoint::Authorization,
        &CheckInput {
            params: &params,
            redirect: &redirect.matches("https://app.example/cb", LoopbackPort::Registered).unwrap(),
            client: ClientPolicy {
                pkce_required: client.pkce_required,
                nonce_required: client.nonce_required,
                scopes: &client.scopes,
                resources: &client.resources,
                may_refresh: client.may_refresh,
                default_max_age: None,
            },
            hinted_subject: None,
        },
    )
}

fn code_of(replaced: &[(&str, &str)]) -> ErrorCode {
    run_with(&Client::default(), replaced).unwrap_err().error.code
}

#[test]
fn a_good_request_passes_and_unknown_parameters_are_ignored() {
    let request = run_with(&Client::default(), &[("nonce", "n"), ("max_age", "60"), ("whatever", "x")]).unwrap();
    assert!(request.is_openid());
    assert_eq!(request.state.as_deref(), Some("s"));
    assert_eq!(request.nonce.as_deref(), Some("n"));
    assert_eq!(request.max_age, Some(Duration::from_mins(1)));
}

#[test]
fn every_rule_holds_somewhere_and_the_authorization_endpoint_asks_them_in_this_order() {
    assert!(ALL.iter().all(|check| !check.endpoints.is_empty()));
    let of = |endpoint: Endpoint| -> Vec<&str> {
        ALL.iter().filter(|check| check.endpoints.contains(&endpoint)).map(|check| check.name).collect()
    };
    let authorization = [
        "state",
        "response_mode",
        "request_object",
        "response_type",
        "scope",
        "code_challenge",
        "prompt",
        "offline_access",
        "nonce",
        "max_age",
        "display",
        "acr_values",
        "claims",
        "locales",
        "hints",
        "resource",
    ];
    assert_eq!(of(Endpoint::Authorization), authorization);
    // RFC 9126 section 2.1: as at the authorization endpoint, `request_uri` refused.
    assert_eq!(of(Endpoint::PushedAuthorization), authorization);
    assert_eq!(of(Endpoint::RequestObject), authorization);
    assert_eq!(of(Endpoint::DeviceAuthorization), ["scope", "offline_access", "resource"]);
}

#[test]
fn each_rule_has_its_error() {
    for (replaced, code) in [
        (("response_type", ""), ErrorCode::InvalidRequest),
        (("response_type", "token"), ErrorCode::UnsupportedResponseType),
        (("response_type", "code id_token"), ErrorCode::UnsupportedResponseType),
        (("response_mode", "query.jwt"), ErrorCode::InvalidRequest),
        (("scope", "admin"), ErrorCode::InvalidScope),
        (("scope", "openid \"admin\""), ErrorCode::InvalidScope),
        (("code_challenge", ""), ErrorCode::InvalidRequest),
        (("code_challenge_method", "plain"), ErrorCode::InvalidRequest),
        (("code_challenge_method", ""), ErrorCode::InvalidRequest),
        (("prompt", "none login"), ErrorCode::InvalidRequest),
        (("max_age", "-1"), ErrorCode::InvalidRequest),
        (("max_age", "1.5"), ErrorCode::InvalidRequest),
        (("display", "hologram"), ErrorCode::InvalidRequest),
        (("claims", "[]"), ErrorCode::InvalidRequest),
        (("id_token_hint", "x"), ErrorCode::InvalidRequest),
        (("request", "x"), ErrorCode::RequestNotSupported),
        (("request_uri", "https://evil.example/r"), ErrorCode::RequestUriNotSupported),
        (("registration", "{}"), ErrorCode::RegistrationNotSupported),
        (("resource", "https://other.example"), ErrorCode::InvalidTarget),
        (("resource", "not a uri"), ErrorCode::InvalidTarget),
        (("audience", "https://other.example"), ErrorCode::InvalidTarget),
        (("state", &"x".repeat(2049)), ErrorCode::InvalidRequest),
        (("nonce", &"x".repeat(513)), ErrorCode::InvalidRequest),
        (("acr_values", &"x ".repeat(31)), ErrorCode::InvalidRequest),
        (("ui_locales", &"x".repeat(2049)), ErrorCode::InvalidRequest),
    ] {
        assert_eq!(code_of(&[replaced]), code, "{replaced:?}");
    }
}

#[test]
fn a_refusal_travels_as_the_answer_would_have() {
    let refusal = run_with(&Client::default(), &[("response_mode", "form_post"), ("scope", "admin")]).unwrap_err();
    assert_eq!(refusal.response_mode, ResponseMode::FormPost);
    assert_eq!(refusal.state.as_deref(), Some("s"));
}

#[test]
fn an_exempted_client_may_leave_pkce_out_but_not_use_it_badly() {
    let exempt = Client { pkce_required: false, ..Client::default() };
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(run_with(&exempt, &without).unwrap().code_challenge, None);
    assert!(run_with(&exempt, &[("code_challenge_method", "plain")]).is_err());
    assert!(run_with(&exempt, &[("code_challenge", "")]).is_err());
}

#[test]
fn a_client_that_must_send_a_nonce_must_where_an_id_token_would_carry_it() {
    let strict = Client { nonce_required: true, ..Client::default() };
    let refusal = run_with(&strict, &[]).unwrap_err();
    assert_eq!((refusal.rule, refusal.error.code), ("nonce", ErrorCode::InvalidRequest));
    assert!(run_with(&strict, &[("nonce", "")]).is_err(), "RFC 6749 section 3.1: sent without a value is not sent");
    assert_eq!(run_with(&strict, &[("nonce", "n")]).unwrap().nonce.as_deref(), Some("n"));
    assert!(run_with(&strict, &[("scope", "orders:read")]).is_ok());
    assert!(run_with(&Client::default(), &[]).is_ok());
}

#[test]
fn offline_access_is_ignored_where_refresh_tokens_are_not_for_the_client() {
    let never = Client { may_refresh: false, ..Client::default() };
    let scope = [("scope", "openid offline_access")];
    assert!(!run_with(&never, &scope).unwrap().scope.contains("offline_access"));
    assert!(run_with(&Client::default(), &scope).unwrap().scope.contains("offline_access"));
}

#[test]
fn a_scope_that_was_not_registered_is_ignored() {
    let request = run_with(&Client::default(), &[("scope", "openid email admin")]).unwrap();
    assert_eq!(request.scope, ScopeSet::parse("openid").unwrap());
}

#[test]
fn how_a_refusal_travels_is_read_from_the_request_object_and_nothing_else_is() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let object = |claims: &str| format!("{}.{}.", part(r#"{"alg":"none"}"#), part(claims));
    let refused = |object: &str| run_with(&Client::default(), &[("request", object)]).unwrap_err();
    let refusal = refused(&object(r#"{"state":"theirs","response_mode":"form_post","scope":"admin"}"#));
    assert_eq!(refusal.error.code, ErrorCode::RequestNotSupported);
    assert_eq!((refusal.state.as_deref(), refusal.response_mode), (Some("theirs"), ResponseMode::FormPost));
    // What cannot be read or understood leaves what the query says.
    let five = format!("{}.{}", object("{}"), part("{}.{}"));
    for unread in ["x", "a.b.c", &object(r#"{"state":7,"response_mode":"x"}"#), &object("[]"), &object("{}"), &five] {
        let refusal = refused(unread);
        assert_eq!(refusal.error.code, ErrorCode::RequestNotSupported);
        assert_eq!((refusal.state.as_deref(), refusal.response_mode), (Some("s"), ResponseMode::Query), "{unread}");
    }
}

#[test]
fn what_cannot_be_a_locale_or_a_name_is_left_out() {
    let request =
        run_with(&Client::default(), &[("ui_locales", "ko ../../x en-US"), ("login_hint", "a\u{7}")]).unwrap();
    assert_eq!(request.ui_locales, ["ko", "en-US"]);
    assert_eq!(request.login_hint, None);
}
