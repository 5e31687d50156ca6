//! One row by its key per request, asked for together with those of other requests: what a store can answer at best on this machine.
//!
//! As Haechi's shared look-ups do: two connections that only read, each of which takes whatever waits and asks for it in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Postgres, Sqlite, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};

pub(crate) type Id = [u8; 16];
type Question = (Id, oneshot::Sender<bool>);
type Questions = Arc<Mutex<mpsc::Receiver<Question>>>;
type Row = (Vec<u8>, String);

/// How many connections ask.
const CONNECTIONS: usize = 2;
/// The most rows of one statement.
const BATCH: usize = 64;

/// The rows of each store that was named and has an index.
pub(crate) struct Readers(HashMap<&'static str, Reader>);

struct Reader {
    questions: mpsc::Sender<Question>,
    /// A row that is there.
    first: Id,
}

impl Readers {
    /// Fills a table of each store, `sqlite:PATH` or `postgres://…`, and connects to it.
    pub(crate) async fn open(urls: &[String]) -> Self {
        let mut readers = HashMap::new();
        for url in urls {
            if url.starts_with("sqlite:") {
                readers.insert("sqlite", sqlite(url).await);
            } else if url.starts_with("postgres:") {
                readers.insert("postgres", postgres(url).await);
            }
        }
        Self(readers)
    }

    /// The id of a row that a store has.
    pub(crate) fn first(&self, store: &str) -> Option<Id> {
        self.0.get(store).map(|reader| reader.first)
    }

    /// Whether a store has this row, all of which is read.
    pub(crate) async fn has(&self, store: &str, id: Id) -> bool {
        let Some(reader) = self.0.get(store) else { return false };
        let (asker, answer) = oneshot::channel();
        reader.questions.send((id, asker)).await.expect("the readers live");
        answer.await.expect("the row was looked up")
    }
}

/// The rows that were asked for, and who asked: those that wait, once there is one.
async fn next_batch(questions: &Questions) -> Option<Vec<Question>> {
    let mut waiting = Vec::with_capacity(BATCH);
    (questions.lock().await.recv_many(&mut waiting, BATCH).await > 0).then_some(waiting)
}

fn answer(asked: Vec<Question>, rows: &[Row]) {
    let found: HashMap<&[u8], &str> = rows.iter().map(|(id, document)| (id.as_slice(), document.as_str())).collect();
    for (id, asker) in asked {
        asker.send(found.get(id.as_slice()).is_some_and(|document| !document.is_empty())).unwrap_or_default();
    }
}

fn waiting_list() -> (mpsc::Sender<Question>, Questions) {
    let (questions, waiting) = mpsc::channel(4 * BATCH);
    (questions, Arc::new(Mutex::new(waiting)))
}

fn id(bytes: &[u8]) -> Id {
    bytes.try_into().expect("an id has 16 bytes")
}

async fn sqlite(url: &str) -> Reader {
    let options: SqliteConnectOptions = url.parse().expect("a sqlite URL");
    let options = options.create_if_missing(true).journal_mode(SqliteJournalMode::Wal).disable_statement_logging();
    let mut filling = SqliteConnection::connect_with(&options).await.expect("sqlite opens");
    for sql in [
        "CREATE TABLE floor_rows (id BLOB PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID",
        "INSERT INTO floor_rows WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
         SELECT randomblob(16), printf('%.*c', 800, 'x') FROM n",
    ] {
        sqlx::query(sql).execute(&mut filling).await.expect("a full table");
    }
    let sql = "SELECT id, document FROM floor_rows LIMIT 1";
    let (first, _): Row = sqlx::query_as(sql).fetch_one(&mut filling).await.expect("a row");
    filling.close().await.expect("the table is written");
    let (questions, waiting) = waiting_list();
    for _ in 0..CONNECTIONS {
        let reading = options.clone().pragma("query_only", "on");
        let connection = SqliteConnection::connect_with(&reading).await.expect("sqlite opens");
        tokio::spawn(ask_sqlite(connection, Arc::clone(&waiting)));
    }
    Reader { questions, first: id(&first) }
}

/// SQLite has no arrays: a statement for each power of two, filled up with the last id.
async fn ask_sqlite(mut connection: SqliteConnection, waiting: Questions) {
    let statement = |size: usize| {
        let places = vec!["?"; size].join(", ");
        Arc::<str>::from(format!("SELECT id, document FROM floor_rows WHERE id IN ({places})"))
    };
    let statements: HashMap<usize, Arc<str>> =
        (0..=BATCH.ilog2()).map(|power| 1_usize << power).map(|size| (size, statement(size))).collect();
    while let Some(asked) = next_batch(&waiting).await {
        let size = asked.len().next_power_of_two();
        let mut query = sqlx::query_as::<Sqlite, Row>(AssertSqlSafe(Arc::clone(&statements[&size])));
        for at in 0..size {
            query = query.bind(asked[at.min(asked.len() - 1)].0.to_vec());
        }
        let rows = query.fetch_all(&mut connection).await.expect("an answer");
        answer(asked, &rows);
    }
}

async fn postgres(url: &str) -> Reader {
    let options: PgConnectOptions = url.parse().expect("a postgres URL");
    let options = options.disable_statement_logging();
    let mut filling = PgConnection::connect_with(&options).await.expect("postgres answers");
    for sql in [
        "CREATE TABLE floor_rows (id BYTEA PRIMARY KEY, document TEXT NOT NULL)",
        "INSERT INTO floor_rows SELECT decode(md5(i::text), 'hex'), repeat('x', 800) FROM generate_series(1, 10000) AS i",
        "ANALYZE floor_rows",
    ] {
        sqlx::query(sql).execute(&mut filling).await.expect("a full table");
    }
    let sql = "SELECT id, document FROM floor_rows LIMIT 1";
    let (first, _): Row = sqlx::query_as(sql).fetch_one(&mut filling).await.expect("a row");
    filling.close().await.expect("the table is written");
    let (questions, waiting) = waiting_list();
    for _ in 0..CONNECTIONS {
        // As Haechi's: by the index whatever the planner thinks of the table, and planned once.
        let by_key = [("jit", "off"), ("enable_seqscan", "off"), ("plan_cache_mode", "force_generic_plan")];
        let reading = options.clone().options(by_key);
        let connection = PgConnection::connect_with(&reading).await.expect("postgres answers");
        tokio::spawn(ask_postgres(connection, Arc::clone(&waiting)));
    }
    Reader { questions, first: id(&first) }
}

async fn ask_postgres(mut connection: PgConnection, waiting: Questions) {
    while let Some(asked) = next_batch(&waiting).await {
        let ids: Vec<Vec<u8>> = asked.iter().map(|(id, _)| id.to_vec()).collect();
        let sql = "SELECT id, document FROM floor_rows WHERE id = ANY($1::bytea[])";
        let query = sqlx::query_as::<Postgres, Row>(sql).bind(ids);
        let rows = query.fetch_all(&mut connection).await.expect("an answer");
        answer(asked, &rows);
    }
}
