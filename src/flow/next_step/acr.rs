//! Authentication context classes: what a client asks for, what of it an account reaches, and what its tokens say.

use super::{Facts, Question, Step, Verdict};
use crate::identity::second_factor::Needed;
use crate::model::acr::{Acr, Classes};
use crate::model::client::Client;
use crate::model::factor::Kinds;
use crate::model::session::SignIn;
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::claims::ClaimRequest;
use crate::protocol::error::{ErrorCode, OAuthError};

/// What the account has to prove besides, for the server, for the app, or for what the app asks for. Where it is signed in as strongly as the rest
/// needs, only the second factor is asked for. That is our own rule: no specification has anybody authenticate anew who lacks a factor.
pub(super) fn second_factor(facts: &Facts<'_>) -> Option<Step> {
    let sign_in = facts.candidate?;
    match facts.second.needed {
        Needed::Nothing(_) => {}
        needed => return Some(asked_by_policy(facts, needed)),
    }
    demands(facts.request, facts.client, facts.classes)
        .into_iter()
        .find(|demand| !demand.is_met_by(facts.classes, &sign_in.acr))
        .map(|demand| reach(facts, &demand))
        .or_else(|| voluntary(facts, sign_in))
}

/// What a client cannot do without.
enum Demand<'a> {
    /// Two factors, in whichever class: its own rule.
    TwoFactors,
    /// One of these classes.
    OneOf(Vec<&'a str>),
}

impl Demand<'_> {
    fn is_met_by(&self, classes: &Classes, reached: &Acr) -> bool {
        match self {
            Self::TwoFactors => reached.is_of_two_factors(),
            Self::OneOf(values) => values.iter().any(|value| classes.meets(reached, value)),
        }
    }
}

/// What the client cannot do without, each of it.
///
/// The claim, as essential: OpenID Connect Core 1.0 section 5.5.1.1, "If this is an Essential Claim and the requirement cannot be met, then the Authorization Server
/// MUST treat that outcome as a failed authentication attempt."
///
/// `acr_values`: RFC 9470 section 5, "the authorization server SHOULD consider the requested acr value as necessary for successfully fulfilling the request". To Core (section
/// 3.1.2.1) it is a voluntary claim, of which we keep that a value which is no class of this server is passed over, and that one of several is enough.
fn demands<'a>(request: &'a AuthorizationRequest, client: &Client, classes: &Classes) -> Vec<Demand<'a>> {
    let by_app = client.policy.second_factor_required.then_some(Demand::TwoFactors);
    let essential = claim(request).filter(|wanted| wanted.essential).map(values).unwrap_or_default();
    let named = request.acr_values.iter().map(String::as_str);
    let necessary = named.filter(|value| classes.declares(value)).collect();
    let named = [essential, necessary].into_iter().filter(|values| !values.is_empty()).map(Demand::OneOf);
    by_app.into_iter().chain(named).collect()
}

/// The second factors that are enough for all that a client cannot do without.
pub(in crate::flow) fn enough(request: &AuthorizationRequest, client: &Client, classes: &Classes) -> Kinds {
    let demands = demands(request, client, classes);
    Kinds::ALL.reaching(|acr| demands.iter().all(|demand| demand.is_met_by(classes, acr)))
}

/// As strong as a sign-in has to be for nothing more to be asked of it, whatever its account has: two factors, or as much as any class that a client names may be.
pub(in crate::flow) fn strongest_wanted(request: &AuthorizationRequest, client: &Client, classes: &Classes) -> Acr {
    let by_claim = claim(request).map(values).unwrap_or_default();
    let by_registration = client.policy.default_acr_values.iter().map(String::as_str);
    let named: Vec<&str> =
        by_claim.into_iter().chain(request.acr_values.iter().map(String::as_str)).chain(by_registration).collect();
    if named.iter().any(|value| classes.needs_hardware(value)) {
        Acr::PHISHING_RESISTANT_HARDWARE
    } else if claim(request).is_some() || !named.is_empty() {
        Acr::PHISHING_RESISTANT
    } else {
        Acr::TWO_FACTORS
    }
}

/// What the server's policy asks for, at once as strong as the client needs it, where the account has or may add that.
fn asked_by_policy(facts: &Facts<'_>, needed: Needed) -> Step {
    let kinds = if needed == Needed::Enrolment { facts.second.may_add } else { facts.second.has };
    let narrower = kinds.among(enough(facts.request, facts.client, facts.classes));
    Step::Ask(Question::SecondFactor(needed, if narrower.any() { narrower } else { kinds }))
}

/// What meets a demand is asked for, and nothing that does not: of what the account has, else of what it may add.
fn reach(facts: &Facts<'_>, demand: &Demand<'_>) -> Step {
    let reaching = |kinds: Kinds| kinds.reaching(|acr| demand.is_met_by(facts.classes, acr));
    let (proved, added) = (reaching(facts.second.has), reaching(facts.second.may_add));
    if proved.any() {
        Step::Ask(Question::SecondFactor(Needed::Proof, proved))
    } else if added.any() {
        Step::Ask(Question::SecondFactor(Needed::Enrolment, added))
    } else {
        unmet()
    }
}

/// What is asked for in order of preference, and can be done without: who has the factor is asked for it; nobody is made to add one, and nothing is refused. Without a page there
/// is what there is.
fn voluntary(facts: &Facts<'_>, sign_in: &SignIn) -> Option<Step> {
    let wanted = preferred(facts.request, facts.client);
    let is = |value: &str| facts.classes.meets(&sign_in.acr, value);
    // Who has just signed in without their passkey has it not at hand: a wish turns nobody away.
    let at_hand = !facts.made_for_this_request(sign_in);
    let Kinds { app, passkey, hardware } = facts.second.has;
    let has = Kinds { app, passkey: passkey && at_hand, hardware: hardware && at_hand };
    let reaching = |value: &str| has.reaching(|acr| facts.classes.meets(acr, value));
    let first = wanted.into_iter().find(|value| is(value) || reaching(value).any())?;
    let asks = !is(first) && !facts.request.prompt.none;
    asks.then(|| Step::Ask(Question::SecondFactor(Needed::Proof, reaching(first))))
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

/// The classes that are preferred, where one that is necessary is reached. OpenID Connect Dynamic Client Registration 1.0 section 2, `default_acr_values`: "The
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
