//! What happens next to an authorization request: the one place that decides, and a pure function.
//!
//! Every page records what the end-user did and comes back here. The [`Facts`] are gathered once; the ordered [`RULES`] are asked one after
//! the other. `prompt`, `max_age`, hints, `acr` and consent are decided nowhere else.

use crate::identity::second_factor::{Needed, Standing, needed};
use crate::model::acr::Classes;
use crate::model::authorization::{Authorization, Progress};
use crate::model::client::Client;
use crate::model::consent::Consent;
use crate::model::factor::Kinds;
use crate::model::policy::FactorPolicy;
use crate::model::session::{Session, SignIn};
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::ScopeSet;
use crate::support::Timestamp;

mod acr;
mod rules;

pub(super) use acr::{enough, strongest_wanted};
use rules::RULES;

/// What is to be done about a request: either its end-user is asked something, or its client is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The end-user is shown a page.
    Ask(Question),
    /// The client gets its answer.
    Answer(Verdict),
}

/// What the end-user is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The login page, and why it is shown.
    Login(LoginReason),
    /// To choose among the accounts that are signed in to this browser.
    SelectAccount,
    /// To prove a second factor of the account that is signed in, or to add one to it: one of these kinds, which are those that are enough.
    SecondFactor(Needed, Kinds),
    /// To prove the address of the account.
    VerifyAddress,
    /// To agree to what the client asks for.
    Consent {
        /// The scopes that were not agreed to before.
        missing: ScopeSet,
    },
}

/// How the request ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The client gets a code, for this sign-in.
    Issue(Box<SignIn>),
    /// The client gets an error.
    Refuse(OAuthError),
}

/// Why the end-user has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginReason {
    /// No account is signed in, or not the one that the client means.
    NotSignedIn,
    /// The client wants the end-user to authenticate again.
    Again,
    /// The client wants the end-user to make an account.
    NewAccount,
}

impl Step {
    /// The page that comes next; `None` when the client is answered next.
    pub const fn page(&self) -> Option<super::Page> {
        match self {
            Self::Ask(question) => Some(question.page()),
            Self::Answer(_) => None,
        }
    }
}

impl Question {
    /// The page that asks it.
    pub const fn page(&self) -> super::Page {
        match self {
            Self::Login(LoginReason::NewAccount) => super::Page::SignUp,
            Self::Login(LoginReason::NotSignedIn | LoginReason::Again) => super::Page::Login,
            Self::SelectAccount => super::Page::SelectAccount,
            Self::SecondFactor(needed, kinds) => super::Page::SecondStep(*needed, *kinds),
            Self::VerifyAddress => super::Page::VerifyAddress,
            Self::Consent { .. } => super::Page::Consent,
        }
    }
}

/// What an account could prove beside its first factor, and what it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// What the policy of the server still asks of the account, signed in as it is.
    pub needed: Needed,
    /// What it has: what it may be asked for.
    pub has: Kinds,
    /// What it could add.
    pub may_add: Kinds,
}

impl SecondFactor {
    /// That of nobody: nothing is asked, and nothing could be.
    pub const NONE: Self = Self { needed: Needed::Nothing(None), has: Kinds::NONE, may_add: Kinds::NONE };

    /// That of an account which stands so.
    pub fn of(standing: &Standing<'_>) -> Self {
        Self {
            needed: needed(standing),
            has: Kinds::of(standing.factors, standing.passkeys),
            // Where the key of one is that is added shows only afterwards: nobody is led to add one in hardware.
            may_add: Kinds { app: standing.policy() != FactorPolicy::Off, passkey: standing.passkeys, hardware: false },
        }
    }
}

