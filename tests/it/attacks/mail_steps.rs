//! MAIL-004, whatever the order: Mallory takes any steps of the mail flows, with her own mailbox and Alice's address, against a model of what she has. `mail_flows` has
//! each link at each door.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::User;
use haechi::model::mail::MailPurpose;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::mail_flows::{Door, KIM, MALLORY, house, newest, post, state, token_in, verified};
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

/// What Mallory does, in one browser, with her own mailbox and Alice's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    AskReset(Who),
    AskSignIn(Who),
    /// With the newest link that she was mailed, the one before it, or none.
    Reset(Which),
    Enter(Which),
    /// Her newest code, into the form that waits for hers or for Alice's.
    Code(Who),
    /// A page of the way, as by the button that goes back.
    Back,
    BeginFlow,
    SignOut,
    /// A link of one kind at the door of the other.
    Crossed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Mallory,
    Alice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Newest,
    Before,
    None,
}

const STEPS: [Step; 16] = [
    Step::AskReset(Who::Alice),
    Step::AskReset(Who::Mallory),
    Step::AskSignIn(Who::Alice),
    Step::AskSignIn(Who::Mallory),
    Step::Reset(Which::Newest),
    Step::Reset(Which::Before),
    Step::Reset(Which::None),
    Step::Enter(Which::Newest),
    Step::Enter(Which::Before),
    Step::Enter(Which::None),
    Step::Code(Who::Mallory),
    Step::Code(Who::Alice),
    Step::Back,
    Step::BeginFlow,
    Step::SignOut,
    Step::Crossed,
];

/// What was mailed to Mallory for one purpose, the newest last; and in the model, whether that counts still.
#[derive(Default)]
struct Mails {
    tokens: Vec<String>,
    counts: bool,
}

impl Mails {
    fn which(&self, which: Which) -> &str {
        let back = match which {
            Which::Newest => 1,
            Which::Before => 2,
            Which::None => return "",
        };
        self.tokens.len().checked_sub(back).map_or("", |at| self.tokens[at].as_str())
    }

    /// Whether a token does anything: the newest one does, once.
    fn takes(&self, which: Which) -> bool {
        which == Which::Newest && self.counts
    }
}

/// The house, Mallory's browser, and the model of what she has.
struct Walk {
    house: TestApp,
    browser: Browser,
    resets: Mails,
    sign_ins: Mails,
    /// Her newest code, and the forms that wait for hers and for Alice's.
    code: String,
    waiting: [String; 2],
    flow: String,
}

