//! Groups, and roles in apps: the lists. The pages of both are the same but for their words.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::done::Done;
use super::listing::{AFTER, PAGE, Ways};
use super::room::Room;
use super::shell::Shell;
use crate::admin::Permission;
use crate::admin::affiliations::{self, Defined, Definition, GroupResource, RoleResource};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::support::id::AffiliationId;

pub mod create;
pub mod delete;
mod form;
pub mod one;

use form::Typed;

const CREATED: Done = Done::new("created", keys::groups::CREATED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ADDED: Done = Done::new("added", keys::groups::ADDED);
const REMOVED: Done = Done::new("removed", keys::groups::REMOVED);
const DELETED: Done = Done::new("deleted", keys::groups::DELETED);

/// What is said of them.
const DONE: &[Done] = &[CREATED, SAVED, ADDED, REMOVED, DELETED];
/// What narrows a list down.
const KEPT: &[&str] = &["q"];

/// Where the pages of one of the two are, and their words.
#[derive(Debug)]
pub struct Side {
    list: &'static str,
    room: Room,
    title: Key,
    intro: Key,
    empty: Key,
    add: Key,
    members: Key,
    delete: Key,
}

/// One of the two, with its pages.
pub trait Sided: Definition + Typed {
    /// Where they are, and their words.
    const SIDE: &'static Side;
}

impl Sided for GroupResource {
    const SIDE: &'static Side = &Side {
        list: "/admin/groups",
        room: Room::Groups,
        title: keys::groups::TITLE,
        intro: keys::groups::INTRO,
        empty: keys::groups::EMPTY,
        add: keys::groups::ADD,
        members: keys::groups::MEMBERS_HINT,
        delete: keys::groups::DELETE_GROUP,
    };
}

impl Sided for RoleResource {
    const SIDE: &'static Side = &Side {
        list: "/admin/roles",
        room: Room::Roles,
        title: keys::groups::ROLES_TITLE,
        intro: keys::groups::ROLES_INTRO,
        empty: keys::groups::ROLES_EMPTY,
        add: keys::groups::ROLES_ADD,
        members: keys::groups::HOLDERS_HINT,
        delete: keys::groups::DELETE_ROLE,
    };
}

#[derive(askama::Template)]
#[template(path = "admin/groups/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    side: &'static Side,
    may_change: bool,
    q: String,
    rows: Vec<Row>,
    ways: Ways,
    done: Option<String>,
}

/// One of them in the list.
struct Row {
    path: String,
    label: String,
    key: String,
    about: String,
}

/// `GET /admin/groups`, `GET /admin/roles`
pub async fn get<D: Sided>(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let q = params.get("q").map(str::trim).filter(|text| !text.is_empty());
    let found =
        affiliations::list::<D>(&context.app.admin, &administrator.authority, (q, params.get(AFTER)), PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|last| last.affiliation.key());
    let frame = Frame::of(&context, context.locale.0);
    let row = |Defined { affiliation: one, roles }: &Defined| Row {
        path: path_of::<D>(one.id),
        label: one.label_in(frame.t.locale()).to_owned(),
        key: one.key(),
        about: if one.description.is_empty() { roles.join(", ") } else { one.description.clone() },
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, D::SIDE.room),
        side: D::SIDE,
        may_change: administrator.may(Permission::WriteGroups),
        q: q.unwrap_or_default().to_owned(),
        rows: found.items.iter().map(row).collect(),
        ways: Ways::of(D::SIDE.list, &params, KEPT, next.as_deref()),
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// The page of one of them.
fn path_of<D: Sided>(id: AffiliationId) -> String {
    format!("{}/{id}", D::SIDE.list)
}

/// What surrounds a page behind the list.
fn shell<D: Sided>(context: &Context, administrator: &Administrator, name: &str) -> Shell {
    Shell::of(context, administrator, D::SIDE.room).further(D::SIDE.list, name)
}

/// The one that a path names.
async fn named<D: Sided>(context: &Context, administrator: &Administrator, id: &str) -> Result<Defined, PageError> {
    let id: AffiliationId = id.parse().map_err(|_| ProblemKind::NotFound)?;
    let found = affiliations::find::<D>(&context.app.admin, &administrator.authority, &id.to_string()).await?;
    Ok(found.ok_or(ProblemKind::NotFound)?)
}
