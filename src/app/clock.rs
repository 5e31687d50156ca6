//! Keeping this node's time by the database's clock, and telling the operator of a machine whose own clock is too far off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::App;
use crate::store::{DatabaseClock, StoreResult};
use crate::support::SharedClock;
use crate::support::shared_clock::{Deviation, Look};

/// Looks at the database's clock once, goes by it from then on, and answers how far the machine's own was off.
pub async fn look_at_clock(shared: &SharedClock, database: &dyn DatabaseClock) -> StoreResult<Deviation> {
    let asked = shared.machine().now();
    let shown = database.shows().await?;
    shared.follow(Look { asked, shown, answered: shared.machine().now() });
    Ok(shared.deviation())
}

/// Looks now and then, and says once that the machine's clock is too far off, and once that it is right again.
pub(super) struct ClockWatch {
    node: Arc<App>,
    off: AtomicBool,
}

impl ClockWatch {
    pub(super) fn new(node: Arc<App>) -> Self {
        Self { node, off: AtomicBool::new(false) }
    }

    pub(super) async fn look(&self) -> StoreResult<()> {
        let deviation = look_at_clock(&self.node.shared_clock, self.node.stores.clock.as_ref()).await?;
        let was_off = self.off.swap(deviation.is_too_far(), Ordering::Relaxed);
        match (was_off, deviation.is_too_far()) {
            (false, true) => tracing::error!(
                clock = %deviation,
                "not ready: the clock of this machine is wrong; let it and the database's machine keep their time by NTP"
            ),
            (true, false) => tracing::info!(clock = %deviation, "over: the clock of this machine is right again"),
            _ => {}
        }
        Ok(())
    }
}
