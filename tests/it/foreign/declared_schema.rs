//! The JSON Schema of declarations, beside a validator that others wrote: what is exported and what the examples have is valid, what is misspelt is not.

use std::fs;

use serde_json::{Value, json};

use super::python;
use crate::documentation::pages;
use crate::support::binary::Haechi;

/// Says of each document whether it is valid, one line each.
const VALIDATE: &str = "
import json, sys, jsonschema_rs
schema, documents = json.load(sys.stdin)
validator = jsonschema_rs.Draft202012Validator(schema)
for document in documents:
    print('; '.join(error.message for error in validator.iter_errors(document)) or 'valid')
";

#[test]
fn what_is_read_is_valid_and_what_is_misspelt_is_not() {
    let Some(mut python) = python() else { return };
    let haechi = Haechi::new().begun().set("SHOP_SECRET", "kf3QxT9vLp2RzW8mYb5NcH7d");
    let blocks = pages::blocks("docs/administration.md");
    let guide = &blocks.iter().find(|block| block.language == "toml").unwrap().code;
    fs::write(haechi.folder.path().join("guide.toml"), guide).unwrap();
    fs::write(haechi.folder.path().join("google.secret"), "a-secret-of-ours").unwrap();
    haechi.out(&["apply", "guide.toml"]);
    let guide: Value = toml::from_str(guide).unwrap();
    let exported = haechi.json(&["export", "--json"]);
    assert_eq!(
        (exported["clients"][0]["client_id"].as_str(), exported["connections"][0]["slug"].as_str()),
        (Some("shop"), Some("google"))
    );
    let client = |member: Value| {
        let mut client = json!({ "client_id": "shop" });
        client.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        json!({ "clients": [client] })
    };
    let valid = [
        guide,
        exported,
        json!({}),
        client(
            json!({ "client_name#ko-KR": "가게", "client_secret": { "command": ["pass", "shop"] }, "enabled": false }),
        ),
    ];
    let invalid = [
        json!({ "apps": [] }),
        json!({ "clients": [{ "client_name": "nobody" }] }),
        client(json!({ "client_nam": "Shop" })),
        client(json!({ "redirect_uris": "https://shop.example/callback" })),
        client(json!({ "kind": "webb" })),
        client(json!({ "version": 1 })),
        client(json!({ "client_secret": { "vault": "shop" } })),
        client(json!({ "client_secret": { "env": "A", "file": "b" } })),
    ];
    let documents: Vec<&Value> = valid.iter().chain(&invalid).collect();
    let schema: Value = serde_json::from_str(&haechi.out(&["schema"])).unwrap();
    let input = json!([schema, documents]).to_string();
    let said = crate::support::shell::prints(python.args(["-c", VALIDATE]), &input);
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said.len(), documents.len(), "{said:?}");
    for (at, said) in said.into_iter().enumerate() {
        assert_eq!(said == "valid", at < valid.len(), "{}: {said}", documents[at]);
    }
}
