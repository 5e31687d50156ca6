//! What an end-user may take along: everything about them, and no secret.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::audit_event::AuditKind;
use haechi::model::session::SignIn;
use serde_json::{Value, json};

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

const KIM: &str = "kim@example.com";

async fn download(browser: &mut Browser) -> Page {
    let page = browser.get("/account/data").await;
    browser.submit(&page, "account-download", &[]).await
}

fn read(page: &Page) -> Value {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    serde_json::from_str(&page.body).unwrap_or_else(|error| panic!("{error}: {}", page.body))
}

#[tokio::test]
async fn an_end_user_takes_along_everything_about_them_in_a_file() {
    let app = TestApp::new().await;
    app.first_party("own").await;
    let kim = app.user(KIM).await;
    app.consented(&kim, "own", "openid email").await;
    let mut browser = app.browser();
    browser.headers.push(("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".to_owned()));
    let login = browser.get("/login").await;
    browser.submit(&login, "login", &[("email", KIM), ("password", PASSWORD)]).await;
    let ask = Ask::of("own").with("scope", "openid email offline_access");
    let code = browser.get(&ask.url()).await.answer()["code"].clone();
    let tokens = app.redeem("own", &code).await;
    app.tick();
    let page = download(&mut browser).await;
    let day: String = haechi::support::Clock::now(&*app.clock).to_string().chars().take(10).collect();
    let file = format!("attachment; filename=\"account-{day}.json\"");
    assert_eq!(page.header("content-disposition"), Some(file.as_str()));
    assert_eq!(
        (page.header("content-type"), page.header("cache-control")),
        (Some("application/json"), Some("no-store"))
    );
    let told = read(&page);
    assert_eq!(told["issuer"], "https://id.example");
    let account = serde_json::to_value(haechi::admin::users::UserResource::from(&kim)).unwrap();
    assert_eq!(told["account"], account, "as administrators see it");
    assert!(told["password"]["changed_at"].as_str().unwrap().ends_with('Z'));
    let SignIn { id, network, .. } = app.flow.sessions.of_user(kim.id).await.unwrap().remove(0);
    let sign_in = &told["sign_ins"][0];
    assert_eq!(
        (&sign_in["id"], &sign_in["browser"], &sign_in["network"]),
        (&json!(id.to_string()), &json!("Firefox, Linux"), &json!(network))
    );
    assert_eq!(
        (&told["consents"][0]["client_id"], &told["consents"][0]["scope"]),
        (&json!("own"), &json!("openid email"))
    );
    assert_eq!((&told["grants"][0]["client_id"], &told["grants"][0]["offline"]), (&json!("own"), &json!(true)));
    let kinds: Vec<&str> = told["audit"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[0], "personal_data_read", "that it was handed out is told too");
    assert!(kinds.contains(&"signed_in") && kinds.contains(&"user_created"), "{kinds:?}");
    assert_eq!((&told["audit"][0]["address"], &told["audit_complete"]), (&json!("192.0.2.10"), &json!(true)));
    // No secret, in whatever form it is stored.
    let password = app.stores.users.password(kim.id).await.unwrap().unwrap();
    for secret in [
        password.phc.expose().as_str(),
        browser.cookie(browser.session_cookie_name()).unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        tokens["access_token"].as_str().unwrap(),
        "argon2",
    ] {
        assert!(!page.body.contains(secret), "{secret}");
    }
    assert_eq!(app.audit(AuditKind::PersonalDataRead).await.len(), 1);
}

/// The members are those that docs/reference/endpoints.md names.
#[tokio::test]
async fn the_document_has_the_members_that_are_documented() {
    let app = TestApp::new().await;
    let told = read(&download(&mut app.signed_in(&app.user(KIM).await).await).await);
    let members: BTreeSet<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    for guide in ["docs/reference/endpoints.md", "docs/reference/endpoints.ko.md"] {
        let text = std::fs::read_to_string(format!("{}/{guide}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for member in &members {
            assert!(text.contains(&format!("`{member}`")), "{guide}: {member}");
        }
    }
}

#[tokio::test]
async fn it_is_nobody_elses_and_takes_a_recent_proof() {
    let app = TestApp::new().await;
    let (kim, lee) = (app.user(KIM).await, app.user("lee@example.com").await);
    app.signed_in(&lee).await;
    let mut browser = app.signed_in(&kim).await;
    let told = download(&mut browser).await.body;
    assert!(!told.contains(&lee.id.to_string()) && !told.contains("lee@example.com"), "{told}");
    app.clock.advance(Duration::from_mins(11));
    let asked = download(&mut browser).await;
    assert!(asked.has("step-up") && asked.header("content-disposition").is_none(), "{}", asked.body);
    assert_eq!(app.audit(AuditKind::PersonalDataRead).await.len(), 1);
    // A browser stays on the page that a file was asked for from: so it is led back to where the same button gives it.
    let confirmed = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(confirmed.has("saved") && confirmed.url.path() == "/account/data", "{} {}", confirmed.url, confirmed.body);
    assert!(browser.submit(&confirmed, "account-download", &[]).await.header("content-disposition").is_some());
}
