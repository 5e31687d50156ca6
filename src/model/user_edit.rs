//! What is decided about an account apart from its profile: whether it may be used, what it may do, where it belongs, and the end of everything of it.

use super::delegation::HeldRights;
use super::epoch::AccountEpochs;
use super::user::{EmailAddress, Role, User, UserStatus};
use crate::support::Timestamp;
use crate::support::id::{AffiliationId, UserId};

/// An edit of an account, made to what is stored in the instant of the commit. So no other change of the account can get ahead of it, and
/// the holder of a session cannot hold it up; it is refused only where what it was decided by has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct UserEdit {
    /// The account.
    pub id: UserId,
    /// When it is edited.
    pub at: Timestamp,
    /// The epochs in which it was decided, where something else was proved in them (a password); `None` where it holds for any.
    pub decided_in: Option<AccountEpochs>,
    /// The version that its caller saw, where the caller named one.
    pub version_seen: Option<i64>,
    /// What the account could do when it was asked who may edit it; `None` where that was not asked.
    pub rights_seen: Option<HeldRights>,
    /// Whether the account may be used from now on, where that changes.
    pub status: Option<UserStatus>,
    /// What it may do to Haechi itself from now on, where that changes.
    pub roles: Option<Vec<Role>>,
    /// The address that it proved, which is its own from now on.
    pub proved_address: Option<EmailAddress>,
    /// The groups and roles in apps that it is given.
    pub joins: Vec<AffiliationId>,
    /// Those that it loses. Of one that it is given, too, it loses none.
    pub leaves: Vec<AffiliationId>,
    /// Whether every session and grant of it ends.
    pub ends_everything: bool,
}

impl UserEdit {
    /// An edit that changes nothing yet.
    pub const fn new(id: UserId, at: Timestamp) -> Self {
        Self {
            id,
            at,
            decided_in: None,
            version_seen: None,
            rights_seen: None,
            status: None,
            roles: None,
            proved_address: None,
            joins: Vec::new(),
            leaves: Vec::new(),
            ends_everything: false,
        }
    }

    /// The end of every session and grant of an account, and nothing else.
    pub fn end_of_everything(id: UserId, at: Timestamp) -> Self {
        Self { ends_everything: true, ..Self::new(id, at) }
    }

    /// The account after the edit; `None` where it is another account than the edit was decided for.
    pub fn applied_to(&self, user: &User) -> Option<User> {
        let as_decided = self.decided_in.is_none_or(|epochs| epochs == user.epochs())
            && self.version_seen.is_none_or(|version| version == user.version)
            && self.rights_seen.as_ref().is_none_or(|rights| *rights == user.rights());
        if !as_decided {
            return None;
        }
        let mut edited = user.clone();
        if let Some(status) = self.status {
            edited.status = status;
        }
        if let Some(roles) = &self.roles {
            edited.roles.clone_from(roles);
            edited.updated_at = self.at;
        }
        if let Some(address) = &self.proved_address {
            edited.email.clone_from(address);
            edited.email_verified = true;
            edited.updated_at = self.at;
        }
        if !self.joins.is_empty() || !self.leaves.is_empty() {
            edited.affiliations.retain(|id| !self.leaves.contains(id));
            edited.affiliations.extend(&self.joins);
            edited.affiliations.sort_unstable();
            edited.affiliations.dedup();
            edited.updated_at = self.at;
        }
        Some(if self.ends_everything { edited.with_everything_ended(self.at) } else { edited })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::delegation::Delegation;
    use crate::model::epoch::Epoch;
    use crate::model::user::EmailAddress;

    fn user() -> User {
        let now = Timestamp::from_seconds(1);
        User::new(UserId::from_bytes([1; 16]), EmailAddress::parse("kim@example.com").unwrap(), now)
    }

    #[test]
    fn an_edit_changes_what_it_names() {
        let at = Timestamp::from_seconds(2);
        let edit = UserEdit { status: Some(UserStatus::Disabled), ..UserEdit::new(user().id, at) };
        assert_eq!(edit.applied_to(&user()), Some(User { status: UserStatus::Disabled, ..user() }));
        let ended = UserEdit::end_of_everything(user().id, at).applied_to(&user()).unwrap();
        assert_eq!(ended, user().with_everything_ended(at));
        let roles = UserEdit { roles: Some(vec![Role::Auditor]), ..UserEdit::new(user().id, at) };
        assert_eq!(roles.applied_to(&user()).unwrap().roles, [Role::Auditor]);
        let other = EmailAddress::parse("kim@example.org").unwrap();
        let moved = UserEdit { proved_address: Some(other.clone()), ..UserEdit::new(user().id, at) };
        let moved = moved.applied_to(&user()).unwrap();
        assert_eq!((moved.email, moved.email_verified), (other, true));
        let id = |n| AffiliationId::from_bytes([n; 16]);
        let joined =
            UserEdit { joins: vec![id(3), id(1)], ..UserEdit::new(user().id, at) }.applied_to(&user()).unwrap();
        assert_eq!(joined.affiliations, [id(1), id(3)]);
        let left = UserEdit { joins: vec![id(2)], leaves: vec![id(1), id(7)], ..UserEdit::new(user().id, at) };
        assert_eq!(left.applied_to(&joined).unwrap().affiliations, [id(2), id(3)]);
    }

    #[test]
    fn an_edit_that_was_decided_by_something_else_changes_nothing() {
        let edit = UserEdit::end_of_everything(user().id, Timestamp::from_seconds(2));
        let of_epoch = UserEdit { decided_in: Some(user().epochs()), ..edit.clone() };
        assert!(of_epoch.applied_to(&user()).is_some());
        assert_eq!(of_epoch.applied_to(&user().with_everything_ended(edit.at)), None);
        assert_eq!(of_epoch.applied_to(&User { server_epoch: Epoch::default().next(), ..user() }), None);
        let of_version = UserEdit { version_seen: Some(0), ..edit.clone() };
        assert!(of_version.applied_to(&user()).is_some());
        assert_eq!(of_version.applied_to(&User { version: 1, ..user() }), None);
        let of_rights = UserEdit { rights_seen: Some(HeldRights::default()), ..edit };
        assert!(of_rights.applied_to(&user()).is_some());
        assert_eq!(of_rights.applied_to(&User { roles: vec![Role::Owner], ..user() }), None);
        let manages = vec![Delegation::Group(AffiliationId::from_bytes([1; 16]))];
        assert_eq!(of_rights.applied_to(&User { delegations: manages, ..user() }), None);
    }
}
