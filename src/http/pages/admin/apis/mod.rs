//! APIs, which tokens are for: the list.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::Administrator;
use super::done::Done;
use super::listing::{AFTER, Choice, Order, Place, Ways};
use super::room::Room;
use super::several::{self, Listed, Together};
use super::shell::Shell;
use crate::admin::apis::{self, ApiSearch};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, keys};
use crate::model::Api;
use crate::support::id::ApiId;

pub mod apps;
pub mod create;
pub mod definition;
pub mod delete;
mod form;
mod object;
pub(super) mod offered;
mod one;
pub mod scopes;

pub(super) use one::path_of;

const LIST: &str = "/admin/apis";
const CREATED: Done = Done::new("created", keys::apis::CREATED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ADDED: Done = Done::new("added", keys::apis::APP_ADDED);
const REMOVED: Done = Done::new("removed", keys::apis::APP_REMOVED);
const DELETED: Done = Done::new("deleted", keys::apis::DELETED);

/// What is said of them.
const DONE: &[Done] = &[CREATED, SAVED, ADDED, REMOVED, DELETED, super::release::RELEASED];
/// What narrows the list down.
const KEPT: &[&str] = &["q", "sort"];

#[derive(askama::Template)]
#[template(path = "admin/apis/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    q: String,
    orders: Vec<Choice>,
    rows: Vec<Row>,
    ways: Ways,
    csrf: String,
    done: Option<String>,
}

/// One of them in the list.
struct Row {
    id: String,
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
    // There are few.
    let found = apis::list(&context.app.admin, &administrator.authority, (search, None), u32::MAX).await?;
    let frame = Frame::of(&context, context.locale.0);
    let place = |api: &Api| Place {
        key: api.resource.as_str().to_owned(),
        name: api.name_in(frame.t.locale()).to_owned(),
        id: api.id.to_string(),
    };
    let (listed, next) = Order::asked(&params).page(found.items, place, params.get(AFTER));
    let row = |api: &Api| Row {
        id: api.id.to_string(),
        path: path_of(api.id),
        name: api.name_in(frame.t.locale()).to_owned(),
        resource: api.resource.as_str().to_owned(),
        scopes: api.scopes.iter().map(|scope| scope.scope.as_str()).collect::<Vec<_>>().join(" "),
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Apis),
        may_change: administrator.may(Permission::WriteClients),
        q: q.unwrap_or_default().to_owned(),
        orders: Order::choices(frame.t, &params),
        rows: listed.iter().map(row).collect(),
        ways: Ways::of(LIST, &params, KEPT, next.as_deref()),
        csrf: several::csrf::<Api>(&context, &administrator),
        done: several::said(DONE, frame.t, &params),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

impl Listed for Api {
    const LIST: &'static str = LIST;
    const ROOM: Room = Room::Apis;
    const NEEDS: Permission = Permission::WriteClients;
    const DOES: &'static [Together] = &[Together::Delete];
    const LOST: Key = keys::apis::DELETE_LOST;
    type Id = ApiId;

    fn id(text: &str) -> Option<ApiId> {
        text.parse().ok()
    }

    async fn name(context: &Context, administrator: &Administrator, id: &ApiId) -> Result<Option<String>, Rejected> {
        let found = apis::find(&context.app.admin, &administrator.authority, &id.to_string()).await?;
        Ok(found.map(|api| format!("{} ({})", api.name, api.resource.as_str())))
    }

    async fn apply(context: &Context, authority: &ProvenAuthority, id: &ApiId, _: Together) -> Result<(), Rejected> {
        apis::delete(&context.app.admin, authority, *id).await
    }
}

/// `POST /admin/apis/several`: deletes every API that is picked.
pub async fn several(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    several::post::<Api>(&context, &form).await
}
