//! Group commit: writes of concurrent requests share a transaction.
//!
//! Owns the queue and its workers. A worker takes what is queued, up to [`BATCH`] writes, carries it out in one transaction, commits
//! once, and only then answers each caller. While it commits the next batch gathers, so batches are as large as the load makes them
//! and a lone write waits for nobody. Leaves how a batch is carried out to [`batch`].

use std::time::Duration;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use super::connect::Connect;
use super::deadline::{silent, within};
use super::error::is_lost;
use super::write::{Answer, Write};
use crate::config::database::Database;
use crate::store::{StoreError, StoreResult};

mod batch;

/// The most writes of one transaction.
const BATCH: usize = 256;
/// How many batches may wait.
const WAITING: usize = 8;

/// Where writes wait.
#[derive(Debug)]
pub(super) struct Queue {
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
    pub(super) fn start(writers: Vec<Connect>, config: &Database, deadline: Option<Duration>) -> Self {
        let workers = writers.into_iter().map(|connect| {
            let (sender, jobs) = mpsc::channel(BATCH * WAITING);
            tokio::spawn(work(connect, deadline, jobs));
            sender
        });
        Self { workers: workers.collect(), patience: Duration::from_millis(config.acquire_timeout_ms) }
    }

    /// Has a write carried out; answers once it is committed.
    pub(super) async fn run(&self, write: Write) -> StoreResult<Answer> {
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

/// Carries out one write in a transaction of its own.
pub(super) async fn alone(db: &DatabaseConnection, write: &Write) -> StoreResult<Answer> {
    if write.is_one_statement() {
        return write.apply(db).await;
    }
    let transaction = begin(db).await?;
    match write.apply(&transaction).await {
        Ok(answer) => transaction.commit().await.map(|()| answer).map_err(|error| lost(&error)),
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

/// A commit that was not answered: whatever the cause, nobody knows whether it happened.
fn lost(error: &DbErr) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Begins a transaction that writes: on SQLite it takes the write lock at once, as one that takes it later can find that
/// it read what has changed since. That the database closed a connection meanwhile is often found out here, before anything was
/// done: then another connection is tried.
async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match begin_once(db).await {
        Err(error) if is_lost(&error) => begin_once(db).await,
        other => other,
    }
}

async fn begin_once(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() })
        .await
}
