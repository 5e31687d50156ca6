//! `haechi bench seed`: a server on a database that was filled is one that works.

use std::time::{Duration, Instant};

use axum::http::Method;
use serde_json::Value;

use super::PASSWORD;
use super::help::words;
use crate::documentation::pages;
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::{Browser, Page};
use crate::support::servers;

const OWNER: &str = "owner@example.com";
const SEED: &[&str] = &[
    "bench",
    "seed",
    "--people",
    "2000",
    "--apps",
    "50",
    "--grants",
    "3000",
    "--expired",
    "20",
    "--audit",
    "5000",
    "--mails",
    "300",
    "--refusals",
    "1000",
    "--tokens",
    "tokens.jsonl",
    "--token-count",
    "40",
    "--json",
];

/// A server that has its owner and nothing else.
fn owned(haechi: Haechi) -> Haechi {
    let haechi = haechi.begun();
    let made = haechi.run_with(&["users", "create", OWNER, "--administrator"], &format!("{PASSWORD}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
    haechi
}

/// What could have changed: the end of the audit log, the apps, and people.
fn everything(haechi: &Haechi) -> Value {
    let all = [&["audit", "verify", "--json"][..], &["clients", "list", "--json"], &["users", "list", "--json"]];
    all.map(|command| haechi.json(command)).into_iter().collect()
}

async fn signed_in(haechi: &Haechi, email: &str, password: &str) -> Browser {
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let page = browser.get("/account").await;
    let page = browser.submit(&page, "login", &[("email", email), ("password", password)]).await;
    assert_eq!(page.url.path(), "/account", "{email}: {}", page.body);
    browser
}

fn people(page: &Page) -> usize {
    page.html().select(&".list tbody tr".try_into().unwrap()).count()
}

/// What a refresh is answered. The key of an ID token may still be in the making.
async fn refreshed(haechi: &Haechi, token: &Value) -> Page {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token");
    for name in ["refresh_token", "client_id", "client_secret"] {
        if let Some(value) = token[name].as_str() {
            form.append_pair(name, value);
        }
    }
    let form = form.finish();
    let mut app = Browser::new(over_http(haechi.port), &haechi.issuer());
    let begun = Instant::now();
    loop {
        let page = app.send(Method::POST, "/token", &[], Some(form.clone())).await;
        if page.status != 503 || begun.elapsed() > Duration::from_secs(30) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn a_filled_server_works(haechi: Haechi) {
    let haechi = owned(haechi);
    haechi.out(&["groups", "define", "staff"]);
    let seeded = haechi.json(SEED);
    assert_eq!(seeded["tokens"], 40, "{seeded}");
    let rows = |command: &[&str]| haechi.json(command).as_array().map_or(0, Vec::len);
    let members = rows(&["groups", "members", "staff", "--limit", "1000", "--json"]);
    assert!((400..600).contains(&members), "a quarter of the people: {members}");
    assert_eq!(rows(&["mail", "list", "--limit", "400", "--json"]), 300);
    assert_eq!(rows(&["mail", "list", "--state", "waiting", "--json"]), 0);
    assert_eq!(rows(&["clients", "problems", "app-7", "--json"]), 20);
    let whole = everything(&haechi);
    assert_eq!(whole[0]["intact"], true, "{whole}");
    assert!(whole[0]["entries"].as_u64().unwrap() > 5000, "{}", whole[0]);
    assert_eq!((whole[1].as_array().unwrap().len(), whole[2].as_array().unwrap().len()), (50, 100));

    let again = haechi.run(SEED);
    assert!(again.code == Some(1) && again.err.contains("not empty"), "{again:?}");
    assert_eq!(everything(&haechi), whole, "a refusal changed something");

    let _server = haechi.start();
    let (email, password) = (seeded["email"].as_str().unwrap(), seeded["password"].as_str().unwrap());
    signed_in(&haechi, email, password).await;

    let tokens = std::fs::read_to_string(haechi.folder.path().join("tokens.jsonl")).unwrap();
    let tokens: Vec<Value> = tokens.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(tokens.len(), 40);
    for token in &tokens {
        let page = refreshed(&haechi, token).await;
        let answer: Value = serde_json::from_str(&page.body).unwrap_or_default();
        assert!(page.status == 200 && answer["refresh_token"].is_string(), "{token}: {} {}", page.status, page.body);
    }

    let mut owner = signed_in(&haechi, OWNER, PASSWORD).await;
    let first = owner.get("/admin/people").await;
    let second = owner.get(&first.link("next-page")).await;
    assert_eq!((people(&first), people(&second)), (50, 50), "{}", first.body);
    let found = owner.get(&format!("/admin/people?q={email}")).await;
    assert_eq!(people(&found), 1, "{}", found.body);
    assert_eq!(everything(&haechi)[0]["intact"], true);
}

#[tokio::test]
async fn a_server_on_a_filled_sqlite_works() {
    a_filled_server_works(Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db")).await;
}

#[tokio::test]
async fn a_server_on_a_filled_postgresql_works() {
    let Some(url) = servers::postgres_url() else { return };
    a_filled_server_works(Haechi::new().set("HAECHI_DATABASE__URL", &url)).await;
}

#[tokio::test]
async fn a_database_behind_a_pooler_is_filled_with_the_password_that_is_given() {
    let Some(url) = servers::pooled_url() else { return };
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", &url).set("HAECHI_DATABASE__POOL_MODE", "transaction");
    let haechi = owned(haechi);
    let seed = ["bench", "seed", "--people", "30", "--grants", "60", "--audit", "90", "--password-stdin", "--json"];
    let done = haechi.run_with(&seed, &format!("{PASSWORD}\n"));
    assert!(done.code == Some(0) && !done.out.contains(PASSWORD), "{done:?}");
    let seeded: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(seeded["password"], Value::Null);
    assert_eq!(everything(&haechi)[0]["intact"], true);
    let _server = haechi.start();
    signed_in(&haechi, seeded["email"].as_str().unwrap(), PASSWORD).await;
}

#[test]
fn what_cannot_be_filled_is_refused_before_anything_is_done() {
    let haechi = owned(Haechi::new());
    for (of, many, most) in [("--grants", "51", "at most 50"), ("--refusals", "201", "at most 200")] {
        let too_many = haechi.run(&["bench", "seed", "--people", "1", of, many]);
        assert!(too_many.code == Some(2) && too_many.err.contains(most), "{too_many:?}");
    }
    assert_eq!(haechi.run(&["bench", "seed", "--people", "0"]).code, Some(2));
    assert_eq!(haechi.run(&["bench", "seed", "--people", "1", "--token-count", "5"]).code, Some(2));
    haechi.out(&["clients", "create", "--kind", "service", "--name", "Nightly", "--client-id", "nightly"]);
    let used = haechi.run(&["bench", "seed", "--people", "1"]);
    assert!(used.code == Some(1) && used.err.contains("not empty"), "{used:?}");
}

/// What the guide fills takes minutes and gigabytes, so it is only read.
#[test]
fn the_guide_can_be_typed() {
    for page in ["docs/capacity.md", "docs/capacity.ko.md"] {
        let block = pages::block(page, "sh", "haechi bench seed");
        let lines = block.code.lines().map(|line| line.split('#').next().unwrap().trim());
        let ours: Vec<&str> = lines.filter(|line| line.starts_with("haechi ")).collect();
        assert_eq!(ours.len(), 2, "{page}");
        for line in ours {
            let read = haechi::cli::command().try_get_matches_from(words(line));
            assert!(read.is_ok(), "{line}: {}", read.unwrap_err());
        }
    }
}
