//! Ids of requests: unique, no secrets, and cheap.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::random::{self, Random};

/// The header that tells an app, and a user on an error page, which log lines belong to a request.
pub(super) const HEADER: &str = "x-request-id";

/// The id of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId {
    process: u32,
    number: u64,
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:x}", self.process, self.number)
    }
}

/// Counts the requests of this process.
#[derive(Debug)]
pub struct RequestIds {
    process: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Begins to count, under a name of this process's own.
    pub fn new(random: &dyn Random) -> Self {
        Self { process: u32::from_le_bytes(random::bytes(random)), next: AtomicU64::new(1) }
    }

    /// The id of the next request.
    pub fn next(&self) -> RequestId {
        RequestId { process: self.process, number: self.next.fetch_add(1, Ordering::Relaxed) }
    }
}
