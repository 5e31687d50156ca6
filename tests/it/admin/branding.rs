//! How the pages of end-users present the service, as every surface decides it.

use haechi::admin::policy::{self, BrandingResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected, Target, declared};
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use serde_json::json;

use super::api;
use crate::support::app::TestApp;

const OPERATOR: ProvenAuthority = Authority::operator();

#[tokio::test]
async fn a_decision_is_written_down_once_and_by_the_version_that_was_seen() {
    let app = TestApp::new().await;
    let said: BrandingResource =
        serde_json::from_value(json!({ "headline#ko": "어서 오세요", "tos_uri": "https://books.example/terms" }))
            .unwrap();
    for _ in 0..2 {
        policy::set_branding(&app.admin, &OPERATOR, (), &said).await.unwrap();
    }
    let events = app.audit(AuditKind::PolicyChanged).await;
    let details: Vec<&str> = events.iter().filter_map(|event| event.detail.as_deref()).collect();
    assert_eq!(details, ["branding: headline#ko, tos_uri"]);
    let stale = policy::set_branding(&app.admin, &OPERATOR, Target::at((), 0), &said).await;
    assert!(matches!(stale, Err(Rejected::Stale(_))), "{stale:?}");
    let nothing = BrandingResource::of(&policy::find(&app.admin, &OPERATOR).await.unwrap()).taken_away();
    let tried = policy::set_branding(&app.admin, &OPERATOR.clone().trying(), (), &nothing).await.unwrap();
    assert_eq!(tried.branding, haechi::model::Branding::default());
    let is = policy::find(&app.admin, &OPERATOR).await.unwrap();
    assert!(is.branding.headline.len() == 1 && is.sign_in == haechi::model::policy::SignInPolicy::default());
}

#[tokio::test]
async fn the_api_shows_and_decides_by_merge_patch() {
    let house = api::house().await;
    let token = api::token_as(&house, Role::Administrator).await;
    let patch = json!({ "product_name": "Books", "product_name#ko": "책방", "accent_color": "#123A7A" });
    let decided = api::send(&house, ("PATCH", "/branding"), &token, &patch).await;
    let expected =
        json!({ "product_name": "Books", "product_name#ko": "책방", "accent_color": "#123a7a", "version": 1 });
    assert_eq!((decided.expect(200), decided.header("etag")), (expected.clone(), Some("\"1\"")));
    // What was shown can be sent back, and what is taken away is as configured.
    let again = api::send(&house, ("PATCH", "/branding"), &token, &decided.json()).await.expect(200);
    assert_eq!(again, expected);
    let taken = json!({ "product_name#ko": null, "accent_color": null });
    let back = api::send(&house, ("PATCH", "/branding"), &token, &taken).await.expect(200);
    assert_eq!(back, json!({ "product_name": "Books", "version": 2 }));
    assert_eq!(api::call(&house, "GET", "/branding", &token).send().await.expect(200), back);
    for (body, pointer, code) in [
        (json!({ "accent_color": "#ffffee" }), "/accent_color", "low_contrast"),
        (json!({ "accent_color_dark": "expression(alert(1))" }), "/accent_color_dark", "not_a_color"),
        (json!({ "tos_uri": "javascript:alert(1)" }), "/tos_uri", "not_a_url"),
        (json!({ "policy_uri": "http://books.example/" }), "/policy_uri", "not_https"),
        (json!({ "welcome#ko": "가".repeat(301) }), "/welcome#ko", "too_long"),
        (json!({ "logo": "x" }), "/logo", "unknown_member"),
    ] {
        let answer = api::send(&house, ("PATCH", "/branding"), &token, &body).await;
        assert_eq!(api::wrong(&answer), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    let auditor = api::token_as(&house, Role::Auditor).await;
    api::call(&house, "GET", "/branding", &auditor).send().await.expect(200);
    assert_eq!(api::problem(&api::send(&house, ("PATCH", "/branding"), &auditor, &json!({})).await).0, 403);
}

#[tokio::test]
async fn what_is_declared_is_so_and_what_is_exported_is_that() {
    let app = TestApp::new().await;
    let document =
        json!({ "branding": { "headline": "Welcome", "headline#ko": "어서 오세요", "accent_color_dark": "#8fb4f5" } });
    let declaration = declared::read(&document).unwrap();
    let stays = declared::Undeclared::Stays;
    let planned = declared::plan(&app.admin, &OPERATOR, &declaration, stays).await.unwrap();
    let declared::Action::Change { differences } = &planned[0].action else { panic!("{planned:?}") };
    let members: Vec<&str> = differences.iter().map(|one| one.member.as_str()).collect();
    assert_eq!((planned[0].name.as_str(), members), ("branding", vec!["accent_color_dark", "headline", "headline#ko"]));
    assert_eq!(policy::find(&app.admin, &OPERATOR).await.unwrap().version, 0, "a plan changes nothing");
    let applied = declared::apply(&app.admin, &OPERATOR, &declaration, stays).await.unwrap();
    assert!(applied[0].is_change());
    let again = declared::apply(&app.admin, &OPERATOR, &declaration, stays).await.unwrap();
    assert!(!again[0].is_change());
    let exported = declared::export(&app.admin, &OPERATOR).await.unwrap().to_document();
    assert_eq!(exported["branding"], document["branding"]);
    let refused = declared::read(&json!({ "branding": { "accent_colour": "#8fb4f5" } })).unwrap_err();
    assert_eq!(refused.to_string(), "branding: there is no accent_colour; did you mean accent_color?");
    let pale = declared::read(&json!({ "branding": { "accent_color": "#ffffff" } })).unwrap();
    let refused = declared::plan(&app.admin, &OPERATOR, &pale, stays).await.unwrap_err();
    assert!(refused.to_string().contains("contrast of 1.00:1 on light pages"), "{refused}");
}
