//! What people change about themselves.

use axum::http::StatusCode;
use haechi::identity::accounts::ProfileDraft;
use haechi::model::audit_event::AuditKind;
use haechi::store::Change;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::Page;

/// What the page calls the person.
fn heading(page: &Page) -> String {
    page.html().select(&"#account-name".try_into().unwrap()).next().unwrap().text().collect()
}

#[tokio::test]
async fn a_name_is_changed_and_the_rest_of_the_profile_stays() {
    let app = TestApp::new().await;
    let mut user = app.user("kim@example.com").await;
    user.profile.insert("phone_number".to_owned(), json!("+821012345678"));
    user.profile.insert("phone_number_verified".to_owned(), json!(true));
    app.commit(vec![Change::UpdateUser(user.clone())]).await;
    let mut browser = app.signed_in(&user).await;
    let account = browser.get("/account/profile").await;
    assert_eq!(account.form("account-profile").field("name"), Some("Test Person"));
    let changed = browser.submit(&account, "account-profile", &[("name", " 성춘향 ")]).await;
    assert!(changed.has("saved"));
    assert_eq!(heading(&changed), "성춘향");
    let stored = app.app.accounts.find(user.id).await.unwrap().unwrap();
    user.profile.insert("name".to_owned(), json!("성춘향"));
    assert_eq!(stored.profile, user.profile);
    let events = app.audit(AuditKind::UserChanged).await;
    assert_eq!(events.len(), 1);
    // The same again is no change.
    browser.submit(&changed, "account-profile", &[]).await;
    assert_eq!(app.audit(AuditKind::UserChanged).await.len(), 1);
    // Without a name the address stands for the person.
    let nameless = browser.submit(&changed, "account-profile", &[("name", "")]).await;
    assert_eq!(heading(&nameless), "kim@example.com");
    assert_eq!(nameless.form("account-profile").field("name"), Some(""));
}

#[tokio::test]
async fn a_name_that_cannot_be_is_shown_again_with_the_reason_beside_it() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let account = browser.get("/account/profile").await;
    for bad in ["x".repeat(101), "two\nlines".to_owned()] {
        let refused = browser.submit(&account, "account-profile", &[("name", &bad)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("problem") && refused.has("name-problem"));
        assert_eq!(heading(&refused), "Test Person");
        // One summary, in the section of the form that it is about.
        assert_eq!(refused.html().select(&"[role=alert]".try_into().unwrap()).count(), 1);
        let marked = "#account-profile #name[aria-invalid=true][aria-describedby=name-problem]".try_into().unwrap();
        assert!(refused.html().select(&marked).next().is_some());
    }
}

