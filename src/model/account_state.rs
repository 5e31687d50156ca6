//! What accounts are like for who signs in to them: whether they may be used, and whether an invitation to them was accepted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::user::UserStatus;

/// What an account is like for who signs in to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It may be used.
    Active,
    /// It may be used by an end-user who was invited to it and has not accepted yet: an active account whose address nobody has proved, that has
    /// no way in.
    Invited,
    /// It may not be used.
    Disabled,
}

impl AccountState {
    /// Every state.
    pub const ALL: &[Self] = &[Self::Active, Self::Invited, Self::Disabled];

    /// Its name: `invited`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == name)
    }

    /// What is stored of it: that nobody accepted yet follows from other things.
    pub const fn stored(self) -> UserStatus {
        match self {
            Self::Active | Self::Invited => UserStatus::Active,
            Self::Disabled => UserStatus::Disabled,
        }
    }
}

impl From<UserStatus> for AccountState {
    fn from(status: UserStatus) -> Self {
        match status {
            UserStatus::Active => Self::Active,
            UserStatus::Disabled => Self::Disabled,
        }
    }
}
