//! The preview of a person's tokens in an app: it says what real tokens say, and why, and leaves no trace.

use axum::http::Method;
use haechi::admin::affiliations::{GroupResource, RoleResource};
use haechi::admin::token_preview::{self, Asked, DocumentView, Note, TokenPreview};
use haechi::admin::{Authority, ProvenAuthority, Rejected, users};
use haechi::model::client::{AccessTokenType, ClientId, ConsentPolicy, IdTokenClaims};
use haechi::model::user::{Role, User};
use haechi::protocol::ScopeSet;
use serde_json::{Map, Value, json};

use super::affiliations::define;
use super::api::{call, house, problem, token_as};
use super::attributes::declare;
use super::claim_rules::{equip, rule};
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::furnished::open;

const OPERATOR: ProvenAuthority = Authority::operator();
const SCOPES: &str = "openid profile email groups roles shop offline_access";

/// What is another in each token, and so no part of what is compared: ids, times, hashes and what the request itself says.
const OF_EACH: &[&str] = &["jti", "sid", "at_hash", "nonce", "iat", "exp", "auth_time"];

/// A house with an app, `shop`, and a person with something of everything that an app can be told of.
async fn furnished(change: impl FnOnce(&mut haechi::model::Client)) -> (TestApp, User) {
    let house = house().await;
    house
        .client("shop", |shop| {
            shop.policy.consent = ConsentPolicy::FirstParty;
            shop.policy.scopes = ScopeSet::parse(SCOPES).unwrap();
            change(shop);
        })
        .await;
    house.client("blog", |_| {}).await;
    declare(&house, json!({ "name": "level" })).await;
    declare(&house, json!({ "name": "badge" })).await;
    declare(&house, json!({ "name": "teams", "value_type": "texts" })).await;
    define::<RoleResource>(&house.app, json!({ "name": "manager", "client_id": "shop" })).await;
    define::<RoleResource>(&house.app, json!({ "name": "writer", "client_id": "blog" })).await;
    define::<RoleResource>(&house.app, json!({ "name": "reader" })).await;
    define::<GroupResource>(&house.app, json!({ "name": "staff", "roles": ["shop:manager", "blog:writer"] })).await;
    for document in [
        json!({ "name": "level", "claim": "level", "attribute": "level", "scope": "profile", "tokens": ["id_token", "userinfo", "access_token"] }),
        json!({ "name": "badge", "claim": "badge", "attribute": "badge", "scope": "profile" }),
        json!({ "name": "crew", "claim": "crew", "source": "groups", "scope": "shop", "tokens": ["access_token"], "values": { "staff": "everybody" } }),
        json!({ "name": "access", "claim": "https://example.com/access", "source": "roles", "scope": "shop", "tokens": ["id_token"] }),
        json!({ "name": "blog", "claim": "byline", "source": "constant", "value": true, "scope": "profile", "client_id": "blog" }),
        json!({ "name": "far", "claim": "far", "attribute": "teams", "scope": "archive" }),
    ] {
        rule(&house.app, document).await;
    }
    let kim = house.user("kim@example.com").await;
    let given = json!({ "groups": ["staff"], "roles": ["reader"] });
    equip(&house.app, kim.id, json!({ "level": "gold", "teams": ["a"] }), given).await;
    (house, kim)
}

async fn previewed(house: &TestApp, user: &User, client: &str, scope: Option<&str>) -> TokenPreview {
    let asked = Asked { scope: scope.map(str::to_owned), resources: Vec::new() };
    let client = ClientId::parse(client).unwrap();
    token_preview::preview(&house.admin, &house.tokens, &OPERATOR, (user.id, &client), &asked).await.unwrap()
}

fn said(document: &DocumentView) -> Map<String, Value> {
    let claims = document.claims.iter().filter(|claim| !OF_EACH.contains(&claim.name.as_str()));
    claims.map(|claim| (claim.name.clone(), claim.value.clone())).collect()
}

fn without_each(claims: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    claims.into_iter().filter(|(name, _)| !OF_EACH.contains(&name.as_str())).collect()
}

