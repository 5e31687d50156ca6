//! The table of prompts: every set of them, with none, one and several accounts signed in, whatever was chosen and hinted at, and whatever is left to prove and to agree to:
//! exactly one step.

use super::tests::{BEGAN, NOW, authorization, client, session, sign_in, user};
use super::*;
use crate::model::client::{ClientId, ConsentPolicy};
use crate::protocol::prompt::Prompt;
use crate::support::id::{SignInId, UserId};

/// Who is signed in to the browser, the last one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Browser {
    Nobody,
    One,
    Two,
    /// Two, the first of whom has just signed in for this request.
    Renewed,
}

/// What was chosen on the page of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chosen {
    Nothing,
    Account(u8),
    /// One that is not there yet.
    Another,
}

/// What the account has still to prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    Nothing,
    /// For the server, what it has.
    Server,
    /// For the server, what it has to add first.
    Added,
    /// For the app's own rule.
    App,
}

/// What the account has agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreed {
    /// Nobody is asked: the app is the operator's own.
    NotAsked,
    Nothing,
    /// Some of what is asked for, before.
    Part,
    All,
    /// All of it, for this request.
    Now,
}

/// A case.
#[derive(Clone, Copy, Debug)]
struct Case {
    prompt: Prompt,
    browser: Browser,
    chosen: Chosen,
    hint: Option<u8>,
    proof: Proof,
    unproved_address: bool,
    agreed: Agreed,
    denied: bool,
}

/// What is to come out.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Page(Question),
    Refused(ErrorCode),
    /// For this account.
    Issued(UserId),
}

const APP: Kinds = Kinds { app: true, passkey: false, hardware: false };
const SCOPE: &str = "openid email";

fn scope(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

impl Browser {
    const ALL: [Self; 4] = [Self::Nobody, Self::One, Self::Two, Self::Renewed];

    const fn accounts(self) -> &'static [u8] {
        match self {
            Self::Nobody => &[],
            Self::One => &[1],
            Self::Two | Self::Renewed => &[1, 2],
        }
    }

    /// Whether an account has just signed in for this request.
    fn renewed(self, account: u8) -> bool {
        self == Self::Renewed && account == 1
    }

    fn session(self) -> Session {
        let at = |n: u8| if self.renewed(n) { NOW } else { Timestamp::from_seconds(9_000) };
        let all: Vec<SignIn> = self.accounts().iter().map(|&n| sign_in(n, at(n))).collect();
        session(&all)
    }
}

impl Proof {
    const ALL: [Self; 4] = [Self::Nothing, Self::Server, Self::Added, Self::App];

    const fn second(self) -> SecondFactor {
        let needed = match self {
            Self::Nothing | Self::App => Needed::Nothing(None),
            Self::Server => Needed::Proof,
            Self::Added => Needed::Enrolment,
        };
        SecondFactor { needed, has: APP, may_add: Kinds::ALL }
    }
}

impl Agreed {
    const ALL: [Self; 5] = [Self::NotAsked, Self::Nothing, Self::Part, Self::All, Self::Now];

    fn before(self) -> Option<Consent> {
        let text = match self {
            Self::NotAsked | Self::Nothing | Self::Now => return None,
            Self::Part => "openid",
            Self::All => SCOPE,
        };
        let client = ClientId::parse("app").unwrap();
        Some(Consent { user: user(1), client, scope: scope(text), granted_at: BEGAN })
    }
}

impl Case {
    fn authorization(&self, plain: &Authorization) -> Authorization {
        let mut one = plain.clone();
        one.request.prompt = self.prompt;
        one.request.hinted_subject = self.hint.map(|n| user(n).to_string());
        one.progress.refused = self.denied;
        one.progress.authenticated_at = (self.browser == Browser::Renewed).then_some(NOW);
        match self.chosen {
            Chosen::Nothing => {}
            Chosen::Account(n) => one.progress.account = Some(SignInId::from_bytes([n; 16])),
            Chosen::Another => one.progress.another_account = true,
        }
        one.progress.consented = (self.agreed == Agreed::Now).then(|| scope(SCOPE));
        one
    }

    fn app(&self) -> Client {
        let own = self.agreed == Agreed::NotAsked;
        let mut app = client(if own { ConsentPolicy::FirstParty } else { ConsentPolicy::Ask });
        app.policy.second_factor_required = self.proof == Proof::App;
        app
    }

    /// Whose sign-in there is to answer for.
    fn account(&self) -> Option<u8> {
        let here = self.browser.accounts();
        let wanted = match (self.chosen, self.hint) {
            (Chosen::Account(n), _) | (Chosen::Nothing, Some(n)) => n,
            (Chosen::Another, _) => return None,
            // Who is to choose has not.
            (Chosen::Nothing, None) if self.prompt.select_account => return None,
            (Chosen::Nothing, None) => *here.first()?,
        };
        here.contains(&wanted).then_some(wanted)
    }

    /// What has to be agreed to; `None` where nothing has.
    fn not_agreed(&self) -> Option<ScopeSet> {
        let again = self.prompt.consent && self.agreed != Agreed::Now;
        match self.agreed {
            _ if again => Some(scope(SCOPE)),
            Agreed::NotAsked | Agreed::All | Agreed::Now => None,
            Agreed::Nothing => Some(scope(SCOPE)),
            Agreed::Part => Some(scope("email")),
        }
    }

