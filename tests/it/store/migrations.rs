//! The schema: up, down, up again, and by several nodes at once.

use haechi::config::database::DatabaseConfig;
use haechi::model::{Epoch, Grant};
use haechi::store::sql::SqlStore;
use haechi::store::{Change, CodeRedemption, GrantStore, ServerStore, StoreError, UnitOfWork, UserStore};
use haechi_migrations::{Migrator, MigratorTrait};
use sea_orm::Database;

use super::clients::client;
use super::grants::grant;
use super::users::user;
use super::{NOW, patient, sqlite_in};
use crate::support::folder::Folder;
use crate::support::servers;

async fn up_down_and_up_again(config: DatabaseConfig) {
    let store = SqlStore::connect(&config).await.unwrap();
    for _ in 0..2 {
        store.migrate().await.unwrap();
        let (owner, shop) = (user(1), client("shop"));
        store.commit(vec![Change::InsertUser(owner.clone()), Change::InsertClient(shop)]).await.unwrap();
        store.insert(Grant { user: owner.id, ..grant(1) }).await.unwrap();
        store.unmigrate().await.unwrap();
        assert!(store.find_grant().await.is_err(), "the table is gone");
    }
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(store.find_grant().await.unwrap(), None);
}

/// The rows of a database as the steps up to the one before the server's epoch left them go on to count, and end with what came since.
async fn rows_from_before_the_server_had_an_epoch_count(config: DatabaseConfig, direct: &str) {
    let store = SqlStore::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    let (owner, shop) = (user(1), client("shop"));
    store.commit(vec![Change::InsertUser(owner.clone()), Change::InsertClient(shop)]).await.unwrap();
    let made = |seed| Grant { user: owner.id, ..grant(seed) };
    for seed in 1..=2 {
        store.insert(made(seed)).await.unwrap();
    }
    let db = Database::connect(direct).await.unwrap();
    let since = Migrator::names().iter().rev().position(|step| step == "m0014_gone").unwrap() + 1;
    Migrator::down(&db, u32::try_from(since).ok()).await.unwrap();
    assert!(store.epoch().await.is_err(), "the column is gone");
    store.migrate().await.unwrap();
    assert_eq!(store.epoch().await.unwrap(), Epoch::default());
    let redeem = async |seed| store.redeem_code(made(seed).id, NOW, None, NOW).await.unwrap();
    assert_eq!(redeem(1).await, CodeRedemption::Fresh);
    assert_eq!(UserStore::find(&store, owner.id).await.unwrap(), Some(owner.clone()));
    store.commit(vec![Change::EndEverything(NOW)]).await.unwrap();
    assert_eq!(redeem(2).await, CodeRedemption::Unknown);
}

trait FindGrant {
    async fn find_grant(&self) -> Result<Option<Grant>, StoreError>;
}

impl FindGrant for SqlStore {
    async fn find_grant(&self) -> Result<Option<Grant>, StoreError> {
        GrantStore::find(self, grant(1).id).await
    }
}

/// Eight nodes, each with connections of its own.
async fn several_nodes_at_once(config: DatabaseConfig) {
    let nodes: Vec<_> = (0..8)
        .map(|_| {
            let config = config.clone();
            tokio::spawn(async move {
                let store = SqlStore::connect(&config).await.unwrap();
                store.migrate().await.unwrap();
                store.find_grant().await.unwrap();
            })
        })
        .collect();
    for node in nodes {
        node.await.unwrap();
    }
}

#[tokio::test]
async fn sqlite_goes_up_down_and_up_again() {
    let folder = Folder::new();
    up_down_and_up_again(sqlite_in(&folder)).await;
}

#[tokio::test]
async fn postgres_goes_up_down_and_up_again() {
    if let Some(url) = servers::postgres_url() {
        up_down_and_up_again(patient(url)).await;
    }
}

#[tokio::test]
async fn sqlite_rows_from_before_the_server_had_an_epoch_count() {
    let folder = Folder::new();
    let config = sqlite_in(&folder);
    let direct = config.url.replacen("sqlite:", "sqlite://", 1);
    rows_from_before_the_server_had_an_epoch_count(config, &direct).await;
}

#[tokio::test]
async fn postgres_rows_from_before_the_server_had_an_epoch_count() {
    if let Some(url) = servers::postgres_url() {
        rows_from_before_the_server_had_an_epoch_count(patient(url.clone()), &url).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_nodes_may_migrate_sqlite_at_once() {
    let folder = Folder::new();
    several_nodes_at_once(sqlite_in(&folder)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_nodes_may_migrate_postgres_at_once() {
    if let Some(url) = servers::postgres_url() {
        several_nodes_at_once(patient(url)).await;
    }
}

#[tokio::test]
async fn what_sqlite_keeps_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let store = SqlStore::connect(&sqlite_in(&folder)).await.unwrap();
    store.migrate().await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_says_why() {
    for (url, why) in [
        ("sqlite::memory:", "needs a file"),
        ("sqlite:/no/such/folder/haechi.db", "No such file"),
        ("mysql://localhost/haechi", "must begin with"),
        ("postgres://haechi@127.0.0.1:1/none", "refused"),
    ] {
        match SqlStore::connect(&DatabaseConfig { url: url.to_owned(), ..DatabaseConfig::default() }).await {
            // MySQL will not be there later either.
            Err(StoreError::Misconfigured(told)) if url.starts_with("mysql:") => {
                assert!(told.contains(why), "{url}: {told}");
            }
            Err(StoreError::Unavailable(told)) => assert!(told.contains(why), "{url}: {told}"),
            other => panic!("{url}: {other:?}"),
        }
    }
}
