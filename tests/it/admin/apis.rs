//! APIs: declared, changed, given to apps, and taken back.

use haechi::admin::apis::{self, ApiResource};
use haechi::admin::clients::{self, ClientResource};
use haechi::admin::declared::{self, Action, DeclaredKind, Undeclared};
use haechi::admin::{Authority, ProvenAuthority, Rejected};
use haechi::app::App;
use haechi::model::audit_event::{AuditKind, AuditTarget};
use haechi::model::client::ClientId;
use haechi::model::connection::Slug;
use haechi::model::user::Role;
use haechi::model::{Api, AuditFilter};
use serde_json::{Value, json};

use super::api::{call, house, own_api, problem, send, token_as, wrong};
use super::web_client;
use crate::support::app::TestApp;

const OPERATOR: ProvenAuthority = Authority::operator();
const ORDERS: &str = "https://orders.example/";

/// Declares an API.
pub async fn declare(app: &App, document: Value) -> Api {
    let new: ApiResource = serde_json::from_value(document).unwrap();
    apis::create(&app.admin, &OPERATOR, &new).await.unwrap()
}

async fn resources_of(app: &App, client: &str) -> Vec<String> {
    let found = app.stores.clients.find(&ClientId::parse(client).unwrap()).await.unwrap().unwrap();
    found.policy.resources.iter().map(|resource| resource.as_str().to_owned()).collect()
}

fn orders() -> Value {
    json!({
        "resource": ORDERS,
        "resource_name": "Orders",
        "resource_name#ko": "주문",
        "resource_documentation": "https://orders.example/docs",
        "scopes": [
            { "scope": "orders:read", "description": "See your orders", "description#ko": "주문 보기" },
            { "scope": "orders:write" },
        ],
        "access_token_type": "JWT",
        "access_token_lifetime": 300,
    })
}

#[tokio::test]
async fn an_api_is_declared_found_changed_and_taken_back_by_the_api() {
    let house = house().await;
    let token = token_as(&house, Role::AppManager).await;
    let made = send(&house, ("POST", "/apis"), &token, &orders()).await;
    let location = made.header("location").unwrap().to_owned();
    let made = made.expect(201);
    let id = made["id"].as_str().unwrap();
    assert!(location.ends_with(&format!("/api/v1/apis/{id}")), "{location}");
    for (member, value) in orders().as_object().unwrap() {
        assert_eq!(&made[member], value, "{member}");
    }
    let plain =
        send(&house, ("POST", "/apis"), &token, &json!({ "resource": "https://mail.example/v1" })).await.expect(201);
    assert_eq!((&plain["resource_name"], &plain["scopes"]), (&json!("mail.example"), &json!([])));
    assert_eq!(plain.get("access_token_type"), None);

    let path = format!("/apis/{id}");
    let shown = call(&house, "GET", &path, &token).send().await;
    let tag = shown.header("etag").unwrap().to_owned();
    assert_eq!(shown.expect(200), made);
    let page = call(&house, "GET", "/apis?limit=1", &token).send().await.expect(200);
    assert_eq!(page["items"][0]["resource"], "https://mail.example/v1");
    let next = format!("/apis?limit=1&cursor={}", page["next"].as_str().unwrap());
    let page = call(&house, "GET", &next, &token).send().await.expect(200);
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&made["id"], &Value::Null));
    for (query, found) in [
        ("search=your+ORDERS", 1),
        ("search=%EC%A3%BC%EB%AC%B8", 1),
        ("search=example", 2),
        ("search=nothing", 0),
        ("resource=https://orders.example", 1),
        ("resource=https://orders.example/v1", 0),
    ] {
        let page = call(&house, "GET", &format!("/apis?{query}"), &token).send().await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{query}");
    }

    let patch = json!({ "access_token_type": null, "access_token_lifetime": null, "resource_documentation": null, "resource_name#ko": null });
    let changed = call(&house, "PATCH", &path, &token)
        .header("if-match", &tag)
        .body("application/json", &patch.to_string())
        .send()
        .await;
    let changed = changed.expect(200);
    for gone in ["access_token_type", "access_token_lifetime", "resource_documentation", "resource_name#ko"] {
        assert_eq!(changed.get(gone), None, "{gone}");
    }
    assert_eq!((&changed["version"], &changed["scopes"]), (&json!(1), &made["scopes"]));
    let stale =
        call(&house, "PATCH", &path, &token).header("if-match", &tag).body("application/json", "{}").send().await;
    assert_eq!(problem(&stale), (412, "precondition_failed".to_owned()));
    let dry = call(&house, "DELETE", &format!("{path}?dry_run=true"), &token).send().await;
    assert_eq!(dry.status, 204);
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    assert_eq!(call(&house, "GET", &path, &token).send().await.status, 404);

    let about = AuditFilter { target: Some(AuditTarget::Api(id.parse().unwrap())), ..AuditFilter::default() };
    let told = house.stores.audit.find(&about, None, 10).await.unwrap().events;
    // Entries of one instant are in no order.
    let mut kinds: Vec<&str> = told.iter().map(|event| event.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["api_changed", "api_declared", "api_deleted"]);
    assert!(told.iter().all(|event| event.detail.as_deref() == Some(ORDERS)), "{told:?}");
}

