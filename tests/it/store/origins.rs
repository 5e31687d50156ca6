//! The origin of a page is looked up in an index, however many clients there are, and those that were written without it are found all the same.

use haechi::store::sql::SqlStore;
use haechi::store::{Change, Stores};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::clients::client;
use super::many::{on_both, plan};

async fn add_many(stores: &Stores) {
    let many = (0..600).map(|n| Change::InsertClient(client(&format!("many-{n:03}"))));
    stores.work.commit(many.collect()).await.unwrap();
}

async fn one_look_up_in_an_index(stores: Stores, db: DatabaseConnection) {
    add_many(&stores).await;
    db.execute_unprepared("ANALYZE").await.unwrap();
    let found = stores.clients.with_origin("https://many-599.example:8443").await.unwrap();
    assert_eq!(found.unwrap().as_str(), "many-599");
    let whose = "SELECT clients.id FROM client_origins JOIN clients ON clients.id = client_origins.client_id \
                 WHERE client_origins.origin = 'https://x.example' AND clients.enabled AND NOT clients.deleted \
                 AND clients.origins_version = clients.version LIMIT 1";
    let missing = "SELECT id, document FROM clients WHERE origins_version <> version AND enabled AND NOT deleted ORDER BY id LIMIT 100";
    for sql in [whose, missing] {
        let plan = plan(&db, sql).await.to_lowercase();
        let whole = ["seq scan", "scan clients\n", "scan client_origins"]
            .into_iter()
            .any(|word| format!("{plan}\n").contains(word));
        assert!(!whole && plan.contains("index"), "{plan}");
    }
}

async fn what_was_written_without_origins_is_found_and_written_down_at_the_next_start(
    stores: Stores,
    db: DatabaseConnection,
) {
    add_many(&stores).await;
    // As a node of the release before leaves a client that it changed.
    let sql = "DELETE FROM client_origins WHERE client_id = 'many-007'; \
               INSERT INTO client_origins (origin, client_id) VALUES ('https://before.example', 'many-007'); \
               UPDATE clients SET version = version + 1 WHERE id = 'many-007'";
    db.execute_unprepared(sql).await.unwrap();
    let known = async |origin: &str| stores.clients.with_origin(origin).await.unwrap().is_some();
    assert!(known("https://many-007.example:8443").await && !known("https://before.example").await);
    db.execute_unprepared("DELETE FROM client_origins; UPDATE clients SET origins_version = -1").await.unwrap();
    stores.housekeeping.ping().await.unwrap();
    assert!(known("https://many-007.example:8443").await);
}

on_both! {
    sqlite_one_look_up, postgres_one_look_up: one_look_up_in_an_index;
    sqlite_without_origins, postgres_without_origins: what_was_written_without_origins_is_found_and_written_down_at_the_next_start;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bringing_the_schema_up_to_date_writes_the_origins_down() {
    let folder = crate::support::folder::Folder::new();
    let config = super::sqlite_in(&folder);
    let store = std::sync::Arc::new(SqlStore::connect(&config).await.unwrap());
    store.migrate().await.unwrap();
    let stores = Stores::from(std::sync::Arc::clone(&store));
    add_many(&stores).await;
    let direct = sea_orm::Database::connect(&config.url.replacen("sqlite:", "sqlite://", 1)).await.unwrap();
    direct.execute_unprepared("DELETE FROM client_origins; UPDATE clients SET origins_version = -1").await.unwrap();
    // More than are looked at in one question.
    assert!(stores.clients.with_origin("https://many-599.example:8443").await.unwrap().is_none());
    store.migrate().await.unwrap();
    assert!(stores.clients.with_origin("https://many-599.example:8443").await.unwrap().is_some());
}
