//! `haechi migrate`.

use crate::support::binary::Haechi;

#[test]
fn the_schema_goes_up_and_down() {
    let haechi = Haechi::new();
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
fn a_server_that_may_not_migrate_says_what_is_missing() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__MIGRATE_ON_START", "false");
    let done = haechi.run(&["serve"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("haechi migrate up"), "{done:?}");
}
