//! Groups, and roles in apps: the lists. The pages of both are the same but for their words.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::Administrator;
use super::done::Done;
use super::head::{Head, Tab};
use super::listing::{AFTER, Choice, Order, Place, Ways};
use super::managers::TAB as MANAGERS;
use super::release::RELEASED;
use super::room::Room;
use super::several::{self, Listed, Together};
use super::shell::Shell;
use crate::admin::affiliations::{self, Defined, Definition, GroupResource, RoleResource};
use crate::admin::declared::DeclaredKind;
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, keys};
use crate::model::{Affiliation, AffiliationKind};
use crate::support::id::AffiliationId;

pub mod create;
pub mod delete;
mod form;
pub mod managers;
pub mod object;
pub mod one;

use form::Typed;

const CREATED: Done = Done::new("created", keys::groups::CREATED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ADDED: Done = Done::new("added", keys::groups::ADDED);
const REMOVED: Done = Done::new("removed", keys::groups::REMOVED);
const DELETED: Done = Done::new("deleted", keys::groups::DELETED);

/// What is said of them.
const DONE: &[Done] = &[CREATED, SAVED, ADDED, REMOVED, DELETED, RELEASED];
/// What narrows a list down.
const KEPT: &[&str] = &["q", "sort"];

/// Where the pages of one of the two are, and their words.
#[derive(Debug)]
pub struct Side {
    list: &'static str,
    kind: DeclaredKind,
    pub(super) room: Room,
    pub(super) title: Key,
    intro: Key,
    empty: Key,
    add: Key,
    members: Key,
    delete: Key,
}

impl Side {
    /// The tabs of one before those that every object has. Who manages the people in a group is for who may see everybody; nobody manages a role.
    fn tabs(&self, administrator: &Administrator) -> impl Iterator<Item = Tab> {
        let managers = self.room == Room::Groups && administrator.may(Permission::ReadUsers);
        [Tab::SETTINGS].into_iter().chain(managers.then_some(MANAGERS))
    }
}

/// One of the two, with its pages.
pub trait Sided: Definition + Typed {
    /// Where they are, and their words.
    const SIDE: &'static Side;
}

impl Sided for GroupResource {
    const SIDE: &'static Side = &Side {
        list: "/admin/groups",
        kind: DeclaredKind::Group,
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
        kind: DeclaredKind::Role,
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
    // There are few.
    let found = affiliations::list::<D>(&context.app.admin, &administrator.authority, (q, None), u32::MAX).await?;
    let frame = Frame::of(&context, context.locale.0);
    let place = |Defined { affiliation: one, .. }: &Defined| Place {
        key: one.key(),
        name: one.label_in(frame.t.locale()).to_owned(),
        id: one.id.to_string(),
    };
    let (listed, next) = Order::asked(&params).page(found.items, place, params.get(AFTER));
    let row = |Defined { affiliation: one, roles }: &Defined| Row {
        id: one.id.to_string(),
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
        orders: Order::choices(frame.t, &params),
        rows: listed.iter().map(row).collect(),
        ways: Ways::of(D::SIDE.list, &params, KEPT, next.as_deref()),
        csrf: several::csrf::<D>(&context, &administrator),
        done: several::said(DONE, frame.t, &params),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// The page of one of them.
pub(super) fn path_of<D: Sided>(id: AffiliationId) -> String {
    format!("{}/{id}", D::SIDE.list)
}

/// What surrounds a page behind the list.
fn shell<D: Sided>(context: &Context, administrator: &Administrator, name: &str) -> Shell {
    Shell::of(context, administrator, D::SIDE.room).further(D::SIDE.list, name)
}

/// What stands above the pages of one of them.
fn head_of<D: Sided>(context: &Context, administrator: &Administrator, one: &Affiliation, here: Tab) -> Head {
    let t = context.texts(None);
    let of_every_app = D::KIND == AffiliationKind::Role && one.client().is_none();
    let (path, name) = (path_of::<D>(one.id), one.label_in(t.locale()).to_owned());
    Head {
        known_as: one.key(),
        about: if of_every_app { t.get(keys::groups::EVERY_APP) } else { String::new() },
        ..Head::of(administrator, (path, name), D::SIDE.tabs(administrator), here)
    }
}

/// The one that a path names.
async fn named<D: Sided>(context: &Context, administrator: &Administrator, id: &str) -> Result<Defined, PageError> {
    let id: AffiliationId = id.parse().map_err(|_| ProblemKind::NotFound)?;
    let found = affiliations::find::<D>(&context.app.admin, &administrator.authority, &id.to_string()).await?;
    Ok(found.ok_or(ProblemKind::NotFound)?)
}

impl<D: Sided> Listed for D {
    const LIST: &'static str = D::SIDE.list;
    const ROOM: Room = D::SIDE.room;
    const NEEDS: Permission = Permission::WriteGroups;
    const DOES: &'static [Together] = &[Together::Delete];
    const LOST: Key = keys::groups::DELETE_LOST;
    type Id = AffiliationId;

    fn id(text: &str) -> Option<AffiliationId> {
        text.parse().ok()
    }

    async fn name(
        context: &Context,
        administrator: &Administrator,
        id: &AffiliationId,
    ) -> Result<Option<String>, Rejected> {
        let found = affiliations::find::<D>(&context.app.admin, &administrator.authority, &id.to_string()).await?;
        Ok(found.map(|Defined { affiliation, .. }| affiliation.key()))
    }

    async fn apply(
        context: &Context,
        authority: &ProvenAuthority,
        id: &AffiliationId,
        _: Together,
    ) -> Result<(), Rejected> {
        affiliations::delete::<D>(&context.app.admin, authority, *id).await
    }
}

/// `POST /admin/groups/several`, `POST /admin/roles/several`: deletes all that are picked.
pub async fn several<D: Sided>(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    several::post::<D>(&context, &form).await
}
