//! Clients with roles of their own, and who may have a hand in them.

use haechi::admin::{Authority, clients};
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::user::Role;
use serde_json::json;

use super::{call, house, problem, send, service, somebody, token_as, token_of, token_of_service, wrong};
use crate::admin::web_client;

#[tokio::test]
async fn what_a_service_account_does_is_done_in_its_name() {
    let house = house().await;
    let machine = service(&house, "provisioning", &[Role::PeopleManager], "haechi:write").await;
    let token = token_of_service(&house, &machine).await;
    send(&house, ("POST", "/users"), &token, &json!({ "email": "kim@example.com" })).await.expect(201);
    let event = house.audit(AuditKind::UserCreated).await.remove(0);
    assert_eq!(event.actor, Actor::Client(machine.client.id.clone()));
    // It is no people manager any more, and its token was made before that.
    let by = Authority::operator();
    let edit = serde_json::from_value(json!({ "roles": ["auditor"] })).unwrap();
    clients::update(&house.admin, &by, &machine.client.id, &edit).await.unwrap();
    let answer = send(&house, ("POST", "/users"), &token, &json!({ "email": "lee@example.com" })).await;
    assert_eq!(problem(&answer), (403, "forbidden".to_owned()));
    call(&house, "GET", "/users", &token).send().await.expect(200);
}

/// Nobody gives what they do not have, by this door either.
#[tokio::test]
async fn adm_004_a_client_gets_no_role_that_its_administrator_does_not_have() {
    let house = house().await;
    let administrator = token_as(&house, Role::Administrator).await;
    let manager = token_as(&house, Role::AppManager).await;
    let new = |roles: &[Role]| json!({ "client_name": "Machine", "kind": "service", "roles": roles, "scope": "haechi:write" });
    let create = async |token: &str, roles: &[Role]| send(&house, ("POST", "/clients"), token, &new(roles)).await;
    assert_eq!(problem(&create(&manager, &[Role::Auditor]).await).0, 403);
    assert_eq!(problem(&create(&manager, &[Role::AppManager]).await).0, 403);
    assert_eq!(problem(&create(&administrator, &[Role::Owner]).await).0, 403);
    let made = create(&administrator, &[Role::PeopleManager]).await.expect(201);
    let path = format!("/clients/{}", made["client_id"].as_str().unwrap());
    // Neither is there a way round it by a client that has the role already: whoever has its secret has its roles.
    let secret = format!("{path}/secret");
    for (method, path, body) in [
        ("POST", secret.as_str(), json!({})),
        ("PATCH", path.as_str(), json!({ "client_name": "Mine" })),
        (
            "PATCH",
            path.as_str(),
            json!({ "jwks_uri": "https://evil.example/jwks", "token_endpoint_auth_method": "private_key_jwt" }),
        ),
        ("PATCH", path.as_str(), json!({ "roles": ["app_manager"] })),
    ] {
        let answer = send(&house, (method, path), &manager, &body).await;
        assert_eq!(problem(&answer), (403, "forbidden".to_owned()), "{method} {path} {body}");
    }
    assert_eq!(problem(&call(&house, "DELETE", &path, &manager).send().await).0, 403);
    let raised = send(&house, ("PATCH", &path), &administrator, &json!({ "roles": ["owner"] })).await;
    assert_eq!(problem(&raised).0, 403);
    send(&house, ("PATCH", &path), &administrator, &json!({ "roles": ["auditor"] })).await.expect(200);
    send(&house, ("POST", &secret), &administrator, &json!({})).await.expect(200);
}

/// The client by which administrators work is theirs: whoever decides where it is answered could act for all of them.
#[tokio::test]
async fn adm_005_a_client_that_end_users_administer_by_is_changed_by_who_could_do_as_much() {
    let house = house().await;
    let (administrator, manager) =
        (token_as(&house, Role::Administrator).await, token_as(&house, Role::AppManager).await);
    let owner = token_as(&house, Role::Owner).await;
    let tool = |scope: &str| json!({ "client_name": "Tool", "kind": "native", "redirect_uris": ["http://127.0.0.1/cb"], "scope": scope });
    for (token, scope, status) in [
        (&manager, "openid", 201),
        (&manager, "openid haechi:read", 403),
        (&manager, "openid haechi:write", 403),
        (&administrator, "openid haechi:read", 201),
        (&administrator, "openid haechi:write", 403),
        (&owner, "openid haechi:write", 201),
    ] {
        let answer = send(&house, ("POST", "/clients"), token, &tool(scope)).await;
        assert_eq!(answer.status, status, "{scope}: {answer:?}");
    }
    let moved = json!({ "redirect_uris": ["https://evil.example/cb"] });
    for token in [&manager, &administrator] {
        assert_eq!(
            problem(&send(&house, ("PATCH", "/clients/tool"), token, &moved).await),
            (403, "forbidden".to_owned())
        );
        let answer = send(&house, ("PATCH", "/clients/tool"), token, &json!({ "scope": "openid" })).await;
        assert_eq!(problem(&answer).0, 403);
    }
    send(&house, ("PATCH", "/clients/tool"), &owner, &json!({ "client_name": "The tool" })).await.expect(200);
}

