//! Connections to upstream providers, as administrators set them up.

use std::time::Duration;

use super::{
    Administration, Aggregate, Authority, FieldError, FieldProblem, Permission, ProvenAuthority, RETRIES, Rejected,
    Target,
};
use crate::admin::target::check_version;
use crate::model::AuditEvent;
use crate::model::Connection;
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::connection::{SealedSecret, Slug};
use crate::store::{Change, Conflict, Ground, StoreError, StoreResult};
use crate::support::Secret;
use crate::support::id::ConnectionId;
use crate::upstream::presets::{self, Preset};
use crate::upstream::secrets;

mod apply;
mod preset_view;
mod resource;
mod rules;
#[cfg(test)]
mod tests;
mod tokens;

pub(in crate::admin) use apply::read_domains;
pub use preset_view::{PresetView, SettingView};
pub use resource::{ConnectionResource, field_of_setting, redirect_uri};
pub use tokens::{TokensView, tokens};

/// How long the old secret is tried beside the new one, unless the caller says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_hours(24);
/// The most connections: as many as the store lists.
const MAX_CONNECTIONS: usize = 200;
/// What one connection's position is above its neighbour's, so that there is room between them.
const STEP: i32 = 10;

/// What becomes of the sessions and grants that came through a connection, when it is switched off or deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CameThrough {
    /// They end with it.
    #[default]
    Ends,
    /// They go on; only new sign-ins are refused.
    GoesOn,
}

impl CameThrough {
    /// What was chosen with a form or a flag that says that sessions are kept.
    pub const fn kept(keep: bool) -> Self {
        if keep { Self::GoesOn } else { Self::Ends }
    }
}

/// Where a connection's button goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Before the one that is before it.
    Up,
    /// After the one that is after it.
    Down,
}

