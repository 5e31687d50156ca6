//! Connections to upstream providers.

use std::time::Duration;

use haechi::admin::connections::{self, CameThrough, ConnectionResource, Shift, redirect_uri};
use haechi::admin::{Aggregate, Authority, FieldError, ProvenAuthority, Rejected};
use haechi::keys::{KeyEncryptionKey, Sealer};
use haechi::model::Connection;
use haechi::model::audit_event::AuditKind;
use haechi::model::connection::Slug;
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::protocol::issuer::Issuer;
use haechi::store::Change;
use haechi::support::id::LinkId;
use haechi::support::{Clock, Secret};
use haechi::upstream::secrets;
use serde_json::{Value, json};

use crate::support::app::TestApp;

static ACTOR: ProvenAuthority = Authority::operator();

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn google() -> Value {
    json!({ "preset": "google", "client_secret": "GOCSPX-canary", "client_id": "app.apps.googleusercontent.com" })
}

fn oidc() -> Value {
    json!({ "preset": "oidc", "client_secret": "canary", "client_id": "haechi", "issuer": "https://idp.example.com" })
}

async fn create(house: &TestApp, new: Value) -> Result<Connection, Rejected> {
    let new: ConnectionResource = serde_json::from_value(new).unwrap();
    house.tick();
    connections::create(&house.admin, &ACTOR, new).await
}

async fn update(house: &TestApp, name: &str, edit: Value) -> Result<Connection, Rejected> {
    let edit: ConnectionResource = serde_json::from_value(edit).unwrap();
    house.tick();
    connections::update(&house.admin, &ACTOR, &slug(name), &edit).await
}

/// What was found wrong, field by field.
fn problems<T: std::fmt::Debug>(outcome: Result<T, Rejected>) -> Vec<(String, FieldError)> {
    match outcome {
        Err(Rejected::Invalid(invalid)) => invalid.into_iter().map(|found| (found.field, found.error)).collect(),
        other => panic!("{other:?}"),
    }
}

/// The secrets that count now.
fn known(house: &TestApp, connection: &Connection) -> Vec<String> {
    let sealer = Sealer::new(&KeyEncryptionKey::from_bytes([7; 32]), "upstream");
    secrets::open(&sealer, connection, house.clock.now()).iter().map(|secret| secret.expose().clone()).collect()
}

async fn link_somebody(house: &TestApp, connection: &Connection) {
    let user = house.sign_up("kim@example.com").await.id;
    let identity = UpstreamIdentity { connection: connection.id, subject: UpstreamSubject::parse("1").unwrap() };
    let now = house.clock.now();
    let account = UpstreamAccount { identity, label: "kim".to_owned(), tokens: None };
    let link = UpstreamLink::new(LinkId::new(now, house.random.as_ref()), account, user, now);
    // A link is made through a connection that may be used.
    let stored = connections::find(&house.admin, &ACTOR, &connection.slug).await.unwrap().unwrap();
    let enabled = Connection { enabled: true, ..stored.clone() };
    let epochs = LinkEpochs { connection: enabled.epoch, ..LinkEpochs::default() };
    let changes = vec![Change::UpdateConnection(Box::new(enabled)), Change::InsertUpstreamLink(link, epochs)];
    house.stores.work.commit(changes).await.unwrap();
    let again = Connection { version: stored.version + 1, ..stored };
    house.stores.work.commit(vec![Change::UpdateConnection(Box::new(again))]).await.unwrap();
}

