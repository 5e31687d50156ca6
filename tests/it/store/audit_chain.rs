//! Whatever is done to the audit log behind the server's back shows; and what the server does itself does not.

use std::time::Duration;

use haechi::audit_chain::{AuditChain, ChainError, Damage, Intact, Verdict};
use haechi::keys::{KeyEncryptionKey, MacKey};
use haechi::model::audit_chain::Link;
use haechi::store::{Change, Stores};
use haechi::support::Timestamp;
use haechi::support::id::AuditEventId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};

use super::audit::{add, event};
use super::many::on_both;
use super::{NOW, on_every_database};

/// More entries than there are here.
const ALL: u64 = 1_000_000;

fn chain_with(stores: &Stores, key: u8) -> AuditChain {
    AuditChain::new(stores.audit.clone(), MacKey::new(&KeyEncryptionKey::from_bytes([key; 32]), "audit"))
}

fn chain(stores: &Stores) -> AuditChain {
    chain_with(stores, 1)
}

fn at(millis: u64) -> Timestamp {
    NOW.plus(Duration::from_millis(millis))
}

async fn intact(stores: &Stores) -> Intact {
    match chain(stores).verify().await.unwrap() {
        Verdict::Intact(intact) => intact,
        Verdict::Damaged(damage) => panic!("{damage:?}"),
    }
}

async fn damage(stores: &Stores) -> Damage {
    match chain(stores).verify().await.unwrap() {
        Verdict::Damaged(damage) => damage,
        Verdict::Intact(intact) => panic!("{intact:?}"),
    }
}

/// When the entries that are left happened, the newest first.
async fn left(stores: &Stores) -> Vec<Timestamp> {
    stores.audit.list(None, 20_000).await.unwrap().items.iter().map(|event| event.at).collect()
}

on_every_database! {
    stores;

    async fn what_the_server_writes_is_intact() {
        assert_eq!(intact(&stores).await.entries, 0);
        add(&stores, NOW, 1200).await;
        let seen = intact(&stores).await;
        assert_eq!((seen.entries, seen.from_before, seen.head.seq), (1200, 0, 1200));
        let listed = stores.audit.list(None, 2000).await.unwrap().items;
        assert_eq!((seen.first, seen.last), (listed.last().map(|event| event.id), listed.first().map(|event| event.id)));
        assert_eq!(intact(&stores).await, seen, "looking changes nothing");
    }

    async fn an_entry_that_is_committed_late_gets_the_next_place() {
        add(&stores, at(100), 3).await;
        chain(&stores).seal().await.unwrap();
        // Of a node whose commit took longer, or whose clock is a little behind.
        add(&stores, NOW, 2).await;
        assert_eq!(intact(&stores).await.entries, 5);
    }

    async fn nodes_that_seal_at_once_give_each_place_once() {
        add(&stores, NOW, 1500).await;
        let nodes: Vec<AuditChain> = (0..4).map(|_| chain(&stores)).collect();
        let sealed = futures_util::future::join_all(nodes.iter().map(AuditChain::seal)).await;
        assert!(sealed.iter().all(Result::is_ok), "{sealed:?}");
        assert_eq!(intact(&stores).await.entries, 1500);
    }

    async fn what_is_too_old_is_forgotten_and_the_rest_still_holds() {
        add(&stores, NOW.minus(Duration::from_millis(3)), 6).await;
        let chain = chain(&stores);
        assert_eq!(chain.forget(NOW.minus(Duration::from_hours(1)), ALL).await.unwrap(), 0);
        assert_eq!(chain.forget(NOW, ALL).await.unwrap(), 3);
        assert_eq!(left(&stores).await, [2, 1, 0].map(at));
        assert_eq!(chain.forget(NOW, ALL).await.unwrap(), 0);
        let seen = intact(&stores).await;
        assert_eq!((seen.entries, seen.head.seq), (3, 6));
    }

    async fn only_so_many_entries_are_kept_and_those_are_the_newest() {
        // More than one cut.
        add(&stores, NOW, 3500).await;
        let (chain, long_ago) = (chain(&stores), NOW.minus(Duration::from_hours(1)));
        assert_eq!(chain.forget(long_ago, 3501).await.unwrap(), 0);
        assert_eq!(chain.forget(long_ago, 3500).await.unwrap(), 0);
        assert_eq!(chain.forget(long_ago, 1100).await.unwrap(), 2400);
        assert_eq!((left(&stores).await.len(), left(&stores).await.last().copied()), (1100, Some(at(2400))));
        assert_eq!(chain.forget(long_ago, 3).await.unwrap(), 1097);
        assert_eq!(intact(&stores).await.entries, 3);
        add(&stores, at(5000), 1).await;
        assert_eq!(intact(&stores).await.entries, 4, "and it goes on from there");
    }

    async fn another_key_neither_trusts_nor_goes_on_with_the_chain() {
        add(&stores, NOW, 3).await;
        chain(&stores).seal().await.unwrap();
        let other = chain_with(&stores, 2);
        assert!(matches!(other.seal().await, Err(ChainError::ForeignSeal)));
        assert_eq!(other.verify().await.unwrap(), Verdict::Damaged(Damage::ForeignSeal));
        assert_eq!(intact(&stores).await.entries, 3);
    }
}

