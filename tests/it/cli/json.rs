//! `--json`: every command prints documents, and says what is wrong with an object.

use serde_json::Value;

use super::PASSWORD;
use crate::support::binary::Haechi;

/// A house with an account, a client and a connection.
fn furnished() -> Haechi {
    let haechi = Haechi::new().begun();
    let made = haechi.run_with(&["users", "create", "kim@example.com"], &format!("{PASSWORD}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let client = ["clients", "create", "--kind", "web", "--name", "Shop", "--client-id", "shop"];
    haechi.out(&[&client[..], &["--redirect-uri", "https://shop.example/cb"]].concat());
    haechi.out(&["connections", "create", "--preset", "google", "--client-id", "x.example", "--no-secret"]);
    haechi
}

/// Every text below a document that stands for an instant, and every number that could be one in milliseconds.
fn instants(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name.ends_with("_at") || name == "at" => vec![text.clone()],
                other => instants(other),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(instants).collect(),
        Value::Number(number) if number.as_i64().is_some_and(|number| number > 100_000_000_000) => {
            vec![number.to_string()]
        }
        _ => Vec::new(),
    }
}

fn is_rfc3339_to_the_second(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00Z"
}

#[test]
fn every_command_prints_a_document_with_times_of_one_form() {
    let haechi = furnished();
    for (arguments, input) in [
        (&["claim"][..], ""),
        (&["config", "check"], ""),
        (&["config", "example"], ""),
        (&["config", "show"], ""),
        (&["users", "list"], ""),
        (&["users", "show", "kim@example.com"], ""),
        (&["users", "create", "lee@example.com", "--no-password"], ""),
        (&["users", "update", "lee@example.com", "--name", "Lee"], ""),
        (&["users", "disable", "lee@example.com"], ""),
        (&["users", "enable", "lee@example.com"], ""),
        (&["users", "roles", "lee@example.com", "--administrator"], ""),
        (&["users", "set-password", "lee@example.com", "--reason", "seen in person"], PASSWORD),
        (&["users", "revoke-sessions", "lee@example.com"], ""),
        (&["users", "delete", "kim@example.com", "--yes"], ""),
        (&["clients", "list"], ""),
        (&["clients", "show", "shop"], ""),
        (&["clients", "update", "shop", "--name", "Shop 2"], ""),
        (&["clients", "disable", "shop"], ""),
        (&["clients", "enable", "shop"], ""),
        (&["clients", "rotate-secret", "shop"], ""),
        (&["clients", "delete", "shop", "--yes"], ""),
        (&["connections", "list"], ""),
        (&["connections", "presets"], ""),
        (&["connections", "rotate-secret", "google"], "second"),
        (&["connections", "enable", "google"], ""),
        (&["connections", "disable", "google"], ""),
        (&["connections", "delete", "google", "--yes"], ""),
        (&["issuer", "show"], ""),
        (&["keys", "list"], ""),
        (&["sessions", "list", "lee@example.com"], ""),
        (&["sessions", "revoke", "lee@example.com"], ""),
        (&["sessions", "end-all", "--yes"], ""),
        (&["audit"], ""),
        (&["migrate", "up"], ""),
        (&["migrate", "status"], ""),
        (&["man", "man1"], ""),
    ] {
        // Before the subcommand or after it: it is one argument.
        let done = haechi.run_with(&[&["--json"], arguments].concat(), input);
        assert_eq!(done.code, Some(0), "{arguments:?} {done:?}");
        let document: Value = serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{arguments:?} {done:?}"));
        for instant in instants(&document) {
            assert!(is_rfc3339_to_the_second(&instant), "{arguments:?}: {instant}");
        }
    }
}

#[test]
fn the_audit_log_comes_whole_as_lines_and_in_any_length() {
    let haechi = furnished();
    for _ in 0..3 {
        haechi.out(&["users", "disable", "kim@example.com"]);
        haechi.out(&["users", "enable", "kim@example.com"]);
    }
    let lines = haechi.out(&["audit", "--all", "--json"]);
    let all: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(all.len() > 6, "{lines}");
    assert_eq!(haechi.json(&["audit", "--limit", "100000", "--json"]).as_array(), Some(&all));
    let some = haechi.json(&["audit", "--limit", "2", "--json"]);
    assert_eq!(some.as_array().unwrap()[..], all[..2]);
    let rest = haechi.json(&["audit", "--before", some[1]["id"].as_str().unwrap(), "--limit", "1", "--json"]);
    assert_eq!(rest[0], all[2]);
    assert!(haechi.out(&["audit", "--limit", "2"]).contains("There are more: --before"));
    assert!(!haechi.out(&["audit", "--all"]).contains("There are more"));
    assert_eq!(haechi.run(&["audit", "--all", "--limit", "2"]).code, Some(2));
}

#[test]
fn an_error_is_one_object_of_one_form_whatever_is_wrong() {
    let haechi = furnished();
    let create = ["clients", "create", "--kind", "web", "--name", "x"];
    for (arguments, status, code) in [
        (&["users", "show", "nobody@example.com"][..], 1, "failed"),
        (&[&create[..], &["--client-id", "shop", "--redirect-uri", "https://a.example/"]].concat(), 1, "taken"),
        (&[&create[..], &["--redirect-uri", "http://shop.example/cb"]].concat(), 1, "invalid"),
        (&["clients", "delete", "shop"], 1, "unconfirmed"),
        (&["keys", "rotate"], 3, "too_early"),
        (&["keys", "rotate", "--algorithm", "HS256"], 2, "usage"),
        (&["nonsense"], 2, "usage"),
        (&["config", "check", "--config", "nowhere.toml"], 2, "settings"),
    ] {
        let done = haechi.run(&[arguments, &["--json"]].concat());
        assert_eq!(done.code, Some(status), "{arguments:?} {done:?}");
        let error: Value = serde_json::from_str(&done.err).unwrap_or_else(|_| panic!("{arguments:?} {done:?}"));
        assert_eq!((&error["code"], &error["exit_status"]), (&code.into(), &status.into()), "{arguments:?} {error}");
        assert!(error["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{arguments:?} {error}");
        assert_eq!(done.err.lines().count(), 1, "{done:?}");
    }
    let wrong = haechi.run(&[&create[..], &["--redirect-uri", "http://shop.example/cb", "--json"]].concat());
    let error: Value = serde_json::from_str(&wrong.err).unwrap();
    let problem = &error["errors"][0];
    assert_eq!((&problem["pointer"], &problem["option"]), (&"/redirect_uris".into(), &"--redirect-uri".into()));
    assert!(problem["code"].is_string() && problem["detail"].is_string() && problem["example"].is_string(), "{error}");
}

#[test]
fn help_stays_text_for_people() {
    let help = Haechi::new().run(&["users", "--help", "--json"]);
    assert!(help.code == Some(0) && help.out.contains("Usage:"), "{help:?}");
}
