//! The key ring: replaced as a whole, by one node at a time.

use haechi::model::client::SigningAlgorithm;
use haechi::model::signing_key::{KeyState, SigningKeyRecord};
use haechi::store::Conflict;
use haechi::support::SeededRandom;
use haechi::support::id::KeyId;

use super::grants::race;
use super::users::conflict;
use super::{NOW, on_every_database};

fn key(seed: u64, algorithm: SigningAlgorithm, state: KeyState) -> SigningKeyRecord {
    SigningKeyRecord {
        id: KeyId::new(NOW, &SeededRandom::new(seed)),
        algorithm,
        state,
        public_jwk: serde_json::json!({"kty": "EC", "x": seed}),
        sealed: vec![0, 255, 7],
        created_at: NOW,
        activated_at: (state != KeyState::Next).then_some(NOW),
        retired_at: (state == KeyState::Retiring).then_some(NOW),
    }
}

on_every_database! {
    stores;

    async fn the_ring_is_replaced_as_a_whole() {
        let (version, keys) = stores.signing_keys.load().await.unwrap();
        assert!(keys.is_empty());
        let revision = stores.revision.revision().await.unwrap();
        let mut ring = vec![
            key(1, SigningAlgorithm::ES256, KeyState::Retiring),
            key(2, SigningAlgorithm::EdDSA, KeyState::Active),
            key(3, SigningAlgorithm::PS256, KeyState::Next),
        ];
        ring.sort_by_key(|key| key.id);
        stores.signing_keys.replace(version, ring.clone(), vec![]).await.unwrap();
        let (next, loaded) = stores.signing_keys.load().await.unwrap();
        assert!(next > version);
        assert_eq!(loaded, ring);
        assert_eq!(stores.revision.revision().await.unwrap(), revision, "it empties no cache of clients");

        assert_eq!(conflict(stores.signing_keys.replace(version, vec![], vec![]).await), Conflict::Stale);
        ring.truncate(1);
        stores.signing_keys.replace(next, ring.clone(), vec![]).await.unwrap();
        assert_eq!(stores.signing_keys.load().await.unwrap().1, ring);
    }

    async fn of_a_hundred_nodes_that_rotate_at_once_one_wins() {
        let (version, _) = stores.signing_keys.load().await.unwrap();
        let won = race(|n| {
            let keys = stores.signing_keys.clone();
            let ring = vec![key(n.into(), SigningAlgorithm::ES256, KeyState::Active)];
            async move { keys.replace(version, ring, vec![]).await.is_ok() }
        });
        assert_eq!(won.await, 1);
        assert_eq!(stores.signing_keys.load().await.unwrap().1.len(), 1);
    }

    async fn a_ring_is_never_seen_half_replaced() {
        let writer = {
            let keys = stores.signing_keys.clone();
            tokio::spawn(async move {
                for n in 0..30_u64 {
                    let (version, _) = keys.load().await.unwrap();
                    let ring = (0..=n % 3).map(|at| key(n * 10 + at, SigningAlgorithm::ES256, KeyState::Active));
                    keys.replace(version, ring.collect(), vec![]).await.unwrap();
                }
            })
        };
        let mut seen = std::collections::HashMap::new();
        while !writer.is_finished() {
            let (version, keys) = stores.signing_keys.load().await.unwrap();
            assert_eq!(*seen.entry(version).or_insert(keys.clone()), keys);
        }
        writer.await.unwrap();
    }
}
