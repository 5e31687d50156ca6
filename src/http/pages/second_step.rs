//! The second step of a login: a code of what the account has, or an app that it adds on the way because it must have one.
//!
//! Owns the page that asks and what is shown once afterwards: recovery codes, or how many are left. A login waits here as a sealed record of this browser
//! and is no session yet. Leaves what is needed to `identity`, the record to `sessions`, and what leads here to `proven` and to what asks an
//! account for more than its sign-in has.

use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::frame::{Frame, leading_to_app, page};
use super::problems::{self, FieldTexts, Shown};
use super::view::Person;
use super::work::{self, Work};
use super::{onward, qr};
use crate::flow::{FlowView, Page};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect;
use crate::i18n::keys;
use crate::identity::accounts::{Attempt, NewFactor};
use crate::identity::second_factor::{Needed, RecoveryCode, TotpSecret};
use crate::identity::throttling::Purpose;
use crate::model::User;
use crate::model::factor::{FEW_RECOVERY_CODES, Second};
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::{Means, Onward, PendingLogin, SessionCookie, Then};

const PATH: &str = "/second-step";

#[derive(askama::Template)]
#[template(path = "second_step.html")]
struct CodePage {
    frame: Frame,
    csrf: String,
    login: String,
    whose: Person,
    /// A recovery code is asked for, and not one of an app.
    recovery: bool,
    /// Whether there are recovery codes to ask for.
    has_recovery: bool,
    /// The days that the browser may be trusted for, where it may be.
    trust: Option<u64>,
    problems: FieldTexts,
    work: Option<Work>,
}

#[derive(askama::Template)]
#[template(path = "second_step_add.html")]
struct AddPage {
    frame: Frame,
    csrf: String,
    login: String,
    /// The account must have a second factor: why it is asked for one while signing in.
    must: bool,
    picture: String,
    secret: String,
    name: String,
    problems: FieldTexts,
    /// Where somebody goes who adds none after all.
    back: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage {
    frame: Frame,
    /// One a line.
    codes: String,
    /// The codes as a file.
    file: String,
    href: String,
}

#[derive(askama::Template)]
#[template(path = "recovery_used.html")]
struct UsedPage {
    frame: Frame,
    left: String,
    few: bool,
    href: String,
}

/// Keeps a login until its second factor is proved, and leads to the page that asks for it.
pub(super) async fn ask(
    context: &Context,
    user: &User,
    login: (Then, Onward),
    needed: Needed,
) -> Result<Response, PageError> {
    let adding = (needed == Needed::Enrolment).then(|| context.app.accounts.draw_totp_secret().bytes().to_vec());
    let handle = context.app.flow.sessions.keep_pending(&context.visitor, user, login, adding).await?;
    redirect::local_with(&context.app.issuer.local(PATH), &[("login", &handle)])
}

/// Asks a sign-in for what it lacks, and then goes on.
pub(super) async fn raise(
    context: &Context,
    (user, sign_in): (&User, &SignIn),
    onward: Onward,
    needed: Needed,
) -> Result<Response, PageError> {
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    ask(context, user, (Then::Raise(sign_in.id), onward), needed).await
}

/// Refuses what a sign-in asks for that lacks what its account needs by now: a policy may ask for more than it did when the sign-in began. The answer leads
/// to what is missing, and from there back to the page, or to where such pages begin.
pub(super) async fn complete(
    context: &Context,
    (user, sign_in): (&User, &SignIn),
    home: &'static str,
) -> Result<(), Response> {
    let answer = async {
        match context.app.accounts.still_needed(user, &sign_in.acr, sign_in.leave).await? {
            Needed::Nothing(_) => Ok(None),
            needed => {
                let here = context.page().map_or_else(|| home.to_owned(), |here| here.as_str().to_owned());
                raise(context, (user, sign_in), Onward::Page(here), needed).await.map(Some)
            }
        }
    };
    match answer.await {
        Ok(None) => Ok(()),
        Ok(Some(elsewhere)) => Err(elsewhere),
        Err(error) => Err(error.into_response()),
    }
}

/// `GET /second-step`: of a login that waits; or of an app's request, which asks a sign-in for more than it has.
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    if let Some(flow) = params.get("flow") {
        return for_app(&context, flow).await;
    }
    let waiting = Waiting::find(&context, params.get("login").unwrap_or_default()).await?;
    waiting.show(params.names("recovery"), Params::default(), None).await
}

