//! Declared configuration over the network: what is planned, applied and exported, by whom, and what is never done because of what was sent.

use haechi::model::user::Role;
use serde_json::{Value, json};

use super::{call, house, problem, send, service, token_as, token_of_service, wrong};
use crate::support::app::TestApp;
use crate::support::call::Answer;
use crate::support::folder::Folder;

const APPLY: &str = "/declaration/apply";
const PLAN: &str = "/declaration/apply?dry_run=true";

fn shop(name: &str) -> Value {
    json!({ "client_id": "shop", "client_name": name, "redirect_uris": ["https://shop.example/cb"] })
}

async fn sent(house: &TestApp, path: &str, token: &str, declaration: &Value) -> Answer {
    send(house, ("POST", path), token, &json!({ "declaration": declaration })).await
}

async fn exported(house: &TestApp, token: &str) -> Value {
    call(house, "GET", "/declaration", token).send().await.expect(200)
}

#[tokio::test]
async fn what_is_planned_is_applied_once_and_secrets_are_shown_once() {
    let house = house().await;
    let owner = token_as(&house, Role::Owner).await;
    let declaration = json!({ "clients": [shop("Shop")], "groups": [{ "name": "staff" }] });
    let before = exported(&house, &owner).await;
    let planned = sent(&house, PLAN, &owner, &declaration).await.expect(200);
    let created = json!([
        { "kind": "client", "name": "shop", "action": "create" },
        { "kind": "group", "name": "staff", "action": "create" },
    ]);
    assert_eq!(planned["items"], created, "what is only planned has no secret");
    assert_eq!(exported(&house, &owner).await, before, "and is not done");

    let applied = sent(&house, APPLY, &owner, &declaration).await.expect(200);
    let secret = applied["items"][0]["client_secret"].as_str().unwrap();
    let again = sent(&house, APPLY, &owner, &declaration).await.expect(200);
    assert!(again["items"].as_array().unwrap().iter().all(|step| step["action"] == "keep"), "{again}");
    let shown = exported(&house, &owner).await;
    assert_eq!(shown["groups"][0]["name"], "staff");
    let only = call(&house, "GET", "/declaration?fields=groups", &owner).send().await.expect(200);
    assert_eq!(only, json!({ "groups": shown["groups"] }));

    let renamed = sent(&house, PLAN, &owner, &json!({ "clients": [shop("Renamed")] })).await.expect(200);
    let differences = json!([{ "member": "client_name", "is": "Shop", "declared": "Renamed" }]);
    assert_eq!(renamed["items"][0]["differences"], differences);
    for text in [shown, again, renamed] {
        assert!(!text.to_string().contains(secret), "{text}");
    }
    let audit = call(&house, "GET", "/audit?kind=client_created", &owner).send().await.expect(200);
    assert_eq!(audit["items"][0]["actor"]["kind"], "user", "what is applied is its caller's: {audit}");
}

/// The caller says where a secret is on a machine of theirs. That would be a way to read this one, and to run programs on it.
#[tokio::test]
async fn a_reference_to_a_secret_reads_and_runs_nothing_on_the_server() {
    let house = house().await;
    let owner = token_as(&house, Role::Owner).await;
    let folder = Folder::new();
    let file = folder.write("secret", "a-secret-of-the-machine");
    let ran = folder.path().join("ran");
    for reference in [
        json!({ "env": "PATH" }),
        json!({ "file": file }),
        json!({ "command": ["cp", file, ran] }),
        json!({ "command": ["touch", ran] }),
    ] {
        for declaration in [
            json!({ "clients": [{ "client_id": "shop", "client_name": "Shop", "kind": "service", "client_secret": reference }] }),
            json!({ "connections": [{ "slug": "google", "preset": "google", "client_id": "we", "client_secret": reference }] }),
            json!({ "webhooks": [{ "name": "hook", "url": "https://hooks.example/", "secret": reference }] }),
        ] {
            for path in [PLAN, APPLY] {
                let answer = sent(&house, path, &owner, &declaration).await;
                assert_eq!(problem(&answer), (400, "malformed".to_owned()), "{declaration}");
                assert!(!answer.body.contains("a-secret-of-the-machine"), "{answer:?}");
            }
        }
    }
    assert!(!ran.exists(), "a program ran");
    let left = exported(&house, &owner).await;
    assert!(left.get("webhooks").is_none() && left["connections"] == json!([]), "{left}");
    assert!(left["clients"].as_array().unwrap().iter().all(|client| client["client_id"] != "shop"), "{left}");
}

