//! Which thing a change is for, and which version of it the caller saw.

use super::{Aggregate, Rejected};

/// What is to be changed, by its key. A change that names the version which its caller saw is made to no other, as with `If-Match`
/// (RFC 9110 section 13.1.1); one that names none is made to whatever is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<K> {
    key: K,
    version: Option<i64>,
}

impl<K> Target<K> {
    /// This version of a thing, and no other.
    pub const fn at(key: K, version: i64) -> Self {
        Self { key, version: Some(version) }
    }

    pub(super) const fn version(&self) -> Option<i64> {
        self.version
    }

    pub(super) const fn key(&self) -> &K {
        &self.key
    }

    /// Refuses where there is another version by now than the caller saw.
    pub(super) fn check(&self, version: i64, what: Aggregate) -> Result<(), Rejected> {
        check_version(self.version, version, what)
    }
}

/// Refuses a change by a caller who saw another version than there is now.
pub(super) fn check_version(seen: Option<i64>, version: i64, what: Aggregate) -> Result<(), Rejected> {
    if seen.is_none_or(|seen| seen == version) { Ok(()) } else { Err(Rejected::Stale(what)) }
}

impl<K> From<K> for Target<K> {
    fn from(key: K) -> Self {
        Self { key, version: None }
    }
}

impl<K: Clone> From<&K> for Target<K> {
    fn from(key: &K) -> Self {
        Self { key: key.clone(), version: None }
    }
}
