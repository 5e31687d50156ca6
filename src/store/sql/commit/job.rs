//! A write that waits in the queue, whichever it is.
//!
//! Owns what the queue may do with a write without knowing it: ask for its row, carry it out alone or with others of its kind, and answer
//! its caller. Leaves what the write does to its type.

use std::any::Any;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::autocommit::Autocommit;
use super::transaction::{Failed, Writer, alone};
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::write::{Extent, Key, Mergeable};
use crate::store::{StoreError, StoreResult};

/// What an attempt leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// Each write has its answer.
    Answered,
    /// Some writes have no answer yet, as another process writes, or as there are many: to be tried again.
    Unfinished,
    /// Each write has its answer, and the connection is to be thrown away.
    Spoilt,
}

/// What writes are carried out on.
#[derive(Clone, Copy)]
pub(super) enum On<'a> {
    /// A transaction, with others.
    Transaction(&'a DatabaseTransaction),
    /// One statement by itself.
    Autocommit(&'a Autocommit<'a>),
}

/// A write and its caller. What it answers is kept until the transaction has committed.
#[async_trait]
pub(super) trait Job: Any + Send {
    /// The row that the write is about.
    fn key(&self) -> Option<Key>;

    /// Whether this write and others of the same type, all to different rows, are one statement.
    fn is_one_together(&self) -> bool;

    /// Carries out this write and others of the same type, all to different rows. An error has spoilt the transaction.
    async fn apply(&mut self, others: Vec<&mut dyn Job>, db: On<'_>, reporting: Reporting) -> StoreResult<()>;

    /// Carries out this write and commits.
    async fn commit(&mut self, writer: Writer<'_>) -> Attempt;

    /// Whether its turn has not come in time.
    fn is_late(&self, now: Instant) -> bool;

    /// Whether it has its answer.
    fn is_answered(&self) -> bool;

    /// Forgets its answer.
    fn forget(&mut self);

    /// Answers with this error, whatever was answered before.
    fn fail(&mut self, error: StoreError);

    /// Why the database could not be reached, where that is the answer.
    fn unavailable(&self) -> Option<&str>;

    /// Tells the caller.
    fn answer(self: Box<Self>);
}

/// The one implementation: a write of this type.
struct Waiting<W: Mergeable> {
    write: W,
    answer: Option<StoreResult<W::Output>>,
    caller: oneshot::Sender<StoreResult<W::Output>>,
    /// Until when its turn must have come.
    until: Instant,
}

/// A write whose turn must come in time, as a job, and where its answer will be.
pub(super) fn job<W: Mergeable>(write: W, until: Instant) -> (Box<dyn Job>, oneshot::Receiver<StoreResult<W::Output>>) {
    let (caller, answered) = oneshot::channel();
    (Box::new(Waiting { write, answer: None, caller, until }), answered)
}

/// Answers a write whose turn has not come in time: its caller should hear something.
pub(super) fn give_up_late(job: &mut Box<dyn Job>) {
    if job.is_late(Instant::now()) {
        job.fail(StoreError::Unavailable("the turn of the write did not come in time".to_owned()));
    }
}

#[async_trait]
impl<W: Mergeable> Job for Waiting<W> {
    fn key(&self) -> Option<Key> {
        self.write.key()
    }

    fn is_one_together(&self) -> bool {
        W::IS_ONE_TOGETHER
    }

    async fn apply(&mut self, others: Vec<&mut dyn Job>, db: On<'_>, reporting: Reporting) -> StoreResult<()> {
        let mut group = Vec::with_capacity(1 + others.len());
        group.push(self);
        for other in others {
            let other: &mut dyn Any = other;
            group.push(other.downcast_mut().ok_or_else(|| corrupt("writes of two types in one group"))?);
        }
        match (db, W::EXTENT) {
            (On::Transaction(db), Extent::Unit) => one_after_the_other(group, db, reporting).await,
            (On::Transaction(db), Extent::Statement | Extent::Statements) => merge(group, db, reporting).await,
            (On::Autocommit(db), _) => merge(group, db, reporting).await,
        }
    }

    async fn commit(&mut self, writer: Writer<'_>) -> Attempt {
        let (attempt, answer) = match alone(writer, &self.write).await {
            Ok(answer) => (Attempt::Answered, Ok(answer)),
            Err(Failed::Busy(_)) => return Attempt::Unfinished,
            Err(Failed::Undone(why)) => (Attempt::Answered, Err(why)),
            Err(Failed::Unconfirmed(why)) => (Attempt::Spoilt, Err(StoreError::Unavailable(why))),
        };
        self.answer = Some(answer);
        attempt
    }

    fn is_late(&self, now: Instant) -> bool {
        self.until <= now
    }

    fn is_answered(&self) -> bool {
        self.answer.is_some()
    }

    fn forget(&mut self) {
        self.answer = None;
    }

    fn fail(&mut self, error: StoreError) {
        self.answer = Some(Err(error));
    }

    fn unavailable(&self) -> Option<&str> {
        match &self.answer {
            Some(Err(StoreError::Unavailable(why))) => Some(why),
            _ => None,
        }
    }

    fn answer(self: Box<Self>) {
        let answer = self.answer.unwrap_or_else(|| Err(corrupt("a write was left out")));
        // A caller that hung up does not want to know.
        let _ = self.caller.send(answer);
    }
}

async fn merge<W: Mergeable, C: ConnectionTrait>(
    group: Vec<&mut Waiting<W>>,
    db: &C,
    reporting: Reporting,
) -> StoreResult<()> {
    let writes: Vec<&W> = group.iter().map(|job| &job.write).collect();
    let answers = W::apply(db, reporting, &writes).await?;
    for (job, answer) in group.into_iter().zip(answers) {
        job.answer = Some(Ok(answer));
    }
    Ok(())
}

/// Carries out units, each of which is taken back by itself when it runs into a conflict: that is its answer. Any other error may have
/// spoilt the transaction (PostgreSQL commits such a one as a rollback, without an error).
async fn one_after_the_other<W: Mergeable>(
    group: Vec<&mut Waiting<W>>,
    db: &DatabaseTransaction,
    reporting: Reporting,
) -> StoreResult<()> {
    for job in group {
        let savepoint: DatabaseTransaction = db.begin().await?;
        match W::apply(&savepoint, reporting, &[&job.write]).await {
            Ok(answers) => {
                savepoint.commit().await?;
                job.answer = answers.into_iter().next().map(Ok);
            }
            Err(error) => {
                savepoint.rollback().await?;
                let StoreError::Conflict(_) = error else { return Err(error) };
                job.answer = Some(Err(error));
            }
        }
    }
    Ok(())
}
