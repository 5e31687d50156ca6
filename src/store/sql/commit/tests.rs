//! What is answered, and noted, when the database refuses: a statement, or only the commit.

use std::sync::Arc;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;

use super::queue::Queue;
use crate::store::sql::db::deadline::Deadlines;
use crate::store::sql::db::mark_file::MarkFile;
use crate::store::sql::db::testing::TestDatabase;
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

/// A database in which 1 is written, and its queue.
async fn database() -> (TestDatabase, Queue) {
    let (database, queue, _) = noting().await;
    (database, queue)
}

/// The same with the file that commits are noted in.
async fn noting() -> (TestDatabase, Queue, Arc<MarkFile>) {
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
    let queue = Queue::start(connections.queue, Deadlines::of(&database.config), Some(&file));
    assert_eq!(queue.run(Write(1)).await.unwrap(), 1);
    (database, queue, file)
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
    let (database, queue, file) = noting().await;
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
