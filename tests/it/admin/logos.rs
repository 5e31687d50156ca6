//! Logos that are uploaded: of clients and of the server, through every door, and what becomes of them.

use axum::http::StatusCode;
use haechi::admin::clients::{self, ClientResource};
use haechi::admin::policy::{self, BrandingResource};
use haechi::admin::{Authority, ProvenAuthority, Target, declared};
use haechi::model::Client;
use haechi::model::audit_event::AuditKind;
use haechi::model::logo::LogoId;
use haechi::model::user::Role;
use serde_json::{Value, json};

use super::api::{self, problem, token_as, wrong};
use super::web_client;
use crate::support::app::TestApp;
use crate::support::pictures;

const OPERATOR: ProvenAuthority = Authority::operator();

/// The picture at an address of ours.
async fn picture(app: &TestApp, address: &str) -> Option<Vec<u8>> {
    let name = address.rsplit('/').next().unwrap();
    app.stores.logos.logo(LogoId::of_name(name).unwrap()).await.unwrap()
}

fn logo_of(shown: &Value) -> &str {
    shown["logo_uri"].as_str().unwrap_or_else(|| panic!("no logo: {shown}"))
}

#[tokio::test]
async fn a_client_has_the_logo_that_was_uploaded_until_its_registration_names_another() {
    let app = TestApp::new().await;
    let shop = web_client(&app, "shop").await;
    let shown = |client: &Client| serde_json::to_value(ClientResource::from(client).at(&app.issuer)).unwrap();
    let first = clients::set_logo(&app.admin, &OPERATOR, &shop.id, &pictures::png(900, 300, 1)).await.unwrap();
    let address = logo_of(&shown(&first)).to_owned();
    assert!(
        address.starts_with(&format!("{}/logos/", app.issuer())) && address.strip_suffix(".png").is_some(),
        "{address}"
    );
    assert_eq!(pictures::size(&picture(&app, &address).await.unwrap()), (256, 85));
    // What is shown can be said again, and changes nothing.
    let again: ClientResource = serde_json::from_value(shown(&first)).unwrap();
    let same = clients::update(&app.admin, &OPERATOR, &shop.id, &again).await.unwrap().client;
    assert_eq!(same.version, first.version);
    // The same picture is no change, and another one takes its place.
    let same = clients::set_logo(&app.admin, &OPERATOR, &shop.id, &pictures::png(900, 300, 1)).await.unwrap();
    assert_eq!(same.version, first.version);
    let second = clients::set_logo(&app.admin, &OPERATOR, &shop.id, &pictures::webp(64, 64, 2)).await.unwrap();
    assert_ne!(logo_of(&shown(&second)), address);
    assert_eq!(picture(&app, &address).await, None, "the old one is gone");
    // An address elsewhere is a text: nothing is fetched, and what was uploaded goes.
    let elsewhere = json!({ "logo_uri": "https://shop.example/logo.png" });
    let document = serde_json::from_value(elsewhere).unwrap();
    let moved = clients::update(&app.admin, &OPERATOR, &shop.id, &document).await.unwrap().client;
    assert_eq!(logo_of(&shown(&moved)), "https://shop.example/logo.png");
    assert_eq!(picture(&app, logo_of(&shown(&second))).await, None);
    // One that is uploaded goes with its client.
    let third = clients::set_logo(&app.admin, &OPERATOR, &shop.id, &pictures::jpeg(64, 64, 3)).await.unwrap();
    let address = logo_of(&shown(&third)).to_owned();
    assert!(picture(&app, &address).await.is_some());
    clients::delete(&app.admin, &OPERATOR, &shop.id).await.unwrap();
    assert_eq!(picture(&app, &address).await, None);
}

#[tokio::test]
async fn each_change_is_audited_and_one_of_a_stale_version_is_none() {
    let app = TestApp::new().await;
    let shop = web_client(&app, "shop").await;
    clients::set_logo(&app.admin, &OPERATOR, &shop.id, &pictures::png(8, 8, 1)).await.unwrap();
    clients::remove_logo(&app.admin, &OPERATOR, &shop.id).await.unwrap();
    clients::remove_logo(&app.admin, &OPERATOR, &shop.id).await.unwrap();
    let said: Vec<_> = app.audit(AuditKind::ClientChanged).await.into_iter().map(|event| event.detail).collect();
    assert_eq!(said, [Some("logo".to_owned()), Some("logo".to_owned())], "what changes nothing is no entry");
    policy::set_logo(&app.admin, &OPERATOR, (), &pictures::png(8, 8, 1)).await.unwrap();
    let said: Vec<_> = app.audit(AuditKind::PolicyChanged).await.into_iter().map(|event| event.detail).collect();
    assert_eq!(said, [Some("branding: logo_uri".to_owned())]);
    let stale = Target::at(shop.id.clone(), shop.version);
    let stale = clients::set_logo(&app.admin, &OPERATOR, stale, &pictures::png(8, 8, 2)).await.unwrap_err();
    assert_eq!(stale.code(), "stale");
}

