//! Declarations that are drawn: every kind of thing that one can have, each with some of the members that it can have.

use std::collections::BTreeSet;

use haechi::admin::declared::{Step, Undeclared};
use haechi::support::{Random, SeededRandom};
use serde_json::{Map, Value, json};

use super::declared::{apply, changes, exported, plan, read};
use crate::support::app::TestApp;

/// The lists of a declaration, and the member that tells two entries of each apart here.
const LISTS: &[(&str, &str)] = &[
    ("attributes", "name"),
    ("apis", "resource"),
    ("clients", "client_id"),
    ("roles", "name"),
    ("groups", "name"),
    ("claim_rules", "name"),
    ("connections", "slug"),
    ("webhooks", "name"),
];
/// Its sections.
const SECTIONS: [&str; 3] = ["sign_in", "branding", "signing"];
/// What is never shown again.
const SECRET: &str = "a-secret-of-ours";

/// Where what is drawn comes from.
struct Draw(SeededRandom);

impl Draw {
    fn below(&self, of: u8) -> u8 {
        let mut byte = [0];
        self.0.fill(&mut byte);
        byte[0] % of
    }

    fn coin(&self) -> bool {
        self.below(2) == 0
    }

    fn one<T: Copy>(&self, of: &[T]) -> T {
        of[usize::from(self.below(u8::try_from(of.len()).unwrap()))]
    }

    /// Some of them, in their order.
    fn some<T: Clone>(&self, of: &[T]) -> Vec<T> {
        of.iter().filter(|_| self.coin()).cloned().collect()
    }

    /// What is always said, and some of what may be.
    fn with_some_of(&self, always: Value, may_be: Value) -> Value {
        let mut said = members(always);
        said.extend(members(may_be).into_iter().filter(|_| self.coin()));
        Value::Object(said)
    }

    /// From none to three.
    fn few(&self, each: impl FnMut(u8) -> Value) -> Vec<Value> {
        (0..self.below(4)).map(each).collect()
    }
}

fn members(of: Value) -> Map<String, Value> {
    match of {
        Value::Object(members) => members,
        other => panic!("{other}"),
    }
}

/// What entries are called.
fn names(of: &[Value], member: &str) -> Vec<String> {
    of.iter().map(|entry| entry[member].as_str().unwrap().to_owned()).collect()
}

/// The type of an attribute never changes.
fn attribute(draw: &Draw, n: u8) -> Value {
    draw.with_some_of(
        json!({ "name": format!("attribute_{n}"), "value_type": (["text", "number", "boolean"][usize::from(n)]) }),
        json!({
            "label": draw.one(&["Department", "부서"]),
            "label#ko": draw.one(&["부서", "소속"]),
            "end_user_access": draw.one(&["none", "read", "write"]),
        }),
    )
}

fn api(draw: &Draw, n: u8) -> Value {
    let scopes = [
        json!({ "scope": "orders:read", "description": "See your orders", "description#ko": "주문 보기" }),
        json!({ "scope": "orders:write" }),
    ];
    draw.with_some_of(
        json!({ "resource": format!("https://api-{n}.example/v1") }),
        json!({
            "resource_name": draw.one(&["Orders", "주문"]),
            "resource_name#ko": "주문",
            "resource_documentation": format!("https://api-{n}.example/docs"),
            "scopes": draw.some(&scopes),
            "access_token_type": draw.one(&["", "at+jwt", "JWT"]),
            "access_token_lifetime": 60 + u64::from(draw.below(200)),
        }),
    )
}

/// The kind of a client never changes. What it asks for is always said: an API that goes is asked for by none.
fn client(draw: &Draw, n: u8, apis: &[String]) -> Value {
    let kind = ["web", "browser", "native", "service"][usize::from(n)];
    let mut always = json!({
        "client_id": format!("app-{n}"),
        "client_name": draw.one(&["Shop", "가게", "Shop & Co"]),
        "kind": kind,
        "resources": draw.some(apis),
    });
    let mut may_be = json!({
        "enabled": draw.coin(),
        "client_name#ko": "가게",
        "access_token_lifetime": 60 + u64::from(draw.below(100)),
        "access_token_type": draw.one(&["at+jwt", "JWT"]),
        "client_uri": format!("https://app-{n}.example/about"),
        "tos_uri": format!("https://app-{n}.example/terms"),
    });
    if kind == "service" {
        may_be["serves"] = json!(draw.some(apis));
        return draw.with_some_of(always, may_be);
    }
    always["redirect_uris"] = json!([format!("https://app-{n}.example/callback")]);
    let others = json!({
        "post_logout_redirect_uris": [format!("https://app-{n}.example/bye")],
        "pkce": if kind == "web" { draw.one(&["when_sent", "required"]) } else { "required" },
        "nonce": draw.one(&["when_sent", "required"]),
        "consent": draw.one(&["ask", "first_party"]),
        "scope": draw.one(&["openid", "openid email", "openid profile"]),
        "id_token_claims": draw.one(&["minimal", "profile"]),
        "default_max_age": 60 + u64::from(draw.below(100)),
        "require_second_factor": draw.coin(),
    });
    for (member, value) in members(others) {
        may_be[member] = value;
    }
    draw.with_some_of(always, may_be)
}

