//! What every record store does.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use haechi::store::{RecordKind, RecordStore, SealedRecord};
use haechi::support::id::UserId;
use haechi::support::{Digest, SeededRandom, Timestamp};

use super::{NOW, on_every_backend};

const KIND: RecordKind = RecordKind::Session;
const HOUR: Duration = Duration::from_secs(3600);

fn user(seed: u64) -> UserId {
    UserId::new(NOW, &SeededRandom::new(seed))
}

fn record(key: &str, owners: &[UserId]) -> SealedRecord {
    SealedRecord {
        key: Digest::of("test", key.as_bytes()),
        owners: owners.to_vec(),
        value: format!("\0sealed {key}\u{ff}").into_bytes(),
        expires_at: NOW.plus(HOUR),
    }
}

async fn keys_of(store: &dyn RecordStore, owner: UserId, now: Timestamp) -> HashSet<Digest> {
    let records = store.of_owner(KIND, owner, now).await.unwrap();
    assert!(records.iter().all(|record| record.owners.contains(&owner)));
    records.iter().map(|record| record.key).collect()
}

on_every_backend! {
    store: RecordStore;

    async fn what_was_put_is_found() {
        let record = record("a", &[user(1), user(2)]);
        store.put(KIND, record.clone(), NOW).await.unwrap();
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), Some(record));
        assert_eq!(store.get(KIND, Digest::of("test", b"b"), NOW).await.unwrap(), None);
    }

    async fn only_what_is_there_is_renewed() {
        let record = record("a", &[user(1)]);
        assert!(!store.renew(KIND, record.clone(), NOW).await.unwrap());
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), None);
        assert!(keys_of(&*store, user(1), NOW).await.is_empty());
        store.put(KIND, record.clone(), NOW).await.unwrap();
        let renewed = SealedRecord { value: b"new".to_vec(), owners: vec![user(2)], expires_at: NOW.plus(HOUR * 2), ..record.clone() };
        assert!(store.renew(KIND, renewed.clone(), NOW).await.unwrap());
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), Some(renewed.clone()));
        assert!(keys_of(&*store, user(1), NOW).await.is_empty());
        assert_eq!(keys_of(&*store, user(2), NOW).await, HashSet::from([record.key]));
        assert!(!store.renew(RecordKind::Authorization, renewed.clone(), NOW).await.unwrap());
        store.delete(KIND, record.key).await.unwrap();
        assert!(!store.renew(KIND, renewed, NOW).await.unwrap());
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), None);
    }

    async fn of_many_logins_that_one_browser_begins_at_once_twenty_stay() {
        let kind = RecordKind::Authorization;
        let most = usize::try_from(kind.most_of_owner().unwrap()).unwrap();
        store.put(kind, record("of another", &[user(2)]), NOW).await.unwrap();
        let beginning: Vec<_> = (0..100)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.put(kind, record(&n.to_string(), &[user(1)]), NOW).await.unwrap() })
            })
            .collect();
        for one in beginning {
            one.await.unwrap();
        }
        let mut left = Vec::new();
        for n in 0..100 {
            left.extend(store.get(kind, record(&n.to_string(), &[]).key, NOW).await.unwrap());
        }
        assert_eq!(left.len(), most);
        assert!(store.get(kind, record("of another", &[]).key, NOW).await.unwrap().is_some());
        // One that is put back pushes nobody out; a further one is there, whenever it ends, and of the others those that end first go.
        store.put(kind, left[0].clone(), NOW).await.unwrap();
        let short = SealedRecord { expires_at: NOW.plus(HOUR / 2), ..record("short", &[user(1)]) };
        store.put(kind, short.clone(), NOW).await.unwrap();
        assert!(store.get(kind, short.key, NOW).await.unwrap().is_some());
        store.put(kind, record("last", &[user(1)]), NOW).await.unwrap();
        assert!(store.get(kind, short.key, NOW).await.unwrap().is_none());
        assert!(store.get(kind, record("last", &[]).key, NOW).await.unwrap().is_some());
        let mut there = 0;
        for one in &left {
            there += usize::from(store.get(kind, one.key, NOW).await.unwrap().is_some());
        }
        assert_eq!(there, most - 1);
    }

    async fn a_record_that_is_deleted_while_it_is_renewed_stays_away() {
        for round in 0..20 {
            let record = record(&format!("raced {round}"), &[user(1)]);
            store.put(KIND, record.clone(), NOW).await.unwrap();
            let renewing: Vec<_> = (0..8)
                .map(|_| {
                    let (store, record) = (Arc::clone(&store), record.clone());
                    tokio::spawn(async move { store.renew(KIND, record, NOW).await.unwrap() })
                })
                .collect();
            store.delete(KIND, record.key).await.unwrap();
            for renewed in renewing {
                renewed.await.unwrap();
            }
            assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), None);
        }
    }

    async fn empty_and_large_values_survive() {
        for (key, size) in [("none", 0), ("one", 1), ("large", 200_000)] {
            let record = SealedRecord { value: vec![0xff; size], ..record(key, &[]) };
            store.put(KIND, record.clone(), NOW).await.unwrap();
            assert_eq!(store.take(KIND, record.key, NOW).await.unwrap(), Some(record));
        }
    }

    async fn kinds_are_kept_apart() {
        let record = record("a", &[user(1)]);
        store.put(KIND, record.clone(), NOW).await.unwrap();
        for other in [RecordKind::Authorization, RecordKind::UpstreamLogin] {
            assert_eq!(store.get(other, record.key, NOW).await.unwrap(), None);
            assert_eq!(store.take(other, record.key, NOW).await.unwrap(), None);
            assert!(store.of_owner(other, user(1), NOW).await.unwrap().is_empty());
            store.delete(other, record.key).await.unwrap();
        }
        assert!(store.get(KIND, record.key, NOW).await.unwrap().is_some());
    }

    async fn a_record_counts_until_its_expiry() {
        let record = record("a", &[user(1)]);
        store.put(KIND, record.clone(), NOW).await.unwrap();
        let last = Timestamp::from_millis(record.expires_at.millis() - 1);
        assert_eq!(store.get(KIND, record.key, last).await.unwrap().as_ref(), Some(&record));
        assert_eq!(keys_of(&*store, user(1), last).await.len(), 1);
        assert_eq!(store.get(KIND, record.key, record.expires_at).await.unwrap(), None);
        assert!(keys_of(&*store, user(1), record.expires_at).await.is_empty());
        assert_eq!(store.take(KIND, record.key, record.expires_at).await.unwrap(), None);
    }

    async fn a_record_that_has_expired_already_is_not_there() {
        let record = SealedRecord { expires_at: NOW.minus(HOUR), ..record("a", &[user(1)]) };
        store.put(KIND, record.clone(), NOW).await.unwrap();
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), None);
        assert!(keys_of(&*store, user(1), NOW).await.is_empty());
    }

    async fn a_record_that_never_expires_is_kept() {
        let record = SealedRecord { expires_at: Timestamp::from_millis(i64::MAX), ..record("a", &[user(1)]) };
        store.put(KIND, record.clone(), NOW).await.unwrap();
        assert_eq!(store.get(KIND, record.key, NOW.plus(HOUR)).await.unwrap(), Some(record));
        assert_eq!(keys_of(&*store, user(1), NOW).await.len(), 1);
    }

    async fn a_second_put_replaces_the_value_the_expiry_and_the_owners() {
        let first = record("a", &[user(1), user(2)]);
        store.put(KIND, first.clone(), NOW).await.unwrap();
        let second = SealedRecord { value: vec![7], expires_at: NOW.plus(2 * HOUR), ..record("a", &[user(2), user(3)]) };
        store.put(KIND, second.clone(), NOW).await.unwrap();
        assert_eq!(store.get(KIND, first.key, NOW.plus(HOUR)).await.unwrap(), Some(second.clone()));
        assert!(keys_of(&*store, user(1), NOW).await.is_empty());
        for owner in [user(2), user(3)] {
            assert_eq!(store.of_owner(KIND, owner, NOW.plus(HOUR)).await.unwrap(), vec![second.clone()]);
        }
    }

    async fn a_record_is_taken_once() {
        let record = record("a", &[user(1)]);
        store.put(KIND, record.clone(), NOW).await.unwrap();
        assert_eq!(store.take(KIND, record.key, NOW).await.unwrap().as_ref(), Some(&record));
        assert_eq!(store.take(KIND, record.key, NOW).await.unwrap(), None);
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), None);
        assert!(keys_of(&*store, user(1), NOW).await.is_empty());
    }

    async fn of_a_hundred_who_take_at_once_one_gets_it() {
        for round in 0..5 {
            let record = record(&format!("race {round}"), &[user(1)]);
            store.put(KIND, record.clone(), NOW).await.unwrap();
            let takers = (0..100).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.take(KIND, record.key, NOW).await.unwrap() })
            });
            let takers: Vec<_> = takers.collect();
            let mut taken = 0;
            for taker in takers {
                taken += usize::from(taker.await.unwrap().is_some());
            }
            assert_eq!(taken, 1);
        }
    }

    async fn deleting_is_for_good_and_may_be_repeated() {
        let record = record("a", &[user(1)]);
        store.put(KIND, record.clone(), NOW).await.unwrap();
        store.delete(KIND, record.key).await.unwrap();
        store.delete(KIND, record.key).await.unwrap();
        assert_eq!(store.get(KIND, record.key, NOW).await.unwrap(), None);
        assert!(keys_of(&*store, user(1), NOW).await.is_empty());
    }

    async fn the_records_of_a_person_are_found_and_nobody_elses() {
        for (key, owners) in [("a", &[user(1)][..]), ("b", &[user(1), user(2)]), ("c", &[user(2)]), ("d", &[])] {
            store.put(KIND, record(key, owners), NOW).await.unwrap();
        }
        let expected = |keys: &[&str]| keys.iter().map(|key| record(key, &[]).key).collect::<HashSet<_>>();
        assert_eq!(keys_of(&*store, user(1), NOW).await, expected(&["a", "b"]));
        assert_eq!(keys_of(&*store, user(2), NOW).await, expected(&["b", "c"]));
        assert!(keys_of(&*store, user(3), NOW).await.is_empty());
    }

    async fn a_person_who_has_more_records_than_are_listed_gets_200() {
        for n in 0..230 {
            store.put(KIND, record(&n.to_string(), &[user(1)]), NOW).await.unwrap();
        }
        assert_eq!(keys_of(&*store, user(1), NOW).await.len(), 200);
    }

    async fn records_that_expired_do_not_crowd_out_those_that_live() {
        for n in 0..230 {
            let short = SealedRecord { expires_at: NOW.plus(HOUR), ..record(&n.to_string(), &[user(1)]) };
            store.put(KIND, short, NOW).await.unwrap();
        }
        let living = SealedRecord { expires_at: NOW.plus(3 * HOUR), ..record("living", &[user(1)]) };
        store.put(KIND, living.clone(), NOW).await.unwrap();
        assert_eq!(store.of_owner(KIND, user(1), NOW.plus(2 * HOUR)).await.unwrap(), vec![living]);
    }

    async fn the_store_answers() {
        store.ping().await.unwrap();
    }
}
