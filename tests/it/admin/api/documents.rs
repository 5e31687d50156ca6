//! Documents as the API shows and takes them: the same that the other doors do.

use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use serde_json::{Value, json};

use super::{call, house, problem, send, token_as, wrong};
use crate::support::app::TestApp;
use crate::support::keys::ED25519;

async fn items(house: &TestApp, path: &str, token: &str) -> Vec<Value> {
    call(house, "GET", path, token).send().await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_account_is_made_changed_switched_and_deleted() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    let kim = json!({ "email": "kim@example.com", "name": "Kim", "locale": "ko", "address": { "country": "KR", "locality": "Seoul" } });
    let made = send(&house, ("POST", "/users"), &token, &kim).await.expect(201);
    let path = format!("/users/{}", made["sub"].as_str().unwrap());
    let patched = send(
        &house,
        ("PATCH", &path),
        &token,
        &json!({ "name": null, "nickname": "K", "address": { "locality": null } }),
    )
    .await
    .expect(200);
    assert_eq!((patched.get("name"), &patched["nickname"]), (None, &json!("K")));
    assert_eq!((&patched["address"], &patched["locale"]), (&json!({ "country": "KR" }), &json!("ko")));
    // What was shown can be sent back.
    let shown = call(&house, "GET", &path, &token).send().await.expect(200);
    assert_eq!(send(&house, ("PATCH", &path), &token, &shown).await.expect(200), shown);
    // Mass assignment: what only the server sets, and what there is not.
    for (body, code, pointer) in [
        (json!({ "sub": "usr_00000000000000000000000000000000" }), "read_only", "/sub"),
        (json!({ "status": "disabled" }), "read_only", "/status"),
        (json!({ "created_at": "2000-01-01T00:00:00Z" }), "read_only", "/created_at"),
        (json!({ "is_admin": true }), "unknown_member", "/is_admin"),
        (json!({ "password_hash": "x" }), "unknown_member", "/password_hash"),
        (json!({ "email_verified": null }), "missing", "/email_verified"),
        (json!({ "email": null }), "not_an_email_address", "/email"),
    ] {
        let answer = send(&house, ("PATCH", &path), &token, &body).await;
        assert_eq!(problem(&answer), (422, "invalid".to_owned()), "{body}");
        assert_eq!(wrong(&answer), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    let off = call(&house, "POST", &format!("{path}/disable"), &token).send().await.expect(200);
    assert_eq!(off["status"], "disabled");
    assert_eq!(call(&house, "POST", &format!("{path}/enable"), &token).send().await.expect(200)["status"], "active");
    let set = async |password: &str, why: &str| {
        let body = json!({ "password": password, "reason": why });
        send(&house, ("PUT", &format!("{path}/password")), &token, &body).await
    };
    let weak = set("password", "seen in person").await;
    assert_eq!(wrong(&weak), [("/password".to_owned(), "weak_password".to_owned())]);
    assert!(!weak.body.contains("\"password\":\"password\""));
    let missing = [("/reason".to_owned(), "missing".to_owned())];
    assert_eq!(wrong(&set("a tandem for two herons", " ").await), missing);
    let without = json!({ "password": "a tandem for two herons" });
    assert_eq!(wrong(&send(&house, ("PUT", &format!("{path}/password")), &token, &without).await), missing);
    set("a tandem for two herons", "seen in person").await.expect(200);
    assert_eq!(house.audit(AuditKind::PasswordChanged).await[0].detail.as_deref(), Some("seen in person"));
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    assert_eq!(problem(&call(&house, "DELETE", &path, &token).send().await), (404, "not_found".to_owned()));
    for nobody in ["usr_00000000000000000000000000000000", "x", "kim@example.com", "%00"] {
        let answer = call(&house, "GET", &format!("/users/{nobody}"), &token).send().await;
        assert_eq!(problem(&answer), (404, "not_found".to_owned()), "{nobody}");
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    for at in 0..5 {
        house.tick();
        send(&house, ("POST", "/users"), &token, &json!({ "email": format!("kim{at}@example.com") })).await.expect(201);
    }
    let mut next = "/users?search=kim&limit=2&fields=email,sub".to_owned();
    let mut seen = Vec::new();
    loop {
        let answer = call(&house, "GET", &next, &token).send().await;
        let page = answer.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()));
        assert!(page["items"].as_array().unwrap().iter().all(|user| user.as_object().unwrap().len() == 2), "{page}");
        let Some(cursor) = page.get("next").and_then(Value::as_str) else { break };
        // The header says the same.
        let link = answer.header("link").unwrap();
        let target = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        assert!(target.contains(&format!("cursor={cursor}")), "{link}");
        next = target.strip_prefix(&format!("{}/api/v1", house.issuer())).unwrap().to_owned();
    }
    let expected: Vec<String> = (0..5).map(|at| format!("kim{at}@example.com")).collect();
    assert_eq!(seen, expected);
    for (query, code) in [
        ("limit=0", "malformed"),
        ("limit=201", "malformed"),
        ("limit=x", "malformed"),
        ("cursor=x", "malformed"),
        ("cursor=dXNy", "malformed"),
        ("serch=kim", "unknown_parameter"),
        ("dry_run=true", "unknown_parameter"),
        ("limit=1&limit=2", "malformed"),
        ("search=%FF", "malformed"),
    ] {
        assert_eq!(
            problem(&call(&house, "GET", &format!("/users?{query}"), &token).send().await),
            (400, code.to_owned()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_client_is_registered_and_its_secret_shown_once() {
    let house = house().await;
    let token = token_as(&house, Role::AppManager).await;
    let shop = json!({ "client_id": "shop", "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"] });
    let made = send(&house, ("POST", "/clients"), &token, &shop).await;
    let secret = made.expect(201)["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let shown = call(&house, "GET", "/clients/shop", &token).send().await;
    let body = shown.expect(200);
    assert!(!shown.body.contains(&secret) && body.get("client_secret").is_none());
    let patched = send(
        &house,
        ("PATCH", "/clients/shop"),
        &token,
        &json!({ "client_name": "Better", "client_uri": "https://shop.example/" }),
    )
    .await
    .expect(200);
    assert_eq!(patched["client_name"], "Better");
    let patched = send(&house, ("PATCH", "/clients/shop"), &token, &json!({ "client_uri": null })).await.expect(200);
    assert!(patched.get("client_uri").is_none());
    let rotated = call(&house, "POST", "/clients/shop/secret", &token).send().await.expect(200);
    assert_ne!(rotated["client_secret"], secret.as_str());
    assert_eq!(rotated["secrets"].as_array().unwrap().len(), 2);
    let rotated =
        send(&house, ("POST", "/clients/shop/secret"), &token, &json!({ "grace_seconds": 0 })).await.expect(200);
    assert_eq!(rotated["secrets"].as_array().unwrap().len(), 1);
    let taken = send(&house, ("POST", "/clients"), &token, &shop).await;
    assert_eq!(problem(&taken), (409, "taken".to_owned()));
    let off = call(&house, "POST", "/clients/shop/disable", &token).send().await.expect(200);
    assert_eq!(off["enabled"], false);
    let logins = call(&house, "GET", "/clients/shop/recent-logins", &token).send().await.expect(200);
    assert_eq!(logins["count"], 0);
    assert!(items(&house, "/clients/shop/problems", &token).await.is_empty());
    let all = items(&house, "/clients?fields=client_id", &token).await;
    assert_eq!(all, [json!({ "client_id": "shop" }), json!({ "client_id": "tool" })]);
    let wrong_uri =
        send(&house, ("PATCH", "/clients/shop"), &token, &json!({ "redirect_uris": ["http://shop.example/cb"] })).await;
    assert_eq!(wrong(&wrong_uri), [("/redirect_uris".to_owned(), "not_a_redirect_uri".to_owned())]);
    assert_eq!(call(&house, "DELETE", "/clients/shop", &token).send().await.status, 204);
    for id in ["shop", "haechi-x", "%2e%2e", "a%20b"] {
        assert_eq!(problem(&call(&house, "GET", &format!("/clients/{id}"), &token).send().await).0, 404, "{id}");
    }
}

#[tokio::test]
async fn a_connection_is_made_given_its_secret_and_moved() {
    let house = house().await;
    let token = token_as(&house, Role::Administrator).await;
    for (slug, preset) in [("google", "google"), ("github", "github")] {
        let new = json!({ "preset": preset, "client_id": "haechi" });
        let made = send(&house, ("POST", "/connections"), &token, &new).await;
        assert_eq!((made.expect(201)["slug"].as_str(), &made.json()["enabled"]), (Some(slug), &json!(false)));
    }
    let enabled = call(&house, "POST", "/connections/google/enable", &token).send().await;
    assert_eq!(wrong(&enabled), [("/client_secret".to_owned(), "missing".to_owned())]);
    let secret = json!({ "client_secret": "secret-of-google" });
    let given = send(&house, ("PUT", "/connections/google/secret"), &token, &secret).await;
    assert_eq!(given.expect(200)["secrets"].as_array().unwrap().len(), 1);
    assert!(!given.body.contains("secret-of-google"));
    let on = call(&house, "POST", "/connections/google/enable", &token).send().await.expect(200);
    assert_eq!(on["enabled"], true);
    let slugs = async || {
        let all = items(&house, "/connections?fields=slug", &token).await;
        all.iter().map(|one| one["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(slugs().await, ["google", "github"]);
    send(&house, ("POST", "/connections/github/move"), &token, &json!({ "to": "up" })).await.expect(200);
    assert_eq!(slugs().await, ["github", "google"]);
    let first = call(&house, "GET", "/connections?limit=1", &token).send().await.expect(200);
    let cursor = first["next"].as_str().unwrap();
    let second = call(&house, "GET", &format!("/connections?limit=1&cursor={cursor}"), &token).send().await.expect(200);
    assert_eq!((&second["items"][0]["slug"], second.get("next")), (&json!("google"), None));
    let patched = send(&house, ("PATCH", "/connections/google"), &token, &json!({ "label": "Google at work" })).await;
    assert_eq!(patched.expect(200)["label"], "Google at work");
    let off = call(&house, "POST", "/connections/google/disable?keep_sessions=true", &token).send().await.expect(200);
    assert_eq!(off["enabled"], false);
    assert_eq!(call(&house, "DELETE", "/connections/google", &token).send().await.status, 204);
    let unknown =
        send(&house, ("POST", "/connections"), &token, &json!({ "preset": "nothing", "client_id": "y" })).await;
    assert_eq!(problem(&unknown), (422, "unknown_preset".to_owned()));
}

#[tokio::test]
async fn sessions_keys_and_the_audit_log_are_seen_and_ended() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let kim = house.user("kim@example.com").await;
    for _ in 0..3 {
        house.signed_in(&kim).await;
    }
    let path = format!("/users/{}/sessions", kim.id);
    let sessions = items(&house, &path, &token).await;
    assert_eq!(sessions.len(), 3);
    let one = format!("{path}/{}", sessions[0]["id"].as_str().unwrap());
    assert_eq!(call(&house, "DELETE", &format!("{one}?dry_run=true"), &token).send().await.status, 204);
    assert_eq!(items(&house, &path, &token).await.len(), 3);
    assert_eq!(call(&house, "DELETE", &one, &token).send().await.status, 204);
    assert_eq!(problem(&call(&house, "DELETE", &one, &token).send().await).0, 404);
    assert_eq!(items(&house, &path, &token).await.len(), 2);
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    assert!(items(&house, &path, &token).await.is_empty());

    let keys = items(&house, "/keys", &token).await;
    assert!(keys.iter().any(|key| key["algorithm"] == "ES256" && key["state"] == "active"), "{keys:?}");
    assert!(keys.iter().all(|key| key.get("private").is_none() && key.get("sealed").is_none()));
    house.tick();
    let rotated = send(&house, ("POST", "/keys/rotate"), &token, &json!({ "algorithm": "ES256" })).await.expect(200);
    assert_eq!(rotated["items"][0]["algorithm"], "ES256");
    assert_eq!(problem(&send(&house, ("POST", "/keys/rotate"), &token, &json!({ "algorithm": "none" })).await).0, 400);
    let given = json!({ "algorithm": "EdDSA", "pem": ED25519 });
    let tried = send(&house, ("POST", "/keys/import?dry_run=true"), &token, &given).await.expect(200);
    let imported = send(&house, ("POST", "/keys/import"), &token, &given).await.expect(200);
    assert!(tried["id"] != imported["id"] && imported["possible_at"].is_string(), "{tried} {imported}");
    assert!(imported.get("pem").is_none(), "{imported}");
    let known = send(&house, ("POST", "/keys/import"), &token, &given).await;
    assert_eq!((problem(&known).0, known.json()["errors"][0]["code"].clone()), (422, json!("key_known")));
    let other = json!({ "algorithm": "ES256", "pem": ED25519 });
    let other = send(&house, ("POST", "/keys/import"), &token, &other).await;
    assert_eq!(other.json()["errors"][0]["pointer"], "/pem");
    let unknown = call(&house, "DELETE", "/keys/key_00000000000000000000000000000000", &token).send().await;
    assert_eq!(problem(&unknown), (404, "not_found".to_owned()));

    let log = call(&house, "GET", "/audit?limit=2", &token).send().await.expect(200);
    assert_eq!(log["items"][0]["kind"], "keys_rotated");
    let more =
        call(&house, "GET", &format!("/audit?limit=2&cursor={}", log["next"].as_str().unwrap()), &token).send().await;
    assert_ne!(more.expect(200)["items"][0], log["items"][1]);

    let of_kim = items(&house, &format!("/audit?kind=sessions_revoked,user_created&target={}", kim.id), &token).await;
    assert!(of_kim.len() >= 2 && of_kim.iter().all(|entry| entry["user"] == kim.id.to_string()), "{of_kim:?}");
    for query in ["kind=x", "outcome=x", "user=x", "since=yesterday", "actor=%20"] {
        assert_eq!(problem(&call(&house, "GET", &format!("/audit?{query}"), &token).send().await).0, 400, "{query}");
    }

    assert_eq!(call(&house, "DELETE", "/sessions", &token).send().await.status, 204);
    assert_eq!(problem(&call(&house, "GET", "/users", &token).send().await), (401, "invalid_token".to_owned()));
}

/// Nothing that is shown anywhere has a secret in it, or what leads to one.
#[tokio::test]
async fn adm_008_no_answer_shows_a_secret() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let new = json!({ "email": "kim@example.com", "password": "a tandem for two herons" });
    let made = send(&house, ("POST", "/users"), &token, &new).await;
    made.expect(201);
    let google = json!({ "preset": "google", "client_id": "haechi", "client_secret": "secret-of-google" });
    let connection = send(&house, ("POST", "/connections"), &token, &google).await;
    connection.expect(201);
    let mut shown = vec![made.body, connection.body];
    for path in ["/users", "/clients", "/connections", "/keys", "/audit", "/problems"] {
        shown.push(call(&house, "GET", path, &token).send().await.body);
    }
    for text in shown {
        for secret in ["herons", "secret-of-google", "argon2", "digest", "sealed", "private_key"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}