#[tokio::test]
async fn what_cannot_be_an_api_is_refused_by_the_field() {
    let house = house().await;
    let token = token_as(&house, Role::AppManager).await;
    send(&house, ("POST", "/apis"), &token, &orders()).await.expect(201);
    let issuer = house.issuer().to_owned();
    let scope = |scope: &str| json!({ "resource": "urn:x", "scopes": [{ "scope": scope }] });
    let many: Vec<Value> = (0..51).map(|n| json!({ "scope": format!("s{n}") })).collect();
    for (document, pointer, code) in [
        (json!({}), "/resource", "missing"),
        (json!({ "resource": "orders" }), "/resource", "not_a_resource"),
        (json!({ "resource": "https://orders.example/#x" }), "/resource", "not_a_resource"),
        (json!({ "resource": issuer }), "/resource", "own_resource"),
        (json!({ "resource": format!("{issuer}/") }), "/resource", "own_resource"),
        (json!({ "resource": own_api(&house) }), "/resource", "own_resource"),
        (scope("openid"), "/scopes/0/scope", "own_scope"),
        (scope("offline_access"), "/scopes/0/scope", "own_scope"),
        (scope("haechi:write"), "/scopes/0/scope", "own_scope"),
        (scope("a b"), "/scopes/0/scope", "not_a_scope"),
        (scope(""), "/scopes/0/scope", "missing"),
        (json!({ "resource": "urn:x", "scopes": [{ "scope": "a" }, { "scope": "a" }] }), "/scopes/1/scope", "repeated"),
        (json!({ "resource": "urn:x", "scopes": many }), "/scopes", "too_many"),
        (
            json!({ "resource": "urn:x", "scopes": [{ "scope": "a", "description": "x\u{202e}y" }] }),
            "/scopes/0/description",
            "illegal_character",
        ),
        (
            json!({ "resource": "urn:x", "scopes": [{ "scope": "a", "description#ko": "x".repeat(201) }] }),
            "/scopes/0/description#ko",
            "too_long",
        ),
        (json!({ "resource": "urn:x", "resource_name": "" }), "/resource_name", "missing"),
        (
            json!({ "resource": "urn:x", "resource_documentation": "http://orders.example/" }),
            "/resource_documentation",
            "not_https",
        ),
        (
            json!({ "resource": "urn:x", "resource_documentation": "javascript:alert(1)" }),
            "/resource_documentation",
            "not_a_url",
        ),
        (json!({ "resource": "urn:x", "access_token_lifetime": 59 }), "/access_token_lifetime", "lifetime"),
        (json!({ "resource": "urn:x", "access_token_lifetime": 86_401 }), "/access_token_lifetime", "lifetime"),
        (json!({ "resource": "urn:x", "name": "x" }), "/name", "unknown_member"),
    ] {
        let refused = send(&house, ("POST", "/apis"), &token, &document).await;
        assert_eq!(wrong(&refused), [(pointer.to_owned(), code.to_owned())], "{document}");
    }
    let taken = send(&house, ("POST", "/apis"), &token, &json!({ "resource": "https://orders.example" })).await;
    assert_eq!(problem(&taken), (409, "taken".to_owned()));
    let typed =
        send(&house, ("POST", "/apis"), &token, &json!({ "resource": "urn:x", "access_token_type": "JWS" })).await;
    assert_eq!(typed.status, 400, "{typed:?}");
}