async fn for_app(context: &Context, flow: &str) -> Result<Response, PageError> {
    let view = context.app.flow.view(flow, &context.visitor).await?;
    let (Some(Page::SecondStep(needed)), Some(sign_in)) = (view.page(), view.candidate()) else {
        return redirect::to_dispatcher(&context.app, flow, Ok(()));
    };
    let user = context.app.accounts.find(sign_in.user).await?.ok_or(ProblemKind::FlowGone)?;
    raise(context, (&user, sign_in), Onward::Flow(view.authorization.id), needed).await
}

/// `POST /second-step`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let waiting = Waiting::find(&context, params.get("login").unwrap_or_default()).await?;
    match waiting.adding() {
        Some(secret) => waiting.add(&secret, params).await,
        None => waiting.prove(params).await,
    }
}

/// A login that waits, and whose it is.
struct Waiting<'a> {
    context: &'a Context,
    handle: String,
    pending: PendingLogin,
    user: User,
    flow: Option<FlowView>,
}

impl<'a> Waiting<'a> {
    /// That of this browser, as long as the account is as it was when it began.
    async fn find(context: &'a Context, handle: &str) -> Result<Self, PageError> {
        let found = context.app.flow.sessions.pending(&context.visitor, handle).await?;
        let pending = found.ok_or(ProblemKind::FlowGone)?;
        let user = context.app.accounts.find(pending.user).await?;
        let user = user.filter(|user| user.is_active() && user.epochs() == pending.epochs);
        let flow = match &pending.onward {
            Onward::Flow(id) => Some(context.app.flow.view(&id.to_string(), &context.visitor).await?),
            Onward::Page(_) => None,
        };
        Ok(Self { context, handle: handle.to_owned(), pending, user: user.ok_or(ProblemKind::FlowGone)?, flow })
    }

    fn adding(&self) -> Option<TotpSecret> {
        self.pending.adding.as_deref().and_then(TotpSecret::of)
    }

    const fn raises(&self) -> Option<crate::support::id::SignInId> {
        match self.pending.then {
            Then::Raise(id) => Some(id),
            Then::Begin(_) => None,
        }
    }

    async fn prove(self, params: Params) -> Result<Response, PageError> {
        let (context, typed) = (self.context, params.get("code").unwrap_or_default().to_owned());
        let origin = context.origin_of_guess(Purpose::Code, &params).await;
        let attempt = Attempt { typed: &typed, login: &self.handle, from: &origin };
        match context.app.accounts.prove_code(&self.user, &attempt).await {
            Ok(second) => {
                let trusts = params.get("trust") == Some("yes") && second == Second::Totp;
                let user = self.user.clone();
                self.finish(&user, second, trusts, Vec::new()).await
            }
            Err(rejected) => {
                let recovery = params.names("recovery");
                let shown = problems::of_code(context.texts(self.flow.as_ref()), recovery, rejected)?;
                self.show(recovery, params, Some(shown)).await
            }
        }
    }

    async fn add(self, secret: &TotpSecret, params: Params) -> Result<Response, PageError> {
        let context = self.context;
        let text = |name: &str| params.get(name).unwrap_or_default();
        let new = NewFactor { secret, name: text("name"), code: text("code") };
        match context.app.accounts.add_factor(&self.user, self.raises(), new).await {
            Ok(added) => self.finish(&added.user, Second::Totp, false, added.codes).await,
            Err(rejected) => {
                let shown = problems::of_factor(context.texts(self.flow.as_ref()), rejected)?;
                self.show(false, params, Some(shown)).await
            }
        }
    }

    /// The second factor is proved: the login is taken away, and what it was to lead to begins.
    async fn finish(
        self,
        user: &User,
        second: Second,
        trusts: bool,
        codes: Vec<RecoveryCode>,
    ) -> Result<Response, PageError> {
        let context = self.context;
        let sessions = &context.app.flow.sessions;
        let taken = sessions.take_pending(&context.visitor, &self.handle).await?;
        let PendingLogin { then, onward, epochs, .. } = taken.ok_or(ProblemKind::FlowGone)?;
        let cookie = match then {
            Then::Begin(first) => {
                let means = Means::Both { first: Box::new(first), second };
                self.begin(user, &onward, means).await?
            }
            Then::Raise(id) => {
                let raised = sessions.raise(&context.visitor, (id, epochs), (user, second)).await?;
                raised.ok_or(ProblemKind::FlowGone)?
            }
        };
        if trusts && self.may_trust().await?.is_some() {
            sessions.trust(&context.visitor, user).await?;
        }
        let answer = self.afterwards(user, second, &onward, codes).await?;
        Ok(context.with_session(answer, &cookie))
    }

