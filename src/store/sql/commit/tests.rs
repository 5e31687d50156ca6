//! What is answered, and noted, and what becomes of the connection, when the database refuses: a statement, or only the commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use sea_orm::sqlx::Connection;

use super::queue::Queue;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::deadline::Deadlines;
use crate::store::sql::db::mark_file::MarkFile;
use crate::store::sql::db::testing::{Made, TestDatabase};
use crate::store::sql::db::{execute, query_one};
use crate::store::sql::statements::write::{Extent, Key, Single};
use crate::store::{Conflict, StoreError, StoreResult};

/// Writes a value down and answers with it.
struct Write(i64);

impl Single for Write {
    type Output = i64;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<i64> {
        execute(db, "INSERT INTO written (value) VALUES ($1)", vec![self.0.into()]).await?;
        Ok(self.0)
    }
}

/// Writes down which value another one refers to, and answers with that. Whether there is one is looked at by the commit and not before.
struct Refer {
    value: i64,
    to: i64,
}

impl Single for Refer {
    type Output = i64;

    const EXTENT: Extent = Extent::Statement;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<i64> {
        let sql = "INSERT INTO referring (value, target) VALUES ($1, $2) RETURNING value";
        let row = query_one(db, sql, vec![self.value.into(), self.to.into()]).await?;
        Ok(row.unwrap().try_get("", "value")?)
    }
}

/// Fails after the database has taken the transaction back by itself, as SQLite does when the disk is full.
struct TakenBack;

impl Single for TakenBack {
    type Output = ();

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        execute(db, "ROLLBACK", vec![]).await?;
        Err(corrupt("what it met"))
    }
}

/// Begins, and comes to no end.
struct Endless;

impl Single for Endless {
    type Output = ();

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        execute(db, "INSERT INTO written (value) VALUES (1000)", vec![]).await?;
        std::future::pending().await
    }
}

/// A unit that writes a value down, and the first time fails after that, not by a conflict.
struct FailsOnce {
    value: i64,
    failed: AtomicBool,
}

impl Single for FailsOnce {
    type Output = i64;

    const EXTENT: Extent = Extent::Unit;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<i64> {
        execute(db, "INSERT INTO written (value) VALUES ($1)", vec![self.value.into()]).await?;
        if self.failed.swap(true, Ordering::Relaxed) { Ok(self.value) } else { Err(corrupt("what it met")) }
    }
}

/// A database in which 1 is written, and its queue.
async fn database() -> (TestDatabase, Queue) {
    let Prepared { database, queue, .. } = prepared().await;
    (database, queue)
}

/// The same with the file that commits are noted in, and the connections that the queue made.
struct Prepared {
    database: TestDatabase,
    queue: Queue,
    file: Arc<MarkFile>,
    made: Made,
}

/// How long a transaction may take here: longer than any that comes to an end.
const PATIENCE: Duration = Duration::from_secs(3);

async fn prepared() -> Prepared {
    let (database, connections) = TestDatabase::open().await;
    for statement in [
        "CREATE TABLE referring (value INTEGER PRIMARY KEY, \
         target INTEGER REFERENCES written (value) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE server (id INTEGER PRIMARY KEY, instance TEXT, mark INTEGER)",
        "INSERT INTO server (id, instance, mark) VALUES (1, 'a database', 0)",
    ] {
        execute(&connections.write, statement, vec![]).await.unwrap();
    }
    let file = Arc::new(MarkFile::beside(&database.config.file().unwrap()));
    let made = Made::default();
    let writers = connections.queue.into_iter().map(|connect| made.noting(connect)).collect();
    let deadlines = Deadlines { transaction: PATIENCE, ..Deadlines::of(&database.config) };
    let queue = Queue::start(writers, deadlines, Some(&file));
    assert_eq!(queue.run(Write(1)).await.unwrap(), 1);
    Prepared { database, queue, file, made }
}

/// What a table holds, as another program sees it.
async fn held(database: &TestDatabase, table: &str) -> Vec<i64> {
    let connections = crate::store::sql::db::connect::open(&database.config).await.unwrap();
    let sql = format!("SELECT GROUP_CONCAT(value) AS held FROM (SELECT value FROM {table} ORDER BY value)");
    let row = query_one(&connections.write, &sql, vec![]).await.unwrap().unwrap();
    let held: Option<String> = row.try_get("", "held").unwrap();
    held.iter().flat_map(|held| held.split(',')).map(|value| value.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_write_whose_commit_is_refused_is_not_answered_as_done_and_the_next_one_is() {
    let (database, queue) = database().await;
    for value in [10, 20] {
        let refused = queue.run(Refer { value, to: 404 }).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert_eq!(queue.run(Refer { value: value + 1, to: 1 }).await.unwrap(), value + 1);
    }
    assert_eq!(held(&database, "referring").await, [11, 21]);
}

#[tokio::test]
async fn of_writes_whose_common_commit_is_refused_none_is_answered_as_done_nor_tried_again() {
    let (database, queue) = database().await;
    // None of them has run when all are queued: they are one batch.
    let writes = (10..20).map(|value| queue.run(Refer { value, to: if value == 15 { 404 } else { 1 } }));
    let answers = join_all(writes).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))), "{answers:?}");
    assert_eq!(queue.run(Refer { value: 30, to: 1 }).await.unwrap(), 30);
    assert_eq!(held(&database, "referring").await, [30]);
}