/// Who changes an API says of it what it is, and nothing of what only the server sets.
#[tokio::test]
async fn adm_004_what_the_server_sets_is_not_taken_from_a_document() {
    let house = house().await;
    let token = token_as(&house, Role::AppManager).await;
    let forged = json!({ "resource": ORDERS, "id": "api_01a0c450744b7b1c9bdbee55db8d22e7", "managed_by": "me", "created_at": "2020-01-01T00:00:00Z", "version": 7 });
    let made = send(&house, ("POST", "/apis"), &token, &forged).await.expect(201);
    assert_ne!(made["id"], forged["id"]);
    assert_eq!((made.get("managed_by"), &made["version"]), (None, &json!(0)));
    assert_ne!(made["created_at"], forged["created_at"]);
    let path = format!("/apis/{}", made["id"].as_str().unwrap());
    for (patch, pointer) in [
        (json!({ "resource": "https://others.example/" }), "/resource"),
        (json!({ "id": forged["id"] }), "/id"),
        (json!({ "managed_by": "me" }), "/managed_by"),
        (json!({ "created_at": "2020-01-01T00:00:00Z" }), "/created_at"),
    ] {
        let refused = send(&house, ("PATCH", &path), &token, &patch).await;
        assert_eq!(wrong(&refused), [(pointer.to_owned(), "read_only".to_owned())], "{patch}");
    }
    let stale = send(&house, ("PATCH", &path), &token, &json!({ "version": 7, "resource_name": "x" })).await;
    assert_eq!(problem(&stale), (409, "stale".to_owned()));
}

#[tokio::test]
async fn apps_are_let_ask_for_it_and_while_any_may_it_stays() {
    let house = house().await;
    let token = token_as(&house, Role::AppManager).await;
    let made = send(&house, ("POST", "/apis"), &token, &orders()).await.expect(201);
    let path = format!("/apis/{}", made["id"].as_str().unwrap());
    for id in ["blog", "shop"] {
        web_client(&house, id).await;
        assert_eq!(call(&house, "PUT", &format!("{path}/clients/{id}"), &token).send().await.status, 204);
        assert_eq!(
            call(&house, "PUT", &format!("{path}/clients/{id}"), &token).send().await.status,
            204,
            "it may already"
        );
        assert_eq!(resources_of(&house, id).await, [ORDERS]);
    }
    assert_eq!(house.audit(AuditKind::ClientChanged).await.len(), 2, "a change of each client, and of none twice");
    let page = call(&house, "GET", &format!("{path}/clients?limit=1"), &token).send().await.expect(200);
    assert_eq!(page["items"][0]["client_id"], "blog");
    let next = format!("{path}/clients?limit=1&cursor={}", page["next"].as_str().unwrap());
    let page = call(&house, "GET", &next, &token).send().await.expect(200);
    assert_eq!((&page["items"][0]["client_id"], &page["next"]), (&json!("shop"), &Value::Null));

    let used = call(&house, "DELETE", &path, &token).send().await;
    assert_eq!(problem(&used), (409, "in_use".to_owned()));
    let said = used.expect(409)["detail"].as_str().unwrap().to_owned();
    assert!(said.starts_with("2 clients may ask tokens for it") && said.contains("haechi apis remove"), "{said}");
    let dry = call(&house, "DELETE", &format!("{path}/clients/shop?dry_run=true"), &token).send().await;
    assert_eq!((dry.status.as_u16(), resources_of(&house, "shop").await.len()), (204, 1));
    for id in ["blog", "shop"] {
        assert_eq!(call(&house, "DELETE", &format!("{path}/clients/{id}"), &token).send().await.status, 204);
        assert!(resources_of(&house, id).await.is_empty());
    }
    assert_eq!(call(&house, "PUT", &format!("{path}/clients/nobody"), &token).send().await.status, 404);
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    assert_eq!(call(&house, "PUT", &format!("{path}/clients/shop"), &token).send().await.status, 404);
}

