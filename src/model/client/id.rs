//! The id of a client.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::support::id::UserId;

/// A `client_id`: 1 to 128 characters of `A-Z a-z 0-9 - . _ ~`, never shaped like an account's id, so that a token of a client
/// cannot be taken for one of an end-user (RFC 9700 section 4.15).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClientId(String);

/// A text that is no `client_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a client id is 1 to 128 characters of A-Z a-z 0-9 - . _ ~ and does not begin with usr_")]
pub struct NotAClientId;

/// The id of the shop that `haechi demo` registers.
pub const DEMO_SHOP: &str = "haechi-demo-shop";

impl ClientId {
    /// What the ids of clients of the server itself begin with.
    pub const SYSTEM_PREFIX: &str = "haechi.";

    /// Reads a client id.
    pub fn parse(text: &str) -> Result<Self, NotAClientId> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let shaped = (1..=128).contains(&text.len()) && text.bytes().all(legal);
        if shaped && !text.starts_with(UserId::PREFIX) { Ok(Self(text.to_owned())) } else { Err(NotAClientId) }
    }

    /// Whether the client is one of the server itself, which no administrator makes, changes or deletes.
    pub fn is_of_system(&self) -> bool {
        self.0.starts_with(Self::SYSTEM_PREFIX)
    }

    /// Whether the client is the shop that `haechi demo` registers.
    pub fn is_of_demo(&self) -> bool {
        self.0 == DEMO_SHOP
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ClientId {
    /// Lets a map keyed by client ids be asked with the text that a request carried.
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_never_shaped_like_a_persons() {
        assert!(ClientId::parse("shop").is_ok());
        for bad in ["", "usr_1", "a b", "a/b", "한", &"x".repeat(129)] {
            assert_eq!(ClientId::parse(bad), Err(NotAClientId), "{bad}");
        }
    }
}
