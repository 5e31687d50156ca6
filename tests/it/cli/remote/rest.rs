//! What people are like, how they sign in, how pages look, mail and what needs attention, of a server elsewhere; and what still has no way there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use haechi::http::api::OPERATIONS;
use serde_json::json;

use super::{Elsewhere, own_machine};
use crate::support::binary::Haechi;
use crate::support::pictures;

/// Does this over the network: what is answered is what is there then.
fn furnish(own: &Haechi) {
    for arguments in [
        &["users", "create", "kim@example.com", "--name", "Kim", "--no-password"][..],
        &["users", "invite", "lee@example.com"],
        &["clients", "create", "--kind", "service", "--client-id", "shop", "--name", "Shop"],
        &["groups", "define", "staff"],
        &["attributes", "define", "level", "--type", "number", "--label", "Level", "--label-in", "ko=등급"],
        &["attributes", "define", "level", "--end-user", "read"],
        &["claim-rules", "create", "level", "--claim", "level", "--attribute", "level", "--scope", "profile"],
        &[
            "claim-rules",
            "create",
            "crew",
            "--claim",
            "crew",
            "--source",
            "groups",
            "--map",
            "staff=admin",
            "--scope",
            "shop",
        ],
        &[
            "claim-rules",
            "update",
            "crew",
            "--map",
            "staff=",
            "--map",
            "board=admin",
            "--token",
            "access_token",
            "--client",
            "shop",
        ],
        &["managers", "add", "--app", "shop", "kim@example.com", "lee@example.com"],
        &["managers", "add", "--group", "staff", "kim@example.com"],
        &["managers", "remove", "--app", "shop", "lee@example.com"],
        &["sign-in", "set", "--sign-up", "closed", "--password-min-chars", "15"],
        &["branding", "set", "--product-name", "Books", "--text-in", "product_name#ko=책방"],
        &["keys", "algorithms", "--off", "ES384"],
    ] {
        own.out(arguments);
    }
}

#[test]
fn the_rest_is_read_and_changed_at_both_doors_alike() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    furnish(&own);
    for arguments in [
        &["attributes", "list"][..],
        &["claim-rules", "list"],
        &["claim-rules", "show", "crew"],
        &["managers", "list", "--app", "shop"],
        &["managers", "list", "--group", "staff"],
        &["sign-in", "show"],
        &["branding", "show"],
        &["keys", "algorithms"],
    ] {
        assert_eq!(own.out(arguments), server.out(arguments), "{arguments:?}");
        let arguments = [arguments, &["--json"]].concat();
        assert_eq!(own.json(&arguments), server.json(&arguments), "{arguments:?}");
    }
    own.out(&["users", "update", "kim@example.com", "--attribute", "level=7"]);
    assert_eq!(server.json(&["users", "show", "kim@example.com"])["attributes"], json!({ "level": 7 }));
    own.out(&["users", "update", "kim@example.com", "--attribute", "level="]);
    assert!(server.json(&["users", "show", "kim@example.com"]).get("attributes").is_none());
    let rule = server.json(&["claim-rules", "show", "crew"]);
    assert_eq!((&rule["values"], &rule["client_id"]), (&json!({ "board": "admin" }), &json!("shop")), "{rule}");
    assert_eq!(server.json(&["attributes", "list", "--json"])[0]["label#ko"], "등급");
    let managers = server.json(&["managers", "list", "--app", "shop", "--json"]);
    assert_eq!((managers.as_array().unwrap().len(), &managers[0]["email"]), (1, &json!("kim@example.com")));
    assert_eq!(server.json(&["sign-in", "show"])["sign_up"], "closed");
    assert!(server.out(&["keys", "algorithms"]).contains("ES384      off"), "{}", server.out(&["keys", "algorithms"]));
    let (there, here) = (own.json(&["overview", "--json"]), server.json(&["overview", "--json"]));
    assert_eq!(there["attention"], here["attention"]);
    assert!(there["tokens"].is_array() && own.out(&["overview"]).contains("What needs attention"), "{there}");

    assert_eq!(own.json(&["branding", "reset", "--json"]), server.json(&["branding", "show"]));
    for (deleted, list) in [
        (&["claim-rules", "delete", "level", "--yes"][..], &["claim-rules", "list"][..]),
        (&["attributes", "delete", "level", "--yes"], &["attributes", "list"]),
    ] {
        own.out(deleted);
        assert!(!server.out(list).contains("level"), "{deleted:?}");
    }
    assert!(!own.folder.path().join("haechi.db").exists(), "nothing is done on the own machine");
}

