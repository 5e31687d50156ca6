//! Trying an app out in the console: what it would get, and that nothing of it is worth anything to anybody.

use axum::http::StatusCode;
use haechi::admin::{Authority, clients, counts, users};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{ClientId, ConsentPolicy};
use haechi::model::count::Resolution;
use haechi::model::user::Role;
use haechi::model::{Client, User};
use haechi::protocol::ScopeSet;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

async fn manager(app: &TestApp) -> (User, Browser) {
    holder(app, "manager@example.com", Role::AppManager).await
}

async fn holder(app: &TestApp, email: &str, role: Role) -> (User, Browser) {
    let user = app.user(email).await;
    let user = users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![role]).await.unwrap();
    let browser = app.signed_in(&user).await;
    (user, browser)
}

async fn shop(app: &TestApp, change: impl FnOnce(&mut Client)) {
    app.client("shop", |client| {
        client.policy.scopes = ScopeSet::parse("openid profile email offline_access").unwrap();
        change(client);
    })
    .await;
}

/// Goes to the trial and presses its button.
async fn press(browser: &mut Browser, form: &str) -> Page {
    let page = browser.get("/admin/apps/shop/try").await;
    browser.submit(&page, form, &[]).await
}

fn claim(page: &Page, token: &str, name: &str) -> String {
    let html = page.html();
    let rows = format!("#{token} > table tr");
    let cell = |row: scraper::ElementRef<'_>, selector: &str| -> String {
        row.select(&selector.try_into().unwrap()).next().map(|cell| cell.text().collect()).unwrap_or_default()
    };
    let found = html.select(&rows.as_str().try_into().unwrap()).find(|row| cell(*row, "th code") == name);
    found.map(|row| cell(row, "td > code")).unwrap_or_default()
}

async fn grants(app: &TestApp, user: &User) -> usize {
    let now = haechi::support::Clock::now(app.clock.as_ref());
    let all = app.app.stores.grants.of_user(user.id, now).await.unwrap();
    all.iter().filter(|grant| grant.revoked_at.is_none()).count()
}

#[tokio::test]
async fn a_login_is_gone_through_and_what_the_app_would_get_is_taken_apart() {
    let app = TestApp::new().await;
    shop(&app, |_| {}).await;
    let (user, mut browser) = manager(&app).await;
    let consent = press(&mut browser, "try-login").await;
    assert!(consent.has("consent"), "the app's own pages: {} {}", consent.url, consent.body);
    let done = browser.submit(&consent, "consent", &[("decision", "allow")]).await;
    assert!(done.has("worked") && done.url.path().starts_with("/admin/apps/shop/try/"), "{} {}", done.url, done.body);
    assert_eq!(claim(&done, "id_token", "sub"), user.id.to_string());
    assert_eq!(claim(&done, "id_token", "iss"), app.issuer());
    assert_eq!(claim(&done, "access_token", "client_id"), "shop");
    assert_eq!(claim(&done, "userinfo", "email"), "manager@example.com");
    assert!(done.has("refreshed") && done.has("ended"), "{}", done.body);
    assert!(!done.text("checks").contains("wrong"), "{}", done.text("checks"));
    assert!(done.text("request").contains("redirect_uri=https://app.example/cb"), "{}", done.text("request"));
    assert_eq!(grants(&app, &user).await, 0, "nothing outlives the look");
    let audited = app.audit(AuditKind::ClientTried).await;
    assert_eq!(audited.len(), 1);
    assert_eq!(audited[0].client.as_ref().map(ClientId::as_str), Some("shop"));
    // It is shown once.
    let again = browser.get(done.url.path()).await;
    assert_eq!(again.problem(), "flow-gone");
}

