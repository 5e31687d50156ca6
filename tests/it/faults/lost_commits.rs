//! A database that lost commits which were acknowledged: it is said loudly, and the server starts or goes on.

use std::path::PathBuf;

use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection, query_scalar};

use crate::support::binary::{Haechi, Running};

const MISSING: &str = "commits are missing from the database";
const ANOTHER: &str = "the database is another one";

fn on_sqlite() -> Haechi {
    Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db")
}

fn file(haechi: &Haechi, end: &str) -> PathBuf {
    haechi.folder.path().join(format!("haechi.db{end}"))
}

/// A server on PostgreSQL and Redis; `None` where the tests run on SQLite.
fn on_postgres() -> Option<Haechi> {
    let haechi = Haechi::new();
    haechi.database_url().starts_with("postgres:").then_some(haechi)
}

/// The database of a server, which an operator copies and puts back.
struct Copied {
    name: String,
    cluster: PgConnection,
}

impl Copied {
    /// Copies the database of a server that does not run.
    async fn of(haechi: &Haechi) -> Self {
        let (cluster, name) = haechi.database_url().rsplit_once('/').unwrap();
        let mut copied = Self {
            name: name.to_owned(),
            cluster: PgConnection::connect(&format!("{cluster}/postgres")).await.unwrap(),
        };
        copied.say(format!("CREATE DATABASE {name}_copy TEMPLATE {name}")).await;
        copied
    }

    /// Puts the copy there, whether or not the server runs.
    async fn put_back(&mut self) {
        let name = self.name.clone();
        self.say(format!("DROP DATABASE {name} WITH (FORCE)")).await;
        self.say(format!("CREATE DATABASE {name} TEMPLATE {name}_copy")).await;
    }

    async fn say(&mut self, statement: String) {
        self.cluster.execute(AssertSqlSafe(statement)).await.unwrap();
    }
}