#[test]
fn what_is_wrong_is_said_as_it_is_here() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    server.out(&["clients", "create", "--kind", "service", "--client-id", "shop", "--name", "Shop"]);
    for arguments in [
        &["attributes", "define", "1st"][..],
        &["users", "create", "lee@example.com", "--no-password", "--attribute", "nothing=1"],
        &["attributes", "delete", "nothing", "--yes"],
        &["claim-rules", "show", "nothing"],
        &["claim-rules", "create", "Crew", "--claim", "crew", "--source", "groups", "--scope", "profile"],
        &["managers", "list", "--app", "nothing"],
        &["managers", "add", "--group", "nothing", "nobody@example.com"],
        &["managers", "add", "--app", "shop", "nobody@example.com"],
        &["sign-in", "set", "--password-min-chars", "3"],
        &["sign-in", "set", "--password-sign-in", "false"],
        &["branding", "set", "--accent-color", "#fee500"],
        &["keys", "algorithms", "--off", "RS256"],
        &["mail", "show", "eml_018bcfe5680070008000000000000001"],
        &["mail", "test", "nobody"],
    ] {
        let (there, here) = (own.run(arguments), server.run(arguments));
        assert_eq!((there.code, &there.err), (Some(1), &here.err), "{arguments:?}");
    }
}

#[test]
fn a_logo_is_sent_from_the_own_machine() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    own.folder.write("logo.png", pictures::png(64, 64, 1));
    own.folder.write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    own.folder.write("large.png", [pictures::png(8, 8, 1), vec![0; 300 << 10]].concat());
    own.out(&["clients", "create", "--client-id", "shop", "--name", "Shop", "--kind", "service"]);
    let ours = own.json(&["branding", "logo", "logo.png", "--json"]);
    assert_eq!(server.json(&["branding", "show"]), ours);
    assert!(own.out(&["clients", "logo", "shop", "logo.png"]).contains("shop has a new logo"));
    let theirs = server.json(&["clients", "show", "shop"]);
    assert_eq!(theirs["logo_uri"], ours["logo_uri"], "the same picture has the same address");
    for of in [&["branding", "logo"][..], &["clients", "logo", "shop"]] {
        for (file, said) in
            [("logo.svg", "SVG is not taken"), ("large.png", "at most 256 KiB"), ("nowhere.png", "nowhere.png")]
        {
            let refused = own.run(&[of, &[file]].concat());
            assert!(refused.code == Some(1) && refused.err.contains(said), "{refused:?}");
        }
    }
    assert!(own.out(&["clients", "logo", "shop", "--remove"]).contains("no logo"));
    assert!(server.json(&["clients", "show", "shop"]).get("logo_uri").is_none());
    assert!(own.json(&["branding", "logo", "--remove", "--json"]).get("logo_uri").is_none());
    let nobody = own.run(&["clients", "logo", "nobody", "logo.png"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("there is no client nobody"), "{nobody:?}");
}

