//! Apps: the list. The pages of one app are in files of their own, one a tab; making one is in `create`.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::super::view::AppBadge;
use super::Administrator;
use super::done::Done;
use super::listing::{AFTER, Choice, PAGE, Ways};
use super::logo::{REMOVED, UPLOADED};
use super::release::RELEASED;
use super::room::Room;
use super::several::{self, Listed, Together};
use super::shell::Shell;
use crate::admin::clients::{self, ClientSearch};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Key, Texts, keys};
use crate::model::client::{Client, ClientId, ClientKind};
use crate::protocol::Params;
use crate::store::ClientOrder;

mod app;
pub mod consents;
pub mod create;
pub mod credentials;
pub mod delete;
mod fields;
pub mod logo;
pub mod managers;
mod object;
pub mod preview;
pub mod problems;
mod reasons;
pub mod redirect_uri;
pub mod security;
pub mod settings;
pub mod trial;

pub(super) use app::path_of;

/// Where the list is.
const LIST: &str = "/admin/apps";
/// What narrows the list down, and orders it.
const KEPT: &[&str] = &["q", "kind", "state", "sort"];

#[derive(askama::Template)]
#[template(path = "admin/apps/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    may_change: bool,
    q: String,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    orders: Vec<Choice>,
    rows: Vec<Row>,
    ways: Ways,
    csrf: String,
    done: Option<String>,
}

/// An app in the list.
struct Row {
    badge: AppBadge,
    id: String,
    kind: String,
    enabled: bool,
    first_party: bool,
}

/// The kinds of apps, by their names in documents.
const KINDS: &[(&str, ClientKind)] = &[
    ("web", ClientKind::Web),
    ("browser", ClientKind::Browser),
    ("native", ClientKind::Native),
    ("service", ClientKind::Service),
];

/// What a kind of app is called, and what it is.
const fn words_of(kind: ClientKind) -> (Key, Key) {
    match kind {
        ClientKind::Web => (keys::apps::KIND_WEB, keys::apps::KIND_WEB_HINT),
        ClientKind::Browser => (keys::apps::KIND_BROWSER, keys::apps::KIND_BROWSER_HINT),
        ClientKind::Native => (keys::apps::KIND_NATIVE, keys::apps::KIND_NATIVE_HINT),
        ClientKind::Service => (keys::apps::KIND_SERVICE, keys::apps::KIND_SERVICE_HINT),
    }
}

/// The kind of this name.
fn kind_named(name: &str) -> Option<ClientKind> {
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The name of a kind.
fn name_of(kind: ClientKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name)
}

/// What the list can be narrowed down to by whether an app may be used.
const STATES: &[(&str, Key)] = &[("", keys::people::ALL), ("on", keys::connection::ON), ("off", keys::connection::OFF)];

/// How it can be ordered.
const ORDERS: &[(&str, Key)] = &[
    ("", keys::apps::SORT_ID),
    ("name", keys::console::SORT_NAME),
    ("newest", keys::console::SORT_NEWEST),
    ("changed", keys::apps::SORT_CHANGED),
];

/// The order that a list's address asks for, after the place that it names.
fn order(params: &Params) -> ClientOrder {
    let order = match params.get("sort") {
        Some("name") => ClientOrder::Name(None),
        Some("newest") => ClientOrder::Newest(None),
        Some("changed") => ClientOrder::Changed(None),
        _ => ClientOrder::Id(None),
    };
    params.get(AFTER).and_then(|place| order.after_place(place)).unwrap_or(order)
}

fn kinds(t: &Texts, chosen: Option<&str>) -> Vec<Choice> {
    let kinds = KINDS.iter().map(|(name, kind)| (*name, words_of(*kind).0));
    Choice::all(t, std::iter::once(("", keys::people::ALL)).chain(kinds), chosen)
}

/// What a list's address asks for.
fn asked(params: &Params) -> ClientSearch {
    ClientSearch {
        text: params.get("q").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
        kind: params.get("kind").and_then(kind_named),
        enabled: match params.get("state") {
            Some("on") => Some(true),
            Some("off") => Some(false),
            _ => None,
        },
        resource: None,
    }
}

/// `GET /admin/apps`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let (search, order) = (asked(&params), order(&params));
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let found = clients::search(admin, authority, &search, &order, PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|last| order.place_of(last));
    let frame = Frame::of(&context, context.locale.0);
    let row = |client: &Client| Row {
        badge: AppBadge::of(client, frame.t.locale()),
        id: client.id.to_string(),
        kind: frame.t.get(words_of(client.kind).0),
        enabled: client.enabled,
        first_party: client.policy.consent == crate::model::client::ConsentPolicy::FirstParty,
    };
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Apps),
        may_change: administrator.may(Permission::WriteClients),
        q: search.text.clone().unwrap_or_default(),
        kinds: kinds(frame.t, params.get("kind")),
        states: Choice::all(frame.t, STATES.iter().copied(), params.get("state")),
        orders: Choice::all(frame.t, ORDERS.iter().copied(), params.get("sort")),
        rows: found.items.iter().map(row).collect(),
        ways: Ways::of(LIST, &params, KEPT, next.as_deref()),
        csrf: several::csrf::<Client>(&context, &administrator),
        done: several::said(DONE, frame.t, &params),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ON: Done = Done::new("on", keys::apps::DONE_ON);
const OFF: Done = Done::new("off", keys::apps::DONE_OFF);
const DELETED: Done = Done::new("deleted", keys::apps::DONE_DELETED);
const WITHDRAWN: Done = Done::new("withdrawn", keys::account::WITHDRAWN);
const WITHDRAWN_ALL: Done = Done::new("withdrawn-all", keys::apps::DONE_WITHDRAWN_ALL);

/// What is said of apps.
const DONE: &[Done] = &[SAVED, ON, OFF, RELEASED, DELETED, WITHDRAWN_ALL, UPLOADED, REMOVED];

impl Listed for Client {
    const LIST: &'static str = LIST;
    const ROOM: Room = Room::Apps;
    const NEEDS: Permission = Permission::WriteClients;
    const DOES: &'static [Together] = &[Together::On, Together::Off, Together::Delete];
    const LOST: Key = keys::apps::DELETE_LOST;
    type Id = ClientId;

    fn id(text: &str) -> Option<ClientId> {
        ClientId::parse(text).ok()
    }

    async fn name(context: &Context, administrator: &Administrator, id: &ClientId) -> Result<Option<String>, Rejected> {
        let found = clients::find(&context.app.admin, &administrator.authority, id).await?;
        Ok(found.map(|client| format!("{} ({id})", client.presentation.name)))
    }

    async fn apply(
        context: &Context,
        authority: &ProvenAuthority,
        id: &ClientId,
        together: Together,
    ) -> Result<(), Rejected> {
        let admin = &context.app.admin;
        match together {
            Together::On => clients::set_enabled(admin, authority, id, true).await.map(drop),
            Together::Off => clients::set_enabled(admin, authority, id, false).await.map(drop),
            Together::Delete => clients::delete(admin, authority, id).await,
        }
    }
}

/// `POST /admin/apps/several`: the same to every app that is picked.
pub async fn several(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    several::post::<Client>(&context, &form).await
}
