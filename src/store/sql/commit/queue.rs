//! Group commit: writes of concurrent requests share a transaction.
//!
//! Owns the queue and its workers. A worker takes what is queued, up to [`BATCH`] writes, carries it out in one transaction (or as one statement), commits
//! once, and only then answers each caller. While it commits the next batch gathers, so batches are as large as the load makes them
//! and a lone write waits for no other. A write whose turn does not come in time, or whose transaction takes too long, is answered as `Unavailable`
//! ([`Deadlines`]). A worker that panics is started again: the writes it had in hand are answered as `Unavailable`, as
//! it is unknown whether they happened, and the next ones are carried out. Leaves how a batch is carried out to [`batch`], and what a write is to its type.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::batch;
use super::job::{Attempt, Job, give_up_late, job};
use super::transaction::Writer;
use crate::store::sql::db::connect::Connect;
use crate::store::sql::db::deadline::{Deadlines, SILENT};
use crate::store::sql::db::mark_file::MarkFile;
use crate::store::sql::db::own_connection::OwnConnection;
use crate::store::sql::db::worker::panicked;
use crate::store::sql::statements::write::Mergeable;
use crate::store::{StoreError, StoreResult};

/// The most writes of one transaction.
const BATCH: usize = 256;
/// How many batches may wait.
const WAITING: usize = 8;

/// The queue of writes that one transaction commits together.
#[derive(Debug)]
pub(crate) struct Queue {
    workers: Vec<mpsc::Sender<Box<dyn Job>>>,
    deadlines: Deadlines,
}

impl Queue {
    /// Starts a worker on each connection, whose commits are noted in the file where there is one. They end when the queue is dropped.
    pub(crate) fn start(writers: Vec<Connect>, deadlines: Deadlines, mark: Option<&Arc<MarkFile>>) -> Self {
        let workers = writers.into_iter().map(|connect| {
            let (sender, mut jobs) = mpsc::channel(BATCH * WAITING);
            let mark = mark.cloned();
            tokio::spawn(async move {
                let writing = Writing { connect: &connect, deadlines, mark: mark.as_ref() };
                while panicked(work(writing, &mut jobs)).await {}
            });
            sender
        });
        Self { workers: workers.collect(), deadlines }
    }

    /// Has a write carried out; answers once it is committed.
    pub(crate) async fn run<W: Mergeable>(&self, write: W) -> StoreResult<W::Output> {
        let away = |why: &str| StoreError::Unavailable(why.to_owned());
        // All writes to one row go to one worker, so that two workers never wait for each other's rows.
        let worker = write.key().map_or(0, |key| key.worker(self.workers.len()));
        let worker = self.workers.get(worker).ok_or_else(|| away("there is no writer"))?;
        let (job, answered) = job(write, Instant::now() + self.deadlines.turn);
        let queued = timeout(self.deadlines.turn, worker.send(job)).await;
        queued.map_err(|_| away("too many writes wait"))?.map_err(|_| away("the writer has stopped"))?;
        answered.await.map_err(|_| away("the writer has stopped"))?
    }
}

/// What a worker writes with.
#[derive(Clone, Copy)]
struct Writing<'a> {
    connect: &'a Connect,
    deadlines: Deadlines,
    mark: Option<&'a Arc<MarkFile>>,
}

/// Carries batches out until the queue is dropped. A panic drops the jobs of its batch, and so answers their callers.
async fn work(writing: Writing<'_>, waiting: &mut mpsc::Receiver<Box<dyn Job>>) {
    let mut connection = OwnConnection::new(writing.connect);
    let mut jobs = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut jobs, BATCH).await > 0 {
        while !jobs.is_empty() {
            jobs.iter_mut().for_each(give_up_late);
            attempt(&mut connection, writing, &mut jobs).await;
            answer(&mut jobs);
        }
    }
}

/// Tries to carry out what has no answer yet.
async fn attempt(connection: &mut OwnConnection<'_>, writing: Writing<'_>, jobs: &mut Vec<Box<dyn Job>>) {
    answer(jobs);
    let writer = Writer::noting(connection.get(), writing.mark);
    match timeout(writing.deadlines.transaction, batch::run(writer, jobs)).await {
        Ok(Attempt::Answered | Attempt::Unfinished) => {}
        Ok(Attempt::Spoilt) => connection.discard(),
        Err(_) => {
            batch::fail(jobs, SILENT);
            connection.discard();
        }
    }
}

/// Tells the callers of those that have their answer.
fn answer(jobs: &mut Vec<Box<dyn Job>>) {
    jobs.extract_if(.., |job| job.is_answered()).for_each(Job::answer);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::store::sql::db::testing::TestDatabase;
    use crate::store::sql::db::{execute, query_one};
    use crate::store::sql::statements::write::{Extent, Key, Single};

    /// Writes a value down and answers how many there are; or dies after it wrote.
    struct Append {
        value: i64,
        dies: bool,
    }

    impl Single for Append {
        type Output = i64;

        const EXTENT: Extent = Extent::Unit;

        fn key(&self) -> Option<Key> {
            None
        }

        async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<i64> {
            execute(db, "INSERT INTO written (value) VALUES ($1)", vec![self.value.into()]).await?;
            assert!(!self.dies, "this write dies");
            let row = query_one(db, "SELECT COUNT(*) AS written FROM written", vec![]).await?;
            Ok(row.unwrap().try_get("", "written")?)
        }
    }

    /// As a caller has it: an answer, or no answer for a long time.
    async fn append(queue: &Queue, value: i64, dies: bool) -> StoreResult<i64> {
        let answer = tokio::time::timeout(Duration::from_secs(20), queue.run(Append { value, dies }));
        answer.await.expect("the write is never answered")
    }

    #[tokio::test]
    async fn a_writer_that_panics_is_started_again() {
        let (database, connections) = TestDatabase::open().await;
        let queue = Queue::start(connections.queue, Deadlines::of(&database.config), None);
        assert_eq!(append(&queue, 1, false).await.unwrap(), 1);
        for value in 2..5 {
            assert!(matches!(append(&queue, value, true).await, Err(StoreError::Unavailable(_))));
        }
        assert_eq!(append(&queue, 5, false).await.unwrap(), 2, "nothing is left of what died");
    }

    #[tokio::test]
    async fn what_shares_a_transaction_with_a_write_that_panics_is_answered_and_undone() {
        let (database, connections) = TestDatabase::open().await;
        let queue = Queue::start(connections.queue, Deadlines::of(&database.config), None);
        // None of them has run when all are queued: they are one batch.
        let answers = join_all((1..=20).map(|value| append(&queue, value, value == 10))).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))), "{answers:?}");
        assert_eq!(append(&queue, 100, false).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn no_write_waits_for_a_writer_that_cannot_connect() {
        let (database, connections) = TestDatabase::open().await;
        let broken: Connect = Box::new(|| panic!("there is no connection"));
        let queue = Queue::start(vec![broken], Deadlines::of(&database.config), None);
        for value in 0..3 {
            assert!(matches!(append(&queue, value, false).await, Err(StoreError::Unavailable(_))));
        }
        drop(connections);
    }
}