#[tokio::test]
async fn the_server_has_one_too_which_a_decision_for_none_takes_away() {
    let app = TestApp::new().await;
    let decided = policy::set_logo(&app.admin, &OPERATOR, (), &pictures::png(32, 32, 1)).await.unwrap();
    let address = logo_of(&serde_json::to_value(BrandingResource::of(&decided).at(&app.issuer)).unwrap()).to_owned();
    assert!(picture(&app, &address).await.is_some());
    // Every other decision leaves it.
    let named = serde_json::from_value(json!({ "product_name": "Books", "logo_uri": address })).unwrap();
    let decided = policy::set_branding(&app.admin, &OPERATOR, (), &named).await.unwrap();
    assert!(decided.branding.logo.is_some());
    let other = serde_json::from_value(json!({ "logo_uri": "https://books.example/logo.png" })).unwrap();
    let refused = policy::set_branding(&app.admin, &OPERATOR, (), &other).await.unwrap_err();
    assert!(refused.to_string().contains("logo_uri"), "{refused}");
    let nothing = BrandingResource::of(&decided).taken_away();
    assert_eq!(policy::set_branding(&app.admin, &OPERATOR, (), &nothing).await.unwrap().branding.logo, None);
    assert_eq!(picture(&app, &address).await, None);
}

#[tokio::test]
async fn by_the_api_a_logo_is_put_and_deleted_as_what_it_is() {
    let house = api::house().await;
    web_client(&house, "shop").await;
    let token = token_as(&house, Role::Administrator).await;
    for path in ["/clients/shop/logo", "/branding/logo"] {
        let document = path.trim_end_matches("/logo");
        let put = async |kind: &str, bytes: &[u8]| {
            let call = api::call(&house, "PUT", path, &token);
            call.bytes(kind, bytes).send().await
        };
        let put_by_try = api::call(&house, "PUT", &format!("{path}?dry_run=true"), &token);
        put_by_try.bytes("image/png", &pictures::png(8, 8, 9)).send().await.expect(200);
        assert!(api::call(&house, "GET", document, &token).send().await.expect(200).get("logo_uri").is_none());
        let answer = put("image/jpeg", &pictures::jpeg(300, 300, 1)).await;
        let shown = answer.expect(200);
        assert_eq!(api::call(&house, "GET", document, &token).send().await.expect(200)["logo_uri"], shown["logo_uri"]);
        assert_eq!(pictures::size(&picture(&house, logo_of(&shown)).await.unwrap()), (256, 256));
        // An older version is not changed.
        let old = api::call(&house, "PUT", path, &token).header("if-match", "\"0\"");
        let old = old.bytes("image/png", &pictures::png(8, 8, 2)).send().await;
        assert_eq!(problem(&old), (412, "precondition_failed".to_owned()));
        // What it is said to be, and what it is.
        assert_eq!(problem(&put("image/svg+xml", b"<svg/>").await), (415, "unsupported_media_type".to_owned()));
        assert_eq!(problem(&put("application/json", b"{}").await), (415, "unsupported_media_type".to_owned()));
        assert_eq!(wrong(&put("image/png", b"<svg/>").await), [("/logo".to_owned(), "not_a_logo".to_owned())]);
        assert_eq!(problem(&put("image/png", &vec![0; 256 * 1024 + 1]).await), (413, "too_large".to_owned()));
        let removed = api::call(&house, "DELETE", path, &token).send().await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT);
        assert!(api::call(&house, "GET", document, &token).send().await.expect(200).get("logo_uri").is_none());
    }
}

#[tokio::test]
async fn what_is_exported_leaves_logos_behind_and_what_is_applied_leaves_them_alone() {
    let app = TestApp::new().await;
    let shop = web_client(&app, "shop").await;
    clients::set_logo(&app.admin, &OPERATOR, &shop.id, &pictures::png(8, 8, 1)).await.unwrap();
    policy::set_logo(&app.admin, &OPERATOR, (), &pictures::png(8, 8, 2)).await.unwrap();
    let exported = declared::export(&app.admin, &OPERATOR).await.unwrap().to_document();
    assert!(!exported.to_string().contains("logo_uri"), "{exported}");
    let declaration = declared::read(&exported).unwrap();
    let applied = declared::apply(&app.admin, &OPERATOR, &declaration, declared::Undeclared::Stays).await.unwrap();
    assert!(applied.iter().all(|step| !step.is_change()), "{applied:?}");
    let is = clients::find(&app.admin, &Authority::operator(), &shop.id).await.unwrap().unwrap();
    assert!(is.presentation.links.logo.is_some());
    assert!(policy::find(&app.admin, &Authority::operator()).await.unwrap().branding.logo.is_some());
}

#[tokio::test]
async fn every_node_serves_it_for_ever_by_an_address_that_is_of_this_picture_alone() {
    let app = TestApp::new().await;
    let other = app.second_node().await;
    let decided = policy::set_logo(&app.admin, &OPERATOR, (), &pictures::png(32, 16, 1)).await.unwrap();
    let path = decided.branding.logo.unwrap().path();
    for node in [&app, &other] {
        let page = node.browser().get_once(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        for (header, value) in [
            ("content-type", "image/png"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(page.header(header), Some(value), "{header}");
        }
        assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
        assert!(page.header("set-cookie").is_none(), "a picture makes nobody known");
        for none in ["/logos/", "/logos/x.png", &path.replace(".png", ".svg"), &path.replace(".png", "")] {
            assert_eq!(node.browser().get_once(none).await.status, StatusCode::NOT_FOUND, "{none}");
        }
    }
}
