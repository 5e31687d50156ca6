//! The rooms of the console: what the navigation lists, and who sees which.
//!
//! Owns the list. What may be done in a room is asked again by every function of `admin` that its pages call.

use crate::admin::{Authority, Permission};
use crate::i18n::{Key, keys};

/// A part of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    Overview,
    People,
    Groups,
    Roles,
    Claims,
    Apps,
    Apis,
    Connections,
    SignIn,
    Mail,
    Branding,
    Audit,
    Webhooks,
    Keys,
    Settings,
}

impl Room {
    /// Every room, in the order of the navigation.
    pub(super) const ALL: &[Self] = &[
        Self::Overview,
        Self::People,
        Self::Groups,
        Self::Roles,
        Self::Claims,
        Self::Apps,
        Self::Apis,
        Self::Connections,
        Self::SignIn,
        Self::Mail,
        Self::Branding,
        Self::Audit,
        Self::Webhooks,
        Self::Keys,
        Self::Settings,
    ];

    /// Where it begins.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/admin",
            Self::People => "/admin/people",
            Self::Groups => "/admin/groups",
            Self::Roles => "/admin/roles",
            Self::Claims => "/admin/claims",
            Self::Apps => "/admin/apps",
            Self::Apis => "/admin/apis",
            Self::Connections => "/admin/connections",
            Self::SignIn => "/admin/sign-in",
            Self::Mail => "/admin/mail",
            Self::Branding => "/admin/branding",
            Self::Audit => "/admin/audit",
            Self::Webhooks => "/admin/webhooks",
            Self::Keys => "/admin/keys",
            Self::Settings => "/admin/settings",
        }
    }

    /// What it is called.
    pub(super) const fn name(self) -> Key {
        match self {
            Self::Overview => keys::console::OVERVIEW,
            Self::People => keys::people::TITLE,
            Self::Groups => keys::groups::TITLE,
            Self::Roles => keys::groups::ROLES_TITLE,
            Self::Claims => keys::claims::TITLE,
            Self::Apps => keys::apps::TITLE,
            Self::Apis => keys::apis::TITLE,
            Self::Connections => keys::connections::TITLE,
            Self::SignIn => keys::policy::SIGN_IN,
            Self::Mail => keys::outbox::TITLE,
            Self::Branding => keys::branding::TITLE,
            Self::Audit => keys::audit::TITLE,
            Self::Webhooks => keys::webhooks::TITLE,
            Self::Keys => keys::signing_keys::TITLE,
            Self::Settings => keys::settings::TITLE,
        }
    }

    /// What an administrator needs to find anything there. The overview shows each what they may see.
    const fn needs(self) -> Option<Permission> {
        match self {
            Self::Overview => None,
            Self::People | Self::Groups | Self::Roles | Self::Claims | Self::Mail => Some(Permission::ReadUsers),
            Self::Apps | Self::Apis => Some(Permission::ReadClients),
            Self::Connections => Some(Permission::ReadConnections),
            Self::Audit => Some(Permission::ReadAudit),
            Self::Webhooks => Some(Permission::ReadWebhooks),
            Self::Keys => Some(Permission::ReadKeys),
            Self::SignIn | Self::Branding | Self::Settings => Some(Permission::ReadSettings),
        }
    }

    /// Whether an administrator sees it: who manages single apps or groups sees the rooms where these are.
    pub(super) fn is_open_to(self, authority: &Authority) -> bool {
        let Some(needed) = self.needs() else { return true };
        let single = match self {
            Self::People | Self::Groups | Self::Apps => true,
            // Roles are given to people.
            Self::Roles => !authority.apps().is_empty(),
            _ => false,
        };
        authority.allows(needed) || (single && authority.allows_somewhere(needed))
    }

    /// Its sign: the path of a drawing of 16 by 16.
    const fn sign(self) -> &'static str {
        match self {
            Self::Overview => "M2.5 2.5h4v5h-4zM9.5 2.5h4v3h-4zM2.5 10.5h4v3h-4zM9.5 8.5h4v5h-4z",
            Self::People => {
                "M8 7.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.5 14c.4-2.6 2.6-4 5.5-4s5.1 1.4 5.5 4"
            }
            Self::Groups => {
                "M6 7.5a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5zM1.5 13c.3-2.2 2.1-3.5 4.5-3.5s4.2 1.3 4.5 3.5M10.5 3.2a2.25 2.25 0 0 1 0 4.1M12 9.8c1.4.5 2.3 1.6 2.5 3.2"
            }
            Self::Claims => {
                "M6 2.5c-2 0-2 1-2 2.500s0 3-2 3c2 0 2 1.500 2 3s0 2.500 2 2.500M10 2.500c2 0 2 1 2 2.500s0 3 2 3c-2 0-2 1.500-2 3s0 2.500-2 2.500"
            }
            Self::Roles => "M2.5 4.5h11v8h-11zM5.5 8.5h5M8 2.5v3",
            Self::Apps => "M2.5 3.5h11v9h-11zM2.5 6.5h11M5 5h.01M7 5h.01",
            Self::Apis => "M5.5 4.500 2.500 8l3 3.500M10.500 4.500l3 3.500-3 3.500M9 3.500l-2 9",
            Self::Connections => {
                "M6.5 9.5l3-3M7 4.5l1.2-1.2a3 3 0 0 1 4.5 4.4L11.5 9M9 11.5l-1.2 1.2a3 3 0 0 1-4.5-4.4L4.5 7"
            }
            Self::SignIn => "M9.5 2.5h4v11h-4M2.5 8h7M7 5.5 9.5 8 7 10.5",
            Self::Mail => "M2.5 4h11v8h-11zM2.5 4.5 8 9l5.5-4.5",
            Self::Branding => {
                "M8 2.5a5.500 5.500 0 1 0 0 11c1.200 0 1.500-.8 1.100-1.600-.5-1 .1-1.900 1.200-1.900h1.200c1.300 0 2-.9 2-2 0-3-2.500-5.500-5.500-5.500zM5.500 6.500h.01M8 5h.01M10.500 6.500h.01M5 9.500h.01"
            }
            Self::Audit => "M4 2.5h8v11H4zM6.5 5.5h3M6.5 8h3M6.5 10.5h1.5",
            Self::Webhooks => {
                "M8 5.5a2 2 0 1 0-2.6 1.9L3.8 10M8 5.5l2.2 4M10.2 9.5a2 2 0 1 1 .6 2.9M3.8 10a2 2 0 1 0 2.4 2.2h4"
            }
            Self::Keys => "M10.5 2.5a3 3 0 1 1-2.4 4.8L2.5 13v.5h2v-2h2V9.5M11 5h.01",
            Self::Settings => "M2.5 4.5h6M11.5 4.5h2M10 3v3M2.5 11.5h2M7.5 11.5h6M6 10v3",
        }
    }
}

/// A room as the navigation shows it.
pub(super) struct RoomLink {
    pub(super) path: &'static str,
    pub(super) name: Key,
    pub(super) sign: &'static str,
    /// The page is in this room.
    pub(super) here: bool,
}

/// What an administrator sees of the navigation, standing in a room.
pub(super) fn links(authority: &Authority, here: Room) -> Vec<RoomLink> {
    let open = Room::ALL.iter().copied().filter(|room| room.is_open_to(authority));
    open.map(|room| RoomLink { path: room.path(), name: room.name(), sign: room.sign(), here: room == here }).collect()
}
