//! Keeping a worker running.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

/// Runs the work of a worker; `true` where it panicked, and is to be started again. What it had in hand goes with the panic, so whatever
/// waits for that must notice when it is dropped. The panic itself is logged where it happens.
pub(crate) async fn panicked(work: impl Future<Output = ()>) -> bool {
    AssertUnwindSafe(work).catch_unwind().await.is_err()
}
