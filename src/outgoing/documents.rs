//! JSON documents of others: key sets and discovery documents. Fetched when first needed, kept as told within bounds, fetched once
//! however many wait.

use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::{Caller, Outgoing};
use crate::support::Timestamp;

const MAX_BYTES: usize = 64 * 1024;
/// However the answer's `Cache-Control` reads, a document is kept for at least, and at most, this long.
const KEPT: (Duration, Duration) = (Duration::from_mins(1), Duration::from_hours(1));
/// How long a document is kept where the answer does not say.
const KEPT_BY_DEFAULT: Duration = Duration::from_mins(10);
/// After a failure the host is not asked again for this long.
const FAILURE_KEPT: Duration = Duration::from_secs(10);
/// Something that the document lacks makes it be fetched again at most this often.
const REFETCHED_EVERY: Duration = Duration::from_secs(30);
/// The most documents that are kept.
const CAPACITY: usize = 1000;

#[derive(Default)]
struct Entry {
    document: Option<Arc<Value>>,
    fetched_at: Option<Timestamp>,
    fresh_until: Option<Timestamp>,
    not_before: Option<Timestamp>,
}

/// Documents of one kind.
pub struct Documents {
    outgoing: Arc<Outgoing>,
    entries: Cache<(Caller, Url), Arc<Mutex<Entry>>>,
    /// Whether what was fetched is a document of the kind: what is not is not kept.
    is_one: fn(&Value) -> bool,
}

impl Documents {
    /// A cache that holds no document yet.
    pub fn new(outgoing: Arc<Outgoing>, is_one: fn(&Value) -> bool) -> Self {
        Self { outgoing, entries: Cache::new(CAPACITY), is_one }
    }

    /// The document; `None` when it cannot be had.
    pub async fn get(&self, caller: Caller, url: &Url, now: Timestamp) -> Option<Arc<Value>> {
        let entry = self.entry(caller, url);
        // Held while fetching: a caller that comes meanwhile waits for the same answer.
        let mut entry = entry.lock().await;
        if entry.fresh_until.is_none_or(|until| now >= until) {
            self.fetch(&mut entry, caller, url, now).await;
        }
        // Where the host is away, what it gave within the longest time still counts.
        let usable = entry.fetched_at.is_some_and(|at| now.since(at) < KEPT.1);
        entry.document.clone().filter(|_| usable)
    }

    /// The document, once more from its host, because `known` lacks something; `None` when there is nothing newer, or it is too soon to
    /// ask.
    pub async fn newer_than(
        &self,
        known: &Arc<Value>,
        caller: Caller,
        url: &Url,
        now: Timestamp,
    ) -> Option<Arc<Value>> {
        let entry = self.entry(caller, url);
        let mut entry = entry.lock().await;
        let same = entry.document.as_ref().is_some_and(|document| Arc::ptr_eq(document, known));
        if same && entry.fetched_at.is_none_or(|at| now.since(at) >= REFETCHED_EVERY) {
            self.fetch(&mut entry, caller, url, now).await;
        }
        entry.document.clone().filter(|document| !Arc::ptr_eq(document, known))
    }

    fn entry(&self, caller: Caller, url: &Url) -> Arc<Mutex<Entry>> {
        let made = self
            .entries
            .get_or_insert_with(&(caller, url.clone()), || Ok::<_, std::convert::Infallible>(Arc::default()));
        made.unwrap_or_default()
    }

    async fn fetch(&self, entry: &mut Entry, caller: Caller, url: &Url, now: Timestamp) {
        if entry.not_before.is_some_and(|at| now < at) {
            return;
        }
        let fetched =
            self.outgoing.get(caller, url, "application/json, application/jwk-set+json", MAX_BYTES).await.ok();
        let document = fetched.as_ref().and_then(|fetched| {
            let document: Value = serde_json::from_slice(&fetched.body).ok()?;
            (self.is_one)(&document).then_some(document)
        });
        let Some(document) = document else {
            tracing::warn!(host = url.host_str(), ?caller, "a document cannot be had, or is not what it should be");
            entry.not_before = Some(now.plus(FAILURE_KEPT));
            return;
        };
        let kept = fetched.and_then(|fetched| fetched.max_age).unwrap_or(KEPT_BY_DEFAULT).clamp(KEPT.0, KEPT.1);
        *entry = Entry {
            document: Some(Arc::new(document)),
            fetched_at: Some(now),
            fresh_until: Some(now.plus(kept)),
            not_before: None,
        };
    }
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents").field("kept", &self.entries.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::outgoing::testing::{serve, to_loopback};

    /// The key of RFC 8037 appendix A.2.
    fn one_key() -> String {
        let keys = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
        format!("HTTP/1.1 200 OK\r\ncache-control: max-age=5\r\ncontent-length: {}\r\n\r\n{keys}", keys.len())
    }

    async fn server(answer: String) -> (Url, Arc<AtomicUsize>) {
        let (address, hits) = serve(vec![answer.into_bytes()]).await;
        (Url::parse(&format!("http://{address}/jwks")).unwrap(), hits)
    }

    fn remote() -> Documents {
        let outgoing = Outgoing::new(&to_loopback()).unwrap();
        Documents::new(Arc::new(outgoing), |keys| crate::keys::foreign::check_jwks(keys).is_ok())
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[tokio::test]
    async fn keys_are_fetched_once_and_kept_for_at_least_a_minute() {
        let (url, hits) = server(one_key()).await;
        let remote = remote();
        let (a, b) = tokio::join!(remote.get(Caller::Client, &url, at(0)), remote.get(Caller::Client, &url, at(0)));
        assert!(a.is_some() && b.is_some());
        assert!(remote.get(Caller::Client, &url, at(59)).await.is_some());
        assert_eq!(hits.load(Ordering::SeqCst), 1);
        assert!(remote.get(Caller::Client, &url, at(60)).await.is_some());
        assert_eq!(hits.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn an_unknown_key_fetches_again_but_not_for_every_stranger() {
        let (url, hits) = server(one_key()).await;
        let remote = remote();
        let known = remote.get(Caller::Client, &url, at(0)).await.unwrap();
        for _ in 0..20 {
            assert!(remote.newer_than(&known, Caller::Client, &url, at(1)).await.is_none());
        }
        assert_eq!(hits.load(Ordering::SeqCst), 1);
        assert!(remote.newer_than(&known, Caller::Client, &url, at(30)).await.is_some());
        assert!(remote.newer_than(&known, Caller::Client, &url, at(30)).await.is_some());
        assert_eq!(hits.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failure_is_remembered_for_a_while() {
        let (url, hits) = server("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
        let remote = remote();
        for _ in 0..5 {
            assert!(remote.get(Caller::Client, &url, at(0)).await.is_none());
        }
        assert_eq!(hits.load(Ordering::SeqCst), 1);
        assert!(remote.get(Caller::Client, &url, at(10)).await.is_none());
        assert_eq!(hits.load(Ordering::SeqCst), 2);
    }
}
