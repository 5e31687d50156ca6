//! Who acts, with which permissions, over what.
//!
//! An account, or a client that acts for itself, may have rights over one app, or over the people in one group, without a role: see [`DELEGATED`](super::DELEGATED). A function that is about one
//! app or one person asks whether it is allowed there; every other asks whether it is allowed everywhere, which no delegation makes it.
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
use crate::model::delegation::HeldRights;
use crate::model::manager::Manager;
use crate::model::user::Role;
use crate::model::{Affiliation, Delegation, DelegationKind, Epoch, ServiceAccount, User};
use crate::protocol::own_api::Reach;
use crate::store::{ActingAccount, ActingClient, Change, Ground};
use crate::support::id::{AffiliationId, UserId};
use crate::support::{Digest, Timestamp};

/// An administrator, the operator or the server itself, with what they may do here.
#[derive(Clone, Debug)]
pub struct Authority {
    actor: Actor,
    /// What it may do everywhere on this server.
    permissions: PermissionSet,
    /// The roles that the permissions are of, where an account or a client acts, and what it manages besides.
    rights: HeldRights,
    /// What is left of what a delegation lets do.
    delegable: PermissionSet,
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

impl Authority {
    /// The authority of an account, looked up now, and the account. `NotFound` where there is none, `Forbidden` where it is switched
    /// off or has no role.
    pub async fn of_account(admin: &Administration, id: UserId) -> Result<(User, Self), Rejected> {
        let user = admin.stores().users.find(id).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
        let permissions = PermissionSet::of_user(&user);
        let delegations = if user.is_active() { user.delegations.clone() } else { Vec::new() };
        if permissions.is_empty() && delegations.is_empty() {
            return Err(Rejected::Forbidden(None));
        }
        let rights = HeldRights { roles: user.roles.clone(), delegations };
        let authority = Self::with(Actor::User(user.id), permissions, rights);
        Ok((user, authority))
    }

    /// The authority that a client has of its own, as it is registered now: its credential is its proof. `NotFound` unless it may be used and is in
    /// this epoch, `Forbidden` where it has no role and manages nothing.
    pub async fn of_client(admin: &Administration, id: &ClientId, epoch: Epoch) -> Result<ProvenAuthority, Rejected> {
        let found = admin.stores().delegations.service_account(id).await?;
        let counts = |found: &ServiceAccount| found.client.enabled && found.client.epoch == epoch;
        let found = found.filter(counts).ok_or(Rejected::NotFound(Aggregate::Client))?;
        let rights = found.rights();
        let permissions = PermissionSet::of_roles(&rights.roles);
        if permissions.is_empty() && rights.delegations.is_empty() {
            return Err(Rejected::Forbidden(None));
        }
        let id = found.client.id;
        let ground = Ground::Client(ActingClient { id: id.clone(), epoch, rights: rights.clone() });
        let authority = Self::with(Actor::Client(id), permissions, rights);
        Ok(ProvenAuthority::new(authority, Some(ground)))
    }

    /// The same authority, as far as a token for the administration API is good for.
    #[must_use]
    pub fn within(self, reach: Reach) -> Self {
        let (permissions, delegable) = (self.permissions.within(reach), self.delegable.within(reach));
        Self { permissions, delegable, ..self }
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
        let rights = HeldRights { roles: Vec::new(), delegations: Vec::new() };
        ProvenAuthority::new(Self::with(actor, permissions, rights), None)
    }

    const fn with(actor: Actor, permissions: PermissionSet, rights: HeldRights) -> Self {
        Self { actor, permissions, rights, delegable: PermissionSet::of(Permission::ALL) }
    }

