//! Claim rules: made, told to apps, changed, refused and gone, by whichever door.

use haechi::admin::affiliations::{GroupResource, RoleResource};
use haechi::admin::attributes;
use haechi::admin::claim_rules::{self, ClaimRuleResource};
use haechi::admin::declared::{self, Undeclared};
use haechi::admin::users::{self, MembershipsResource, UserResource};
use haechi::admin::{Authority, ProvenAuthority, Rejected, clients};
use haechi::app::App;
use haechi::model::audit_event::AuditKind;
use haechi::model::slug::Slug;
use haechi::model::user::Role;
use haechi::protocol::ScopeSet;
use haechi::protocol::claims::ClaimsRequest;
use serde_json::{Value, json};

use super::affiliations::define;
use super::api::{call, house, problem, send, token_as, wrong};
use super::attributes::declare;
use super::web_client;
use crate::support::app::TestApp;
use crate::support::furnished::{Furnished, open};

const OPERATOR: ProvenAuthority = Authority::operator();

/// Makes a rule.
pub async fn rule(app: &App, document: Value) -> haechi::model::ClaimRule {
    try_rule(app, document).await.unwrap()
}

async fn try_rule(app: &App, document: Value) -> Result<haechi::model::ClaimRule, Rejected> {
    let new: ClaimRuleResource = serde_json::from_value(document).unwrap();
    claim_rules::create(&app.admin, &OPERATOR, &new).await
}

async fn change(app: &App, name: &str, document: Value) {
    let said: ClaimRuleResource = serde_json::from_value(document).unwrap();
    claim_rules::update(&app.admin, &OPERATOR, Slug::parse(name).unwrap(), &said).await.unwrap();
}

/// Gives an account attributes, groups and roles.
pub async fn equip(app: &App, user: haechi::support::id::UserId, attributes: Value, memberships: Value) {
    let said: UserResource = serde_json::from_value(json!({ "attributes": attributes })).unwrap();
    users::update(&app.admin, &OPERATOR, user, &said).await.unwrap();
    let said: MembershipsResource = serde_json::from_value(memberships).unwrap();
    users::set_memberships(&app.admin, &OPERATOR, user, &said).await.unwrap();
}

/// A house where Alice has a level, teams, a group and a role in the app `web`, which is registered for `profile` and `shop`.
async fn furnished() -> Furnished {
    let house = TestApp::furnished().await;
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid profile shop").unwrap()).await;
    declare(&house, json!({ "name": "level", "value_type": "text" })).await;
    declare(&house, json!({ "name": "teams", "value_type": "texts" })).await;
    declare(&house, json!({ "name": "floor", "value_type": "number" })).await;
    define::<RoleResource>(&house.app, json!({ "name": "manager", "client_id": "web" })).await;
    define::<RoleResource>(&house.app, json!({ "name": "operator", "client_id": "worker" })).await;
    define::<GroupResource>(&house.app, json!({ "name": "staff", "roles": ["web:manager", "worker:operator"] })).await;
    let attributes = json!({ "level": "gold", "teams": ["red", "blue"], "floor": 7 });
    equip(&house.app, house.alice.id, attributes, json!({ "groups": ["staff"] })).await;
    house
}

async fn userinfo(house: &Furnished, token: &str) -> Value {
    house.get("/userinfo").bearer(token).send().await.expect(200)
}

