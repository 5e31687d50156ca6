//! One durable insert per request, group-committed: what a store can do at best on this machine.

use std::collections::HashMap;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, QueryBuilder, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

type Row = ([u8; 16], [u8; 32]);
type Queue = mpsc::Sender<(Row, oneshot::Sender<()>)>;

/// The most rows of one transaction.
const BATCH: usize = 256;

/// A writer for each store that was named.
pub(crate) struct Writers(HashMap<&'static str, Writer>);

enum Writer {
    Batched(Queue),
    Redis(redis::aio::MultiplexedConnection),
}

impl Writers {
    /// Opens the stores: `sqlite:PATH`, `postgres://…`, `redis://…`.
    pub(crate) async fn open(urls: Vec<String>) -> Self {
        let mut writers = HashMap::new();
        for url in urls {
            if url.starts_with("sqlite:") {
                writers.insert("sqlite", Writer::Batched(sqlite(&url).await));
            } else if url.starts_with("postgres:") {
                writers.insert("postgres", Writer::Batched(postgres(&url).await));
            } else {
                let client = redis::Client::open(url).expect("a redis URL");
                let connection = client.get_multiplexed_async_connection().await.expect("redis answers");
                writers.insert("redis", Writer::Redis(connection));
            }
        }
        Self(writers)
    }

    /// Writes one row and waits until it is durable.
    pub(crate) async fn write(&self, store: &str) {
        let secret = crate::sign::random::<32>();
        match self.0.get(store) {
            Some(Writer::Batched(queue)) => {
                let (done, committed) = oneshot::channel();
                queue.send(((time_ordered_id(), secret), done)).await.expect("the writer lives");
                committed.await.expect("the row was committed");
            }
            Some(Writer::Redis(connection)) => {
                let mut connection = connection.clone();
                let command = redis::cmd("SETEX").arg(&secret[..]).arg(600).arg(&secret[..]).to_owned();
                command.exec_async(&mut connection).await.expect("redis answers");
            }
            None => {}
        }
    }
}

fn time_ordered_id() -> [u8; 16] {
    let random = crate::sign::random::<10>();
    *uuid::Builder::from_unix_timestamp_millis(crate::seconds() * 1000, &random).into_uuid().as_bytes()
}

async fn next_batch(
    queue: &mut mpsc::Receiver<(Row, oneshot::Sender<()>)>,
) -> Option<(Vec<Row>, Vec<oneshot::Sender<()>>)> {
    let mut waiting = Vec::with_capacity(BATCH);
    (queue.recv_many(&mut waiting, BATCH).await > 0).then(|| waiting.into_iter().unzip())
}

async fn sqlite(url: &str) -> Queue {
    let options: SqliteConnectOptions = url.parse().expect("a sqlite URL");
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await.expect("sqlite opens");
    let table = "CREATE TABLE IF NOT EXISTS floor (id BLOB PRIMARY KEY, secret BLOB NOT NULL) WITHOUT ROWID";
    sqlx::query(table).execute(&mut connection).await.expect("a table");
    let (queue, mut requests) = mpsc::channel(4 * BATCH);
    tokio::spawn(async move {
        while let Some((rows, done)) = next_batch(&mut requests).await {
            let mut insert = QueryBuilder::<sqlx::Sqlite>::new("INSERT INTO floor (id, secret) ");
            insert.push_values(rows, |mut row, (id, secret)| {
                row.push_bind(id.to_vec()).push_bind(secret.to_vec());
            });
            insert.build().persistent(false).execute(&mut connection).await.expect("a commit");
            for done in done {
                done.send(()).unwrap_or_default();
            }
        }
    });
    queue
}

async fn postgres(url: &str) -> Queue {
    let mut connection = PgConnection::connect(url).await.expect("postgres answers");
    let table = "CREATE TABLE IF NOT EXISTS floor (id BYTEA PRIMARY KEY, secret BYTEA NOT NULL)";
    sqlx::query(table).execute(&mut connection).await.expect("a table");
    let (queue, mut requests) = mpsc::channel(4 * BATCH);
    tokio::spawn(async move {
        while let Some((rows, done)) = next_batch(&mut requests).await {
            let (ids, secrets): (Vec<Vec<u8>>, Vec<Vec<u8>>) =
                rows.into_iter().map(|(id, secret)| (id.to_vec(), secret.to_vec())).unzip();
            let insert = "INSERT INTO floor (id, secret) SELECT * FROM UNNEST($1::bytea[], $2::bytea[])";
            sqlx::query(insert).bind(ids).bind(secrets).execute(&mut connection).await.expect("a commit");
            for done in done {
                done.send(()).unwrap_or_default();
            }
        }
    });
    queue
}