/// Makes a connection, switched off. Where the document names no position it is the last in the order; its secret can be set later, but
/// without one it is not switched on.
pub async fn create(
    admin: &Administration,
    authority: &ProvenAuthority,
    new: ConnectionResource,
) -> Result<Connection, Rejected> {
    authority.require(Permission::WriteConnections)?;
    let preset = preset(new.preset.as_deref().ok_or_else(|| FieldError::Missing.of("preset"))?)?;
    let others = all(admin).await?;
    if others.len() >= MAX_CONNECTIONS {
        return Err(Rejected::TooMany(Aggregate::Connection, MAX_CONNECTIONS));
    }
    let mut found = Vec::new();
    let slug = match new.slug.as_deref().filter(|slug| !slug.is_empty()) {
        Some(chosen) => Slug::parse(chosen).unwrap_or_else(|_| {
            found.push(FieldError::Slug.of("slug"));
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
    let mut connection = new.apply(blank, &mut found);
    connection.managed_by = authority.manager(None);
    new.check_derived(&ConnectionResource::of(&connection, &admin.issuer), &mut found);
    rules::check(&connection, preset, &admin.capabilities, &mut found);
    rules::check_routes(&connection, &others, &mut found);
    if others.iter().any(|other| other.slug == connection.slug) {
        found.push(FieldError::SlugTaken.of("slug"));
    }
    if let Some(secret) = typed(new.client_secret.as_ref()) {
        put_secret(admin, &mut connection, preset, &secret, &mut found);
    }
    Rejected::unless_valid(found)?;
    require_default_roles(authority, &connection)?;
    let event = about(admin, AuditKind::ConnectionCreated, authority, &connection).saying(connection.slug.as_str());
    let changes = vec![Change::InsertConnection(Box::new(connection.clone())), Change::Audit(event)];
    admin.commit(authority, Aggregate::Connection, changes).await.map_err(slug_taken)?;
    Ok(connection)
}

/// Changes a connection: the fields that `document` has. A document of another version than there is now is stale; one without a secret
/// keeps those that there are.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    connection: impl Into<Target<Slug>>,
    document: &ConnectionResource,
) -> Result<Connection, Rejected> {
    authority.require(Permission::WriteConnections)?;
    let was = load(admin, &connection.into()).await?;
    check_version(document.version, was.version, Aggregate::Connection)?;
    require_default_roles(authority, &was)?;
    let preset = preset(&was.preset)?;
    let mut found = Vec::new();
    document.check_unchanged(&was, &admin.issuer, &mut found);
    let mut changed = document.apply(was.clone(), &mut found);
    changed.managed_by = authority.manager(changed.managed_by);
    rules::check(&changed, preset, &admin.capabilities, &mut found);
    rules::check_routes(&changed, &all(admin).await?, &mut found);
    if rules::leads_elsewhere(&was, &changed) && !was.secrets.is_empty() {
        // An administrator who changes where a connection leads must not learn its secret by having it sent there.
        changed.secrets.clear();
        if typed(document.client_secret.as_ref()).is_none() {
            found.push(FieldError::SecretAgain.of("client_secret"));
        }
    }
    let identifies_otherwise = rules::identifies_otherwise(&was, &changed);
    if let Some(field) = &identifies_otherwise {
        // The same subject could be another end-user there.
        if count_links(admin, was.id).await? > 0 {
            found.push(FieldError::AccountsLinked.of(field.clone()));
        }
    }
    if let Some(secret) = typed(document.client_secret.as_ref()) {
        changed.secrets.clear();
        put_secret(admin, &mut changed, preset, &secret, &mut found);
    }
    Rejected::unless_valid(found)?;
    require_default_roles(authority, &changed)?;
    let what = rules::differences(&was, &changed);
    if what.is_empty() {
        return Ok(was);
    }
    authority.require_to_manage(was.managed_by.as_ref())?;
    let said = format!("{}: {}", was.slug, what.join(", "));
    let event = about(admin, AuditKind::ConnectionChanged, authority, &was).saying(said);
    if identifies_otherwise.is_none() {
        return save(admin, authority, (changed, None), event).await;
    }
    // A login and a link that are under way were for the end-user of before, and none may have been completed since the links were counted.
    let changed = Connection { epoch: was.epoch.next(), ..changed };
    save(admin, authority, (changed, Some(Ground::Unlinked(was.id))), event).await
}

/// Gives a connection a new secret. The newest one that it had is tried on for `grace` after the new one, older ones no more. So the
/// provider may learn of the new secret before or after we do.
pub async fn rotate_secret(
    admin: &Administration,
    authority: &ProvenAuthority,
    connection: impl Into<Target<Slug>>,
    secret: &Secret<String>,
    grace: Duration,
) -> Result<Connection, Rejected> {
    authority.require(Permission::WriteConnections)?;
    let mut connection = load(admin, &connection.into()).await?;
    require_default_roles(authority, &connection)?;
    let preset = preset(&connection.preset)?;
    let now = admin.clock().now();
    SealedSecret::retire(&mut connection.secrets, grace, now);
    let mut found = Vec::new();
    let Some(secret) = typed(Some(secret)) else {
        return Err(FieldError::Missing.of("client_secret").into());
    };
    put_secret(admin, &mut connection, preset, &secret, &mut found);
    Rejected::unless_valid(found)?;
    let said = connection.slug.to_string();
    let event = about(admin, AuditKind::ConnectionSecretRotated, authority, &connection).saying(said);
    save(admin, authority, (connection, None), event).await
}

/// Switches a connection on or off. On only with everything that it needs; off with what came through it, where that is wanted.
pub async fn set_enabled(
    admin: &Administration,
    authority: &ProvenAuthority,
    connection: impl Into<Target<Slug>>,
    enabled: bool,
    came_through: CameThrough,
) -> Result<Connection, Rejected> {
    authority.require(Permission::WriteConnections)?;
    let target = connection.into();
    let mut left = RETRIES;
    loop {
        let connection = load(admin, &target).await?;
        if connection.enabled == enabled {
            return Ok(connection);
        }
        require_default_roles(authority, &connection)?;
        let now = admin.clock().now();
        // Switching off is for what cannot wait for a file.
        if enabled {
            authority.require_to_manage(connection.managed_by.as_ref())?;
            let mut found = Vec::new();
            rules::check(&connection, preset(&connection.preset)?, &admin.capabilities, &mut found);
            if secrets::open(&admin.sealer, &connection, now).is_empty() {
                found.push(FieldError::Missing.of("client_secret"));
            }
            Rejected::unless_valid(found)?;
        }
        let kind = if enabled { AuditKind::ConnectionEnabled } else { AuditKind::ConnectionDisabled };
        let ends = !enabled && came_through == CameThrough::Ends;
        let epoch = if ends { connection.epoch.next() } else { connection.epoch };
        let event = about(admin, kind, authority, &connection).saying(target.key().as_str());
        match save(admin, authority, (Connection { enabled, epoch, ..connection }, None), event).await {
            Err(Rejected::Stale(_)) if left > 0 => left -= 1,
            done => return done,
        }
    }
}

/// Moves a connection's button by one place. The first does not go further up, nor the last further down.
pub async fn shift(
    admin: &Administration,
    authority: &ProvenAuthority,
    slug: &Slug,
    shift: Shift,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteConnections)?;
    let mut left = RETRIES;
    loop {
        let mut all = all(admin).await?;
        let at = all.iter().position(|c| c.slug == *slug).ok_or(Rejected::NotFound(Aggregate::Connection))?;
        let to = match shift {
            Shift::Up => at.checked_sub(1),
            Shift::Down => Some(at + 1).filter(|to| *to < all.len()),
        };
        let Some(to) = to else { return Ok(()) };
        let event = about(admin, AuditKind::ConnectionChanged, authority, &all[at]);
        all.swap(at, to);
        let places = (0..).step_by(usize::try_from(STEP).unwrap_or(1));
        let moved = all.into_iter().zip(places).filter(|(connection, place)| connection.position != *place);
        let moved: Vec<_> = moved.collect();
        // Where a button stands is what its files say, also where another one moves past it.
        moved.iter().try_for_each(|(connection, _)| authority.require_to_manage(connection.managed_by.as_ref()))?;
        let mut changes: Vec<Change> = moved
            .into_iter()
            .map(|(connection, position)| Change::UpdateConnection(Box::new(Connection { position, ..connection })))
            .collect();
        changes.push(Change::Audit(event.saying(format!("{slug}: position"))));
        match admin.commit_by(authority, changes).await {
            Err(StoreError::Conflict(Conflict::Stale)) if left > 0 => left -= 1,
            done => return done.map_err(|error| Rejected::of_commit(error, Aggregate::Connection)),
        }
    }
}

/// Gives a connection back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    connection: impl Into<Target<Slug>>,
) -> Result<Connection, Rejected> {
    authority.require(Permission::WriteConnections)?;
    let was = load(admin, &connection.into()).await?;
    let Some(manager) = &was.managed_by else { return Ok(was) };
    let said = format!("{}: released from {manager}", was.slug);
    let event = about(admin, AuditKind::ConnectionChanged, authority, &was).saying(said);
    save(admin, authority, (Connection { managed_by: None, ..was }, None), event).await
}