/// Whoever may not change an app does not by way of an API.
#[tokio::test]
async fn adm_001_an_app_is_no_more_open_from_the_side_of_an_api() {
    let house = house().await;
    let made = declare(&house, orders()).await;
    let path = format!("/apis/{}/clients/machine", made.id);
    super::api::service(&house, "machine", &[Role::Owner], "haechi:write").await;
    let manager = token_as(&house, Role::AppManager).await;
    let refused = call(&house, "PUT", &path, &manager).send().await;
    assert_eq!(problem(&refused), (403, "forbidden".to_owned()), "an owner's machine is more than an app manager");
    let auditor = token_as(&house, Role::Auditor).await;
    assert_eq!(problem(&call(&house, "PUT", &path, &auditor).send().await), (403, "forbidden".to_owned()));
    // What files manage is changed by them alone.
    let by = OPERATOR.declaring_for(Slug::parse("gitops").unwrap());
    let files = json!({ "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }] });
    declared::apply(&house.admin, &by, &declared::read(&files).unwrap(), Undeclared::Stays).await.unwrap();
    let shop = ClientId::parse("shop").unwrap();
    let managed = apis::let_ask(&house.admin, &OPERATOR, (made.id, &shop), true).await;
    assert!(matches!(managed, Err(Rejected::Managed(_))), "{managed:?}");
    assert!(resources_of(&house, "shop").await.is_empty());
}

#[tokio::test]
async fn there_are_no_more_than_every_node_keeps() {
    let house = TestApp::new().await;
    for n in 0..haechi::store::MAX_APIS {
        declare(&house, json!({ "resource": format!("urn:api:{n}") })).await;
    }
    let new: ApiResource = serde_json::from_value(json!({ "resource": "urn:one:more" })).unwrap();
    let refused = apis::create(&house.admin, &OPERATOR, &new).await;
    assert!(matches!(refused, Err(Rejected::TooMany(_, 500))), "{refused:?}");
}

#[tokio::test]
async fn files_declare_apis_before_the_apps_that_ask_for_them_and_take_them_back_behind() {
    let house = TestApp::new().await;
    let by = OPERATOR.declaring_for(Slug::parse("gitops").unwrap());
    let client = |resources: &[&str]| json!({ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"], "resources": resources });
    let files = json!({ "apis": [orders()], "clients": [client(&[ORDERS])] });
    let apply = async |files: &Value, undeclared| {
        declared::apply(&house.admin, &by, &declared::read(files).unwrap(), undeclared).await
    };
    let steps = apply(&files, Undeclared::Goes).await.unwrap();
    assert_eq!(steps.iter().map(|step| step.kind).collect::<Vec<_>>(), [DeclaredKind::Api, DeclaredKind::Client]);
    let again = apply(&files, Undeclared::Goes).await.unwrap();
    assert!(again.iter().all(|step| step.action == Action::Keep), "{again:?}");
    let exported = declared::export(&house.admin, &OPERATOR).await.unwrap().to_document();
    let mut told = exported["apis"][0].clone();
    told.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    assert_eq!(told, orders());

    let api = apis::find(&house.admin, &OPERATOR, ORDERS).await.unwrap().unwrap();
    let renamed = ApiResource { resource_name: Some("Mine".to_owned()), ..ApiResource::default() };
    for refused in [
        apis::update(&house.admin, &OPERATOR, api.id, &renamed).await.map(drop),
        apis::delete(&house.admin, &OPERATOR, api.id).await,
    ] {
        assert!(matches!(refused, Err(Rejected::Managed(_))), "{refused:?}");
    }
    // Another spelling of the identifier is the same API.
    let mut respelled = files.clone();
    respelled["apis"][0]["resource"] = json!("https://orders.example");
    let same = apply(&respelled, Undeclared::Goes).await.unwrap();
    assert!(same.iter().all(|step| step.action == Action::Keep), "{same:?}");
    let twice = declared::read(&json!({ "apis": [orders(), { "resource": "https://orders.example" }] }));
    assert!(twice.unwrap_err().to_string().contains("declared twice"));

    // A plan says what an application does, although the app still asks while it is made.
    for clients in [json!([client(&[])]), json!([])] {
        let files = json!({ "apis": [], "clients": clients });
        let planned =
            declared::plan(&house.admin, &by, &declared::read(&files).unwrap(), Undeclared::Goes).await.unwrap();
        let deleted = |step: &&declared::Step| step.action == Action::Delete && step.kind == DeclaredKind::Api;
        assert_eq!(planned.iter().filter(deleted).count(), 1, "{planned:?}");
    }
    let files_without = declared::read(&json!({ "apis": [] })).unwrap();
    let refused = declared::plan(&house.admin, &by, &files_without, Undeclared::Goes).await.unwrap_err();
    assert!(matches!(refused.why, Rejected::InUse(1)), "{refused}");
    let gone = apply(&json!({ "apis": [], "clients": [client(&[])] }), Undeclared::Goes).await.unwrap();
    assert_eq!(gone.last().map(|step| (step.kind, step.action.clone())), Some((DeclaredKind::Api, Action::Delete)));
    let kept = apply(&files, Undeclared::Stays).await;
    kept.unwrap();
    let asked = apply(&json!({ "apis": [] }), Undeclared::Goes).await.unwrap_err();
    assert!(matches!(asked.why, Rejected::InUse(1)), "{asked}");

    declared::release(&house.admin, &OPERATOR, DeclaredKind::Api, ORDERS).await.unwrap();
    let api = apis::find(&house.admin, &OPERATOR, ORDERS).await.unwrap().unwrap();
    apis::update(&house.admin, &OPERATOR, api.id, &renamed).await.unwrap();
}

/// Of two that let apps ask at once, none loses what the other did.
#[tokio::test]
async fn an_app_that_is_changed_meanwhile_is_changed_again() {
    let house = TestApp::new().await;
    let by = &OPERATOR;
    web_client(&house, "shop").await;
    let shop = ClientId::parse("shop").unwrap();
    let mut made = Vec::new();
    for n in 0..4 {
        made.push(declare(&house, json!({ "resource": format!("urn:api:{n}") })).await.id);
    }
    let all = made.iter().map(|id| apis::let_ask(&house.admin, by, (*id, &shop), true));
    for done in futures_util::future::join_all(all).await {
        done.unwrap();
    }
    let mut resources = resources_of(&house, "shop").await;
    resources.sort();
    assert_eq!(resources, ["urn:api:0", "urn:api:1", "urn:api:2", "urn:api:3"]);
    let untouched = clients::find(&house.admin, by, &shop).await.unwrap().unwrap();
    assert_eq!(ClientResource::from(&untouched).client_name.as_deref(), Some("Shop"));
}
