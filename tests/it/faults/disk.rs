//! A disk that is full and a disk that fails, under load: what was acknowledged is in the database, whether the server ends in order or is
//! killed, and free space is all that it takes to go on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::ledger::{Ledger, Outcome, Reader};
use super::setup::Setup;
use crate::support::binary::{Haechi, Running};

/// Room for the database of the tests and little more.
const SMALL: &str = "10m";
/// A size that the write-ahead log is beyond.
pub(super) const LIMIT: u64 = 64 << 10;
/// How many batches are refused, as a whole or in part, while the disk is of no use.
const BATCHES: usize = 8;
/// How many batches the files may have had room for, at most.
const MOST: usize = 150;
/// How soon a server that may write again does.
pub(super) const SOON: Duration = Duration::from_secs(20);

pub(super) fn on_sqlite() -> Haechi {
    Haechi::new()
        .set("HAECHI_DATABASE__URL", "sqlite:haechi.db")
        // A test on a busy machine takes longer than an app that repeats a request whose answer was lost.
        .set("HAECHI_TOKENS__REFRESH_RETRY_SECONDS", "300")
}

/// A server whose files the kernel can be told to let grow no more. Writing on is an input/output error to SQLite.
pub(super) fn with_files_that_can_be_limited(haechi: Haechi) -> Setup {
    // The signal that goes with the error would end the process; that it is ignored outlives `exec`.
    Setup::of(haechi.through(&["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""]))
}

/// Limits the size of the files that the server writes, or lets them grow again.
pub(super) fn limit(server: &Running, size: Option<u64>) {
    let size = size.map_or("unlimited".to_owned(), |size| size.to_string());
    let limited =
        Command::new("prlimit").args(["--pid", &server.pid().to_string(), &format!("--fsize={size}:")]).status();
    assert!(limited.unwrap().success());
}

/// Batches while nothing, or not everything, can be written: each is compared with what is committed.
async fn under_fault(ledger: &mut Ledger<'_>, setup: &Setup) {
    // What the files have room for already is still written.
    let (mut refused, mut all) = (0, 0);
    while refused < BATCHES {
        let Outcome { put_off, .. } = ledger.batch().await;
        refused += usize::from(put_off > 0);
        all += 1;
        assert!(all < MOST, "the disk is of use");
        ledger.matches_the_database().await;
    }
    setup.becomes(503, SOON).await;
}

/// And afterwards.
async fn after_fault(ledger: &mut Ledger<'_>, setup: &Setup) {
    ledger.recovers(SOON).await;
    setup.becomes(200, SOON).await;
    ledger.batch().await;
    ledger.matches_the_database().await;
}

async fn a_disk_that_fails(signal: &str) {
    let setup = with_files_that_can_be_limited(on_sqlite());
    let log = setup.haechi.folder.path().join("haechi.db-wal");
    let mut server = setup.haechi.start();
    let mut ledger = Ledger::open(&setup, Reader::of(&setup)).await;
    assert_eq!(ledger.batch().await.put_off, 0);

    assert!(fs::metadata(&log).unwrap().len() > LIMIT);
    limit(&server, Some(LIMIT));
    under_fault(&mut ledger, &setup).await;
    limit(&server, None);
    after_fault(&mut ledger, &setup).await;

    server.signal(signal);
    server.end();
    ledger.matches_the_database().await;
    let _server = setup.haechi.start();
    ledger.matches_the_server().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_what_is_acknowledged_while_the_disk_fails_is_committed_and_outlives_a_stop() {
    a_disk_that_fails("TERM").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_what_is_acknowledged_while_the_disk_fails_is_committed_and_outlives_a_kill() {
    a_disk_that_fails("KILL").await;
}

/// A disk of its own for the database, in a mount namespace that ends with the process; `None` where the system allows none.
fn on_a_small_disk() -> Option<Setup> {
    let Setup { haechi, secret } = Setup::of(on_sqlite());
    fs::create_dir(haechi.folder.path().join("small")).unwrap();
    let mounting = format!("mount -t tmpfs -o size={SMALL} none small && cp haechi.db* small/ && exec \"$0\" \"$@\"");
    let through = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &mounting];
    let haechi = haechi.set("HAECHI_DATABASE__URL", "sqlite:small/haechi.db").through(&through);
    let tried = haechi.run(&["--version"]);
    if tried.code != Some(0) {
        eprintln!("skipped: no mount namespace can be made: {}", tried.err);
        return None;
    }
    Some(Setup { haechi, secret })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_what_is_acknowledged_while_the_disk_is_full_is_committed_and_freed_space_is_enough() {
    let Some(setup) = on_a_small_disk() else { return };
    let mut server = setup.haechi.start();
    let disk = fs::canonicalize(setup.haechi.folder.path()).unwrap();
    let disk = PathBuf::from(format!("/proc/{}/root{}/small", server.pid(), disk.display()));
    let mut ledger = Ledger::open(&setup, Reader::Copied(disk.join("haechi.db"))).await;
    assert_eq!(ledger.batch().await.put_off, 0);

    let full = fs::write(disk.join("filler"), vec![0; 16 << 20]).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    under_fault(&mut ledger, &setup).await;
    // What reads, and what needs no database, goes on.
    setup.token().await;
    fs::remove_file(disk.join("filler")).unwrap();
    after_fault(&mut ledger, &setup).await;
    ledger.matches_the_server().await;

    server.signal("TERM");
    assert_eq!(server.end(), Some(0), "{}", server.err());
}
