//! Claim rules: what apps are told of people besides the standard claims, their groups and their roles, under which name and where.
//!
//! Owns what a rule says, and what the rules make of one account for one client. Leaves which scopes were granted, and writing tokens, to `tokens`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attribute::AttributeValue;
use super::client::ClientId;
use super::manager::Manager;
use super::slug::Slug;
use crate::support::Timestamp;

mod derive;
mod name;

pub use derive::{Derived, NotTold, Ruled, Rules, Verdict};
pub use name::{ClaimName, ClaimNameRejected, MAX_CLAIM_BYTES, is_open};

/// A rule that tells apps something of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRule {
    /// What people and files call it. It never changes.
    pub name: Slug,
    /// What it is called in tokens.
    pub claim: ClaimName,
    /// Where its value comes from.
    pub source: ClaimSource,
    /// What the app calls what we call otherwise: `staff` is `admin` there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// What becomes of a value that `values` does not name.
    #[serde(default)]
    pub unmapped: Unmapped,
    /// Where it is told.
    pub tokens: BTreeSet<TokenPlace>,
    /// The granted scope that brings it.
    pub scope: String,
    /// The client that alone is told; `None` where every one that is registered for the scope is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What it is for, in the words of who made it.
    pub description: String,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

/// Where the value of a claim comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClaimSource {
    /// A custom attribute of the account.
    Attribute {
        /// Its name.
        name: String,
    },
    /// The names of the account's groups.
    Groups,
    /// The names of the account's roles in the app.
    Roles,
    /// The same for everybody.
    Constant {
        /// The value.
        value: AttributeValue,
    },
}

/// The kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A custom attribute of the account.
    Attribute,
    /// The names of the account's groups.
    Groups,
    /// The names of the account's roles in the app.
    Roles,
    /// The same for everybody.
    Constant,
}

/// What becomes of a value that a rule has no other word for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unmapped {
    /// It is told as it is.
    #[default]
    Keep,
    /// It is not told.
    Drop,
}

/// Where apps read claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenPlace {
    /// The ID token: OpenID Connect Core 1.0 section 2.
    IdToken,
    /// What UserInfo answers: section 5.3.
    Userinfo,
    /// The access token: RFC 9068 section 2.2.
    AccessToken,
}

impl ClaimSource {
    /// Which kind it is.
    pub const fn kind(&self) -> SourceKind {
        match self {
            Self::Attribute { .. } => SourceKind::Attribute,
            Self::Groups => SourceKind::Groups,
            Self::Roles => SourceKind::Roles,
            Self::Constant { .. } => SourceKind::Constant,
        }
    }
}

impl SourceKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Attribute, Self::Groups, Self::Roles, Self::Constant];

    /// Its name: `groups`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attribute => "attribute",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Constant => "constant",
        }
    }
}

impl Unmapped {
    /// Both.
    pub const ALL: &[Self] = &[Self::Keep, Self::Drop];

    /// Its name: `drop`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
        }
    }
}

impl TokenPlace {
    /// Every place.
    pub const ALL: &[Self] = &[Self::IdToken, Self::Userinfo, Self::AccessToken];

    /// Its name: `id_token`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::Userinfo => "userinfo",
            Self::AccessToken => "access_token",
        }
    }
}

impl ClaimRule {
    /// Whether both would give one app the same claim in the same place. A rule of one app beside one for all does not: the app's own is the one
    /// that counts there.
    pub fn collides(&self, other: &Self) -> bool {
        self.claim == other.claim && self.client == other.client && !self.tokens.is_disjoint(&other.tokens)
    }
}
