//! Looking rows up together: what concurrent requests want to know is asked in one statement.
//!
//! Owns the waiting list and its workers. A worker takes everything that waits and asks for it; while it does, the next ones gather. So a
//! lone question is asked at once, and many at the same time cost little more than one. A question is only ever answered by a
//! statement that began after it was put.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::store::sql::db::connect::Connect;
use crate::store::sql::db::deadline::DeadlineConnection;
use crate::store::sql::db::entity::grant::Model as GrantRow;
use crate::store::sql::db::rows::LARGEST;
use crate::store::sql::statements::grant::{self, BackedRow};
use crate::store::sql::statements::{sign_in, spent_value};
use crate::store::{Standing, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::{GrantId, SignInId, UserId};

/// How many questions may wait.
const WAITING: usize = 4096;

/// Where questions wait.
#[derive(Debug)]
pub(crate) struct Lookups(mpsc::Sender<Lookup>);

#[derive(Debug)]
enum Lookup {
    Grant(Question<GrantId, GrantRow>),
    Backed(Question<GrantId, BackedRow>),
    Standing(Question<(UserId, SignInId), Standing>),
    Revoked(Question<Digest, bool>),
}

/// What somebody wants to know.
#[derive(Debug)]
struct Question<K, T> {
    key: K,
    answer: oneshot::Sender<StoreResult<Option<T>>>,
}

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

    /// The row of a grant.
    pub(crate) async fn grant(&self, id: GrantId) -> StoreResult<Option<GrantRow>> {
        self.ask(id, Lookup::Grant).await
    }

    /// The row of a grant, with what it depends on.
    pub(crate) async fn backed_grant(&self, id: GrantId) -> StoreResult<Option<BackedRow>> {
        self.ask(id, Lookup::Backed).await
    }

    /// How a person's sign-in stands.
    pub(crate) async fn standing(&self, user: UserId, sign_in: SignInId) -> StoreResult<Option<Standing>> {
        self.ask((user, sign_in), Lookup::Standing).await
    }

    /// Whether an access token was revoked by itself.
    pub(crate) async fn is_revoked(&self, jti: Digest) -> StoreResult<bool> {
        Ok(self.ask(jti, Lookup::Revoked).await?.unwrap_or(false))
    }

    async fn ask<K, T>(&self, key: K, kind: impl FnOnce(Question<K, T>) -> Lookup) -> StoreResult<Option<T>> {
        let (answer, answered) = oneshot::channel();
        let away = |why: &str| StoreError::Unavailable(why.to_owned());
        self.0.try_send(kind(Question { key, answer })).map_err(|_| away("too many look-ups wait"))?;
        answered.await.map_err(|_| away("nobody looks things up any more"))?
    }
}

async fn work(connect: Connect, deadline: Option<Duration>, waiting: Arc<Mutex<mpsc::Receiver<Lookup>>>) {
    let mut db = DeadlineConnection::new(connect(), deadline);
    let mut taken = Vec::with_capacity(LARGEST);
    while waiting.lock().await.recv_many(&mut taken, LARGEST).await > 0 {
        let mut questions = Questions::default();
        taken.drain(..).for_each(|lookup| questions.add(lookup));
        if !questions.answer(&db).await {
            // A connection that does not answer does not let itself be tidied up or closed either: it is left behind.
            db = DeadlineConnection::new(connect(), deadline);
        }
    }
}

/// Questions by what they ask for.
#[derive(Default)]
struct Questions {
    grants: Vec<Question<GrantId, GrantRow>>,
    backed: Vec<Question<GrantId, BackedRow>>,
    standings: Vec<Question<(UserId, SignInId), Standing>>,
    revoked: Vec<Question<Digest, bool>>,
}

impl Questions {
    fn add(&mut self, lookup: Lookup) {
        match lookup {
            Lookup::Grant(question) => self.grants.push(question),
            Lookup::Backed(question) => self.backed.push(question),
            Lookup::Standing(question) => self.standings.push(question),
            Lookup::Revoked(question) => self.revoked.push(question),
        }
    }

    /// Asks each kind's questions in one statement; `false` where the database did not answer one.
    async fn answer(self, db: &DeadlineConnection) -> bool {
        let answered = [
            answer(self.grants, async |keys| grant::look_up(db, keys).await).await,
            answer(self.backed, async |keys| grant::look_up_backed(db, keys).await).await,
            answer(self.standings, async |keys| sign_in::look_up_standing(db, keys).await).await,
            answer(self.revoked, async |keys| spent_value::look_up_revoked(db, keys).await).await,
        ];
        answered.iter().all(|answered| *answered)
    }
}

async fn answer<K: Copy + Eq + Hash, T: Clone>(
    questions: Vec<Question<K, T>>,
    look_up: impl AsyncFnOnce(&[K]) -> Result<HashMap<K, T>, DbErr>,
) -> bool {
    if questions.is_empty() {
        return true;
    }
    let keys: Vec<K> = questions.iter().map(|question| question.key).collect();
    let found = look_up(&keys).await.map_err(StoreError::from);
    for Question { key, answer } in questions {
        // A caller that hung up does not want to know.
        let _ = answer.send(match &found {
            Ok(found) => Ok(found.get(&key).cloned()),
            Err(StoreError::Corrupt(why)) => Err(StoreError::Corrupt(why.clone())),
            Err(error) => Err(StoreError::Unavailable(error.to_string())),
        });
    }
    !matches!(found, Err(StoreError::Unavailable(_)))
}
