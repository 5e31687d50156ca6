//! What ends must stay ended, and the holder of a session cannot hold an end up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use haechi::admin::{Authority, clients, users};
use haechi::identity::accounts::Entitled;
use haechi::model::client::{ClientId, ConsentPolicy};

use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::furnished::API;

const NEW: &str = "three cranes over a paddy field";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thief_who_keeps_changing_the_language_cannot_hold_up_a_new_password() {
    let house = Arc::new(TestApp::with(|config| config.throttling.sign_ups_per_address = 1000).await);
    let user = house.sign_up("kim@example.com").await;
    let stop = Arc::new(AtomicBool::new(false));
    let toggling: Vec<_> = (0..4)
        .map(|at| {
            let (house, stop) = (Arc::clone(&house), Arc::clone(&stop));
            tokio::spawn(async move {
                for tag in ["ko", "en"].iter().cycle().skip(at % 2) {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    // Their own changes may get in each other's way.
                    drop(house.accounts.set_locale(user.id, tag).await);
                }
            })
        })
        .collect();
    let (operator, origin) = (Authority::operator(), from([192, 0, 2, 1]));
    for round in 0..5 {
        let (old, new) = if round % 2 == 0 { (PASSWORD, NEW) } else { (NEW, PASSWORD) };
        let changed = house.accounts.change_password(user.id, Entitled::Knows(&old.into()), &new.into(), &origin).await;
        assert!(changed.is_ok(), "round {round}: {changed:?}");
        let reset = users::set_password(&house.admin, &operator, user.id, &new.into(), "seen in person").await;
        assert!(reset.is_ok(), "round {round}: {reset:?}");
        house.accounts.sign_out_everywhere(user.id).await.unwrap();
        for enabled in [false, true] {
            users::set_enabled(&house.admin, &operator, user.id, enabled).await.unwrap();
        }
    }
    stop.store(true, Ordering::SeqCst);
    for task in toggling {
        task.await.unwrap();
    }
}

/// What becomes of something at a node that remembers a client from before its end, and does not look whether anything changed.
async fn at_a_node_that_missed_it(ends: &[bool], what: &str) -> String {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let user = app.user("kim@example.com").await;
    // What it reads from here on, it remembers.
    app.clients.poll().await.unwrap();
    let (mut browser, mut halfway) = (app.signed_in(&user).await, app.browser());
    let offline = Ask::of("app").with("scope", "openid offline_access").url();
    let tokens = app.redeem("app", &browser.get(&offline).await.answer()["code"]).await;
    let login = halfway.get(&offline).await;
    let (operator, id) = (Authority::operator(), ClientId::parse("app").unwrap());
    for enabled in ends {
        clients::set_enabled(&app.app.admin, &operator, &id, *enabled).await.unwrap();
    }
    let page = match what {
        "silent" => browser.get(&offline).await,
        "login" => halfway.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await,
        _ => {
            let token = ("refresh_token", tokens["refresh_token"].as_str().unwrap());
            let form = [("grant_type", "refresh_token"), ("client_id", "app"), token];
            let answer = app.browser().post_once("/token", &form).await;
            return serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["error"].to_string();
        }
    };
    if !page.status.is_redirection() {
        return page.problem();
    }
    let fresh = app.redeem("app", &page.answer()["code"]).await;
    if fresh["access_token"].is_string() { "granted".to_owned() } else { fresh.to_string() }
}

#[tokio::test]
async fn a_node_that_missed_the_end_of_a_client_grants_nothing_of_before_it_and_looks_again() {
    for (ends, silent, login, refresh) in [
        (&[false][..], "unknown-client", "unknown-client", "\"invalid_grant\""),
        // It was enabled again: what is asked now is granted anew, and what was granted before stays ended.
        (&[false, true], "granted", "granted", "\"invalid_grant\""),
    ] {
        for (what, expected) in [("silent", silent), ("login", login), ("refresh", refresh)] {
            assert_eq!(at_a_node_that_missed_it(ends, what).await, expected, "{ends:?} {what}");
        }
    }
}

#[tokio::test]
async fn an_offline_grant_is_not_made_in_a_sign_in_that_has_ended() {
    let house = TestApp::furnished().await;
    let grant = house.granting("web", "openid offline_access");
    house.store(grant.clone()).await;
    let end = haechi::store::Change::EndSignIn {
        id: grant.sign_in.unwrap(),
        until: house.now().plus(std::time::Duration::from_hours(1)),
    };
    house.commit(vec![end]).await;
    let late = haechi::model::Grant {
        sign_in: grant.sign_in,
        epochs: grant.epochs,
        ..house.granting("web", "openid offline_access")
    };
    let refused = house.app.stores.grants.insert(late).await;
    assert!(matches!(refused, Err(haechi::store::StoreError::Conflict(haechi::store::Conflict::Ended))), "{refused:?}");
}

