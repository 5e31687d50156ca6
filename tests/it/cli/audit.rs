//! `haechi audit`: finding entries, taking them elsewhere, and seeing that none was changed.

use sea_orm::ConnectionTrait;

use super::PASSWORD;
use crate::support::binary::Haechi;

/// A server on which two accounts were made, and one of them switched off and on.
fn used() -> Haechi {
    let haechi = Haechi::new().begun();
    for email in ["kim@example.com", "lee@example.com"] {
        let made = haechi.run_with(&["users", "create", email], &format!("{PASSWORD}\n"));
        assert_eq!(made.code, Some(0), "{made:?}");
    }
    haechi.out(&["users", "disable", "kim@example.com"]);
    haechi.out(&["users", "enable", "kim@example.com"]);
    haechi
}

fn kinds(haechi: &Haechi, flags: &[&str]) -> Vec<String> {
    let found = haechi.json(&[&["audit", "--json"], flags].concat());
    found.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn entries_are_found_by_what_they_say() {
    let haechi = used();
    assert_eq!(kinds(&haechi, &["--user", "kim@example.com"]), ["user_enabled", "user_disabled", "user_created"]);
    assert_eq!(kinds(&haechi, &["--kind", "user_created"]), ["user_created", "user_created"]);
    assert_eq!(
        kinds(&haechi, &["--kind", "user_enabled", "--kind", "user_disabled"]),
        ["user_enabled", "user_disabled"]
    );
    assert_eq!(kinds(&haechi, &["--user", "lee@example.com", "--kind", "user_disabled"]), [""; 0]);
    assert_eq!(kinds(&haechi, &["--outcome", "refused"]), [""; 0]);
    assert_eq!(kinds(&haechi, &["--actor", "operator", "--limit", "1"]), ["user_enabled"]);
    assert_eq!(kinds(&haechi, &["--since", "1h"]).len(), 4);
    assert_eq!(kinds(&haechi, &["--until", "1h"]), [""; 0]);
    assert_eq!(kinds(&haechi, &["--since", "2020-01-01", "--until", "2020-02-01T00:00:00Z"]), [""; 0]);
    for wrong in [&["--kind", "made_up"][..], &["--since", "soon"], &["--target", "a b"], &["--format", "csv"]] {
        assert_eq!(haechi.run(&[&["audit"], wrong].concat()).code, Some(2), "{wrong:?}");
    }
    let unknown = haechi.run(&["audit", "--user", "nobody@example.com"]);
    assert!(unknown.code == Some(1) && unknown.err.contains("nobody@example.com"), "{unknown:?}");
}

#[test]
fn the_whole_log_is_a_table_for_spreadsheets_too() {
    let haechi = used();
    let table = haechi.out(&["audit", "--all", "--format", "csv"]);
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(table.lines().nth(1).unwrap().contains(",user_enabled,succeeded,operator,usr_"), "{table}");
    assert_eq!(haechi.out(&["audit", "--all", "--format", "jsonl"]), haechi.out(&["audit", "--all", "--json"]));
    let some = haechi.out(&["audit", "--all", "--format", "csv", "--kind", "user_created"]);
    assert_eq!(some.lines().count(), 3, "{some}");
}

#[tokio::test]
async fn what_was_done_to_the_log_behind_the_servers_back_is_said_and_ends_with_one() {
    let haechi = used();
    let verdict = haechi.out(&["audit", "verify"]);
    assert!(
        verdict.contains("Intact from evt_") && verdict.contains(": 4 entries.") && verdict.contains("End: 4:"),
        "{verdict}"
    );
    let document = haechi.json(&["audit", "verify", "--json"]);
    assert_eq!((&document["intact"], &document["entries"]), (&true.into(), &4.into()));
    let url = match haechi.database_url() {
        url if url.starts_with("postgres") => url.to_owned(),
        _ => format!("sqlite://{}", haechi.folder.path().join("haechi.db").display()),
    };
    let database = sea_orm::Database::connect(&url).await.unwrap();
    database.execute_unprepared("DELETE FROM audit_events WHERE seq = 2").await.unwrap();
    let broken = haechi.run(&["audit", "verify"]);
    assert!(broken.code == Some(1) && broken.err.contains("entry number 2 was removed"), "{broken:?}");
}
