//! A link between an account here and an account at an upstream provider.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::connection::{from_base64, to_base64};
use super::epoch::{AccountEpochs, Epoch};
use crate::support::Timestamp;
use crate::support::id::{ConnectionId, LinkId, UserId};

/// The longest subject, in bytes: OpenID Connect Core 1.0 section 2, "It MUST NOT exceed 255 ASCII characters in length".
const MAX_SUBJECT_BYTES: usize = 255;

/// What stands before a number, and before a text that reads like one, where a provider may send either. No provider's text has a space.
const NUMBER: &str = "number ";
const TEXT: &str = "text ";

/// How a provider names an end-user, for ever: its `sub`, never an address (an address changes hands). Compared byte by byte, as it is kept: as
/// the provider sent it, or, where it may send numbers and texts, with its type in front (`number 7`, `text 7`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UpstreamSubject(String);

/// A text that is no subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a subject is 1 to 255 bytes without control characters")]
pub struct NotASubject;

impl UpstreamSubject {
    /// Reads a subject as the provider sent it.
    pub fn parse(text: &str) -> Result<Self, NotASubject> {
        let legal = (1..=MAX_SUBJECT_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if legal { Ok(Self(text.to_owned())) } else { Err(NotASubject) }
    }

    /// A number, of a provider that sends nothing else.
    pub fn number(number: u64) -> Self {
        Self(number.to_string())
    }

    /// A number, of a provider that may send texts as well.
    pub fn number_beside_texts(number: u64) -> Self {
        Self(format!("{NUMBER}{number}"))
    }

    /// A text that was found legal, of a provider that may send numbers as well.
    pub fn text_beside_numbers(text: &str) -> Self {
        let reads_as_number = text.parse::<u64>().is_ok_and(|number| number.to_string() == text);
        Self(if reads_as_number { format!("{TEXT}{text}") } else { text.to_owned() })
    }

    /// What the provider sent, without its type.
    pub fn as_sent(&self) -> &str {
        [NUMBER, TEXT].iter().find_map(|kind| self.0.strip_prefix(kind)).unwrap_or(&self.0)
    }

    /// The same as it was kept before types were told apart: whichever type comes first takes such a link over.
    pub fn untyped(&self) -> Option<Self> {
        let sent = self.as_sent();
        (sent.len() < self.0.len()).then(|| Self(sent.to_owned()))
    }

    /// Its text, as it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UpstreamSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UpstreamSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UpstreamSubject {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Who at a provider: what a link is found by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamIdentity {
    /// The connection that leads to the provider.
    pub connection: ConnectionId,
    /// The provider's `sub`: never reused by it for another user.
    pub subject: UpstreamSubject,
}

/// A provider's tokens for an end-user, sealed: bytes that only Haechi can open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTokens(#[serde(serialize_with = "to_base64", deserialize_with = "from_base64")] pub Vec<u8>);

impl fmt::Debug for SealedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedTokens")
    }
}

/// An end-user's account at a provider, as it was on a return from there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamAccount {
    /// The identity at the provider.
    pub identity: UpstreamIdentity,
    /// What the end-user knows the account by: an address or a name. Shown, never compared.
    pub label: String,
    /// The provider's tokens, where the connection keeps them.
    pub tokens: Option<SealedTokens>,
}

/// A link. There is at most one for each identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamLink {
    /// Sessions and grants that came through the link are known by it, and end with it.
    pub id: LinkId,
    /// The identity at the provider.
    pub identity: UpstreamIdentity,
    /// The account that the identity signs in to.
    pub user: UserId,
    /// What the end-user knows the account there by: an address or a name. Shown, never compared.
    pub label: String,
    /// The provider's tokens as of the last use, where the connection keeps them.
    pub tokens: Option<SealedTokens>,
    /// When it was made.
    pub linked_at: Timestamp,
    /// When it was last used to sign in.
    pub last_used_at: Timestamp,
}

/// The epochs in which a link was decided on: it is made in no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkEpochs {
    /// Of the account and the server, when its end-user proved to own it.
    pub user: AccountEpochs,
    /// Of the connection, when the identity was proved through it.
    pub connection: Epoch,
}

impl UpstreamLink {
    /// A link that is made now.
    pub fn new(id: LinkId, account: UpstreamAccount, user: UserId, now: Timestamp) -> Self {
        let UpstreamAccount { identity, label, tokens } = account;
        Self { id, identity, user, label, tokens, linked_at: now, last_used_at: now }
    }

    /// The link after it was used to sign in with this account.
    #[must_use]
    pub fn used(self, account: UpstreamAccount, now: Timestamp) -> Self {
        let UpstreamAccount { identity, label, tokens } = account;
        Self { identity, label, tokens, last_used_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_says_its_type_where_both_may_come() {
        let number = UpstreamSubject::number_beside_texts(7);
        let text = UpstreamSubject::text_beside_numbers("7");
        assert_eq!((number.as_str(), text.as_str()), ("number 7", "text 7"));
        assert_eq!(number.untyped(), text.untyped());
        assert_eq!(number.untyped().unwrap(), UpstreamSubject::number(7));
        for plain in ["07", "seven", "number", "text"] {
            let subject = UpstreamSubject::text_beside_numbers(plain);
            assert_eq!((subject.as_str(), subject.as_sent(), subject.untyped()), (plain, plain, None));
        }
    }

    #[test]
    fn a_subject_is_short_and_has_no_controls() {
        for good in ["1", "248289761001", "auth0|x", "한글", &"a".repeat(255)] {
            assert_eq!(UpstreamSubject::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a\0", "a\nb", &"a".repeat(256)] {
            assert_eq!(UpstreamSubject::parse(bad), Err(NotASubject), "{bad:?}");
        }
    }
}
