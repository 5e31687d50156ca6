//! The store conformance suite: what every backend of a trait does, whichever it is.

use std::sync::Arc;

use haechi::store::redis::RedisStore;
use haechi::support::Timestamp;

use crate::support::servers;

mod records;
#[path = "redis.rs"]
mod redis_only;
mod throttles;

/// The present of these tests, as whole milliseconds that no clock shows.
pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_123);

/// A fresh Redis store; `None` where there is no Redis.
pub async fn redis() -> Option<Arc<RedisStore>> {
    let config = servers::redis()?;
    Some(Arc::new(RedisStore::connect(&config).await.unwrap()))
}

/// Makes each case a test on each backend. `$store` is the `Arc` of a store that nobody else uses.
macro_rules! on_every_backend {
    ($store:ident: $trait:ident; $(async fn $case:ident() $body:block)*) => {
        $(async fn $case($store: Arc<dyn $trait>) $body)*

        on_every_backend!(@backend redis: $($case)*);
    };
    (@backend $backend:ident: $($case:ident)*) => {
        mod $backend {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some(store) = crate::store::$backend().await {
                        super::$case(store).await;
                    }
                }
            )*
        }
    };
}
use on_every_backend;
