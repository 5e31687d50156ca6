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

async fn what_was_written_without_origins_is_found_all_the_same(stores: Stores, db: DatabaseConnection) {
    add_many(&stores).await;
    // As a node of the release before leaves a client that it changed.
    let sql = "DELETE FROM client_origins WHERE client_id = 'many-007'; \
               INSERT INTO client_origins (origin, client_id) VALUES ('https://before.example', 'many-007'); \
               UPDATE clients SET version = version + 1 WHERE id = 'many-007'";
    db.execute_unprepared(sql).await.unwrap();
    let known = async |origin: &str| stores.clients.with_origin(origin).await.unwrap().is_some();
    assert!(known("https://many-007.example:8443").await && !known("https://before.example").await);
    db.execute_unprepared("DELETE FROM client_origins; UPDATE clients SET origins_version = -1").await.unwrap();
    assert!(known("https://many-007.example:8443").await);
}

async fn what_an_older_release_registers_again_has_the_origins_that_it_says(stores: Stores, db: DatabaseConnection) {
    let commit = async |change: Change| stores.work.commit(vec![change]).await.unwrap();
    commit(Change::InsertClient(client("shop"))).await;
    db.execute_unprepared("CREATE TABLE kept AS SELECT document FROM clients WHERE id = 'shop'").await.unwrap();
    commit(Change::UpdateClient(client("shop"))).await;
    commit(Change::DeleteClient(client("shop").id)).await;
    let known = async || stores.clients.with_origin("https://shop.example:8443").await.unwrap().is_some();
    assert!(!known().await, "it is deleted");
    // As a node of a release that knows no origins registers it, and changes it then: its version comes by the one that was deleted.
    for version in 0..5 {
        let sql = format!(
            "UPDATE clients SET deleted = FALSE, enabled = TRUE, version = {version}, \
             document = (SELECT document FROM kept) WHERE id = 'shop'"
        );
        db.execute_unprepared(&sql).await.unwrap();
        assert!(known().await, "in version {version}");
    }
}

on_both! {
    sqlite_one_look_up, postgres_one_look_up: one_look_up_in_an_index;
    sqlite_without_origins, postgres_without_origins: what_was_written_without_origins_is_found_all_the_same;
    sqlite_registered_again, postgres_registered_again: what_an_older_release_registers_again_has_the_origins_that_it_says;
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
    // As a node of the release before deletes one, and then registers it again.
    direct.execute_unprepared("UPDATE clients SET deleted = TRUE, version = 1 WHERE id = 'many-003'").await.unwrap();
    // More than are looked at in one question.
    assert!(stores.clients.with_origin("https://many-599.example:8443").await.unwrap().is_none());
    store.migrate().await.unwrap();
    assert!(stores.clients.with_origin("https://many-599.example:8443").await.unwrap().is_some());
    direct.execute_unprepared("UPDATE clients SET deleted = FALSE, version = 1 WHERE id = 'many-003'").await.unwrap();
    assert!(stores.clients.with_origin("https://many-003.example:8443").await.unwrap().is_some());
}
