//! Connections to upstream providers: the list, and what is done there with one press.

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::super::providers::mark;
use super::done::Done;
use super::head::{self, Tab, Tag, Tile};
use super::listing;
use super::release::RELEASED;
use super::room::Room;
use super::several::{self, Listed, Together};
use super::shell::Shell;
use super::{Administrator, confirmed};
use crate::admin::connections::{self, CameThrough, Shift};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::Connection;
use crate::model::connection::Slug;
use crate::upstream::presets::{self, Preset};

pub mod create;
pub mod delete;
pub mod edit;
mod form;
mod object;
pub mod secret;
mod tested;
mod texts;

pub(in super::super) use tested::tested;

/// The box that, ticked, lets what came through a connection go on.
const KEEP_SESSIONS: &str = "keep_sessions";
/// Where the list is.
const LIST: &str = "/admin/connections";

#[derive(askama::Template)]
#[template(path = "admin/connections.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    /// The administrator may change them.
    may_change: bool,
    /// What the list is narrowed down to; empty for all.
    q: String,
    rows: Vec<Row>,
    csrf: String,
    done: Option<String>,
}

/// A connection in the list.
struct Row {
    head: Head,
    csrf_state: String,
    csrf_move: String,
    first: bool,
    last: bool,
}

/// What stands for a connection: its mark, its names and its state.
#[allow(clippy::struct_excessive_bools, reason = "each is shown by itself")]
struct Head {
    slug: String,
    name: String,
    provider: &'static str,
    brand: &'static str,
    mark: &'static str,
    enabled: bool,
    managed: bool,
    sign_up: bool,
    has_secret: bool,
}

impl Head {
    fn of(connection: &Connection, t: &Texts) -> Self {
        let preset = presets::find(&connection.preset);
        let provider = preset.map_or("", |preset| preset.label.of(t.locale()));
        let name = if connection.label.is_empty() { provider } else { &connection.label };
        Self {
            slug: connection.slug.to_string(),
            name: if name.is_empty() { connection.slug.to_string() } else { name.to_owned() },
            provider,
            brand: preset.map_or("", |preset| preset.brand.name),
            mark: preset.map_or("", |preset| mark(preset.brand.name)),
            enabled: connection.enabled,
            managed: connection.managed_by.is_some(),
            sign_up: connection.sign_up,
            has_secret: !connection.secrets.is_empty(),
        }
    }

    /// Whether a text is a part of what the connection is known by.
    fn is_about(&self, text: &str) -> bool {
        listing::contains(text, [self.name.as_str(), &self.slug, self.provider])
    }

    /// Before anything is made.
    fn of_preset(preset: &Preset, t: &Texts) -> Self {
        let provider = preset.label.of(t.locale());
        let (brand, mark) = (preset.brand.name, mark(preset.brand.name));
        let (slug, name) = (String::new(), provider.to_owned());
        Self { slug, name, provider, brand, mark, enabled: false, managed: false, sign_up: true, has_secret: false }
    }
}

const CREATED: Done = Done::new("created", keys::connection::CREATED);
const SAVED: Done = Done::new("saved", keys::account::SAVED);
const ON: Done = Done::new("on", keys::connection::IS_ON);
const OFF: Done = Done::new("off", keys::connection::IS_OFF);
const MOVED: Done = Done::new("moved", keys::connection::MOVED);
const ROTATED: Done = Done::new("rotated", keys::connection::ROTATED);
const DELETED: Done = Done::new("deleted", keys::connection::DELETED);

/// What is said of connections.
const DONE: &[Done] = &[CREATED, SAVED, ON, OFF, MOVED, ROTATED, RELEASED, DELETED];

/// The page of a connection.
fn path_of(slug: &Slug) -> String {
    format!("{LIST}/{slug}")
}

/// What a connection is called.
pub(super) fn name_of(connection: &Connection, t: &Texts) -> String {
    Head::of(connection, t).name
}

/// Connections by their names, as a sentence has them; those that are switched off say so.
pub(super) fn named_in(all: &[Connection], t: &Texts) -> String {
    let name = |head: Head| {
        if head.enabled { head.name } else { t.with(keys::console::PROVIDER_OFF, "name", &head.name) }
    };
    all.iter().map(|connection| name(Head::of(connection, t))).collect::<Vec<_>>().join(", ")
}

/// What stands above the pages of a connection.
fn head_of(t: &Texts, administrator: &Administrator, connection: &Connection, here: Tab) -> head::Head {
    let Head { slug, name, provider, brand, mark, enabled, .. } = Head::of(connection, t);
    head::Head {
        tile: Some(Tile { brand, mark }),
        known_as: slug,
        about: provider.to_owned(),
        tags: vec![Tag::on(t, enabled)],
        active: enabled,
        ..head::Head::of(administrator, (path_of(&connection.slug), name), [Tab::SETTINGS], here)
    }
}