    async fn begin(&self, user: &User, onward: &Onward, means: Means) -> Result<SessionCookie, PageError> {
        let mut visitor = self.context.visitor.clone();
        visitor.remember = self.pending.remember;
        onward::sign_in((self.context, &visitor), user, onward, (means, None)).await
    }

    /// What is shown once before the browser goes on.
    async fn afterwards(
        &self,
        user: &User,
        second: Second,
        onward: &Onward,
        codes: Vec<RecoveryCode>,
    ) -> Result<Response, PageError> {
        let context = self.context;
        let local = |path: &str| context.app.issuer.local(path);
        let href = match onward {
            Onward::Flow(id) => local(&format!("/continue?flow={id}")),
            Onward::Page(path) => local(path),
        };
        let frame = Frame::at(context, context.locale_for(self.flow.as_ref()), "/account".to_owned());
        if !codes.is_empty() {
            return Ok(leading_to_app(codes_page(frame, &codes, href), self.flow.as_ref()));
        }
        if second != Second::RecoveryCode {
            return onward::way(context, onward);
        }
        let left = context.app.accounts.factors(user.id).await?.recovery_codes;
        let few = left <= FEW_RECOVERY_CODES;
        let shown = UsedPage { left: frame.t.with(keys::second_step::LEFT, "n", &left.to_string()), few, href, frame };
        Ok(leading_to_app(page(&shown, &shown.frame), self.flow.as_ref()))
    }

    /// The days for which the browser may be trusted, where the account may do so.
    async fn may_trust(&self) -> Result<Option<u64>, PageError> {
        let days = self.context.app.policies.sign_in().await?.trust_browser.as_secs() / 86_400;
        let may = days > 0 && self.user.roles.is_empty() && self.raises().is_none();
        Ok(may.then_some(days))
    }

    /// The page that asks.
    async fn show(self, recovery: bool, typed: Params, problem: Option<Shown>) -> Result<Response, PageError> {
        let (context, flow) = (self.context, self.flow.as_ref());
        let asks_work = problem.as_ref().is_some_and(|shown| shown.asks_work);
        let (problems, manner) = Shown::parts(problem);
        let frame = Frame::at(context, context.locale_for(flow), format!("{PATH}?login={}", self.handle));
        let (csrf, login) = (context.csrf(PATH), self.handle.clone());
        let response = if let Some(secret) = self.adding() {
            let link = secret.link(&frame.service, self.user.email.as_str());
            let shown = AddPage {
                csrf,
                login,
                must: context.app.accounts.must_have_one(&self.user).await?,
                picture: qr::svg(&link).unwrap_or_default(),
                secret: secret.in_groups(),
                name: typed.get("name").map_or_else(|| frame.t.get(keys::second_step::NAME_DEFAULT), str::to_owned),
                problems,
                back: self.back(),
                frame,
            };
            manner.answer(&shown, &shown.frame)
        } else {
            let shown = CodePage {
                csrf,
                login,
                whose: Person::of(&self.user),
                recovery,
                has_recovery: context.app.accounts.factors(self.user.id).await?.recovery_codes > 0,
                trust: if recovery { None } else { self.may_trust().await? },
                problems,
                work: Work::ask(context, frame.t, Purpose::Code, asks_work).await,
                frame,
            };
            work::with_worker(manner.answer(&shown, &shown.frame), shown.work.as_ref())
        };
        Ok(leading_to_app(response, flow))
    }

    /// Back to the page of an account's own that began it, where nothing makes somebody add an app.
    fn back(&self) -> Option<String> {
        match &self.pending.onward {
            Onward::Page(path) if self.raises().is_some() && path.starts_with("/account/") => {
                Some(self.context.app.issuer.local(path))
            }
            _ => None,
        }
    }
}

/// The page that shows recovery codes, once.
pub(super) fn codes_page(frame: Frame, codes: &[RecoveryCode], href: String) -> Response {
    let codes: Vec<String> = codes.iter().map(RecoveryCode::shown).collect();
    let head = frame.t.with(keys::second_step::CODES_FILE, "service", &frame.service);
    let text = format!("{head}\r\n\r\n{}\r\n", codes.join("\r\n"));
    let file = format!("data:text/plain;charset=utf-8,{}", encoded(&text));
    let shown = CodesPage { codes: codes.join("\n"), file, href, frame };
    page(&shown, &shown.frame)
}

/// As a data URL has it: a form's `+` would be a plus there.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