/// Does something to the database that the server does not do.
async fn tamper(db: &DatabaseConnection, sql: &str) {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => sql.to_owned(),
        _ => sql.replace("::text", ""),
    };
    assert!(db.execute_unprepared(&sql).await.unwrap().rows_affected() > 0, "{sql}");
}

/// Ten sealed entries.
async fn ten(stores: &Stores) -> Vec<AuditEventId> {
    add(stores, NOW, 10).await;
    chain(stores).seal().await.unwrap();
    let mut ids: Vec<_> = stores.audit.list(None, 10).await.unwrap().items.iter().map(|event| event.id).collect();
    ids.reverse();
    ids
}

async fn a_changed_entry_shows(stores: Stores, db: DatabaseConnection) {
    let ids = ten(&stores).await;
    tamper(&db, "UPDATE audit_events SET document = replace(document, 'signed_in', 'signed_on') WHERE seq = 4").await;
    assert_eq!(damage(&stores).await, Damage::Changed { seq: 4, id: ids[3] });
    // Retention does not sweep the traces away.
    assert!(matches!(chain(&stores).forget(at(100), ALL).await, Err(ChainError::Damaged)));
}

async fn an_entry_that_is_hidden_from_searches_shows(stores: Stores, db: DatabaseConnection) {
    let ids = ten(&stores).await;
    tamper(&db, "UPDATE audit_events SET kind = 'user_changed' WHERE seq = 7").await;
    assert_eq!(damage(&stores).await, Damage::Changed { seq: 7, id: ids[6] });
}

async fn a_removed_entry_shows(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    tamper(&db, "DELETE FROM audit_events WHERE seq = 5 OR seq = 6").await;
    assert_eq!(damage(&stores).await, Damage::Removed { from: 5, to: 6 });
}

async fn the_oldest_entries_do_not_go_unnoticed(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    tamper(&db, "DELETE FROM audit_events WHERE seq <= 2").await;
    assert_eq!(damage(&stores).await, Damage::Removed { from: 1, to: 2 });
}

async fn the_newest_entries_do_not_go_unnoticed(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    tamper(&db, "DELETE FROM audit_events WHERE seq > 8").await;
    assert_eq!(damage(&stores).await, Damage::Removed { from: 9, to: 10 });
    // Nor when the end is said to be there: that takes the key.
    tamper(&db, "UPDATE audit_chain SET head_seq = 8, head_hash = (SELECT hash FROM audit_events WHERE seq = 8)").await;
    assert_eq!(damage(&stores).await, Damage::ForeignSeal);
}

async fn everything_does_not_go_unnoticed(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    tamper(&db, "DELETE FROM audit_events").await;
    assert_eq!(damage(&stores).await, Damage::Removed { from: 1, to: 10 });
}

async fn entries_that_changed_places_show(stores: Stores, db: DatabaseConnection) {
    let ids = ten(&stores).await;
    for (from, to) in [(3, 99), (4, 3), (99, 4)] {
        tamper(&db, &format!("UPDATE audit_events SET seq = {to} WHERE seq = {from}")).await;
    }
    assert_eq!(damage(&stores).await, Damage::Changed { seq: 3, id: ids[3] });
}

async fn an_entry_that_is_put_in_shows(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    let forged = event(at(50), 77);
    stores.work.commit(vec![Change::Audit(forged.clone())]).await.unwrap();
    for place in (6..=10).rev() {
        tamper(&db, &format!("UPDATE audit_events SET seq = {} WHERE seq = {place}", place + 1)).await;
    }
    tamper(
        &db,
        "UPDATE audit_events SET seq = 6, hash = (SELECT hash FROM audit_events WHERE seq = 5) WHERE seq IS NULL",
    )
    .await;
    assert_eq!(damage(&stores).await, Damage::Changed { seq: 6, id: forged.id });
}

