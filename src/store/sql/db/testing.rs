//! A SQLite database for unit tests of what works on connections.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::connect::{Connections, open};
use super::execute;
use crate::config::database::DatabaseConfig;

/// A database with one empty table, `written (value)`, in a folder that goes with it.
pub(crate) struct TestDatabase {
    folder: PathBuf,
    pub(crate) config: DatabaseConfig,
}

impl TestDatabase {
    /// Makes the database, and connections to it.
    pub(crate) async fn open() -> (Self, Connections) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("haechi-unit-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("test.db").display());
        let config = DatabaseConfig { url, ..DatabaseConfig::default() };
        let connections = open(&config).await.unwrap();
        execute(&connections.write, "CREATE TABLE written (value INTEGER PRIMARY KEY)", vec![]).await.unwrap();
        (Self { folder, config }, connections)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