/// What surrounds a page behind the list.
fn shell(context: &Context, administrator: &Administrator, name: &str) -> Shell {
    Shell::of(context, administrator, Room::Connections).further(LIST, name)
}

/// What surrounds a page behind that of a connection.
fn shell_within(context: &Context, administrator: &Administrator, head: &Head, name: String) -> Shell {
    shell(context, administrator, &head.name).further(&format!("{LIST}/{}", head.slug), name)
}

/// The connection that a path names.
async fn named(context: &Context, administrator: &Administrator, slug: &str) -> Result<Connection, PageError> {
    let slug = Slug::parse(slug).map_err(|_| ProblemKind::NotFound)?;
    Ok(connections::find(&context.app.admin, &administrator.authority, &slug).await?.ok_or(ProblemKind::NotFound)?)
}

/// `GET /admin/connections`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let frame = Frame::of(&context, context.locale.0);
    let all = connections::list(&context.app.admin, &administrator.authority).await?;
    let last = all.len().saturating_sub(1);
    let row = |(at, connection): (usize, &Connection)| Row {
        head: Head::of(connection, frame.t),
        csrf_state: administrator.csrf(&context, &format!("{}/state", path_of(&connection.slug))),
        csrf_move: administrator.csrf(&context, &format!("{}/move", path_of(&connection.slug))),
        first: at == 0,
        last: at == last,
    };
    let q = listing::searched(&params);
    // Where a button is among the others stays what it is.
    let rows = all.iter().enumerate().map(row).filter(|row| row.head.is_about(&q)).collect();
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Connections),
        may_change: administrator.may(Permission::WriteConnections),
        q,
        rows,
        csrf: several::csrf::<Connection>(&context, &administrator),
        done: several::said(DONE, frame.t, &params),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

impl Listed for Connection {
    const LIST: &'static str = LIST;
    const ROOM: Room = Room::Connections;
    const NEEDS: Permission = Permission::WriteConnections;
    const DOES: &'static [Together] = &[Together::On, Together::Off, Together::Delete];
    const LOST: Key = keys::connection::DELETE_LOST;
    type Id = Slug;

    fn form() -> String {
        LIST.to_owned()
    }

    fn id(text: &str) -> Option<Slug> {
        Slug::parse(text).ok()
    }

    /// With how many accounts are linked through it.
    async fn name(context: &Context, administrator: &Administrator, slug: &Slug) -> Result<Option<String>, Rejected> {
        let (admin, authority, t) = (&context.app.admin, &administrator.authority, context.texts(None));
        let Some(connection) = connections::find(admin, authority, slug).await? else { return Ok(None) };
        let links = connections::links(admin, authority, connection.id).await?;
        let lost = t.counted(keys::connection::LINKS, "n", links);
        Ok(Some(format!("{} ({slug}): {lost}", name_of(&connection, t))))
    }

    async fn apply(
        context: &Context,
        authority: &ProvenAuthority,
        slug: &Slug,
        together: Together,
    ) -> Result<(), Rejected> {
        let (admin, ends) = (&context.app.admin, CameThrough::Ends);
        match together {
            Together::On => connections::set_enabled(admin, authority, slug, true, ends).await.map(drop),
            Together::Off => connections::set_enabled(admin, authority, slug, false, ends).await.map(drop),
            Together::Delete => connections::delete(admin, authority, slug, ends).await.map(drop),
        }
    }
}

/// `POST /admin/connections`: the same to every connection that is picked.
pub async fn several(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    several::post::<Connection>(&context, &form).await
}

/// `POST /admin/connections/{slug}/state`: on or off.
pub async fn state(
    context: Context,
    Path(slug): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let enabled = match form.params.get("state") {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let connection = named(&context, &form.owner, &slug).await?;
    let done = if enabled { ON } else { OFF };
    let (admin, came_through) = (&context.app.admin, CameThrough::kept(form.params.names(KEEP_SESSIONS)));
    confirmed(&context, &form, async |authority| {
        match connections::set_enabled(admin, authority, &connection.slug, enabled, came_through).await {
            // The page where it was pressed: the list, or the connection's own.
            Ok(_) if form.params.names("back") => Ok(done.go(&context, &path_of(&connection.slug))),
            Ok(_) => Ok(done.go(&context, LIST)),
            Err(Rejected::Invalid(invalid)) => edit::not_yet(&context, &form.owner, &connection, &invalid).await,
            Err(rejected) => Err(rejected.into()),
        }
    })
    .await
}

/// `POST /admin/connections/{slug}/move`: one place up or down.
pub async fn shift(
    context: Context,
    Path(slug): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let way = match form.params.get("way") {
        Some("up") => Shift::Up,
        Some("down") => Shift::Down,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let connection = named(&context, &form.owner, &slug).await?;
    confirmed(&context, &form, async |authority| {
        connections::shift(&context.app.admin, authority, &connection.slug, way).await?;
        Ok(MOVED.go(&context, LIST))
    })
    .await
}
