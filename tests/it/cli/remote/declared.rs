//! `haechi export`, `plan`, `apply` and `release` of a server elsewhere: the files, and the secrets that they refer to, are on the own machine.

use serde_json::{Value, json};

use super::{Elsewhere, code_of, own_machine};
use crate::support::binary::Haechi;

const SECRET: &str = "kf3QxT9vLp2RzW8mYb5NcH7d";

const FILE: &str = r#"
[[clients]]
client_id = "shop"
client_name = "Shop"
kind = "service"
roles = ["auditor"]
scope = "haechi:read"
client_secret = { env = "SHOP_SECRET" }

[[groups]]
name = "staff"
label = "Staff"

[[connections]]
slug = "google"
preset = "google"
client_id = "we"
client_secret = { file = "google.secret" }
enabled = true

[[webhooks]]
name = "warehouse"
url = "https://hooks.example/in"
secret = { command = ["printf", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] }

[branding]
product_name = "Books"
"#;

/// A server, and a machine that acts as a service account and has the files.
fn with_files() -> Elsewhere {
    let Elsewhere { server, running, own } = Elsewhere::with_service();
    let own = own.set("SHOP_SECRET", SECRET);
    own.folder.write("declared.toml", FILE);
    own.folder.write("google.secret", "a-secret-of-ours\n");
    Elsewhere { server, running, own }
}

fn changes(haechi: &Haechi, arguments: &[&str]) -> Vec<String> {
    let steps = haechi.json(&[arguments, &["--json"]].concat());
    let changed = steps.as_array().unwrap().iter().filter(|step| step["action"] != "keep");
    changed.map(|step| format!("{} {}", step["action"].as_str().unwrap(), step["name"].as_str().unwrap())).collect()
}

#[test]
fn files_are_applied_elsewhere_with_the_secrets_of_the_own_machine() {
    let Elsewhere { server, running: _running, own } = with_files();
    let planned = own.out(&["plan", "declared.toml"]);
    for line in ["+ client shop", "+ group staff", "+ connection google", "+ webhook warehouse", "~ policy branding"] {
        assert!(planned.contains(line), "{planned}");
    }
    assert!(!planned.contains("secret:"), "{planned}");
    assert_eq!(server.run(&["clients", "show", "shop"]).code, Some(1), "a plan does nothing");
    let drift = own.run(&["plan", "--check", "declared.toml"]);
    assert_eq!(drift.code, Some(1), "{drift:?}");

    own.out(&["apply", "declared.toml"]);
    let again = own.run(&["apply", "declared.toml"]);
    assert!(again.code == Some(0) && again.out.is_empty() && again.err.contains("5 as declared"), "{again:?}");
    assert_eq!(server.json(&["connections", "show", "google"])["enabled"], true);
    assert_eq!(server.json(&["branding", "show"])["product_name"], "Books");
    let shop = own_machine()
        .set("HAECHI_SERVER", &server.issuer())
        .set("HAECHI_CLIENT_ID", "shop")
        .set("HAECHI_CLIENT_SECRET", SECRET);
    shop.out(&["users", "list"]);
    let refused = shop.run(&["apply", "--json", own.folder.path().join("declared.toml").to_str().unwrap()]);
    assert_eq!(refused.code, Some(2), "what it refers to is not there: {refused:?}");
    let plain = shop.folder.write("plain.toml", "[[groups]]\nname = \"crew\"\n");
    let refused = shop.run(&["apply", "--json", plain.to_str().unwrap()]);
    assert_eq!((refused.code, code_of(&refused)), (Some(1), json!("insufficient_scope")), "{refused:?}");

    for format in ["toml", "yaml", "json"] {
        let export = ["export", "--format", format];
        assert_eq!(own.out(&export), server.out(&export), "{format}");
        let file = format!("exported.{format}");
        own.folder.write(&file, own.out(&export));
        assert_eq!(own.run(&["plan", "--check", "--prune", &file]).code, Some(0), "{format}");
    }
    assert_eq!(own.json(&["export", "--json"]), server.json(&["export", "--json"]));
    let audit = server.json(&["audit", "--kind", "client_created", "--json"]);
    assert_eq!(audit[0]["actor"], json!({ "kind": "client", "id": "machine" }));
    assert!(!own.folder.path().join("haechi.db").exists(), "nothing is done on the own machine");
}

