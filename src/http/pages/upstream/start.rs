//! The way to a provider.

use axum::extract::Path;
use axum::response::Response;

use super::super::account::AccountOwner;
use super::super::admin::Administrator;
use super::super::context::Context;
use super::super::own_form::{Owner, still_in_use};
use super::super::step_up;
use super::outcome;
use crate::flow::FlowView;
use crate::http::csrf::{self, DrawnFor};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::{Problem, ProblemKind};
use crate::http::redirect;
use crate::model::connection::{Connection, Slug};
use crate::protocol::Params;
use crate::protocol::claims::ClaimRequest;
use crate::upstream::{Begin, Hints, LoginPurpose};

/// `GET /upstream/{slug}/start`
pub async fn get(
    context: Context,
    Path(slug): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let slug = Slug::parse(&slug).map_err(|_| ProblemKind::NotFound)?;
    let stale = |_| {
        let mut problem = Problem::new(ProblemKind::StaleForm);
        problem.go_on = Some("/login".to_owned());
        PageError(problem)
    };
    let path = format!("/upstream/{slug}/start");
    let drawn_for = csrf::drawn_for(&context.app, &context.browser, &path, &params).map_err(stale)?;
    let connection = context.app.stores.connections.find_by_slug(&slug).await?.ok_or(ProblemKind::NotFound)?;
    let flow = context.flow(params.get("flow")).await?;
    let purpose = match purpose(&context, (&slug, flow.as_ref()), (&params, drawn_for)).await? {
        Ok(purpose) => purpose,
        Err(elsewhere) => return Ok(elsewhere),
    };
    go(&context, &connection, purpose, flow.as_ref()).await
}

/// Sends the user to the provider.
pub(in super::super) async fn go(
    context: &Context,
    connection: &Connection,
    purpose: LoginPurpose,
    flow: Option<&FlowView>,
) -> Result<Response, PageError> {
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let hints = hints(context, flow);
    let begin = Begin { purpose, hints, visitor: &context.visitor };
    match context.app.upstream.start(connection, begin).await {
        Ok(url) => Ok(redirect::see_other(url.as_str())),
        Err(failed) => outcome::failed(context, failed).await,
    }
}

async fn purpose(
    context: &Context,
    (slug, flow): (&Slug, Option<&FlowView>),
    (params, drawn_for): (&Params, DrawnFor),
) -> Result<Result<LoginPurpose, Response>, PageError> {
    let flow = flow.map(|view| view.authorization.id);
    match (params.get("purpose"), drawn_for) {
        (Some(purpose @ ("link" | "test" | "confirm")), _) => {
            of_sign_in(context, slug, (params, purpose), drawn_for).await
        }
        (_, DrawnFor::SignIn(_)) => Err(ProblemKind::StaleForm.into()),
        (Some("prove"), DrawnFor::Browser) => {
            let waiting = params.get("waiting").unwrap_or_default().to_owned();
            Ok(Ok(LoginPurpose::Prove { flow, waiting }))
        }
        (_, DrawnFor::Browser) => Ok(Ok(LoginPurpose::SignIn { flow })),
    }
}

/// What the account that is signed in is sent to the provider for, where the link was drawn for it.
async fn of_sign_in(
    context: &Context,
    slug: &Slug,
    (params, purpose): (&Params, &str),
    drawn_for: DrawnFor,
) -> Result<Result<LoginPurpose, Response>, PageError> {
    let home = if purpose == "test" { Administrator::HOME } else { AccountOwner::HOME };
    let sign_in = match still_in_use(context, drawn_for, home).await {
        Ok(sign_in) => sign_in,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    if purpose == "confirm" {
        let kept = params.get("waiting").unwrap_or_default().to_owned();
        return Ok(Ok(LoginPurpose::Confirm { user: sign_in.user, sign_in: sign_in.id, kept }));
    }
    if context.app.accounts.proof_in(&sign_in).await?.is_none() {
        let visit = [("slug", slug.as_str()), ("purpose", purpose)];
        let visit = Params::from_pairs(visit).map_err(|_| ProblemKind::BadRequest)?;
        return step_up::before_visit(context, &sign_in, &visit).await.map(Err);
    }
    if purpose == "link" {
        return Ok(Ok(LoginPurpose::Link { user: sign_in.user, sign_in: sign_in.id }));
    }
    let user = context.app.accounts.find(sign_in.user).await?;
    let administrator = user.filter(crate::model::User::is_administrator).ok_or(ProblemKind::Forbidden)?;
    Ok(Ok(LoginPurpose::Test { user: administrator.id }))
}

/// What the app's request means for the provider.
fn hints(context: &Context, flow: Option<&FlowView>) -> Hints {
    let Some(view) = flow else {
        return Hints { locale: Some(context.locale.0), ..Hints::default() };
    };
    let request = &view.authorization.request;
    let demanded = request.claims.id_token.get("acr").and_then(Option::as_ref);
    let demanded = demanded.into_iter().flat_map(ClaimRequest::wanted_texts).map(str::to_owned);
    Hints {
        login_hint: view.login_hint().map(str::to_owned),
        max_age: request.max_age,
        login: request.prompt.login || view.is_asked_again(),
        select_account: request.prompt.select_account || view.authorization.progress.another_account,
        locale: Some(context.locale_for(flow)),
        acr_values: demanded.chain(request.acr_values.iter().cloned()).collect(),
    }
}

/// The connection that an app's request leads to without a choice, by name or by the domain of the address it gives; once.
pub(in super::super) fn routed<'a>(view: &FlowView, offered: &'a [Connection]) -> Option<&'a Connection> {
    if view.authorization.progress.sent_upstream {
        return None;
    }
    let hint = view.authorization.request.connection_hint.as_deref();
    let by_name = hint.and_then(|hint| offered.iter().find(|connection| connection.slug.as_str() == hint));
    by_name.or_else(|| by_domain(view.login_hint()?, offered))
}

/// The connection that an address is routed to.
pub(in super::super) fn by_domain<'a>(address: &str, offered: &'a [Connection]) -> Option<&'a Connection> {
    let (_, domain) = address.rsplit_once('@')?;
    let routes =
        |connection: &&Connection| connection.routed_domains.iter().any(|one| one.eq_ignore_ascii_case(domain));
    offered.iter().find(routes)
}
