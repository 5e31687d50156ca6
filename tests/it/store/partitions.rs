//! An audit log that an operator keeps in PostgreSQL's partitions, as docs/capacity.md has it.

use std::sync::Arc;
use std::time::Duration;

use haechi::audit_chain::{AuditChain, Verdict};
use haechi::keys::{KeyEncryptionKey, MacKey};
use haechi::model::audit_event::AuditKind;
use haechi::model::audit_filter::AuditFilter;
use haechi::store::Stores;
use haechi::store::sql::SqlStore;
use haechi::support::Timestamp;
use sea_orm::{ConnectionTrait, Database};

use super::audit::add;
use super::{NOW, patient};
use crate::documentation::pages;
use crate::support::servers;

/// A store of this PostgreSQL, and the chain of its audit log.
async fn opened(url: &str) -> (Stores, AuditChain) {
    let store = Arc::new(SqlStore::connect(&patient(url.to_owned())).await.unwrap());
    store.migrate().await.unwrap();
    let stores = Stores::from(store);
    let key = MacKey::new(&KeyEncryptionKey::from_bytes([1; 32]), "audit");
    (stores.clone(), AuditChain::new(stores.audit.clone(), key))
}

async fn entries(chain: &AuditChain) -> u64 {
    match chain.verify().await.unwrap() {
        Verdict::Intact(intact) => intact.entries,
        Verdict::Damaged(damage) => panic!("{damage:?}"),
    }
}

/// What a guide says, without what it says in its own language.
fn statements(page: &str) -> String {
    let block = pages::block(page, "sql", "PARTITION BY RANGE");
    block.code.lines().filter(|line| !line.starts_with("--")).flat_map(|line| [line, "\n"]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_goes_on_in_partitions_as_the_guide_says() {
    let sql = statements("docs/capacity.md");
    assert_eq!(statements("docs/capacity.ko.md"), sql);
    let Some(url) = servers::postgres_url() else { return };
    {
        let (stores, chain) = opened(&url).await;
        add(&stores, NOW.minus(Duration::from_hours(24 * 40)), 300).await;
        assert_eq!(entries(&chain).await, 300);
        // Some have no place yet.
        add(&stores, NOW.minus(Duration::from_hours(24 * 39)), 5).await;
    }
    Database::connect(&url).await.unwrap().execute_unprepared(&sql).await.unwrap();

    let (stores, chain) = opened(&url).await;
    add(&stores, NOW, 300).await;
    add(&stores, NOW.plus(Duration::from_hours(24 * 400)), 10).await;
    assert_eq!(entries(&chain).await, 615);
    let filter = AuditFilter { kinds: vec![AuditKind::SignedIn], ..AuditFilter::default() };
    let found = stores.audit.find(&filter, None, 1000).await.unwrap();
    assert_eq!(found.events.len(), 615);
    let at: Vec<Timestamp> = found.events.iter().map(|event| event.at).collect();
    assert!(at.is_sorted_by(|newer, older| newer >= older), "over all partitions the newest come first");
    assert_eq!(chain.forget(NOW, 1_000_000).await.unwrap(), 305, "what is kept long enough goes");
    assert_eq!(entries(&chain).await, 310);
}
