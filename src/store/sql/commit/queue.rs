//! Group commit: writes of concurrent requests share a transaction.
//!
//! Owns the queue and its workers. A worker takes what is queued, up to [`BATCH`] writes, carries it out in one transaction, commits
//! once, and only then answers each caller. While it commits the next batch gathers, so batches are as large as the load makes them
//! and a lone write waits for no other. Leaves how a batch is carried out to [`batch`], and what a write is to its type.

use std::time::Duration;

use tokio::sync::mpsc;

use super::batch;
use super::job::{Job, job};
use crate::config::database::DatabaseConfig;
use crate::store::sql::db::connect::Connect;
use crate::store::sql::db::deadline::{silent, within};
use crate::store::sql::statements::write::Mergeable;
use crate::store::{StoreError, StoreResult};

/// The most writes of one transaction.
const BATCH: usize = 256;
/// How many batches may wait.
const WAITING: usize = 8;

/// Where writes wait.
#[derive(Debug)]
pub(crate) struct Queue {
    workers: Vec<mpsc::Sender<Box<dyn Job>>>,
    patience: Duration,
}

impl Queue {
    /// Starts a worker on each connection. They end when the queue is dropped.
    pub(crate) fn start(writers: Vec<Connect>, config: &DatabaseConfig, deadline: Option<Duration>) -> Self {
        let workers = writers.into_iter().map(|connect| {
            let (sender, jobs) = mpsc::channel(BATCH * WAITING);
            tokio::spawn(work(connect, deadline, jobs));
            sender
        });
        Self { workers: workers.collect(), patience: Duration::from_millis(config.acquire_timeout_ms) }
    }

    /// Has a write carried out; answers once it is committed.
    pub(crate) async fn run<W: Mergeable>(&self, write: W) -> StoreResult<W::Output> {
        let away = |why: &str| StoreError::Unavailable(why.to_owned());
        // All writes to one row go to one worker, so that two workers never wait for each other's rows.
        let worker = write.key().map_or(0, |key| key.worker(self.workers.len()));
        let worker = self.workers.get(worker).ok_or_else(|| away("there is no writer"))?;
        let (job, answered) = job(write);
        let queued = tokio::time::timeout(self.patience, worker.send(job)).await;
        queued.map_err(|_| away("too many writes wait"))?.map_err(|_| away("the writer has stopped"))?;
        answered.await.map_err(|_| away("the writer has stopped"))?
    }
}

async fn work(connect: Connect, deadline: Option<Duration>, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    let mut db = connect();
    let mut jobs = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut jobs, BATCH).await > 0 {
        if within(deadline, batch::run(&db, &mut jobs)).await.is_none() {
            for job in &mut jobs {
                job.fail(silent());
            }
        }
        if jobs.iter().any(|job| job.unavailable().is_some()) {
            // A connection that does not answer does not let itself be tidied up or closed either: it is left behind.
            db = connect();
        }
        jobs.drain(..).for_each(Job::answer);
    }
}
