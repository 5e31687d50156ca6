//! A SQLite database that lost commits which were acknowledged: it is said loudly, and the server starts.

use std::path::PathBuf;

use sea_orm::sqlx::{Connection, Executor, SqliteConnection};

use crate::support::binary::{Haechi, Running};

const MISSING: &str = "commits are missing from the database";
const ANOTHER: &str = "the database is another one";

fn on_sqlite() -> Haechi {
    Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db")
}

fn file(haechi: &Haechi, end: &str) -> PathBuf {
    haechi.folder.path().join(format!("haechi.db{end}"))
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