    /// What an account is asked that is signed in recently enough.
    fn question(&self) -> Option<Question> {
        let factor = match self.proof {
            Proof::Nothing => None,
            Proof::Server | Proof::App => Some(Question::SecondFactor(Needed::Proof, APP)),
            Proof::Added => Some(Question::SecondFactor(Needed::Enrolment, Kinds::ALL)),
        };
        let address = self.unproved_address.then_some(Question::VerifyAddress);
        factor.or(address).or_else(|| self.not_agreed().map(|missing| Question::Consent { missing }))
    }

    /// What is to come out where pages may be shown.
    fn spoken(&self) -> Outcome {
        let choosing = self.prompt.select_account && self.chosen == Chosen::Nothing;
        match self.account() {
            _ if self.denied => Outcome::Refused(ErrorCode::AccessDenied),
            _ if self.prompt.create && !matches!(self.chosen, Chosen::Account(_)) => {
                Outcome::Page(Question::Login(LoginReason::NewAccount))
            }
            None if choosing && self.browser != Browser::Nobody => Outcome::Page(Question::SelectAccount),
            None => Outcome::Page(Question::Login(LoginReason::NotSignedIn)),
            Some(n) if self.prompt.login && !self.browser.renewed(n) => {
                Outcome::Page(Question::Login(LoginReason::Again))
            }
            Some(n) if self.hint.is_some_and(|hint| hint != n) => Outcome::Refused(ErrorCode::LoginRequired),
            Some(n) => self.question().map_or_else(|| Outcome::Issued(user(n)), Outcome::Page),
        }
    }

    fn expected(&self) -> Outcome {
        match self.spoken() {
            Outcome::Page(question) if self.prompt.none => Outcome::Refused(instead_of(&question)),
            other => other,
        }
    }
}

/// OpenID Connect Core 1.0 section 3.1.2.6: what an app is told in the place of a page.
fn instead_of(question: &Question) -> ErrorCode {
    match question {
        Question::Login(_) | Question::SecondFactor(Needed::Proof, _) => ErrorCode::LoginRequired,
        Question::Consent { .. } => ErrorCode::ConsentRequired,
        Question::SelectAccount => ErrorCode::AccountSelectionRequired,
        Question::SecondFactor(..) | Question::VerifyAddress => ErrorCode::InteractionRequired,
    }
}

/// `none` alone, and every set of the others.
fn prompts() -> Vec<Prompt> {
    let others = (0..16_u8).map(|bits| {
        let has = |bit: u8| bits & bit != 0;
        Prompt { none: false, login: has(1), consent: has(2), select_account: has(4), create: has(8) }
    });
    others.chain([Prompt { none: true, ..Prompt::default() }]).collect()
}

/// Every case of some prompts.
fn cases(prompt: Prompt) -> Vec<Case> {
    let first = Case {
        prompt,
        browser: Browser::Nobody,
        chosen: Chosen::Nothing,
        hint: None,
        proof: Proof::Nothing,
        unproved_address: false,
        agreed: Agreed::NotAsked,
        denied: false,
    };
    let chosen = [Chosen::Nothing, Chosen::Account(1), Chosen::Account(2), Chosen::Another];
    let crossed = Browser::ALL.into_iter().map(|browser| Case { browser, ..first });
    let crossed = crossed.flat_map(|case| chosen.map(|chosen| Case { chosen, ..case }));
    let crossed = crossed.flat_map(|case| [None, Some(1), Some(2), Some(9)].map(|hint| Case { hint, ..case }));
    let crossed = crossed.flat_map(|case| Proof::ALL.map(|proof| Case { proof, ..case }));
    let crossed = crossed.flat_map(|case| Agreed::ALL.map(|agreed| Case { agreed, ..case }));
    let crossed = crossed.flat_map(|case| [false, true].map(|unproved_address| Case { unproved_address, ..case }));
    crossed.flat_map(|case| [false, true].map(|denied| Case { denied, ..case })).collect()
}

fn outcome(step: Step) -> Outcome {
    match step {
        Step::Ask(question) => Outcome::Page(question),
        Step::Answer(Verdict::Refuse(error)) => Outcome::Refused(error.code),
        Step::Answer(Verdict::Issue(sign_in)) => Outcome::Issued(sign_in.user),
    }
}

#[test]
fn each_set_of_prompts_has_exactly_one_step() {
    let (plain, classes) = (authorization(|_| ()), Classes::default());
    let mut seen = 0;
    for case in prompts().into_iter().flat_map(cases) {
        let (one, session, app, before) =
            (case.authorization(&plain), case.browser.session(), case.app(), case.agreed.before());
        let of_account = (before.as_ref(), case.proof.second(), case.unproved_address);
        let step = next_step(&Facts::gather(&one, &session, &app, of_account, (&classes, NOW)));
        assert_eq!(outcome(step), case.expected(), "{case:?}");
        seen += 1;
    }
    assert_eq!(seen, 17 * 4 * 4 * 4 * 4 * 5 * 2 * 2);
}
