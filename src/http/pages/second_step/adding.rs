//! A second factor that is added on the way: an app, or a passkey where the account must have one and has none that is enough.
//!
//! Owns the page and what is done with what was sent. A sign-in adds nothing without a recent proof, and is asked for it first. Leaves what may be added to `identity`: a
//! passkey is made by the rules of the account's own page.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, leading_to_app, page};
use super::super::passkey::{self, Answer, Prompt};
use super::super::problems::{self, FieldTexts, Shown};
use super::super::qr;
use super::super::step_up;
use super::super::view::{Form, Person};
use super::{Away, MAIL_PATH, PATH, Waiting};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::identity::accounts::{Adder, NewFactor};
use crate::identity::second_factor::TotpSecret;
use crate::model::User;
use crate::model::factor::{Kinds, Second};
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::{Onward, Then};

#[derive(askama::Template)]
#[template(path = "second_step_add.html")]
struct AddPage {
    frame: Frame,
    csrf: String,
    login: String,
    /// Why it is asked for.
    text: String,
    /// Why a passkey that the account has does not do.
    why: Option<String>,
    whose: Person,
    away: Option<Away>,
    title: String,
    /// A passkey may be made instead, and comes first where the browser can.
    passkey: Option<Prompt>,
    /// An app is enough.
    apps: bool,
    /// What was wrong is of the app: where the browser can make a passkey, too, its part stays open.
    by_app: bool,
    picture: String,
    secret: String,
    name: String,
    problems: FieldTexts,
    /// A code may be mailed instead.
    mails: bool,
    /// The token of the form that asks for it.
    mail_csrf: String,
    /// Where somebody goes who adds none after all.
    back: Option<String>,
}

