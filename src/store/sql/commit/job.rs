//! A write that waits in the queue, whichever it is.
//!
//! Owns what the queue may do with a write without knowing it: ask for its row, carry it out alone or with others of its kind, and answer
//! its caller. Leaves what the write does to its type.

use std::any::Any;

use async_trait::async_trait;
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use tokio::sync::oneshot;

use super::transaction::alone;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::write::{Extent, Key, Mergeable};
use crate::store::{StoreError, StoreResult};

/// A write and its caller. What it answers is kept until the transaction has committed.
#[async_trait]
pub(super) trait Job: Any + Send {
    /// The row that the write is about.
    fn key(&self) -> Option<Key>;

    /// Carries out this write and others of the same type, all to different rows. An error has spoilt the transaction.
    async fn apply(
        &mut self,
        others: Vec<&mut dyn Job>,
        db: &DatabaseTransaction,
        reporting: Reporting,
    ) -> StoreResult<()>;

    /// Carries out this write and commits.
    async fn commit(&mut self, db: &DatabaseConnection);

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
}

/// A write as a job, and where its answer will be.
pub(super) fn job<W: Mergeable>(write: W) -> (Box<dyn Job>, oneshot::Receiver<StoreResult<W::Output>>) {
    let (caller, answered) = oneshot::channel();
    (Box::new(Waiting { write, answer: None, caller }), answered)
}

#[async_trait]
impl<W: Mergeable> Job for Waiting<W> {
    fn key(&self) -> Option<Key> {
        self.write.key()
    }

    async fn apply(
        &mut self,
        others: Vec<&mut dyn Job>,
        db: &DatabaseTransaction,
        reporting: Reporting,
    ) -> StoreResult<()> {
        let mut group = Vec::with_capacity(1 + others.len());
        group.push(self);
        for other in others {
            let other: &mut dyn Any = other;
            group.push(other.downcast_mut().ok_or_else(|| corrupt("writes of two types in one group"))?);
        }
        match W::EXTENT {
            Extent::Statement | Extent::Statements => merge(group, db, reporting).await,
            Extent::Unit => one_after_the_other(group, db, reporting).await,
        }
    }

    async fn commit(&mut self, db: &DatabaseConnection) {
        self.answer = Some(alone(db, &self.write).await);
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

async fn merge<W: Mergeable>(
    group: Vec<&mut Waiting<W>>,
    db: &DatabaseTransaction,
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