#[tokio::test]
async fn a_rule_is_made_changed_and_deleted_by_the_api() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    web_client(&house, "shop").await;
    declare(&house, json!({ "name": "level" })).await;
    let level = json!({ "name": "level", "claim": "https://example.com/level", "attribute": "level", "scope": "profile",
        "tokens": ["userinfo", "id_token"], "values": { "g": "gold" } });
    let made = send(&house, ("POST", "/claim-rules"), &token, &level).await.expect(201);
    assert_eq!(
        (&made["source"], &made["unmapped"], &made["version"]),
        (&json!("attribute"), &json!("keep"), &json!(0))
    );
    assert_eq!(made["tokens"], json!(["id_token", "userinfo"]));
    let taken = send(
        &house,
        ("POST", "/claim-rules"),
        &token,
        &json!({ "name": "level", "claim": "other", "source": "roles", "scope": "x" }),
    )
    .await;
    assert_eq!(problem(&taken), (409, "taken".to_owned()));
    let patch = json!({ "values": { "s": "silver", "g": null }, "client_id": "shop", "description": "For the shop" });
    let changed = send(&house, ("PATCH", "/claim-rules/level"), &token, &patch).await.expect(200);
    assert_eq!((&changed["values"], &changed["client_id"]), (&json!({ "s": "silver" }), &json!("shop")));
    assert_eq!(send(&house, ("PATCH", "/claim-rules/level"), &token, &changed).await.expect(200), changed);
    // Another kind of source: what only the one before had goes along.
    let constant = json!({ "source": "constant", "value": 7, "values": null });
    let changed = send(&house, ("PATCH", "/claim-rules/level"), &token, &constant).await.expect(200);
    assert_eq!((&changed["value"], changed.get("attribute")), (&json!(7), None));
    let everybody =
        send(&house, ("PATCH", "/claim-rules/level"), &token, &json!({ "client_id": null })).await.expect(200);
    assert_eq!(everybody.get("client_id"), None);
    let renamed = send(&house, ("PATCH", "/claim-rules/level"), &token, &json!({ "name": "rank" })).await;
    assert_eq!(wrong(&renamed), [("/name".to_owned(), "read_only".to_owned())]);
    assert_eq!(call(&house, "DELETE", "/claim-rules/level?dry_run=true", &token).send().await.status, 204);
    assert_eq!(
        call(&house, "GET", "/claim-rules", &token).send().await.expect(200)["items"].as_array().unwrap().len(),
        1
    );
    assert_eq!(call(&house, "DELETE", "/claim-rules/level", &token).send().await.status, 204);
    assert_eq!(call(&house, "GET", "/claim-rules/level", &token).send().await.status, 404);
    for (kind, count) in
        [(AuditKind::ClaimRuleCreated, 1), (AuditKind::ClaimRuleChanged, 3), (AuditKind::ClaimRuleDeleted, 1)]
    {
        assert_eq!(house.audit(kind).await.len(), count, "{kind:?}");
    }
}

#[tokio::test]
async fn a_rule_that_cannot_be_says_why() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    declare(&house, json!({ "name": "level" })).await;
    declare(&house, json!({ "name": "floor", "value_type": "number" })).await;
    let good = json!({ "name": "level", "claim": "level", "attribute": "level", "scope": "profile" });
    for (change, pointer, code) in [
        (json!({ "name": "Level" }), "/name", "not_a_slug"),
        (json!({ "claim": "sub" }), "/claim", "not_a_claim_name"),
        (json!({ "claim": "EMAIL" }), "/claim", "not_a_claim_name"),
        (json!({ "claim": "groups" }), "/claim", "not_a_claim_name"),
        (json!({ "claim": "name#ko" }), "/claim", "not_a_claim_name"),
        (json!({ "claim": "<script>" }), "/claim", "not_a_claim_name"),
        (json!({ "attribute": "salary" }), "/attribute", "undeclared_attribute"),
        (json!({ "attribute": "" }), "/attribute", "missing"),
        (json!({ "source": "groups" }), "/attribute", "not_of_source"),
        (json!({ "value": 7 }), "/value", "not_of_source"),
        (json!({ "attribute": "floor", "values": { "7": "seventh" } }), "/values", "not_of_source"),
        (json!({ "values": { "a\u{202E}b": "x" } }), "/values", "illegal_character"),
        (json!({ "tokens": [] }), "/tokens", "missing"),
        (json!({ "scope": "" }), "/scope", "missing"),
        (json!({ "scope": "a b" }), "/scope", "too_many"),
        (json!({ "scope": "\"" }), "/scope", "not_a_scope"),
        (json!({ "client_id": "nobody" }), "/client_id", "no_such_client"),
        (json!({ "description": "x".repeat(501) }), "/description", "too_long"),
    ] {
        let mut document = good.clone();
        document.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = send(&house, ("POST", "/claim-rules"), &token, &document).await;
        assert_eq!(wrong(&refused), [(pointer.to_owned(), code.to_owned())], "{change}");
    }
    let constant = json!({ "name": "x", "claim": "x", "source": "constant", "value": { "a": 1 }, "scope": "profile" });
    assert_eq!(wrong(&send(&house, ("POST", "/claim-rules"), &token, &constant).await)[0].0, "/value");
    // Mass assignment: nobody names who manages a rule, or members that there are not.
    let managed = json!({ "name": "x", "claim": "x", "source": "roles", "scope": "profile", "managed_by": "me" });
    let made = send(&house, ("POST", "/claim-rules"), &token, &managed).await.expect(201);
    assert_eq!(made.get("managed_by"), None);
    let refused = send(&house, ("PATCH", "/claim-rules/x"), &token, &json!({ "managed_by": "me" })).await;
    assert_eq!(wrong(&refused), [("/managed_by".to_owned(), "read_only".to_owned())]);
    assert_eq!(send(&house, ("PATCH", "/claim-rules/x"), &token, &json!({ "signs": true })).await.status, 422);
}

