//! What makes a server: `haechi serve` and nothing else.

use crate::support::binary::Haechi;

/// Commands that look at a server, or change one.
const OTHERS: &[&[&str]] = &[
    &["claim"],
    &["users", "list"],
    &["clients", "list"],
    &["clients", "problems"],
    &["connections", "list"],
    &["keys", "list"],
    &["keys", "rotate"],
    &["sessions", "end-all", "--yes"],
    &["audit"],
    &["issuer", "show"],
    &["migrate", "status"],
    &["migrate", "up"],
    &["migrate", "down", "--yes"],
];

fn on_sqlite() -> Haechi {
    Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db")
}

#[test]
fn in_a_folder_without_a_server_every_other_command_says_where_it_looked_and_leaves_nothing_behind() {
    let haechi = on_sqlite();
    let looked = haechi.folder.path().canonicalize().unwrap().join("haechi.db").display().to_string();
    for arguments in OTHERS {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(1), "{arguments:?} {done:?}");
        for word in [looked.as_str(), "haechi serve", "--config"] {
            assert!(done.err.contains(word), "{arguments:?}: {word} is not in {done:?}");
        }
        assert_eq!(std::fs::read_dir(haechi.folder.path()).unwrap().count(), 0, "{arguments:?} made something");
    }
}

#[test]
fn an_empty_database_is_no_server_either() {
    let haechi = Haechi::new().begun();
    haechi.out(&["migrate", "down", "--yes"]);
    let done = haechi.run(&["users", "list"]);
    assert!(done.code == Some(1) && done.err.contains("there is no database of Haechi at"), "{done:?}");
    assert!(!done.err.contains("canary"), "{done:?}");
}

#[test]
fn a_key_that_is_gone_is_missed_by_all_and_replaced_by_none() {
    let haechi = Haechi::new().begun();
    let key = haechi.folder.path().join("keys/key-encryption.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    for arguments in [&["serve"][..], &["keys", "list"], &["claim"]] {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(1), "{arguments:?} {done:?}");
        let looked = "keys/key-encryption.key";
        assert!(done.err.contains("no key-encryption key at /") && done.err.contains(looked), "{arguments:?} {done:?}");
        assert!(!key.exists(), "{arguments:?} made another key, which opens nothing");
    }
    std::fs::write(&key, kept).unwrap();
    haechi.out(&["keys", "list"]);
}

#[test]
fn a_configuration_file_means_the_same_files_wherever_a_command_is_run() {
    let haechi = Haechi::new();
    std::fs::create_dir(haechi.folder.path().join("server")).unwrap();
    haechi.folder.write("server/haechi.toml", "[database]\nurl = 'sqlite:data.db'\n");
    let config = ["--config", "server/haechi.toml"];
    let shown = haechi.out(&[&config[..], &["config", "show"]].concat());
    // Where the tests run on PostgreSQL, a variable says so, and goes before the file.
    if !haechi.database_url().starts_with("postgres:") {
        assert!(shown.contains("sqlite:server/data.db"), "{shown}");
    }
    assert!(shown.contains("folder = \"server/keys\""), "{shown}");
    let variable = haechi.set("HAECHI_KEYS__FOLDER", "own");
    let shown = variable.out(&[&config[..], &["config", "show"]].concat());
    assert!(shown.contains("folder = \"own\""), "{shown}");
}

/// What Haechi knows by itself it says without a server.
#[test]
fn what_is_the_same_on_every_server_needs_none() {
    let haechi = on_sqlite();
    for arguments in [&["connections", "presets"][..], &["connections", "presets", "--json"], &["recipes"]] {
        haechi.out(arguments);
        assert_eq!(std::fs::read_dir(haechi.folder.path()).unwrap().count(), 0, "{arguments:?} made something");
    }
}
