//! A database that another process holds: whatever it does, each request is answered in time, what was acknowledged is there afterwards, and what
//! only reads goes on.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tokio::time::Instant;

use super::ledger::{AT_ONCE, Ledger, Outcome, Reader};
use super::setup::Setup;
use crate::support::app::TestApp;
use crate::support::binary::Haechi;

/// What is promised of SQLite, whatever the database does.
const ON_SQLITE: Duration = Duration::from_secs(5);
/// What is promised of PostgreSQL is 1.5 s; a machine that runs other tests at the same time is granted as much again.
const ON_POSTGRES: Duration = Duration::from_secs(3);
const SOON: Duration = Duration::from_secs(20);

fn setup(backend: &str) -> Setup {
    let haechi = Haechi::new().set("HAECHI_TOKENS__REFRESH_RETRY_SECONDS", "300");
    Setup::of(if backend == "sqlite" { haechi.set("HAECHI_DATABASE__URL", "sqlite:haechi.db") } else { haechi })
}

/// Batches that must all be put off, in time.
async fn put_off(ledger: &mut Ledger<'_>, within: Duration) {
    for _ in 0..2 {
        let Outcome { acknowledged, slowest, .. } = ledger.batch().await;
        assert_eq!(acknowledged, 0, "the lock held nothing up");
        println!("{AT_ONCE} at once on a locked database: the slowest answer took {slowest:?}");
        assert!(slowest < within, "an answer took {slowest:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_a_sqlite_file_that_another_process_writes_to_is_given_up_in_time() {
    let setup = setup("sqlite");
    let _server = setup.haechi.start();
    let mut ledger = Ledger::open(&setup, Reader::of(&setup)).await;
    let token = setup.token().await;
    let file = setup.haechi.folder.path().join("haechi.db");
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();

    put_off(&mut ledger, ON_SQLITE).await;
    setup.becomes(503, SOON).await;
    let begun = Instant::now();
    let answers = join_all((0..AT_ONCE).map(|_| setup.is_active(&token))).await;
    assert!(answers.into_iter().all(|active| active) && begun.elapsed() < ON_SQLITE, "what reads waits for a write");
    let begun = Instant::now();
    assert_eq!(setup.sign_in().await, 503);
    assert!(begun.elapsed() < ON_SQLITE, "a login took {:?}", begun.elapsed());

    other.execute("COMMIT").await.unwrap();
    ledger.recovers(SOON).await;
    setup.becomes(200, SOON).await;
    ledger.matches_the_database().await;
    ledger.matches_the_server().await;
}

/// Holds every lock of the write-ahead log, so that nothing can be read either, until it is dropped.
struct AllLocks(Child);

impl AllLocks {
    fn of(database: &std::path::Path) -> Self {
        const HOLD: &str = "import fcntl, sys, time\n\
                            shm = open(sys.argv[1], 'r+b')\n\
                            fcntl.lockf(shm, fcntl.LOCK_EX, 8, 120)\n\
                            print('held', flush=True)\n\
                            sys.stdin.read()";
        let mut holder = Command::new("python3")
            .args(["-c", HOLD, &format!("{}-shm", database.display())])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said.trim(), "held");
        Self(holder)
    }
}

impl Drop for AllLocks {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_a_sqlite_file_that_cannot_even_be_read_is_given_up_in_time() {
    let setup = setup("sqlite");
    let _server = setup.haechi.start();
    let mut ledger = Ledger::open(&setup, Reader::of(&setup)).await;
    let token = setup.token().await;
    let held = AllLocks::of(&setup.haechi.folder.path().join("haechi.db"));

    let begun = Instant::now();
    let form = [("token", token.as_str())];
    let answers = join_all((0..AT_ONCE).map(|_| setup.post("/introspect", "nightly", &form))).await;
    for answer in answers {
        assert_eq!(answer.unwrap().0, 503);
    }
    println!("{AT_ONCE} reads at once of a locked file: the slowest answer took {:?}", begun.elapsed());
    assert!(begun.elapsed() < ON_SQLITE, "reads took {:?}", begun.elapsed());
    setup.becomes(503, SOON).await;

    drop(held);
    setup.becomes(200, SOON).await;
    ledger.recovers(SOON).await;
    ledger.matches_the_database().await;
    assert!(setup.is_active(&token).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_a_table_of_postgresql_that_is_locked_is_given_up_in_time() {
    let setup = setup("as configured");
    if !setup.haechi.database_url().starts_with("postgres") {
        return;
    }
    let _server = setup.haechi.start();
    let mut ledger = Ledger::open(&setup, Reader::of(&setup)).await;
    let mut other = PgConnection::connect(setup.haechi.database_url()).await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("LOCK TABLE grants, revoked_tokens IN ACCESS EXCLUSIVE MODE").await.unwrap();

    put_off(&mut ledger, ON_POSTGRES).await;

    other.execute("ROLLBACK").await.unwrap();
    ledger.recovers(SOON).await;
    ledger.matches_the_database().await;
    ledger.matches_the_server().await;
}

/// Introspection and UserInfo note that the newest tokens are in use. They do so behind their answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_reads_by_contract_waits_for_no_write() {
    let house = TestApp::furnished().await;
    let first = house.tokens("openid offline_access").await;
    let newest = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    let url = house.app.config.database.url.clone();
    let held = hold_writes(&url).await;

    let begun = Instant::now();
    for _ in 0..AT_ONCE {
        house.get("/userinfo").bearer(&newest.access_token).send().await.expect(200);
        assert!(house.is_active(&newest.access_token).await);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?}", begun.elapsed());

    held.release().await;
    // What could not be written then is, in the end.
    house.get("/userinfo").bearer(&newest.access_token).send().await.expect(200);
    house.settled(newest.refresh()).await;
    assert_eq!(house.refreshing(first.refresh()).basic("web").send().await.error(400), "invalid_grant");
}

/// A transaction of another process that lets others read the grants and not write.
enum Held {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

async fn hold_writes(url: &str) -> Held {
    if url.starts_with("sqlite:") {
        let mut other = SqliteConnection::connect(url).await.unwrap();
        other.execute("BEGIN IMMEDIATE").await.unwrap();
        return Held::Sqlite(other);
    }
    let mut other = PgConnection::connect(url).await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("LOCK TABLE grants IN SHARE MODE").await.unwrap();
    Held::Postgres(other)
}

impl Held {
    async fn release(self) {
        match self {
            Self::Sqlite(mut other) => other.execute("ROLLBACK").await.map(drop).unwrap(),
            Self::Postgres(mut other) => other.execute("ROLLBACK").await.map(drop).unwrap(),
        }
    }
}
