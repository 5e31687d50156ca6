//! "Confirm that it is you": what an end-user is asked before a form that needs a recent proof does what it says.
//!
//! Owns the page that asks, for a passkey or a code where the account has such a second factor, else for the password or a visit to a provider, and the way back to the form,
//! which is kept as it was sent. Leaves what counts as a proof, and how strong it has to be, to `identity`, and what the provider says to `upstream`.

use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::frame::{Frame, page};
use super::kept_form::{self, KeptForm};
use super::own_form::{CONSOLE, OwnForm, Owner, SECOND_STEP, WAITED_FIELD, Waited};
use super::passkey::{self, Answer, Prompt};
use super::problems::{self, FieldTexts, Manner, Shown};
pub(super) use super::proof::Proved;
use super::providers::{Button, Way, label, link};
use super::section;
use super::view::Form;
use super::work::{self, Work};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::http::redirect::encoded;
use crate::i18n::{Texts, keys};
use crate::identity::accounts::Attempt;
use crate::identity::throttling::Purpose;
use crate::model::connection::{Connection, Slug};
use crate::model::factor::Kinds;
use crate::model::passkey::KeyProtection;
use crate::model::session::SignIn;
use crate::model::{Locale, User};
use crate::protocol::Params;
use crate::support::Timestamp;

/// Where a visit to a provider waits that was begun by a link.
pub(super) const VISIT_PATH: &str = "/account/confirm";
/// Where a second step waits in which a sign-in is about to add a factor.
const ADDING_PATH: &str = "/account/second-step";
/// Its fields: the login that waits, and that the account must have a factor.
pub(super) const LOGIN_FIELD: &str = "login";
const MUST_FIELD: &str = "must";

#[derive(askama::Template)]
#[template(path = "step_up.html")]
#[allow(clippy::struct_excessive_bools, reason = "each shows a part of the page or leaves it out")]
struct StepUpPage {
    frame: Frame,
    email: String,
    /// Where the form goes once the account is proved.
    action: String,
    csrf: String,
    kept: String,
    /// The account has an authenticator app. Who has it or a passkey proves the account by nothing less.
    by_code: bool,
    by_password: bool,
    passkey: Option<Prompt>,
    /// There is a passkey and nothing else.
    only_passkey: bool,
    providers: Vec<Button>,
    /// Whoever has no password can have a link mailed to set one by.
    resets: bool,
    /// The providers of the account that cannot prove it.
    unable: String,
    /// Why a passkey of the account cannot.
    no_passkey: Option<String>,
    back: String,
    problems: FieldTexts,
    work: Option<Work>,
}

#[derive(askama::Template)]
#[template(path = "confirmed.html")]
struct ConfirmedPage {
    frame: Frame,
    next: Next,
}

/// The way on from a proof.
enum Next {
    /// The form that waited, to be sent.
    Form { action: String, csrf: String, kept: String },
    /// To the provider that the end-user was about to visit.
    Visit(String),
}

/// The proof that a form needs: of the sign-in where it is recent enough, else of the password that was typed; or the page that asks for one.
pub(super) async fn proof<O: Owner>(
    context: &Context,
    form: &OwnForm<O>,
) -> Result<Result<Proved, Response>, PageError> {
    let (sign_in, user) = (form.owner.sign_in(), form.owner.user());
    let accounts = &context.app.accounts;
    let asking = Asking::of(context, (sign_in, user), (form.path.as_str(), &form.params)).await?;
    if let Some(proof) = accounts.proof_in(sign_in).await? {
        if let Some(waited) = &form.waited {
            kept_form::spend(context, &waited.handle).await?;
        }
        return Ok(Ok(Proved { proof, cookie: None }));
    }
    let Some(waited) = &form.waited else {
        let kept = kept_form::keep(context, sign_in, &form.path, &form.params).await?;
        return asking.page(kept, Shown::asking()).await.map(Err);
    };
    if let Some(sent) = &waited.passkey {
        return asking.prove_by_passkey(waited, sent).await;
    }
    match accounts.second_factors(user.id).await? {
        Kinds { app: true, .. } => return asking.prove_by_code(waited).await,
        // Nothing that is typed is as strong.
        kinds if kinds.any() => return asking.page(waited.handle.clone(), Shown::asking()).await.map(Err),
        _ => {}
    }
    let from = context.origin_of_guess(Purpose::Password, waited.work.as_deref()).await;
    let proved = match accounts.prove(user, &waited.password, &from).await {
        Ok((_, proof)) => proof.given_in(sign_in),
        Err(rejected) => {
            let shown = problems::of_confirmation(asking.texts(), rejected)?;
            work::kept(context, &from, waited.work.as_deref(), &shown).await;
            return asking.page(waited.handle.clone(), shown).await.map(Err);
        }
    };
    kept_form::spend(context, &waited.handle).await?;
    let cookie = context.app.flow.sessions.proved(&context.visitor, sign_in.id, proved.at()).await?;
    Ok(Ok(Proved { proof: proved, cookie }))
}

