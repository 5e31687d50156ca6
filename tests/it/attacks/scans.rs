//! What is done from outside reads no table from one end to the other that grows: with ten million rows it would cost what they do.
//!
//! The server's connections forbid PostgreSQL to go through a table where it knows another way. So one that is gone through has no other way, and the database
//! counts that, however few rows there are now.

use std::time::Duration;

use haechi::store::sql::SqlStore;
use haechi::support::Clock;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::growth;
use crate::support::servers;

/// Tables of a row, or of a few that administrators make, and what is read whole because all of it is wanted.
const SMALL: &[&str] = &[
    "server",
    "policy",
    "audit_chain",
    "mail_place",
    "seaql_migrations",
    "signing_keys",
    "attributes",
    "affiliations",
    "apis",
    "claim_rules",
    "claim_rule_places",
    "connections",
    "webhooks",
    "endings",
    "active_people",
];

/// Waits until a database's servers have ended, and with it told what they counted.
async fn ended(db: &DatabaseConnection) {
    let others = "SELECT COUNT(*) AS count FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for _ in 0..400 {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, others)).await.unwrap().unwrap();
        if row.try_get::<i64>("", "count").unwrap() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("somebody is still connected");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_from_outside_goes_through_no_table_that_grows() {
    let Some(url) = servers::postgres_url() else { return };
    // The schema is made first, by what is gone before what counts is counted.
    let store = SqlStore::connect(&crate::store::patient(url.clone())).await.unwrap();
    store.migrate().await.unwrap();
    drop(store);
    let db = Database::connect(&url).await.unwrap();
    ended(&db).await;
    db.execute_unprepared("SELECT pg_stat_reset()").await.unwrap();

    let house = growth::house(|config| config.database.url.clone_from(&url)).await;
    growth::everything(&house, 0).await;
    growth::written(&house).await;
    let now = house.clock.now();
    house.clock.advance(Duration::from_hours(24 * 40));
    haechi::app::overdue(&house.app).await.unwrap().expect("what expired weeks ago");
    growth::sweep(&house).await;
    assert_eq!(haechi::app::overdue(&house.app).await.unwrap(), None, "since {now:?}");
    drop(house);
    ended(&db).await;

    let counted =
        "SELECT relname, seq_scan, COALESCE(idx_scan, 0) AS idx_scan FROM pg_stat_user_tables ORDER BY relname";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, counted)).await.unwrap();
    let scans = rows.iter().map(|row| {
        let count = |name: &str| row.try_get::<i64>("", name).unwrap();
        (row.try_get::<String>("", "relname").unwrap(), count("seq_scan"), count("idx_scan"))
    });
    let (mut gone_through, mut looked_up) = (Vec::new(), 0);
    for (table, through, by_index) in scans.filter(|(table, ..)| !SMALL.contains(&table.as_str())) {
        looked_up += by_index;
        if through > 0 {
            gone_through.push((table, through));
        }
    }
    assert!(looked_up > 100, "what was done is not counted: {looked_up}");
    assert!(gone_through.is_empty(), "{gone_through:?}");
}
