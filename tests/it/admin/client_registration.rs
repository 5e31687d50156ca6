//! Clients from registration to deletion.

use std::time::Duration;

use haechi::admin::clients::{self, ClientResource, DEFAULT_GRACE};
use haechi::admin::{Aggregate, Authority, FieldError, ProvenAuthority, Rejected};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{ClientId, ClientKind, ClientSecret, SigningAlgorithm};
use haechi::protocol::grant_type::GrantType;
use haechi::support::Clock as _;

use super::{shop, web_client};
use crate::support::app::TestApp;

static OPERATOR: ProvenAuthority = Authority::operator();

#[tokio::test]
async fn a_secret_is_shown_once_and_only_its_digest_kept() {
    let house = TestApp::new().await;
    let created = clients::create(&house.admin, &OPERATOR, shop(ClientKind::Web)).await.unwrap();
    let secret = created.secret.unwrap();
    assert!(secret.expose().starts_with("hcs_"));
    let stored = clients::find(&house.admin, &OPERATOR, &created.client.id).await.unwrap().unwrap();
    assert_eq!(stored, created.client);
    assert_eq!(stored.authentication.secrets[0].digest, ClientSecret::digest_of(secret.expose()));
    let id = stored.id.as_str();
    assert!(id.starts_with("cli_") && id.len() == 24, "{id}");
    let log = house.audit_log().await;
    assert_eq!((log[0].kind, log[0].client.as_ref()), (AuditKind::ClientCreated, Some(&stored.id)));
}

#[tokio::test]
async fn a_public_client_has_no_secret() {
    let house = TestApp::new().await;
    for kind in [ClientKind::Browser, ClientKind::Native] {
        let created = clients::create(&house.admin, &OPERATOR, shop(kind)).await.unwrap();
        assert!(created.secret.is_none() && created.client.authentication.secrets.is_empty());
        let rotated = clients::rotate_secret(&house.admin, &OPERATOR, &created.client.id, DEFAULT_GRACE).await;
        assert!(matches!(rotated, Err(Rejected::NoSecretUsed)), "{rotated:?}");
    }
}

#[tokio::test]
async fn a_chosen_id_must_be_free_legal_and_not_the_servers() {
    let house = TestApp::new().await;
    web_client(&house, "shop").await;
    let create = |id: &str| {
        let new = ClientResource { client_id: Some(id.to_owned()), ..shop(ClientKind::Web) };
        clients::create(&house.admin, &OPERATOR, new)
    };
    assert!(matches!(create("shop").await, Err(Rejected::Taken(Aggregate::Client))));
    let id = create("usr_0123").await;
    assert!(
        matches!(&id, Err(Rejected::Invalid(found)) if matches!(found[0].error, FieldError::ClientId(_))),
        "{id:?}"
    );
    assert!(matches!(create("haechi.console").await, Err(Rejected::Reserved)));
}