/// The page as it is looked at: of an account with a password.
pub(super) fn sample(frame: Frame, user: &User) -> Response {
    let nothing = String::new;
    let shown = StepUpPage {
        email: user.email.to_string(),
        action: nothing(),
        csrf: nothing(),
        kept: nothing(),
        by_code: false,
        by_password: true,
        passkey: None,
        only_passkey: false,
        providers: Vec::new(),
        resets: false,
        unable: nothing(),
        no_passkey: None,
        back: nothing(),
        problems: FieldTexts::default(),
        work: None,
        frame,
    };
    page(&shown, &shown.frame)
}

/// The page that asks for a proof before an end-user visits a provider.
pub(super) async fn before_visit(context: &Context, sign_in: &SignIn, params: &Params) -> Result<Response, PageError> {
    let user = context.app.accounts.find(sign_in.user).await?.ok_or(ProblemKind::Forbidden)?;
    let kept = kept_form::keep(context, sign_in, VISIT_PATH, params).await?;
    Asking::of(context, (sign_in, &user), (VISIT_PATH, params)).await?.page(kept, Shown::asking()).await
}

/// A second step that waits for a proof.
#[derive(Clone, Copy)]
pub(super) struct Waits<'a> {
    /// What finds it.
    pub(super) login: &'a str,
    /// The account must have what is added in it.
    pub(super) must: bool,
}

/// The page that asks for a proof before a sign-in adds a factor in a second step, and leads back to that.
pub(super) async fn before_adding(
    context: &Context,
    (user, sign_in): (&User, &SignIn),
    waits: Waits<'_>,
) -> Result<Response, PageError> {
    let must = waits.must.then_some((MUST_FIELD, "yes"));
    let params = Params::from_pairs(std::iter::once((LOGIN_FIELD, waits.login)).chain(must));
    let params = params.map_err(|_| ProblemKind::BadRequest)?;
    let kept = kept_form::keep(context, sign_in, ADDING_PATH, &params).await?;
    Asking::of(context, (sign_in, user), (ADDING_PATH, &params)).await?.page(kept, Shown::asking()).await
}

/// The account proved itself at a provider: the session remembers it, and what waited goes on.
pub(super) async fn proved_elsewhere(
    context: &Context,
    sign_in: &SignIn,
    (kept, at): (&str, Timestamp),
) -> Result<Response, PageError> {
    let cookie = context.app.flow.sessions.proved(&context.visitor, sign_in.id, at).await?;
    let answer = match kept_form::find(context, sign_in.id, kept).await? {
        Some(form) => {
            let locale = locale_of(context, &form.path, &form.params()).await?;
            confirmed(context, locale, next(context, sign_in, (kept, &form)))
        }
        None => context.go("/account"),
    };
    Ok(match cookie {
        Some(cookie) => context.with_session(answer, &cookie),
        None => answer,
    })
}

/// The page from which an end-user who proved the account goes on to a provider.
pub(super) fn to_visit(context: &Context, sign_in: &SignIn, params: &Params) -> Response {
    match visit(context, sign_in, params) {
        Some(next) => confirmed(context, context.locale.0, next),
        None => PageError::from(ProblemKind::BadRequest).into_response(),
    }
}

fn next(context: &Context, sign_in: &SignIn, (handle, form): (&str, &KeptForm)) -> Next {
    let visit = (form.path == VISIT_PATH).then(|| visit(context, sign_in, &form.params())).flatten();
    visit.unwrap_or_else(|| Next::Form {
        action: context.app.issuer.local(&form.path),
        csrf: context.csrf_of(sign_in, &form.path),
        kept: handle.to_owned(),
    })
}

