//! Which apps have access to a person's account.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::consent::words_of;
use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::moments::day;
use super::super::super::own_form::OwnForm;
use super::super::super::view::AppBadge;
use super::super::done::Done;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::person::{Tab, head_of, named, path_of, shell};
use super::{DONE, WITHDRAWN};
use crate::admin::{Permission, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::identity::accounts::AppAccess;
use crate::model::client::ClientId;

#[derive(askama::Template)]
#[template(path = "admin/people/apps.html")]
struct AppsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_end: bool,
    /// The names of apps lead to their pages.
    may_read_apps: bool,
    rows: Vec<Row>,
    csrf: String,
    done: Option<String>,
}

/// An app with access.
struct Row {
    badge: AppBadge,
    client: String,
    scopes: String,
    since: String,
    asked: bool,
}

/// `GET /admin/people/{id}/apps`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let found = users::apps(&context.app.admin, &administrator.authority, user.id).await?;
    let in_words = |scope: &str| words_of(scope).map_or_else(|| scope.to_owned(), |words| frame.t.get(words.what));
    let row = |app: &AppAccess| Row {
        badge: AppBadge::of(&app.client, frame.t.locale()),
        client: app.client.id.to_string(),
        scopes: app.scope.iter().map(in_words).collect::<Vec<_>>().join(", "),
        since: day(app.since),
        asked: app.asked,
    };
    let shown = AppsPage {
        shell: shell(&context, &administrator, &user),
        head: head_of((&context, &administrator), frame.t, &user, Tab::Apps).await?,
        may_end: administrator.may_on_person(Permission::RevokeSessions, &user),
        may_read_apps: administrator.may(Permission::ReadClients),
        rows: found.iter().map(row).collect(),
        csrf: administrator.csrf(&context, &format!("{}/apps", path_of(user.id))),
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/people/{id}/apps`: takes the access of one away.
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let user = named(&context, &form.owner, &id).await?;
    let client = ClientId::parse(form.params.get("client").unwrap_or_default()).map_err(|_| ProblemKind::BadRequest)?;
    confirmed(&context, &form, async |authority| {
        users::withdraw(&context.app.admin, authority, user.id, client).await?;
        Ok(WITHDRAWN.go(&context, &format!("{}/apps", path_of(user.id))))
    })
    .await
}
