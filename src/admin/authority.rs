//! Who acts, with which permissions, over what.
//!
//! Every function of [`admin`](super) takes an [`Authority`] and asks it first; those that change something, or lead to secrets, take a
//! [`ProvenAuthority`]. Only this module makes one: of an account or of a client that was looked up and may be used, for the operator at the
//! command line, and for the server itself. Command line, console, REST API and whatever administers
//! this server besides differ in how they come by it, and in nothing else.

use super::permission::PermissionSet;
use super::{Administration, Aggregate, Permission, Rejected};
use crate::identity::RecentProof;
use crate::model::audit_event::Actor;
use crate::model::client::{Client, ClientId};
use crate::model::manager::Manager;
use crate::model::user::Role;
use crate::model::{Epoch, User};
use crate::protocol::own_api::Reach;
use crate::store::{ActingAccount, ActingClient, Change, Ground};
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

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
    /// Who it is, as they were when they proved that; `None` where neither an account nor a client acts.
    ground: Option<Ground>,
    /// What is done by it is done once under this name.
    once: Option<Once>,
    /// Whether what is done by it is only tried.
    tries: bool,
    /// Under which name files are applied by it.
    declares_for: Option<Manager>,
}

/// A name that one thing is done under, once until a time.
#[derive(Clone, Copy, Debug)]
pub struct Once {
    /// The digest of the name.
    pub name: Digest,
    /// Now.
    pub now: Timestamp,
    /// Until when the name is remembered.
    pub until: Timestamp,
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

    /// The authority that a client has of its own, as it is registered now: its credential is its proof. `NotFound` unless it may be used and is in
    /// this epoch, `Forbidden` where it has no role.
    pub async fn of_client(admin: &Administration, id: &ClientId, epoch: Epoch) -> Result<ProvenAuthority, Rejected> {
        let found = admin.stores().clients.find(id).await?;
        let counts = |client: &Client| client.enabled && client.epoch == epoch;
        let client = found.filter(counts).ok_or(Rejected::NotFound(Aggregate::Client))?;
        let roles = client.policy.roles;
        let permissions = PermissionSet::of_roles(&roles);
        if permissions.is_empty() {
            return Err(Rejected::Forbidden(None));
        }
        let ground = Ground::Client(ActingClient { id: client.id.clone(), epoch, roles: roles.clone() });
        let authority = Self { actor: Actor::Client(client.id), permissions, scope: Scope::Server, roles };
        Ok(ProvenAuthority::new(authority, Some(ground)))
    }

    /// The same authority, as far as a token for the administration API is good for.
    #[must_use]
    pub fn within(self, reach: Reach) -> Self {
        Self { permissions: self.permissions.within(reach), ..self }
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
        ProvenAuthority::new(authority, None)
    }

    /// The same authority with the proof of its own account. The operator, who holds the database, needs none.
    pub fn proven(self, proof: &RecentProof) -> Result<ProvenAuthority, Rejected> {
        if self.actor != Actor::User(proof.account()) {
            return Err(Rejected::ProofNeeded);
        }
        let roles = Some(self.roles.clone());
        let acting = ActingAccount { roles, ..proof.acting() };
        Ok(ProvenAuthority::new(self, Some(Ground::Account(acting))))
    }

    /// In whose name the audit log has what is done.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether it is the operator, who runs this program on its database.
    pub(super) fn is_operator(&self) -> bool {
        self.actor == Actor::Operator
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

    /// Whether an account may be changed: what a page offers.
    pub fn may_change(&self, user: &User) -> bool {
        self.allows(Permission::WriteUsers) && self.require_over(user).is_ok()
    }

    /// Refuses to change a client that may do more than this authority: who sets its secret, or where it is answered, could then do it by the client.
    pub(super) fn require_over_client(&self, client: &Client) -> Result<(), Rejected> {
        self.require_all_of(&client.policy.roles)?;
        self.require_all(PermissionSet::by_client(client))
    }

    fn require_all_of(&self, roles: &[Role]) -> Result<(), Rejected> {
        self.require_all(PermissionSet::of_roles(roles))
    }

    fn require_all(&self, permissions: PermissionSet) -> Result<(), Rejected> {
        match self.permissions.lacks(permissions) {
            Some(missing) => Err(Rejected::Forbidden(Some(missing))),
            None => Ok(()),
        }
    }
}

impl ProvenAuthority {
    const fn new(authority: Authority, ground: Option<Ground>) -> Self {
        Self { authority, ground, once: None, tries: false, declares_for: None }
    }

    /// The same authority, as far as a token for the administration API is good for.
    #[must_use]
    pub fn within(self, reach: Reach) -> Self {
        Self { authority: self.authority.within(reach), ..self }
    }

    /// The same authority, by which nothing is done: every rule is asked, the store's too, and then all is taken back.
    #[must_use]
    pub fn trying(self) -> Self {
        Self { tries: true, ..self }
    }

    /// The same authority for one thing that is done once under a name: `Repeated` where it was done under it before.
    #[must_use]
    pub fn once(self, once: Once) -> Self {
        Self { once: Some(once), ..self }
    }

    /// The same authority, by which the files of this name are applied: what it makes and changes is managed by them from then on.
    #[must_use]
    pub fn declaring_for(self, manager: Manager) -> Self {
        Self { declares_for: Some(manager), ..self }
    }

    /// Refuses to change what the files of another name manage.
    pub(super) fn require_to_manage(&self, managed_by: Option<&Manager>) -> Result<(), Rejected> {
        match managed_by {
            Some(other) if self.declares_for.as_ref() != Some(other) => Err(Rejected::Managed(other.clone())),
            _ => Ok(()),
        }
    }

    /// Who manages what this authority changed, which `managed_by` did before.
    pub(super) fn manager(&self, managed_by: Option<Manager>) -> Option<Manager> {
        self.declares_for.clone().or(managed_by)
    }

    /// Whether something is of those that the files in hand may take away: managed under their name, or by nobody where they have none.
    pub(super) fn is_manager(&self, managed_by: Option<&Manager>) -> bool {
        self.declares_for.as_ref() == managed_by
    }

    /// Whether what is done by it is only tried.
    pub const fn tries(&self) -> bool {
        self.tries
    }

    /// What is done with it rests on it: its account or client may still be used, is in the epoch in which it proved itself, and has the roles that it had.
    pub(super) fn ground(&self) -> Option<Change> {
        self.ground.clone().map(Change::Holds)
    }

    /// What has to be committed for these changes to be made in its name.
    pub(super) fn around(&self, changes: Vec<Change>) -> Vec<Change> {
        let once = self.once.map(|Once { name, now, until }| Change::UseOnce { value: name, until, now });
        let taken_back = self.tries.then_some(Change::TakeBack);
        self.ground().into_iter().chain(once).chain(changes).chain(taken_back).collect()
    }
}

impl std::ops::Deref for ProvenAuthority {
    type Target = Authority;

    fn deref(&self) -> &Authority {
        &self.authority
    }
}
