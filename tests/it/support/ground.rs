//! What a test of the assembled house stands on: a database of its own, a clock that stands still, keys that are there already.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::app::{self, App};
use haechi::config::Config;
use haechi::config::database::Database;
use haechi::store::Stores;
use haechi::store::sql::SqlStore;
use haechi::support::{ManualClock, SystemRandom};

use super::folder::Folder;
use super::keys;

pub struct Ground {
    pub app: Arc<App>,
    pub clock: Arc<ManualClock>,
    _folder: Folder,
}

impl Ground {
    pub async fn new(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = Folder::new();
        let mut config = Config::default();
        config.server.issuer = super::house::ISSUER.to_owned();
        config.keys.key_encryption_key = Some(STANDARD.encode([7; 32]));
        config.accounts.argon2_memory_kib = 64;
        configure(&mut config);
        let url = format!("sqlite:{}", folder.path().join("haechi.db").display());
        let store = SqlStore::connect(&Database { url, ..Database::default() }).await.unwrap();
        store.migrate().await.unwrap();
        let stores = Stores::from(Arc::new(store));
        stores.signing_keys.replace(0, keys::node().await.store.records()).await.unwrap();
        let clock = Arc::new(ManualClock::new(keys::START));
        let app = app::assemble(Arc::new(config), stores, clock.clone(), Arc::new(SystemRandom::new())).await.unwrap();
        Self { app, clock, _folder: folder }
    }
}