fn visit(context: &Context, sign_in: &SignIn, params: &Params) -> Option<Next> {
    let way = match params.get("purpose")? {
        "link" => Way::Link(sign_in),
        "test" => Way::Test(sign_in),
        _ => return None,
    };
    let slug = Slug::parse(params.get("slug")?).ok()?;
    Some(Next::Visit(link(context, slug.as_str(), way)))
}

fn confirmed(context: &Context, locale: Locale, next: Next) -> Response {
    let mut frame = Frame::of(context, locale);
    // The address of this page is spent.
    "/account".clone_into(&mut frame.here);
    let shown = ConfirmedPage { frame, next };
    page(&shown, &shown.frame)
}

/// Where somebody goes who does not go through with it.
fn back(path: &str, params: &Params) -> &'static str {
    match path {
        // Every page of the account leads here until it has what it must have.
        ADDING_PATH if params.get(MUST_FIELD).is_some() => "/logout",
        _ if path.starts_with("/admin") => CONSOLE,
        _ => section::page_of(path),
    }
}

/// Where the page that asks is opened by its address, where it has one.
fn again(path: &str, params: &Params) -> Option<String> {
    let login = params.get(LOGIN_FIELD).filter(|_| path == ADDING_PATH)?;
    Some(format!("{SECOND_STEP}?{LOGIN_FIELD}={}", encoded(login)))
}

/// Who is asked, and for what.
struct Asking<'a> {
    context: &'a Context,
    sign_in: &'a SignIn,
    user: &'a User,
    path: &'a str,
    params: &'a Params,
    locale: Locale,
}

/// The language of what is asked before a form goes on: that of the login which waits for it, where one does.
async fn locale_of(context: &Context, path: &str, params: &Params) -> Result<Locale, PageError> {
    match params.get(LOGIN_FIELD).filter(|_| path == ADDING_PATH) {
        Some(login) => Ok(context.locale_of_login(login).await?),
        None => Ok(context.locale.0),
    }
}

impl<'a> Asking<'a> {
    async fn of(
        context: &'a Context,
        (sign_in, user): (&'a SignIn, &'a User),
        (path, params): (&'a str, &'a Params),
    ) -> Result<Self, PageError> {
        let locale = locale_of(context, path, params).await?;
        Ok(Self { context, sign_in, user, path, params, locale })
    }

