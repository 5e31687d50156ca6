//! What may be done to this server, and which role may do it: one table, which the code and its tests read.

use std::fmt;

use crate::model::user::Role;
use crate::model::{Client, DelegationKind, User};
use crate::protocol::grant_type::GrantType;
use crate::protocol::own_api::Reach;

/// One thing that may be done to this server. Each function of [`admin`](super) asks for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// List and show accounts.
    ReadUsers,
    /// Make accounts, switch them on and off, delete them, set their passwords, and give them groups and roles in apps.
    WriteUsers,
    /// Give accounts roles, and connections roles for the accounts made through them. No administrator gives a role that may do more than
    /// they may themselves.
    AssignRoles,
    /// Hand out the link that makes the first administrator. Only owners and the operator hold it, which sets them above
    /// administrators: an administrator can neither name an owner nor change the account of one.
    AppointOwners,
    /// Declare, change and take back the custom attributes that accounts have, and the rules by which apps are told of them.
    WriteAttributes,
    /// Make, change and delete groups, and roles in apps. Giving them to accounts is a change of these: none lets anybody do anything here.
    WriteGroups,
    /// Take all accounts elsewhere at once, without secrets.
    ExportUsers,
    /// List and show registered clients.
    ReadClients,
    /// Register, change, switch and delete clients, and give them new secrets.
    WriteClients,
    /// See connections to upstream providers.
    ReadConnections,
    /// Make, change, switch and delete connections. Where a connection leads decides who signs in as whom.
    WriteConnections,
    /// Read the tokens that upstream providers issued for an end-user.
    ReadProviderTokens,
    /// See the public side of the signing keys.
    ReadKeys,
    /// Let the next signing keys take over.
    RotateKeys,
    /// Take a signing key out of use, with everything that it signed.
    RevokeKeys,
    /// Bring a signing key that was made elsewhere. Whoever has its private part can sign tokens as this server, in anybody's name, an owner's included:
    /// only owners and the operator hold it.
    ImportKeys,
    /// See the addresses that are told what happens, and what was told to them.
    ReadWebhooks,
    /// Make, change and delete addresses that are told what happens, and send them messages.
    WriteWebhooks,
    /// See the settings of this server, without secrets.
    ReadSettings,
    /// Decide for the whole server: how end-users sign up and in.
    WriteSettings,
    /// See where accounts are signed in.
    ReadSessions,
    /// End the sessions and grants of accounts.
    RevokeSessions,
    /// Read the audit log.
    ReadAudit,
    /// Move the server to another issuer, which every token, app and provider knows it by.
    ChangeIssuer,
    /// End every session and grant of every account, owners' included.
    EndEverything,
    /// Apply files of declared configuration over the network: much is made, changed and deleted at once. Each change needs its own permission besides, so
    /// nobody does by a file what they may not do by hand, and a service account that applies files needs no more roles than what they declare.
    ApplyFiles,
}

impl Permission {
    /// Every permission, in the order of its declaration.
    pub const ALL: &[Self] = &[
        Self::ReadUsers,
        Self::WriteUsers,
        Self::AssignRoles,
        Self::AppointOwners,
        Self::WriteAttributes,
        Self::WriteGroups,
        Self::ExportUsers,
        Self::ReadClients,
        Self::WriteClients,
        Self::ReadConnections,
        Self::WriteConnections,
        Self::ReadProviderTokens,
        Self::ReadKeys,
        Self::RotateKeys,
        Self::RevokeKeys,
        Self::ImportKeys,
        Self::ReadWebhooks,
        Self::WriteWebhooks,
        Self::ReadSettings,
        Self::WriteSettings,
        Self::ReadSessions,
        Self::RevokeSessions,
        Self::ReadAudit,
        Self::ChangeIssuer,
        Self::EndEverything,
        Self::ApplyFiles,
    ];

