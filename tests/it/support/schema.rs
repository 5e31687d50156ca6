//! Databases that hold the schema already: it is made once in a run and copied for each test, which is quicker than making it each time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use haechi::config::Config;
use haechi::store::sql::SqlStore;

use super::folder::Folder;
use super::servers;

/// The name of a SQLite database in its folder.
const FILE: &str = "haechi.db";

/// The URL of a new PostgreSQL database; `None` where there is no PostgreSQL.
pub fn postgres() -> Option<String> {
    static MADE: OnceLock<Option<String>> = OnceLock::new();
    let made = MADE.get_or_init(|| servers::lasting_postgres_url().inspect(|url| make(url)));
    servers::postgres_like(made.as_deref()?)
}

/// The URL of a new SQLite database in this folder.
pub fn sqlite(folder: &Folder) -> String {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    let file = folder.path().join(FILE);
    fs::write(&file, MADE.get_or_init(made_file)).unwrap();
    format!("sqlite:{}", file.display())
}

/// What a SQLite database with the schema and nothing else is.
fn made_file() -> Vec<u8> {
    let folder = Folder::new();
    let file = folder.path().join(FILE);
    make(&format!("sqlite:{}", file.display()));
    await_closed(&file);
    fs::read(&file).unwrap()
}

/// Makes the schema, on a thread of its own: the test that asks first has a runtime already, which blocks.
fn make(url: &str) {
    let mut config = Config::default().database;
    url.clone_into(&mut config.url);
    let made = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { SqlStore::connect(&config).await.unwrap().migrate().await.unwrap() });
    });
    made.join().unwrap();
}

/// Waits until the last connection has moved its log into the file, which it does as it closes, in its own time.
fn await_closed(file: &Path) {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let begun = Instant::now();
    while log.exists() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} is still open", file.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}
