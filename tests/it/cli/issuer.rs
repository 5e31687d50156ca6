//! `haechi issuer`, and that every command minds whose database it is.

use crate::support::binary::Haechi;

/// A setup on whose database a server was started.
fn started() -> Haechi {
    Haechi::new().begun()
}

#[test]
fn a_server_of_another_issuer_does_not_start_on_the_database_and_no_command_touches_it() {
    let haechi = started();
    let (before, after) = (haechi.issuer(), format!("http://127.0.0.1:{}", haechi.port));
    let haechi = haechi.set("HAECHI_SERVER__ISSUER", &after);
    for arguments in [
        &["serve"][..],
        &["claim"],
        &["users", "list"],
        &["clients", "list"],
        &["connections", "list"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["sessions", "list", "kim@example.com"],
        &["audit"],
        &["migrate", "up"],
        &["migrate", "status"],
        &["migrate", "down", "--yes"],
    ] {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(1), "{arguments:?} {done:?}");
        for word in [before.as_str(), &after, "server.issuer", "database.url", &format!("haechi issuer change {after}")]
        {
            assert!(done.err.contains(word), "{arguments:?}: {word} is not in {done:?}");
        }
    }
    let doctor = haechi.run(&["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("haechi issuer change"), "{doctor:?}");
    // It was not touched: the server that it belongs to starts.
    let haechi = haechi.set("HAECHI_SERVER__ISSUER", &before);
    let mut server = haechi.start();
    server.signal("TERM");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_deliberate_move_is_asked_for_says_what_it_ends_and_is_noted() {
    let haechi = started();
    let (before, after) = (haechi.issuer(), format!("http://127.0.0.1:{}", haechi.port));
    assert_eq!(haechi.out(&["issuer", "show"]).trim(), before);
    let unasked = haechi.run(&["issuer", "change", &after]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    for word in
        ["nothing was changed", "--yes", "tokens", "refresh tokens and sessions go on", "Passkeys belong to the host"]
    {
        assert!(unasked.err.contains(word), "{word} is not in {unasked:?}");
    }
    for bad in ["http://id.example.com", "https://id.example.com/", "id.example.com", "https://id.example.com?x"] {
        assert_eq!(haechi.run(&["issuer", "change", bad, "--yes"]).code, Some(2), "{bad}");
    }
    assert_eq!(haechi.out(&["issuer", "show"]).trim(), before);
    let moved = haechi.out(&["issuer", "change", &after, "--yes"]);
    assert!(!moved.contains("\\n"), "{moved}");
    for word in [before.as_str(), &after, "server.issuer", "redirect URIs"] {
        assert!(moved.contains(word), "{word} is not in {moved}");
    }
    assert_eq!(haechi.run(&["serve"]).code, Some(1), "the configuration is the old one still");
    let haechi = haechi.set("HAECHI_SERVER__ISSUER", &after);
    assert!(haechi.out(&["issuer", "change", &after, "--yes"]).contains("already"));
    let log = haechi.json(&["audit", "--json"]);
    let noted: Vec<_> = log.as_array().unwrap().iter().filter(|event| event["kind"] == "issuer_changed").collect();
    assert_eq!(noted.len(), 1, "{log}");
    assert_eq!(noted[0]["detail"], format!("{before} to {after}"));
    let _server = haechi.start();
}

#[test]
fn a_database_without_a_server_has_no_issuer_to_move() {
    let haechi = Haechi::new().begun();
    haechi.out(&["migrate", "down", "--yes"]);
    haechi.out(&["migrate", "up"]);
    haechi.out(&["users", "list"]);
    for arguments in [&["issuer", "show"][..], &["issuer", "change", "https://id.example.com", "--yes"]] {
        let done = haechi.run(arguments);
        assert!(done.code == Some(1) && done.err.contains("no issuer yet"), "{arguments:?} {done:?}");
    }
    // A command does not say whose it is: the first start does.
    let haechi = haechi.set("HAECHI_SERVER__ISSUER", "https://id.example.com");
    haechi.out(&["users", "list"]);
}