#[tokio::test]
async fn a_connection_is_made_switched_on_and_noted() {
    let house = TestApp::new().await;
    let made = create(&house, google()).await.unwrap();
    assert_eq!((made.slug.as_str(), made.enabled, made.trust_email, made.sign_up), ("google", false, true, true));
    assert_eq!(known(&house, &made), ["GOCSPX-canary"]);
    house.tick();
    connections::set_enabled(&house.admin, &ACTOR, &made.slug, true, CameThrough::Ends).await.unwrap();
    house.tick();
    let again = create(&house, google()).await.unwrap();
    assert_eq!(again.slug.as_str(), "google-2");
    assert!(again.position > made.position);
    let noted: Vec<_> = house.audit_log().await.into_iter().map(|e| (e.kind, e.detail.unwrap())).collect();
    let expected = [
        (AuditKind::ConnectionCreated, "google-2"),
        (AuditKind::ConnectionEnabled, "google"),
        (AuditKind::ConnectionCreated, "google"),
    ];
    assert_eq!(noted.iter().map(|(kind, said)| (*kind, said.as_str())).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn everything_that_is_wrong_is_named_at_once() {
    let house = TestApp::new().await;
    let new = json!({
        "preset": "oidc", "slug": "Not A Slug", "client_secret": "한글", "token_endpoint_auth_method": "none",
        "label": "two\nlines", "client_id": "한글", "scope": "profile a\"b", "claim_map": { "emial": "email", "email": "/a~", "subject": "mail" },
        "issuer": "http://idp.example.com", "tenant": "x", "allowed_domains": ["localhost"], "default_roles": ["administrator"],
        "id_token_signing_alg_values_supported": ["HS256", "RS256"],
    });
    let mut found = problems(create(&house, new).await);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let named: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    let expected = [
        "allowed_domains",
        "claim_map.email",
        "claim_map.emial",
        "claim_map.subject",
        "client_id",
        "client_secret",
        "default_roles",
        "id_token_signing_alg_values_supported",
        "issuer",
        "label",
        "scope",
        "scope",
        "slug",
        "tenant",
        "token_endpoint_auth_method",
    ];
    assert_eq!(named, expected);
    assert!(connections::list(&house.admin, &ACTOR).await.unwrap().is_empty());
    assert!(house.audit_log().await.is_empty());
}

#[tokio::test]
async fn a_setting_is_what_the_preset_asks_for() {
    let house = TestApp::new().await;
    let with = |preset: &str, mut settings: Value| {
        (settings["preset"], settings["client_id"]) = (json!(preset), json!("x"));
        settings
    };
    let endpoints = json!({ "authorization_endpoint": "https://a.example/x", "token_endpoint": "https://a.example/y", "userinfo_endpoint": "https://a.example/z" });
    for (preset, settings) in [
        ("oidc", json!({ "issuer": "https://idp.example.com/realms/a" })),
        ("gitlab", json!({})),
        ("gitlab", json!({ "issuer": "https://git.example.com" })),
        ("entra", json!({ "tenant": "6babcaad-604b-40ac-a9d7-9fd97c0b779f" })),
        ("apple", json!({ "team_id": "A1B2C3D4E5", "key_id": "F6G7H8J9K0" })),
        ("oauth2", endpoints.clone()),
    ] {
        create(&house, with(preset, settings)).await.unwrap();
    }
    for (preset, settings, field, problem) in [
        ("oidc", json!({}), "issuer", FieldError::Missing),
        ("oidc", json!({ "issuer": "https://u:p@idp.example" }), "issuer", FieldError::NotAUrl),
        ("oidc", json!({ "issuer": "https://idp.example/?x" }), "issuer", FieldError::NotAnIssuer),
        ("oidc", json!({ "issuer": "https://IDP.example" }), "issuer", FieldError::NotAnIssuer),
        ("oidc", json!({ "issuer": "file:///etc/passwd" }), "issuer", FieldError::NotAUrl),
        ("entra", json!({ "tenant": "common" }), "tenant", FieldError::NotATenant),
        ("apple", json!({ "team_id": "A1B2C3D4E5", "key_id": "short" }), "key_id", FieldError::NotTenCharacters),
        ("google", json!({ "issuer": "https://evil.example" }), "issuer", FieldError::NoSuchSetting),
    ] {
        let found = problems(create(&house, with(preset, settings)).await);
        assert_eq!(found, [(field.to_owned(), problem)], "{preset}");
    }
    let mut plain = endpoints;
    plain["token_endpoint"] = json!("http://a.example/y");
    let found = problems(create(&house, with("oauth2", plain.clone())).await);
    assert_eq!(found, [("token_endpoint".to_owned(), FieldError::NotHttps)]);
    let house = house.restarted(|config| config.network.outgoing_http = true).await;
    create(&house, with("oauth2", plain)).await.unwrap();
}

#[tokio::test]
async fn a_provider_is_at_a_port_of_the_web_or_at_one_that_is_named() {
    let house = TestApp::new().await;
    let with = |mut settings: Value| {
        (settings["preset"], settings["client_id"]) = (json!("oidc"), json!("x"));
        settings
    };
    let strange = "https://idp.example:5556";
    for (settings, field, problem) in [
        (json!({ "issuer": strange }), "issuer", FieldError::Port),
        (json!({ "issuer": "https://idp.example:22", "ports": "5556" }), "issuer", FieldError::Port),
        (json!({ "issuer": "https://idp.example", "ports": "https" }), "ports", FieldError::NotPorts),
        (json!({ "issuer": "https://idp.example", "ports": "0" }), "ports", FieldError::NotPorts),
    ] {
        let found = problems(create(&house, with(settings.clone())).await);
        assert_eq!(found, [(field.to_owned(), problem)], "{settings}");
    }
    for settings in [
        json!({ "issuer": "https://idp.example:8443" }),
        json!({ "issuer": "https://localhost:5556" }),
        json!({ "issuer": strange, "ports": "8180, 5556" }),
    ] {
        create(&house, with(settings)).await.unwrap();
    }
    let house = house.restarted(|config| config.network.outgoing_ports = vec![5556]).await;
    create(&house, with(json!({ "issuer": strange }))).await.unwrap();
}

#[tokio::test]
async fn only_a_complete_connection_is_switched_on() {
    let house = TestApp::new().await;
    create(&house, json!({ "preset": "google", "client_id": "x" })).await.unwrap();
    let refused = connections::set_enabled(&house.admin, &ACTOR, &slug("google"), true, CameThrough::Ends).await;
    assert_eq!(problems(refused), [("client_secret".to_owned(), FieldError::Missing)]);
    let unknown = connections::set_enabled(&house.admin, &ACTOR, &slug("kakao"), true, CameThrough::Ends).await;
    assert!(matches!(unknown, Err(Rejected::NotFound(Aggregate::Connection))));
    let apple = json!({
        "preset": "apple", "client_secret": "not a key",
        "client_id": "x", "team_id": "A1B2C3D4E5", "key_id": "F6G7H8J9K0",
    });
    assert_eq!(problems(create(&house, apple).await), [("client_secret".to_owned(), FieldError::NotAKey)]);
}

#[tokio::test]
async fn an_old_secret_is_tried_beside_the_new_one_for_a_while() {
    let house = TestApp::new().await;
    create(&house, google()).await.unwrap();
    let rotate = async |text: &str, grace| {
        let secret = Secret::from(text);
        house.tick();
        connections::rotate_secret(&house.admin, &ACTOR, &slug("google"), &secret, grace).await.unwrap()
    };
    let hour = Duration::from_hours(1);
    assert_eq!(known(&house, &rotate("second", hour).await), ["second", "GOCSPX-canary"]);
    // Two are enough: the oldest does not come along.
    let third = rotate(" third\n", hour).await;
    assert_eq!(known(&house, &third), ["third", "second"]);
    house.clock.advance(hour);
    assert_eq!(known(&house, &third), ["third"]);
    let fourth = rotate("fourth", Duration::ZERO).await;
    assert_eq!(known(&house, &fourth), ["fourth"]);
    let empty = Secret::from(" ");
    let refused = connections::rotate_secret(&house.admin, &ACTOR, &slug("google"), &empty, hour).await;
    assert_eq!(problems(refused), [("client_secret".to_owned(), FieldError::Missing)]);
    assert_eq!(house.audit_log().await[0].kind, AuditKind::ConnectionSecretRotated);
}

#[tokio::test]
async fn ssrf_016_a_stored_secret_is_never_sent_to_another_place() {
    let house = TestApp::new().await;
    create(&house, oidc()).await.unwrap();
    let sink = |secret: Value| json!({ "issuer": "https://sink.example", "client_secret": secret });
    for secret in [Value::Null, json!(""), json!("  ")] {
        let refused = update(&house, "oidc", sink(secret)).await;
        assert_eq!(problems(refused), [("client_secret".to_owned(), FieldError::SecretAgain)]);
    }
    let moved = update(&house, "oidc", sink(json!("typed again"))).await.unwrap();
    assert_eq!(known(&house, &moved), ["typed again"]);
    assert_eq!(house.audit_log().await[0].detail.as_deref(), Some("oidc: secrets, settings"));
}

#[tokio::test]
async fn while_people_are_linked_nobody_else_can_become_them() {
    let house = TestApp::new().await;
    let made = create(&house, oidc()).await.unwrap();
    link_somebody(&house, &made).await;
    let elsewhere = json!({ "issuer": "https://other.example", "client_secret": "x" });
    let refused = update(&house, "oidc", elsewhere).await;
    assert_eq!(problems(refused), [("issuer".to_owned(), FieldError::AccountsLinked)]);
    update(&house, "oidc", json!({ "label": "Work" })).await.unwrap();
}

#[tokio::test]
async fn nobody_is_known_by_what_changes_hands() {
    let house = TestApp::new().await;
    for (place, wrong) in [("email", true), ("/user/userName", true), ("/data/mail", true), ("uid", false)] {
        let endpoint = "https://a.example/x";
        let new = json!({
            "preset": "oauth2", "client_id": "x", "claim_map": { "subject": place },
            "authorization_endpoint": endpoint, "token_endpoint": endpoint, "userinfo_endpoint": endpoint,
        });
        let made = create(&house, new).await;
        if wrong {
            assert_eq!(problems(made), [("claim_map.subject".to_owned(), FieldError::SubjectChangesHands)], "{place}");
        } else {
            assert_eq!(made.unwrap().claim_map["subject"], "/uid");
        }
    }
}

#[tokio::test]
async fn adm_004_nobody_signs_up_as_an_administrator_by_the_way() {
    let house = TestApp::new().await;
    create(&house, google()).await.unwrap();
    let roles = |also: Value| {
        let mut fields = json!({ "default_roles": ["administrator"] });
        fields.as_object_mut().unwrap().extend(also.as_object().unwrap().clone());
        fields
    };
    for also in [json!({}), json!({ "allowed_domains": ["corp.example"], "trust_email": false })] {
        let refused = update(&house, "google", roles(also)).await;
        assert_eq!(problems(refused), [("default_roles".to_owned(), FieldError::RolesWithoutLimit)]);
    }
    update(&house, "google", roles(json!({ "allowed_domains": ["@Corp.Example"] }))).await.unwrap();
    // Nor can the limit be taken away later.
    let refused = update(&house, "google", json!({ "allowed_domains": [] })).await;
    assert_eq!(problems(refused), [("default_roles".to_owned(), FieldError::RolesWithoutLimit)]);
}

#[test]
fn adm_007_nothing_is_set_that_is_not_offered() {
    for extra in ["id", "epoch", "settings", "sealed", "algorithms"] {
        assert!(serde_json::from_value::<ConnectionResource>(json!({ extra: true })).is_err(), "{extra}");
    }
}

#[tokio::test]
async fn adm_008_no_view_shows_a_secret() {
    let house = TestApp::new().await;
    let made = create(&house, google()).await.unwrap();
    let issuer = Issuer::parse("https://id.example/sso").unwrap();
    let view = ConnectionResource::of(&made, &issuer);
    assert_eq!(view.redirect_uris, Some(vec!["https://id.example/sso/upstream/google/callback".to_owned()]));
    assert_eq!(view.redirect_uris, Some(vec![redirect_uri(&issuer, &made.slug)]));
    let shown = format!("{} {view:?} {made:?} {:?}", json!(view), house.audit_log().await);
    for word in ["canary", "sealed"] {
        assert!(!shown.contains(word), "{word} in {shown}");
    }
    assert!(!format!("{:?}", serde_json::from_value::<ConnectionResource>(google()).unwrap()).contains("canary"));
}

#[tokio::test]
async fn what_is_shown_of_a_connection_changes_nothing_and_forges_nothing() {
    let house = TestApp::new().await;
    let full = json!({
        "preset": "oauth2", "slug": "forum", "label": "Forum", "client_id": "haechi", "client_secret": "canary",
        "authorization_endpoint": "https://a.example/x", "token_endpoint": "https://a.example/y", "userinfo_endpoint": "https://a.example/z",
        "scope": "read", "claim_map": { "subject": "/uid" }, "allowed_domains": ["corp.example"], "routed_domains": ["corp.example"],
        "sign_up": false, "trust_email": true, "keep_tokens": true, "default_roles": ["auditor"], "allow_private_network": true, "position": 7,
    });
    let was = create(&house, full.clone()).await.unwrap();
    let shown = json!(ConnectionResource::of(&was, &house.app.issuer));
    for (name, value) in full.as_object().unwrap().iter().filter(|(name, _)| *name != "client_secret") {
        assert_eq!(&shown[name], value, "{name}");
    }
    assert_eq!(shown["token_endpoint_auth_method"], "client_secret_basic");
    assert!(shown.get("client_secret").is_none());
    assert_eq!(update(&house, "forum", shown.clone()).await.unwrap(), was);
    assert_eq!(house.audit_log().await[0].kind, AuditKind::ConnectionCreated, "nothing happened since");
    for (field, value) in [
        ("slug", json!("other")),
        ("preset", json!("oidc")),
        ("enabled", json!(true)),
        ("redirect_uris", json!(["https://evil.example/cb"])),
        ("secrets", json!([])),
        ("created_at", json!("1970-01-01T00:00:00Z")),
    ] {
        let found = problems(update(&house, "forum", json!({ field: value })).await);
        assert_eq!(found, [(field.to_owned(), FieldError::ReadOnly)]);
    }
    let found = problems(update(&house, "forum", json!({ "token_endpoint_auth_method": "none" })).await);
    assert_eq!(found, [("token_endpoint_auth_method".to_owned(), FieldError::OtherThanPreset)]);
    assert_eq!(connections::find(&house.admin, &ACTOR, &was.slug).await.unwrap(), Some(was.clone()));
    // A document without the secret keeps the stored one; elsewhere the same document makes the same connection, switched off.
    let renamed = update(&house, "forum", json!({ "label": "The forum" })).await.unwrap();
    assert_eq!(renamed.secrets, was.secrets);
    connections::delete(&house.admin, &ACTOR, &was.slug, CameThrough::Ends).await.unwrap();
    let mut copied = json!(ConnectionResource::of(&create(&house, shown.clone()).await.unwrap(), &house.app.issuer));
    (copied["secrets"], copied["created_at"]) = (shown["secrets"].clone(), shown["created_at"].clone());
    assert_eq!(copied, shown);
}

#[tokio::test]
async fn a_change_from_a_stale_page_is_refused() {
    let house = TestApp::new().await;
    create(&house, google()).await.unwrap();
    let edit = |label: &str| json!({ "version": 0, "label": label });
    assert_eq!(update(&house, "google", edit("One")).await.unwrap().version, 1);
    assert!(matches!(update(&house, "google", edit("Two")).await, Err(Rejected::Stale(Aggregate::Connection))));
}

#[tokio::test]
async fn buttons_are_moved_one_place_at_a_time() {
    let house = TestApp::new().await;
    for preset in ["google", "kakao", "naver"] {
        create(&house, json!({ "preset": preset, "client_id": "x" })).await.unwrap();
    }
    let order = async || {
        let all = connections::list(&house.admin, &ACTOR).await.unwrap();
        all.iter().map(|one| one.slug.to_string()).collect::<Vec<_>>()
    };
    let shift = async |name: &str, way| connections::shift(&house.admin, &ACTOR, &slug(name), way).await;
    shift("naver", Shift::Up).await.unwrap();
    assert_eq!(order().await, ["google", "naver", "kakao"]);
    shift("google", Shift::Up).await.unwrap();
    shift("kakao", Shift::Down).await.unwrap();
    shift("google", Shift::Down).await.unwrap();
    assert_eq!(order().await, ["naver", "google", "kakao"]);
    assert!(matches!(shift("line", Shift::Up).await, Err(Rejected::NotFound(Aggregate::Connection))));
}

#[tokio::test]
async fn what_counts_as_two_factors_is_said_in_id_tokens_or_never() {
    let house = TestApp::new().await;
    let mut forum = json!({
        "preset": "oauth2", "slug": "forum", "label": "Forum", "client_id": "haechi", "client_secret": "canary",
        "authorization_endpoint": "https://a.example/x", "token_endpoint": "https://a.example/y", "userinfo_endpoint": "https://a.example/z",
        "claim_map": { "subject": "/uid" }, "two_factors": ["amr:mfa"], "phishing_resistant": ["acr:phr"],
    });
    let never = ["two_factors", "phishing_resistant"].map(|field| (field.to_owned(), FieldError::NothingSaid));
    assert_eq!(problems(create(&house, forum.clone()).await), never);
    for field in ["two_factors", "phishing_resistant"] {
        forum.as_object_mut().unwrap().remove(field);
    }
    create(&house, forum).await.unwrap();
    let refused = update(&house, "forum", json!({ "two_factors": ["amr:mfa"] })).await;
    assert_eq!(problems(refused), never[..1]);
    create(&house, oidc()).await.unwrap();
    let said = json!({ "two_factors": ["amr:mfa"], "phishing_resistant": ["acr:phr"] });
    let was = update(&house, "oidc", said).await.unwrap();
    let shown = json!(ConnectionResource::of(&was, &house.app.issuer));
    assert_eq!((&shown["two_factors"], &shown["phishing_resistant"]), (&json!(["amr:mfa"]), &json!(["acr:phr"])));
}

#[tokio::test]
async fn a_domain_leads_to_one_connection() {
    let house = TestApp::new().await;
    create(&house, google()).await.unwrap();
    create(&house, oidc()).await.unwrap();
    let nonsense = json!({ "two_factors": ["mfa"], "phishing_resistant": ["acr:two words"] });
    let refused = update(&house, "oidc", nonsense).await;
    let wrong = ["two_factors", "phishing_resistant"].map(|field| (field.to_owned(), FieldError::UpstreamValue));
    assert_eq!(problems(refused), wrong);
    let routed = json!({ "routed_domains": ["corp.example"] });
    update(&house, "google", routed.clone()).await.unwrap();
    let refused = update(&house, "oidc", routed).await;
    assert_eq!(problems(refused), [("routed_domains".to_owned(), FieldError::RoutedElsewhere)]);
}

#[tokio::test]
async fn deleting_says_how_many_links_go_with_it() {
    let house = TestApp::new().await;
    let made = create(&house, google()).await.unwrap();
    link_somebody(&house, &made).await;
    assert_eq!(connections::links(&house.admin, &ACTOR, made.id).await.unwrap(), 1);
    house.tick();
    assert_eq!(connections::delete(&house.admin, &ACTOR, &made.slug, CameThrough::Ends).await.unwrap(), 1);
    assert!(connections::find(&house.admin, &ACTOR, &made.slug).await.unwrap().is_none());
    let entry = &house.audit_log().await[0];
    assert_eq!((entry.kind, entry.detail.as_deref()), (AuditKind::ConnectionDeleted, Some("google: 1 links")));
    let gone = connections::delete(&house.admin, &ACTOR, &made.slug, CameThrough::Ends).await;
    assert!(matches!(gone, Err(Rejected::NotFound(Aggregate::Connection))));
}