#[tokio::test]
async fn what_was_granted_in_the_instant_in_which_its_sign_in_ended_does_not_count() {
    let house = TestApp::furnished().await;
    let [redeemed, unused, offline] = ["openid", "openid", "openid offline_access"].map(|s| house.granting("web", s));
    // As where the end saw nothing yet of grants that were committed in the same instant, and so revoked none.
    let until = house.now().plus(std::time::Duration::from_hours(1));
    let ends = [&redeemed, &unused, &offline]
        .map(|grant| haechi::store::Change::EndSignIn { id: grant.sign_in.unwrap(), until });
    let [redeemed, unused, offline] =
        [house.store(redeemed).await, house.store(unused).await, house.store(offline).await];
    let token = house.redeeming(&redeemed).basic("web").send().await.tokens().access_token;
    house.commit(ends.to_vec()).await;
    assert!(!house.is_active(&token).await);
    assert_eq!(house.redeeming(&unused).basic("web").send().await.error(400), "invalid_grant");
    // What is granted offline outlives its session (OpenID Connect Core 1.0 section 11).
    house.redeeming(&offline).basic("web").send().await.tokens();
}

#[tokio::test]
async fn a_token_of_a_client_itself_does_not_outlive_the_client_that_it_was_issued_to() {
    let house = TestApp::furnished().await;
    let worker = house.app.stores.clients.find(&ClientId::parse("worker").unwrap()).await.unwrap().unwrap();
    let call = || house.post("/token").basic("worker").form(&[("grant_type", "client_credentials"), ("resource", API)]);
    let active = async |token: &str| {
        let answer = house.post("/introspect").basic("api").form(&[("token", token)]).send().await;
        answer.expect(200)["active"].as_bool().unwrap()
    };
    let token = call().send().await.tokens().access_token;
    assert!(active(&token).await);
    let operator = Authority::operator();
    for enabled in [false, true] {
        clients::set_enabled(&house.app.admin, &operator, &worker.id, enabled).await.unwrap();
        house.app.clients.poll().await.unwrap();
        assert!(!active(&token).await, "enabled: {enabled}");
    }
    let token = call().send().await.tokens().access_token;
    assert!(active(&token).await);
    clients::delete(&house.app.admin, &operator, &worker.id).await.unwrap();
    house.commit(vec![haechi::store::Change::InsertClient(worker)]).await;
    assert!(!active(&token).await, "it was made again under the same id");
    assert!(active(&call().send().await.tokens().access_token).await);
}

#[tokio::test]
async fn an_app_of_the_operators_own_with_offline_access_is_listed_and_withdrawn() {
    let app = TestApp::new().await;
    app.first_party("own").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    assert!(!browser.get("/account/apps").await.body.contains("Test App"));
    let answer = browser.get(&Ask::of("own").with("scope", "openid offline_access").url()).await.answer();
    let tokens = app.redeem("own", &answer["code"]).await;
    let refresh = async |token: &serde_json::Value| {
        let fields =
            [("grant_type", "refresh_token"), ("client_id", "own"), ("refresh_token", token.as_str().unwrap())];
        let page = app.browser().post_once("/token", &fields).await;
        serde_json::from_str::<serde_json::Value>(&page.body).unwrap()
    };
    let tokens = refresh(&tokens["refresh_token"]).await;
    let page = browser.get("/account/apps").await;
    assert!(page.body.contains("Test App"), "{}", page.body);
    let form = page.form("app-own");
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_once("/account/apps", &[&fields[..], &[("client", "own")]].concat()).await;
    assert_eq!(refresh(&tokens["refresh_token"]).await["error"], "invalid_grant");
    assert!(!browser.get("/account/apps").await.body.contains("Test App"));
    // A withdrawal is no ban: the next login is a new one.
    assert!(browser.get(&Ask::of("own").url()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn what_an_app_of_the_operators_own_was_granted_unasked_ends_when_it_is_that_no_more() {
    let app = TestApp::new().await;
    let own = app.first_party("own").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let answer = browser.get(&Ask::of("own").with("scope", "openid offline_access").url()).await.answer();
    let tokens = app.redeem("own", &answer["code"]).await;
    let refreshed = async |token: &serde_json::Value| {
        let fields =
            [("grant_type", "refresh_token"), ("client_id", "own"), ("refresh_token", token.as_str().unwrap())];
        let page = app.browser().post_once("/token", &fields).await;
        serde_json::from_str::<serde_json::Value>(&page.body).unwrap()
    };
    let tokens = refreshed(&tokens["refresh_token"]).await;
    let mut third_party = own;
    third_party.policy.consent = ConsentPolicy::Ask;
    app.commit(vec![haechi::store::Change::UpdateClient(third_party)]).await;
    app.clients.poll().await.unwrap();
    assert_eq!(refreshed(&tokens["refresh_token"]).await["error"], "invalid_grant");
}
