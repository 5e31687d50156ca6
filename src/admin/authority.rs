//! Who acts, with which permissions, over what.
//!
//! Every function of [`admin`](super) takes an [`Authority`] and asks it first. Only this module makes one: of an account that was looked
//! up and is active, for the operator at the command line, and for the server itself. Command line, console and whatever administers
//! this server besides differ in how they come by it, and in nothing else.

use super::permission::PermissionSet;
use super::{Administration, Aggregate, Permission, Rejected};
use crate::identity::RecentProof;
use crate::model::User;
use crate::model::audit_event::Actor;
use crate::model::user::Role;
use crate::support::id::UserId;

/// An administrator, the operator or the server itself, with what they may do here.
#[derive(Clone, Debug)]
pub struct Authority {
    actor: Actor,
    permissions: PermissionSet,
    scope: Scope,
    proven: bool,
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
        let authority = Self { actor: Actor::User(user.id), permissions, scope: Scope::Server, proven: false };
        Ok((user, authority))
    }

    /// The operator: who runs this program with its configuration can do everything to its database anyway. It is worth nothing without
    /// the [`Administration`] that each function takes besides.
    pub const fn operator() -> Self {
        Self::over_everything(Actor::Operator)
    }

    /// The server itself, where no caller asked for what it does.
    pub const fn system() -> Self {
        Self::over_everything(Actor::System)
    }

    const fn over_everything(actor: Actor) -> Self {
        Self { actor, permissions: PermissionSet::of(Permission::ALL), scope: Scope::Server, proven: true }
    }

    /// The same authority after its account proved itself again: what leads to secrets asks for that. The operator, who holds the
    /// database, needs no proof.
    pub fn proven(self, proof: &RecentProof) -> Result<Self, Rejected> {
        if self.actor == Actor::User(proof.account()) {
            Ok(Self { proven: true, ..self })
        } else {
            Err(Rejected::ProofNeeded)
        }
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

    /// Refuses what is not allowed.
    pub(super) const fn require(&self, permission: Permission) -> Result<(), Rejected> {
        if self.allows(permission) { Ok(()) } else { Err(Rejected::Forbidden(Some(permission))) }
    }

    /// Refuses where the account did not prove itself a moment ago.
    pub(super) const fn require_proof(&self) -> Result<(), Rejected> {
        if self.proven { Ok(()) } else { Err(Rejected::ProofNeeded) }
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
