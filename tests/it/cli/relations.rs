//! `haechi users apps` and `haechi users links`: what hangs on an account, and taking it away.

use haechi::admin::Authority;
use haechi::admin::connections::{self, CameThrough};
use haechi::model::UpstreamLink;
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamSubject};
use haechi::store::Change;
use haechi::support::Clock;
use haechi::support::id::LinkId;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::binary::Haechi;

#[tokio::test(flavor = "multi_thread")]
async fn the_access_of_an_app_is_listed_and_taken_away() {
    let house = TestApp::new().await;
    let kim = house.user("kim@example.com").await;
    for app in ["shop", "bank", "books"] {
        house.client(app, |_| {}).await;
        house.consented(&kim, app, "openid").await;
    }
    let haechi = Haechi::beside(&house.config);
    let list = |haechi: &Haechi| -> Vec<String> {
        let listed = haechi.json(&["users", "apps", "list", "kim@example.com", "--json"]);
        listed.as_array().unwrap().iter().map(|app| app["client_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(list(&haechi).len(), 3);
    assert!(haechi.out(&["users", "apps", "list", "kim@example.com"]).contains("CLIENT_ID"));
    let revoke = ["users", "apps", "revoke", "kim@example.com", "shop"];
    assert!(haechi.out(&revoke).contains("shop has no access to kim@example.com any more"));
    assert!(!list(&haechi).contains(&"shop".to_owned()));
    let again = haechi.run(&revoke);
    assert!(again.code == Some(1) && again.err.contains("has no access"), "{again:?}");
    let neither = haechi.run(&["users", "apps", "revoke", "kim@example.com"]);
    assert_eq!(neither.code, Some(2), "which app is said: {neither:?}");
    haechi.out(&["users", "apps", "revoke", "kim@example.com", "--all"]);
    assert_eq!(list(&haechi), [""; 0]);
    let noted = haechi.json(&["audit", "--kind", "consent_withdrawn", "--json"]);
    assert!(noted.as_array().unwrap().iter().any(|entry| entry.to_string().contains("shop")), "{noted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_provider_is_listed_and_removed() {
    let house = TestApp::new().await;
    let kim = house.user("kim@example.com").await;
    let (admin, by) = (&house.admin, &Authority::operator());
    let new = json!({ "preset": "google", "client_id": "haechi", "client_secret": "secret-of-google" });
    let google = connections::create(admin, by, serde_json::from_value(new).unwrap()).await.unwrap();
    let google = connections::set_enabled(admin, by, &google.slug, true, CameThrough::Ends).await.unwrap();
    let identity = UpstreamIdentity { connection: google.id, subject: UpstreamSubject::parse("7").unwrap() };
    let account = UpstreamAccount { identity, label: "kim@corp.example".to_owned(), tokens: None };
    let id = LinkId::new(house.clock.now(), house.app.random.as_ref());
    let link = UpstreamLink::new(id, account, kim.id, house.clock.now());
    let epochs = LinkEpochs { user: kim.epochs(), connection: google.epoch };
    house.commit(vec![Change::InsertUpstreamLink(link, epochs)]).await;

    let haechi = Haechi::beside(&house.config);
    let listed = haechi.json(&["users", "links", "list", "kim@example.com", "--json"]);
    assert_eq!((&listed[0]["connection"], &listed[0]["id"]), (&json!("google"), &json!(id.to_string())));
    assert!(haechi.out(&["users", "links", "list", "kim@example.com"]).contains("kim@corp.example"));
    let id = id.to_string();
    let remove = ["users", "links", "remove", "kim@example.com", &id];
    assert!(haechi.out(&remove).contains("is removed"));
    assert_eq!(haechi.json(&["users", "links", "list", "kim@example.com", "--json"]), json!([]));
    let again = haechi.run(&remove);
    assert!(again.code == Some(1) && again.err.contains("has no link"), "{again:?}");
}
