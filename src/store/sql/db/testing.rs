//! A SQLite database for unit tests of what works on connections.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sea_orm::DatabaseConnection;

use super::connect::{Connect, Connections, open};
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

/// The connections that a worker made, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Made(Arc<Mutex<Vec<DatabaseConnection>>>);

impl Made {
    /// Notes what is made from now on.
    pub(crate) fn noting(&self, connect: Connect) -> Connect {
        let made = self.clone();
        Box::new(move || {
            let connection = connect();
            made.0.lock().unwrap().push(connection.connections().clone());
            connection
        })
    }

    /// How many there were.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Waits until all but the last are closed. That they are held here keeps them from being closed by being forgotten.
    pub(crate) async fn closed_but_the_last(&self) {
        let mut old = self.0.lock().unwrap().clone();
        old.pop();
        for connection in &old {
            let pool = connection.get_sqlite_connection_pool();
            let closed = async {
                while !pool.is_closed() || pool.size() > 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), closed).await.expect("it is not closed");
        }
    }
}
