use std::time::Duration;

use super::*;
use crate::model::acr::{Acr, Classes};
use crate::model::authorization::{Origin, Progress};
use crate::model::client::{ClientId, ClientKind, ConsentPolicy};
use crate::protocol::Params;
use crate::protocol::authorize::checks::{self, CheckInput, ClientPolicy, Endpoint};
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::redirect_uri::{LoopbackPort, RegisteredRedirectUri};
use crate::support::id::{AuthorizationId, SignInId, UserId};
use crate::support::{Digest, SeededRandom};

pub(super) const BEGAN: Timestamp = Timestamp::from_seconds(10_000);
pub(super) const NOW: Timestamp = Timestamp::from_seconds(10_005);

pub(super) fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

pub(super) fn sign_in(n: u8, auth_time: Timestamp) -> SignIn {
    let id = SignInId::from_bytes([n; 16]);
    SignIn {
        amr: vec!["pwd".to_owned()],
        ..SignIn::new(id, user(n), crate::model::epoch::AccountEpochs::default(), auth_time)
    }
}

pub(super) fn session(sign_ins: &[SignIn]) -> Session {
    Session { sign_ins: sign_ins.to_vec() }
}

/// One account, signed in a minute before the request.
fn alice() -> Session {
    session(&[sign_in(1, Timestamp::from_seconds(9_940))])
}

pub(super) fn client(consent: ConsentPolicy) -> Client {
    let mut client = Client::new(ClientId::parse("app").unwrap(), "App".to_owned(), ClientKind::Web, BEGAN);
    client.policy.consent = consent;
    client
}

/// A request for `openid email`, as the checks make it.
fn request() -> AuthorizationRequest {
    let uri = RegisteredRedirectUri::parse("https://app.example/cb", false).unwrap();
    let scopes = ScopeSet::parse("openid email").unwrap();
    let params = Params::parse(b"response_type=code&scope=openid+email").unwrap();
    let policy = ClientPolicy {
        pkce_required: false,
        nonce_required: false,
        scopes: &scopes,
        resources: &[],
        may_refresh: true,
        default_max_age: None,
    };
    let redirect = uri.matches("https://app.example/cb", LoopbackPort::Registered).unwrap();
    let input = CheckInput { params: &params, redirect: &redirect, client: policy, hinted_subject: None };
    checks::run(Endpoint::Authorization, &input).unwrap()
}

pub(super) fn authorization(change: impl FnOnce(&mut Authorization)) -> Authorization {
    let mut authorization = Authorization {
        id: AuthorizationId::new(BEGAN, &SeededRandom::new(1)),
        client: ClientId::parse("app").unwrap(),
        request: request(),
        origin: Origin::Browser(Digest::sha256(b"browser")),
        progress: Progress::default(),
        created_at: BEGAN,
        expires_at: BEGAN.plus(Duration::from_hours(1)),
        trial: None,
    };
    change(&mut authorization);
    authorization
}

fn agreed(scope: &str) -> Consent {
    Consent {
        user: user(1),
        client: ClientId::parse("app").unwrap(),
        scope: ScopeSet::parse(scope).unwrap(),
        granted_at: BEGAN,
    }
}

fn decide(authorization: &Authorization, session: &Session, client: &Client, consent: Option<&Consent>) -> Step {
    next_step(&Facts::gather(
        authorization,
        session,
        client,
        (consent, SecondFactor::NONE, false),
        (&Classes::default(), NOW),
    ))
}

/// The step of a request to a first-party app, where the end-user does not have to agree.
fn step(session: &Session, change: impl FnOnce(&mut Authorization)) -> Step {
    decide(&authorization(change), session, &client(ConsentPolicy::FirstParty), None)
}

/// The step of a request to an app that end-users must agree to.
fn asking(consent: Option<&Consent>, change: impl FnOnce(&mut Authorization)) -> Step {
    decide(&authorization(change), &alice(), &client(ConsentPolicy::Ask), consent)
}

