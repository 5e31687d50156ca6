//! What hangs on an account: its links to providers, and the apps that have access to it.

use haechi::admin::Authority;
use haechi::admin::connections::{self, CameThrough};
use haechi::model::audit_event::AuditKind;
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::model::user::Role;
use haechi::model::{Connection, User};
use haechi::store::Change;
use haechi::support::Clock;
use haechi::support::id::{LinkId, PasskeyId};
use serde_json::{Value, json};

use super::{call, house, problem, somebody, token_as};
use crate::admin::web_client;
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;

/// A connection to Google.
async fn google(house: &TestApp) -> Connection {
    let new = json!({ "preset": "google", "client_id": "haechi", "client_secret": "secret-of-google" });
    connections::create(&house.admin, &Authority::operator(), serde_json::from_value(new).unwrap()).await.unwrap()
}

/// Links an account to the one of this subject at a provider.
pub(super) async fn linked(house: &TestApp, user: &User, through: &Connection, subject: &str) -> LinkId {
    let by = &Authority::operator();
    connections::set_enabled(&house.admin, by, &through.slug, true, CameThrough::Ends).await.unwrap();
    let id = LinkId::new(house.clock.now(), house.app.random.as_ref());
    let identity = UpstreamIdentity { connection: through.id, subject: UpstreamSubject::parse(subject).unwrap() };
    let account = UpstreamAccount { identity, label: format!("{subject}@corp.example"), tokens: None };
    let link = UpstreamLink::new(id, account, user.id, house.clock.now());
    let epochs = LinkEpochs { user: user.epochs(), connection: through.epoch };
    house.commit(vec![Change::InsertUpstreamLink(link, epochs)]).await;
    id
}

/// Gives an account a passkey, as its owner does.
pub(super) async fn with_passkey(house: &TestApp, user: &User) -> PasskeyId {
    let mut device = Authenticator::new(house.issuer(), user.email.as_str());
    let added = house.signed_in(user).await.add_passkey(&mut device, "phone").await;
    assert!(added.has("saved"), "{}", added.body);
    house.passkeys.of(user.id).await.unwrap()[0].id
}

async fn items(house: &TestApp, path: &str, token: &str) -> Vec<Value> {
    call(house, "GET", path, token).send().await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn passkeys_are_listed_without_their_keys_and_removed_with_what_was_signed_in() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    let (kim, lee) = (somebody(&house, "kim", &[]).await, somebody(&house, "lee", &[]).await);
    let id = with_passkey(&house, &kim).await;
    let path = format!("/users/{}/passkeys", kim.id);
    let listed = items(&house, &path, &token).await;
    assert_eq!(listed.len(), 1);
    let names = ["id", "name", "aaguid", "backup_eligible", "backup_state", "hardware", "created_at", "last_used_at"];
    let one = &listed[0];
    assert_eq!(
        one.as_object().unwrap().keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        names.into()
    );
    assert_eq!((&one["id"], &one["name"]), (&json!(id.to_string()), &json!("phone")));
    let remove = async |path: &str, why: Value| super::send(&house, ("POST", path), &token, &why).await;
    let lost = || json!({ "reason": "phone lost" });
    for wrong in [format!("/users/{}/passkeys/{id}/remove", lee.id), format!("{path}/pky_0/remove")] {
        assert_eq!(remove(&wrong, lost()).await.status, 404, "{wrong}");
    }
    let path_of_it = format!("{path}/{id}/remove");
    for without in [json!({}), json!({ "reason": " " })] {
        assert_eq!(super::wrong(&remove(&path_of_it, without).await), [("/reason".to_owned(), "missing".to_owned())]);
    }
    assert_eq!(house.flow.sessions.of_user(kim.id).await.unwrap().len(), 1);
    assert_eq!(remove(&path_of_it, lost()).await.status, 204);
    assert_eq!(items(&house, &path, &token).await, Vec::<Value>::new());
    assert_eq!(house.flow.sessions.of_user(kim.id).await.unwrap().len(), 0);
    assert_eq!(house.audit(AuditKind::PasskeyRemoved).await[0].detail.as_deref(), Some("phone: phone lost"));
    assert_eq!(remove(&path_of_it, lost()).await.status, 404);
}