#[tokio::test]
async fn what_was_asked_for_and_not_granted_is_said() {
    let app = TestApp::new().await;
    shop(&app, |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let (_, mut browser) = manager(&app).await;
    let page = browser.get("/admin/apps/shop/try").await;
    let all = browser.submit(&page, "try-login", &[("scope", "openid email")]).await;
    assert!(all.has("worked") && !all.has("left-out"), "{}", all.body);
    let more = browser.submit(&page, "try-login", &[("scope", "openid phone email groups")]).await;
    assert!(more.has("worked") && more.text("left-out").contains(": phone groups"), "{}", more.text("checks"));
}

/// What is shown of a token that can be checked offline would work until it expires, revoked or not.
#[tokio::test]
async fn no_token_code_or_verifier_leaves_the_server() {
    let app = TestApp::new().await;
    shop(&app, |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let (_, mut browser) = manager(&app).await;
    let page = browser.get("/admin/apps/shop/try").await;
    let mut answer = browser.submit_once(&page, "try-login", &[]).await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(answer.location().unwrap_or_default());
        seen.push(answer.body.clone());
        let Some(to) = answer.location() else { break };
        answer = browser.get_once(&to).await;
    }
    assert!(answer.has("worked"), "{}", answer.body);
    for text in &seen {
        for secret in ["eyJ", "hac_", "hrt_", "code=ha", "access_token="] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(!text.contains("app.example/cb?"), "nothing goes to the app: {text}");
    }
}

#[tokio::test]
async fn a_machine_gets_a_token_of_its_own_without_its_secret() {
    let app = TestApp::new().await;
    let new =
        serde_json::json!({ "client_id": "shop", "client_name": "Job", "kind": "service", "scope": "orders:read" });
    clients::create(&app.app.admin, &Authority::operator(), serde_json::from_value(new).unwrap()).await.unwrap();
    let (_, mut browser) = manager(&app).await;
    let done = press(&mut browser, "try-itself").await;
    assert!(done.has("worked"), "{}", done.body);
    assert_eq!(claim(&done, "access_token", "sub"), "shop");
    assert_eq!(claim(&done, "access_token", "scope"), "orders:read");
    assert!(!done.has("id_token") && !done.body.contains("eyJ"));
}

#[tokio::test]
async fn what_goes_wrong_is_said_as_the_app_would_hear_it_and_in_plain_words() {
    let app = TestApp::new().await;
    shop(&app, |_| {}).await;
    let (_, mut browser) = manager(&app).await;
    let page = browser.get("/admin/apps/shop/try").await;
    let refused = browser.submit(&page, "try-login", &[("resource", "https://orders.example/")]).await;
    assert!(refused.text("failed").contains("invalid_target"), "{}", refused.body);
    assert!(refused.text("failed").contains("haechi clients update shop --resource"), "{}", refused.body);
    // The end-user says no.
    let consent = press(&mut browser, "try-login").await;
    let denied = browser.submit(&consent, "consent", &[("decision", "deny")]).await;
    assert!(denied.text("failed").contains("access_denied"), "{}", denied.body);
}

#[tokio::test]
async fn adm_001_a_trial_takes_the_right_over_the_app_and_a_recent_proof() {
    let app = TestApp::new().await;
    shop(&app, |_| {}).await;
    let (_, mut auditor) = holder(&app, "auditor@example.com", Role::Auditor).await;
    let page = auditor.get("/admin/apps/shop/try").await;
    assert!(page.has("not-now"));
    assert_eq!(auditor.submit(&page, "try-login", &[]).await.status, StatusCode::FORBIDDEN);

    let (_, mut browser) = manager(&app).await;
    let page = browser.get("/admin/apps/shop/try").await;
    app.clock.advance(std::time::Duration::from_mins(60));
    let asked = browser.submit(&page, "try-login", &[]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    let on = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(on.has("consent"), "{}", on.body);

    // An app that may do more than the administrator is not theirs to try: its tokens could be used in its name.
    let new = serde_json::json!({
        "client_id": "powerful", "client_name": "Powerful", "kind": "service", "roles": ["owner"], "scope": "haechi:write"
    });
    clients::create(&app.app.admin, &Authority::operator(), serde_json::from_value(new).unwrap()).await.unwrap();
    let page = browser.get("/admin/apps/powerful/try").await;
    assert_eq!(browser.submit(&page, "try-itself", &[]).await.status, StatusCode::FORBIDDEN);

    clients::set_enabled(&app.app.admin, &Authority::operator(), &ClientId::parse("shop").unwrap(), false)
        .await
        .unwrap();
    let page = browser.get("/admin/apps/shop/try").await;
    assert!(page.has("not-now"));
    assert_eq!(browser.submit(&page, "try-login", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ac_a_trial_is_seen_by_the_account_that_began_it_in_its_browser_and_for_its_app() {
    let app = TestApp::new().await;
    shop(&app, |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    app.client("other", |_| {}).await;
    let (user, mut browser) = manager(&app).await;
    let begun = async |browser: &mut Browser| {
        let page = browser.get("/admin/apps/shop/try").await;
        browser.submit_once(&page, "try-login", &[]).await.location().unwrap()
    };
    let result = begun(&mut browser).await;
    assert!(result.contains("/admin/apps/shop/try/"), "{result}");
    // Another administrator, another browser of the same one, another app, somebody without rights.
    let (_, mut owner) = holder(&app, "owner@example.com", Role::Owner).await;
    let mut elsewhere = app.signed_in(&user).await;
    for browser in [&mut owner, &mut elsewhere] {
        assert_eq!(browser.get(&result).await.problem(), "flow-gone");
    }
    assert!(browser.get(&result).await.has("worked"), "and none of them spent it");

    let result = begun(&mut browser).await;
    let of_other = result.replace("/shop/", "/other/");
    assert_eq!(browser.get(&of_other).await.problem(), "flow-gone");

    let result = begun(&mut browser).await;
    users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![Role::Auditor]).await.unwrap();
    assert_eq!(browser.get(&result).await.status, StatusCode::FORBIDDEN);
    // Too late.
    users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![Role::AppManager]).await.unwrap();
    app.clock.advance(app.app.config.sessions.authorization());
    assert_eq!(browser.get(&result).await.problem(), "flow-gone");
}

/// The authorization endpoint knows nothing of trials: nobody can have an answer delivered to the console, or a redirect URI accepted that is not registered.
#[tokio::test]
async fn ac_redirect_uris_match_for_a_trial_as_for_everybody_and_for_nobody_else() {
    let app = TestApp::new().await;
    shop(&app, |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let (_, mut browser) = manager(&app).await;
    let page = browser.get("/admin/apps/shop/try").await;
    let result = browser.submit_once(&page, "try-login", &[]).await.location().unwrap();
    let handle = result.rsplit('/').next().unwrap().to_owned();
    for uri in [
        result.clone(),
        format!("{}/admin/apps/shop/try", app.issuer()),
        format!("{}/admin/apps/shop/try/x", app.issuer()),
    ] {
        let refused = browser.get(&Ask::of("shop").with("redirect_uri", &uri).url()).await;
        assert_eq!(refused.problem(), "redirect-uri", "{uri}");
    }
    let asked = browser.get_once(&Ask::of("shop").with("trial", &handle).url()).await;
    assert!(asked.location().unwrap().starts_with("https://app.example/cb?code="), "{:?}", asked.location());
    // An app without a redirect URI can finish no login, tried or not.
    app.client("bare", |client| client.redirects.uris.clear()).await;
    let page = browser.get("/admin/apps/bare/try").await;
    assert!(page.has("no-redirect-uri") && !page.has("try-login"), "{}", page.body);
}

/// What is tried is not what the app does: its grade and its counts say nothing of it.
#[tokio::test]
async fn a_trial_is_none_of_the_apps_logins() {
    let app = TestApp::new().await;
    shop(&app, |client| client.policy.consent = ConsentPolicy::FirstParty).await;
    let (_, mut browser) = manager(&app).await;
    assert!(press(&mut browser, "try-login").await.has("worked"));
    app.app.tokens.counts.write().await.unwrap();
    let now = haechi::support::Clock::now(app.clock.as_ref());
    let day = counts::Stretch::last(Resolution::Hour, 24, now);
    let counted = counts::tokens(&app.app.admin, &Authority::operator(), day).await.unwrap();
    assert_eq!(counted.iter().map(haechi::admin::counts::Series::total).sum::<u64>(), 0);
    assert!(app.app.stores.clients.seen_logins(&ClientId::parse("shop").unwrap()).await.unwrap().is_empty());
}
