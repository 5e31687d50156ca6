//! Scopes: RFC 6749 section 3.3.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{ErrorCode, OAuthError};

/// The scopes about end-users: those that OpenID Connect Core 1.0 sections 5.4 and 11 define, `groups` and `roles`.
pub mod standard {
    /// Asks for an ID token.
    pub const OPENID: &str = "openid";
    /// Asks for the default profile claims.
    pub const PROFILE: &str = "profile";
    /// Asks for `email` and `email_verified`.
    pub const EMAIL: &str = "email";
    /// Asks for `address`.
    pub const ADDRESS: &str = "address";
    /// Asks for `phone_number` and `phone_number_verified`.
    pub const PHONE: &str = "phone";
    /// Asks for `groups`. No specification has it; many providers, and what is made for them, do.
    pub const GROUPS: &str = "groups";
    /// Asks for `roles`, as `groups` does for its claim.
    pub const ROLES: &str = "roles";
    /// Asks for a refresh token.
    pub const OFFLINE_ACCESS: &str = "offline_access";
    /// All of them, in the order of the consent page.
    pub const ALL: &[&str] = &[OPENID, PROFILE, EMAIL, ADDRESS, PHONE, GROUPS, ROLES, OFFLINE_ACCESS];
}

/// The most scopes one request may name.
pub const MAX_SCOPES: usize = 50;
/// The longest scope, in bytes.
pub const MAX_SCOPE_BYTES: usize = 200;

/// Why a scope text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeRejected {
    /// A character outside `scope-token`.
    #[error("has a character that is not allowed")]
    IllegalCharacter,
    /// More than [`MAX_SCOPES`], or one longer than [`MAX_SCOPE_BYTES`].
    #[error("has too many scopes, or one that is too long")]
    TooLarge,
}

impl From<ScopeRejected> for OAuthError {
    fn from(rejected: ScopeRejected) -> Self {
        Self::new(
            ErrorCode::InvalidScope,
            match rejected {
                ScopeRejected::IllegalCharacter => "scope has a character that is not allowed",
                ScopeRejected::TooLarge => "scope names too many scopes or one that is too long",
            },
        )
    }
}

/// A set of scopes, in the order they were first named.
#[derive(Clone, Debug, Default)]
pub struct ScopeSet(Vec<String>);

impl ScopeSet {
    /// A set of our own scopes, each of them legal.
    pub fn of(scopes: &[&str]) -> Self {
        Self(scopes.iter().map(|&scope| scope.to_owned()).collect())
    }

    /// Reads space-delimited scopes; a repeated one counts once.
    pub fn parse(text: &str) -> Result<Self, ScopeRejected> {
        let mut scopes = Vec::new();
        for token in text.split(' ').filter(|token| !token.is_empty()) {
            if !token.bytes().all(is_scope_byte) {
                return Err(ScopeRejected::IllegalCharacter);
            }
            if token.len() > MAX_SCOPE_BYTES || scopes.len() == MAX_SCOPES {
                return Err(ScopeRejected::TooLarge);
            }
            if !scopes.iter().any(|known| known == token) {
                scopes.push(token.to_owned());
            }
        }
        Ok(Self(scopes))
    }

    /// Whether the set holds this scope.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }

    /// Whether every scope of `self` is also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|scope| other.contains(scope))
    }

    /// The scopes of `self` that `keep` allows.
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|scope| keep(scope)).cloned().collect())
    }

    /// What is left of a request by a client that may have `allowed`. A request that is ignored as a whole is refused: the answer would have to
    /// say which scope was granted (RFC 6749 section 3.3), and there is no way to say "none" (the same section: at least one `scope-token`).
    pub fn within(&self, allowed: &Self) -> Result<Self, OAuthError> {
        let left = self.filtered(|scope| allowed.contains(scope));
        if left.is_empty() && !self.is_empty() {
            let none = "the client is not registered for any of the scopes that it asks for";
            return Err(OAuthError::new(ErrorCode::InvalidScope, none));
        }
        Ok(left)
    }

    /// Both sets together: `self` first, then what `other` adds.
    pub fn union(&self, other: &Self) -> Self {
        let added = other.0.iter().filter(|scope| !self.contains(scope)).cloned();
        Self(self.0.iter().cloned().chain(added).collect())
    }

    /// Whether there is no scope at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl PartialEq for ScopeSet {
    /// Order does not matter (RFC 6749 section 3.3: "their order does not matter").
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.is_subset(other)
    }
}

impl Eq for ScopeSet {}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// RFC 6749 section 3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
const fn is_scope_byte(b: u8) -> bool {
    matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_repetition_do_not_matter() {
        assert_eq!(ScopeSet::parse("openid email openid").unwrap(), ScopeSet::parse("email  openid").unwrap());
    }

    #[test]
    fn illegal_characters_are_refused() {
        for text in ["a\"b", "a\\b", "a\tb", "a\nb", "한"] {
            assert_eq!(ScopeSet::parse(text), Err(ScopeRejected::IllegalCharacter), "{text:?}");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        let many = (0..=MAX_SCOPES).map(|i| format!("s{i}")).collect::<Vec<_>>().join(" ");
        assert_eq!(ScopeSet::parse(&many), Err(ScopeRejected::TooLarge));
        assert_eq!(ScopeSet::parse(&"x".repeat(MAX_SCOPE_BYTES + 1)), Err(ScopeRejected::TooLarge));
    }
}
