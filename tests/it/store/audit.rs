//! The audit log is found by what it says, in bounded time.

use std::time::Duration;

use haechi::model::audit_event::{Actor, AuditKind, AuditOutcome, AuditTarget};
use haechi::model::{AuditEvent, AuditFilter, ClientId};
use haechi::store::{AuditPage, Change, Stores};
use haechi::support::id::{AuditEventId, ConnectionId, UserId};
use haechi::support::{SeededRandom, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::many::{on_both, plan};
use super::{NOW, on_every_database};

fn random(seed: u64) -> SeededRandom {
    SeededRandom::new(seed)
}

fn at(millis: u64) -> Timestamp {
    NOW.plus(Duration::from_millis(millis))
}

pub fn event(at: Timestamp, seed: u64) -> AuditEvent {
    AuditEvent::new(AuditKind::SignedIn, Actor::System, at, &random(seed))
}

/// Adds entries, one a millisecond from then on.
pub async fn add(stores: &Stores, from: Timestamp, count: u64) {
    let numbers: Vec<u64> = (0..count).collect();
    for some in numbers.chunks(1000) {
        let at = |number: u64| from.plus(Duration::from_millis(number));
        let changes = some.iter().map(|&number| Change::Audit(event(at(number), number)));
        stores.work.commit(changes.collect()).await.unwrap();
    }
}

async fn commit(stores: &Stores, events: &[AuditEvent]) {
    stores.work.commit(events.iter().cloned().map(Change::Audit).collect()).await.unwrap();
}

/// The entries that a filter finds, a page of two at a time, the newest first.
async fn found(stores: &Stores, filter: &AuditFilter) -> Vec<AuditEventId> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let AuditPage { events, next } = stores.audit.find(filter, before, 2).await.unwrap();
        assert!(events.len() <= 2);
        found.extend(events.iter().map(|event| event.id));
        if next.is_none() {
            return found;
        }
        before = next;
    }
}

/// Five entries, from the oldest to the newest, that have different things in common.
fn various() -> [AuditEvent; 5] {
    let (kim, lee) = (UserId::new(NOW, &random(91)), UserId::new(NOW, &random(92)));
    let client = |id| ClientId::parse(id).unwrap();
    let new = |kind, actor, millis| AuditEvent::new(kind, actor, at(millis), &random(millis));
    let asked = |request: &str, event| AuditEvent { request: Some(request.to_owned()), ..event };
    [
        asked("r-1", new(AuditKind::SignedIn, Actor::User(kim), 0).to_user(kim)),
        asked("r-1", new(AuditKind::ConsentGiven, Actor::User(kim), 1).to_user(kim).to_client(client("shop"))),
        asked("r-2", new(AuditKind::SignInFailed, Actor::Anonymous, 2).to_user(lee)),
        new(AuditKind::ConnectionChanged, Actor::User(kim), 3)
            .to(AuditTarget::Connection(ConnectionId::new(NOW, &random(93)))),
        new(AuditKind::CodeReplayed, Actor::Client(client("shop")), 4).to_user(kim).to_client(client("shop")),
    ]
}