#[test]
fn mail_is_looked_after_elsewhere() {
    // Nobody listens where its mail would go.
    let server = Haechi::new()
        .set("HAECHI_MAIL__TRANSPORT", "smtp")
        .set("HAECHI_MAIL__HOST", "localhost")
        .set("HAECHI_MAIL__PORT", "9")
        .set("HAECHI_MAIL__ENCRYPTION", "plain")
        .set("HAECHI_MAIL__FROM", "id@example.com");
    let Elsewhere { server, running: _running, own } = Elsewhere::of(server).served();
    own.out(&["users", "invite", "lee@example.com"]);
    let listed = own.json(&["mail", "list", "--for", "invitation", "--to", "LEE@"]);
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(own.json(&["mail", "list", "--to", "kim@"]), json!([]));
    assert_eq!(own.json(&["mail", "list", "--before", id]), json!([]));
    assert_eq!(own.json(&["mail", "drop", id]), json!({ "dropped": 1, "of": 1 }));
    assert_eq!(own.json(&["mail", "drop", id]), json!({ "dropped": 0, "of": 1 }));
    assert_eq!(own.json(&["mail", "retry", id]), json!({ "sent_again": 0, "of": 1 }), "what it said is forgotten");
    for arguments in [&["mail", "list", "--state", "dropped"][..], &["mail", "show", id]] {
        let there = own.json(arguments);
        assert_eq!(there, server.json(arguments), "{arguments:?}");
        assert!(!there.to_string().contains("hott_"), "no link is shown: {there}");
    }
    let test = ["mail", "test", "kim@example.com"];
    let (there, here) = (own.run(&test), server.run(&test));
    assert_eq!((there.code, &there.err), (Some(1), &here.err), "{there:?}");
}

#[test]
fn webhooks_are_told_again_and_consents_are_taken_back_elsewhere() {
    let Elsewhere { server, running: _running, own } = Elsewhere::with_service();
    let made =
        own.json(&["webhooks", "create", "--url", "https://hooks.example/in", "--kind", "user_created", "--json"]);
    let hook = made["id"].as_str().unwrap();
    let sent = own.json(&["webhooks", "test", hook, "--json"]);
    let message = sent["id"].as_str().unwrap();
    assert!(own.out(&["webhooks", "replay", hook, message]).contains("is sent again"));
    let ids = |haechi: &Haechi| {
        let listed = haechi.json(&["webhooks", "messages", hook, "--json"]);
        listed.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((ids(&own), ids(&server)), (vec![json!(message)], vec![json!(message)]));
    assert!(own.out(&["webhooks", "messages", hook]).contains(message));

    own.out(&["users", "create", "kim@example.com", "--no-password"]);
    own.out(&["clients", "create", "--kind", "service", "--client-id", "shop", "--name", "Shop"]);
    assert_eq!(own.out(&["clients", "consents", "shop"]), server.out(&["clients", "consents", "shop"]));
    for (whose, said) in
        [(&["--everybody", "--yes"][..], "everybody"), (&["--user", "kim@example.com"], "kim@example.com")]
    {
        let withdraw = [&["clients", "withdraw", "shop"][..], whose].concat();
        let told = format!("What {said} agreed to for shop is withdrawn.\n");
        assert_eq!((own.out(&withdraw), server.out(&withdraw)), (told.clone(), told));
    }
    let audit = server.json(&["audit", "--kind", "consent_withdrawn", "--json"]);
    assert!(audit.as_array().unwrap().iter().any(|entry| entry["actor"]["kind"] == "client"), "{audit}");
}

#[test]
fn what_has_no_way_there_says_where_it_is_done_and_what_a_program_calls() {
    let own = own_machine()
        .set("HAECHI_SERVER", "https://id.example")
        .set("HAECHI_CLIENT_ID", "machine")
        .set("HAECHI_CLIENT_SECRET", "secret");
    for (arguments, call) in [
        (&["users", "export"][..], "POST /api/v1/users/export"),
        (&["clients", "problems"], "GET /api/v1/problems"),
        (&["keys", "import", "next.pem", "--algorithm", "ES256"], "POST /api/v1/keys/import"),
    ] {
        let refused = own.run(arguments);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.err.contains("on the server's own machine") && refused.err.contains(call), "{refused:?}");
    }
}

/// The names of operations that the command line refers to, wherever it does.
fn called(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            called(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let names = source.split("Instead::Call(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        found.extend(names);
    }
}

#[test]
fn every_operation_that_is_named_instead_is_one() {
    let mut names = BTreeSet::new();
    called(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli"), &mut names);
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        assert!(OPERATIONS.iter().any(|operation| operation.id == name), "there is no {name}");
    }
}
