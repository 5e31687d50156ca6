//! What has expired goes, and nothing else.

use std::time::Duration;

use haechi::model::grant::Grant;
use haechi::model::one_time_token::OneTimeToken;
use haechi::store::{Change, RecordKind, SealedRecord};
use haechi::support::id::{SignInId, UserId};
use haechi::support::{Digest, Timestamp};

use super::grants::{self, grant};
use super::units::token;
use super::users::user;
use super::{NOW, on_every_database};

const MINUTE: Duration = Duration::from_mins(1);

fn record(key: &str, expires_at: Timestamp) -> SealedRecord {
    let owners = vec![UserId::from_bytes([1; 16])];
    SealedRecord { key: Digest::of("test", key.as_bytes()), owners, value: vec![1], expires_at }
}

on_every_database! {
    stores;

    async fn what_has_expired_goes_and_nothing_else() {
        let (old, new) = (NOW, Timestamp::from_millis(NOW.millis() + 1));
        let (gone, kept) = (SignInId::from_bytes([1; 16]), SignInId::from_bytes([2; 16]));
        for (at, seed, sign_in) in [(old, 1, gone), (new, 2, kept)] {
            let name = seed.to_string();
            grants::add(&stores, Grant { expires_at: at, ..grant(seed) }).await;
            stores.replays.first_use(Digest::of("test", name.as_bytes()), at, NOW.minus(MINUTE)).await.unwrap();
            stores.revoked_tokens.revoke(Digest::of("test", name.as_bytes()), at).await.unwrap();
            stores.records.put(RecordKind::Session, record(&name, at), NOW.minus(MINUTE)).await.unwrap();
            stores.throttles.hit(Digest::of("test", name.as_bytes()), Duration::ZERO, at).await.unwrap();
            let token = OneTimeToken { expires_at: at, ..token(seed) };
            let ended = Change::EndSignIn { id: sign_in, until: at };
            stores.work.commit(vec![Change::InsertOneTimeToken(token), ended]).await.unwrap();
        }
        stores.work.commit(vec![Change::InsertUser(user(1))]).await.unwrap();
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 7);
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 0);
        assert_eq!(stores.grants.find(grant(1).id).await.unwrap(), None);
        assert!(stores.grants.find(grant(2).id).await.unwrap().is_some());
        assert!(!stores.users.sign_in_status(user(1).id, gone.into(), None).await.unwrap().unwrap().ended);
        assert!(stores.users.sign_in_status(user(1).id, kept.into(), None).await.unwrap().unwrap().ended);
        let owned = stores.records.of_owner(RecordKind::Session, UserId::from_bytes([1; 16]), NOW.minus(MINUTE)).await;
        assert_eq!(owned.unwrap().len(), 1);
        assert_eq!(stores.housekeeping.purge(new).await.unwrap(), 7);
    }

    async fn many_expired_rows_go_in_one_purge() {
        for first in (0..2500_u32).step_by(500) {
            let puts: Vec<_> = (first..first + 500).map(|n| {
                let records = stores.records.clone();
                tokio::spawn(async move {
                    records.put(RecordKind::Authorization, record(&n.to_string(), NOW), NOW).await.unwrap();
                })
            }).collect();
            for put in puts {
                put.await.unwrap();
            }
        }
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 2500);
    }

    async fn the_store_answers() {
        stores.housekeeping.ping().await.unwrap();
    }
}
