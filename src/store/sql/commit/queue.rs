//! Group commit: writes of concurrent requests share a transaction.
//!
//! Owns the queue and its workers. A worker takes what is queued, up to [`BATCH`] writes, carries it out in one transaction, commits
//! once, and only then answers each caller. While it commits the next batch gathers, so batches are as large as the load makes them
//! and a lone write waits for nobody. Leaves how a batch is carried out to [`batch`].

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::batch;
use super::write::{Answer, Write};
use crate::config::database::DatabaseConfig;
use crate::store::sql::db::connect::Connect;
use crate::store::sql::db::deadline::{silent, within};
use crate::store::{StoreError, StoreResult};

/// The most writes of one transaction.
const BATCH: usize = 256;
/// How many batches may wait.
const WAITING: usize = 8;

/// Where writes wait.
#[derive(Debug)]
pub(crate) struct Queue {
    workers: Vec<mpsc::Sender<Job>>,
    patience: Duration,
}

/// A write and whom to answer.
#[derive(Debug)]
struct Job {
    write: Write,
    answer: oneshot::Sender<StoreResult<Answer>>,
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
    pub(crate) async fn run(&self, write: Write) -> StoreResult<Answer> {
        let away = |why: &str| StoreError::Unavailable(why.to_owned());
        // All writes to one row go to one worker, so that two workers never wait for each other's rows.
        let row = write.row().map_or(0, |row| usize::from(row[15]));
        let worker = self.workers.get(row % self.workers.len().max(1)).ok_or_else(|| away("there is no writer"))?;
        let (answer, answered) = oneshot::channel();
        let queued = tokio::time::timeout(self.patience, worker.send(Job { write, answer })).await;
        queued.map_err(|_| away("too many writes wait"))?.map_err(|_| away("the writer has stopped"))?;
        answered.await.map_err(|_| away("the writer has stopped"))?
    }
}

async fn work(connect: Connect, deadline: Option<Duration>, mut jobs: mpsc::Receiver<Job>) {
    let mut db = connect();
    let mut waiting = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut waiting, BATCH).await > 0 {
        let (writes, callers): (Vec<_>, Vec<_>) = waiting.drain(..).map(|job| (job.write, job.answer)).unzip();
        let answers = within(deadline, batch::run(&db, &writes)).await;
        let answers = answers.unwrap_or_else(|| writes.iter().map(|_| Err(silent())).collect());
        if answers.iter().any(|answer| matches!(answer, Err(StoreError::Unavailable(_)))) {
            // A connection that does not answer does not let itself be tidied up or closed either: it is left behind.
            db = connect();
        }
        for (caller, answer) in callers.into_iter().zip(answers) {
            // A caller that hung up does not want to know.
            let _ = caller.send(answer);
        }
    }
}