#[tokio::test]
async fn what_is_wrong_is_said_by_its_place() {
    let house = house().await;
    let owner = token_as(&house, Role::Owner).await;
    for (declaration, pointer, code) in [
        (json!([]), "/declaration", "not_an_object"),
        (json!({ "apps": [] }), "/declaration", "unknown_member"),
        (json!({ "clients": {} }), "/declaration/clients", "not_a_list"),
        (json!({ "clients": [shop("a"), shop("b")] }), "/declaration", "declared_twice"),
        (
            json!({ "clients": [shop("a"), { "client_nam": "b" }] }),
            "/declaration/clients/1/client_nam",
            "unknown_member",
        ),
        (json!({ "sign_in": { "sign_ups": "open" } }), "/declaration/sign_in/sign_ups", "unknown_member"),
        (json!({ "branding": { "accent_color": "red" } }), "/declaration/branding/accent_color", "not_a_color"),
        (json!({ "webhooks": [{ "url": "https://h.example/" }] }), "/declaration/webhooks/0/name", "missing"),
    ] {
        let answer = sent(&house, PLAN, &owner, &declaration).await;
        assert_eq!(problem(&answer), (422, "invalid".to_owned()), "{declaration}");
        assert_eq!(wrong(&answer), [(pointer.to_owned(), code.to_owned())], "{declaration}");
    }
    let bad = json!({ "groups": [], "clients": [{ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/*#x"] }] });
    let answer = sent(&house, APPLY, &owner, &bad).await;
    assert_eq!(wrong(&answer)[0].0, "/declaration/clients/0/redirect_uris");
    let detail = answer.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("client shop: redirect_uris: "), "{detail}");
    let unknown = send(&house, ("POST", PLAN), &owner, &json!({ "declaration": {}, "files": ["/etc/passwd"] })).await;
    assert_eq!(problem(&unknown), (400, "malformed".to_owned()));
}

#[tokio::test]
async fn who_applies_stays_and_so_does_what_other_files_manage() {
    let house = house().await;
    let machine = service(&house, "gitops", &[Role::Owner], "haechi:write").await;
    let token = token_of_service(&house, &machine).await;
    let managed = json!({ "declaration": { "clients": [shop("Shop")] }, "owner": "gitops" });
    let made = send(&house, ("POST", APPLY), &token, &managed).await.expect(200);
    assert_eq!(made["items"][0]["action"], "create");
    let other = sent(&house, APPLY, &token, &json!({ "clients": [shop("Other")] })).await;
    assert_eq!(problem(&other), (409, "managed".to_owned()));
    let detail = other.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("client shop: the files of gitops manage it"), "{detail}");

    let none = json!({ "declaration": { "clients": [] }, "prune": true });
    let pruned = send(&house, ("POST", APPLY), &token, &none).await.expect(200);
    let gone: Vec<_> = pruned["items"].as_array().unwrap().iter().map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!(gone, ["tool"]);
    for stays in ["/clients/gitops", "/clients/shop"] {
        call(&house, "GET", stays, &token).send().await.expect(200);
    }
    let none = json!({ "declaration": { "clients": [] }, "prune": true, "owner": "gitops" });
    let pruned = send(&house, ("POST", APPLY), &token, &none).await.expect(200);
    assert_eq!(pruned["items"][0], json!({ "kind": "client", "name": "shop", "action": "delete" }));
}

#[tokio::test]
async fn applying_takes_a_permission_and_is_bounded() {
    let house = house().await;
    let nothing = json!({});
    for role in [Role::PeopleManager, Role::Auditor] {
        let token = token_as(&house, role).await;
        for path in [PLAN, APPLY] {
            let refused = sent(&house, path, &token, &nothing).await;
            assert_eq!(problem(&refused), (403, "forbidden".to_owned()), "{role:?}");
        }
    }
    let owner = token_as(&house, Role::Owner).await;
    assert_eq!(sent(&house, APPLY, &owner, &nothing).await.expect(200), json!({ "items": [] }));
    let described = |chars: usize| json!({ "groups": [{ "name": "staff", "description": "x".repeat(chars) }] });
    // More than other operations take, and refused for what it says.
    let large = sent(&house, PLAN, &owner, &described(200_000)).await;
    assert_eq!(problem(&large), (422, "invalid".to_owned()));
    let too_large = sent(&house, PLAN, &owner, &described(4 << 20)).await;
    assert_eq!(problem(&too_large), (413, "too_large".to_owned()));
}

/// A service account that applies files needs no more than what they declare, and its files are no way to more.
#[tokio::test]
async fn who_applies_does_by_a_file_what_they_may_by_hand_and_no_more() {
    let house = house().await;
    let machine = service(&house, "gitops", &[Role::Administrator], "haechi:write").await;
    let gitops = token_of_service(&house, &machine).await;
    let declaration =
        json!({ "clients": [shop("Shop")], "groups": [{ "name": "staff" }], "branding": { "product_name": "Books" } });
    for path in [PLAN, APPLY] {
        let steps = sent(&house, path, &gitops, &declaration).await.expect(200);
        let done: Vec<_> = steps["items"].as_array().unwrap().iter().map(|step| step["action"].clone()).collect();
        assert_eq!(done, ["create", "create", "change"], "{steps}");
    }
    assert_eq!(exported(&house, &gitops).await["branding"]["product_name"], "Books");
    let apps = token_as(&house, Role::AppManager).await;
    let renamed = sent(&house, APPLY, &apps, &json!({ "clients": [shop("Better")] })).await.expect(200);
    assert_eq!(renamed["items"][0]["action"], "change");

    let with_role = |role: Role| json!({ "clients": [{ "client_id": "other", "client_name": "Other", "kind": "service", "scope": "haechi:write", "roles": [role] }] });
    let beyond = [
        (&gitops, with_role(Role::Owner)),
        (&apps, with_role(Role::AppManager)),
        (&apps, json!({ "clients": [{ "client_id": "gitops", "client_name": "Mine" }] })),
        (&apps, json!({ "groups": [{ "name": "crew" }] })),
        (&apps, json!({ "webhooks": [] })),
        (&apps, json!({ "branding": { "product_name": "Mine" } })),
    ];
    for (token, declaration) in &beyond {
        for path in [PLAN, APPLY] {
            let refused = sent(&house, path, token, declaration).await;
            assert_eq!(problem(&refused), (403, "forbidden".to_owned()), "{declaration}");
        }
    }
    let refused = call(&house, "GET", "/declaration", &apps).send().await;
    assert_eq!(problem(&refused), (403, "forbidden".to_owned()), "there is more in it than they may see");
    let left = exported(&house, &gitops).await;
    assert!(left["clients"].as_array().unwrap().iter().all(|client| client["client_id"] != "other"), "{left}");
}

#[tokio::test]
async fn a_refusal_tells_what_was_done_before_and_nobody_keeps_it() {
    let house = house().await;
    let owner = token_as(&house, Role::Owner).await;
    let half = json!({ "clients": [shop("Shop")], "groups": [{ "name": "staff", "roles": ["nobody"] }] });
    let planned = sent(&house, PLAN, &owner, &half).await;
    assert_eq!(planned.json().get("done"), None, "a plan does nothing");
    let refused = sent(&house, APPLY, &owner, &half).await;
    assert_eq!(problem(&refused), (422, "invalid".to_owned()));
    assert_eq!(refused.headers["cache-control"], "no-store");
    let done = refused.json()["done"].clone();
    assert_eq!((&done[0]["name"], &done[0]["action"]), (&json!("shop"), &json!("create")));
    assert!(done[0]["client_secret"].is_string(), "{done}");
}

#[tokio::test]
async fn only_what_was_confirmed_is_deleted_and_there_are_so_many_entries() {
    let house = house().await;
    let owner = token_as(&house, Role::Owner).await;
    sent(&house, APPLY, &owner, &json!({ "groups": [{ "name": "one" }, { "name": "two" }] })).await.expect(200);
    let confirmed =
        json!({ "declaration": { "groups": [] }, "prune": true, "confirmed": [{ "kind": "group", "name": "one" }] });
    let steps = send(&house, ("POST", APPLY), &owner, &confirmed).await.expect(200);
    let mut actions: Vec<_> = steps["items"].as_array().unwrap().iter().map(|step| step["action"].as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, [Some("delete"), Some("leave")], "{steps}");
    assert_eq!(exported(&house, &owner).await["groups"][0]["name"], "two");

    let many: Vec<_> = (0..=haechi::admin::declared::MAX_ENTRIES).map(|n| json!({ "name": format!("g{n}") })).collect();
    let refused = sent(&house, PLAN, &owner, &json!({ "groups": many })).await;
    assert_eq!(wrong(&refused), [("/declaration".to_owned(), "too_many_entries".to_owned())]);
    assert!(refused.body.contains("at most 20000 entries"), "{refused:?}");
}
