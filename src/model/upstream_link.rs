//! A link between an account here and an account at an upstream provider.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::support::Timestamp;
use crate::support::id::{ConnectionId, UserId};

/// The longest subject, in bytes: OpenID Connect Core 1.0 section 2, "It MUST NOT exceed 255 ASCII characters in length".
const MAX_SUBJECT_BYTES: usize = 255;

/// How a provider names a person, for ever: its `sub`, never an address (an address changes hands). Compared byte by byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Subject(String);

/// A text that is no subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a subject is 1 to 255 bytes without control characters")]
pub struct NotASubject;

impl Subject {
    /// Reads a subject as the provider sent it.
    pub fn parse(text: &str) -> Result<Self, NotASubject> {
        let legal = (1..=MAX_SUBJECT_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if legal { Ok(Self(text.to_owned())) } else { Err(NotASubject) }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Who at a provider: what a link is found by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamIdentity {
    /// Through which connection.
    pub connection: ConnectionId,
    /// The provider's name for the person.
    pub subject: Subject,
}

/// A link. There is at most one for each identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamLink {
    /// Who there.
    pub identity: UpstreamIdentity,
    /// Who here.
    pub user: UserId,
    /// What the person knows the account there by: an address or a name. Shown, never compared.
    pub label: String,
    /// When it was made.
    pub linked_at: Timestamp,
    /// When it last signed somebody in.
    pub last_used_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_short_and_has_no_controls() {
        for good in ["1", "248289761001", "auth0|x", "한글", &"a".repeat(255)] {
            assert_eq!(Subject::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a\0", "a\nb", &"a".repeat(256)] {
            assert_eq!(Subject::parse(bad), Err(NotASubject), "{bad:?}");
        }
    }
}
