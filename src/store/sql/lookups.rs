//! Looking rows up together: what concurrent requests want to know is asked in one statement.
//!
//! Owns the waiting list and its workers. A worker takes everything that waits and asks for it; while it does, the next ones gather. So a
//! lone question is asked at once, and many at the same time cost little more than one. A question is only ever answered by a
//! statement that began after it was put. A worker that panics is started again: what it had in hand is answered as `Unavailable`. Of what is asked it knows [`LookUp`].

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::store::sql::db::by_type::by_type;
use crate::store::sql::db::connect::Connect;
use crate::store::sql::db::deadline::DeadlineConnection;
use crate::store::sql::db::rows::LARGEST;
use crate::store::sql::db::worker::panicked;
use crate::store::sql::statements::lookup::LookUp;
use crate::store::{StoreError, StoreResult};

/// How many questions may wait.
const WAITING: usize = 4096;

/// The queue of look-ups that concurrent requests share.
#[derive(Debug)]
pub(crate) struct Lookups(mpsc::Sender<Box<dyn Question>>);

impl Lookups {
    /// Starts a worker on each connection. They end when the list is dropped.
    pub(crate) fn start(connections: Vec<Connect>, deadline: Duration) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for connect in connections {
            let waiting = Arc::clone(&waiting);
            tokio::spawn(async move { while panicked(work(&connect, deadline, &waiting)).await {} });
        }
        Self(sender)
    }

    /// What there is of this key.
    pub(crate) async fn find<L: LookUp>(&self, key: L) -> StoreResult<Option<L::Found>> {
        let (caller, answered) = oneshot::channel();
        let away = |why: &str| StoreError::Unavailable(why.to_owned());
        self.0.try_send(Box::new(Asked { key, caller })).map_err(|_| away("too many look-ups wait"))?;
        answered.await.map_err(|_| away("the look-ups have stopped"))?
    }
}

/// Answers what waits until the list is dropped. A panic drops the questions in hand, and so answers their callers.
async fn work(connect: &Connect, deadline: Duration, waiting: &Mutex<mpsc::Receiver<Box<dyn Question>>>) {
    // Connecting waits for the first questions, so that a connection that cannot be made fails them and not the worker over and over.
    let mut db = None;
    let mut taken = Vec::with_capacity(LARGEST);
    while waiting.lock().await.recv_many(&mut taken, LARGEST).await > 0 {
        let current = db.get_or_insert_with(|| DeadlineConnection::new(connect(), deadline));
        let mut answered = true;
        for (first, others) in by_type(taken.drain(..), |question| (**question).type_id()) {
            answered &= first.answer(others, current).await;
        }
        if !answered {
            // A connection that does not answer does not let itself be tidied up or closed either: it is left behind.
            db = None;
        }
    }
}

/// What a caller wants to know, whichever look-up it is.
#[async_trait]
trait Question: Any + Send {
    /// Asks for this and others of the same type in one statement and tells the callers; `false` where the database did not answer.
    async fn answer(self: Box<Self>, others: Vec<Box<dyn Question>>, db: &DeadlineConnection) -> bool;
}

/// The one implementation: a look-up of this type.
struct Asked<L: LookUp> {
    key: L,
    caller: oneshot::Sender<StoreResult<Option<L::Found>>>,
}

#[async_trait]
impl<L: LookUp> Question for Asked<L> {
    async fn answer(self: Box<Self>, others: Vec<Box<dyn Question>>, db: &DeadlineConnection) -> bool {
        let others = others.into_iter().filter_map(|other| (other as Box<dyn Any>).downcast::<Self>().ok());
        let asked: Vec<Box<Self>> = std::iter::once(self).chain(others).collect();
        let keys: Vec<L> = asked.iter().map(|asked| asked.key).collect();
        let found = L::look_up(db, &keys).await.map_err(StoreError::from);
        for Self { key, caller } in asked.into_iter().map(|asked| *asked) {
            // A caller that hung up does not want to know.
            let _ = caller.send(match &found {
                Ok(found) => Ok(found.get(&key).cloned()),
                Err(StoreError::Corrupt(why)) => Err(StoreError::Corrupt(why.clone())),
                Err(error) => Err(StoreError::Unavailable(error.to_string())),
            });
        }
        !matches!(found, Err(StoreError::Unavailable(_)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use futures_util::future::join_all;
    use sea_orm::{ConnectionTrait, DbErr, RuntimeErr};

    use super::*;
    use crate::store::sql::db::testing::{Made, TestDatabase};

    const PATIENCE: Duration = Duration::from_secs(10);

    /// To be found with no answer from the database.
    const SILENT: u32 = 99;

    /// Finds a number by itself, if it is even; the statement dies of a zero.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    struct FindEven(u32);

    impl LookUp for FindEven {
        type Found = u32;

        async fn look_up<C: ConnectionTrait>(_: &C, wanted: &[Self]) -> Result<HashMap<Self, u32>, DbErr> {
            assert!(wanted.iter().all(|wanted| wanted.0 != 0), "this look-up dies");
            if wanted.contains(&Self(SILENT)) {
                return Err(DbErr::Conn(RuntimeErr::Internal("no answer".to_owned())));
            }
            Ok(wanted.iter().filter(|wanted| wanted.0 % 2 == 0).map(|wanted| (*wanted, wanted.0)).collect())
        }
    }

    async fn find(lookups: &Lookups, number: u32) -> StoreResult<Option<u32>> {
        let answer = tokio::time::timeout(Duration::from_secs(20), lookups.find(FindEven(number)));
        answer.await.expect("the look-up is never answered")
    }

    #[tokio::test]
    async fn workers_that_panic_are_started_again() {
        let (_database, connections) = TestDatabase::open().await;
        let lookups = Lookups::start(connections.lookups, PATIENCE);
        assert_eq!(find(&lookups, 2).await.unwrap(), Some(2));
        // Oftener than there are workers.
        for _ in 0..5 {
            assert!(matches!(find(&lookups, 0).await, Err(StoreError::Unavailable(_))));
        }
        assert_eq!(find(&lookups, 4).await.unwrap(), Some(4));
        assert_eq!(find(&lookups, 5).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_shares_a_statement_with_a_look_up_that_panics_is_answered() {
        let (_database, connections) = TestDatabase::open().await;
        let lookups = Lookups::start(connections.lookups, PATIENCE);
        let answers = join_all((0..10).map(|number| find(&lookups, number))).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))), "{answers:?}");
        assert_eq!(find(&lookups, 4).await.unwrap(), Some(4));
    }

    #[tokio::test]
    async fn a_connection_that_did_not_answer_is_asked_nothing_more() {
        let (_database, mut connections) = TestDatabase::open().await;
        let made = Made::default();
        let lookups = Lookups::start(vec![made.noting(connections.lookups.remove(0))], PATIENCE);
        for at in 1..4 {
            assert_eq!(find(&lookups, 2).await.unwrap(), Some(2));
            assert_eq!(find(&lookups, 3).await.unwrap(), None);
            assert_eq!(made.count(), at);
            assert!(matches!(find(&lookups, SILENT).await, Err(StoreError::Unavailable(_))));
        }
    }

    #[tokio::test]
    async fn no_look_up_waits_for_workers_that_cannot_connect() {
        let broken = || -> Connect { Box::new(|| panic!("there is no connection")) };
        let lookups = Lookups::start(vec![broken(), broken()], PATIENCE);
        for _ in 0..5 {
            assert!(matches!(find(&lookups, 2).await, Err(StoreError::Unavailable(_))));
        }
    }
}
