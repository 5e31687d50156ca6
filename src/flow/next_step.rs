//! What happens next to an authorization request: the one place that decides, and a pure function.
//!
//! Every page records what the person did and comes back here. `prompt`, `max_age`, hints, `acr` and consent are decided
//! nowhere else.

use std::time::Duration;

use crate::model::authorization::Authorization;
use crate::model::client::{Client, ClientKind, ConsentPolicy};
use crate::model::consent::Consent;
use crate::model::session::{Session, SignIn};
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::ScopeSet;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The person signs in.
    Login(LoginReason),
    /// The person chooses among the accounts of this browser.
    SelectAccount,
    /// The person is asked.
    Consent {
        /// What was not agreed to before.
        missing: ScopeSet,
    },
    /// The app gets its code, for this sign-in.
    Issue(SignIn),
    /// The app gets an error.
    Refuse(OAuthError),
}

/// Why somebody has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginReason {
    /// Nobody is signed in, or not the person the app means.
    NotSignedIn,
    /// The app wants the person who is signed in to prove it again.
    Again,
    /// The app wants the person to make an account.
    NewAccount,
}

/// The sign-in that the request would be answered for: the one chosen for it, the one it hints at, or the one used last.
pub fn candidate<'a>(authorization: &Authorization, session: &'a Session) -> Option<&'a SignIn> {
    if let Some(chosen) = authorization.progress.account {
        return session.sign_ins.iter().find(|sign_in| sign_in.id == chosen);
    }
    if authorization.progress.another_account {
        return None;
    }
    match wanted_subject(authorization) {
        Some(subject) => session.of_user(subject?),
        None if authorization.request.prompt.select_account => None,
        None => session.current(),
    }
}

/// Decides. `consent` is what the person of [`candidate`] agreed to before; the session holds only sign-ins that still count.
pub fn next_step(
    authorization: &Authorization,
    session: &Session,
    client: &Client,
    consent: Option<&Consent>,
    now: Timestamp,
) -> Step {
    if authorization.progress.refused {
        return Step::Refuse(OAuthError::new(ErrorCode::AccessDenied, "The user denied the request"));
    }
    let step = person_asked(authorization, session, now)
        .or_else(|| subject_differs(authorization, session))
        .or_else(|| acr_unmet(authorization, session))
        .or_else(|| consent_asked(authorization, client, consent));
    let silent = authorization.request.prompt.none;
    match (step, candidate(authorization, session)) {
        (Some(step), _) if silent => silently(step),
        (Some(step), _) => step,
        (None, Some(sign_in)) => Step::Issue(sign_in.clone()),
        (None, None) => Step::Login(LoginReason::NotSignedIn),
    }
}

/// Who it is, and whether that was proved recently enough.
fn person_asked(authorization: &Authorization, session: &Session, now: Timestamp) -> Option<Step> {
    if authorization.request.prompt.create && authorization.progress.account.is_none() {
        return Some(Step::Login(LoginReason::NewAccount));
    }
    let Some(sign_in) = candidate(authorization, session) else {
        let choose = authorization.request.prompt.select_account && !session.sign_ins.is_empty();
        let nobody_yet = authorization.progress.account.is_none() && !authorization.progress.another_account;
        return Some(if choose && nobody_yet { Step::SelectAccount } else { Step::Login(LoginReason::NotSignedIn) });
    };
    must_authenticate_again(authorization, sign_in, now).then_some(Step::Login(LoginReason::Again))
}

/// OpenID Connect Core 1.0 section 3.1.2.1: `prompt=login` "SHOULD prompt the End-User for reauthentication"; `max_age`: "If the
/// elapsed time is greater than this value, the OP MUST attempt to actively re-authenticate the End-User". Both are
/// satisfied by an authentication on this very request's behalf, or a `max_age` of zero could never be.
fn must_authenticate_again(authorization: &Authorization, sign_in: &SignIn, now: Timestamp) -> bool {
    let for_this_request = authorization.progress.authenticated_at.is_some_and(|at| sign_in.auth_time >= at);
    // Some time has always passed, however fast the clock is read.
    let too_old = |max_age: Duration| max_age.is_zero() || now.since(sign_in.authenticated_at()) > max_age;
    let too_old = authorization.request.max_age.is_some_and(too_old);
    !for_this_request && (authorization.request.prompt.login || too_old)
}