#[tokio::test]
async fn a_rotated_secret_overlaps_and_at_most_two_live() {
    let house = TestApp::new().await;
    let id = web_client(&house, "shop").await.id;
    let grace = Duration::from_hours(1);
    let second = clients::rotate_secret(&house.admin, &OPERATOR, &id, grace).await.unwrap();
    let now = house.clock.now();
    let ends: Vec<_> = second.client.authentication.secrets.iter().map(|secret| secret.expires_at).collect();
    assert_eq!(ends, [None, Some(now.plus(grace))]);
    let third = clients::rotate_secret(&house.admin, &OPERATOR, &id, grace).await.unwrap();
    assert_eq!(third.client.authentication.secrets.len(), 2);
    assert_eq!(third.client.authentication.secrets[1].digest, ClientSecret::digest_of(second.secret.unwrap().expose()));
    let at_once = clients::rotate_secret(&house.admin, &OPERATOR, &id, Duration::ZERO).await.unwrap();
    assert_eq!(at_once.client.authentication.secrets.len(), 1, "without a grace the old ones are gone");
    let stored = clients::find(&house.admin, &OPERATOR, &id).await.unwrap().unwrap();
    assert_eq!(stored, at_once.client);
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_is_checked_as_a_whole() {
    let house = TestApp::new().await;
    let was = web_client(&house, "shop").await;
    let rename = ClientResource { client_name: Some("Better shop".to_owned()), ..ClientResource::default() };
    let renamed = clients::update(&house.admin, &OPERATOR, &was.id, &rename).await.unwrap();
    assert!(renamed.secret.is_none());
    assert_eq!(renamed.client.presentation.name, "Better shop");
    assert_eq!(
        (&renamed.client.redirects.uris, &renamed.client.authentication.secrets),
        (&was.redirects.uris, &was.authentication.secrets)
    );
    let emptied = ClientResource { redirect_uris: Some(Vec::new()), ..ClientResource::default() };
    let rejected = clients::update(&house.admin, &OPERATOR, &was.id, &emptied).await;
    assert!(matches!(rejected, Err(Rejected::Invalid(_))), "{rejected:?}");
    let unknown = ClientId::parse("nobody").unwrap();
    assert!(matches!(
        clients::update(&house.admin, &OPERATOR, &unknown, &rename).await,
        Err(Rejected::NotFound(Aggregate::Client))
    ));
}

#[tokio::test]
async fn a_secret_goes_with_its_method() {
    let house = TestApp::new().await;
    let id = web_client(&house, "shop").await.id;
    let method = |json: serde_json::Value| serde_json::from_value::<ClientResource>(json).unwrap();
    let by_key = method(
        serde_json::json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example/jwks"}),
    );
    let changed = clients::update(&house.admin, &OPERATOR, &id, &by_key).await.unwrap();
    assert!(changed.client.authentication.secrets.is_empty());
    let by_secret = method(serde_json::json!({"token_endpoint_auth_method": "client_secret_post"}));
    let changed = clients::update(&house.admin, &OPERATOR, &id, &by_secret).await.unwrap();
    assert!(changed.secret.is_some() && changed.client.authentication.secrets.len() == 1);
}

#[tokio::test]
async fn switching_off_and_deleting_end_what_was_granted() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let id = web_client(&house, "shop").await.id;
    let grant = house.grant(user.id, &id).await;
    house.tick();
    let off = clients::set_enabled(&house.admin, &OPERATOR, &id, false).await.unwrap();
    assert!(!off.enabled && !house.is_live(grant).await);
    house.tick();
    let on = clients::set_enabled(&house.admin, &OPERATOR, &id, true).await.unwrap();
    assert!(on.enabled && !house.is_live(grant).await, "what ended stays ended");
    house.tick();
    clients::delete(&house.admin, &OPERATOR, &id).await.unwrap();
    assert!(clients::find(&house.admin, &OPERATOR, &id).await.unwrap().is_none());
    assert!(matches!(clients::delete(&house.admin, &OPERATOR, &id).await, Err(Rejected::NotFound(Aggregate::Client))));
    let kinds: Vec<_> = house.audit_log().await.iter().map(|event| event.kind).collect();
    assert_eq!(kinds[..3], [AuditKind::ClientDeleted, AuditKind::ClientEnabled, AuditKind::ClientDisabled]);
}

#[tokio::test]
async fn what_is_shown_of_a_client_changes_nothing_and_forges_nothing() {
    let house = TestApp::new().await;
    let was = web_client(&house, "shop").await;
    house.tick();
    let shown = ClientResource::from(&was);
    let same = clients::update(&house.admin, &OPERATOR, &was.id, &shown).await.unwrap();
    assert_eq!((same.client, same.secret.is_none()), (was.clone(), true));
    assert_eq!(house.audit_log().await[0].kind, AuditKind::ClientCreated, "nothing happened since");
    for (field, value) in [
        ("client_id", serde_json::json!("other")),
        ("client_id_issued_at", serde_json::json!(1)),
        ("kind", serde_json::json!("service")),
        ("enabled", serde_json::json!(false)),
        ("secrets", serde_json::json!([])),
        ("updated_at", serde_json::json!("1970-01-01T00:00:00Z")),
    ] {
        let other = serde_json::from_value(serde_json::json!({field: value})).unwrap();
        let refused = clients::update(&house.admin, &OPERATOR, &was.id, &other).await;
        let Err(Rejected::Invalid(found)) = refused else { panic!("{field}: {refused:?}") };
        let read_only = found[0].error == FieldError::ReadOnly;
        assert!(found[0].field == field && read_only, "{field}: {found:?}");
    }
    let stale = ClientResource { version: Some(was.version + 1), client_name: Some("New".to_owned()), ..shown };
    let refused = clients::update(&house.admin, &OPERATOR, &was.id, &stale).await;
    assert!(matches!(refused, Err(Rejected::Stale(Aggregate::Client))), "{refused:?}");
    assert_eq!(clients::find(&house.admin, &OPERATOR, &was.id).await.unwrap(), Some(was));
}

