//! Typed, time-ordered ids: a user's id cannot be passed where a grant's is wanted.
//!
//! An id is 128 bits: 48 bits of Unix milliseconds, then random bits (RFC 9562 section 5.7, UUID version 7), so that
//! rows inserted together lie together in an index. It is written as a prefix and 32 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::clock::Timestamp;
use super::random::{self, Random};

/// A text that is no id of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind} id")]
pub struct NotAnId {
    /// The kind of id that was wanted.
    pub kind: &'static str,
}

/// A fresh time-ordered UUID.
fn fresh(now: Timestamp, random: &dyn Random) -> Uuid {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random::bytes::<10>(random)).into_uuid()
}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What its text begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that sorts after those made before.
            pub fn new(now: Timestamp, random: &dyn Random) -> Self {
                Self(fresh(now, random))
            }

            /// The least id of this instant: those made before sort before it.
            pub fn least_at(at: Timestamp) -> Self {
                let millis = u64::try_from(at.millis()).unwrap_or(0);
                Self(Uuid::from_u128(u128::from(millis) << 80))
            }

            /// The id of these 16 bytes, as a store or a token carried them.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes that a store or a token carries.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix($prefix)
                    .filter(|rest| rest.len() == 32 && !rest.bytes().any(|b| b.is_ascii_uppercase()))
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or(NotAnId { kind: $kind })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

typed_id!(
    /// An account. Its text is the `sub` of that user's tokens, and is never given to anyone else.
    UserId, "user", "usr_"
);
typed_id!(
    /// A link between an account and an identity at an upstream provider, from when it is made until it is removed.
    LinkId, "link", "lnk_"
);
typed_id!(
    /// Everything one authorization granted: the code, the refresh tokens that followed, the access tokens minted.
    GrantId, "grant", "grt_"
);
typed_id!(
    /// One sign-in of one user in one browser: the `sid` of ID tokens.
    SignInId, "sign-in", "sid_"
);
typed_id!(
    /// An authorization request that waits for its user.
    AuthorizationId, "authorization", "azn_"
);
typed_id!(
    /// A signing key: its text is the `kid`.
    KeyId, "key", "key_"
);
typed_id!(
    /// An entry of the audit log.
    AuditEventId, "audit event", "evt_"
);
typed_id!(
    /// A one-time token: a claim link, and later a reset or an invitation.
    OneTimeTokenId, "one-time token", "ott_"
);
typed_id!(
    /// A message to somebody's mailbox.
    MailId, "mail", "eml_"
);
typed_id!(
    /// A request that was refused.
    RefusalId, "refusal", "ref_"
);
typed_id!(
    /// A group, or a role in apps. One that is made anew under the name of another has another.
    AffiliationId, "group or role", "aff_"
);
typed_id!(
    /// A declared API. One that is declared anew for the resource of another has another.
    ApiId, "api", "api_"
);
typed_id!(
    /// A connection to an upstream identity provider.
    ConnectionId, "connection", "con_"
);
typed_id!(
    /// A second factor of an account.
    FactorId, "second factor", "fac_"
);
typed_id!(
    /// An address that is told what happens.
    WebhookId, "webhook", "whk_"
);
typed_id!(
    /// A passkey of an account.
    PasskeyId, "passkey", "pky_"
);
typed_id!(
    /// A message to a webhook.
    MessageId, "message", "msg_"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[test]
    fn an_id_survives_its_text() {
        let id = UserId::new(Timestamp::from_seconds(1), &SeededRandom::new(7));
        assert_eq!(id.to_string().parse::<UserId>(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let id = GrantId::new(Timestamp::from_seconds(1), &SeededRandom::new(7));
        assert_eq!(id.to_string().parse::<UserId>(), Err(NotAnId { kind: "user" }));
    }

    #[test]
    fn a_second_spelling_of_an_id_is_refused() {
        let id = UserId::new(Timestamp::from_seconds(1_700_000_000), &SeededRandom::new(7)).to_string();
        let upper = format!("usr_{}", id[4..].to_uppercase());
        assert!(upper.parse::<UserId>().is_err());
        assert!(format!("{id} ").parse::<UserId>().is_err());
    }

    #[test]
    fn later_ids_sort_later() {
        let random = SeededRandom::new(7);
        assert!(UserId::new(Timestamp::from_seconds(1), &random) < UserId::new(Timestamp::from_seconds(2), &random));
    }
}