#[tokio::test]
async fn who_manages_people_or_apps_makes_no_rules_and_sees_them_where_they_see_people() {
    let house = house().await;
    let new = json!({ "name": "roles", "claim": "access", "source": "roles", "scope": "profile" });
    rule(&house.app, new.clone()).await;
    for (role, seen) in [(Role::PeopleManager, 200), (Role::AppManager, 403), (Role::Auditor, 200)] {
        let token = token_as(&house, role).await;
        assert_eq!(problem(&send(&house, ("POST", "/claim-rules"), &token, &new).await).0, 403, "{role:?}");
        assert_eq!(
            problem(&send(&house, ("PATCH", "/claim-rules/roles"), &token, &json!({})).await).0,
            403,
            "{role:?}"
        );
        assert_eq!(call(&house, "DELETE", "/claim-rules/roles", &token).send().await.status, 403, "{role:?}");
        assert_eq!(call(&house, "GET", "/claim-rules", &token).send().await.status, seen, "{role:?}");
    }
}

#[tokio::test]
async fn no_two_rules_give_one_app_the_same_claim_in_one_place() {
    let house = house().await;
    web_client(&house, "shop").await;
    web_client(&house, "blog").await;
    let claim = |name: &str, more: Value| {
        let mut document = json!({ "name": name, "claim": "access", "source": "roles", "scope": "profile" });
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        document
    };
    rule(&house.app, claim("all", json!({ "tokens": ["userinfo", "id_token"] }))).await;
    let refused =
        try_rule(&house.app, claim("again", json!({ "tokens": ["id_token", "access_token"], "scope": "x" }))).await;
    let Err(Rejected::Invalid(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!((problems[0].field.as_str(), problems[0].value.as_deref()), ("claim", Some("all")));
    rule(&house.app, claim("rest", json!({ "tokens": ["access_token"] }))).await;
    rule(&house.app, claim("shop", json!({ "client_id": "shop" }))).await;
    rule(&house.app, claim("blog", json!({ "client_id": "blog" }))).await;
    assert!(try_rule(&house.app, claim("shop-2", json!({ "client_id": "shop" }))).await.is_err());
    let moved: ClaimRuleResource = serde_json::from_value(json!({ "client_id": "shop" })).unwrap();
    assert!(claim_rules::update(&house.admin, &OPERATOR, Slug::parse("blog").unwrap(), &moved).await.is_err());
    for n in 4..100 {
        rule(&house.app, json!({ "name": format!("r{n}"), "claim": format!("c{n}"), "source": "roles", "scope": "x" }))
            .await;
    }
    let more = json!({ "name": "more", "claim": "more", "source": "roles", "scope": "x" });
    assert!(matches!(try_rule(&house.app, more).await, Err(Rejected::TooMany(_, 100))));
}

#[tokio::test]
async fn apps_are_told_by_rules_where_they_say_and_learn_of_a_change_with_the_next_token() {
    let house = furnished().await;
    for document in [
        json!({ "name": "level", "claim": "level", "attribute": "level", "scope": "profile", "tokens": ["id_token", "userinfo"] }),
        json!({ "name": "teams", "claim": "https://example.com/teams", "attribute": "teams", "scope": "shop", "tokens": ["access_token"],
            "values": { "red": "crimson" }, "unmapped": "drop" }),
        json!({ "name": "access", "claim": "access", "source": "roles", "scope": "shop", "tokens": ["access_token", "id_token"],
            "values": { "manager": "admin" } }),
        json!({ "name": "crew", "claim": "crew", "source": "groups", "scope": "profile" }),
        json!({ "name": "tenant", "claim": "tenant", "source": "constant", "value": "acme", "scope": "openid", "tokens": ["access_token"] }),
        json!({ "name": "floor", "claim": "floor", "attribute": "floor", "scope": "profile" }),
    ] {
        rule(&house.app, document).await;
    }
    let tokens = house.tokens("openid profile shop").await;
    let (_, access) = open(&tokens.access_token);
    // The role that the group brings in another app is never told.
    assert_eq!((&access["https://example.com/teams"], &access["access"]), (&json!(["crimson"]), &json!(["admin"])));
    assert_eq!((&access["tenant"], access.get("level"), access.get("crew")), (&json!("acme"), None, None));
    // The client's ID tokens are minimal: the rule says so itself.
    let (_, id_token) = open(tokens.id_token.as_ref().unwrap());
    assert_eq!(
        (&id_token["level"], &id_token["access"], id_token.get("crew")),
        (&json!("gold"), &json!(["admin"]), None)
    );
    let told = userinfo(&house, &tokens.access_token).await;
    assert_eq!((&told["level"], &told["crew"], &told["floor"]), (&json!("gold"), &json!(["staff"]), &json!(7)));
    assert_eq!(told.get("tenant"), None);

    // What was not granted brings nothing, and neither does what the client is no longer registered for.
    let (_, access) = open(&house.tokens("openid").await.access_token);
    assert_eq!((access.get("access"), &access["tenant"]), (None, &json!("acme")));
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid shop").unwrap()).await;
    assert_eq!(userinfo(&house, &tokens.access_token).await.get("level"), None);
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid profile shop").unwrap()).await;

    // At once, on another node too: a rule that changes, an attribute that changes hands, its definition that goes and comes back as another.
    let other = house.second_node().await;
    let at_other = async || other.call("GET", "/userinfo").bearer(&tokens.access_token).send().await.expect(200);
    assert_eq!(at_other().await["level"], "gold");
    change(&house.app, "level", json!({ "values": { "gold": "Au" } })).await;
    assert_eq!(
        (at_other().await["level"].clone(), userinfo(&house, &tokens.access_token).await["level"].clone()),
        (json!("Au"), json!("Au"))
    );
    let said: UserResource = serde_json::from_value(json!({ "attributes": { "level": null } })).unwrap();
    users::update(&house.admin, &OPERATOR, house.alice.id, &said).await.unwrap();
    assert_eq!(at_other().await.get("level"), None);
    attributes::delete(&house.admin, &OPERATOR, "floor".to_owned()).await.unwrap();
    assert_eq!(
        (at_other().await.get("floor"), userinfo(&house, &tokens.access_token).await.get("floor")),
        (None, None)
    );
    declare(&house, json!({ "name": "floor", "value_type": "text" })).await;
    assert_eq!(at_other().await.get("floor"), None, "a number is no text");
    claim_rules::delete(&house.admin, &OPERATOR, Slug::parse("crew").unwrap()).await.unwrap();
    assert_eq!(at_other().await.get("crew"), None);
}

#[tokio::test]
async fn an_apps_own_rule_takes_the_place_of_one_for_all_and_no_other_app_hears_of_it() {
    let house = furnished().await;
    rule(&house.app, json!({ "name": "all", "claim": "level", "attribute": "level", "scope": "profile", "tokens": ["id_token", "userinfo"] })).await;
    rule(&house.app, json!({ "name": "web", "claim": "level", "source": "constant", "value": "special", "scope": "shop", "client_id": "web" })).await;
    rule(&house.app, json!({ "name": "spa", "claim": "secret", "source": "constant", "value": "of the spa", "scope": "profile", "client_id": "spa" })).await;
    let tokens = house.tokens("openid profile shop").await;
    let told = userinfo(&house, &tokens.access_token).await;
    assert_eq!((&told["level"], told.get("secret")), (&json!("special"), None));
    // In the places that the app's own does not name, the one for all counts.
    assert_eq!(open(tokens.id_token.as_ref().unwrap()).1["level"], "gold");
    // It takes the place whether or not its scope is granted.
    let told = userinfo(&house, &house.tokens("openid profile").await.access_token).await;
    assert_eq!(told.get("level"), None);
    clients::delete(&house.admin, &OPERATOR, haechi::model::ClientId::parse("spa").unwrap()).await.unwrap();
    let left = claim_rules::list(&house.admin, &OPERATOR).await.unwrap();
    assert_eq!(left.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["all", "web"]);
}

/// OpenID Connect Core 1.0 section 5.5, and 5.5.1 for values.
#[tokio::test]
async fn the_claims_parameter_asks_for_a_rules_claim_by_name() {
    let house = furnished().await;
    rule(&house.app, json!({ "name": "level", "claim": "level", "attribute": "level", "scope": "profile", "tokens": ["id_token", "userinfo"] })).await;
    rule(&house.app, json!({ "name": "floor", "claim": "floor", "attribute": "floor", "scope": "profile", "tokens": ["access_token"] })).await;
    let told = async |claims: &str| {
        let mut grant = house.granting("web", "openid");
        grant.terms.claims = ClaimsRequest::parse(claims).unwrap();
        let code = house.store(grant).await;
        let tokens = house.redeeming(&code).basic("web").send().await.tokens();
        let id_token = open(tokens.id_token.as_ref().unwrap()).1;
        (
            id_token.get("level").cloned(),
            userinfo(&house, &tokens.access_token).await.get("level").cloned(),
            id_token.get("floor").cloned(),
        )
    };
    let gold = Some(json!("gold"));
    assert_eq!(told("{}").await, (None, None, None));
    // A place that the rule does not name stays without it.
    let all = r#"{"id_token":{"level":{"essential":true},"floor":null},"userinfo":{"level":null}}"#;
    assert_eq!(told(all).await, (gold.clone(), gold.clone(), None));
    let values = r#"{"id_token":{"level":{"values":["tin","gold"]}},"userinfo":{"level":{"value":"tin"}}}"#;
    assert_eq!(told(values).await, (gold, None, None));
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid shop").unwrap()).await;
    assert_eq!(told(all).await, (None, None, None));
}

/// A service's token is about no end-user.
#[tokio::test]
async fn a_clients_own_token_is_told_nothing_by_rules() {
    let house = furnished().await;
    rule(&house.app, json!({ "name": "tenant", "claim": "tenant", "source": "constant", "value": "acme", "scope": "read", "tokens": ["access_token"] })).await;
    house.change_client("worker", |worker| worker.policy.scopes = ScopeSet::parse("read").unwrap()).await;
    let form = [("grant_type", "client_credentials"), ("scope", "read")];
    let token = house.post("/token").basic("worker").form(&form).send().await.tokens().access_token;
    let (_, access) = open(&token);
    assert_eq!((access["scope"].as_str(), access.get("tenant")), (Some("read"), None));
}

#[tokio::test]
async fn rules_are_kept_in_files_like_the_rest() {
    let app = TestApp::new().await;
    let file = json!({
        "attributes": [{ "name": "level", "value_type": "text", "label": "Level", "end_user_access": "none" }],
        "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] }],
        "claim_rules": [
            { "name": "level", "claim": "level", "source": "attribute", "attribute": "level", "unmapped": "keep", "tokens": ["userinfo"],
              "scope": "profile", "client_id": "shop" },
            { "name": "tenant", "claim": "tenant", "source": "constant", "value": "acme", "unmapped": "keep", "tokens": ["id_token"], "scope": "openid" },
        ],
    });
    let declaration = declared::read(&file).unwrap();
    let changes = |steps: &[declared::Step]| steps.iter().filter(|step| step.is_change()).count();
    // The rule is of an attribute and of a client that are not there while it is only tried.
    let planned = declared::plan(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    let done = declared::apply(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    assert_eq!((changes(&planned), changes(&done)), (4, 4), "{planned:?} {done:?}");
    let again = declared::plan(&app.admin, &OPERATOR, &declaration, Undeclared::Goes).await.unwrap();
    assert_eq!(changes(&again), 0, "{again:?}");
    let exported = declared::export(&app.admin, &OPERATOR).await.unwrap().to_document();
    assert_eq!(exported["claim_rules"], file["claim_rules"]);
    let owner = OPERATOR.declaring_for(Slug::parse("gitops").unwrap());
    declared::apply(&app.admin, &owner, &declaration, Undeclared::Stays).await.unwrap();
    let level = claim_rules::find(&app.admin, &OPERATOR, "level").await.unwrap().unwrap();
    assert_eq!(level.managed_by.as_ref().map(ToString::to_string).as_deref(), Some("gitops"));
    let said: ClaimRuleResource = serde_json::from_value(json!({ "scope": "email" })).unwrap();
    let refused = claim_rules::update(&app.admin, &OPERATOR, level.name.clone(), &said).await;
    assert!(matches!(refused, Err(Rejected::Managed(_))), "{refused:?}");
    declared::release(&app.admin, &OPERATOR, declared::DeclaredKind::ClaimRule, "level").await.unwrap();
    claim_rules::update(&app.admin, &OPERATOR, level.name, &said).await.unwrap();
    let wrong =
        declared::read(&json!({ "claim_rules": [{ "name": "x", "claim": "sub", "source": "roles", "scope": "x" }] }))
            .unwrap();
    assert!(declared::plan(&app.admin, &OPERATOR, &wrong, Undeclared::Stays).await.is_err());
}
