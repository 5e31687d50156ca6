//! How an account is changed: looked at, decided about, and committed.
//!
//! Owns that whoever changes an account is over it, at the look that the change was decided by: who has the permission for everybody, or for the people of a
//! group that the account is in. Leaves what is decided to the functions beside it.

use super::with_known_attributes;
use crate::admin::{Administration, Aggregate, Authority, Permission, ProvenAuthority, RETRIES, Rejected, Target};
use crate::model::User;
use crate::model::audit_event::AuditEvent;
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// The account that something is done to which needs this permission, in the version that the caller saw.
pub(super) async fn load(
    admin: &Administration,
    (authority, permission): (&Authority, Permission),
    target: &Target<UserId>,
) -> Result<User, Rejected> {
    authority.require_somewhere(permission)?;
    let found = admin.stores().users.find(*target.key()).await?;
    let user = found.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_on_person(permission, &user)?;
    let user = with_known_attributes(admin, user).await?;
    authority.require_over(&user)?;
    target.check(user.version, Aggregate::User).map(|()| user)
}

/// Refuses who may not see this of the account with this id. Whoever may see it of everybody needs no look at the account.
pub(in crate::admin) async fn require_of(
    admin: &Administration,
    (authority, permission): (&Authority, Permission),
    user: UserId,
) -> Result<(), Rejected> {
    authority.require_somewhere(permission)?;
    if authority.allows(permission) {
        return Ok(());
    }
    let found = admin.stores().users.find(user).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_on_person(permission, &found)
}

/// What is to become of an account.
pub(super) struct Decision {
    /// The account afterwards.
    pub(super) user: User,
    pub(super) changes: Vec<Change>,
    pub(super) event: AuditEvent,
}

impl Decision {
    /// The account becomes this one, unless any other change of it comes first.
    pub(super) fn replaced(user: User, event: AuditEvent) -> Self {
        Self { changes: vec![Change::UpdateUser(user.clone())], user, event }
    }

    /// The account is edited, whatever else of it changes meanwhile.
    pub(super) fn edited(was: &User, edit: UserEdit, event: AuditEvent) -> Self {
        let user = edit.applied_to(was).unwrap_or_else(|| was.clone());
        Self { user, changes: vec![Change::EditUser(edit)], event }
    }

    /// The same, unless any other change of the account comes first: it may leave the group by which somebody is over it, or be given what they do not have.
    fn of_version(mut self, seen: i64) -> Self {
        for change in &mut self.changes {
            if let Change::EditUser(edit) | Change::DeleteUser(edit) = change {
                edit.version_seen = Some(seen);
            }
        }
        self
    }
}

/// An edit that changes nothing yet, and is made only to what the caller saw and may change.
pub(super) fn edit_of(target: &Target<UserId>, user: &User, now: Timestamp) -> UserEdit {
    let (version_seen, rights_seen) = (target.version(), Some(user.rights()));
    UserEdit { version_seen, rights_seen, ..UserEdit::new(user.id, now) }
}

/// The same by who is over the account with this permission: over some accounts alone, only to the version of it that was looked at.
pub(super) fn edit_by(
    (authority, permission): (&Authority, Permission),
    target: &Target<UserId>,
    user: &User,
    now: Timestamp,
) -> UserEdit {
    let edit = edit_of(target, user, now);
    if authority.allows(permission) { edit } else { UserEdit { version_seen: Some(user.version), ..edit } }
}

/// What changes rest on that are made beside the document of an account: that whoever makes them is over it still, as it is in that instant. It counts as a change of the account.
pub(in crate::admin) fn seen(
    by: (&Authority, Permission),
    target: &Target<UserId>,
    user: &User,
    now: Timestamp,
) -> Change {
    Change::EditUser(edit_by(by, target, user, now))
}

/// Looks at an account, decides and commits; again, when what was decided by changed in between. `decide` answers `None` where nothing is
/// to be done.
pub(super) async fn change(
    admin: &Administration,
    (authority, permission): (&ProvenAuthority, Permission),
    target: &Target<UserId>,
    decide: impl Fn(User, Timestamp) -> Result<Option<Decision>, Rejected>,
) -> Result<User, Rejected> {
    let mut left = RETRIES;
    loop {
        let was = load(admin, (authority, permission), target).await?;
        let now = admin.clock().now();
        let Some(decision) = decide(was.clone(), now)? else { return Ok(was) };
        let decision = if authority.allows(permission) { decision } else { decision.of_version(was.version) };
        let Decision { user, mut changes, event } = decision;
        changes.push(Change::Audit(event.to_user(was.id)));
        let becomes_administrator = administers(&user) && !administers(&was);
        match commit_and_claim(admin, authority, (changes, becomes_administrator), now).await {
            Ok(()) => return Ok(User { version: user.version + 1, ..user }),
            Err(StoreError::Conflict(Conflict::Stale)) if left > 0 => left -= 1,
            Err(error) => return Err(Rejected::of_commit(error, Aggregate::User)),
        }
    }
}

/// Whether an account can administer the server now.
pub(super) fn administers(user: &User) -> bool {
    user.is_active() && user.is_administrator()
}

/// Commits; where an account becomes administrator, a server that is not claimed yet counts as claimed from then on, so that no
/// claim link makes another.
pub(super) async fn commit_and_claim(
    admin: &Administration,
    authority: &ProvenAuthority,
    (changes, becomes_administrator): (Vec<Change>, bool),
    now: Timestamp,
) -> StoreResult<()> {
    if !becomes_administrator || admin.stores().users.is_claimed().await? {
        return admin.commit_by(authority, changes).await;
    }
    let mut claiming = changes.clone();
    claiming.push(Change::ClaimServer(now));
    match admin.commit_by(authority, claiming).await {
        Err(StoreError::Conflict(Conflict::AlreadyClaimed)) => admin.commit_by(authority, changes).await,
        other => other,
    }
}