impl Waiting<'_> {
    /// Adds an app that showed a right code.
    pub(super) async fn add(self, secret: &TotpSecret, params: Params) -> Result<Response, PageError> {
        let by = match self.adder().await? {
            Ok(by) => by,
            Err(asked) => return Ok(asked),
        };
        let context = self.context;
        if !self.addable().await?.app {
            return self.page_of_adding((secret, None), &Params::default(), None).await;
        }
        let text = |name: &str| params.get(name).unwrap_or_default();
        let new = NewFactor { secret, name: text("name"), code: text("code") };
        match context.app.accounts.add_factor((&self.user, &by), new).await {
            Ok(added) => self.finish(&added.user, Second::Totp, false, added.codes).await,
            Err(rejected) => {
                let shown = problems::of_factor(context.texts(self.flow.as_ref()), rejected)?;
                self.show(false, params, Some(shown)).await
            }
        }
    }

    /// Adds the passkey that the browser made. Whoever made it unlocked its authenticator at this origin, which is what a use of it would show.
    pub(super) async fn add_passkey(self, sent: &Answer) -> Result<Response, PageError> {
        let by = match self.adder().await? {
            Ok(by) => by,
            Err(asked) => return Ok(asked),
        };
        let context = self.context;
        context.app.throttle.admit_authorization(context.visitor.address).await?;
        let (passkeys, browser) = (&context.app.passkeys, context.visitor.browser.digest());
        let made = match &by {
            // Beside what the account has: nothing of it ends by that.
            Adder::Adds(proof) => {
                let added = passkeys.register((proof, browser), None, &sent.ticket, &sent.answer).await;
                added.map(|made| (self.user.clone(), made.protection))
            }
            Adder::Login | Adder::Enrols(_) => {
                passkeys.enrol((&self.user, &by), browser, (&sent.ticket, &sent.answer)).await
            }
        };
        match made {
            Ok((user, protection)) => self.finish(&user, Second::Passkey(protection), false, Vec::new()).await,
            Err(why) => {
                let shown = passkey::refused(context.texts(self.flow.as_ref()), why)?;
                // The passkey was made in vain.
                self.show_adding_after(shown, passkey::unknown(context, sent)).await
            }
        }
    }

    async fn show_adding_after(self, problem: Shown, signal: Option<String>) -> Result<Response, PageError> {
        let secret = self.adding().ok_or(ProblemKind::FlowGone)?;
        self.page_of_adding((&secret, signal), &Params::default(), Some(problem)).await
    }

    /// The page on which something is added.
    pub(super) async fn show_adding(
        self,
        secret: &TotpSecret,
        typed: &Params,
        problem: Option<Shown>,
    ) -> Result<Response, PageError> {
        if let Err(asked) = self.adder().await? {
            return Ok(asked);
        }
        self.page_of_adding((secret, None), typed, problem).await
    }

    /// By what something is added here; or the page that asks a sign-in for the proof it takes, and leads back to this step.
    async fn adder(&self) -> Result<Result<Adder, Response>, PageError> {
        let has_another = self.has_another().await?;
        let id = match &self.pending.then {
            Then::Begin(_) => return Ok(Ok(Adder::Login)),
            Then::Raise(id) => *id,
        };
        let (context, accounts) = (self.context, &self.context.app.accounts);
        let session = context.session().await?;
        let is_it = |one: &&SignIn| one.id == id && one.user == self.user.id;
        let sign_in = session.sign_ins.iter().find(is_it).ok_or(ProblemKind::FlowGone)?;
        if let Some(proof) = accounts.proof_in(sign_in).await? {
            let is_first = self.pending.enrols && !has_another;
            return Ok(Ok(if is_first { Adder::Enrols(proof) } else { Adder::Adds(proof) }));
        }
        // The form that proves it acts for the sign-in in use, and an app may have asked for another one of the browser's.
        context.app.flow.sessions.used(context.visitor.session.as_ref(), &session, id).await?;
        let waits = step_up::Waits { login: &self.handle, must: self.pending.enrols };
        step_up::before_adding(context, (&self.user, sign_in), waits).await.map(Err)
    }

    /// Whether the account has a second factor already, of another kind. Refuses a login that was to add the first one where another has done so meanwhile, whoever signs in anew is
    /// asked for that one; and a sign-in that has by now what it was to add.
    async fn has_another(&self) -> Result<bool, PageError> {
        let has = self.context.app.accounts.second_factors(self.user.id).await?;
        let in_the_way = match self.pending.then {
            _ if !self.pending.enrols => Kinds::NONE,
            Then::Begin(_) => has,
            Then::Raise(_) => has.among(self.pending.kinds),
        };
        if in_the_way.any() { Err(ProblemKind::FlowGone.into()) } else { Ok(has.any()) }
    }

    /// What may be added here: what is enough for where it leads, where that can be had.
    async fn addable(&self) -> Result<Kinds, PageError> {
        let passkey = self.pending.enrols && self.context.app.passkeys.are_offered().await?;
        let all = Kinds { app: true, passkey, hardware: false };
        let enough = all.among(self.pending.kinds);
        Ok(if enough.any() { enough } else { all })
    }

    async fn page_of_adding(
        self,
        (secret, signal): (&TotpSecret, Option<String>),
        typed: &Params,
        problem: Option<Shown>,
    ) -> Result<Response, PageError> {
        let (context, flow) = (self.context, self.flow.as_ref());
        let (problems, manner) = Shown::parts(problem);
        let frame = Frame::at(context, context.locale_for(flow), format!("{PATH}?login={}", self.handle));
        let addable = self.addable().await?;
        let passkey = if addable.passkey { self.new_passkey(frame.t, signal).await? } else { None };
        let must = context.app.accounts.must_have_one(&self.user).await?;
        let link = secret.link(&frame.service, self.user.email.as_str());
        let shown = AddPage {
            csrf: context.csrf(PATH),
            login: self.handle.clone(),
            title: frame.t.get(if addable.app { keys::second_step::ADD_TITLE } else { keys::passkey::NEW_TITLE }),
            text: frame.t.get(text((must, addable.app), passkey.is_some())),
            why: self.why_no_passkey().await?.map(|why| frame.t.get(why)),
            whose: Person::of(&self.user),
            away: self.away(),
            by_app: passkey.is_none() || !problems.current.is_empty() || !problems.name.is_empty(),
            passkey,
            apps: addable.app,
            picture: qr::svg(&link).unwrap_or_default(),
            secret: secret.in_groups(),
            name: typed.get("name").map_or_else(|| frame.t.get(keys::second_step::NAME_DEFAULT), str::to_owned),
            problems,
            mails: self.may_be_mailed_a_code().await?,
            mail_csrf: context.csrf(MAIL_PATH),
            back: self.back(),
            frame,
        };
        Ok(leading_to_app(manner.answer(&shown, &shown.frame), flow))
    }

    /// The form by which the browser makes a passkey.
    async fn new_passkey(&self, t: &Texts, signal: Option<String>) -> Result<Option<Prompt>, PageError> {
        let context = self.context;
        let asked = context.app.passkeys.ask_to_register(&self.user, context.visitor.browser.digest()).await?;
        let (form, label) = (Form { csrf: context.csrf(PATH), flow: None }, t.get(keys::passkey::CREATE));
        let prompt = asked.map(|asked| Prompt::of(context, asked, (PATH, form), label));
        let signal = signal.unwrap_or_default();
        Ok(prompt.map(|prompt| Prompt { signal, ..prompt.with("login", self.handle.clone()) }))
    }

    /// Why the account is asked for something else than a passkey that it has.
    pub(super) async fn why_no_passkey(&self) -> Result<Option<Key>, PageError> {
        let has_one = self.context.app.accounts.factors(self.user.id).await?.passkey;
        Ok(if has_one { passkey::why_none(self.context).await? } else { None })
    }

    /// Back to the page of an account's own that began it, where nothing makes somebody add one.
    fn back(&self) -> Option<String> {
        match &self.pending.onward {
            Onward::Page(path) if self.raises().is_some() && !self.pending.enrols && path.starts_with("/account/") => {
                Some(self.context.app.issuer.local(path))
            }
            _ => None,
        }
    }
}

/// What the page says of why it is asked for.
const fn text((must, app): (bool, bool), passkey: bool) -> Key {
    match (must, passkey) {
        _ if !app => keys::second_step::ADD_PASSKEY_ONLY,
        (true, true) => keys::second_step::ADD_MUST_ANY,
        (false, true) => keys::second_step::ADD_TEXT_ANY,
        (true, false) => keys::second_step::ADD_MUST,
        (false, false) => keys::second_step::ADD_TEXT,
    }
}

/// The page as it is looked at: of an account that must have an authenticator app. Its secret is drawn for it, and is nobody's.
pub(in super::super) fn sample(context: &Context, frame: Frame, user: &User) -> Response {
    let secret = context.app.accounts.draw_totp_secret();
    let nothing = String::new;
    let shown = AddPage {
        csrf: nothing(),
        login: nothing(),
        title: frame.t.get(keys::second_step::ADD_TITLE),
        text: frame.t.get(text((true, true), false)),
        why: None,
        whose: Person::of(user),
        away: None,
        passkey: None,
        apps: true,
        by_app: true,
        picture: qr::svg(&secret.link(&frame.service, user.email.as_str())).unwrap_or_default(),
        secret: secret.in_groups(),
        name: frame.t.get(keys::second_step::NAME_DEFAULT),
        problems: FieldTexts::default(),
        mails: false,
        mail_csrf: nothing(),
        back: None,
        frame,
    };
    page(&shown, &shown.frame)
}
