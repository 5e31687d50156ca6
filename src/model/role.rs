//! What an account, or a client of its own, may do to Haechi itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an account may do to Haechi itself. `admin` has the table of what each may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, naming other owners included. The role of the account that claims a server.
    Owner,
    /// Everything but what sets owners above administrators.
    Administrator,
    /// Accounts and their sessions.
    PeopleManager,
    /// Manages registered clients.
    AppManager,
    /// See everything that is no secret, and change nothing.
    Auditor,
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: &[Self] = &[Self::Owner, Self::Administrator, Self::PeopleManager, Self::AppManager, Self::Auditor];

    /// The name that is stored: `people_manager`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::PeopleManager => "people_manager",
            Self::AppManager => "app_manager",
            Self::Auditor => "auditor",
        }
    }
}