    /// The stable name: `read_users`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadUsers => "read_users",
            Self::WriteUsers => "write_users",
            Self::WriteAttributes => "write_attributes",
            Self::WriteGroups => "write_groups",
            Self::ExportUsers => "export_users",
            Self::AssignRoles => "assign_roles",
            Self::AppointOwners => "appoint_owners",
            Self::ReadClients => "read_clients",
            Self::WriteClients => "write_clients",
            Self::ReadConnections => "read_connections",
            Self::WriteConnections => "write_connections",
            Self::ReadProviderTokens => "read_provider_tokens",
            Self::ReadKeys => "read_keys",
            Self::RotateKeys => "rotate_keys",
            Self::RevokeKeys => "revoke_keys",
            Self::ImportKeys => "import_keys",
            Self::ReadWebhooks => "read_webhooks",
            Self::WriteWebhooks => "write_webhooks",
            Self::ReadSettings => "read_settings",
            Self::WriteSettings => "write_settings",
            Self::ReadSessions => "read_sessions",
            Self::RevokeSessions => "revoke_sessions",
            Self::ReadAudit => "read_audit",
            Self::ChangeIssuer => "change_issuer",
            Self::EndEverything => "end_everything",
            Self::ApplyFiles => "apply_files",
        }
    }

    /// Whether it is for seeing what is no secret, and nothing else.
    pub const fn is_to_see(self) -> bool {
        matches!(
            self,
            Self::ReadUsers
                | Self::ReadClients
                | Self::ReadConnections
                | Self::ReadKeys
                | Self::ReadWebhooks
                | Self::ReadSettings
                | Self::ReadSessions
                | Self::ReadAudit
        )
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What each role may do.
///
/// `administrator` is the one role that accounts held before there were others, so it keeps everything that it could do then: all but
/// [`Permission::AppointOwners`], which no account held.
pub const PERMISSIONS: &[(Role, &[Permission])] = &[
    (Role::Owner, Permission::ALL),
    (
        Role::Administrator,
        &[
            Permission::ReadUsers,
            Permission::WriteUsers,
            Permission::WriteAttributes,
            Permission::WriteGroups,
            Permission::ExportUsers,
            Permission::AssignRoles,
            Permission::ReadClients,
            Permission::WriteClients,
            Permission::ReadConnections,
            Permission::WriteConnections,
            Permission::ReadProviderTokens,
            Permission::ReadKeys,
            Permission::RotateKeys,
            Permission::RevokeKeys,
            Permission::ReadWebhooks,
            Permission::WriteWebhooks,
            Permission::ReadSettings,
            Permission::WriteSettings,
            Permission::ReadSessions,
            Permission::RevokeSessions,
            Permission::ReadAudit,
            Permission::ApplyFiles,
        ],
    ),
    (
        Role::PeopleManager,
        &[
            Permission::ReadUsers,
            Permission::WriteUsers,
            Permission::ExportUsers,
            Permission::ReadSessions,
            Permission::RevokeSessions,
        ],
    ),
    (
        Role::AppManager,
        &[Permission::ReadClients, Permission::WriteClients, Permission::ReadKeys, Permission::ApplyFiles],
    ),
    (
        Role::Auditor,
        &[
            Permission::ReadUsers,
            Permission::ReadClients,
            Permission::ReadConnections,
            Permission::ReadKeys,
            Permission::ReadWebhooks,
            Permission::ReadSettings,
            Permission::ReadSessions,
            Permission::ReadAudit,
        ],
    ),
];

/// What a delegation lets its holder do, to what it is over and to nothing else: to the app, or to each person in the group. What is not here needs a role, as making and
/// deleting apps and people does.
pub const DELEGATED: &[(DelegationKind, &[Permission])] = &[
    (DelegationKind::App, &[Permission::ReadClients, Permission::WriteClients]),
    (
        DelegationKind::Group,
        &[Permission::ReadUsers, Permission::WriteUsers, Permission::ReadSessions, Permission::RevokeSessions],
    ),
];

/// Some of the permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PermissionSet(u32);

impl PermissionSet {
    /// These permissions.
    pub(super) const fn of(permissions: &[Permission]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < permissions.len() {
            bits |= permissions[at].bit();
            at += 1;
        }
        Self(bits)
    }

    /// What any of these roles may do.
    pub(super) fn of_roles(roles: &[Role]) -> Self {
        let granted = PERMISSIONS.iter().filter(|(role, _)| roles.contains(role));
        Self(granted.fold(0, |bits, (_, permissions)| bits | Self::of(permissions).0))
    }

    /// What a delegation of this kind lets do.
    pub(super) fn of_delegation(kind: DelegationKind) -> Self {
        let granted = DELEGATED.iter().filter(|(known, _)| *known == kind);
        Self(granted.fold(0, |bits, (_, permissions)| bits | Self::of(permissions).0))
    }

    /// Those that are in both.
    pub(super) const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What the roles of an account may do; nothing where it is switched off.
    pub(super) fn of_user(user: &User) -> Self {
        if user.is_active() { Self::of_roles(&user.roles) } else { Self(0) }
    }

    /// What an end-user with every permission could do by a client: what the scopes that it may ask for are good for. A client without end-users does
    /// what its own roles say, which its scopes only narrow.
    pub(super) fn by_client(client: &Client) -> Self {
        let reach = Reach::of(&client.policy.scopes);
        let asks_end_users = client.may_use(GrantType::AuthorizationCode);
        if asks_end_users { Self::of(Permission::ALL).within(reach) } else { Self(0) }
    }

    /// Those that a token for the administration API is good for.
    pub(super) fn within(self, reach: Reach) -> Self {
        let seeing = || Permission::ALL.iter().filter(|one| one.is_to_see()).fold(0, |bits, one| bits | one.bit());
        match reach {
            Reach::Nothing => Self(0),
            Reach::Read => Self(self.0 & seeing()),
            Reach::Write => self,
        }
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The first permission of `other` that is missing here.
    pub(super) fn lacks(self, other: Self) -> Option<Permission> {
        Permission::ALL.iter().copied().find(|one| other.contains(*one) && !self.contains(*one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_in_the_table_once() {
        for role in Role::ALL {
            assert_eq!(PERMISSIONS.iter().filter(|(known, _)| known == role).count(), 1, "{role:?}");
        }
        assert_eq!(PERMISSIONS.len(), Role::ALL.len());
    }

    #[test]
    fn a_permission_has_a_bit_and_a_name_of_its_own() {
        let all = PermissionSet::of(Permission::ALL);
        assert_eq!(all.0.count_ones() as usize, Permission::ALL.len());
        let names: std::collections::BTreeSet<_> = Permission::ALL.iter().map(|one| one.as_str()).collect();
        assert_eq!(names.len(), Permission::ALL.len());
    }

    #[test]
    fn a_token_for_seeing_changes_nothing_and_leads_to_no_secret() {
        let all = PermissionSet::of(Permission::ALL);
        let seeing = all.within(Reach::Read);
        let auditor = PermissionSet::of_roles(&[Role::Auditor]);
        assert_eq!(
            (seeing.lacks(auditor), auditor.lacks(seeing)),
            (None, None),
            "an auditor sees everything that is no secret"
        );
        assert_eq!((all.within(Reach::Write), all.within(Reach::Nothing)), (all, PermissionSet(0)));
    }

    #[test]
    fn a_delegation_lets_do_no_more_than_the_role_that_it_is_a_part_of() {
        for (kind, role) in [(DelegationKind::App, Role::AppManager), (DelegationKind::Group, Role::PeopleManager)] {
            assert_eq!(DELEGATED.iter().filter(|(known, _)| *known == kind).count(), 1, "{kind:?}");
            let delegated = PermissionSet::of_delegation(kind);
            assert!(!delegated.is_empty());
            assert_eq!(PermissionSet::of_roles(&[role]).lacks(delegated), None, "{kind:?}");
        }
    }

    #[test]
    fn only_owners_stand_above_administrators() {
        let administrator = PermissionSet::of_roles(&[Role::Administrator]);
        assert_eq!(administrator.lacks(PermissionSet::of(Permission::ALL)), Some(Permission::AppointOwners));
        for role in [Role::PeopleManager, Role::AppManager, Role::Auditor, Role::Administrator] {
            assert_eq!(administrator.lacks(PermissionSet::of_roles(&[role])), None, "{role:?}");
        }
    }
}
