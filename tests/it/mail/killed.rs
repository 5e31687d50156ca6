//! The process dies in the middle of its outbox, on each database: nothing is lost, and nothing arrives more often than an attempt was cut off.

use std::collections::BTreeMap;
use std::time::Duration;

use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::smtp::MailServer;
use crate::support::app::PASSWORD;
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;
use crate::support::servers;

const PEOPLE: usize = 24;
/// As many attempts are under way at once, at most.
const AT_ONCE: usize = 8;

/// Whom which mails reached, by their ids.
fn arrived(server: &MailServer) -> BTreeMap<String, Vec<String>> {
    let mut arrived: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for got in server.received() {
        let content = got["content"].as_str().unwrap();
        let id = content.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        arrived.entry(got["to"][0].as_str().unwrap().to_owned()).or_default().push(id);
    }
    arrived
}

/// Ten minutes pass, after which what was under way is due again.
async fn ten_minutes_pass(haechi: &Haechi) {
    let due = "UPDATE mails SET next_at = 0 WHERE state = 'waiting'";
    if haechi.database_url().starts_with("postgres:") {
        let mut database = PgConnection::connect(haechi.database_url()).await.unwrap();
        database.execute(due).await.unwrap();
        database.close().await.unwrap();
    } else {
        let file = SqliteConnectOptions::new().filename(haechi.folder.path().join("haechi.db"));
        let mut database = file.connect().await.unwrap();
        database.execute(due).await.unwrap();
        database.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_of_the_outbox_loses_nothing_and_repeats_only_what_it_cut_off() {
    killed_on("sqlite:haechi.db").await;
}

#[tokio::test]
async fn nor_does_one_where_the_outbox_is_in_postgresql() {
    if let Some(url) = servers::postgres_url() {
        killed_on(&url).await;
    }
}

async fn killed_on(database: &str) {
    let Some(server) = MailServer::start(&json!({ "slow": 0.4 })) else { return };
    let haechi = Haechi::new()
        .set("HAECHI_DATABASE__URL", database)
        .set("HAECHI_MAIL__TRANSPORT", "smtp")
        .set("HAECHI_MAIL__HOST", "127.0.0.1")
        .set("HAECHI_MAIL__PORT", &server.port.to_string())
        .set("HAECHI_MAIL__ENCRYPTION", "plain")
        .set("HAECHI_MAIL__FROM", "id@example.com")
        .set("HAECHI_THROTTLING__SIGN_UPS_PER_ADDRESS", "1000")
        .set("HAECHI_THROTTLING__MAILS_PER_ADDRESS", "1000")
        .begun();
    haechi.json(&["sign-in", "set", "--email-verification", "before_login"]);
    let mut running = haechi.start();
    for n in 0..PEOPLE {
        let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
        let page = browser.get("/signup").await;
        let email = format!("person{n}@example.com");
        let page = browser.submit(&page, "signup", &[("email", &email), ("password", PASSWORD), ("name", "")]).await;
        assert_eq!(page.url.path(), "/signup/code", "{}", page.body);
    }
    // Some are there, some are under way, some wait.
    let begun = Instant::now();
    while server.received().is_empty() && begun.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(20)).await;
    }
    running.signal("KILL");
    running.end();
    let before: usize = arrived(&server).values().map(Vec::len).sum();
    assert!(before > 0 && before < PEOPLE, "the server was killed at the wrong moment: {before} arrived");
    ten_minutes_pass(&haechi).await;
    let _running = haechi.start();
    let begun = Instant::now();
    while !all_sent(&haechi) {
        assert!(begun.elapsed() < Duration::from_secs(60), "mails wait still: {:?}", arrived(&server));
        sleep(Duration::from_millis(300)).await;
    }
    let arrived = arrived(&server);
    assert_eq!(arrived.len(), PEOPLE, "{arrived:?}");
    for ids in arrived.values() {
        assert!(ids.len() <= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }
    let twice = arrived.values().filter(|ids| ids.len() == 2).count();
    assert!(twice <= AT_ONCE, "{twice} arrived twice");
}

fn all_sent(haechi: &Haechi) -> bool {
    let waiting: Value = haechi.json(&["mail", "list", "--state", "waiting", "--json"]);
    waiting.as_array().is_some_and(Vec::is_empty)
}
