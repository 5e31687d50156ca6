//! APIs, which tokens are for: the list.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::done::Done;
use super::listing::{AFTER, PAGE, Ways};
use super::room::Room;
use super::shell::Shell;
use crate::admin::Permission;
use crate::admin::apis::{self, ApiSearch};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::Api;

pub mod apps;
pub mod create;
pub mod definition;
pub mod delete;
pub mod document;
mod form;
pub mod history;
pub(super) mod offered;
mod one;
pub mod scopes;

use one::path_of;

const LIST: &str = "/admin/apis";
const CREATED: Done = Done::new("created", keys::apis::CREATED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ADDED: Done = Done::new("added", keys::apis::APP_ADDED);
const REMOVED: Done = Done::new("removed", keys::apis::APP_REMOVED);
const DELETED: Done = Done::new("deleted", keys::apis::DELETED);

/// What is said of them.
const DONE: &[Done] = &[CREATED, SAVED, ADDED, REMOVED, DELETED, super::release::RELEASED];
/// What narrows the list down.
const KEPT: &[&str] = &["q"];

#[derive(askama::Template)]
#[template(path = "admin/apis/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    q: String,
    rows: Vec<Row>,
    ways: Ways,
    done: Option<String>,
}

/// One of them in the list.
struct Row {
    path: String,
    name: String,
    resource: String,
    /// Its scopes, separated by spaces.
    scopes: String,
}

/// `GET /admin/apis`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let q = params.get("q").map(str::trim).filter(|text| !text.is_empty());
    let search = ApiSearch { text: q, resource: None };
    let asked = (search, params.get(AFTER));
    let found = apis::list(&context.app.admin, &administrator.authority, asked, PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|last| last.resource.as_str());
    let frame = Frame::of(&context, context.locale.0);
    let row = |api: &Api| Row {
        path: path_of(api.id),
        name: api.name_in(frame.t.locale()).to_owned(),
        resource: api.resource.as_str().to_owned(),
        scopes: api.scopes.iter().map(|scope| scope.scope.as_str()).collect::<Vec<_>>().join(" "),
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Apis),
        may_change: administrator.may(Permission::WriteClients),
        q: q.unwrap_or_default().to_owned(),
        rows: found.items.iter().map(row).collect(),
        ways: Ways::of(LIST, &params, KEPT, next),
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