/// Core section 3.1.2.2: "The Authorization Server MUST NOT reply with an ID Token or Access Token for a different user" than the
/// one asked for.
fn subject_differs(authorization: &Authorization, session: &Session) -> Option<Step> {
    let wanted = wanted_subject(authorization)?;
    let sign_in = candidate(authorization, session)?;
    (wanted != Some(sign_in.user)).then(|| {
        Step::Refuse(OAuthError::new(ErrorCode::LoginRequired, "A user other than the one requested signed in"))
    })
}

/// The person that the app asks for by `id_token_hint` or by the value of the `sub` claim (Core section 5.5.1). The inner `None` is a
/// subject that nobody here can be.
#[allow(clippy::option_option, reason = "nobody asked for, and somebody unknown asked for, are different answers")]
fn wanted_subject(authorization: &Authorization) -> Option<Option<UserId>> {
    let by_claim = || {
        let sub = authorization.request.claims.id_token.get("sub")?.as_ref()?;
        sub.value.as_ref().map(|value| value.as_str().unwrap_or_default())
    };
    let text = authorization.request.hinted_subject.as_deref().or_else(by_claim)?;
    Some(text.parse().ok())
}

/// Core section 5.5.1.1: "If this is an Essential Claim and the requirement cannot be met, then the Authorization Server MUST treat
/// that outcome as a failed authentication attempt."
fn acr_unmet(authorization: &Authorization, session: &Session) -> Option<Step> {
    let wanted = authorization.request.claims.id_token.get("acr")?.as_ref()?;
    let sign_in = candidate(authorization, session)?;
    let unmet = wanted.essential && !wanted.accepts(&serde_json::Value::from(sign_in.acr.as_str()));
    unmet.then(|| {
        let description = "the authentication context asked for cannot be reached";
        Step::Refuse(OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, description))
    })
}

/// What the person was not asked yet.
fn consent_asked(authorization: &Authorization, client: &Client, consent: Option<&Consent>) -> Option<Step> {
    let request = &authorization.request;
    let now_given = authorization.progress.consented.as_ref();
    if request.prompt.consent && now_given.is_none() {
        return Some(Step::Consent { missing: request.asked() });
    }
    if client.policy.consent == ConsentPolicy::FirstParty {
        return None;
    }
    let remembered = consent.filter(|_| is_assured(client, request)).map(|c| &c.scope);
    let agreed = [remembered, now_given];
    let missing = request.asked().filtered(|scope| !agreed.iter().flatten().any(|given| given.contains(scope)));
    let never_asked = agreed.iter().flatten().next().is_none();
    (never_asked || !missing.is_empty()).then_some(Step::Consent { missing })
}

/// RFC 8252 section 8.6: "authorization servers SHOULD NOT process authorization requests automatically without user consent or interaction,
/// except when the identity of the client can be assured". Any program on a device can listen on its loopback address or claim a
/// private-use scheme; an https address belongs to somebody.
fn is_assured(client: &Client, request: &AuthorizationRequest) -> bool {
    client.kind != ClientKind::Native || request.redirect.as_str().starts_with("https://")
}

/// `prompt=none`: the error that stands for a page (Core section 3.1.2.6).
fn silently(step: Step) -> Step {
    let (code, description) = match step {
        Step::Login(_) => (ErrorCode::LoginRequired, "The user must sign in"),
        Step::SelectAccount => (ErrorCode::AccountSelectionRequired, "The user must choose an account"),
        Step::Consent { .. } => (ErrorCode::ConsentRequired, "The user must agree"),
        other => return other,
    };
    Step::Refuse(OAuthError::new(code, description))
}

#[cfg(test)]
mod tests;