#[tokio::test]
async fn a_client_with_end_users_that_names_no_scope_may_learn_who_they_are() {
    let house = TestApp::new().await;
    let scopes_of = async |document: ClientResource| {
        clients::create(&house.admin, &OPERATOR, document).await.unwrap().client.policy.scopes.to_string()
    };
    for kind in [ClientKind::Web, ClientKind::Browser, ClientKind::Native] {
        assert_eq!(scopes_of(ClientResource { scope: None, ..shop(kind) }).await, "openid profile email", "{kind:?}");
    }
    let said = ClientResource { scope: Some("read".to_owned()), ..shop(ClientKind::Web) };
    assert_eq!(scopes_of(said).await, "read");
    let none = ClientResource { scope: Some(String::new()), ..shop(ClientKind::Web) };
    assert_eq!(scopes_of(none).await, "");
    // One that acts for itself has no end-users, whatever kind of program it is.
    for kind in [ClientKind::Service, ClientKind::Web] {
        let itself = ClientResource {
            client_name: Some("Batch".to_owned()),
            kind: Some(kind),
            grant_types: Some(vec![GrantType::ClientCredentials]),
            ..ClientResource::default()
        };
        assert_eq!(scopes_of(itself).await, "", "{kind:?}");
    }
}

/// A JWKS with a key of EdDSA in it cannot be read by some libraries: there is none until an app asks for it.
#[tokio::test]
async fn a_client_that_asks_for_eddsa_brings_its_key_to_every_node() {
    let house = TestApp::new().await;
    let other = house.second_node().await;
    let seen = async |house: &TestApp| {
        house.keys.follow().await.unwrap();
        let keys = house.get("/jwks").send().await.body;
        let metadata = house.get("/.well-known/openid-configuration").send().await.expect(200);
        let signs = metadata["id_token_signing_alg_values_supported"].to_string();
        (keys.contains("OKP"), signs.contains("EdDSA"))
    };
    web_client(&house, "usual").await;
    assert_eq!((seen(&house).await, seen(&other).await), ((false, false), (false, false)));
    let document = |document: serde_json::Value| serde_json::from_value::<ClientResource>(document).unwrap();
    let modern = document(serde_json::json!({ "id_token_signed_response_alg": "EdDSA" }));
    clients::update(&house.admin, &OPERATOR, ClientId::parse("usual").unwrap(), &modern).await.unwrap();
    assert_eq!((seen(&house).await, seen(&other).await), ((true, true), (true, true)));
}

#[tokio::test]
async fn a_client_that_asks_for_an_algorithm_that_is_off_is_told_which_setting_turns_it_on() {
    let house = TestApp::with(|config| config.keys.on_request.clear()).await;
    let modern = serde_json::json!({ "access_token_signed_response_alg": "EdDSA" });
    let modern = ClientResource { ..serde_json::from_value(modern).unwrap() };
    let asked = ClientResource { client_name: Some("x".to_owned()), kind: Some(ClientKind::Service), ..modern };
    let Err(Rejected::Invalid(problems)) = clients::create(&house.admin, &OPERATOR, asked).await else { panic!() };
    assert!(problems[0].to_string().contains("keys.on_request"), "{problems:?}");
    assert!(!house.keys.has(SigningAlgorithm::EdDSA));
}