#[tokio::test]
async fn a_client_without_tokens_of_its_own_has_no_roles() {
    let house = house().await;
    let owner = token_as(&house, Role::Owner).await;
    let shop = json!({ "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"], "roles": ["auditor"] });
    let answer = send(&house, ("POST", "/clients"), &owner, &shop).await;
    assert_eq!(problem(&answer), (422, "invalid".to_owned()));
    assert_eq!(wrong(&answer), [("/roles".to_owned(), "needs_client_credentials".to_owned())]);
}

/// A service account has what it is registered for, and an end-user's token what the end-user may: neither adds to the other.
#[tokio::test]
async fn a_token_of_an_end_user_has_none_of_its_clients_roles() {
    let house = house().await;
    let plain = somebody(&house, "plain", &[]).await;
    let id = haechi::model::client::ClientId::parse("tool").unwrap();
    let mut tool = house.stores.clients.find(&id).await.unwrap().unwrap();
    tool.policy.roles = vec![Role::Owner];
    house.commit(vec![haechi::store::Change::UpdateClient(tool)]).await;
    let token = token_of(&house, &plain, "haechi:write").await;
    assert_eq!(problem(&call(&house, "GET", "/users", &token).send().await), (403, "forbidden".to_owned()));
}

/// A delegation is read with the client at each request: what is taken away is over with the next one, whatever the token says.
#[tokio::test]
async fn a_service_account_manages_one_app_for_as_long_as_it_is_given() {
    let house = house().await;
    let administrator = token_as(&house, Role::Administrator).await;
    for id in ["shop", "desk"] {
        web_client(&house, id).await;
    }
    let job = service(&house, "job", &[], "haechi:write").await;
    let token = token_of_service(&house, &job).await;
    let sees = async |path: &str| call(&house, "GET", path, &token).send().await.status.as_u16();
    assert_eq!(sees("/clients/shop").await, 403);

    let (all, one) = ("/clients/shop/managers", "/clients/shop/managers/job");
    for _ in 0..2 {
        assert_eq!(call(&house, "PUT", one, &administrator).send().await.status, 204);
    }
    let listed = call(&house, "GET", all, &administrator).send().await.expect(200);
    assert_eq!(listed["items"], json!([{ "sub": "job", "client_id": "job", "name": "Machine" }]));
    assert_eq!((sees("/clients/shop").await, sees("/clients/desk").await, sees("/audit").await), (200, 404, 403));
    send(&house, ("PATCH", "/clients/shop"), &token, &json!({ "client_name": "Better" })).await.expect(200);
    let changed = house.audit(AuditKind::ClientChanged).await.remove(0);
    assert_eq!(changed.actor, Actor::Client(job.client.id.clone()));

    let stale = call(&house, "DELETE", one, &administrator).header("if-match", "\"0\"").send().await;
    assert_eq!(stale.status, 412, "giving it was a change of the client: {stale:?}");
    assert_eq!(call(&house, "DELETE", one, &administrator).send().await.status, 204);
    assert_eq!(sees("/clients/shop").await, 403);
    assert_eq!(call(&house, "DELETE", one, &administrator).send().await.status, 404);
    let told = house.audit(AuditKind::DelegationTaken).await.remove(0);
    assert_eq!((told.client, told.user, told.detail.as_deref()), (Some(job.client.id), None, Some("shop")));

    // An app that gets no tokens for itself would manage nothing by it.
    let answer = call(&house, "PUT", "/clients/shop/managers/desk", &administrator).send().await;
    assert_eq!(wrong(&answer), [("/client_id".to_owned(), "needs_client_credentials".to_owned())]);
    let manager = token_as(&house, Role::AppManager).await;
    assert_eq!(problem(&call(&house, "PUT", one, &manager).send().await).0, 403);
}
