//! Writing refusals down, behind the answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};

use super::budget::Budget;
use crate::model::NotedRefusal;
use crate::store::RefusalStore;
use crate::support::Clock;

/// The most that wait, and the most that are written at once. What finds no room is in the log only.
const WAITING: usize = 512;
const AT_ONCE: usize = 64;
/// How often is said what was left out.
const REPORT: Duration = Duration::from_secs(10);

/// Where refusals wait.
#[derive(Debug)]
pub(super) struct Keeping(mpsc::Sender<Waiting>);

#[derive(Debug)]
enum Waiting {
    Refusal(Box<NotedRefusal>),
    /// Everything before it is written when this is answered.
    Mark(oneshot::Sender<()>),
}

impl Keeping {
    /// Starts the task that writes. It ends when this is dropped.
    pub(super) fn start(store: Arc<dyn RefusalStore>, budget: Arc<Budget>, clock: Arc<dyn Clock>) -> Self {
        let (sender, mut waiting) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let mut report = interval(REPORT);
            report.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut batch = Vec::with_capacity(AT_ONCE);
            loop {
                tokio::select! {
                    received = waiting.recv_many(&mut batch, AT_ONCE) => {
                        if received == 0 {
                            return;
                        }
                        write(store.as_ref(), std::mem::take(&mut batch)).await;
                    }
                    _ = report.tick() => budget.over(clock.now()).iter().for_each(super::log_left_out),
                }
            }
        });
        Self(sender)
    }

    /// Keeps it, if there is room.
    pub(super) fn keep(&self, refusal: NotedRefusal) {
        let _ = self.0.try_send(Waiting::Refusal(Box::new(refusal)));
    }

    /// Waits until what was to be kept before is written.
    pub(super) async fn written(&self) {
        let (mark, reached) = oneshot::channel();
        if self.0.send(Waiting::Mark(mark)).await.is_ok() {
            let _ = reached.await;
        }
    }
}

async fn write(store: &dyn RefusalStore, batch: Vec<Waiting>) {
    let (mut refusals, mut marks) = (Vec::new(), Vec::new());
    for waiting in batch {
        match waiting {
            Waiting::Refusal(refusal) => refusals.push(*refusal),
            Waiting::Mark(mark) => marks.push(mark),
        }
    }
    if !refusals.is_empty()
        && let Err(error) = store.keep(refusals).await
    {
        tracing::debug!(%error, "refusals are in the log only");
    }
    for mark in marks {
        let _ = mark.send(());
    }
}
