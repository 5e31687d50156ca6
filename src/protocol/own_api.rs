//! The administration API as OAuth sees it: the resource that tokens for it are made for, and the scopes that say what they are good for.
//!
//! Owns these names. Leaves who may have such a token to `admin`, and the API itself to `http`.

use super::resource::Resource;
use super::scope::ScopeSet;

/// Where the API is, below the issuer.
pub const PATH: &str = "/api/v1";
/// Lets its bearer see what the account or the client itself may see.
pub const READ: &str = "haechi:read";
/// Lets its bearer do what the account or the client itself may do, seeing included.
pub const WRITE: &str = "haechi:write";

/// How much a token for the API is good for, whoever it speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nothing: it has neither scope.
    Nothing,
    /// Seeing.
    Read,
    /// Seeing and changing.
    Write,
}

impl Reach {
    /// What the scopes of a token, or of a registration, are good for.
    pub fn of(scopes: &ScopeSet) -> Self {
        match (scopes.contains(READ), scopes.contains(WRITE)) {
            (_, true) => Self::Write,
            (true, false) => Self::Read,
            (false, false) => Self::Nothing,
        }
    }
}

/// The resource indicator of the API (RFC 8707 section 2), which is the `aud` of tokens for it.
pub fn resource(issuer: &str) -> String {
    format!("{issuer}{PATH}")
}

/// Whether a resource is the API at this issuer.
pub fn is_named_by(resource: &Resource, issuer: &str) -> bool {
    resource.as_str().strip_prefix(issuer) == Some(PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_change_things_sees_them() {
        for (scope, reach) in [
            ("openid", Reach::Nothing),
            (READ, Reach::Read),
            (WRITE, Reach::Write),
            ("haechi:write haechi:read", Reach::Write),
        ] {
            assert_eq!(Reach::of(&ScopeSet::parse(scope).unwrap()), reach, "{scope}");
        }
    }
}
