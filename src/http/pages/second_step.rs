//! The second step of a login: a code or a passkey of what the account has, or the one that it adds on the way because it must have one.
//!
//! Owns what is done with what was sent, and what leads on; the page that asks is in `page`, and what is added in `adding`. A login waits here as a sealed record of this browser
//! and is no session yet. Leaves what is needed to `identity`, the record to `sessions`, and what leads here to `proven` and to what asks an
//! account for more than its sign-in has.

use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::frame::{Frame, leading_to_app};
use super::own_form::SECOND_STEP;
use super::passkey::{self, Answer};
use super::problems;
use super::recovery_codes::{codes_page, used_page};
use super::{onward, passkey_offer};
use crate::flow::{FlowView, Page};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect;
use crate::identity::accounts::Attempt;
use crate::identity::second_factor::{Needed, RecoveryCode, TotpSecret};
use crate::identity::throttling::Purpose;
use crate::model::User;
use crate::model::factor::{Kinds, Second};
use crate::model::session::{Leave, SignIn};
use crate::protocol::Params;
use crate::sessions::{Adding, Means, Onward, PendingLogin, SessionCookie, Then};

mod adding;
mod away;
mod no_passkey;
mod page;

pub(super) use adding::sample as sample_adding;
pub(super) use away::Away;
pub(super) use no_passkey::sample as sample_no_passkey;
pub(super) use page::sample;

const PATH: &str = SECOND_STEP;
/// Where a code is asked for by mail.
pub(super) const MAIL_PATH: &str = "/second-step/mail";

/// Keeps a login until its second factor is proved, by one of these kinds, and leads to the page that asks for it.
pub(super) async fn ask(
    context: &Context,
    user: &User,
    login: (Then, Onward),
    (needed, kinds): (Needed, Kinds),
) -> Result<Response, PageError> {
    let enrols = needed == Needed::Enrolment;
    let awaited = if enrols { an_app(context) } else { Adding::default() };
    keep(context, user, login, Adding { enrols, kinds, ..awaited }).await
}

/// Leads a sign-in that proved its account just now to the page on which it adds an app.
pub(super) async fn add_app(context: &Context, user: &User, login: (Then, Onward)) -> Result<Response, PageError> {
    keep(context, user, login, an_app(context)).await
}

fn an_app(context: &Context) -> Adding {
    let secret = Some(context.app.accounts.draw_totp_secret().bytes().to_vec());
    Adding { secret, ..Adding::default() }
}

async fn keep(context: &Context, user: &User, login: (Then, Onward), awaited: Adding) -> Result<Response, PageError> {
    let handle = context.app.flow.sessions.keep_pending(&context.visitor, user, login, awaited).await?;
    redirect::local_with(&context.app.issuer.local(PATH), &[("login", &handle)])
}

/// Asks a sign-in for what it lacks, and then goes on. Where that is to be added, a proof of the account comes first: see [`adding`].
pub(super) async fn raise(
    context: &Context,
    (user, sign_in): (&User, &SignIn),
    onward: Onward,
    asked: (Needed, Kinds),
) -> Result<Response, PageError> {
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    ask(context, user, (Then::Raise(sign_in.id), onward), asked).await
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
                raise(context, (user, sign_in), Onward::Page(here), (needed, Kinds::ALL)).await.map(Some)
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
    let (Some(Page::SecondStep(needed, kinds)), Some(sign_in)) = (view.page(), view.candidate()) else {
        return redirect::to_dispatcher(&context.app, flow, Ok(()));
    };
    let user = context.app.accounts.find(sign_in.user).await?.ok_or(ProblemKind::FlowGone)?;
    raise(context, (&user, sign_in), Onward::Flow(view.authorization.id), (needed, kinds)).await
}

/// `POST /second-step`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let waiting = Waiting::find(&context, params.get("login").unwrap_or_default()).await?;
    match (waiting.adding(), Answer::of(&params)) {
        (Some(_), Some(sent)) if waiting.pending.enrols => waiting.add_passkey(&sent).await,
        (Some(secret), _) => waiting.add(&secret, params).await,
        (None, Some(sent)) => waiting.prove_by_passkey(&sent).await,
        (None, None) => waiting.prove(params).await,
    }
}

