//! `haechi users` and `haechi sessions`.

use super::PASSWORD;
use super::help::words;
use crate::documentation::pages;
use crate::support::binary::{Done, Haechi};

fn create(haechi: &Haechi, arguments: &[&str]) -> Done {
    haechi.run_with(&[&["users", "create"], arguments].concat(), &format!("{PASSWORD}\n"))
}

#[test]
fn an_account_is_made_changed_and_listed() {
    let haechi = Haechi::new().begun();
    let made = create(&haechi, &["kim@example.com", "--name", "김민지", "--administrator", "--verified", "--json"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    assert_eq!(made["roles"][0], "administrator");
    assert_eq!(create(&haechi, &["lee@example.com"]).code, Some(0));

    haechi.out(&["users", "disable", "lee@example.com"]);
    let all = haechi.json(&["users", "list", "--json"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[1]["status"], "disabled");
    for (state, email) in [("disabled", "lee@example.com"), ("active", "kim@example.com")] {
        let some = haechi.json(&["users", "list", "--state", state, "--json"]);
        assert_eq!(some.as_array().unwrap().len(), 1, "{state}: {some}");
        assert_eq!(some[0]["email"], email, "{state}");
    }
    let found = haechi.json(&["users", "list", "--json", "--search", "김민"]);
    assert_eq!(found[0]["email"], "kim@example.com");
    let table = haechi.out(&["users", "list"]);
    assert!(table.starts_with("ID") && table.contains("김민지"), "{table}");

    haechi.out(&["users", "enable", "lee@example.com"]);
    haechi.out(&["users", "roles", "lee@example.com", "--role", "owner", "--role", "auditor"]);
    let lee = haechi.json(&["users", "show", "lee@example.com"]);
    assert_eq!(lee["roles"], serde_json::json!(["owner", "auditor"]));
    haechi.out(&["users", "roles", "kim@example.com", "--none"]);
    let set = haechi.run_with(
        &["users", "set-password", "kim@example.com", "--reason", "seen in person"],
        "another bridge over water\n",
    );
    assert_eq!(set.code, Some(0), "{set:?}");
    haechi.out(&["users", "revoke-sessions", "kim@example.com"]);
    assert!(haechi.out(&["users", "revoke-sessions", "--all", "--yes"]).contains("every account is signed out"));
    assert_eq!(haechi.json(&["sessions", "list", "kim@example.com", "--json"]), serde_json::json!([]));

    let audit = haechi.json(&["audit", "--json"]);
    let kinds: Vec<_> = audit.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    for kind in
        ["user_created", "user_disabled", "user_enabled", "user_changed", "password_changed", "sessions_revoked"]
    {
        assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
    }
    assert!(audit.as_array().unwrap().iter().all(|event| event["actor"]["kind"] == "operator"), "{audit}");
}

#[test]
fn what_is_shown_can_be_read_again() {
    let haechi = Haechi::new().begun();
    // The names of OpenID Connect's claims.
    let account = r#"{"email": "kim@example.com", "email_verified": true, "name": "김민지", "given_name": "민지", "family_name": "김",
        "name#en": "Kim Minji", "preferred_username": "minji", "picture": "https://example.com/kim.png", "birthdate": "0000-02-29",
        "zoneinfo": "Asia/Seoul", "locale": "ko", "phone_number": "+821012345678", "address": {"country": "KR"}, "roles": ["auditor"]}"#;
    haechi.folder.write("user.json", account);
    let made = haechi.json(&["users", "create", "--file", "user.json", "--json"]);
    let asked: serde_json::Value = serde_json::from_str(account).unwrap();
    let shown = haechi.out(&["users", "show", "kim@example.com", "--json"]);
    let mut document: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert!(document.as_object_mut().unwrap().remove("memberships").is_some(), "{document}");
    assert_eq!(document, made);
    for (name, value) in asked.as_object().unwrap() {
        assert_eq!(&document[name], value, "{name}");
    }
    let unchanged = haechi.run_with(&["users", "update", "kim@example.com", "--file", "-"], &shown);
    assert!(unchanged.code == Some(0) && unchanged.out.contains("unchanged"), "{unchanged:?}");
    assert_eq!(haechi.out(&["users", "show", "kim@example.com"]), shown);

    let renamed = shown.replace("김민지", "김민서");
    let changed = haechi.run_with(&["users", "update", "kim@example.com", "--file", "-"], &renamed);
    assert_eq!(changed.code, Some(0), "{changed:?}");
    let stale = haechi.run_with(&["users", "update", "kim@example.com", "--file", "-"], &shown);
    assert!(stale.code == Some(1) && stale.err.contains("version"), "{stale:?}");
    let typo = haechi.run_with(&["users", "update", "kim@example.com", "--file", "-"], r#"{"nickame": "x"}"#);
    assert!(typo.code == Some(2) && typo.err.contains("did you mean nickname?"), "{typo:?}");
    let wrong = haechi
        .run_with(&["users", "update", "kim@example.com", "--file", "-"], r#"{"picture": "x", "birthdate": "88"}"#);
    assert!(wrong.code == Some(1) && wrong.err.contains("picture: ") && wrong.err.contains("birthdate: "), "{wrong:?}");

    // By arguments: a new address is not verified.
    let moved =
        haechi.json(&["users", "update", "kim@example.com", "--email", "minji@example.com", "--name", "", "--json"]);
    assert_eq!((&moved["email"], &moved["email_verified"]), (&"minji@example.com".into(), &false.into()));
    assert!(moved.get("name").is_none(), "{moved}");

    let elsewhere = Haechi::new().begun();
    elsewhere.folder.write("user.json", haechi.out(&["users", "show", "minji@example.com"]));
    let copy = elsewhere.json(&["users", "create", "--file", "user.json", "--json"]);
    assert_eq!((&copy["given_name"], &copy["roles"]), (&"민지".into(), &serde_json::json!(["auditor"])));
    assert_ne!(copy["sub"], moved["sub"]);
}

#[test]
fn what_cannot_be_done_is_said_and_ends_with_status_1() {
    let haechi = Haechi::new().begun();
    assert_eq!(create(&haechi, &["kim@example.com", "--administrator"]).code, Some(0));
    for (arguments, message) in [
        (&["users", "disable", "kim@example.com"][..], "last administrator"),
        (&["users", "roles", "kim@example.com", "--none"], "last administrator"),
        (&["users", "disable", "nobody@example.com"], "no account"),
        (&["sessions", "revoke", "kim@example.com", "sid_00000000000000000000000000000000"], "no session"),
    ] {
        let done = haechi.run(arguments);
        assert_eq!(done.code, Some(1), "{arguments:?} {done:?}");
        assert!(done.err.contains(message), "{arguments:?} {done:?}");
    }
    let wrong = create(&haechi, &["nonsense"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("'nonsense'"), "{wrong:?}");
    let taken = create(&haechi, &["KIM@example.com"]);
    assert!(taken.code == Some(1) && taken.err.contains("taken"), "{taken:?}");
    let short = haechi.run_with(&["users", "create", "lee@example.com"], "short\n");
    assert_eq!(short.code, Some(1), "{short:?}");
}

#[test]
fn an_account_is_deleted_for_good_when_that_is_said() {
    let haechi = Haechi::new().begun();
    assert_eq!(create(&haechi, &["kim@example.com", "--administrator"]).code, Some(0));
    let lee: serde_json::Value = serde_json::from_str(&create(&haechi, &["lee@example.com", "--json"]).out).unwrap();
    let id = lee["sub"].as_str().unwrap();
    let unsaid = haechi.run(&["users", "delete", "lee@example.com"]);
    assert!(unsaid.code == Some(1) && unsaid.err.contains("--yes"), "{unsaid:?}");
    let last = haechi.run(&["users", "delete", "kim@example.com", "--yes"]);
    assert!(last.code == Some(1) && last.err.contains("last administrator"), "{last:?}");
    assert_eq!(haechi.json(&["users", "list", "--json"]).as_array().unwrap().len(), 2, "nothing was deleted");

    let gone = haechi.json(&["users", "delete", "lee@example.com", "--yes", "--json"]);
    assert_eq!(gone, serde_json::json!({ "deleted": id }));
    for name in ["lee@example.com", id] {
        let again = haechi.run(&["users", "delete", name, "--yes"]);
        assert!(again.code == Some(1) && again.err.contains("no account"), "{again:?}");
    }
    let audit = haechi.json(&["audit", "--json"]);
    let entry = audit.as_array().unwrap().iter().find(|event| event["kind"] == "user_deleted").unwrap();
    assert_eq!((&entry["user"], &entry["actor"]["kind"]), (&id.into(), &"operator".into()));
    assert!(!entry.to_string().contains("lee@"), "{entry}");

    let made: serde_json::Value = serde_json::from_str(&create(&haechi, &["lee@example.com", "--json"]).out).unwrap();
    assert_ne!(made["sub"], lee["sub"]);
    let told = haechi.out(&["users", "delete", made["sub"].as_str().unwrap(), "--yes"]);
    assert!(told.contains("lee@example.com") && told.contains("is deleted"), "{told}");
}

#[test]
fn a_password_is_never_an_argument() {
    let haechi = Haechi::new().begun();
    let help = haechi.out(&["users", "create", "--help"]);
    assert!(!help.contains("--password "), "{help}");
    let nothing = haechi.run(&["users", "create", "kim@example.com"]);
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert!(nothing.err.contains("standard input"), "{nothing:?}");
}

#[test]
fn an_address_is_confirmed_by_an_administrator_and_that_is_taken_back() {
    let haechi = Haechi::new().begun();
    haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
    let verified = || haechi.json(&["users", "show", "kim@example.com"])["email_verified"].clone();
    assert_eq!(verified(), false);
    assert_eq!(haechi.out(&["users", "verify", "kim@example.com"]).trim(), "kim@example.com is confirmed.");
    assert_eq!(verified(), true);
    assert_eq!(haechi.out(&["users", "verify", "kim@example.com"]).trim(), "kim@example.com is confirmed already.");
    let undone = haechi.json(&["users", "verify", "kim@example.com", "--undo", "--json"]);
    assert_eq!((&undone["email_verified"], verified()), (&false.into(), false.into()));
    // `update --verified` is the same.
    haechi.out(&["users", "update", "kim@example.com", "--verified"]);
    assert_eq!(verified(), true);
    let log = haechi.json(&["audit", "--json"]);
    let about = |event: &&serde_json::Value| event["kind"] == "user_changed" && event["detail"] == "email_verified";
    assert_eq!(log.as_array().unwrap().iter().filter(about).count(), 3, "{log}");
    assert_eq!(haechi.run(&["users", "verify", "nobody@example.com"]).code, Some(1));
}

#[test]
fn claims_are_set_by_the_command_line() {
    let haechi = Haechi::new().begun();
    let said = ["--preferred-username", "kim", "--picture", "https://example.com/kim.png", "--zoneinfo", "Asia/Seoul"];
    haechi.out(&[&["users", "create", "kim@example.com", "--no-password"], &said[..]].concat());
    haechi.out(&["users", "update", "kim@example.com", "--nickname", "해치", "--phone-number", "+82 10-1234-5678"]);
    let shown = haechi.json(&["users", "show", "kim@example.com"]);
    assert_eq!((&shown["preferred_username"], &shown["nickname"]), (&"kim".into(), &"해치".into()));
    assert_eq!((&shown["phone_number"], &shown["zoneinfo"]), (&"+821012345678".into(), &"Asia/Seoul".into()));
    let odd = haechi.run(&["users", "update", "kim@example.com", "--picture", "javascript:alert(1)"]);
    assert!(odd.code == Some(1) && odd.err.contains("picture"), "{odd:?}");
}

#[test]
fn the_audit_log_shows_the_address_of_an_account_that_is_still_there() {
    let haechi = Haechi::new().begun();
    haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
    haechi.out(&["users", "create", "lee@example.com", "--no-password"]);
    let id = haechi.json(&["users", "show", "kim@example.com"])["sub"].as_str().unwrap().to_owned();
    let log = haechi.out(&["audit"]);
    assert!(log.contains(&format!("{id} kim@example.com")) && log.contains("lee@example.com"), "{log}");
    haechi.out(&["users", "delete", "kim@example.com", "--yes"]);
    let log = haechi.out(&["audit", "--all"]);
    assert!(log.contains(&id) && !log.contains("kim@example.com"), "{log}");
    let programs = haechi.out(&["audit", "--json"]);
    assert!(!programs.contains("lee@example.com"), "{programs}");
}

#[test]
fn attributes_are_declared_filled_in_and_taken_back() {
    let haechi = Haechi::new().begun();
    haechi.out(&["attributes", "define", "level", "--type", "number", "--label", "Level", "--label-in", "ko=등급"]);
    haechi.out(&["attributes", "define", "teams", "--type", "texts", "--end-user", "read"]);
    haechi.out(&["attributes", "define", "level", "--end-user", "write"]);
    let listed = haechi.json(&["attributes", "list", "--json"]);
    assert_eq!((&listed[0]["end_user_access"], &listed[0]["label#ko"]), (&"write".into(), &"등급".into()));
    let made = ["--attribute", "level=7", "--attribute", "teams=red; blue"];
    assert_eq!(create(&haechi, &[&["kim@example.com"], &made[..]].concat()).code, Some(0));
    let shown = haechi.json(&["users", "show", "kim@example.com"]);
    assert_eq!(shown["attributes"], serde_json::json!({ "level": 7, "teams": ["red", "blue"] }));
    let shown = haechi.json(&["users", "update", "kim@example.com", "--attribute", "teams=", "--json"]);
    assert_eq!(shown["attributes"], serde_json::json!({ "level": 7 }));
    for bad in ["level=high", "salary=1"] {
        let refused = haechi.run(&["users", "update", "kim@example.com", "--attribute", bad]);
        assert!(refused.code != Some(0) && refused.err.contains("attribute"), "{refused:?}");
    }
    haechi.out(&["attributes", "delete", "level", "--yes"]);
    assert_eq!(haechi.json(&["users", "show", "kim@example.com"]).get("attributes"), None);
    assert_eq!(haechi.run(&["attributes", "delete", "level", "--yes"]).code, Some(1));
}

#[test]
fn people_are_brought_along_and_taken_elsewhere() {
    let haechi = Haechi::new().begun();
    let people = "email,name,phone_number,password_hash\n\
        kim@example.com,Kim,'+821012345678,pbkdf2_sha256$1000$seasalt12$0K1r+Vs2AU04YnEYIm3t41kFbuMJBTyb2SRJ64+OMCM=\n\
        nowhere,Lee,,\nlee@example.com,Lee\n";
    haechi.folder.write("people.csv", people);
    let tried = haechi.run(&["users", "import", "people.csv", "--dry-run"]);
    assert!(tried.code == Some(1) && tried.out.contains("row 3 nowhere: email"), "{tried:?}");
    assert!(tried.out.contains("row 4") && tried.err.contains("3 rows: 1 would be created"), "{tried:?}");
    assert!(tried.out.contains("row 2 kim@example.com: would be created\n"), "{tried:?}");
    let planned: serde_json::Value =
        serde_json::from_str(&haechi.run(&["users", "import", "people.csv", "--dry-run", "--json"]).out).unwrap();
    assert_eq!((&planned["planned"][0]["outcome"], &planned["rows"][0]["row"]), (&"created".into(), &3.into()));
    assert_eq!(haechi.json(&["users", "list", "--json"]), serde_json::json!([]));
    let done = haechi.run(&["users", "import", "people.csv", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((done.code, &report["created"], &report["rows"][0]["row"]), (Some(1), &1.into(), &3.into()), "{done:?}");
    assert_eq!(haechi.json(&["users", "show", "kim@example.com"])["phone_number"], "+821012345678");

    let lines = haechi.out(&["users", "export"]);
    assert!(lines.lines().count() == 1 && !lines.contains("password_hash"), "{lines}");
    haechi.folder.write("moved.jsonl", haechi.out(&["users", "export", "--with-password-hashes"]));
    let table = haechi.out(&["users", "export", "--format", "csv"]);
    assert!(table.contains("'+821012345678"), "{table}");
    haechi.out(&["users", "delete", "kim@example.com", "--yes"]);
    assert_eq!(haechi.run(&["users", "import", "moved.jsonl"]).code, Some(0));
    assert!(haechi.out(&["users", "export", "--with-password-hashes"]).contains("pbkdf2_sha256$1000$seasalt12$"));
    let parameters = r#"{ "base64_signer_key": "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
        "base64_salt_separator": "Bw==", "rounds": 8, "mem_cost": 14 }"#;
    haechi.folder.write("hash-parameters.json", parameters);
    let row = r#"{"email": "fire@example.com", "password_salt": "42xEC+ixf3L2lw==", "password_hash": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="}"#;
    haechi.folder.write("firebase.jsonl", row);
    let taken = haechi.run(&["users", "import", "firebase.jsonl", "--firebase", "hash-parameters.json"]);
    assert_eq!(taken.code, Some(0), "{taken:?}");
}

#[test]
fn a_table_whose_head_names_other_columns_is_refused_once_with_those_that_there_are() {
    let haechi = Haechi::new().begun();
    haechi.folder.write("people.csv", "E-Mail,Vorname\nkim@example.com,Kim\nlee@example.com,Lee\n");
    let done = haechi.run(&["users", "import", "people.csv"]);
    assert!(done.code == Some(1) && done.out.is_empty(), "{done:?}");
    assert!(done.err.contains("there is no column E-Mail; did you mean email?\n"), "{done:?}");
    assert!(done.err.contains("there is no column Vorname\n") && done.err.contains("email is missing"), "{done:?}");
    assert!(done.err.contains("given_name"), "{done:?}");
    // Without a name that says so, what is in it does.
    let piped = haechi.run_with(&["users", "import", "-", "--dry-run"], "email,given_name\nkim@example.com,Kim\n");
    assert!(piped.code == Some(0) && piped.out == "row 2 kim@example.com: would be created\n", "{piped:?}");
    let piped = haechi.run_with(&["users", "import", "-", "--dry-run"], "\n{\"email\": \"kim@example.com\"}\n");
    assert!(piped.code == Some(0) && piped.out == "row 2 kim@example.com: would be created\n", "{piped:?}");
    let many = (0..120).map(|n| format!("p{n}@example.com")).collect::<Vec<_>>().join("\n") + "\n";
    haechi.folder.write("many.txt", format!("email\n{many}"));
    let tried = haechi.run(&["users", "import", "many.txt", "--dry-run"]);
    assert_eq!((tried.code, tried.out.lines().count()), (Some(0), 100), "{tried:?}");
    assert!(tried.err.contains("20 further rows") && tried.err.contains("120 rows: 120 would be"), "{tried:?}");
}

#[test]
fn who_has_no_role_is_not_recovered_and_is_told_what_else_helps() {
    let haechi = Haechi::new().begun();
    create(&haechi, &["kim@example.com"]);
    let done = haechi.run(&["users", "recover", "kim@example.com", "--reason", "lost the phone", "--yes"]);
    assert!(done.code == Some(1) && !done.err.contains("no such account"), "{done:?}");
    assert!(done.err.contains("kim@example.com has no role") && done.err.contains("users set-password"), "{done:?}");
}

#[test]
fn the_guide_of_second_factors_does_what_it_says() {
    for page in ["docs/second-factors.md", "docs/second-factors.ko.md"] {
        let haechi = Haechi::new().begun();
        create(&haechi, &["kim@example.com", "--administrator"]);
        for block in pages::blocks_of(page, "sh") {
            for line in block.code.lines() {
                let words = words(line);
                let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
                let done = haechi.run(&words);
                assert_eq!(done.code, Some(0), "{line}: {done:?}");
            }
        }
        let audit = haechi.json(&["audit", "--json"]);
        let kinds: Vec<_> = audit.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"factors_reset") && kinds.contains(&"account_recovered"), "{kinds:?}");
    }
}
