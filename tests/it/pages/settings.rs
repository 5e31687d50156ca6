//! The settings in the console: every one of them, where its value comes from, and no secret.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use axum::http::StatusCode;
use haechi::config::fields::sections;
use haechi::config::load::Sources;
use haechi::http::AppState;
use haechi::model::user::Role;

use super::holder;
use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::folder::Folder;

/// The settings that a page shows.
fn shown(page: &Page) -> BTreeSet<String> {
    page.html().select(&".settings dt code".try_into().unwrap()).map(|one| one.text().collect()).collect()
}

#[tokio::test]
async fn every_setting_is_there_with_what_it_is_for_and_a_search_narrows_them_down() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Auditor).await;
    let page = browser.get("/admin/settings").await;
    let all: BTreeSet<String> = sections()
        .iter()
        .flat_map(|section| section.fields.iter().map(|field| format!("{}.{}", section.name, field.name)))
        .collect();
    assert_eq!(shown(&page), all);
    let found = browser.get("/admin/settings?q=rotation+DAYS").await;
    assert_eq!(shown(&found), BTreeSet::from(["keys.rotation_days".to_owned()]));
    assert!(browser.get("/admin/settings?q=nothing+fits+this").await.has("nothing"));
    for role in [Role::PeopleManager, Role::AppManager] {
        assert_eq!(holder(&app, role).await.get("/admin/settings").await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
}

/// Whether somebody who reads Korean can read it.
fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[tokio::test]
async fn every_setting_is_explained_and_found_in_the_language_of_the_page() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Auditor).await;
    let english = browser.get("/admin/settings").await;
    browser.headers.push(("accept-language", "ko".to_owned()));
    let korean = browser.get("/admin/settings").await;
    for place in ["#found .head .hint", "dl.settings dd.hint"] {
        let said_on = |page: &Page| -> Vec<String> {
            page.html().select(&place.try_into().unwrap()).map(|one| one.text().collect()).collect()
        };
        let (in_english, in_korean) = (said_on(&english), said_on(&korean));
        assert!(in_english.len() > 10 && in_english.len() == in_korean.len(), "{in_english:?}");
        for (en, ko) in in_english.iter().zip(&in_korean) {
            assert!(!is_korean(en) && is_korean(ko), "{en}: {ko}");
        }
    }
    let signing_days = "%EC%84%9C%EB%AA%85+%EA%B8%B0%EA%B0%84";
    let found = browser.get(&format!("/admin/settings?q={signing_days}")).await;
    assert_eq!(shown(&found), BTreeSet::from(["keys.rotation_days".to_owned()]));
    let searched = browser.get("/admin/search?q=rotation_days").await;
    assert!(searched.body.contains("서명하는 기간") && !searched.body.contains("takes over"), "{}", searched.body);
}

#[tokio::test]
async fn where_a_value_comes_from_is_said_and_no_secret_is_shown() {
    let folder = Folder::new();
    let file = folder.path().join("haechi.toml");
    fs::write(&file, "[server]\nissuer = \"https://id.example\"\n[keys]\nrotation_days = 7\n").unwrap();
    let variables = [
        ("HAECHI_KEYS__ROTATION_DAYS", "9"),
        ("HAECHI_KEYS__KEY_ENCRYPTION_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
        ("HAECHI_PAGES__SERVICE_NAME", "<b>Gate</b>"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let sources = Sources { file: Some(file.clone()), variables };
    let read = sources.load().unwrap();
    let app = TestApp::with(|config| {
        config.server.issuer.clone_from(&read.server.issuer);
        config.keys.rotation_days = read.keys.rotation_days;
        config.pages.service_name.clone_from(&read.pages.service_name);
    })
    .await;
    let router = haechi::http::router(&AppState::with(Arc::clone(&app.app), sources.origins()));
    let mut browser = holder(&app, Role::Owner).await;
    browser.turn_to(&router);
    let page = browser.get("/admin/settings").await;
    let of = |id: &str| page.text(id);
    assert!(of("server-issuer").contains(&format!("from {}", file.display())), "{}", of("server-issuer"));
    let days = of("keys-rotation_days");
    assert!(
        days.contains('9') && days.contains("from HAECHI_KEYS__ROTATION_DAYS") && days.contains("The default is 30"),
        "{days}"
    );
    assert!(of("keys-jwks_max_age_seconds").contains("default"), "{}", of("keys-jwks_max_age_seconds"));
    assert!(of("keys-key_encryption_key").contains("[secret]") && !page.body.contains("BwcHBwc"), "{}", page.body);
    assert!(of("pages-service_name").contains("<b>Gate</b>") && !page.body.contains("<b>Gate"), "{}", page.body);
}
