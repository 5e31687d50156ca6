//! `haechi sessions`, and what a running server makes of what the command line does beside it.

use super::PASSWORD;
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::{Browser, Page};

const KIM: &str = "kim@example.com";

fn with_kim() -> Haechi {
    let haechi = Haechi::new().begun();
    let made = haechi.run_with(&["users", "create", KIM, "--name", "Kim"], &format!("{PASSWORD}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
    haechi
}

async fn sign_in(haechi: &Haechi) -> (Browser, Page) {
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let page = browser.get("/account").await;
    let page = browser.submit(&page, "login", &[("email", KIM), ("password", PASSWORD)]).await;
    (browser, page)
}

#[tokio::test]
async fn a_session_is_listed_and_ended_under_the_running_server() {
    let haechi = with_kim();
    let _server = haechi.start();
    let (mut browser, account) = sign_in(&haechi).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    let (mut other, _) = sign_in(&haechi).await;

    let sessions = haechi.json(&["sessions", "list", KIM, "--json"]);
    assert_eq!(sessions.as_array().unwrap().len(), 2, "{sessions}");
    assert_eq!(sessions[0]["amr"], serde_json::json!(["pwd"]), "{sessions}");
    let ids: Vec<_> = sessions.as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect();
    assert!(haechi.out(&["sessions", "list", KIM]).contains(&ids[0]));

    haechi.out(&["sessions", "revoke", KIM, &ids[0]]);
    let mut left = [browser.get("/account").await, other.get("/account").await].map(|page| page.url.path().to_owned());
    left.sort();
    assert_eq!(left, ["/account", "/login"], "one of the two is signed out");

    haechi.out(&["sessions", "revoke", KIM]);
    assert_eq!(haechi.json(&["sessions", "list", KIM, "--json"]), serde_json::json!([]));
    for browser in [&mut browser, &mut other] {
        assert_eq!(browser.get("/account").await.url.path(), "/login");
    }
}

#[tokio::test]
async fn everything_ends_under_the_running_server_when_that_is_said() {
    let haechi = with_kim();
    let _server = haechi.start();
    let (mut browser, account) = sign_in(&haechi).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    let unsaid = haechi.run(&["sessions", "end-all"]);
    assert!(
        unsaid.code == Some(1) && unsaid.err.contains("--yes") && unsaid.err.contains("client_credentials"),
        "{unsaid:?}"
    );
    assert_eq!(browser.get("/account").await.url.path(), "/account", "nothing was ended");

    let told = haechi.out(&["sessions", "end-all", "--yes"]);
    assert!(!told.contains("\\n"), "{told}");
    assert!(told.contains("Everything is ended: ") && told.contains("haechi keys revoke"), "{told}");
    assert_eq!(browser.get("/account").await.url.path(), "/login");
    let (mut browser, account) = sign_in(&haechi).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    let ended = haechi.json(&["sessions", "end-all", "--yes", "--json"]);
    assert!(ended["server_epoch"].as_i64().unwrap() > 1, "{ended}");
    assert_eq!(browser.get("/account").await.url.path(), "/login");
    let audit = haechi.json(&["audit", "--json"]);
    let kinds = audit.as_array().unwrap().iter().filter(|event| event["kind"] == "everything_ended");
    assert_eq!(kinds.count(), 2, "{audit}");
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_and_stays_out() {
    let haechi = with_kim();
    let _server = haechi.start();
    let (mut browser, _) = sign_in(&haechi).await;
    haechi.out(&["users", "disable", KIM]);
    assert_eq!(browser.get("/account").await.url.path(), "/login");
    let (_, refused) = sign_in(&haechi).await;
    assert_ne!(refused.url.path(), "/account", "{}", refused.body);
    haechi.out(&["users", "enable", KIM]);
    assert_eq!(sign_in(&haechi).await.1.url.path(), "/account");
}

/// What a client credentials request answers.
async fn ask(haechi: &Haechi, secret: &str) -> u16 {
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let form = format!(
        "grant_type=client_credentials&client_id=nightly&client_secret={secret}&resource=https%3A%2F%2Fapi.example"
    );
    browser.send(axum::http::Method::POST, "/token", &[], Some(form)).await.status.as_u16()
}

/// A change holds within the time in which a node looks for them.
async fn becomes(haechi: &Haechi, secret: &str, status: u16) {
    let began = std::time::Instant::now();
    while ask(haechi, secret).await != status {
        assert!(began.elapsed().as_secs() < 5, "it does not become {status}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_client_changed_beside_the_running_server_is_changed_there() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    let made = haechi.json(&[
        "clients",
        "create",
        "--kind",
        "service",
        "--name",
        "Nightly",
        "--client-id",
        "nightly",
        "--auth",
        "client_secret_post",
        "--resource",
        "https://api.example",
        "--json",
    ]);
    let first = made["client_secret"].as_str().unwrap().to_owned();
    becomes(&haechi, &first, 200).await;
    let rotated = haechi.json(&["clients", "rotate-secret", "nightly", "--grace-hours", "0", "--yes", "--json"]);
    let second = rotated["client_secret"].as_str().unwrap().to_owned();
    becomes(&haechi, &second, 200).await;
    becomes(&haechi, &first, 401).await;
    haechi.out(&["clients", "disable", "nightly"]);
    becomes(&haechi, &second, 401).await;
    haechi.out(&["clients", "enable", "nightly"]);
    becomes(&haechi, &second, 200).await;
}
