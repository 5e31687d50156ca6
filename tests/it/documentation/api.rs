//! The guide to the administration API, run as it is printed.

use std::process::Command;

use haechi::admin::Authority;
use haechi::admin::clients;
use serde_json::{Value, json};

use super::pages::blocks_of;
use crate::support::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_does_what_it_says() {
    for page in ["docs/api.md", "docs/api.ko.md"] {
        let blocks = blocks_of(page, "sh");
        let (registration, calls) = blocks.split_first().unwrap();
        let words = registration.code.replace('\'', "");
        let words: Vec<&str> = words.split_once("--scope ").unwrap().0.split_whitespace().collect();
        let read = haechi::cli::command()
            .try_get_matches_from([&words[..], &["--scope", "haechi:read haechi:write"]].concat());
        assert!(read.is_ok(), "{page}: {read:?}");

        let house = TestApp::served().await;
        let new = json!({ "client_id": "provisioning", "client_name": "Provisioning", "kind": "service",
            "roles": ["people_manager"], "scope": "haechi:read haechi:write" });
        let made =
            clients::create(&house.admin, &Authority::operator(), serde_json::from_value(new).unwrap()).await.unwrap();
        let script = calls.iter().fold(String::new(), |script, block| script + &block.code + "\necho\n");
        let secret = made.secret.unwrap();
        let issuer = house.issuer().to_owned();
        let run = tokio::task::spawn_blocking(move || {
            let mut bash = Command::new("bash");
            bash.args(["-euc", &script]).env("ISSUER", issuer).env("CLIENT_SECRET", secret.expose()).output().unwrap()
        });
        let output = run.await.unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{page}: {printed} {}", String::from_utf8_lossy(&output.stderr));
        let lines: Vec<Value> = printed.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!(lines[0]["items"], json!([]), "{page}: {printed}");
        assert_eq!((&lines[1]["nickname"], lines[1].get("name")), (&json!("K"), None), "{page}: {printed}");
        let stored =
            house.stores.users.list(&haechi::store::UserQuery::searching(Some("kim@")), 2).await.unwrap().items;
        assert_eq!((stored.len(), stored[0].name()), (1, Some("Kim")), "{page}: it was only tried");
    }
}