pub(super) fn refused(step: &Step) -> Option<ErrorCode> {
    match step {
        Step::Answer(Verdict::Refuse(error)) => Some(error.code),
        _ => None,
    }
}

#[test]
fn a_browser_with_a_sign_in_is_answered_at_once() {
    assert_eq!(
        step(&alice(), |_| ()),
        Step::Answer(Verdict::Issue(Box::new(sign_in(1, Timestamp::from_seconds(9_940)))))
    );
}

#[test]
fn a_browser_without_a_sign_in_signs_in() {
    assert_eq!(step(&Session::default(), |_| ()), Step::Ask(Question::Login(LoginReason::NotSignedIn)));
}

#[test]
fn prompt_login_asks_again_until_this_request_was_authenticated() {
    assert_eq!(step(&alice(), |a| a.request.prompt.login = true), Step::Ask(Question::Login(LoginReason::Again)));
    let renewed = session(&[sign_in(1, NOW)]);
    let after = step(&renewed, |a| {
        a.request.prompt.login = true;
        a.progress.account = Some(renewed.sign_ins[0].id);
        a.progress.authenticated_at = Some(NOW);
    });
    assert_eq!(after, Step::Answer(Verdict::Issue(Box::new(sign_in(1, NOW)))));
}

#[test]
fn a_login_in_another_tab_does_not_satisfy_prompt_login() {
    let renewed = session(&[sign_in(1, NOW)]);
    assert_eq!(step(&renewed, |a| a.request.prompt.login = true), Step::Ask(Question::Login(LoginReason::Again)));
}

#[test]
fn max_age_asks_again_only_when_the_authentication_is_older() {
    for (max_age, asks) in [(0, true), (64, true), (65, false), (100, false)] {
        let step = step(&alice(), |a| a.request.max_age = Some(Duration::from_secs(max_age)));
        assert_eq!(step == Step::Ask(Question::Login(LoginReason::Again)), asks, "max_age={max_age}");
    }
}

#[test]
fn max_age_zero_is_satisfied_by_authenticating_for_this_request() {
    let renewed = session(&[sign_in(1, Timestamp::from_seconds(10_001))]);
    let after = step(&renewed, |a| {
        a.request.max_age = Some(Duration::ZERO);
        a.progress.authenticated_at = Some(Timestamp::from_seconds(10_001));
    });
    assert!(matches!(after, Step::Answer(Verdict::Issue(_))));
}

#[test]
fn prompt_none_answers_with_the_error_that_stands_for_the_page() {
    let silent = |a: &mut Authorization| a.request.prompt.none = true;
    assert!(matches!(step(&alice(), silent), Step::Answer(Verdict::Issue(_))));
    assert_eq!(refused(&step(&Session::default(), silent)), Some(ErrorCode::LoginRequired));
    let stale = step(&alice(), |a| {
        a.request.prompt.none = true;
        a.request.max_age = Some(Duration::ZERO);
    });
    assert_eq!(refused(&stale), Some(ErrorCode::LoginRequired));
    assert_eq!(refused(&asking(None, silent)), Some(ErrorCode::ConsentRequired));
}

#[test]
fn select_account_asks_once() {
    let two = session(&[sign_in(1, BEGAN), sign_in(2, BEGAN)]);
    assert_eq!(step(&two, |a| a.request.prompt.select_account = true), Step::Ask(Question::SelectAccount));
    let chosen = step(&two, |a| {
        a.request.prompt.select_account = true;
        a.progress.account = Some(two.sign_ins[1].id);
    });
    assert_eq!(chosen, Step::Answer(Verdict::Issue(Box::new(sign_in(2, BEGAN)))));
    let none = step(&Session::default(), |a| a.request.prompt.select_account = true);
    assert_eq!(none, Step::Ask(Question::Login(LoginReason::NotSignedIn)));
}

