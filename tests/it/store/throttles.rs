//! What every throttle store does.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use haechi::store::ThrottleStore;
use haechi::support::{Digest, Timestamp};

use super::{NOW, on_every_backend};

const WINDOW: Duration = Duration::from_secs(60);

fn key(name: &str) -> Digest {
    Digest::of("test", name.as_bytes())
}

on_every_backend! {
    store: ThrottleStore;

    async fn hits_are_counted_by_key() {
        for expected in 1..=3 {
            assert_eq!(store.hit(key("a"), WINDOW, NOW).await.unwrap(), expected);
        }
        assert_eq!(store.hit(key("b"), WINDOW, NOW).await.unwrap(), 1);
        assert_eq!(store.count(key("a"), NOW).await.unwrap(), 3);
        assert_eq!(store.count(key("c"), NOW).await.unwrap(), 0);
    }

    async fn a_window_begins_with_its_first_hit_and_later_hits_do_not_prolong_it() {
        store.hit(key("a"), WINDOW, NOW).await.unwrap();
        let last = Timestamp::from_millis(NOW.plus(WINDOW).millis() - 1);
        assert_eq!(store.hit(key("a"), WINDOW, last).await.unwrap(), 2);
        assert_eq!(store.count(key("a"), last).await.unwrap(), 2);
        assert_eq!(store.ends(key("a"), last).await.unwrap(), Some(NOW.plus(WINDOW)));
        assert_eq!(store.ends(key("b"), last).await.unwrap(), None);
        let over = NOW.plus(WINDOW);
        assert_eq!(store.ends(key("a"), over).await.unwrap(), None);
        assert_eq!(store.count(key("a"), over).await.unwrap(), 0);
        assert_eq!(store.hit(key("a"), WINDOW, over).await.unwrap(), 1);
    }

    async fn a_counter_can_be_forgotten() {
        store.hit(key("a"), WINDOW, NOW).await.unwrap();
        store.reset(key("a")).await.unwrap();
        store.reset(key("a")).await.unwrap();
        assert_eq!(store.count(key("a"), NOW).await.unwrap(), 0);
        assert_eq!(store.hit(key("a"), WINDOW, NOW).await.unwrap(), 1);
    }

    async fn of_a_hundred_hits_at_once_each_is_counted() {
        let hits = (0..100).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.hit(key("race"), WINDOW, NOW).await.unwrap() })
        });
        let hits: Vec<_> = hits.collect();
        let mut counts = BTreeSet::new();
        for hit in hits {
            counts.insert(hit.await.unwrap());
        }
        assert_eq!(counts, (1..=100).collect());
    }
}