impl Walk {
    async fn new() -> Self {
        let house = house().await;
        verified(&house, KIM).await;
        verified(&house, MALLORY).await;
        let mut browser = house.browser();
        browser.ensure_cookie().await;
        let (resets, sign_ins) = (Mails::default(), Mails::default());
        Self {
            house,
            browser,
            resets,
            sign_ins,
            code: String::new(),
            waiting: [String::new(), String::new()],
            flow: String::new(),
        }
    }

    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let flow = self.flow.clone();
        let flow = [("flow", flow.as_str())];
        let fields = if self.flow.is_empty() { fields.to_vec() } else { [fields, &flow].concat() };
        post(&self.house, &mut self.browser, path, &fields).await
    }

    /// Takes a step, which does as the model says.
    async fn take(&mut self, step: Step, number: usize) {
        self.house.clock.advance(Duration::from_secs(1));
        let password = format!("a boat between {number} green hills");
        match step {
            Step::AskReset(who) => {
                self.send("/forgot", &[("email", address(who))]).await;
                if who == Who::Mallory {
                    let token = newest(&self.house, MALLORY, MailPurpose::ResetPassword, Door::Password).await;
                    self.resets.tokens.push(token);
                    self.resets.counts = true;
                }
            }
            Step::AskSignIn(who) => {
                let page = self.send("/login", &[("email", address(who)), ("mail", "yes")]).await;
                let waits = page.location().unwrap_or_else(|| panic!("{}", page.body));
                let login = waits.split("login=").nth(1).unwrap().split('&').next().unwrap().to_owned();
                self.waiting[usize::from(who == Who::Alice)] = login;
                if who == Who::Mallory {
                    let letter = self.house.mails_for(MALLORY, MailPurpose::SignIn).await.remove(0);
                    self.sign_ins.tokens.push(token_in(&letter.link(Door::Login.path())));
                    self.sign_ins.counts = true;
                    letter.code().unwrap().clone_into(&mut self.code);
                }
            }
            Step::Reset(which) => {
                let (token, takes) = (self.resets.which(which).to_owned(), self.resets.takes(which));
                let page = self.send("/reset", &[("token", &token), ("password", &password)]).await;
                assert_eq!(page.status.is_redirection(), takes, "{step:?}: {}", page.body);
                if takes {
                    // Everything that was mailed before ends with what was signed in.
                    (self.resets.counts, self.sign_ins.counts) = (false, false);
                }
            }
            Step::Enter(which) => {
                let (token, takes) = (self.sign_ins.which(which).to_owned(), self.sign_ins.takes(which));
                let page = self.send("/login/link", &[("token", &token)]).await;
                assert_eq!(page.status.is_redirection(), takes, "{step:?}: {}", page.body);
                self.sign_ins.counts &= !takes;
            }
            Step::Code(who) => {
                let (login, code) = (self.waiting[usize::from(who == Who::Alice)].clone(), self.code.clone());
                let takes = who == Who::Mallory && self.sign_ins.counts;
                let page = self.send("/login/code", &[("login", &login), ("code", &code)]).await;
                assert_eq!(page.status.is_redirection(), takes, "{step:?}: {}", page.body);
                self.sign_ins.counts &= !takes;
            }
            Step::Back => {
                for path in ["/forgot", "/login", "/reset", "/login/link", "/login/code"] {
                    self.browser.get_once(path).await;
                }
            }
            Step::BeginFlow => {
                let mut anybody = self.browser.clone();
                anybody.set_cookie(self.browser.session_cookie_name(), "");
                let page = anybody.get(&Ask::of("app").url()).await;
                page.form("login").field("flow").unwrap().clone_into(&mut self.flow);
            }
            Step::SignOut => self.browser.set_cookie(self.browser.session_cookie_name(), ""),
            Step::Crossed => {
                let [reset, entry] = [&self.resets, &self.sign_ins].map(|mails| mails.which(Which::Newest).to_owned());
                for (path, token) in [("/reset", &entry), ("/login/link", &reset), ("/undo-email", &reset)] {
                    let page = self.send(path, &[("token", token), ("password", &password)]).await;
                    assert_eq!(page.status, StatusCode::GONE, "{path}: {}", page.body);
                }
            }
        }
    }

    /// Whether anybody but Mallory is signed in to her browser.
    async fn is_somebody_else(&self, mallory: &User) -> bool {
        let visitor = self.browser.visitor();
        let session = self.house.app.flow.sessions.load(visitor.session.as_ref()).await.unwrap();
        session.sign_ins.iter().any(|sign_in| sign_in.user != mallory.id)
    }
}

const fn address(who: Who) -> &'static str {
    match who {
        Who::Mallory => MALLORY,
        Who::Alice => KIM,
    }
}

/// In whatever order: no step is left out, and none is taken with what is Alice's.
#[test]
fn mail_004_no_order_of_steps_leads_to_anything_of_alices() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = proptest::collection::vec(select(STEPS.to_vec()), 4..16);
    let walked = TestRunner::new(config).run(&strategy, |steps| {
        runtime.block_on(async {
            let mut walk = Walk::new().await;
            let (alice, mallory) = (walk.house.user_of(KIM).await, walk.house.user_of(MALLORY).await);
            let of_alice = async |walk: &Walk| {
                let all = state(&walk.house).await;
                all.into_iter().find(|one| one.starts_with(KIM)).unwrap()
            };
            let before = of_alice(&walk).await;
            for (number, step) in steps.iter().enumerate() {
                walk.take(*step, number).await;
                assert_eq!(of_alice(&walk).await, before, "{step:?}");
                assert!(!walk.is_somebody_else(&mallory).await, "{step:?}");
            }
            // She signs in as ever.
            let mut hers = walk.house.browser();
            let login = hers.get("/login").await;
            assert_eq!(walk.house.password_in(&mut hers, &login, KIM).await.url.path(), "/account");
            assert_eq!(walk.house.user_of(KIM).await.epochs(), alice.epochs());
        });
        Ok(())
    });
    walked.unwrap();
}
