//! "Confirm that it is you": what an end-user is asked before a form that needs a recent proof does what it says.
//!
//! Owns the page that asks, for the password or a visit to a provider, whichever the account has, and the way back to the form, which is kept
//! as it was sent. Leaves what counts as a proof to `identity`, and what the provider says to `upstream`.

use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::frame::{Frame, page};
use super::kept_form::{self, KeptForm};
use super::own_form::{CONSOLE, OwnForm, Owner};
use super::problems::{self, FieldTexts, Manner, Shown};
use super::providers::{Button, Way, label, link};
use super::section;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::identity::RecentProof;
use crate::model::User;
use crate::model::connection::{Connection, Slug};
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::SessionCookie;
use crate::support::Timestamp;

/// Where a visit to a provider waits that was begun by a link.
pub(super) const VISIT_PATH: &str = "/account/confirm";

#[derive(askama::Template)]
#[template(path = "step_up.html")]
struct StepUpPage {
    frame: Frame,
    email: String,
    /// Where the form goes once the account is proved.
    action: String,
    csrf: String,
    kept: String,
    by_password: bool,
    providers: Vec<Button>,
    /// The providers of the account that cannot prove it.
    unable: String,
    back: String,
    problems: FieldTexts,
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

/// A recent proof, and the cookie of the session that remembers it from now on.
pub(super) struct Proved {
    pub(super) proof: RecentProof,
    cookie: Option<SessionCookie>,
}

impl Proved {
    /// What the end-user is answered: the new cookie goes along, whatever it is.
    pub(super) fn answer(self, context: &Context, answer: Result<Response, PageError>) -> Response {
        let response = answer.unwrap_or_else(IntoResponse::into_response);
        match self.cookie {
            Some(cookie) => context.with_session(response, &cookie),
            None => response,
        }
    }
}

/// The proof that a form needs: of the sign-in where it is recent enough, else of the password that was typed; or the page that asks for one.
pub(super) async fn proof<O: Owner>(
    context: &Context,
    form: &OwnForm<O>,
) -> Result<Result<Proved, Response>, PageError> {
    let (sign_in, user) = (form.owner.sign_in(), form.owner.user());
    let accounts = &context.app.accounts;
    let asking = Asking { context, sign_in, user, path: &form.path };
    if let Some(proof) = accounts.recent_proof(sign_in) {
        if let Some(waited) = &form.waited {
            kept_form::spend(context, &waited.handle).await?;
        }
        return Ok(Ok(Proved { proof, cookie: None }));
    }
    let Some(waited) = &form.waited else {
        let kept = kept_form::keep(context, sign_in, &form.path, &form.params).await?;
        return asking.page(kept, Shown::asking()).await.map(Err);
    };
    let proved = match accounts.prove(user, &waited.password, &context.origin()).await {
        Ok((_, proof)) => proof.given_in(sign_in),
        Err(rejected) => {
            let shown = problems::of_confirmation(context.texts(None), rejected)?;
            return asking.page(waited.handle.clone(), shown).await.map(Err);
        }
    };
    kept_form::spend(context, &waited.handle).await?;
    let cookie = context.app.flow.sessions.proved(&context.visitor, sign_in.id, proved.at()).await?;
    Ok(Ok(Proved { proof: proved, cookie }))
}

/// The page that asks for a proof before an end-user visits a provider.
pub(super) async fn before_visit(context: &Context, sign_in: &SignIn, params: &Params) -> Result<Response, PageError> {
    let user = context.app.accounts.find(sign_in.user).await?.ok_or(ProblemKind::Forbidden)?;
    let kept = kept_form::keep(context, sign_in, VISIT_PATH, params).await?;
    Asking { context, sign_in, user: &user, path: VISIT_PATH }.page(kept, Shown::asking()).await
}

/// The account proved itself at a provider: the session remembers it, and what waited goes on.
pub(super) async fn proved_elsewhere(
    context: &Context,
    sign_in: &SignIn,
    (kept, at): (&str, Timestamp),
) -> Result<Response, PageError> {
    let cookie = context.app.flow.sessions.proved(&context.visitor, sign_in.id, at).await?;
    let answer = match kept_form::find(context, sign_in.id, kept).await? {
        Some(form) => confirmed(context, next(context, sign_in, (kept, &form))),
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
        Some(next) => confirmed(context, next),
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

fn confirmed(context: &Context, next: Next) -> Response {
    let mut frame = Frame::of(context, context.locale.0);
    // The address of this page is spent.
    "/account".clone_into(&mut frame.here);
    let shown = ConfirmedPage { frame, next };
    page(&shown, &shown.frame)
}

/// Who is asked, and for what.
struct Asking<'a> {
    context: &'a Context,
    sign_in: &'a SignIn,
    user: &'a User,
    path: &'a str,
}

impl Asking<'_> {
    async fn page(&self, kept: String, shown: Shown) -> Result<Response, PageError> {
        let context = self.context;
        let (problems, manner): (FieldTexts, Manner) = Shown::parts(Some(shown));
        let by_password = context.app.stores.users.password(self.user.id).await?.is_some();
        let (able, unable) = self.providers().await?;
        let way = Way::Confirm { sign_in: self.sign_in, kept: &kept };
        let button = |connection: &Connection| {
            Button::of(context, None, connection, link(context, connection.slug.as_str(), way))
        };
        let providers = able.iter().filter_map(button).collect();
        let mut frame = Frame::of(context, context.locale.0);
        let back = if self.path.starts_with("/admin") { CONSOLE } else { section::page_of(self.path) };
        back.clone_into(&mut frame.here);
        let names: Vec<String> = unable.iter().map(|connection| label(connection, frame.t)).collect();
        let page = StepUpPage {
            email: self.user.email.to_string(),
            action: context.app.issuer.local(self.path),
            csrf: context.csrf_of(self.sign_in, self.path),
            kept,
            by_password,
            providers,
            unable: names.join(", "),
            back: context.app.issuer.local(back),
            problems,
            frame,
        };
        Ok(manner.answer(&page, &page.frame))
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
