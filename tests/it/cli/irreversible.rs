//! What cannot be taken back is asked for at a terminal, and needs `--yes` without one.

use super::PASSWORD;
use crate::support::binary::Haechi;

fn furnished() -> Haechi {
    let haechi = Haechi::new().begun();
    let made = haechi.run_with(&["users", "create", "kim@example.com"], &format!("{PASSWORD}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let client = ["clients", "create", "--kind", "service", "--name", "Nightly", "--client-id", "nightly"];
    haechi.out(&client);
    haechi.out(&["connections", "create", "--preset", "google", "--client-id", "x.example", "--no-secret"]);
    haechi
}

fn a_key(haechi: &Haechi) -> String {
    let keys = haechi.json(&["keys", "list", "--json"]);
    keys[0]["id"].as_str().unwrap().to_owned()
}

/// Everything that could have gone, as it is.
fn everything(haechi: &Haechi) -> String {
    ["users", "clients", "connections", "keys"].map(|kind| haechi.out(&[kind, "list", "--json"])).join("")
        + &haechi.out(&["issuer", "show"])
}

#[test]
fn nothing_irreversible_is_done_unless_somebody_says_yes() {
    let haechi = furnished();
    let key = a_key(&haechi);
    let before = everything(&haechi);
    for arguments in [
        &["users", "delete", "kim@example.com"][..],
        &["users", "revoke-sessions", "--all"],
        &["clients", "delete", "nightly"],
        &["clients", "withdraw", "nightly", "--everybody"],
        &["connections", "delete", "google"],
        &["keys", "revoke", &key],
        &["sessions", "end-all"],
        &["issuer", "change", "https://id.example.com"],
        &["migrate", "down"],
    ] {
        let unasked = haechi.run(arguments);
        assert_eq!(unasked.code, Some(1), "{arguments:?} {unasked:?}");
        for word in ["nothing was", "--yes", "without a terminal"] {
            assert!(unasked.err.contains(word), "{word}: {arguments:?} {unasked:?}");
        }
        for answer in ["n\n", "\n", "perhaps\n", ""] {
            let refused = haechi.at_terminal(arguments, answer);
            assert_eq!(refused.code, Some(1), "{arguments:?} {refused:?}");
            assert!(refused.err.contains("[y/N]") && refused.err.contains("nothing was"), "{arguments:?} {refused:?}");
        }
    }
    assert_eq!(everything(&haechi), before);
}

#[test]
fn at_a_terminal_a_yes_is_enough_and_without_one_the_argument() {
    let haechi = furnished();
    let key = a_key(&haechi);
    for arguments in [&["clients", "delete", "nightly"][..], &["keys", "revoke", &key]] {
        let agreed = haechi.at_terminal(arguments, "y\n");
        assert_eq!(agreed.code, Some(0), "{arguments:?} {agreed:?}");
    }
    assert!(!haechi.out(&["keys", "list"]).contains(&key));
    let next = a_key(&haechi);
    let gone = haechi.json(&["keys", "revoke", &next, "--yes", "--json"]);
    assert_eq!(gone, serde_json::json!({ "revoked": next }));
    let unknown = haechi.run(&["keys", "revoke", &next, "--yes"]);
    assert!(unknown.code == Some(1) && unknown.err.contains("haechi keys list"), "{unknown:?}");
}
