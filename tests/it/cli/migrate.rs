//! `haechi migrate`.

use crate::support::binary::Haechi;

#[test]
fn the_schema_goes_up_and_down() {
    let haechi = Haechi::new().begun();
    haechi.out(&["migrate", "down", "--yes"]);
    let before = haechi.run(&["migrate", "status"]);
    assert_eq!(before.code, Some(1), "{before:?}");
    assert!(before.out.contains("missing") && before.err.contains("migrate up"), "{before:?}");
    haechi.out(&["migrate", "up"]);
    assert!(!haechi.out(&["migrate", "status"]).contains("missing"));
    let unasked = haechi.run(&["migrate", "down"]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    haechi.out(&["migrate", "down", "--yes"]);
    assert_eq!(haechi.run(&["migrate", "status"]).code, Some(1));
}

#[test]
fn a_database_that_is_away_is_one_sentence_and_what_to_do() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "postgres://h:canary@127.0.0.1:1/h");
    // A server waits for it: `faults::boot`.
    for arguments in [&["users", "list"][..], &["claim"], &["migrate", "up"]] {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(1), "{arguments:?} {done:?}");
        assert_eq!(done.err.lines().count(), 1, "{arguments:?} {done:?}");
        assert!(done.err.contains("refused") && done.err.contains("haechi doctor"), "{arguments:?} {done:?}");
        assert!(!done.err.contains("canary"), "{done:?}");
    }
}

#[test]
fn a_server_that_may_not_migrate_says_what_is_missing() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__MIGRATE_ON_START", "false");
    let done = haechi.run(&["serve"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("haechi migrate up"), "{done:?}");
}