/// Of one of the clients, or of all.
fn role(draw: &Draw, n: u8, clients: &[String]) -> Value {
    let mut role = draw.with_some_of(
        json!({ "name": format!("role-{n}"), "label": draw.one(&["Reader", "읽는 사람"]) }),
        json!({
            "description": draw.one(&["", "who may read"]),
            "label#ko": "읽는 사람",
            "require_second_factor": draw.coin(),
        }),
    );
    if let Some(client) = clients.get(usize::from(draw.below(4))) {
        role["client_id"] = client.as_str().into();
    }
    role
}

/// What a group calls a role.
fn role_key(role: &Value) -> String {
    let name = role["name"].as_str().unwrap();
    role["client_id"].as_str().map_or_else(|| name.to_owned(), |client| format!("{client}:{name}"))
}

fn group(draw: &Draw, n: u8, roles: &[String]) -> Value {
    draw.with_some_of(
        json!({ "name": format!("group-{n}"), "label": draw.one(&["Staff", "직원"]), "roles": draw.some(roles) }),
        json!({ "description": draw.one(&["", "everybody here"]), "label#ko": "직원" }),
    )
}

/// The client and the other words are always said: those from before may be gone, or be of another source.
fn claim_rule(draw: &Draw, n: u8, attributes: &[Value], clients: &[String]) -> Value {
    let client = clients.get(usize::from(draw.below(4)));
    let mut always = json!({
        "name": format!("rule-{n}"),
        "claim": format!("claim_{n}"),
        "scope": draw.one(&["openid", "profile"]),
        "client_id": client.map_or("", String::as_str),
        "values": {},
    });
    match attributes.get(usize::from(draw.below(6))) {
        Some(attribute) => {
            always["source"] = "attribute".into();
            always["attribute"] = attribute["name"].clone();
            if attribute["value_type"] == "text" && draw.coin() {
                always["values"] = json!({ "sales": "영업" });
            }
        }
        None if draw.coin() => {
            always["source"] = draw.one(&["groups", "roles"]).into();
            always["values"] = if draw.coin() { json!({ "group-0": "staff" }) } else { json!({}) };
        }
        None => {
            always["source"] = "constant".into();
            let values = [json!("gold"), json!(7), json!(true), json!(["a", "b"])];
            always["value"] = values[usize::from(draw.below(4))].clone();
        }
    }
    let tokens = draw.one(&[&["userinfo"][..], &["id_token", "userinfo"], &["access_token"]]);
    draw.with_some_of(
        always,
        json!({ "tokens": tokens, "unmapped": draw.one(&["keep", "drop"]), "description": "for the shop" }),
    )
}

fn connection(draw: &Draw, preset: &str, position: usize) -> Value {
    draw.with_some_of(
        json!({
            "slug": preset,
            "preset": preset,
            "client_id": format!("we-{}", draw.below(3)),
            "client_secret": SECRET,
            "position": position,
        }),
        json!({
            "label": draw.one(&["Our people", "우리 사람"]),
            "enabled": draw.coin(),
            "sign_up": draw.coin(),
            "trust_email": draw.coin(),
            "allowed_domains": ["books.example"],
        }),
    )
}

fn webhook(draw: &Draw, n: u8) -> Value {
    draw.with_some_of(
        json!({ "name": format!("hook-{n}"), "url": format!("https://hooks.example/{}", draw.below(2)) }),
        json!({
            "description": draw.one(&["", "for the data warehouse", "알림"]),
            "kinds": draw.one(&[&[][..], &["user_created", "user_deleted"], &["signed_in"]]),
            "enabled": draw.coin(),
        }),
    )
}

fn sign_in(draw: &Draw) -> Value {
    let mode = draw.one(&["open", "domains", "closed"]);
    let domains: &[&str] = if mode == "domains" { &["books.example", "example.com"] } else { &[] };
    draw.with_some_of(
        json!({ "sign_up": mode, "sign_up_domains": domains }),
        json!({
            "passkey_sign_in": draw.coin(),
            "password_min_chars": 12 + draw.below(20),
            "session_idle_hours": 1 + draw.below(12),
            "session_absolute_hours": 13 + draw.below(12),
            "remember_me": draw.coin(),
            "sessions_per_account": 1 + draw.below(9),
            "second_factor": draw.one(&["off", "offered", "required"]),
            "trust_browser_days": draw.below(31),
        }),
    )
}

fn branding(draw: &Draw) -> Value {
    draw.with_some_of(
        json!({ "product_name": draw.one(&["Shop", "가게"]) }),
        json!({
            "product_name#ko": "가게",
            "headline": draw.one(&["Welcome", "어서 오세요"]),
            "welcome#ko": "반가워요",
            "accent_color": draw.one(&["#123a7a", "#5a1a1a"]),
            "tos_uri": "https://shop.example/terms",
            "support_uri": "https://shop.example/help",
        }),
    )
}

