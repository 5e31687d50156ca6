//! The request that is being answered: its id, and the address that it came from.
//!
//! Owns what an id is, and that whatever happens on behalf of a request can say which one it was ([`Request::current`]). It goes along with the task that
//! answers, as the log's span does, so that nobody in between hands it on: it says where something came from, and nothing is decided by it. Limits,
//! which do decide, are handed the address. Leaves finding the address out, and the header that tells the id, to `http`.

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::random::{self, Random};

tokio::task_local! {
    static CURRENT: Request;
}

/// The id of a request: unique, no secret, and cheap.
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

/// A request, as what it leads to is told apart from what another one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id, as its answer and the log say it.
    pub id: RequestId,
    /// The address that it came from.
    pub address: IpAddr,
}

impl Request {
    /// The request that this task answers; `None` where none is answered: at the command line, in a chore.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|current| *current).ok()
    }

    /// Answers this request: what `answer` does is done on its behalf.
    pub async fn scope<F: Future>(self, answer: F) -> F::Output {
        CURRENT.scope(self, answer).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[tokio::test]
    async fn what_a_request_does_knows_which_one_it_is_and_nothing_else_does() {
        let ids = RequestIds::new(&SeededRandom::new(1));
        let request = |address: [u8; 4]| Request { id: ids.next(), address: address.into() };
        let (one, other) = (request([192, 0, 2, 1]), request([192, 0, 2, 2]));
        let seen = async || {
            tokio::task::yield_now().await;
            Request::current()
        };
        let both = tokio::join!(one.scope(seen()), other.scope(seen()), seen());
        assert_eq!(both, (Some(one), Some(other), None));
    }
}
