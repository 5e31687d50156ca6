//! Rights over one app or one group, which an account was given without a role.

use std::fmt;

use super::client::ClientId;
use super::role::Role;
use crate::support::id::AffiliationId;

/// What stands between the kind and the id in the text of a delegation. No id of a client has it.
const BETWEEN: char = ' ';

/// What an account manages without a role. `admin` has the table of what that lets it do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delegation {
    /// One app.
    App(ClientId),
    /// The people in one group.
    Group(AffiliationId),
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelegationKind {
    /// Over an app.
    App,
    /// Over the people in a group.
    Group,
}

/// What an account may do to Haechi itself, and to single apps and groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldRights {
    /// Its roles.
    pub roles: Vec<Role>,
    /// What it manages, in order.
    pub delegations: Vec<Delegation>,
}

impl DelegationKind {
    /// The name that is stored: `app`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Group => "group",
        }
    }
}

impl Delegation {
    /// Which of the two it is.
    pub const fn kind(&self) -> DelegationKind {
        match self {
            Self::App(_) => DelegationKind::App,
            Self::Group(_) => DelegationKind::Group,
        }
    }

    /// The id of what it is over.
    pub fn object(&self) -> String {
        match self {
            Self::App(client) => client.to_string(),
            Self::Group(group) => group.to_string(),
        }
    }

    /// Reads what [`Display`](fmt::Display) writes; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, object) = text.split_once(BETWEEN)?;
        match kind {
            "app" => ClientId::parse(object).ok().map(Self::App),
            "group" => object.parse().ok().map(Self::Group),
            _ => None,
        }
    }
}

impl fmt::Display for Delegation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BETWEEN}{}", self.kind().as_str(), self.object())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegation_is_read_as_it_is_written() {
        let group = AffiliationId::from_bytes([7; 16]);
        for one in [Delegation::App(ClientId::parse("shop").unwrap()), Delegation::Group(group)] {
            assert_eq!(Delegation::parse(&one.to_string()), Some(one));
        }
        for text in ["", "app", "app ", "group shop", "role shop", "app shop x", "App shop"] {
            assert_eq!(Delegation::parse(text), None, "{text}");
        }
    }
}
