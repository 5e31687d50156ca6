//! Connections to upstream providers, as administrators set them up.

use std::time::Duration;

use serde::Deserialize;

use super::{Administration, RETRIES};
use crate::model::Connection;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::connection::Slug;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::ConnectionId;
use crate::support::{Secret, Timestamp};
use crate::upstream::presets::{self, Preset};
use crate::upstream::secrets;

mod draft;
mod problem;
mod rules;
mod tokens;
mod view;

pub use draft::ConnectionFields;
pub use problem::{ConnectionProblem, FieldProblem, Invalid};
pub use tokens::{TokensView, tokens};
pub use view::{ConnectionView, PresetView, SettingView, redirect_uri};

/// How long the old secret is tried beside the new one, unless the caller says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_hours(24);
/// The most connections: as many as the store lists.
const MAX_CONNECTIONS: usize = 200;
/// What one connection's position is above its neighbour's, so that there is room between them.
const STEP: i32 = 10;

/// A connection to be made. It begins switched off.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// What kind of provider it is: that never changes.
    pub preset: String,
    /// Its name in URLs, which never changes either; made from the preset's where none is chosen.
    #[serde(default)]
    pub slug: Option<String>,
    /// How we prove who we are there. It can be set later, but not switched on without.
    #[serde(default)]
    pub client_secret: Option<Secret<String>>,
    /// Everything else.
    #[serde(default)]
    pub fields: ConnectionFields,
}

/// A change of a connection.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConnectionEdit {
    /// What is to be otherwise.
    pub fields: ConnectionFields,
    /// A secret that replaces all that there are, at once.
    pub client_secret: Option<Secret<String>>,
    /// The version that was looked at: where somebody changed it since, nothing is done.
    pub version: Option<i64>,
}

/// Where a connection's button goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Before the one that is before it.
    Up,
    /// After the one that is after it.
    Down,
}

/// Why a connection was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionRejected {
    /// There is no such connection.
    #[error("there is no such connection")]
    Unknown,
    /// There is no such preset, or no longer.
    #[error("there is no preset {0}")]
    UnknownPreset(String),
    /// What it says.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There are as many as there can be.
    #[error("there are {MAX_CONNECTIONS} connections already")]
    TooMany,
    /// Somebody else changed it at the same time.
    #[error("another request changed the connection at the same time")]
    Stale,
    /// The store did not answer.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ConnectionRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Taken) => ConnectionProblem::SlugTaken.of("slug").into(),
            StoreError::Conflict(Conflict::Stale) => Self::Stale,
            other => Self::Store(other),
        }
    }
}

impl From<FieldProblem> for ConnectionRejected {
    fn from(problem: FieldProblem) -> Self {
        Self::Invalid(Invalid(vec![problem]))
    }
}

/// Makes a connection, the last in the order, switched off.
pub async fn create(
    admin: &Administration,
    actor: &Actor,
    new: NewConnection,
) -> Result<Connection, ConnectionRejected> {
    let preset = preset(&new.preset)?;
    let others = list(admin).await?;
    if others.len() >= MAX_CONNECTIONS {
        return Err(ConnectionRejected::TooMany);
    }
    let mut found = Vec::new();
    let slug = match new.slug.as_deref().filter(|slug| !slug.is_empty()) {
        Some(chosen) => Slug::parse(chosen).unwrap_or_else(|_| {
            found.push(ConnectionProblem::Slug.of("slug"));
            free_slug(preset, &others)
        }),
        None => free_slug(preset, &others),
    };
    let now = admin.clock().now();
    let id = ConnectionId::new(now, admin.random());
    let blank = Connection {
        trust_email: preset.email_trust.by_default(),
        position: others.last().map_or(0, |last| last.position.saturating_add(STEP)),
        ..Connection::new(id, slug, preset.id.to_owned(), String::new(), now)
    };
    let mut connection = new.fields.apply(blank, &mut found);
    rules::check(&connection, preset, &admin.capabilities, &mut found);
    rules::check_routes(&connection, &others, &mut found);
    if others.iter().any(|other| other.slug == connection.slug) {
        found.push(ConnectionProblem::SlugTaken.of("slug"));
    }
    if let Some(secret) = typed(new.client_secret.as_ref()) {
        put_secret(admin, &mut connection, preset, &secret, &mut found);
    }
    Invalid::unless_empty(found)?;
    let event = admin.event(AuditKind::ConnectionCreated, actor, now).saying(connection.slug.as_str());
    admin.work().commit(vec![Change::InsertConnection(Box::new(connection.clone())), Change::Audit(event)]).await?;
    Ok(connection)
}

