//! The rules of the next step, in the order they are asked. Each looks at one thing and is silent where it does not mind.

use std::time::Duration;

use super::{Facts, LoginReason, Question, Step, Verdict, acr};
use crate::model::client::{ClientKind, ConsentPolicy};
use crate::model::session::SignIn;
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::support::id::UserId;

/// A rule: what is to be done, where it is for this rule to say.
type Rule = fn(&Facts<'_>) -> Option<Step>;

/// Every rule, in order: the first that says something decides. From the fourth on there is a candidate.
pub(super) const RULES: &[Rule] = &[
    denied,
    account_wanted,
    account_chosen,
    signed_in,
    authenticated_recently,
    subject_is_the_one_wanted,
    acr::second_factor,
    address_proved,
    consent_renewed,
    consent_given,
];

/// RFC 6749 section 4.1.2.1: `access_denied`, "The resource owner or authorization server denied the request."
fn denied(facts: &Facts<'_>) -> Option<Step> {
    facts.progress.refused.then(|| refuse(ErrorCode::AccessDenied, "The user denied the request"))
}

/// Initiating User Registration via OpenID Connect 1.0 section 4: `prompt=create` asks for a new account, until one goes on.
fn account_wanted(facts: &Facts<'_>) -> Option<Step> {
    let wanted = facts.request.prompt.create && facts.progress.account.is_none();
    wanted.then_some(login(LoginReason::NewAccount))
}

/// OpenID Connect Core 1.0 section 3.1.2.1: `prompt=select_account` "SHOULD prompt the End-User to select a user account", which takes
/// accounts to choose among, and once is enough.
fn account_chosen(facts: &Facts<'_>) -> Option<Step> {
    let asked = facts.progress.account.is_some() || facts.progress.another_account;
    let asks = facts.request.prompt.select_account && !facts.sign_ins.is_empty() && !asked;
    (asks && facts.candidate.is_none()).then_some(Step::Ask(Question::SelectAccount))
}

/// Core section 3.1.2.3: "The Authorization Server MUST attempt to Authenticate the End-User in the following cases: The End-User is not already
/// Authenticated".
fn signed_in(facts: &Facts<'_>) -> Option<Step> {
    facts.candidate.is_none().then_some(login(LoginReason::NotSignedIn))
}

/// Core section 3.1.2.1: `prompt=login` "SHOULD prompt the End-User for reauthentication"; `max_age`: "If the elapsed time is greater than
/// this value, the OP MUST attempt to actively re-authenticate the End-User". Both are satisfied by an authentication on this very
/// request's behalf, or a `max_age` of zero could never be.
fn authenticated_recently(facts: &Facts<'_>) -> Option<Step> {
    let sign_in = facts.candidate?;
    let too_old = facts.request.max_age.is_some_and(|max_age| is_older(facts, sign_in, max_age));
    let again = !facts.made_for_this_request(sign_in) && (facts.request.prompt.login || too_old);
    again.then_some(login(LoginReason::Again))
}

/// Some time has always passed, however fast the clock is read.
fn is_older(facts: &Facts<'_>, sign_in: &SignIn, max_age: Duration) -> bool {
    max_age.is_zero() || facts.now.since(sign_in.authenticated_at()) > max_age
}

/// Core section 3.1.2.2: "The Authorization Server MUST NOT reply with an ID Token or Access Token for a different user" than the one asked
/// for.
fn subject_is_the_one_wanted(facts: &Facts<'_>) -> Option<Step> {
    let wanted = wanted_subject(facts.request)?;
    let differs = wanted != Some(facts.candidate?.user);
    differs.then(|| refuse(ErrorCode::LoginRequired, "A user other than the one requested signed in"))
}

/// The subject that the client asks for by `id_token_hint` or by the value of the `sub` claim (Core section 5.5.1). The inner `None` is a
/// subject that no account here has.
#[allow(clippy::option_option, reason = "no subject asked for, and an unknown one asked for, are different answers")]
pub(super) fn wanted_subject(request: &AuthorizationRequest) -> Option<Option<UserId>> {
    let by_claim = || {
        let sub = request.claims.id_token.get("sub")?.as_ref()?;
        sub.value.as_ref().map(|value| value.as_str().unwrap_or_default())
    };
    let text = request.hinted_subject.as_deref().or_else(by_claim)?;
    Some(text.parse().ok())
}

/// Core section 5.1: `email_verified` is true "when the OP took affirmative steps to ensure that this e-mail address was controlled by the End-User at the time the
/// verification was performed". Whether a client is told of an account without them is for administrators to decide.
fn address_proved(facts: &Facts<'_>) -> Option<Step> {
    facts.unproved_address.then_some(Step::Ask(Question::VerifyAddress))
}

/// Core section 3.1.2.1: `prompt=consent` "SHOULD prompt the End-User for consent before returning information to the Client", whatever was
/// agreed to before.
fn consent_renewed(facts: &Facts<'_>) -> Option<Step> {
    let asks = facts.request.prompt.consent && facts.progress.consented.is_none();
    asks.then(|| Step::Ask(Question::Consent { missing: facts.request.asked() }))
}

/// Core section 3.1.2.4: "the Authorization Server MUST obtain an authorization decision before releasing information to the Relying Party",
/// which may be one that was made before, or the administrator's for a client of the house.
fn consent_given(facts: &Facts<'_>) -> Option<Step> {
    if facts.client.policy.consent == ConsentPolicy::FirstParty {
        return None;
    }
    let remembered = facts.consent.filter(|_| is_assured(facts)).map(|consent| &consent.scope);
    let agreed = [remembered, facts.progress.consented.as_ref()];
    let missing = facts.request.asked().filtered(|scope| !agreed.iter().flatten().any(|given| given.contains(scope)));
    let never_asked = agreed.iter().flatten().next().is_none();
    (never_asked || !missing.is_empty()).then_some(Step::Ask(Question::Consent { missing }))
}

/// RFC 8252 section 8.6: "authorization servers SHOULD NOT process authorization requests automatically without user consent or interaction,
/// except when the identity of the client can be assured". Any program on a device can listen on its loopback address or claim a
/// private-use scheme; an https address has an owner.
fn is_assured(facts: &Facts<'_>) -> bool {
    facts.client.kind != ClientKind::Native || facts.request.redirect.as_str().starts_with("https://")
}

const fn login(reason: LoginReason) -> Step {
    Step::Ask(Question::Login(reason))
}

fn refuse(code: ErrorCode, description: &'static str) -> Step {
    Step::Answer(Verdict::Refuse(OAuthError::new(code, description)))
}