#[tokio::test]
async fn a_name_is_changed_only_by_its_own_form_and_only_by_its_owner() {
    let app = TestApp::new().await;
    let user = app.user("kim@example.com").await;
    let mut browser = app.signed_in(&user).await;
    let account = browser.get("/account/profile").await;
    let token = account.form("account-profile").field("csrf").unwrap().to_owned();
    let others = browser.get("/account/security").await.csrf_of("/account/password");
    let path = "/account/profile";
    for csrf in ["", "AAAA", &others] {
        let refused = browser.post_once(path, &[("csrf", csrf), ("name", "Mallory")]).await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::FORBIDDEN, "stale-form"), "{csrf}");
    }
    let refused = browser.post_from_elsewhere(path, &[("csrf", &token), ("name", "Mallory")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut stranger = app.browser();
    let page = stranger.get("/signed-out").await;
    assert!(page.status.is_success());
    let refused = stranger.post_once(path, &[("csrf", &token), ("name", "Mallory")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(app.app.accounts.find(user.id).await.unwrap().unwrap().display_name(), "Test Person");
}

#[tokio::test]
async fn two_tabs_that_change_the_account_at_once_both_succeed() {
    let app = TestApp::new().await;
    let user = app.user("kim@example.com").await;
    let accounts = &app.app.accounts;
    let draft = ProfileDraft { name: Some("Kim".to_owned()), ..ProfileDraft::default() };
    let (name, language) = tokio::join!(accounts.set_profile(user.id, &draft), accounts.set_locale(user.id, "ko"));
    name.unwrap();
    language.unwrap();
    let stored = accounts.find(user.id).await.unwrap().unwrap();
    assert_eq!((stored.display_name(), stored.locale.as_deref()), ("Kim", Some("ko")));
}

#[tokio::test]
async fn this_browser_is_the_first_of_the_list_and_the_newest_follows() {
    let app = TestApp::new().await;
    let user = app.user("kim@example.com").await;
    let mut browser = app.signed_in(&user).await;
    for agent in ["Firefox/1 Linux", "Edg/1 Windows"] {
        app.clock.advance(std::time::Duration::from_hours(1));
        let mut other = app.browser();
        other.headers.push(("user-agent", agent.to_owned()));
        let login = other.get("/login").await;
        let typed = [("email", "kim@example.com"), ("password", crate::support::app::PASSWORD)];
        other.submit(&login, "login", &typed).await;
    }
    let account = browser.get("/account/sessions").await;
    let rows = "section[aria-labelledby=sessions-heading] li strong".try_into().unwrap();
    let names: Vec<String> = account.html().select(&rows).map(|row| row.text().collect()).collect();
    assert_eq!(names.len(), 3);
    assert!(
        names[0] == "A program that does not say what it is"
            && names[1].starts_with("Edge")
            && names[2].starts_with("Firefox"),
        "{names:?}"
    );
}

#[tokio::test]
async fn what_a_person_says_about_themselves_reaches_the_apps_that_may_know_it() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut user = app.user("kim@example.com").await;
    user.profile.insert("name#ko".to_owned(), json!("김"));
    app.commit(vec![Change::UpdateUser(user.clone())]).await;
    let mut browser = app.signed_in(&user).await;
    let account = browser.get("/account/profile").await;
    assert!(account.has("more-about-you") && !account.body.contains("id=\"more-about-you\" open"));
    let typed = [
        ("preferred_username", "kim"),
        ("picture", "https://example.com/kim.png"),
        ("nickname", "해치"),
        ("given_name", "Minji"),
        ("middle_name", "J."),
        ("family_name", "Kim"),
        ("birthdate", "1990-12-31"),
        ("gender", "female"),
        ("website", "https://kim.example"),
        ("profile", "https://social.example/kim"),
        ("zoneinfo", "Asia/Seoul"),
        ("phone_number", "+82 10-1234-5678"),
        ("street_address", "Sejong-daero 1"),
        ("country", "KR"),
    ];
    let saved = browser.submit(&account, "account-profile", &typed).await;
    assert!(saved.has("saved"), "{}", saved.body);
    assert_eq!(saved.form("account-profile").field("phone_number"), Some("+821012345678"));
    let ask = Ask::of("app").with("scope", "openid profile phone address");
    let code = browser.get(&ask.url()).await.answer()["code"].clone();
    let token = app.redeem("app", &code).await["access_token"].as_str().unwrap().to_owned();
    let told = app.get("/userinfo").bearer(&token).send().await.expect(200);
    for (claim, value) in [
        ("name", json!("Test Person")),
        ("preferred_username", json!("kim")),
        ("picture", json!("https://example.com/kim.png")),
        ("nickname", json!("해치")),
        ("given_name", json!("Minji")),
        ("middle_name", json!("J.")),
        ("family_name", json!("Kim")),
        ("birthdate", json!("1990-12-31")),
        ("gender", json!("female")),
        ("website", json!("https://kim.example/")),
        ("profile", json!("https://social.example/kim")),
        ("zoneinfo", json!("Asia/Seoul")),
        ("phone_number", json!("+821012345678")),
        ("address", json!({ "street_address": "Sejong-daero 1", "country": "KR" })),
    ] {
        assert_eq!(told[claim], value, "{claim}");
    }
    // Emptied, a claim is gone; what the form does not have stays.
    let emptied = browser.submit(&saved, "account-profile", &[("nickname", ""), ("country", "")]).await;
    assert!(emptied.has("saved"));
    let told = app.get("/userinfo").bearer(&token).send().await.expect(200);
    assert_eq!((told.get("nickname"), &told["address"]), (None, &json!({ "street_address": "Sejong-daero 1" })));
    let stored = app.app.accounts.find(user.id).await.unwrap().unwrap();
    assert_eq!(stored.profile["name#ko"], json!("김"));
}

#[tokio::test]
async fn everything_that_is_wrong_in_a_profile_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let account = browser.get("/account/profile").await;
    let typed = [
        ("nickname", "해치"),
        ("picture", "javascript:alert(1)"),
        ("birthdate", "31.12.1990"),
        ("phone_number", "010"),
    ];
    let refused = browser.submit(&account, "account-profile", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["picture", "birthdate", "phone_number"] {
        assert!(refused.has(&format!("{field}-problem")), "{field}");
    }
    assert!(!refused.has("nickname-problem") && refused.body.contains("id=\"more-about-you\" open"));
    let form = refused.form("account-profile");
    assert_eq!((form.field("nickname"), form.field("birthdate")), (Some("해치"), Some("31.12.1990")));
    assert_eq!(refused.html().select(&"[role=alert]".try_into().unwrap()).count(), 1);
}

#[tokio::test]
async fn an_address_in_several_lines_is_kept_as_it_is_while_its_fields_are() {
    let app = TestApp::new().await;
    let mut user = app.user("kim@example.com").await;
    let address =
        json!({ "formatted": "Kim\nSejong-daero 1", "street_address": "Sejong-daero 1\nRoom 2", "country": "KR" });
    user.profile.insert("address".to_owned(), address.clone());
    app.commit(vec![Change::UpdateUser(user.clone())]).await;
    let mut browser = app.signed_in(&user).await;
    let account = browser.get("/account/profile").await;
    let in_one_line = ("street_address", "Sejong-daero 1Room 2");
    let saved = browser.submit(&account, "account-profile", &[in_one_line, ("nickname", "해치")]).await;
    let stored = app.app.accounts.find(user.id).await.unwrap().unwrap();
    assert_eq!(stored.profile["address"], address);
    browser.submit(&saved, "account-profile", &[in_one_line, ("country", "대한민국")]).await;
    let stored = app.app.accounts.find(user.id).await.unwrap().unwrap();
    let moved = json!({ "street_address": "Sejong-daero 1\nRoom 2", "country": "대한민국" });
    assert_eq!(stored.profile["address"], moved, "how it is written on a letter is not known any more");
}