/// A login that waits, and whose it is.
pub(super) struct Waiting<'a> {
    context: &'a Context,
    pub(super) handle: String,
    pending: PendingLogin,
    pub(super) user: User,
    pub(super) flow: Option<FlowView>,
}

impl<'a> Waiting<'a> {
    /// That of this browser, as long as the account is as it was when it began.
    pub(super) async fn find(context: &'a Context, handle: &str) -> Result<Self, PageError> {
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
        let origin = context.origin_of_guess(Purpose::Code, params.get("work")).await;
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

    /// A passkey of the account, whose authenticator made sure of its user, is more than a second factor has to be.
    async fn prove_by_passkey(self, sent: &Answer) -> Result<Response, PageError> {
        let context = self.context;
        // Nobody guesses a signature; but each that is looked at costs one.
        context.app.throttle.admit_authorization(context.visitor.address).await?;
        let by = (&self.user, context.visitor.browser.digest());
        match context.app.passkeys.prove(by, &sent.ticket, &sent.answer).await {
            Ok((second, _)) => {
                let user = self.user.clone();
                self.finish(&user, second, false, Vec::new()).await
            }
            Err(why) => {
                let shown = passkey::refused(context.texts(self.flow.as_ref()), why)?;
                self.show(false, Params::default(), Some(shown)).await
            }
        }
    }

    /// The second factor is proved: the login is taken away, and what it was to lead to begins.
    pub(super) async fn finish(
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
        let mut suits = false;
        let cookie = match then {
            Then::Begin(first) => {
                suits = passkey_offer::suits(&first, self.pending.makes_passkeys);
                let means = Means::Both { first: Box::new(first), second };
                let leave = (second == Second::MailedCode).then_some(Leave::MailedCode);
                self.begin(user, &onward, (means, leave)).await?
            }
            Then::Raise(id) => {
                let raised = sessions.raise(&context.visitor, (id, epochs), (user, second)).await?;
                raised.ok_or(ProblemKind::FlowGone)?
            }
        };
        if trusts && self.may_trust().await?.is_some() {
            let has = context.app.accounts.factors(user.id).await?.all;
            sessions.trust(&context.visitor, user, &has).await?;
        }
        let answer = self.afterwards((user, suits), second, &onward, codes).await?;
        Ok(context.with_session(answer, &cookie))
    }

    async fn begin(
        &self,
        user: &User,
        onward: &Onward,
        means: (Means, Option<Leave>),
    ) -> Result<SessionCookie, PageError> {
        let mut visitor = self.context.visitor.clone();
        visitor.remember = self.pending.remember;
        onward::sign_in((self.context, &visitor), user, onward, means).await
    }

    /// Whether a code may be mailed to the account in place of a second factor. Where the first rests on mail, too, that would be one channel twice; and who is signed
    /// in already is let through by it where the policy asks, and comes no nearer to what an app demands.
    pub(super) async fn may_be_mailed_a_code(&self) -> Result<bool, PageError> {
        let accounts = &self.context.app.accounts;
        if !self.pending.enrols {
            return Ok(false);
        }
        let helps = match &self.pending.then {
            Then::Begin(first) => !first.rests_on_mail(),
            Then::Raise(id) => {
                let session = self.context.session().await?;
                match session.sign_ins.iter().find(|sign_in| sign_in.id == *id && !sign_in.rests_on_mail) {
                    Some(one) => accounts.still_needed(&self.user, &one.acr, one.leave).await? == Needed::Enrolment,
                    None => false,
                }
            }
        };
        Ok(helps && accounts.may_be_mailed_a_code(&self.user).await?)
    }

    /// What is shown once before the browser goes on.
    async fn afterwards(
        &self,
        (user, suits): (&User, bool),
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
            return passkey_offer::on_the_way(context, user, onward, suits).await;
        }
        let left = context.app.accounts.factors(user.id).await?.recovery_codes;
        Ok(leading_to_app(used_page(frame, left, href), self.flow.as_ref()))
    }

    /// The days for which the browser may be trusted, where the account may do so.
    async fn may_trust(&self) -> Result<Option<u64>, PageError> {
        let days = self.context.app.policies.sign_in().await?.trust_browser.as_secs() / 86_400;
        let may = days > 0 && !self.user.has_roles() && self.raises().is_none();
        Ok(may.then_some(days))
    }
}
