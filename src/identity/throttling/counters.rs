//! Counters in the store, or in this process while the store is away.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::local::LocalCounters;
use super::policy::{Tally, Window};
use crate::store::{StoreError, ThrottleStore};
use crate::support::{Digest, Timestamp};

/// What is counted, in which window: the name of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counter {
    tries: Digest,
    right: Digest,
    window: Window,
}

impl Counter {
    /// The counter of `value` under `what` in the window of this instant.
    pub(super) fn new(what: &str, value: &str, window: Window, now: Timestamp) -> Self {
        let index = window.index(now);
        let name = |suffix| Digest::of("throttle", format!("{what}\0{suffix}\0{index}\0{value}").as_bytes());
        Self { tries: name("tries"), right: name("right"), window }
    }

    /// The key of what is counted without being taken back.
    pub(super) const fn name(&self) -> Digest {
        self.tries
    }
}

/// A count, and whether it is only this process's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) tally: Tally,
    pub(super) alone: bool,
}

/// How long a store that is away is not asked again: a request that counts several things waits for it once.
const LEFT_ALONE: Duration = Duration::from_millis(500);

pub(super) struct Counters {
    store: Arc<dyn ThrottleStore>,
    local: LocalCounters,
    away: AtomicBool,
    left_alone_until: Mutex<Option<Instant>>,
}

impl Counters {
    pub(super) fn new(store: Arc<dyn ThrottleStore>) -> Self {
        Self {
            store,
            local: LocalCounters::default(),
            away: AtomicBool::new(false),
            left_alone_until: Mutex::new(None),
        }
    }

    /// Counts one more try. Those that were right are looked up only where the tries alone are beyond the limit.
    pub(super) async fn try_once(&self, counter: &Counter, limit: u32, now: Timestamp) -> Counted {
        let (tries, alone) = match self.ask(self.store.hit(counter.tries, counter.window.length(), now)).await {
            Some(tries) => (tries, false),
            None => (self.local.hit(&counter.tries, now), true),
        };
        let right = if tries <= limit {
            0
        } else if alone {
            self.local.count(&counter.right, now)
        } else {
            self.ask(self.store.count(counter.right, now)).await.unwrap_or(0)
        };
        Counted { tally: Tally { tries, right }, alone }
    }

    /// What a counter shows, without counting anything.
    pub(super) async fn shown(&self, counter: &Counter, now: Timestamp) -> Tally {
        let (tries, right) = tokio::join!(self.seen(counter.tries, now), self.seen(counter.right, now));
        Tally { tries, right }
    }

    /// Takes a try back: it was right, or no guess at all.
    pub(super) async fn forgive(&self, counter: &Counter, now: Timestamp) {
        if self.ask(self.store.hit(counter.right, counter.window.length(), now)).await.is_none() {
            self.local.hit(&counter.right, now);
        }
    }

    /// How many events a key has seen; none while the store is away.
    pub(super) async fn seen(&self, key: Digest, now: Timestamp) -> u32 {
        self.ask(self.store.count(key, now)).await.unwrap_or(0)
    }

    /// Counts an event of a key and says how many there were, if the store is there.
    pub(super) async fn note(&self, key: Digest, span: Duration, now: Timestamp) -> Option<u32> {
        self.ask(self.store.hit(key, span, now)).await
    }

    /// Whether this is the first event of a key. While the store is away, the first one here.
    pub(super) async fn first(&self, key: Digest, span: Duration, now: Timestamp) -> bool {
        match self.note(key, span, now).await {
            Some(count) => count == 1,
            None => self.local.hit(&key, now) == 1,
        }
    }

    /// Remembers a key for a while, if the store is there.
    pub(super) async fn remember(&self, key: Digest, span: Duration, now: Timestamp) {
        let _ = self.note(key, span, now).await;
    }

    /// How long the running window of a key has left, if the store is there and one runs.
    pub(super) async fn left(&self, key: Digest, now: Timestamp) -> Option<Duration> {
        self.ask(self.store.ends(key, now)).await.flatten().map(|end| end.since(now))
    }

    /// Forgets a key, if the store is there.
    pub(super) async fn forget(&self, key: Digest) {
        let _ = self.ask(self.store.reset(key)).await;
    }

    /// Asks the store, unless it was away a moment ago.
    async fn ask<T>(&self, question: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
        let left_alone = || self.left_alone_until.lock().unwrap_or_else(PoisonError::into_inner);
        if left_alone().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let answer = self.said(question.await);
        *left_alone() = answer.is_none().then(|| Instant::now() + LEFT_ALONE);
        answer
    }

    /// Logs when the store goes away and when it is back, not each time it was missed.
    fn said<T>(&self, answer: Result<T, StoreError>) -> Option<T> {
        match answer {
            Ok(value) => {
                if self.away.swap(false, Ordering::Relaxed) {
                    tracing::info!("the throttling counters are back");
                }
                Some(value)
            }
            Err(error) => {
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "the throttling counters are away: this process counts alone, and strictly");
                }
                None
            }
        }
    }
}
