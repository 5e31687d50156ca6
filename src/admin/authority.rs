//! Who acts, with which permissions, over what.
//!
//! Every function of [`admin`](super) takes an [`Authority`] and asks it first; those that change something, or lead to secrets, take a
//! [`ProvenAuthority`]. Only this module makes one: of an account that was looked up and is active, for the operator at the command line,
//! and for the server itself. Command line, console and whatever administers
//! this server besides differ in how they come by it, and in nothing else.

use super::permission::PermissionSet;
use super::{Administration, Aggregate, Permission, Rejected};
use crate::identity::RecentProof;
use crate::model::User;
use crate::model::audit_event::Actor;
use crate::model::user::Role;
use crate::store::{ActingAccount, Change, Ground};
use crate::support::id::UserId;

/// An administrator, the operator or the server itself, with what they may do here.
#[derive(Clone, Debug)]
pub struct Authority {
    actor: Actor,
    permissions: PermissionSet,
    scope: Scope,
    /// The roles that the permissions are of, where an account acts.
    roles: Vec<Role>,
}

/// An authority whose account proved itself a moment ago, or that needs no proof. Whatever changes something takes one, and what leads to
/// secrets; reading takes an [`Authority`], which it is too.
#[derive(Clone, Debug)]
pub struct ProvenAuthority {
    authority: Authority,
    /// Who it is, as they were when they proved that; `None` where no account acts.
    acting: Option<ActingAccount>,
}

/// What an authority is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything on this server. There is nothing smaller yet.
    Server,
}

impl Authority {
    /// The authority of an account, looked up now, and the account. `NotFound` where there is none, `Forbidden` where it is switched
    /// off or has no role.
    pub async fn of_account(admin: &Administration, id: UserId) -> Result<(User, Self), Rejected> {
        let user = admin.stores().users.find(id).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
        let permissions = PermissionSet::of_user(&user);
        if permissions.is_empty() {
            return Err(Rejected::Forbidden(None));
        }
        let authority =
            Self { actor: Actor::User(user.id), permissions, scope: Scope::Server, roles: user.roles.clone() };
        Ok((user, authority))
    }

    /// The operator: who runs this program with its configuration can do everything to its database anyway. It is worth nothing without
    /// the [`Administration`] that each function takes besides.
    pub const fn operator() -> ProvenAuthority {
        Self::over_everything(Actor::Operator)
    }

    /// The server itself, where no caller asked for what it does.
    pub const fn system() -> ProvenAuthority {
        Self::over_everything(Actor::System)
    }

    const fn over_everything(actor: Actor) -> ProvenAuthority {
        let permissions = PermissionSet::of(Permission::ALL);
        let authority = Self { actor, permissions, scope: Scope::Server, roles: Vec::new() };
        ProvenAuthority { authority, acting: None }
    }

    /// The same authority with the proof of its own account. The operator, who holds the database, needs none.
    pub fn proven(self, proof: &RecentProof) -> Result<ProvenAuthority, Rejected> {
        if self.actor != Actor::User(proof.account()) {
            return Err(Rejected::ProofNeeded);
        }
        let roles = Some(self.roles.clone());
        let acting = ActingAccount { roles, ..proof.acting() };
        Ok(ProvenAuthority { authority: self, acting: Some(acting) })
    }

    /// In whose name the audit log has what is done.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What it is over.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether something is allowed.
    pub const fn allows(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether a role may be given, and taken, by this authority.
    pub fn may_assign(&self, role: Role) -> bool {
        self.require_to_assign(&[role]).is_ok()
    }

    /// Refuses what is not allowed.
    pub(super) const fn require(&self, permission: Permission) -> Result<(), Rejected> {
        if self.allows(permission) { Ok(()) } else { Err(Rejected::Forbidden(Some(permission))) }
    }

    /// Refuses to give roles, or to take them, that may do more than this authority: no administrator gives what they do not have.
    pub(super) fn require_to_assign(&self, roles: &[Role]) -> Result<(), Rejected> {
        if roles.is_empty() {
            return Ok(());
        }
        self.require(Permission::AssignRoles)?;
        self.require_all_of(roles)
    }

    /// Refuses to change an account that may do more than this authority: who sets its password could then do it in its name.
    pub(super) fn require_over(&self, user: &User) -> Result<(), Rejected> {
        self.require_all_of(&user.roles)
    }

    fn require_all_of(&self, roles: &[Role]) -> Result<(), Rejected> {
        match self.permissions.lacks(PermissionSet::of_roles(roles)) {
            Some(missing) => Err(Rejected::Forbidden(Some(missing))),
            None => Ok(()),
        }
    }
}

impl ProvenAuthority {
    /// What is done with it rests on it: its account may still be used, is in the epoch in which it proved itself, and has the roles that it had.
    pub(super) fn ground(&self) -> Option<Change> {
        self.acting.clone().map(|acting| Change::Holds(Ground::Account(acting)))
    }
}

impl std::ops::Deref for ProvenAuthority {
    type Target = Authority;

    fn deref(&self) -> &Authority {
        &self.authority
    }
}