/// Signs the person in to the app through its pages' door, and compares each document with what was previewed, claim by claim.
async fn compare(house: &TestApp, kim: &User, scope: &str) {
    let shown = previewed(house, kim, "shop", Some(scope)).await;
    let mut browser = house.signed_in(kim).await;
    let answer = browser.get(&Ask::of("shop").with("scope", scope).url()).await.answer();
    let tokens = house.redeem("shop", &answer["code"]).await;
    let text = |name: &str| tokens[name].as_str().unwrap();
    let granted = tokens["scope"].as_str().unwrap_or(scope);
    assert_eq!(ScopeSet::parse(&shown.scope).unwrap(), ScopeSet::parse(granted).unwrap());
    let (header, access) = open(text("access_token"));
    let view = shown.access_token.header.as_ref().unwrap();
    assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some(view.typ.as_str()), Some(view.alg.as_str())));
    assert_eq!(said(&shown.access_token), without_each(access), "access token of {scope}");
    let (header, id_token) = open(text("id_token"));
    let document = shown.id_token.as_ref().unwrap();
    let view = document.header.as_ref().unwrap();
    assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some(view.typ.as_str()), Some(view.alg.as_str())));
    assert_eq!(said(document), without_each(id_token), "ID token of {scope}");
    let bearer = format!("Bearer {}", text("access_token"));
    let userinfo = browser.send(Method::GET, "/userinfo", &[("authorization", &bearer)], None).await;
    let userinfo: Map<String, Value> = serde_json::from_str(&userinfo.body).unwrap();
    assert_eq!(said(shown.userinfo.as_ref().unwrap()), userinfo, "UserInfo of {scope}");
}

#[tokio::test]
async fn the_preview_says_what_a_real_token_of_that_person_in_that_app_says() {
    let (house, kim) = furnished(|_| ()).await;
    for scope in [
        SCOPES,
        "openid",
        "openid profile",
        "openid groups",
        "openid email roles",
        "openid shop",
        "openid shop unknown",
    ] {
        compare(&house, &kim, scope).await;
    }
    let (house, kim) = furnished(|shop| {
        shop.tokens.id_token_claims = IdTokenClaims::Profile;
        shop.tokens.access_token_type = AccessTokenType::Jwt;
    })
    .await;
    for scope in [SCOPES, "openid email groups roles"] {
        compare(&house, &kim, scope).await;
    }
}

#[tokio::test]
async fn the_preview_says_why_each_claim_is_there_and_what_is_not() {
    let (house, kim) = furnished(|_| ()).await;
    let token = token_as(&house, Role::Auditor).await;
    let path = format!("/users/{}/token-preview?client_id=shop&scope=openid+profile+roles+shop+archive", kim.id);
    let shown = call(&house, "GET", &path, &token).send().await.expect(200);
    let why = |document: &str, claim: &str| {
        let claims = shown[document]["claims"].as_array().unwrap();
        claims.iter().find(|one| one["name"] == claim).unwrap_or_else(|| panic!("{document} {claim}: {shown:#}"))["reason"].clone()
    };
    assert_eq!(why("access_token", "iss")["section"], "RFC 9068 section 2.2");
    assert_eq!(why("access_token", "jti")["kind"], "drawn");
    assert_eq!(why("id_token", "amr")["kind"], "sign_in");
    assert_eq!(why("userinfo", "sub")["section"], "OpenID Connect Core 1.0 section 5.3.2");
    assert_eq!(why("userinfo", "name"), json!({ "kind": "scope", "scope": "profile" }));
    assert_eq!(
        why("access_token", "roles"),
        json!({ "kind": "scope", "scope": "roles", "from": [{ "name": "reader" }, { "name": "manager", "group": "staff" }] })
    );
    assert_eq!(
        why("userinfo", "level"),
        json!({ "kind": "rule", "rule": "level", "scope": "profile", "source": "attribute", "attribute": "level" })
    );
    assert_eq!(why("access_token", "crew")["from"], json!([{ "name": "staff", "told": "everybody" }]));
    let left_out = |of: &Value| -> Vec<String> {
        let one = |one: &Value| format!("{} {}", one["name"].as_str().unwrap(), one["why"]["kind"].as_str().unwrap());
        of["left_out"].as_array().unwrap().iter().map(one).collect()
    };
    let nowhere = left_out(&shown);
    for wanted in ["archive scope_not_registered", "badge no_value", "byline other_app", "far scope_not_registered"] {
        assert!(nowhere.contains(&wanted.to_owned()), "{wanted}: {nowhere:?}");
    }
    assert!(left_out(&shown["id_token"]).contains(&"profile roles minimal".to_owned()), "{shown:#}");
    assert!(left_out(&shown["userinfo"]).contains(&"nickname no_value".to_owned()), "{shown:#}");
    let plain = previewed(&house, &kim, "shop", Some("shop")).await;
    assert_eq!((plain.notes.as_slice(), plain.id_token, plain.userinfo), ([Note::NoOpenid].as_slice(), None, None));
}