#[test]
fn prompt_create_offers_a_new_account_until_one_goes_on() {
    let create = |a: &mut Authorization| a.request.prompt.create = true;
    assert_eq!(step(&alice(), create), Step::Ask(Question::Login(LoginReason::NewAccount)));
    let came_in = step(&alice(), |a| {
        create(a);
        a.progress.account = Some(SignInId::from_bytes([1; 16]));
    });
    assert!(matches!(came_in, Step::Answer(Verdict::Issue(_))));
}

#[test]
fn a_hint_finds_its_account_among_several() {
    let two = session(&[sign_in(1, BEGAN), sign_in(2, BEGAN)]);
    let hinted = step(&two, |a| a.request.hinted_subject = Some(user(2).to_string()));
    assert_eq!(hinted, Step::Answer(Verdict::Issue(Box::new(sign_in(2, BEGAN)))));
}

#[test]
fn a_hint_at_another_end_user_never_answers_for_the_wrong_one() {
    let hint = |a: &mut Authorization| a.request.hinted_subject = Some(user(9).to_string());
    assert_eq!(step(&alice(), hint), Step::Ask(Question::Login(LoginReason::NotSignedIn)));
    let silent = step(&alice(), |a| {
        hint(a);
        a.request.prompt.none = true;
    });
    assert_eq!(refused(&silent), Some(ErrorCode::LoginRequired));
    let other_signed_in = step(&alice(), |a| {
        hint(a);
        a.progress.account = Some(SignInId::from_bytes([1; 16]));
    });
    assert_eq!(refused(&other_signed_in), Some(ErrorCode::LoginRequired));
}

#[test]
fn a_sub_claim_with_a_value_counts_as_a_hint() {
    let claims =
        |n: u8| ClaimsRequest::parse(&format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, user(n))).unwrap();
    assert!(matches!(step(&alice(), |a| a.request.claims = claims(1)), Step::Answer(Verdict::Issue(_))));
    assert_eq!(step(&alice(), |a| a.request.claims = claims(2)), Step::Ask(Question::Login(LoginReason::NotSignedIn)));
    let unknown = ClaimsRequest::parse(r#"{"id_token":{"sub":{"value":"somebody"}}}"#).unwrap();
    assert_eq!(step(&alice(), |a| a.request.claims = unknown), Step::Ask(Question::Login(LoginReason::NotSignedIn)));
}