/// Waits until a server that runs has noted what was committed before this.
async fn noted(haechi: &Haechi) {
    let mut database = PgConnection::connect(haechi.database_url()).await.unwrap();
    let mut mark = async || -> i64 { query_scalar("SELECT mark FROM server").fetch_one(&mut database).await.unwrap() };
    // A node notes one count before it makes the next.
    let there = mark().await + 2;
    while mark().await < there {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Starts the server and waits until the mark beside the database was renewed.
fn started(haechi: &Haechi) -> Running {
    let before = std::fs::read(file(haechi, "-mark")).ok();
    let server = haechi.start();
    server.wait_for(|_, _| std::fs::read(file(haechi, "-mark")).ok() != before);
    server
}

fn ended(mut server: Running, signal: &str) -> String {
    server.signal(signal);
    server.end();
    server.err()
}

/// Brings what is in the WAL into the database itself, as happens now and then.
async fn settled(haechi: &Haechi) {
    let mut database = SqliteConnection::connect(&format!("sqlite:{}", file(haechi, "").display())).await.unwrap();
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    database.close().await.unwrap();
}

fn made(haechi: &Haechi, email: &str) {
    haechi.run_with(&["users", "create", email], "tall bridge over quiet water\n");
}

#[tokio::test]
async fn a_wal_that_was_deleted_shows_as_lost_commits_and_the_server_starts_all_the_same() {
    let haechi = on_sqlite();
    ended(started(&haechi), "TERM");
    settled(&haechi).await;
    let server = started(&haechi);
    made(&haechi, "lost@example.com");
    assert!(haechi.out(&["users", "list"]).contains("lost@example.com"));
    let said = ended(server, "KILL");
    assert!(!said.contains(MISSING) && !said.contains(ANOTHER), "{said}");
    let wal = file(&haechi, "-wal");
    assert!(std::fs::metadata(&wal).unwrap().len() > 0, "what was committed is in the WAL");
    std::fs::remove_file(&wal).unwrap();
    std::fs::remove_file(file(&haechi, "-shm")).ok();
    let doctor = haechi.run(&["doctor"]);
    assert!(doctor.out.contains(MISSING) && doctor.out.contains("backup"), "{doctor:?}");
    let said = ended(started(&haechi), "TERM");
    assert!(said.contains("ERROR") && said.contains(MISSING), "{said}");
    assert!(!haechi.out(&["users", "list"]).contains("lost@example.com"));
    assert!(haechi.out(&["audit"]).contains("commits_lost"));
    // Said once: the state of now is the one that counts from here on.
    let said = ended(started(&haechi), "TERM");
    assert!(!said.contains(MISSING), "{said}");
}

#[test]
fn what_loses_nothing_is_not_said_to() {
    let haechi = on_sqlite();
    for signal in ["TERM", "KILL", "KILL", "TERM"] {
        let server = started(&haechi);
        made(&haechi, "kept@example.com");
        let said = ended(server, signal);
        assert!(!said.contains(MISSING) && !said.contains(ANOTHER), "{signal}: {said}");
    }
    assert!(!haechi.run(&["doctor"]).out.contains(MISSING));
    // Without the file, or with one that cannot be read, nothing is known.
    for broken in [None, Some("{")] {
        match broken {
            None => std::fs::remove_file(file(&haechi, "-mark")).unwrap(),
            Some(text) => std::fs::write(file(&haechi, "-mark"), text).unwrap(),
        }
        let said = ended(started(&haechi), "TERM");
        assert!(!said.contains(MISSING) && !said.contains(ANOTHER), "{said}");
    }
}

#[tokio::test]
async fn an_older_copy_and_another_database_are_told_apart() {
    let haechi = on_sqlite();
    ended(started(&haechi), "TERM");
    settled(&haechi).await;
    std::fs::copy(file(&haechi, ""), file(&haechi, ".copy")).unwrap();
    ended(started(&haechi), "TERM");
    settled(&haechi).await;
    std::fs::copy(file(&haechi, ".copy"), file(&haechi, "")).unwrap();
    let said = ended(started(&haechi), "TERM");
    assert!(said.contains(MISSING) && said.contains("older copy"), "{said}");
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(file(&haechi, end)).ok();
    }
    let said = ended(started(&haechi), "TERM");
    assert!(said.contains(ANOTHER) && !said.contains(MISSING), "{said}");
}

#[tokio::test]
async fn what_the_end_of_a_wal_that_was_cut_held_is_missed_however_short_ago_it_was() {
    let haechi = on_sqlite();
    let server = started(&haechi);
    let wal = std::fs::OpenOptions::new().write(true).open(file(&haechi, "-wal")).unwrap();
    // The server makes keys meanwhile, and its last commit may be one that the kill kept it from acknowledging. The account was acknowledged,
    // so what was there before it lacks something in any case.
    let before = wal.metadata().unwrap().len();
    made(&haechi, "lost@example.com");
    ended(server, "KILL");
    assert!(wal.metadata().unwrap().len() > before, "what was committed is in the WAL");
    wal.set_len(before).unwrap();
    let doctor = haechi.run(&["doctor"]);
    assert!(doctor.out.contains(MISSING) && doctor.out.contains("haechi sessions end-all"), "{doctor:?}");
    let said = ended(started(&haechi), "TERM");
    assert!(said.contains("ERROR") && said.contains(MISSING), "{said}");
    assert!(haechi.out(&["audit"]).contains("commits_lost"));
    assert!(!ended(started(&haechi), "TERM").contains(MISSING));
}

#[tokio::test]
async fn a_postgresql_that_was_put_back_between_two_starts_is_missed() {
    let Some(haechi) = on_postgres() else { return };
    ended(haechi.start(), "TERM");
    let mut copied = Copied::of(&haechi).await;
    let server = haechi.start();
    made(&haechi, "lost@example.com");
    let said = ended(server, "TERM");
    assert!(!said.contains(MISSING), "{said}");
    copied.put_back().await;
    let doctor = haechi.run(&["doctor"]);
    assert!(doctor.out.contains(MISSING) && doctor.out.contains("haechi sessions end-all"), "{doctor:?}");
    let said = ended(haechi.start(), "TERM");
    assert!(said.contains("ERROR") && said.contains(MISSING) && said.contains("haechi sessions end-all"), "{said}");
    assert!(haechi.out(&["audit"]).contains("commits_lost"));
    // Said once.
    assert!(!ended(haechi.start(), "TERM").contains(MISSING));
}

#[tokio::test]
async fn a_postgresql_that_is_put_back_while_the_server_runs_is_missed() {
    let Some(haechi) = on_postgres() else { return };
    ended(haechi.start(), "TERM");
    let mut copied = Copied::of(&haechi).await;
    let server = haechi.start();
    for times in 1..=2 {
        noted(&haechi).await;
        copied.put_back().await;
        server.wait_for(|_, err| err.matches(MISSING).count() == times);
        // The entry of the time before was in what was put back over.
        while haechi.out(&["audit"]).matches("commits_lost").count() != 1 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    ended(server, "TERM");
}
