//! What hangs on an account: its ways to sign in and the apps that have access to it.

use super::{delegated, edit_by, load, reason, require_of, seen};
use crate::admin::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target, affiliations};
use crate::identity::accounts::AppAccess;
use crate::model::audit_event::AuditKind;
use crate::model::client::ClientId;
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink};
use crate::model::user_edit::UserEdit;
use crate::model::{Connection, Passkey};
use crate::store::{Change, Conflict, StoreError};
use crate::support::Timestamp;
use crate::support::id::{PasskeyId, UserId};

/// By what an account signs in.
#[derive(Clone, Debug)]
pub struct WaysIn {
    /// When its password was set; `None` where it has none.
    pub password_since: Option<Timestamp>,
    /// Its passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// The accounts at providers that it is linked to, each with the connection that it is linked through.
    pub links: Vec<(UpstreamLink, Connection)>,
    /// Whether who looks may take passkeys and second factors away, as far as they may change the account.
    pub may_reset: bool,
    /// Whether they may set a password.
    pub may_set_password: bool,
}

/// By what an account signs in.
pub async fn ways_in(admin: &Administration, authority: &Authority, user: UserId) -> Result<WaysIn, Rejected> {
    require_of(admin, (authority, Permission::ReadUsers), user).await?;
    let password = admin.stores().users.password(user).await?;
    let mut links = Vec::new();
    for link in admin.stores().upstream_links.of_user(user).await? {
        if let Some(connection) = admin.stores().connections.find(link.identity.connection).await? {
            links.push((link, connection));
        }
    }
    let passkeys = admin.stores().passkeys.of_user(user).await?;
    let may_reset = delegated::may_reset(admin, authority, user).await?;
    let password_since = password.map(|password| password.changed_at);
    let no_way_in = password_since.is_none() && passkeys.is_empty() && links.is_empty();
    let may_set_password = may_reset && (!no_way_in || authority.allows(Permission::WriteUsers));
    Ok(WaysIn { password_since, passkeys, links, may_reset, may_set_password })
}

/// The apps that have access to an account.
pub async fn apps(admin: &Administration, authority: &Authority, user: UserId) -> Result<Vec<AppAccess>, Rejected> {
    require_of(admin, (authority, Permission::ReadUsers), user).await?;
    Ok(admin.accounts.apps_with_access(user).await?)
}

/// Takes an app's access to an account away: what its end-user allowed it, and everything that came of it.
pub async fn withdraw(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: UserId,
    client: ClientId,
) -> Result<(), Rejected> {
    authority.require_somewhere(Permission::RevokeSessions)?;
    let (by, target) = ((&**authority, Permission::RevokeSessions), Target::from(user));
    let user = load(admin, by, &target).await?;
    let now = admin.clock().now();
    let event = admin.event(AuditKind::ConsentWithdrawn, authority, now);
    let event = event.to_user(user.id).to_client(client.clone());
    let seen = seen(by, &target, &user, now);
    let changes = vec![seen, Change::WithdrawConsent(user.id, client), Change::Audit(event)];
    admin.commit(authority, Aggregate::User, changes).await
}

/// Removes a link of an account to one at a provider, unless it is the last way in ([`Rejected::LastWayIn`]). What was signed in with it ends.
pub async fn unlink(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: UserId,
    identity: UpstreamIdentity,
) -> Result<(), Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let target = Target::from(user);
    let user = load(admin, (authority, Permission::WriteUsers), &target).await?;
    let now = admin.clock().now();
    let event = admin.event(AuditKind::UpstreamUnlinked, authority, now);
    let event = event.to_user(user.id).saying(identity.connection.to_string());
    let seen = seen((authority, Permission::WriteUsers), &target, &user, now);
    let changes = vec![seen, Change::DeleteUpstreamLink(identity, user.id), Change::Audit(event)];
    match admin.commit_by(authority, changes).await {
        Err(StoreError::Conflict(Conflict::LastWayIn)) => Err(Rejected::LastWayIn),
        other => other.map_err(|error| Rejected::of_commit(error, Aggregate::User)),
    }
}

/// Removes a passkey of an account, for a reason that the audit log keeps, unless it is the last way in ([`Rejected::LastWayIn`]). Every session and grant of the account ends:
/// whoever has a lost device has no more of it. `false` where it has no such passkey.
pub async fn remove_passkey(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: UserId,
    id: PasskeyId,
    reason: &str,
) -> Result<bool, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let (target, reason) = (Target::from(user), reason::read(reason)?);
    let user = load(admin, (authority, Permission::WriteUsers), &target).await?;
    delegated::require_to_reset(authority, &affiliations::all(admin).await?, &user)?;
    let passkeys = admin.stores().passkeys.of_user(user.id).await?;
    let Some(passkey) = passkeys.into_iter().find(|passkey| passkey.id == id) else { return Ok(false) };
    let now = admin.clock().now();
    let event = admin.event(AuditKind::PasskeyRemoved, authority, now).to_user(user.id);
    let event = event.saying(format!("{}: {reason}", passkey.name));
    let end = UserEdit { ends_everything: true, ..edit_by((authority, Permission::WriteUsers), &target, &user, now) };
    let changes = vec![Change::EditUser(end), Change::DeletePasskey(id, user.id), Change::Audit(event)];
    match admin.commit_by(authority, changes).await {
        Err(StoreError::Conflict(Conflict::LastWayIn)) => Err(Rejected::LastWayIn),
        other => other.map(|()| true).map_err(|error| Rejected::of_commit(error, Aggregate::User)),
    }
}

/// Takes the access of every app to an account away. Its sessions go on; what apps are granted in them later is not theirs from before.
pub async fn withdraw_all(admin: &Administration, authority: &ProvenAuthority, user: UserId) -> Result<(), Rejected> {
    authority.require_somewhere(Permission::RevokeSessions)?;
    let (by, target) = ((&**authority, Permission::RevokeSessions), Target::from(user));
    let user = load(admin, by, &target).await?;
    let now = admin.clock().now();
    let taken = |app: AppAccess| {
        let event = admin.event(AuditKind::ConsentWithdrawn, authority, now);
        let event = event.to_user(user.id).to_client(app.client.id.clone());
        [Change::WithdrawConsent(user.id, app.client.id), Change::Audit(event)]
    };
    let mut changes: Vec<Change> =
        admin.accounts.apps_with_access(user.id).await?.into_iter().flat_map(taken).collect();
    if changes.is_empty() {
        return admin.stands(authority).await;
    }
    changes.insert(0, seen(by, &target, &user, now));
    admin.commit(authority, Aggregate::User, changes).await
}
