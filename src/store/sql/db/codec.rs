//! How single values are written and read: ids, digests, hours, and what a stored value that cannot be read is.

use sea_orm::{DbErr, Value};

use crate::store::{StoreError, StoreResult};
use crate::support::{Digest, Timestamp};

/// The milliseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000;

/// The hour an instant is in, counted from 1970.
pub(crate) fn hour(at: Timestamp) -> i64 {
    at.millis().div_euclid(HOUR)
}

/// The 16 bytes of a stored id.
pub(crate) fn id(bytes: &[u8]) -> StoreResult<[u8; 16]> {
    bytes.try_into().map_err(|_| corrupt("an id that is not 16 bytes long"))
}

/// As [`id`], where a statement's own error is asked for.
pub(crate) fn id_of_row(bytes: &[u8]) -> Result<[u8; 16], DbErr> {
    id(bytes).map_err(|error| DbErr::Type(error.to_string()))
}

/// A stored digest.
pub(crate) fn digest(bytes: &[u8]) -> StoreResult<Digest> {
    Digest::from_slice(bytes).ok_or_else(|| corrupt("a digest that is not 32 bytes long"))
}

/// A digest as it is stored.
pub(crate) fn bytes(digest: Digest) -> Value {
    digest.as_bytes().to_vec().into()
}

/// A stored value that cannot be read.
pub(crate) fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}

/// A stored document that cannot be read. What it says is left out: it may be personal.
pub(crate) fn unreadable(what: &str) -> impl Fn(serde_json::Error) -> StoreError {
    move |error| StoreError::Corrupt(format!("{what}: {:?} at column {}", error.classify(), error.column()))
}
