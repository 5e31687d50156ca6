//! What is told of the keys of the ring: never their private parts.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::client::SigningAlgorithm;
use crate::model::signing_key::{KeyState, SigningKeyRecord};
use crate::support::Timestamp;
use crate::support::clock::{rfc3339, rfc3339_or_null};
use crate::support::id::KeyId;

/// What administrators see of a key.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct KeySummary {
    /// The key's id, the `kid` of its tokens: RFC 7515 section 4.1.4.
    #[schema(value_type = String)]
    pub id: KeyId,
    /// The one algorithm that the key is used with: RFC 7517 section 4.4.
    pub algorithm: SigningAlgorithm,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was made.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it began to sign.
    #[serde(serialize_with = "rfc3339_or_null")]
    #[schema(value_type = Option<String>)]
    pub activated_at: Option<Timestamp>,
    /// When it stopped signing; `None` while it signs or waits.
    #[serde(serialize_with = "rfc3339_or_null")]
    #[schema(value_type = Option<String>)]
    pub retired_at: Option<Timestamp>,
}

impl From<&SigningKeyRecord> for KeySummary {
    fn from(record: &SigningKeyRecord) -> Self {
        Self {
            id: record.id,
            algorithm: record.algorithm,
            state: record.state,
            created_at: record.created_at,
            activated_at: record.activated_at,
            retired_at: record.retired_at,
        }
    }
}

/// A key from elsewhere that is in the ring now, as the next one of its algorithm.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The key.
    pub key: KeySummary,
    /// From when on it can take over: verifiers know it by then.
    pub possible_at: Timestamp,
    /// From when on it signs by itself: when the present key has had its time, or as soon as it can where none of its algorithm signs.
    pub signs_at: Timestamp,
}
