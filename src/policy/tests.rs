use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;

use super::*;
use crate::store::StoreError;
use crate::support::{ManualClock, Timestamp};

#[derive(Default)]
struct Stored {
    policy: Mutex<Policy>,
    reads: AtomicUsize,
}

impl Stored {
    fn decide(&self, change: impl FnOnce(&mut Policy)) {
        let mut policy = self.policy.lock().unwrap();
        change(&mut policy);
        policy.version += 1;
    }
}

#[async_trait]
impl PolicyStore for Stored {
    async fn policy(&self) -> StoreResult<Policy> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let policy = self.policy.lock().unwrap().clone();
        if policy.version < 0 { Err(StoreError::Unavailable("away".to_owned())) } else { Ok(policy) }
    }

    async fn version(&self) -> StoreResult<i64> {
        let version = self.policy.lock().unwrap().version;
        if version < 0 { Err(StoreError::Unavailable("away".to_owned())) } else { Ok(version) }
    }
}

fn house() -> (Arc<Stored>, Arc<ManualClock>, Policies) {
    let (stored, clock) = (Arc::new(Stored::default()), Arc::new(ManualClock::new(Timestamp::from_seconds(1_000))));
    let policies = Policies::new(stored.clone(), &Config::default(), clock.clone());
    (stored, clock, policies)
}

#[tokio::test]
async fn what_another_node_decided_holds_after_the_next_look_and_costs_one_read() {
    let (stored, _, policies) = house();
    policies.poll().await.unwrap();
    assert!(policies.sign_in().await.unwrap().passwords);
    stored.decide(|policy| policy.sign_in.passwords = false);
    assert!(policies.sign_in().await.unwrap().passwords, "not looked at yet");
    policies.poll().await.unwrap();
    for _ in 0..100 {
        assert!(!policies.sign_in().await.unwrap().passwords);
        policies.poll().await.unwrap();
    }
    assert_eq!(stored.reads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_node_that_cannot_look_stops_trusting_what_it_knows() {
    let (stored, clock, policies) = house();
    policies.poll().await.unwrap();
    stored.decide(|policy| policy.version = -2);
    assert!(policies.poll().await.is_err());
    assert!(policies.sign_in().await.is_ok(), "for a few seconds it goes on");
    clock.advance(TRUSTED_FOR);
    assert!(policies.sign_in().await.is_err());
    assert!(policies.seen_last().sign_in.passwords, "what pages look like is known all the same");
}

#[tokio::test]
async fn the_node_that_decides_knows_at_once() {
    let (stored, _, policies) = house();
    policies.poll().await.unwrap();
    stored.decide(|policy| policy.sign_in.remember_me = true);
    policies.read().await.unwrap();
    assert!(policies.sign_in().await.unwrap().remember_me);
}