#[tokio::test]
async fn a_write_that_is_refused_takes_back_what_it_shared_a_transaction_with_and_that_is_made_again() {
    let (database, queue) = database().await;
    queue.run(Refer { value: 10, to: 1 }).await.unwrap();
    let (written, referred) = tokio::join!(
        join_all((2..12).map(|value| queue.run(Write(value)))),
        join_all([10, 11].map(|value| queue.run(Refer { value, to: 1 })))
    );
    assert!(written.iter().all(Result::is_ok), "{written:?}");
    assert!(matches!(referred[..], [Err(StoreError::Conflict(Conflict::Taken)), Ok(11)]), "{referred:?}");
    assert_eq!(held(&database, "written").await, (1..12).collect::<Vec<_>>());
    assert_eq!(held(&database, "referring").await, [10, 11]);
}

#[tokio::test]
async fn each_commit_that_was_confirmed_is_noted_before_it_is_answered_and_no_other_one_is() {
    let Prepared { database, queue, file, .. } = prepared().await;
    let noted = || file.read().map_or(0, |noted| noted.mark);
    let counted = async || held(&database, "(SELECT mark AS value FROM server)").await[0];
    assert_eq!((noted(), counted().await), (1, 1));
    assert!(queue.run(Refer { value: 10, to: 404 }).await.is_err());
    assert_eq!((noted(), counted().await), (1, 1), "it was refused");
    for value in 2..12 {
        queue.run(Write(value)).await.unwrap();
        assert_eq!(noted(), u64::try_from(value).unwrap());
    }
    let answers = join_all((20..40).map(|value| queue.run(Write(value)))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(i64::try_from(noted()).unwrap(), counted().await, "a batch is one commit");
    assert!((12..31).contains(&noted()), "{}", noted());
}

#[tokio::test]
async fn a_connection_whose_commit_was_refused_is_closed_and_the_next_write_is_made_on_another() {
    let Prepared { database, queue, made, .. } = prepared().await;
    assert_eq!(made.count(), 1);
    assert!(queue.run(Refer { value: 10, to: 404 }).await.is_err());
    queue.run(Write(2)).await.unwrap();
    assert_eq!(made.count(), 2, "after a write that was alone");
    assert!(join_all((20..30).map(|value| queue.run(Refer { value, to: 404 }))).await.iter().all(Result::is_err));
    queue.run(Write(3)).await.unwrap();
    assert_eq!(made.count(), 3, "after a batch");
    made.closed_but_the_last().await;
    assert_eq!(held(&database, "written").await, [1, 2, 3]);
}

#[tokio::test]
async fn a_write_that_is_only_refused_keeps_its_connection() {
    let Prepared { database, queue, made, .. } = prepared().await;
    assert!(matches!(queue.run(Write(1)).await, Err(StoreError::Conflict(Conflict::Taken))));
    queue.run(Write(2)).await.unwrap();
    assert_eq!(made.count(), 1);
    assert_eq!(held(&database, "written").await, [1, 2]);
}

#[tokio::test]
async fn a_write_whose_rollback_is_not_confirmed_is_not_called_undone_and_its_connection_is_closed() {
    let Prepared { database, queue, made, .. } = prepared().await;
    let answer = queue.run(TakenBack).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    queue.run(Write(2)).await.unwrap();
    assert_eq!(made.count(), 2);
    made.closed_but_the_last().await;
    assert_eq!(held(&database, "written").await, [1, 2]);
}

#[tokio::test]
async fn a_connection_on_which_no_transaction_begins_is_of_no_use_to_the_next_write() {
    let (database, mut connections) = TestDatabase::open().await;
    let connect = connections.queue.remove(0);
    let closed = connect();
    closed.clone().close().await.unwrap();
    // The first connection cannot begin anything.
    let first = AtomicBool::new(true);
    let made = Made::default();
    let connect =
        made.noting(Box::new(move || if first.swap(false, Ordering::Relaxed) { closed.clone() } else { connect() }));
    let queue = Queue::start(vec![connect], Deadlines::of(&database.config), None);
    let answer = queue.run(Write(1)).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    assert_eq!(queue.run(Write(2)).await.unwrap(), 2);
    assert_eq!(made.count(), 2);
}

#[tokio::test]
async fn a_transaction_that_comes_to_no_end_is_given_up_in_time_with_its_connection() {
    let Prepared { database, queue, made, .. } = prepared().await;
    let answer = tokio::time::timeout(4 * PATIENCE, queue.run(Endless)).await.expect("it is never answered");
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    queue.run(Write(2)).await.unwrap();
    assert_eq!(made.count(), 2);
    made.closed_but_the_last().await;
    assert_eq!(held(&database, "written").await, [1, 2]);
}

#[tokio::test]
async fn a_unit_that_fails_and_not_by_a_conflict_takes_the_transaction_back_that_it_may_have_spoilt() {
    let (database, queue) = database().await;
    let fails = FailsOnce { value: 10, failed: AtomicBool::new(false) };
    let (answers, failed) = tokio::join!(join_all((2..6).map(|value| queue.run(Write(value)))), queue.run(fails));
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(failed.unwrap(), 10, "it was not tried again");
    assert_eq!(held(&database, "written").await, [1, 2, 3, 4, 5, 10]);
}

#[tokio::test]
async fn no_pool_of_sqlite_hands_out_a_connection_that_is_in_a_transaction() {
    let (_database, connections) = TestDatabase::open().await;
    let own = connections.queue.iter().chain(&connections.lookups).map(|connect| connect());
    for db in std::iter::once(connections.write.clone()).chain(own) {
        let pool = db.connections().get_sqlite_connection_pool();
        let mut left = pool.acquire().await.unwrap();
        // Neither committed nor taken back.
        std::mem::forget(left.begin().await.unwrap());
        drop(left);
        // There is room for one only.
        assert!(!pool.acquire().await.unwrap().is_in_transaction());
    }
}