#[tokio::test]
async fn links_are_listed_and_removed_but_for_the_last_way_in() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    let google = google(&house).await;
    // Without a password: the links are all there is.
    let new = json!({ "email": "kim@example.com" });
    let made = super::send(&house, ("POST", "/users"), &token, &new).await.expect(201);
    let kim = house.stores.users.find(made["sub"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
    let first = linked(&house, &kim, &google, "1").await;
    house.tick();
    let second = linked(&house, &kim, &google, "2").await;
    let path = format!("/users/{}/links", kim.id);
    let links = items(&house, &path, &token).await;
    let said: Vec<_> = links.iter().map(|link| (&link["connection"], &link["subject"], &link["label"])).collect();
    assert_eq!(
        said,
        [
            (&json!("google"), &json!("1"), &json!("1@corp.example")),
            (&json!("google"), &json!("2"), &json!("2@corp.example"))
        ]
    );
    assert!(links.iter().all(|link| link.get("tokens").is_none()), "{links:?}");

    // Somebody else's link is not one of this account.
    let lee = somebody(&house, "lee", &[]).await;
    for wrong in [format!("/users/{}/links/{first}", lee.id), format!("{path}/lnk_0"), format!("{path}/x")] {
        assert_eq!(
            problem(&call(&house, "DELETE", &wrong, &token).send().await),
            (404, "not_found".to_owned()),
            "{wrong}"
        );
    }
    assert_eq!(call(&house, "DELETE", &format!("{path}/{first}?dry_run=true"), &token).send().await.status, 204);
    assert_eq!(items(&house, &path, &token).await.len(), 2, "it was only tried");
    assert_eq!(call(&house, "DELETE", &format!("{path}/{first}"), &token).send().await.status, 204);
    let last = call(&house, "DELETE", &format!("{path}/{second}"), &token).send().await;
    assert_eq!(problem(&last), (409, "last_way_in".to_owned()));
    assert_eq!(items(&house, &path, &token).await[0]["id"], second.to_string());
}

/// An account that may do more than the caller is not theirs to change.
#[tokio::test]
async fn what_hangs_on_an_owner_is_not_a_people_manager_s_to_take() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    let owner = somebody(&house, "owner", &[Role::Owner]).await;
    let link = linked(&house, &owner, &google(&house).await, "1").await;
    web_client(&house, "shop").await;
    house.consented(&owner, "shop", "openid").await;
    for path in [format!("links/{link}"), "apps".to_owned(), "apps/shop".to_owned()] {
        let answer = call(&house, "DELETE", &format!("/users/{}/{path}", owner.id), &token).send().await;
        assert_eq!(problem(&answer), (403, "forbidden".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn the_access_of_apps_is_listed_and_taken_away() {
    let house = house().await;
    let token = token_as(&house, Role::PeopleManager).await;
    let kim = somebody(&house, "kim", &[]).await;
    let path = format!("/users/{}/apps", kim.id);
    for id in ["bank", "mail", "shop"] {
        web_client(&house, id).await;
        house.consented(&kim, id, "openid email").await;
    }
    let apps = items(&house, &path, &token).await;
    let ids: Vec<_> = apps.iter().map(|app| app["client_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["bank", "mail", "shop"]);
    assert_eq!((&apps[0]["scope"], &apps[0]["asked"]), (&json!("openid email"), &json!(true)));
    assert_eq!(call(&house, "DELETE", &format!("{path}/mail?dry_run=true"), &token).send().await.status, 204);
    assert_eq!(items(&house, &path, &token).await.len(), 3, "it was only tried");
    assert_eq!(call(&house, "DELETE", &format!("{path}/mail"), &token).send().await.status, 204);
    assert_eq!(items(&house, &path, &token).await.len(), 2);
    for gone in ["mail", "nobody", "%2e%2e"] {
        let answer = call(&house, "DELETE", &format!("{path}/{gone}"), &token).send().await;
        assert_eq!(problem(&answer), (404, "not_found".to_owned()), "{gone}");
    }
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    assert!(items(&house, &path, &token).await.is_empty());
    // Where there is nothing left, that is so.
    assert_eq!(call(&house, "DELETE", &path, &token).send().await.status, 204);
    let told = house.audit(haechi::model::audit_event::AuditKind::ConsentWithdrawn).await;
    let of: std::collections::BTreeSet<_> =
        told.iter().filter_map(|event| Some(event.client.as_ref()?.to_string())).collect();
    assert_eq!(of.into_iter().collect::<Vec<_>>(), ["bank", "mail", "shop"]);
    assert_eq!(told.len(), 3);
}
