//! `haechi demo`.

use axum::http::Method;

use super::PASSWORD;
use crate::support::binary::{Haechi, Running, free_port, over_http};
use crate::support::browser::{Browser, Page};

fn open(haechi: &Haechi) -> (Running, u16) {
    let port = free_port();
    let shop = haechi.begin(&["demo", "--port", &port.to_string()]);
    shop.wait_for(|out, _| out.contains("The shop is open"));
    (shop, port)
}

/// An end-user signs up at Haechi and agrees; answers where in the shop that leads.
async fn signed_up(server: &mut Browser, leaving: &str) -> String {
    let page = server.get(leaving).await;
    let filled = [("name", "홍길동"), ("email", "hong@example.com"), ("password", PASSWORD)];
    let page = server.submit(&page, "signup", &filled).await;
    server.submit(&page, "consent", &[("decision", "allow")]).await.location().unwrap()
}

/// Presses a button of the shop's own page.
async fn press(shop: &mut Browser, own: &str, target: &str) -> Page {
    shop.send(Method::POST, target, &[("origin", own)], Some(String::new())).await
}

#[test]
fn without_a_server_it_says_how_to_start_one_and_leaves_nothing_behind() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db");
    let done = haechi.run(&["demo", "--port", &free_port().to_string()]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("Start it in another terminal with `haechi`"), "{done:?}");
    assert_eq!(std::fs::read_dir(haechi.folder.path()).unwrap().count(), 0);
}

#[test]
fn in_another_folder_than_the_servers_it_says_so_and_leaves_nothing_behind() {
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db");
    let _server = haechi.start();
    let elsewhere =
        Haechi::new().set("HAECHI_SERVER__ISSUER", &haechi.issuer()).set("HAECHI_DATABASE__URL", "sqlite:haechi.db");
    let port = free_port().to_string();
    let done = elsewhere.run(&["demo", "--port", &port]);
    assert!(done.code == Some(1) && done.err.contains("in the server's folder"), "{done:?}");
    assert_eq!(std::fs::read_dir(elsewhere.folder.path()).unwrap().count(), 0);

    let elsewhere = elsewhere.begun();
    let done = elsewhere.run(&["demo", "--port", &port]);
    assert!(done.code == Some(1) && done.err.contains("in the server's folder"), "{done:?}");
    assert_eq!(elsewhere.json(&["clients", "list", "--json"]), serde_json::json!([]));
}

#[tokio::test]
async fn somebody_signs_up_agrees_sees_tokens_refreshes_and_signs_out() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    let (_shop, port) = open(&haechi);
    let own = format!("http://localhost:{port}");
    let mut shop = Browser::new(over_http(port), &own);
    let mut server = Browser::new(over_http(haechi.port), &haechi.issuer());

    let leaving = shop.get("/sign-up").await.location().unwrap();
    let back = signed_up(&mut server, &leaving).await;
    assert!(back.starts_with(&format!("{own}/callback?")), "{back}");
    let account = shop.get(&back).await;
    assert!(account.body.contains("홍길동"), "{}", account.body);
    assert_eq!(account.body.matches("data-verified=\"true\"").count(), 2, "{}", account.body);

    let refreshed = press(&mut shop, &own, "/refresh").await;
    assert_eq!(refreshed.location().as_deref(), Some("/account"));
    let account = shop.get("/account").await;
    assert!(account.has("refreshed"), "{}", account.body);
    assert_eq!(account.body.matches("data-verified=\"true\"").count(), 2, "{}", account.body);

    let leaving = press(&mut shop, &own, "/sign-out").await.location().unwrap();
    let left = server.get(&leaving).await;
    assert_eq!(left.location().as_deref(), Some(format!("{own}/?state=signed-out").as_str()));
    assert!(shop.get("/account").await.location().unwrap().contains("/authorize"), "signed out of the shop");
}

#[tokio::test]
async fn who_signs_in_in_two_tabs_is_signed_in_by_each() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    let (_shop, port) = open(&haechi);
    let mut shop = Browser::new(over_http(port), &format!("http://localhost:{port}"));
    let mut server = Browser::new(over_http(haechi.port), &haechi.issuer());
    let first = shop.get("/sign-in").await.location().unwrap();
    let second = shop.get("/sign-up").await.location().unwrap();
    let back_to_second = signed_up(&mut server, &second).await;
    assert!(shop.get(&back_to_second).await.body.contains("홍길동"));
    let back_to_first = server.get(&first).await.location().unwrap();
    assert!(shop.get(&back_to_first).await.body.contains("홍길동"));
    assert_eq!(shop.get(&back_to_first).await.status, 400, "an answer is good once");
}

#[tokio::test]
async fn an_answer_to_another_login_is_refused() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    let (_shop, port) = open(&haechi);
    let mut shop = Browser::new(over_http(port), &format!("http://localhost:{port}"));
    shop.get_once("/sign-in").await;
    let issuer = url::form_urlencoded::byte_serialize(haechi.issuer().as_bytes()).collect::<String>();
    for answer in [
        "/callback?code=x&state=made-up",
        &format!("/callback?code=x&state=made-up&iss={issuer}"),
        "/callback?error=access_denied",
    ] {
        let page = shop.get(answer).await;
        assert_eq!(page.status, 400, "{answer}");
        assert!(page.has("problem"));
    }
}

#[test]
fn it_registers_itself_once_however_often_it_opens() {
    let haechi = Haechi::new();
    let _server = haechi.start();
    for _ in 0..2 {
        let (mut shop, _) = open(&haechi);
        shop.signal("INT");
        assert_eq!(shop.end(), Some(0));
    }
    let clients = haechi.json(&["clients", "list", "--json"]);
    assert_eq!(clients.as_array().unwrap().len(), 1, "{clients}");
    assert_eq!(clients[0]["secrets"].as_array().unwrap().len(), 1, "the secret of the last time is gone: {clients}");
}