/// Changes a connection: the fields that `edit` has.
pub async fn update(
    admin: &Administration,
    actor: &Actor,
    slug: &Slug,
    edit: &ConnectionEdit,
) -> Result<Connection, ConnectionRejected> {
    let was = find(admin, slug).await?.ok_or(ConnectionRejected::Unknown)?;
    if edit.version.is_some_and(|version| version != was.version) {
        return Err(ConnectionRejected::Stale);
    }
    let preset = preset(&was.preset)?;
    let now = admin.clock().now();
    let mut found = Vec::new();
    let mut changed = edit.fields.apply(was.clone(), &mut found);
    rules::check(&changed, preset, &admin.capabilities, &mut found);
    rules::check_routes(&changed, &list(admin).await?, &mut found);
    if rules::leads_elsewhere(&was, &changed) && !was.secrets.is_empty() {
        // Whoever may change where a connection leads must not learn its secret by having it sent there.
        changed.secrets.clear();
        if typed(edit.client_secret.as_ref()).is_none() {
            found.push(ConnectionProblem::SecretAgain.of("client_secret"));
        }
    }
    if let Some(field) = rules::names_people_otherwise(&was, &changed) {
        // The same subject could be somebody else there.
        if links(admin, was.id).await? > 0 {
            found.push(ConnectionProblem::PeopleAreLinked.of(field));
        }
    }
    if let Some(secret) = typed(edit.client_secret.as_ref()) {
        changed.secrets.clear();
        put_secret(admin, &mut changed, preset, &secret, &mut found);
    }
    Invalid::unless_empty(found)?;
    let what = rules::differences(&was, &changed);
    if what.is_empty() {
        return Ok(was);
    }
    let said = format!("{slug}: {}", what.join(", "));
    save(admin, actor, AuditKind::ConnectionChanged, &said, changed, now).await
}

/// Gives a connection a new secret. The newest one that it had is tried on for `grace` after the new one, older ones no more. So the
/// provider may learn of the new secret before or after we do.
pub async fn rotate_secret(
    admin: &Administration,
    actor: &Actor,
    slug: &Slug,
    secret: &Secret<String>,
    grace: Duration,
) -> Result<Connection, ConnectionRejected> {
    let mut connection = find(admin, slug).await?.ok_or(ConnectionRejected::Unknown)?;
    let preset = preset(&connection.preset)?;
    let now = admin.clock().now();
    let end = now.plus(grace);
    connection.secrets.retain(|old| old.expires_at.is_none() && !grace.is_zero());
    for old in &mut connection.secrets {
        old.expires_at = Some(end);
    }
    let mut found = Vec::new();
    let Some(secret) = typed(Some(secret)) else {
        return Err(ConnectionProblem::Missing.of("client_secret").into());
    };
    put_secret(admin, &mut connection, preset, &secret, &mut found);
    Invalid::unless_empty(found)?;
    save(admin, actor, AuditKind::ConnectionSecretRotated, slug.as_str(), connection, now).await
}

/// Switches a connection on or off. On only with everything that it needs.
pub async fn set_enabled(
    admin: &Administration,
    actor: &Actor,
    slug: &Slug,
    enabled: bool,
) -> Result<Connection, ConnectionRejected> {
    let mut left = RETRIES;
    loop {
        let connection = find(admin, slug).await?.ok_or(ConnectionRejected::Unknown)?;
        if connection.enabled == enabled {
            return Ok(connection);
        }
        let now = admin.clock().now();
        if enabled {
            let mut found = Vec::new();
            rules::check(&connection, preset(&connection.preset)?, &admin.capabilities, &mut found);
            if secrets::open(&admin.sealer, &connection, now).is_empty() {
                found.push(ConnectionProblem::Missing.of("client_secret"));
            }
            Invalid::unless_empty(found)?;
        }
        let kind = if enabled { AuditKind::ConnectionEnabled } else { AuditKind::ConnectionDisabled };
        match save(admin, actor, kind, slug.as_str(), Connection { enabled, ..connection }, now).await {
            Err(ConnectionRejected::Stale) if left > 0 => left -= 1,
            done => return done,
        }
    }
}

