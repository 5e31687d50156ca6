//! An account with the address is there already: its owner proves to be that before the two are linked.

use crate::i18n::keys;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, leading_to_app, page};
use super::super::problems::{self, Shown};
use super::super::proven;
use super::super::providers::{Button, Way, label, link};
use super::super::work::{self, Work};
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect::encoded;
use crate::identity::throttling::Purpose;
use crate::model::User;
use crate::model::connection::Connection;
use crate::sessions::Means;
use crate::support::Secret;
use crate::upstream::PendingLink;

#[derive(askama::Template)]
#[template(path = "upstream_confirm.html")]
struct ConfirmPage {
    frame: Frame,
    provider: String,
    email: String,
    csrf: String,
    waiting: String,
    problem: Option<String>,
    wrong: bool,
    work: Option<Work>,
    /// The account can be proved by its password.
    passwords: bool,
    others: Vec<Button>,
    other_ways: String,
}

/// `GET /upstream/confirm`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let waiting = params.get("waiting").unwrap_or_default();
    let (waits, view) = find(&context, waiting).await?;
    show(&context, waiting, &waits, view.as_ref(), None).await
}

/// `POST /upstream/confirm`: the password of the account.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let waiting = params.get("waiting").unwrap_or_default();
    let (waits, view) = find(&context, waiting).await?;
    let password = Secret::from(params.get("password").unwrap_or_default());
    let owner = match waits.owner {
        Some(owner) => context.app.accounts.find(owner).await?.ok_or(ProblemKind::FlowGone)?,
        None => return Err(ProblemKind::FlowGone.into()),
    };
    let from = context.origin_of_guess(Purpose::Password, params.get("work")).await;
    match context.app.accounts.prove_to_sign_in(&owner, &password, &from).await {
        Ok((user, proof)) => {
            let with = context.return_context(view.as_ref()).await?;
            // Where it was answered in another tab meanwhile, the user is signed in all the same: they gave their password.
            context.app.upstream.owner_proved(waiting, &proof, &with).await?;
            proven::go_on_as(&context, &user, view.as_ref(), Means::Password).await
        }
        Err(rejected) => {
            let shown = problems::of_proof(context.texts(view.as_ref()), rejected)?;
            work::kept(&context, &from, params.get("work"), &shown).await;
            show(&context, waiting, &waits, view.as_ref(), Some(shown)).await
        }
    }
}

async fn find(context: &Context, waiting: &str) -> Result<(PendingLink, Option<FlowView>), PageError> {
    let waits = context.app.upstream.pending_link(waiting, &context.visitor).await?;
    let waits = waits.filter(|waits| waits.owner.is_some()).ok_or(ProblemKind::FlowGone)?;
    let view = context.flow(waits.flow.map(|flow| flow.to_string()).as_deref()).await?;
    Ok((waits, view))
}

async fn show(
    context: &Context,
    waiting: &str,
    waits: &PendingLink,
    view: Option<&FlowView>,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let offered = context.app.upstream.offered().await?;
    let from = offered.iter().find(|connection| connection.id == waits.connection);
    let from = from.ok_or(ProblemKind::FlowGone)?;
    let wrong = problem.as_ref().is_some_and(|shown| shown.typed_wrong);
    let email = waits.email.as_ref().map(ToString::to_string).unwrap_or_default();
    let due =
        work::held_up(problem.as_ref()) || context.app.accounts.password_asks_work(&email, &context.origin()).await?;
    let (texts, manner) = Shown::parts(problem);
    let flow = view.map(FlowView::id);
    // All that can prove an account, whichever this one has: which those are is not told before anything is proved.
    let mut others = Vec::new();
    for connection in offered.iter().filter(|connection| connection.id != waits.connection) {
        if context.app.upstream.can_prove(connection).await {
            others.push(connection);
        }
    }
    let way = |connection: &Connection| {
        let way = Way::Prove { flow: flow.as_deref(), waiting };
        Button::of(context.texts(view), connection, link(context, connection.slug.as_str(), way))
    };
    let query = flow.as_ref().map(|flow| format!("?flow={}", encoded(flow))).unwrap_or_default();
    let here = format!("/upstream/confirm?waiting={}", encoded(waiting));
    let frame = Frame::at(context, context.locale_for(view), here);
    let page = ConfirmPage {
        provider: label(from, frame.t),
        email,
        csrf: context.csrf("/upstream/confirm"),
        waiting: waiting.to_owned(),
        problem: texts.summary,
        wrong,
        work: Work::ask(context, context.texts(view), Purpose::Password, due).await,
        passwords: context.app.policies.current().await?.sign_in.passwords,
        others: others.into_iter().filter_map(way).collect(),
        other_ways: context.app.issuer.local(&format!("/login{query}")),
        frame,
    };
    Ok(leading_to_app(work::with_worker(manner.answer(&page, &page.frame), page.work.is_some()), view))
}

/// The page as it is looked at.
pub(in super::super) fn sample(frame: Frame, user: &User) -> Response {
    let shown = ConfirmPage {
        provider: frame.t.get(keys::branding::SAMPLE_PROVIDER),
        email: user.email.to_string(),
        csrf: String::new(),
        waiting: String::new(),
        problem: None,
        wrong: false,
        work: None,
        passwords: true,
        others: Vec::new(),
        other_ways: String::new(),
        frame,
    };
    page(&shown, &shown.frame)
}