async fn an_entry_that_is_put_at_the_end_shows(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    let forged = event(at(50), 77);
    stores.work.commit(vec![Change::Audit(forged.clone())]).await.unwrap();
    tamper(
        &db,
        "UPDATE audit_events SET seq = 11, hash = (SELECT hash FROM audit_events WHERE seq = 10) WHERE seq IS NULL",
    )
    .await;
    assert_eq!(damage(&stores).await, Damage::Inserted { seq: 11, id: forged.id });
}

/// Who knows how the chain is made, and lacks the key, makes all of it anew.
async fn rewrite(stores: &Stores, db: &DatabaseConnection) -> Link {
    let mut at = Link::beginning();
    for entry in stores.audit.chained(0, 100).await.unwrap() {
        let document = entry.document.replace("signed_in", "signed_out");
        at = at.next(entry.id, &document);
        let sql = "UPDATE audit_events SET document = $1, hash = $2, kind = 'signed_out' WHERE id = $3";
        let values: Vec<Value> =
            vec![document.into(), at.hash.as_bytes().to_vec().into(), entry.id.as_bytes().to_vec().into()];
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
    }
    at
}

async fn a_chain_made_anew_shows(stores: Stores, db: DatabaseConnection) {
    ten(&stores).await;
    let end = rewrite(&stores, &db).await;
    assert_eq!(damage(&stores).await, Damage::Rewritten { seq: 10 });
    let sql = "UPDATE audit_chain SET head_hash = $1";
    let values: Vec<Value> = vec![end.hash.as_bytes().to_vec().into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
    assert_eq!(damage(&stores).await, Damage::ForeignSeal);
    // And nothing is sealed on top of it.
    add(&stores, at(50), 1).await;
    assert!(matches!(chain(&stores).seal().await, Err(ChainError::ForeignSeal)));
}

async fn a_chain_that_is_said_to_begin_shows(stores: Stores, db: DatabaseConnection) {
    let ids = ten(&stores).await;
    tamper(&db, "UPDATE audit_chain SET head_seq = 0, head_hash = NULL, seal = ''").await;
    assert_eq!(damage(&stores).await, Damage::Inserted { seq: 1, id: ids[0] });
}

/// Entries of a release that knew of no chain have neither columns nor a place.
async fn what_was_there_before_is_taken_in_and_said(stores: Stores, db: DatabaseConnection) {
    add(&stores, NOW, 700).await;
    tamper(&db, "UPDATE audit_events SET kind = NULL, actor = NULL, user_id = NULL, client_id = NULL, target = NULL, request = NULL").await;
    add(&stores, at(1000), 5).await;
    let seen = intact(&stores).await;
    assert_eq!((seen.entries, seen.from_before), (705, 700));
    let signed_in = haechi::model::AuditFilter {
        kinds: vec![haechi::model::audit_event::AuditKind::SignedIn],
        ..haechi::model::AuditFilter::default()
    };
    assert_eq!(stores.audit.find(&signed_in, None, 1000).await.unwrap().events.len(), 705, "and is found from then on");
}

on_both! {
    sqlite_change, postgres_change: a_changed_entry_shows;
    sqlite_hidden, postgres_hidden: an_entry_that_is_hidden_from_searches_shows;
    sqlite_removal, postgres_removal: a_removed_entry_shows;
    sqlite_oldest, postgres_oldest: the_oldest_entries_do_not_go_unnoticed;
    sqlite_newest, postgres_newest: the_newest_entries_do_not_go_unnoticed;
    sqlite_everything, postgres_everything: everything_does_not_go_unnoticed;
    sqlite_order, postgres_order: entries_that_changed_places_show;
    sqlite_insertion, postgres_insertion: an_entry_that_is_put_in_shows;
    sqlite_insertion_at_the_end, postgres_insertion_at_the_end: an_entry_that_is_put_at_the_end_shows;
    sqlite_rewritten, postgres_rewritten: a_chain_made_anew_shows;
    sqlite_begun_again, postgres_begun_again: a_chain_that_is_said_to_begin_shows;
    sqlite_adopted, postgres_adopted: what_was_there_before_is_taken_in_and_said;
}