    fn texts(&self) -> &'static Texts {
        Texts::of(self.locale)
    }

    /// The proof that the code is which was typed. The sign-in is as strong as that from then on.
    async fn prove_by_code(&self, waited: &Waited) -> Result<Result<Proved, Response>, PageError> {
        let Self { context, sign_in, user, .. } = *self;
        let from = context.origin_of_guess(Purpose::Code, waited.work.as_deref()).await;
        let login = sign_in.id.to_string();
        let attempt = Attempt { typed: &waited.code, login: &login, from: &from };
        let (second, proof) = match context.app.accounts.prove_by_code(user, &attempt).await {
            Ok(proved) => proved,
            Err(rejected) => {
                let shown = problems::of_code(self.texts(), false, rejected)?;
                return self.page(waited.handle.clone(), shown).await.map(Err);
            }
        };
        kept_form::spend(context, &waited.handle).await?;
        let sessions = &context.app.flow.sessions;
        let cookie = sessions.raise(&context.visitor, (sign_in.id, sign_in.epochs()), (user, second)).await?;
        Ok(Ok(Proved { proof: proof.given_in(sign_in), cookie }))
    }

    /// The proof that the use of a passkey is. The sign-in is as strong as that from then on.
    async fn prove_by_passkey(&self, waited: &Waited, sent: &Answer) -> Result<Result<Proved, Response>, PageError> {
        let Self { context, sign_in, user, .. } = *self;
        let browser = context.visitor.browser.digest();
        let (second, proof) = match context.app.passkeys.prove((user, browser), &sent.ticket, &sent.answer).await {
            Ok((second, proof)) => (second, proof.given_in(sign_in)),
            Err(why) => {
                let shown = passkey::refused(self.texts(), why)?;
                return self.page(waited.handle.clone(), shown).await.map(Err);
            }
        };
        kept_form::spend(context, &waited.handle).await?;
        let sessions = &context.app.flow.sessions;
        let by = (sign_in.id, sign_in.epochs());
        let cookie = sessions.raise(&context.visitor, by, (user, second)).await?;
        Ok(Ok(Proved { proof, cookie }))
    }

    async fn page(&self, kept: String, shown: Shown) -> Result<Response, PageError> {
        let context = self.context;
        let factors = context.app.accounts.factors(self.user.id).await?;
        let strong = Kinds::of(&factors, context.app.policies.sign_in().await?.passkeys);
        let by_code = strong.app;
        let by_password = !strong.any() && context.app.stores.users.password(self.user.id).await?.is_some();
        let work = self.work(by_code, by_password, &shown).await?;
        let (problems, manner): (FieldTexts, Manner) = Shown::parts(Some(shown));
        let (able, unable) = if strong.any() { (Vec::new(), Vec::new()) } else { self.providers().await? };
        let way = Way::Confirm { sign_in: self.sign_in, kept: &kept };
        let button = |connection: &Connection| {
            Button::of(self.texts(), connection, link(context, connection.slug.as_str(), way))
        };
        let providers = able.iter().filter_map(button).collect();
        let mut frame = Frame::of(context, self.locale);
        let back = back(self.path, self.params);
        frame.here = again(self.path, self.params).unwrap_or_else(|| back.to_owned());
        let no_passkey = if factors.passkey { passkey::why_none(context).await? } else { None };
        let names: Vec<String> = unable.iter().map(|connection| label(connection, frame.t)).collect();
        let page = StepUpPage {
            email: self.user.email.to_string(),
            action: context.app.issuer.local(self.path),
            csrf: context.csrf_of(self.sign_in, self.path),
            kept: kept.clone(),
            by_code,
            by_password,
            only_passkey: strong.any() && !strong.app,
            passkey: self
                .passkey(frame.t)
                .await?
                .map(|prompt| Prompt { alone: !by_code, ..prompt.with(WAITED_FIELD, kept) }),
            providers,
            resets: context.app.accounts.resets_passwords().await?,
            unable: names.join(", "),
            no_passkey: no_passkey.map(|why| frame.t.get(why)),
            back: context.app.issuer.local(back),
            problems,
            work,
            frame,
        };
        Ok(work::with_worker(manner.answer(&page, &page.frame), page.work.is_some()))
    }

    /// What the next guess at the code, or at the password, costs.
    async fn work(&self, by_code: bool, by_password: bool, shown: &Shown) -> Result<Option<Work>, PageError> {
        let (accounts, from) = (&self.context.app.accounts, self.context.origin());
        let (purpose, due) = if by_code {
            let login = self.sign_in.id.to_string();
            (Purpose::Code, accounts.code_asks_work(self.user.id, false, (&login, &from)).await)
        } else {
            let due = by_password && accounts.password_asks_work(self.user.email.as_str(), &from).await?;
            (Purpose::Password, due)
        };
        Ok(Work::ask(self.context, self.texts(), purpose, due || shown.asks_work).await)
    }

    /// The form that asks the browser for a passkey of the account, where it has one.
    async fn passkey(&self, t: &Texts) -> Result<Option<Prompt>, PageError> {
        let context = self.context;
        let form = Form { csrf: context.csrf_of(self.sign_in, self.path), flow: None };
        let (any, browser) = (KeyProtection::default(), context.visitor.browser.digest());
        let question = context.app.passkeys.ask_of(self.user, any, browser).await?;
        let label = t.get(keys::passkey::CONFIRM);
        Ok(question.map(|question| Prompt::of(context, question, (self.path, form), label)))
    }

    /// The connections that the account is linked through: those that can prove it, and the others.
    async fn providers(&self) -> Result<(Vec<Connection>, Vec<Connection>), PageError> {
        let links = self.context.app.stores.upstream_links.of_user(self.user.id).await?;
        let (mut able, mut unable) = (Vec::new(), Vec::new());
        for connection in self.context.app.upstream.offered().await? {
            if links.iter().any(|link| link.identity.connection == connection.id) {
                let can = self.context.app.upstream.can_prove(&connection).await;
                if can { able.push(connection) } else { unable.push(connection) }
            }
        }
        Ok((able, unable))
    }
}