#[test]
fn an_essential_acr_that_cannot_be_reached_is_refused_and_a_voluntary_one_is_not() {
    let asked = |essential: bool, value: &str| {
        let text = format!(r#"{{"id_token":{{"acr":{{"essential":{essential},"values":["{value}"]}}}}}}"#);
        step(&alice(), |a| a.request.claims = ClaimsRequest::parse(&text).unwrap())
    };
    assert_eq!(refused(&asked(true, "gold")), Some(ErrorCode::UnmetAuthenticationRequirements));
    assert!(matches!(asked(false, "gold"), Step::Answer(Verdict::Issue(_))));
    assert!(matches!(asked(true, Acr::ONE_FACTOR.as_str()), Step::Answer(Verdict::Issue(_))));
}

#[test]
fn end_users_are_asked_for_what_they_have_not_agreed_to() {
    let missing = |scope: &str| Step::Ask(Question::Consent { missing: ScopeSet::parse(scope).unwrap() });
    assert_eq!(asking(None, |_| ()), missing("openid email"));
    assert_eq!(asking(Some(&agreed("openid")), |_| ()), missing("email"));
    assert!(matches!(asking(Some(&agreed("openid email phone")), |_| ()), Step::Answer(Verdict::Issue(_))));
    let given = |a: &mut Authorization| a.progress.consented = Some(a.request.scope.clone());
    assert!(matches!(asking(None, given), Step::Answer(Verdict::Issue(_))));
}

#[test]
fn an_app_that_asks_for_nothing_is_still_asked_about_once() {
    let nothing = |a: &mut Authorization| a.request.scope = ScopeSet::default();
    assert!(matches!(asking(None, nothing), Step::Ask(Question::Consent { .. })));
    assert!(matches!(asking(Some(&agreed("")), nothing), Step::Answer(Verdict::Issue(_))));
}

#[test]
fn prompt_consent_asks_again_even_for_a_first_party_app() {
    let again = |a: &mut Authorization| a.request.prompt.consent = true;
    assert!(matches!(asking(Some(&agreed("openid email")), again), Step::Ask(Question::Consent { .. })));
    assert!(matches!(step(&alice(), again), Step::Ask(Question::Consent { .. })));
}

#[test]
fn an_address_that_is_to_be_proved_is_asked_for_once_it_is_known_who_signs_in_and_before_anything_is_told() {
    let decide = |session: &Session, change: fn(&mut Authorization)| {
        let (authorization, client) = (authorization(change), client(ConsentPolicy::Ask));
        next_step(&Facts::gather(
            &authorization,
            session,
            &client,
            (None, SecondFactor::NONE, true),
            (&Classes::default(), NOW),
        ))
    };
    assert_eq!(decide(&Session::default(), |_| ()), Step::Ask(Question::Login(LoginReason::NotSignedIn)));
    assert_eq!(decide(&alice(), |a| a.request.prompt.login = true), Step::Ask(Question::Login(LoginReason::Again)));
    assert_eq!(decide(&alice(), |_| ()), Step::Ask(Question::VerifyAddress));
    // OpenID Connect Core 1.0 section 3.1.2.6: "The Authorization Server requires End-User interaction of some form to proceed."
    let silent = decide(&alice(), |a| a.request.prompt.none = true);
    assert_eq!(refused(&silent), Some(ErrorCode::InteractionRequired));
}

#[test]
fn a_no_is_an_answer() {
    let no = step(&alice(), |a| a.progress.refused = true);
    assert_eq!(refused(&no), Some(ErrorCode::AccessDenied));
}

#[test]
fn a_chosen_account_that_has_signed_out_meanwhile_signs_in() {
    let gone = step(&alice(), |a| a.progress.account = Some(SignInId::from_bytes([7; 16])));
    assert_eq!(gone, Step::Ask(Question::Login(LoginReason::NotSignedIn)));
}

#[test]
fn another_account_signs_in_even_where_one_is() {
    let another = |a: &mut Authorization| {
        a.request.prompt.select_account = true;
        a.progress.go_on_as_another();
    };
    assert_eq!(step(&alice(), another), Step::Ask(Question::Login(LoginReason::NotSignedIn)));
}

#[test]
fn what_one_account_agreed_to_does_not_count_for_another() {
    let (first, second) = (SignInId::from_bytes([1; 16]), SignInId::from_bytes([2; 16]));
    let mut progress = Progress::default();
    progress.go_on_as(first);
    progress.consented = Some(ScopeSet::parse("openid").unwrap());
    progress.go_on_as(first);
    assert!(progress.consented.is_some());
    progress.go_on_as(second);
    assert_eq!(progress.consented, None);
}

#[test]
fn a_native_app_without_an_address_of_its_own_is_asked_about_each_time() {
    for (uri, asks) in [
        ("http://127.0.0.1/cb", true),
        ("http://localhost/cb", true),
        ("com.example.app:/cb", true),
        ("https://app.example/cb", false),
    ] {
        let redirect = RegisteredRedirectUri::parse(uri, true).unwrap();
        let mut native = client(ConsentPolicy::Ask);
        native.kind = ClientKind::Native;
        let target = redirect.matches(uri, LoopbackPort::Registered).unwrap();
        let authorization = authorization(|a| a.request.redirect = target);
        let step = decide(&authorization, &alice(), &native, Some(&agreed("openid email")));
        assert_eq!(matches!(step, Step::Ask(Question::Consent { .. })), asks, "{uri}");
    }
}