/// Deletes a connection with its links; says how many accounts were linked through it.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    connection: impl Into<Target<Slug>>,
    came_through: CameThrough,
) -> Result<u64, Rejected> {
    authority.require(Permission::WriteConnections)?;
    let connection = load(admin, &connection.into()).await?;
    authority.require_to_manage(connection.managed_by.as_ref())?;
    let lost = count_links(admin, connection.id).await?;
    let event = about(admin, AuditKind::ConnectionDeleted, authority, &connection);
    let event = event.saying(format!("{}: {lost} links", connection.slug));
    let deletion = Change::DeleteConnection { id: connection.id, ends: came_through == CameThrough::Ends };
    admin.commit(authority, Aggregate::Connection, vec![deletion, Change::Audit(event)]).await?;
    Ok(lost)
}

/// The connection of this name.
pub async fn find(admin: &Administration, authority: &Authority, slug: &Slug) -> Result<Option<Connection>, Rejected> {
    authority.require(Permission::ReadConnections)?;
    Ok(admin.stores().connections.find_by_slug(slug).await?)
}

/// Every connection in the order of the buttons.
pub async fn list(admin: &Administration, authority: &Authority) -> Result<Vec<Connection>, Rejected> {
    authority.require(Permission::ReadConnections)?;
    Ok(all(admin).await?)
}

/// How many accounts are linked through a connection.
pub async fn links(admin: &Administration, authority: &Authority, connection: ConnectionId) -> Result<u64, Rejected> {
    authority.require(Permission::ReadConnections)?;
    Ok(count_links(admin, connection).await?)
}

/// An audit entry about what is done to a connection now.
fn about(admin: &Administration, kind: AuditKind, authority: &Authority, connection: &Connection) -> AuditEvent {
    admin.event(kind, authority, admin.clock().now()).to(AuditTarget::Connection(connection.id))
}

/// The connection that is to be changed, in the version that the caller saw.
async fn load(admin: &Administration, target: &Target<Slug>) -> Result<Connection, Rejected> {
    let found = admin.stores().connections.find_by_slug(target.key()).await?;
    let connection = found.ok_or(Rejected::NotFound(Aggregate::Connection))?;
    target.check(connection.version, Aggregate::Connection).map(|()| connection)
}

async fn all(admin: &Administration) -> StoreResult<Vec<Connection>> {
    admin.stores().connections.all().await
}

async fn count_links(admin: &Administration, connection: ConnectionId) -> StoreResult<u64> {
    admin.stores().upstream_links.count(connection).await
}

/// Refuses to have a hand in a connection whose new accounts get roles that may do more than this authority.
fn require_default_roles(authority: &Authority, connection: &Connection) -> Result<(), Rejected> {
    authority.require_to_assign(&connection.default_roles)
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

fn preset(id: &str) -> Result<&'static Preset, Rejected> {
    presets::find(id).ok_or_else(|| Rejected::UnknownPreset(id.to_owned()))
}

/// Another connection got the slug in the same moment: said where it is said when it had it before.
fn slug_taken(rejected: Rejected) -> Rejected {
    match rejected {
        Rejected::Taken(_) => FieldError::SlugTaken.of("slug").into(),
        other => other,
    }
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
    authority: &ProvenAuthority,
    (connection, ground): (Connection, Option<Ground>),
    event: AuditEvent,
) -> Result<Connection, Rejected> {
    let mut changes: Vec<Change> = ground.map(Change::Holds).into_iter().collect();
    changes.extend([Change::UpdateConnection(Box::new(connection.clone())), Change::Audit(event)]);
    admin.commit(authority, Aggregate::Connection, changes).await?;
    Ok(Connection { version: connection.version + 1, ..connection })
}