/// All that the rules look at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What the client asks for.
    pub request: &'a AuthorizationRequest,
    /// What the end-user did about the request so far.
    pub progress: &'a Progress,
    /// The sign-ins of this browser that still count.
    pub sign_ins: &'a [SignIn],
    /// The sign-in that the request would be answered for: see [`candidate`].
    pub candidate: Option<&'a SignIn>,
    /// The client that asks.
    pub client: &'a Client,
    /// What the candidate's account agreed to before, for this client.
    pub consent: Option<&'a Consent>,
    /// What the candidate's account could prove besides, and what it must.
    pub second: SecondFactor,
    /// The policy asks for a proof of the address of the candidate's account, for this request, and there is none.
    pub unproved_address: bool,
    /// The classes that the server knows.
    pub classes: &'a Classes,
    /// The time of the decision.
    pub now: Timestamp,
}

impl<'a> Facts<'a> {
    /// Whether a sign-in was made on this very request's behalf.
    fn made_for_this_request(&self, sign_in: &SignIn) -> bool {
        self.progress.authenticated_at.is_some_and(|at| sign_in.auth_time >= at)
    }

    /// Gathers them. `consent` is what the account of [`candidate`] agreed to before; the session holds only sign-ins that still count.
    pub fn gather(
        authorization: &'a Authorization,
        session: &'a Session,
        client: &'a Client,
        (consent, second, unproved_address): (Option<&'a Consent>, SecondFactor, bool),
        (classes, now): (&'a Classes, Timestamp),
    ) -> Self {
        let candidate = candidate(authorization, session);
        Self {
            request: &authorization.request,
            progress: &authorization.progress,
            sign_ins: &session.sign_ins,
            candidate,
            client,
            consent,
            second,
            unproved_address,
            classes,
            now,
        }
    }
}

/// The sign-in that the request would be answered for: the one chosen for it, the one it hints at, or the one used last.
pub fn candidate<'a>(authorization: &Authorization, session: &'a Session) -> Option<&'a SignIn> {
    if let Some(chosen) = authorization.progress.account {
        return session.sign_ins.iter().find(|sign_in| sign_in.id == chosen);
    }
    if authorization.progress.another_account {
        return None;
    }
    match rules::wanted_subject(&authorization.request) {
        Some(subject) => session.of_user(subject?),
        None if authorization.request.prompt.select_account => None,
        None => session.current(),
    }
}

/// Decides: the first rule with something to say does. Where none has, the client gets its code.
pub fn next_step(facts: &Facts<'_>) -> Step {
    match RULES.iter().find_map(|rule| rule(facts)).unwrap_or_else(|| fulfilled(facts)) {
        Step::Ask(question) if facts.request.prompt.none => Step::Answer(Verdict::Refuse(silently(&question))),
        step => step,
    }
}

fn fulfilled(facts: &Facts<'_>) -> Step {
    match facts.candidate {
        Some(sign_in) => {
            let acr = acr::answered(facts, &sign_in.acr);
            Step::Answer(Verdict::Issue(Box::new(SignIn { acr, ..sign_in.clone() })))
        }
        None => Step::Ask(Question::Login(LoginReason::NotSignedIn)),
    }
}

/// `prompt=none`: the error that stands for a page (OpenID Connect Core 1.0 section 3.1.2.6).
fn silently(question: &Question) -> OAuthError {
    let (code, description) = match question {
        Question::Login(_) => (ErrorCode::LoginRequired, "The user must sign in"),
        Question::VerifyAddress => (ErrorCode::InteractionRequired, "The user must confirm their e-mail address"),
        Question::SelectAccount => (ErrorCode::AccountSelectionRequired, "The user must choose an account"),
        Question::SecondFactor(Needed::Enrolment, _) => {
            (ErrorCode::InteractionRequired, "The user must add a second factor")
        }
        Question::SecondFactor(..) => (ErrorCode::LoginRequired, "The user must prove a second factor"),
        Question::Consent { .. } => (ErrorCode::ConsentRequired, "The user must agree"),
    };
    OAuthError::new(code, description)
}

#[cfg(test)]
mod factor_tests;
#[cfg(test)]
mod prompt_tests;
#[cfg(test)]
mod standing_tests;
#[cfg(test)]
mod tests;