#[test]
fn what_is_not_declared_goes_when_that_is_agreed_to_and_who_applies_stays() {
    let Elsewhere { server, running: _running, own } = with_files();
    own.out(&["apply", "declared.toml"]);
    own.out(&["clients", "update", "shop", "--name", "Another"]);
    own.out(&["groups", "define", "crew"]);
    let asked = own.run(&["apply", "--prune", "declared.toml"]);
    assert!(asked.code == Some(1) && asked.err.contains("group crew"), "{asked:?}");
    assert_eq!(changes(&own, &["plan", "--prune", "declared.toml"]), ["change shop", "delete crew"]);
    assert_eq!(changes(&own, &["apply", "--prune", "--yes", "declared.toml"]), ["change shop", "delete crew"]);
    assert_eq!(changes(&own, &["plan", "--prune", "declared.toml"]), [""; 0]);
    assert_eq!(server.json(&["clients", "show", "machine"])["enabled"], true, "nothing of it was half done");
}

#[test]
fn what_is_wrong_with_a_file_is_said_as_it_is_here() {
    let Elsewhere { server, running: _running, own } = with_files();
    for text in [
        "[[clients]]\nclient_id = \"shop\"\nclient_name = \"Shop\"\nredirect_uris = [\"https://shop.example/*\"]\n",
        "[[groups]]\nname = \"staff\"\nroles = [\"nobody\"]\n",
        "[[clients]]\nclient_nam = \"Shop\"\n",
    ] {
        for machine in [&own, &server] {
            machine.folder.write("wrong.toml", text);
        }
        let (there, here) = (own.run(&["apply", "wrong.toml"]), server.run(&["apply", "wrong.toml"]));
        assert_eq!((there.code, &there.err), (here.code, &here.err), "{text}");
    }
    own.folder
        .write("large.toml", format!("[[groups]]\nname = \"staff\"\ndescription = \"{}\"\n", "x".repeat(4 << 20)));
    let large = own.run(&["plan", "large.toml"]);
    assert!(large.code == Some(2) && large.err.contains("on the server's own machine"), "{large:?}");
}

#[test]
fn what_files_manage_is_given_back_over_the_network() {
    let Elsewhere { server, running: _running, own } = with_files();
    let more = "\n[[attributes]]\nname = \"level\"\n\n[[apis]]\nresource = \"https://orders.example/\"\n\n[[roles]]\nname = \"reader\"\n\n\
                [[claim_rules]]\nname = \"crew\"\nclaim = \"crew\"\nsource = \"groups\"\nscope = \"profile\"\n";
    let (named, branding) = FILE.split_once("[branding]").unwrap();
    own.folder.write("declared.toml", format!("{named}{more}\n[branding]{branding}"));
    own.out(&["apply", "--owner", "gitops", "declared.toml"]);
    let update = ["clients", "update", "shop", "--name", "Another", "--json"];
    let managed = own.run(&update);
    assert_eq!((managed.code, code_of(&managed)), (Some(1), json!("managed")), "{managed:?}");
    for (kind, name) in [
        ("client", "shop"),
        ("group", "staff"),
        ("role", "reader"),
        ("connection", "google"),
        ("webhook", "warehouse"),
        ("attribute", "level"),
        ("api", "https://orders.example"),
        ("claim_rule", "crew"),
        ("policy", "branding"),
    ] {
        let released = own.json(&["release", kind, name, "--json"]);
        assert_eq!(released, json!({ "kind": kind, "name": name, "released_from": "gitops" }));
        let again = server.json(&["release", kind, name, "--json"]);
        assert_eq!(again["released_from"], Value::Null, "{kind}");
    }
    own.out(&update);
    for (kind, name) in
        [("client", "nobody"), ("webhook", "nobody"), ("api", "https://nothing.example/"), ("policy", "x")]
    {
        let missing = own.run(&["release", kind, name]);
        assert!(missing.code == Some(1) && missing.err.contains("there is no"), "{missing:?}");
    }
}

#[test]
fn a_secret_that_was_made_elsewhere_is_printed_although_something_behind_it_is_refused() {
    let Elsewhere { server: _server, running: _running, own } = with_files();
    let text = "[[clients]]\nclient_id = \"shop\"\nclient_name = \"Shop\"\nredirect_uris = [\"https://shop.example/\"]\n\n\
                [[roles]]\nname = \"no name / at all\"\nclient_id = \"shop\"\n";
    own.folder.write("half.toml", text);
    let refused = own.run(&["apply", "half.toml"]);
    assert!(refused.code == Some(1) && refused.err.contains("role shop:no name / at all"), "{refused:?}");
    assert!(refused.out.contains("+ client shop\n    client_secret: "), "{refused:?}");
}
