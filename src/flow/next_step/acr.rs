//! Authentication context classes: what a client asks for, what of it an account reaches, and what its tokens say.

use super::{Facts, Held, LoginReason, Question, Step, Verdict};
use crate::identity::second_factor::Needed;
use crate::model::acr::Acr;
use crate::model::client::Client;
use crate::model::session::SignIn;
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::claims::ClaimRequest;
use crate::protocol::error::{ErrorCode, OAuthError};

/// What the account has to prove besides, for the server, for the app, or for what the app asks for. Where it is signed in as strongly as the rest
/// needs, only the second factor is asked for: RFC 9470 section 4.
pub(super) fn second_factor(facts: &Facts<'_>) -> Option<Step> {
    let sign_in = facts.candidate?;
    match facts.second.needed {
        Needed::Nothing(_) => {}
        needed => return Some(Step::Ask(Question::SecondFactor(needed))),
    }
    let of_app = facts.client.policy.second_factor_required && !sign_in.acr.is_of_two_factors();
    if of_app {
        return Some(ask_or_refuse(facts));
    }
    essential(facts, sign_in).or_else(|| voluntary(facts, sign_in))
}

/// OpenID Connect Core 1.0 section 5.5.1.1: "If this is an Essential Claim and the requirement cannot be met, then the Authorization Server MUST treat
/// that outcome as a failed authentication attempt."
fn essential(facts: &Facts<'_>, sign_in: &SignIn) -> Option<Step> {
    let wanted = claim(facts.request).filter(|wanted| wanted.essential)?;
    let reached_by = |reached: &Acr| wanted.wanted_texts().any(|value| facts.classes.meets(reached, value));
    if wanted.wanted_texts().next().is_none() || reached_by(&sign_in.acr) {
        return None;
    }
    if reached_by(&Acr::TWO_FACTORS) {
        return Some(ask_or_refuse(facts));
    }
    // What only a passkey is, somebody may have one for: they are asked to sign in once more, and once is enough.
    let by_passkey = reached_by(&Acr::PHISHING_RESISTANT);
    Some(if by_passkey && !facts.made_for_this_request(sign_in) {
        Step::Ask(Question::Login(LoginReason::Again))
    } else {
        unmet()
    })
}

/// Core section 3.1.2.1, `acr_values`: "Requested Authentication Context Class Reference values [...] in order of preference", as a voluntary claim. Who
/// has the factor is asked for it; nobody is made to add one, and nothing is refused. Without a page there is what there is.
fn voluntary(facts: &Facts<'_>, sign_in: &SignIn) -> Option<Step> {
    let wanted = preferred(facts.request, facts.client);
    let is = |value: &str| facts.classes.meets(&sign_in.acr, value);
    // Who has just signed in without their passkey has it not at hand: a wish turns nobody away.
    let has = Held { passkey: facts.second.has.passkey && !facts.made_for_this_request(sign_in), ..facts.second.has };
    let first = wanted.iter().find(|value| is(value) || has.reaches(facts.classes, value))?;
    // Who proved the other one of two has done enough.
    let asks = !is(first) && !sign_in.acr.is_of_two_factors() && !facts.request.prompt.none;
    asks.then_some(Step::Ask(Question::SecondFactor(Needed::Proof)))
}

fn ask_or_refuse(facts: &Facts<'_>) -> Step {
    match (facts.second.has.any(), facts.second.may_add) {
        (true, _) => Step::Ask(Question::SecondFactor(Needed::Proof)),
        (false, true) => Step::Ask(Question::SecondFactor(Needed::Enrolment)),
        (false, false) => unmet(),
    }
}

/// OpenID Connect Core Error Code `unmet_authentication_requirements` 1.0: "The Authorization Server is unable to meet the requirements of the Relying
/// Party for the authentication of the End-User."
fn unmet() -> Step {
    let description = "the authentication context asked for cannot be reached";
    Step::Answer(Verdict::Refuse(OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, description)))
}

/// What tokens say of an authentication: of the classes that the client asks for, the first one that it is of; where it is of none of them, or none is
/// asked for, the strongest that it is of.
pub(super) fn answered(facts: &Facts<'_>, reached: &Acr) -> Acr {
    let by_claim = claim(facts.request).map(values).unwrap_or_default();
    let wanted = if by_claim.is_empty() { preferred(facts.request, facts.client) } else { by_claim };
    let found = wanted.into_iter().find(|value| facts.classes.meets(reached, value));
    found.map_or_else(|| facts.classes.strongest(reached), Acr::of_value)
}

/// The classes that are asked for without having to be reached. OpenID Connect Dynamic Client Registration 1.0 section 2, `default_acr_values`: "The
/// `acr_values` parameter [...] overrides these default values", as does the claim.
fn preferred<'a>(request: &'a AuthorizationRequest, client: &'a Client) -> Vec<&'a str> {
    let by_claim = claim(request).filter(|wanted| !wanted.essential).map(values).unwrap_or_default();
    let own = || client.policy.default_acr_values.iter().map(String::as_str).collect();
    match (by_claim.is_empty(), request.acr_values.is_empty()) {
        (false, _) => by_claim,
        (true, false) => request.acr_values.iter().map(String::as_str).collect(),
        (true, true) if claim(request).is_none() => own(),
        (true, true) => Vec::new(),
    }
}

fn claim(request: &AuthorizationRequest) -> Option<&ClaimRequest> {
    request.claims.id_token.get("acr")?.as_ref()
}

fn values(wanted: &ClaimRequest) -> Vec<&str> {
    wanted.wanted_texts().collect()
}
