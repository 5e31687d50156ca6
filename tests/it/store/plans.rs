//! What is done from outside finds its rows: it goes through no table that grows, and through no index of all of one.
//!
//! PostgreSQL itself tells the plan of each statement (its module `auto_explain`), while everything is done that strangers, end-users and apps can do.
//! It is told to go through a table only where it knows no other way, so what it goes through then has no other way, however few rows there are now.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use haechi::store::sql::SqlStore;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::Value;

use crate::attacks::growth;
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

/// What the database does for a statement.
#[derive(Debug)]
struct Planned {
    statement: String,
    scans: Vec<Scan>,
}

/// How it takes rows of a table.
#[derive(Debug)]
struct Scan {
    table: String,
    /// `None` where it goes through the table itself.
    index: Option<String>,
    /// Whether it looks a value up in the index.
    looks_up: bool,
}

/// The plans that a server has told since its log was so long.
fn planned(log: &str) -> Vec<Planned> {
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), entries.last_mut()) {
            (Some(more), Some(entry)) => entry.push_str(more),
            (Some(_), None) => {}
            (None, _) => entries.push(line.to_owned()),
        }
    }
    let plans = entries.iter().filter_map(|entry| entry.split_once(" plan:").map(|(_, plan)| plan));
    plans.map(|plan| of(&serde_json::from_str(plan).unwrap_or_else(|error| panic!("{error}: {plan}")))).collect()
}

fn of(told: &Value) -> Planned {
    let mut scans = Vec::new();
    add_scans(&told["Plan"], &mut scans);
    Planned { statement: told["Query Text"].as_str().unwrap().to_owned(), scans }
}

fn add_scans(node: &Value, scans: &mut Vec<Scan>) {
    let text = |name: &str| node[name].as_str().map(str::to_owned);
    let scan = match node["Node Type"].as_str().unwrap() {
        "Seq Scan" => Some((None, false)),
        "Index Scan" | "Index Only Scan" => Some((text("Index Name"), node.get("Index Cond").is_some())),
        // The table is named above the indices that are put together.
        "Bitmap Heap Scan" => Some((bitmap_index(node), true)),
        _ => None,
    };
    if let Some((index, looks_up)) = scan {
        scans.push(Scan { table: text("Relation Name").unwrap(), index, looks_up });
    }
    for part in node["Plans"].as_array().into_iter().flatten() {
        add_scans(part, scans);
    }
}

fn bitmap_index(node: &Value) -> Option<String> {
    let parts = node["Plans"].as_array()?;
    parts.iter().find_map(|part| part["Index Name"].as_str().map(str::to_owned).or_else(|| bitmap_index(part)))
}

/// Makes a database tell its plans, and take a table whole only where there is no other way.
async fn tell_plans(url: &str) {
    let db = Database::connect(url).await.unwrap();
    let name = url.rsplit('/').next().unwrap();
    for (setting, value) in [
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_format", "json"),
        ("enable_seqscan", "off"),
    ] {
        db.execute_unprepared(&format!("ALTER DATABASE {name} SET {setting} = '{value}'")).await.unwrap();
    }
}

/// Statements that are asked for each token, by their beginnings, and the index by which each finds the grant. A planner that knows little of a
/// table must not go from the client to all its grants for one of them. None looks at the row of the client twice, or at what an account manages.
const OF_A_TOKEN: [(&str, &str); 3] = [
    ("UPDATE grants SET code_used_at", "grants_pkey"),
    ("UPDATE grants SET refresh_generation", "grants_pkey"),
    ("SELECT grants.*, column2 AS token", "grants_pkey"),
];

/// The plans of everything that can be done from outside, and of what housekeeping does about it afterwards; and the indexes that hold
/// only the rows of a table that wait for something.
async fn plans_of_everything() -> Option<(Vec<Planned>, BTreeSet<String>)> {
    let url = servers::postgres_url()?;
    // The schema's own steps are not of interest.
    let store = SqlStore::connect(&crate::store::patient(url.clone())).await.unwrap();
    store.migrate().await.unwrap();
    drop(store);
    tell_plans(&url).await;
    let house = growth::house(|config| config.database.url.clone_from(&url)).await;
    growth::everything(&house, 0).await;
    growth::written(&house).await;
    house.clock.advance(Duration::from_hours(24 * 40));
    growth::sweep(&house).await;
    drop(house);
    let db = Database::connect(&url).await.unwrap();
    let of_some = "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indpred IS NOT NULL";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, of_some)).await.unwrap();
    let of_some = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    Some((planned(&servers::postgres_log()?), of_some))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_from_outside_goes_through_no_table_that_grows() {
    let Some((plans, of_some)) = plans_of_everything().await else { return };
    assert!(plans.len() > 300, "{}", plans.len());
    let mut through: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for plan in &plans {
        let goes_through = |scan: &&Scan| {
            let of_few = scan.index.as_ref().is_some_and(|index| of_some.contains(index));
            let is_ours = !scan.table.starts_with("pg_");
            is_ours && !scan.looks_up && !of_few && !SMALL.contains(&scan.table.as_str())
        };
        for scan in plan.scans.iter().filter(goes_through) {
            through.entry(&scan.table).or_default().insert(&plan.statement);
        }
    }
    assert!(through.is_empty(), "{through:#?}");

    for (beginning, index) in OF_A_TOKEN {
        let of_it: Vec<_> = plans.iter().filter(|plan| plan.statement.starts_with(beginning)).collect();
        assert!(!of_it.is_empty(), "{beginning} was not asked");
        for plan in of_it {
            let of_grants: Vec<_> = plan.scans.iter().filter(|scan| scan.table == "grants").collect();
            let [scan] = of_grants[..] else { panic!("{plan:?}") };
            assert!(scan.looks_up && scan.index.as_deref() == Some(index), "{plan:?}");
            let of = |table: &str| plan.scans.iter().filter(|scan| scan.table == table).count();
            assert!(of("clients") <= 1 && of("delegations") == 0, "{plan:?}");
        }
    }
}
