//! Used assertion ids and revoked access tokens.

use std::time::Duration;

use haechi::support::Digest;

use super::grants::race;
use super::{NOW, on_every_database};

const MINUTE: Duration = Duration::from_mins(1);

fn value(name: &str) -> Digest {
    Digest::of("test", name.as_bytes())
}

on_every_database! {
    stores;

    async fn a_value_is_used_for_the_first_time_once() {
        let until = NOW.plus(MINUTE);
        assert!(stores.replays.first_use(value("a"), until, NOW).await.unwrap());
        assert!(!stores.replays.first_use(value("a"), until, NOW).await.unwrap());
        assert!(stores.replays.first_use(value("b"), until, NOW).await.unwrap());
    }

    async fn a_value_counts_again_when_its_time_is_over() {
        let until = NOW.plus(MINUTE);
        assert!(stores.replays.first_use(value("a"), until, NOW).await.unwrap());
        assert!(stores.replays.first_use(value("a"), until.plus(MINUTE), until).await.unwrap());
        assert!(!stores.replays.first_use(value("a"), until.plus(MINUTE), until).await.unwrap());
    }

    async fn a_second_use_does_not_shorten_the_memory_of_the_first() {
        assert!(stores.replays.first_use(value("a"), NOW.plus(2 * MINUTE), NOW).await.unwrap());
        assert!(!stores.replays.first_use(value("a"), NOW, NOW).await.unwrap());
        assert!(!stores.replays.first_use(value("a"), NOW.plus(MINUTE), NOW.plus(MINUTE)).await.unwrap());
    }

    async fn of_a_hundred_first_uses_at_once_one_is() {
        for round in 0..5 {
            let name = format!("race {round}");
            let won = race(|_| {
                let (replays, value) = (stores.replays.clone(), value(&name));
                async move { replays.first_use(value, NOW.plus(MINUTE), NOW).await.unwrap() }
            });
            assert_eq!(won.await, 1);
        }
    }

    async fn a_revoked_token_stays_revoked() {
        assert!(!stores.revoked_tokens.is_revoked(value("a")).await.unwrap());
        for until in [NOW.plus(MINUTE), NOW] {
            stores.revoked_tokens.revoke(value("a"), until).await.unwrap();
        }
        stores.housekeeping.purge(NOW).await.unwrap();
        assert!(stores.revoked_tokens.is_revoked(value("a")).await.unwrap(), "the longer memory counts");
        assert!(!stores.revoked_tokens.is_revoked(value("b")).await.unwrap());
    }
}