on_every_database! {
    stores;

    async fn entries_are_found_by_what_they_say() {
        let all = various();
        commit(&stores, &all).await;
        let kim = all[0].user;
        let none = AuditFilter::default();
        let cases: Vec<(&str, AuditFilter, &[usize])> = vec![
            ("everything", none.clone(), &[4, 3, 2, 1, 0]),
            ("a kind", AuditFilter { kinds: vec![AuditKind::SignedIn], ..none.clone() }, &[0]),
            ("kinds", AuditFilter { kinds: vec![AuditKind::SignedIn, AuditKind::CodeReplayed, AuditKind::ConsentGiven], ..none.clone() }, &[4, 1, 0]),
            ("refused", AuditFilter { outcome: Some(AuditOutcome::Refused), ..none.clone() }, &[4, 2]),
            ("a kind with the other outcome", AuditFilter { kinds: vec![AuditKind::SignedIn], outcome: Some(AuditOutcome::Refused), ..none.clone() }, &[]),
            ("an account", AuditFilter { user: kim, ..none.clone() }, &[4, 1, 0]),
            ("an account as a target", AuditFilter { target: kim.map(AuditTarget::User), ..none.clone() }, &[4, 1, 0]),
            ("an account and another", AuditFilter { user: kim, target: all[2].user.map(AuditTarget::User), ..none.clone() }, &[]),
            ("an actor", AuditFilter { actor: kim.map(Actor::User), ..none.clone() }, &[3, 1, 0]),
            ("a client that acts", AuditFilter { actor: Some(all[4].actor.clone()), ..none.clone() }, &[4]),
            ("nobody known", AuditFilter { actor: Some(Actor::Anonymous), ..none.clone() }, &[2]),
            ("a client", AuditFilter { client: all[1].client.clone(), ..none.clone() }, &[4, 1]),
            ("an account with a client", AuditFilter { user: kim, client: all[1].client.clone(), ..none.clone() }, &[4, 1]),
            ("an account, refused", AuditFilter { user: kim, outcome: Some(AuditOutcome::Refused), ..none.clone() }, &[4]),
            ("a connection", AuditFilter { target: all[3].target.clone(), ..none.clone() }, &[3]),
            ("a request", AuditFilter { request: Some("r-1".to_owned()), ..none.clone() }, &[1, 0]),
            ("since", AuditFilter { since: Some(at(3)), ..none.clone() }, &[4, 3]),
            ("until", AuditFilter { until: Some(at(3)), ..none.clone() }, &[2, 1, 0]),
            ("between", AuditFilter { user: kim, since: Some(at(1)), until: Some(at(4)), ..none.clone() }, &[1]),
            ("a text that is no column's", AuditFilter { request: Some("' OR 1 = 1 --".to_owned()), ..none.clone() }, &[]),
        ];
        for (what, filter, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|&n| all[n].id).collect();
            assert_eq!(found(&stores, &filter).await, expected, "{what}");
        }
    }

    async fn an_entry_says_what_it_said() {
        let all = various();
        commit(&stores, &all).await;
        let listed = stores.audit.list(None, 100).await.unwrap();
        assert_eq!((listed.items, listed.more), (all.into_iter().rev().collect(), false));
    }

    async fn a_look_is_bounded_and_says_where_to_go_on() {
        // One entry is the only one of its kind, behind six thousand of the same actor.
        let rare = AuditEvent::new(AuditKind::KeysRotated, Actor::System, NOW, &random(7));
        commit(&stores, std::slice::from_ref(&rare)).await;
        add(&stores, at(1), 6000).await;
        let filter = AuditFilter { actor: Some(Actor::System), kinds: vec![AuditKind::KeysRotated], ..AuditFilter::default() };
        let first = stores.audit.find(&filter, None, 10).await.unwrap();
        assert!(first.events.is_empty() && first.next.is_some(), "{first:?}");
        let second = stores.audit.find(&filter, first.next, 10).await.unwrap();
        assert_eq!((second.events, second.next), (vec![rare], None));
    }

    async fn the_database_shows_its_time() {
        let before = haechi::support::Clock::now(&haechi::support::SystemClock);
        let shown = stores.clock.shows().await.unwrap();
        let after = haechi::support::Clock::now(&haechi::support::SystemClock);
        // On this machine the clocks are one; a database rounds to milliseconds.
        let millis = Duration::from_millis(1);
        assert!(before.minus(millis) <= shown && shown <= after.plus(millis), "{before:?} {shown:?} {after:?}");
    }
}

/// Each column that entries are looked up by has an index in which they are in order, so that the newest come first without sorting.
async fn no_look_sorts_or_goes_through_all(stores: Stores, db: DatabaseConnection) {
    add(&stores, at(10), 3000).await;
    commit(&stores, &various()).await;
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("ANALYZE audit_events").await.unwrap();
    }
    let id = if db.get_database_backend() == DbBackend::Postgres { "'\\xff'::bytea" } else { "x'ff'" };
    for (column, index) in [
        ("kind", "audit_events_kind"),
        ("actor", "audit_events_actor"),
        ("user_id", "audit_events_user"),
        ("client_id", "audit_events_client"),
        ("target", "audit_events_target"),
        ("request", "audit_events_request"),
    ] {
        let sql = format!(
            "SELECT id, document FROM audit_events WHERE {column} = 'x' AND id < {id} ORDER BY id DESC LIMIT 50"
        );
        let plan = plan(&db, &sql).await;
        assert!(plan.contains(index), "{column}: {plan}");
        assert!(
            !plan.contains("TEMP B-TREE") && !plan.contains("Seq Scan") && !plan.contains("SCAN audit_events"),
            "{column}: {plan}"
        );
    }
    for (sql, index) in [
        ("SELECT id FROM audit_events WHERE seq IS NULL ORDER BY id LIMIT 500", "audit_events_unsealed"),
        ("SELECT id FROM audit_events WHERE seq > 5 ORDER BY seq LIMIT 500", "audit_events_seq"),
    ] {
        let plan = plan(&db, sql).await;
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}

on_both! {
    sqlite_no_look_sorts, postgres_no_look_sorts: no_look_sorts_or_goes_through_all;
}