    /// The same authority with the proof of its own account. The operator, who holds the database, needs none.
    pub fn proven(self, proof: &RecentProof) -> Result<ProvenAuthority, Rejected> {
        if self.actor != Actor::User(proof.account()) {
            return Err(Rejected::ProofNeeded);
        }
        let rights = Some(self.rights.clone());
        let acting = ActingAccount { roles: rights, ..proof.acting() };
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

    /// Whether something is allowed everywhere.
    pub const fn allows(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether something is allowed everywhere, or in some app or group at least: whether there can be anything to do.
    pub fn allows_somewhere(&self, permission: Permission) -> bool {
        let lets = |of: &Delegation| self.delegated(of.kind()).contains(permission);
        self.allows(permission) || self.rights.delegations.iter().any(lets)
    }

    /// Whether something is allowed in an app.
    pub fn allows_in_app(&self, permission: Permission, client: &ClientId) -> bool {
        self.allows(permission) || self.is_delegate_of(permission, client)
    }

    /// Whether something is allowed to the people in a group, as far as they may do no more than this authority.
    pub fn allows_in_group(&self, permission: Permission, group: AffiliationId) -> bool {
        let lets = self.delegated(DelegationKind::Group).contains(permission);
        self.allows(permission) || (lets && self.rights.delegations.contains(&Delegation::Group(group)))
    }

    /// Whether something is allowed to this person: everywhere, or as one of a group who may do no more than this authority.
    pub fn allows_on_person(&self, permission: Permission, user: &User) -> bool {
        let in_group = || user.affiliations.iter().any(|id| self.allows_in_group(permission, *id));
        self.allows(permission) || (in_group() && self.require_over(user).is_ok())
    }

    /// The groups whose people it manages.
    pub fn groups(&self) -> Vec<AffiliationId> {
        let group = |of: &Delegation| match of {
            Delegation::Group(id) => Some(*id),
            Delegation::App(_) => None,
        };
        self.rights.delegations.iter().filter_map(group).collect()
    }

    /// The apps that it manages.
    pub fn apps(&self) -> Vec<ClientId> {
        let app = |of: &Delegation| match of {
            Delegation::App(id) => Some(id.clone()),
            Delegation::Group(_) => None,
        };
        self.rights.delegations.iter().filter_map(app).collect()
    }

    /// Whether it may see a group or a role in apps: who manages a group sees that, and who manages an app its own roles.
    pub fn sees(&self, one: &Affiliation) -> bool {
        match one.client() {
            _ if self.allows(Permission::ReadUsers) => true,
            Some(client) => self.allows_in_app(Permission::ReadClients, client),
            None => self.allows_in_group(Permission::ReadUsers, one.id),
        }
    }

    /// Whether it may give this group or role to a person that it may change. Who manages an app gives its own roles; who manages a group puts nobody into it who is not
    /// seen by that, and invites instead.
    pub fn may_give(&self, one: &Affiliation) -> bool {
        let own = |client| self.is_delegate_of(Permission::WriteClients, client);
        self.allows(Permission::WriteUsers) || one.client().is_some_and(own)
    }

    /// Whether it may take this group or role from a person that it may change, and make an account that has it.
    pub fn may_take(&self, one: &Affiliation) -> bool {
        self.may_give(one) || self.allows_in_group(Permission::WriteUsers, one.id)
    }

    /// Whether this is allowed by a delegation over the app, and not by the permission for all apps, which says nothing of people.
    fn is_delegate_of(&self, permission: Permission, client: &ClientId) -> bool {
        let is_it = |of: &Delegation| matches!(of, Delegation::App(id) if id == client);
        self.delegated(DelegationKind::App).contains(permission) && self.rights.delegations.iter().any(is_it)
    }

    /// What a delegation of this kind lets do.
    fn delegated(&self, kind: DelegationKind) -> PermissionSet {
        PermissionSet::of_delegation(kind).both(self.delegable)
    }

    /// Whether a role may be given, and taken, by this authority.
    pub fn may_assign(&self, role: Role) -> bool {
        self.require_to_assign(&[role]).is_ok()
    }

    /// Refuses what is not allowed.
    pub(super) const fn require(&self, permission: Permission) -> Result<(), Rejected> {
        if self.allows(permission) { Ok(()) } else { Err(Rejected::Forbidden(Some(permission))) }
    }

    /// Refuses what is allowed nowhere.
    pub(super) fn require_somewhere(&self, permission: Permission) -> Result<(), Rejected> {
        if self.allows_somewhere(permission) { Ok(()) } else { Err(Rejected::Forbidden(Some(permission))) }
    }

    /// Refuses what is not allowed to this person: `NotFound` where the authority may not even see them, and nobody can tell that from an account that is not there.
    pub(super) fn require_on_person(&self, permission: Permission, user: &User) -> Result<(), Rejected> {
        self.require_somewhere(permission)?;
        let allowed = self.allows_on_person(permission, user);
        Self::granted((permission, allowed), self.allows_on_person(Permission::ReadUsers, user), Aggregate::User)
    }

    /// Refuses what is not allowed in this app, in the same way.
    pub(super) fn require_in_app(&self, permission: Permission, client: &ClientId) -> Result<(), Rejected> {
        self.require_somewhere(permission)?;
        let allowed = self.allows_in_app(permission, client);
        Self::granted((permission, allowed), self.allows_in_app(Permission::ReadClients, client), Aggregate::Client)
    }

    /// What comes of a permission that is allowed or not, to something that may be seen or not.
    fn granted((permission, allowed): (Permission, bool), sees: bool, what: Aggregate) -> Result<(), Rejected> {
        if allowed {
            return Ok(());
        }
        Err(if sees { Rejected::Forbidden(Some(permission)) } else { Rejected::NotFound(what) })
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
        self.require_all_of(&user.roles)?;
        user.delegations.iter().try_for_each(|of| self.require_to_hold(of))
    }

    /// Refuses who does not have what a delegation lets do.
    pub(super) fn require_to_hold(&self, of: &Delegation) -> Result<(), Rejected> {
        if self.rights.delegations.contains(of) {
            return Ok(());
        }
        self.require_all(PermissionSet::of_delegation(of.kind()))
    }

    /// Whether an account may be changed: what a page offers.
    pub fn may_change(&self, user: &User) -> bool {
        self.allows_on_person(Permission::WriteUsers, user) && self.require_over(user).is_ok()
    }

    /// Refuses to change a client that may do more than this authority: who sets its secret, or where it is answered, could then do it by the client.
    pub(super) fn require_over_client(&self, client: &Client) -> Result<(), Rejected> {
        self.require_all_of(&client.policy.roles)?;
        self.require_all(PermissionSet::by_client(client))
    }

    /// The same, with what the client manages.
    pub(super) fn require_over_service_account(&self, one: &ServiceAccount) -> Result<(), Rejected> {
        self.require_over_client(&one.client)?;
        one.delegations.iter().try_for_each(|of| self.require_to_hold(of))
    }

    /// Whether a service account may be changed: what a page offers.
    pub fn may_change_service_account(&self, one: &ServiceAccount) -> bool {
        self.allows_in_app(Permission::WriteClients, &one.client.id) && self.require_over_service_account(one).is_ok()
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