/// A declaration of some of what there can be.
fn drawn(seed: u64) -> Value {
    let draw = Draw(SeededRandom::new(seed));
    let attributes = draw.few(|n| attribute(&draw, n));
    let apis = draw.few(|n| api(&draw, n));
    let resources = names(&apis, "resource");
    let clients: Vec<Value> = (0..draw.below(5)).map(|n| client(&draw, n, &resources)).collect();
    let ids = names(&clients, "client_id");
    let roles = draw.few(|n| role(&draw, n, &ids));
    let mut keys: Vec<String> = roles.iter().map(role_key).collect();
    keys.sort();
    let groups = draw.few(|n| group(&draw, n, &keys));
    let claim_rules = draw.few(|n| claim_rule(&draw, n, &attributes, &ids));
    let presets = draw.some(&["google", "kakao", "naver"]);
    let connections: Vec<Value> =
        presets.iter().enumerate().map(|(at, preset)| connection(&draw, preset, at)).collect();
    json!({
        "attributes": attributes,
        "apis": apis,
        "clients": clients,
        "roles": roles,
        "groups": groups,
        "claim_rules": claim_rules,
        "connections": connections,
        "webhooks": draw.few(|n| webhook(&draw, n)),
        "sign_in": sign_in(&draw),
        "branding": branding(&draw),
        "signing": { "algorithms_off": draw.some(&["PS256", "ES384"]) },
    })
}

/// Whether what is shown is what was said. What is empty need not be shown.
fn is_as_said(is: &Value, said: &Value) -> bool {
    let empty = [json!(""), json!([]), json!({})].contains(said);
    is == said || (empty && is.is_null())
}

/// Everything that was said is so, and there is nothing else.
fn check_is_so(seed: u64, value: &Value, is: &Value) {
    let none = vec![];
    for (list, key) in LISTS {
        let (said, is) = (value[list].as_array().unwrap(), is[list].as_array().unwrap_or(&none));
        assert_eq!(said.len(), is.len(), "{seed} {list}: {is:?}");
        for said in said {
            let found = is.iter().find(|one| one[key] == said[key]).unwrap();
            for (member, wanted) in said.as_object().unwrap().iter().filter(|(name, _)| *name != "client_secret") {
                assert!(is_as_said(&found[member], wanted), "{seed} {member} of {said}: {found}");
            }
        }
    }
    for section in SECTIONS {
        for (member, wanted) in value[section].as_object().unwrap() {
            assert!(is_as_said(&is[section][member], wanted), "{seed} {member} of {section}: {}", is[section]);
        }
    }
}

#[test]
fn every_kind_of_thing_that_can_be_declared_is_drawn() {
    let (schema, value) = (haechi::admin::declared::schema(), drawn(0));
    let kinds = |of: &Value| of.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    assert_eq!(kinds(&value), kinds(&schema["properties"]));
    for (list, _) in LISTS {
        assert!((0..24).any(|seed| !drawn(seed)[list].as_array().unwrap().is_empty()), "{list}");
    }
}

#[tokio::test]
async fn whatever_is_declared_is_so_once_it_is_applied_and_applied_again_it_changes_nothing() {
    let app = TestApp::new().await;
    for seed in 0..24 {
        let value = drawn(seed);
        let declared = read(&value);
        let before = exported(&app).await;
        let planned = plan(&app, &declared, Undeclared::Goes).await;
        assert_eq!(exported(&app).await, before, "{seed}: a plan changes nothing");
        let applied = apply(&app, &declared, Undeclared::Goes).await;
        let in_short =
            |steps: &[Step]| steps.iter().map(|step| (step.name.clone(), step.action.clone())).collect::<Vec<_>>();
        assert_eq!(in_short(&applied), in_short(&planned), "{seed}: what was planned is what is done");
        let is = exported(&app).await;
        check_is_so(seed, &value, &is);
        assert_eq!(changes(&apply(&app, &declared, Undeclared::Goes).await), 0, "{seed}");
        assert_eq!(changes(&apply(&app, &read(&is), Undeclared::Goes).await), 0, "{seed}: nor does what is exported");
    }
}

#[tokio::test]
async fn what_is_exported_and_applied_to_an_empty_server_is_exported_as_the_same() {
    for seed in 100..108 {
        let (here, there) = (TestApp::new().await, TestApp::new().await);
        apply(&here, &read(&drawn(seed)), Undeclared::Stays).await;
        let file = exported(&here).await;
        assert!(!file.to_string().contains(SECRET), "{file}");
        // Secrets are all that a file does not have: whoever keeps it says them, by reference, of connections that people may sign in through. The others
        // go without.
        let mut kept = file.clone();
        for connection in kept["connections"].as_array_mut().unwrap().iter_mut().filter(|one| one["enabled"] == true) {
            connection["client_secret"] = SECRET.into();
        }
        apply(&there, &read(&kept), Undeclared::Stays).await;
        assert_eq!(exported(&there).await, file, "{seed}");
    }
}
