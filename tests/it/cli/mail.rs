//! `haechi mail`, `haechi users invite` and `haechi users reset-link`.

use haechi::config::Config;
use haechi::config::mail::MailTransport;

use crate::documentation::pages;
use crate::support::binary::Haechi;

#[test]
fn people_are_invited_and_helped_back_in_and_what_became_of_their_mail_is_listed() {
    let haechi = Haechi::new().begun();
    assert!(haechi.out(&["users", "invite", "lee@example.com", "--name", "Lee"]).contains("is invited"));
    assert!(haechi.out(&["users", "invite", "lee@example.com", "--again"]).contains("another link"));
    let state = |haechi: &Haechi| haechi.json(&["users", "show", "lee@example.com"])["status"].clone();
    assert_eq!(state(&haechi), "invited");
    assert_eq!(haechi.json(&["users", "list", "--json"])[0]["status"], "invited");
    assert!(haechi.out(&["users", "list"]).contains("invited"));
    for (state, found) in [("invited", 1), ("active", 0), ("disabled", 0)] {
        let listed = haechi.json(&["users", "list", "--state", state, "--json"]);
        assert_eq!(listed.as_array().unwrap().len(), found, "{state}: {listed}");
    }
    let wrong = haechi.run(&["users", "list", "--state", "away"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("invited"), "{wrong:?}");
    let renamed = haechi.json(&["users", "update", "lee@example.com", "--name", "Lee Jiwoo", "--json"]);
    assert_eq!(renamed["status"], "invited");
    assert_eq!(renamed["name"], "Lee Jiwoo");
    let file = haechi.out(&["users", "export"]);
    assert!(file.contains("\"status\":\"invited\""), "{file}");
    assert!(haechi.out(&["users", "invite", "lee@example.com", "--withdraw"]).contains("not invited any more"));
    assert_eq!(state(&haechi), "active");
    let without = haechi.run(&["users", "reset-link", "lee@example.com"]);
    assert!(without.code == Some(2) && without.err.contains("--reason"), "{without:?}");
    haechi.out(&["users", "reset-link", "lee@example.com", "--reason", "asked at the desk"]);
    let listed = haechi.json(&["mail", "list", "--state", "waiting", "--to", "LEE@"]);
    let purposes: Vec<&str> = listed.as_array().unwrap().iter().map(|mail| mail["for"].as_str().unwrap()).collect();
    assert_eq!(purposes, ["reset_password", "invitation", "invitation"]);
    assert!(!listed.to_string().contains("hott_"), "{listed}");
    let id = listed[0]["id"].as_str().unwrap();
    let shown = haechi.json(&["mail", "show", id]);
    assert_eq!((&shown, shown["state"].as_str()), (&listed[0], Some("waiting")));
    let nothing = haechi.run(&["mail", "show", "eml_018bcfe5680070008000000000000001"]);
    assert!(nothing.code == Some(1) && nothing.err.contains("there is no mail"), "{nothing:?}");
    assert_eq!(haechi.json(&["mail", "drop", id])["dropped"], 1);
    assert_eq!(haechi.json(&["mail", "retry", id])["sent_again"], 0, "what it said is forgotten");
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/mail.md", "docs/mail.ko.md"] {
        let haechi = Haechi::new().begun();
        for block in pages::blocks_of(page, "sh") {
            for line in block.code.lines() {
                let words: Vec<&str> = line.split_whitespace().skip(1).collect();
                let done = haechi.run(&words);
                assert_eq!(done.code, Some(0), "{line}: {done:?}");
            }
        }
        let sample: Config = toml::from_str(&pages::block(page, "toml", "[mail]").code).unwrap();
        assert_eq!(sample.mail.transport, Some(MailTransport::Smtp));
        assert_eq!(sample.problems(), [], "{page}");
    }
}
