//! The audit log is kept for as long, and as far, as is asked for.

use std::time::Duration;

use haechi::model::AuditEvent;
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::store::{Change, Stores};
use haechi::support::{SeededRandom, Timestamp};

use super::{NOW, on_every_database};

/// More entries than there are here.
const ALL: u64 = 1_000_000;

fn event(at: Timestamp, seed: u64) -> AuditEvent {
    AuditEvent::new(AuditKind::SignedIn, Actor::System, at, &SeededRandom::new(seed))
}

/// Adds entries, one a millisecond from then on.
async fn add(stores: &Stores, from: Timestamp, count: u64) {
    let numbers: Vec<u64> = (0..count).collect();
    for some in numbers.chunks(1000) {
        let at = |number: u64| from.plus(Duration::from_millis(number));
        let changes = some.iter().map(|&number| Change::Audit(event(at(number), number)));
        stores.work.commit(changes.collect()).await.unwrap();
    }
}

/// When the oldest entries that are left happened, and how many are left of some.
async fn newest(stores: &Stores) -> Vec<Timestamp> {
    stores.audit.list(None, 20_000).await.unwrap().items.iter().map(|event| event.at).collect()
}

on_every_database! {
    stores;

    async fn what_is_too_old_is_forgotten_and_nothing_else() {
        add(&stores, NOW.minus(Duration::from_millis(3)), 6).await;
        assert_eq!(stores.audit.forget(NOW.minus(Duration::from_hours(1)), ALL).await.unwrap(), 0);
        assert_eq!(stores.audit.forget(NOW, ALL).await.unwrap(), 3);
        let left: Vec<_> = [2, 1, 0].map(|millis| NOW.plus(Duration::from_millis(millis))).into();
        assert_eq!(newest(&stores).await, left);
        assert_eq!(stores.audit.forget(NOW, ALL).await.unwrap(), 0);
    }

    async fn only_so_many_entries_are_kept_and_those_are_the_newest() {
        // More than one page of the walk to the oldest that is kept.
        add(&stores, NOW, 12_500).await;
        let long_ago = NOW.minus(Duration::from_hours(1));
        assert_eq!(stores.audit.forget(long_ago, 12_501).await.unwrap(), 0);
        assert_eq!(stores.audit.forget(long_ago, 12_500).await.unwrap(), 0);
        assert_eq!(stores.audit.forget(long_ago, 10_100).await.unwrap(), 2400);
        let left = newest(&stores).await;
        assert_eq!((left.len(), left.last()), (10_100, Some(&NOW.plus(Duration::from_millis(2400)))));
        assert_eq!(stores.audit.forget(long_ago, 3).await.unwrap(), 10_097);
        assert_eq!(newest(&stores).await.len(), 3);
    }

    async fn the_database_shows_its_time() {
        let before = haechi::support::Clock::now(&haechi::support::SystemClock);
        let shown = stores.clock.shows().await.unwrap();
        let after = haechi::support::Clock::now(&haechi::support::SystemClock);
        // On this machine the clocks are one; a database rounds to milliseconds.
        let millis = Duration::from_millis(1);
        assert!(before.minus(millis) <= shown && shown <= after.plus(millis), "{before:?} {shown:?} {after:?}");
    }
}
