//! What has expired goes, and nothing else.

use std::time::Duration;

use haechi::model::grant::Grant;
use haechi::model::one_time_token::OneTimeToken;
use haechi::store::{Change, CodeRedemption, RecordKind, RefreshRotation, SealedRecord};
use haechi::support::id::{SignInId, UserId};
use haechi::support::{Digest, Timestamp};

use super::grants::{self, grant};
use super::units::token;
use super::users::user;
use super::{NOW, on_every_database};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

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
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 6);
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 0);
        assert!(!stores.users.sign_in_status(user(1).id, gone.into(), None).await.unwrap().unwrap().ended);
        assert!(stores.users.sign_in_status(user(1).id, kept.into(), None).await.unwrap().unwrap().ended);
        let owned = stores.records.of_owner(RecordKind::Session, UserId::from_bytes([1; 16]), NOW.minus(MINUTE)).await;
        assert_eq!(owned.unwrap().len(), 1);
        assert_eq!(stores.housekeeping.purge(new).await.unwrap(), 6);
        // Grants go after the hour in which they expired.
        assert!(stores.grants.find(grant(1).id).await.unwrap().is_some());
        assert_eq!(stores.housekeeping.purge(NOW.plus(HOUR)).await.unwrap(), 2);
        assert_eq!(stores.grants.find(grant(1).id).await.unwrap(), None);
    }

    async fn a_grant_that_lived_on_goes_when_it_has_expired_and_not_before() {
        let code = Grant { expires_at: NOW.plus(MINUTE), ..grant(1) };
        grants::add(&stores, code.clone()).await;
        let month = 30 * 24 * HOUR;
        let redeemed = stores.grants.redeem_code(code.id, NOW, Some(grants::slot(0, None)), NOW.plus(month)).await;
        assert_eq!(redeemed.unwrap(), CodeRedemption::Fresh);
        assert_eq!(stores.housekeeping.purge(NOW.plus(2 * HOUR)).await.unwrap(), 1, "it is looked at once");
        assert_eq!(stores.housekeeping.purge(NOW.plus(month)).await.unwrap(), 0, "and then when it will have expired");
        let (first, second) = (grants::slot(0, None), grants::slot(1, Some(0)));
        let rotated = stores.grants.rotate(code.id, &first, second, NOW.plus(2 * month)).await;
        assert_eq!(rotated.unwrap(), RefreshRotation::Fresh);
        assert_eq!(stores.housekeeping.purge(NOW.plus(month + HOUR)).await.unwrap(), 1);
        assert!(stores.grants.find(code.id).await.unwrap().is_some());
        assert_eq!(stores.housekeeping.purge(NOW.plus(2 * month + HOUR)).await.unwrap(), 1);
        assert!(stores.grants.find(code.id).await.unwrap().is_none());
    }

    async fn it_is_known_since_when_something_waits_to_be_deleted() {
        assert_eq!(stores.housekeeping.oldest_expired(NOW).await.unwrap(), None);
        for (name, minutes) in [("late", 1), ("later", 2), ("in time", 90)] {
            let at = NOW.plus(minutes * MINUTE);
            stores.replays.first_use(Digest::of("test", name.as_bytes()), at, NOW).await.unwrap();
        }
        let oldest = stores.housekeeping.oldest_expired(NOW.plus(HOUR)).await.unwrap();
        assert_eq!(oldest, Some(NOW.plus(MINUTE)));
        stores.housekeeping.purge(NOW.plus(HOUR)).await.unwrap();
        assert_eq!(stores.housekeeping.oldest_expired(NOW.plus(HOUR)).await.unwrap(), None);
        // A grant waits from the end of the hour in which it expired.
        grants::add(&stores, Grant { expires_at: NOW, ..grant(1) }).await;
        assert_eq!(stores.housekeeping.oldest_expired(NOW).await.unwrap(), None);
        let waits_since = stores.housekeeping.oldest_expired(NOW.plus(2 * HOUR)).await.unwrap().unwrap();
        assert!(NOW < waits_since && waits_since <= NOW.plus(HOUR), "{waits_since:?}");
    }

    async fn many_expired_rows_go_in_one_purge() {
        for first in (0..2500_u32).step_by(500) {
            let puts: Vec<_> = (first..first + 500).map(|n| {
                let records = stores.records.clone();
                tokio::spawn(async move {
                    records.put(RecordKind::UpstreamLogin, record(&n.to_string(), NOW), NOW).await.unwrap();
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
