//! The page that asks for the second step.

use axum::response::Response;

use super::super::frame::{self, Frame, leading_to_app};
use super::super::passkey::Prompt;
use super::super::problems::{FieldTexts, Shown};
use super::super::view::{Form, Person};
use super::super::work::{self, Work};
use super::{Away, PATH, Waiting};
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};
use crate::identity::throttling::Purpose;
use crate::model::User;
use crate::model::factor::{Factors, Kinds};
use crate::model::passkey::KeyProtection;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "second_step.html")]
struct CodePage {
    frame: Frame,
    csrf: String,
    login: String,
    title: String,
    text: String,
    whose: Person,
    away: Option<Away>,
    /// The account has an app.
    by_code: bool,
    /// It has a passkey, which is asked for or may be used instead.
    passkey: Option<Prompt>,
    /// A recovery code is asked for, and not one of an app.
    recovery: bool,
    /// Whether there are recovery codes to ask for.
    has_recovery: bool,
    /// The days that the browser may be trusted for, where it may be.
    trust: Option<u64>,
    problems: FieldTexts,
    work: Option<Work>,
}

impl Waiting<'_> {
    /// The page that asks.
    pub(super) async fn show(
        self,
        recovery: bool,
        typed: Params,
        problem: Option<Shown>,
    ) -> Result<Response, PageError> {
        if let Some(secret) = self.adding() {
            return self.show_adding(&secret, &typed, problem).await;
        }
        let (context, flow) = (self.context, self.flow.as_ref());
        let held_up = work::held_up(problem.as_ref());
        let (problems, manner) = Shown::parts(problem);
        let frame = Frame::at(context, context.locale_for(flow), format!("{PATH}?login={}", self.handle));
        let (csrf, login) = (context.csrf(PATH), self.handle.clone());
        let factors = context.app.accounts.factors(self.user.id).await?;
        let asked = self.asked(&factors).await?;
        let by_code = asked.app;
        let protection = asked.by_passkey().filter(|_| !recovery);
        let passkey = match protection {
            Some(protection) => self.passkey(frame.t, protection).await?,
            None => None,
        };
        let passkey = passkey.map(|prompt| Prompt { alone: !by_code, ..prompt });
        if !by_code && passkey.is_none() {
            return self.show_no_passkey().await;
        }
        let (login_of, from) = (self.handle.as_str(), context.origin());
        let due = held_up || context.app.accounts.code_asks_work(self.user.id, false, (login_of, &from)).await;
        let shown = CodePage {
            csrf,
            login,
            title: frame.t.get(title(recovery, by_code)),
            text: text(frame.t, (recovery, by_code), protection, &frame.service),
            whose: Person::of(&self.user),
            away: self.away(),
            by_code,
            passkey,
            recovery,
            has_recovery: by_code && factors.recovery_codes > 0,
            trust: if recovery { None } else { self.may_trust().await? },
            problems,
            work: Work::ask(context, frame.t, Purpose::Code, due).await,
            frame,
        };
        let response = work::with_worker(manner.answer(&shown, &shown.frame), shown.work.is_some());
        Ok(leading_to_app(response, flow))
    }

    /// Which of the second factors of the account are asked for: those that are enough, where it has any of them still.
    async fn asked(&self, factors: &Factors) -> Result<Kinds, PageError> {
        let has = Kinds::of(factors, self.context.app.policies.sign_in().await?.passkeys);
        let enough = has.among(self.pending.kinds);
        Ok(if enough.any() { enough } else { has })
    }

    /// The form that asks the browser for a passkey of the account, where it has one whose key is there.
    async fn passkey(&self, t: &Texts, protection: KeyProtection) -> Result<Option<Prompt>, PageError> {
        let context = self.context;
        let browser = context.visitor.browser.digest();
        let question = context.app.passkeys.ask_of(&self.user, protection, browser).await?;
        let (form, label) = (Form { csrf: context.csrf(PATH), flow: None }, t.get(keys::passkey::CONFIRM));
        let prompt = question.map(|question| Prompt::of(context, question, (PATH, form), label));
        Ok(prompt.map(|prompt| prompt.with("login", self.handle.clone())))
    }
}

/// The page as it is looked at: of an account with an authenticator app.
pub(in super::super) fn sample(frame: Frame, user: &User) -> Response {
    let shown = CodePage {
        csrf: String::new(),
        login: String::new(),
        title: frame.t.get(title(false, true)),
        text: text(frame.t, (false, true), None, &frame.service),
        whose: Person::of(user),
        away: None,
        by_code: true,
        passkey: None,
        recovery: false,
        has_recovery: true,
        trust: None,
        problems: FieldTexts::default(),
        work: None,
        frame,
    };
    frame::page(&shown, &shown.frame)
}

/// What the page that asks is called.
const fn title(recovery: bool, by_code: bool) -> Key {
    match (recovery, by_code) {
        (true, _) => keys::second_step::RECOVERY_TITLE,
        (false, true) => keys::second_step::TITLE,
        (false, false) => keys::second_step::PASSKEY_TITLE,
    }
}

/// What it says, where a passkey is asked for whose key is there.
fn text(t: &Texts, (recovery, by_code): (bool, bool), protection: Option<KeyProtection>, service: &str) -> String {
    match (recovery, by_code) {
        (true, _) => t.get(keys::second_step::RECOVERY_TEXT),
        (false, true) => t.with(keys::second_step::TEXT, "service", service),
        (false, false) if protection == Some(KeyProtection::Hardware) => t.get(keys::second_step::HARDWARE_TEXT),
        (false, false) => t.get(keys::second_step::PASSKEY_TEXT),
    }
}
