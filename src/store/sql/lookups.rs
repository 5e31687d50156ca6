//! Looking rows up together: what concurrent requests want to know is asked in one statement.
//!
//! Owns the waiting list and its workers. A worker takes everything that waits and asks for it; while it does, the next ones gather. So a
//! lone question is asked at once, and many at the same time cost little more than one. A question is only ever answered by a
//! statement that began after it was put. Of what is asked it knows [`LookUp`].

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::store::sql::db::by_type::by_type;
use crate::store::sql::db::connect::Connect;
use crate::store::sql::db::deadline::DeadlineConnection;
use crate::store::sql::db::rows::LARGEST;
use crate::store::sql::statements::lookup::LookUp;
use crate::store::{StoreError, StoreResult};

/// How many questions may wait.
const WAITING: usize = 4096;

/// Where questions wait.
#[derive(Debug)]
pub(crate) struct Lookups(mpsc::Sender<Box<dyn Question>>);

impl Lookups {
    /// Starts a worker on each connection. They end when the list is dropped.
    pub(crate) fn start(connections: Vec<Connect>, deadline: Option<Duration>) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for connect in connections {
            tokio::spawn(work(connect, deadline, Arc::clone(&waiting)));
        }
        Self(sender)
    }

    /// What there is of this key.
    pub(crate) async fn find<L: LookUp>(&self, key: L) -> StoreResult<Option<L::Found>> {
        let (caller, answered) = oneshot::channel();
        let away = |why: &str| StoreError::Unavailable(why.to_owned());
        self.0.try_send(Box::new(Asked { key, caller })).map_err(|_| away("too many look-ups wait"))?;
        answered.await.map_err(|_| away("nobody looks things up any more"))?
    }
}

async fn work(connect: Connect, deadline: Option<Duration>, waiting: Arc<Mutex<mpsc::Receiver<Box<dyn Question>>>>) {
    let mut db = DeadlineConnection::new(connect(), deadline);
    let mut taken = Vec::with_capacity(LARGEST);
    while waiting.lock().await.recv_many(&mut taken, LARGEST).await > 0 {
        let mut answered = true;
        for (first, others) in by_type(taken.drain(..), |question| (**question).type_id()) {
            answered &= first.answer(others, &db).await;
        }
        if !answered {
            // A connection that does not answer does not let itself be tidied up or closed either: it is left behind.
            db = DeadlineConnection::new(connect(), deadline);
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