#[tokio::test]
async fn a_preview_leaves_no_trace_and_says_who_would_get_no_token() {
    let (house, kim) = furnished(|_| ()).await;
    let before = house.audit_log().await;
    let shown = previewed(&house, &kim, "shop", None).await;
    assert_eq!(shown.notes, []);
    // Nothing of it is a token: what is signed has three parts.
    let text = serde_json::to_string(&shown).unwrap();
    assert!(!text.contains("eyJ"), "{text}");
    assert_eq!(house.audit_log().await, before);
    assert!(house.flow.sessions.of_user(kim.id).await.unwrap().is_empty());
    users::set_enabled(&house.admin, &OPERATOR, kim.id, false).await.unwrap();
    let mut shop = house.stores.clients.find(&ClientId::parse("shop").unwrap()).await.unwrap().unwrap();
    shop.enabled = false;
    house.commit(vec![haechi::store::Change::UpdateClient(shop)]).await;
    let shown = previewed(&house, &kim, "shop", Some("unknown")).await;
    assert_eq!(shown.notes, [Note::UserDisabled, Note::ClientDisabled, Note::NothingGranted, Note::NoOpenid]);
}

#[tokio::test]
async fn a_preview_is_for_who_sees_both_people_and_apps() {
    let (house, kim) = furnished(|_| ()).await;
    let path = format!("/users/{}/token-preview?client_id=shop", kim.id);
    for (role, seen) in
        [(Role::Owner, 200), (Role::Administrator, 200), (Role::PeopleManager, 403), (Role::AppManager, 403)]
    {
        let token = token_as(&house, role).await;
        assert_eq!(call(&house, "GET", &path, &token).send().await.status, seen, "{role:?}");
    }
    let token = token_as(&house, Role::Auditor).await;
    assert_eq!(call(&house, "GET", &path, &token).send().await.status, 200);
    assert_eq!(house.call("GET", &format!("/api/v1{path}")).send().await.status, 401);
    for (path, code) in [
        (format!("/users/{}/token-preview", kim.id), (400, "malformed")),
        (format!("/users/{}/token-preview?client_id=nobody", kim.id), (404, "not_found")),
        ("/users/usr_01a227655039737f8584afc808a47b3d/token-preview?client_id=shop".to_owned(), (404, "not_found")),
        (format!("{path}&resource=https://elsewhere.example"), (422, "invalid")),
        (format!("{path}&scope=%22"), (422, "invalid")),
        (format!("{path}&user=other"), (400, "unknown_parameter")),
    ] {
        let refused = problem(&call(&house, "GET", &path, &token).send().await);
        assert_eq!(refused, (code.0, code.1.to_owned()), "{path}");
    }
    let nobody = token_preview::preview(
        &house.admin,
        &house.tokens,
        &OPERATOR,
        (kim.id, &ClientId::parse("nobody").unwrap()),
        &Asked::default(),
    )
    .await;
    assert!(matches!(nobody, Err(Rejected::NotFound(_))), "{nobody:?}");
}

#[tokio::test]
async fn a_token_for_an_api_is_not_for_userinfo_and_the_preview_says_so() {
    let api = haechi::protocol::resource::Resource::parse("https://api.example").unwrap();
    let (house, kim) = furnished(|shop| shop.policy.resources = vec![api.clone()]).await;
    let client = ClientId::parse("shop").unwrap();
    let asked = Asked { scope: Some("shop".to_owned()), resources: vec!["https://api.example/".to_owned()] };
    let shown =
        token_preview::preview(&house.admin, &house.tokens, &OPERATOR, (kim.id, &client), &asked).await.unwrap();
    let aud = shown.access_token.claims.iter().find(|claim| claim.name == "aud").unwrap();
    assert_eq!((&aud.value, shown.userinfo), (&json!("https://api.example"), None));
}