/// Moves a connection's button by one place. The first does not go further up, nor the last further down.
pub async fn shift(admin: &Administration, actor: &Actor, slug: &Slug, shift: Shift) -> Result<(), ConnectionRejected> {
    let mut left = RETRIES;
    loop {
        let mut all = list(admin).await?;
        let at = all.iter().position(|c| c.slug == *slug).ok_or(ConnectionRejected::Unknown)?;
        let to = match shift {
            Shift::Up => at.checked_sub(1),
            Shift::Down => Some(at + 1).filter(|to| *to < all.len()),
        };
        let Some(to) = to else { return Ok(()) };
        all.swap(at, to);
        let places = (0..).step_by(usize::try_from(STEP).unwrap_or(1));
        let moved = all.into_iter().zip(places).filter(|(connection, place)| connection.position != *place);
        let mut changes: Vec<Change> = moved
            .map(|(connection, position)| Change::UpdateConnection(Box::new(Connection { position, ..connection })))
            .collect();
        let event = admin.event(AuditKind::ConnectionChanged, actor, admin.clock().now());
        changes.push(Change::Audit(event.saying(format!("{slug}: position"))));
        match admin.work().commit(changes).await {
            Err(StoreError::Conflict(Conflict::Stale)) if left > 0 => left -= 1,
            done => return Ok(done?),
        }
    }
}

/// Deletes a connection with its links; says how many people were linked through it.
pub async fn delete(admin: &Administration, actor: &Actor, slug: &Slug) -> Result<u64, ConnectionRejected> {
    let connection = find(admin, slug).await?.ok_or(ConnectionRejected::Unknown)?;
    let lost = links(admin, connection.id).await?;
    let event = admin.event(AuditKind::ConnectionDeleted, actor, admin.clock().now());
    let event = event.saying(format!("{slug}: {lost} links"));
    admin.work().commit(vec![Change::DeleteConnection(connection.id), Change::Audit(event)]).await?;
    Ok(lost)
}

/// The connection of this name.
pub async fn find(admin: &Administration, slug: &Slug) -> StoreResult<Option<Connection>> {
    admin.stores().connections.find_by_slug(slug).await
}

/// Every connection in the order of the buttons.
pub async fn list(admin: &Administration) -> StoreResult<Vec<Connection>> {
    admin.stores().connections.all().await
}

/// How many people are linked through a connection.
pub async fn links(admin: &Administration, connection: ConnectionId) -> StoreResult<u64> {
    admin.stores().upstream_links.count(connection).await
}

/// A slug that is free: the preset's name, with a number where that is taken.
pub fn free_slug(preset: &Preset, others: &[Connection]) -> Slug {
    let numbered = (2..).map(|n| format!("{}-{n}", preset.id));
    let candidates = std::iter::once(preset.id.to_owned()).chain(numbered);
    let free = candidates
        .filter_map(|text| Slug::parse(&text).ok())
        .find(|slug| others.iter().all(|other| other.slug != *slug));
    // There are fewer connections than numbers.
    free.unwrap_or_else(|| Slug::parse("connection").unwrap_or_else(|_| unreachable!("it is a slug")))
}

fn preset(id: &str) -> Result<&'static Preset, ConnectionRejected> {
    presets::find(id).ok_or_else(|| ConnectionRejected::UnknownPreset(id.to_owned()))
}

/// A secret without what copying brought along; nothing where nothing was typed.
fn typed(secret: Option<&Secret<String>>) -> Option<Secret<String>> {
    let text = secret?.expose().trim();
    (!text.is_empty()).then(|| Secret::from(text))
}

fn put_secret(
    admin: &Administration,
    connection: &mut Connection,
    preset: &Preset,
    secret: &Secret<String>,
    found: &mut Vec<FieldProblem>,
) {
    if let Err(problem) = rules::check_secret(connection, preset, secret) {
        found.push(problem.of("client_secret"));
        return;
    }
    let now = admin.clock().now();
    connection.secrets.insert(0, secrets::seal(&admin.sealer, admin.random(), connection.id, secret, now));
}

async fn save(
    admin: &Administration,
    actor: &Actor,
    kind: AuditKind,
    said: &str,
    connection: Connection,
    now: Timestamp,
) -> Result<Connection, ConnectionRejected> {
    let event = admin.event(kind, actor, now).saying(said);
    admin.work().commit(vec![Change::UpdateConnection(Box::new(connection.clone())), Change::Audit(event)]).await?;
    Ok(Connection { version: connection.version + 1, ..connection })
}
