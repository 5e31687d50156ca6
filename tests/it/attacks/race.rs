//! Races: what must happen once, tried by many at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use haechi::admin::claim::{self, ClaimRejected};
use haechi::admin::clients::ClientResource;
use haechi::admin::users::{self, UserResource};
use haechi::admin::{Aggregate, Authority, ProvenAuthority, Rejected, clients};
use haechi::identity::accounts::SignUpRejected;
use haechi::model::User;
use haechi::model::client::{ClientId, IdTokenClaims};
use haechi::model::user::Role;
use haechi::protocol::grant_type::GrantType;
use haechi::store::UserQuery;

use crate::admin::web_client;
use crate::support::accounts::{PASSWORD, from, new_account};
use crate::support::app::TestApp;
use crate::support::furnished::open;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_001_of_many_who_claim_the_server_one_does() {
    let house = Arc::new(TestApp::with(|config| config.throttling.sign_ups_per_address = 1000).await);
    let token = claim::issue_link(&house.admin, &Authority::operator()).await.unwrap().text;
    let tries: Vec<_> = (0..100)
        .map(|number| {
            let (house, token) = (Arc::clone(&house), token.clone());
            tokio::spawn(async move {
                let new = new_account(&format!("person{number}@example.com"), PASSWORD);
                claim::claim(&house.admin, &token, new, &from([192, 0, 2, 1])).await
            })
        })
        .collect();
    let mut administrators = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(user) => administrators += u32::from(user.is_administrator()),
            // Who finds no place in the queue for hashing has claimed nothing either.
            Err(
                ClaimRejected::AlreadyClaimed
                | ClaimRejected::LinkSpent
                | ClaimRejected::Account(SignUpRejected::Busy { .. }),
            ) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(administrators, 1);
    assert_eq!(
        users::list(&house.admin, &Authority::operator(), &UserQuery::default(), 200).await.unwrap().items.len(),
        1,
        "no account but the winner's"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_001_of_many_who_take_an_address_one_does() {
    let house = Arc::new(TestApp::with(|config| config.throttling.sign_ups_per_address = 1000).await);
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let house = Arc::clone(&house);
            tokio::spawn(async move {
                house.accounts.sign_up(new_account("kim@example.com", PASSWORD), &from([192, 0, 2, 1])).await
            })
        })
        .collect();
    let mut made = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(_) => made += 1,
            // Of one address two wait for a hash at once.
            Err(SignUpRejected::EmailTaken | SignUpRejected::Busy { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(made, 1);
}

async fn proven(house: &TestApp, user: &User) -> ProvenAuthority {
    let (_, proof) = house.accounts.prove(user, &PASSWORD.into(), &from([192, 0, 2, 1])).await.unwrap();
    Authority::of_account(&house.admin, user.id).await.unwrap().1.proven(&proof).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_004_administrators_who_remove_each_other_leave_one() {
    let house = Arc::new(TestApp::new().await);
    for round in 0..10 {
        let mut pair = Vec::new();
        for name in ["kim", "lee"] {
            let new = UserResource {
                email: Some(format!("{name}{round}@example.com")),
                roles: Some(vec![Role::Administrator]),
                password: Some(PASSWORD.into()),
                ..UserResource::default()
            };
            pair.push(users::create(&house.admin, &Authority::operator(), new).await.unwrap());
        }
        // Those of earlier rounds go first, so that the pair is all there is.
        for old in users::list(&house.admin, &Authority::operator(), &UserQuery::default(), 200).await.unwrap().items {
            if old.is_administrator() && pair.iter().all(|user| user.id != old.id) {
                users::set_roles(&house.admin, &Authority::operator(), old.id, vec![]).await.unwrap();
            }
        }
        // Each was let in before either of them is switched off.
        let (kim, lee) = (proven(&house, &pair[0]).await, proven(&house, &pair[1]).await);
        let removals = [(kim, pair[1].id), (lee, pair[0].id)].map(|(authority, victim)| {
            let house = Arc::clone(&house);
            tokio::spawn(async move { users::set_enabled(&house.admin, &authority, victim, false).await })
        });
        let mut removed = 0;
        for removal in removals {
            match removal.await.unwrap() {
                Ok(_) => removed += 1,
                // The other came first: this one is the last, or is switched off itself and may nothing any more.
                Err(Rejected::LastAdministrator | Rejected::ProofNeeded) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(removed, 1, "round {round}");
        let users = users::list(&house.admin, &Authority::operator(), &UserQuery::default(), 200).await.unwrap().items;
        assert_eq!(users.iter().filter(|user| user.is_administrator() && user.is_active()).count(), 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_007_a_secret_that_is_rotated_twice_at_once_has_one_successor() {
    let house = Arc::new(TestApp::new().await);
    let id = web_client(&house, "shop").await.id;
    let rotations: Vec<_> = (0..20)
        .map(|_| {
            let (house, id) = (Arc::clone(&house), id.clone());
            tokio::spawn(async move {
                clients::rotate_secret(&house.admin, &Authority::operator(), &id, clients::DEFAULT_GRACE).await
            })
        })
        .collect();
    let mut shown = Vec::new();
    for rotation in rotations {
        match rotation.await.unwrap() {
            Ok(done) => shown.push(done.client.authentication.secrets[0].digest),
            Err(Rejected::Stale(Aggregate::Client)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    let stored = clients::find(&house.admin, &Authority::operator(), &id).await.unwrap().unwrap();
    assert_eq!(stored.authentication.secrets.iter().filter(|secret| secret.expires_at.is_none()).count(), 1);
    assert!(shown.contains(&stored.authentication.secrets[0].digest), "the live secret was shown to somebody");
    assert!(stored.authentication.secrets.len() <= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_005_no_token_outlives_the_withdrawal_of_what_was_agreed() {
    let house = TestApp::furnished().await;
    for _ in 0..5 {
        let mut refresh = house.tokens("openid offline_access").await.refresh().to_owned();
        let (alice, web) = (house.alice.id, haechi::model::client::ClientId::parse("web").unwrap());
        let withdrawal = async {
            tokio::task::yield_now().await;
            house.app.accounts.withdraw_consent(alice, web).await.unwrap();
        };
        let refreshing = async {
            let mut last = None;
            for _ in 0..50 {
                let answer = house.refreshing(&refresh).basic("web").send().await;
                if answer.status != 200 {
                    assert_eq!(answer.error(400), "invalid_grant");
                    return last;
                }
                let tokens = answer.tokens();
                tokens.refresh().clone_into(&mut refresh);
                last = Some(tokens);
            }
            panic!("the withdrawal never showed");
        };
        let ((), last) = tokio::join!(withdrawal, refreshing);
        // Whatever the last one got before is worth nothing now.
        if let Some(tokens) = last {
            assert!(!house.is_active(tokens.refresh()).await && !house.is_active(&tokens.access_token).await);
            assert_eq!(house.refreshing(tokens.refresh()).basic("web").send().await.error(400), "invalid_grant");
        }
    }
}

/// What was asked for after something was taken away is answered without it, at a node that has not heard of that yet too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_003_what_was_taken_from_a_client_is_in_no_token_that_is_asked_for_afterwards() {
    let house = Arc::new(TestApp::furnished().await);
    let nodes = [house.router.clone(), house.node(|_| {}).await];
    let web = ClientId::parse("web").unwrap();
    for round in 0..3 {
        let scope = async |scope: &str| {
            let document = ClientResource { scope: Some(scope.to_owned()), ..ClientResource::default() };
            clients::update(&house.admin, &Authority::operator(), &web, &document).await.unwrap();
        };
        scope("openid email offline_access").await;
        let taken = Arc::new(AtomicBool::new(false));
        let mut loops = Vec::new();
        for node in &nodes {
            let (house, node, taken) = (Arc::clone(&house), node.clone(), Arc::clone(&taken));
            let mut refresh = house.tokens("openid email offline_access").await.refresh().to_owned();
            let code = house.code("web", "openid email").await;
            loops.push(tokio::spawn(async move {
                let mut had_it = 0;
                loop {
                    let afterwards = taken.load(Ordering::SeqCst);
                    let tokens = house.refreshing(&refresh).basic("web").to(&node).send().await.tokens();
                    let has_it = tokens.scope.as_deref().unwrap().contains("email");
                    assert!(!(afterwards && has_it), "round {round}: {tokens:?}");
                    assert_eq!(claims_of(&tokens.access_token)["scope"].as_str().unwrap().contains("email"), has_it);
                    if afterwards {
                        let redeemed = house.redeeming(&code).basic("web").to(&node).send().await.tokens();
                        assert!(!redeemed.scope.unwrap().contains("email"), "round {round}");
                        return had_it;
                    }
                    had_it += u32::from(has_it);
                    tokens.refresh().clone_into(&mut refresh);
                }
            }));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        scope("openid offline_access").await;
        taken.store(true, Ordering::SeqCst);
        for refreshing in loops {
            assert!(refreshing.await.unwrap() > 0, "before it, the scope was there");
        }
    }
}

#[tokio::test]
async fn race_003_a_node_that_has_not_heard_of_it_honours_no_grant_type_that_was_taken_from_a_client() {
    let house = TestApp::furnished().await;
    let nodes = [house.node(|_| {}).await, house.node(|_| {}).await];
    let mut refresh = Vec::new();
    for node in &nodes {
        let tokens = house.tokens("openid offline_access").await;
        refresh.push(house.refreshing(tokens.refresh()).basic("web").to(node).send().await.tokens());
    }
    let code = house.code("web", "openid offline_access").await;
    let document = ClientResource {
        grant_types: Some(vec![GrantType::AuthorizationCode]),
        scope: Some("openid".to_owned()),
        ..ClientResource::default()
    };
    let web = ClientId::parse("web").unwrap();
    clients::update(&house.admin, &Authority::operator(), &web, &document).await.unwrap();
    let refused = house.refreshing(refresh[0].refresh()).basic("web").to(&nodes[0]).send().await;
    assert_eq!(refused.error(400), "unauthorized_client");
    let redeemed = house.redeeming(&code).basic("web").to(&nodes[1]).send().await.tokens();
    assert!(redeemed.refresh_token.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_003_what_was_taken_from_a_person_is_in_no_token_that_is_asked_for_afterwards() {
    let house = Arc::new(TestApp::furnished().await);
    let nodes = [house.router.clone(), house.node(|_| {}).await];
    house.change_client("web", |web| web.tokens.id_token_claims = IdTokenClaims::Profile).await;
    let operator = Authority::operator();
    let taken = Arc::new(AtomicU8::new(0));
    let mut loops = Vec::new();
    for node in nodes {
        let (house, taken) = (Arc::clone(&house), Arc::clone(&taken));
        let mut refresh = house.tokens("openid email offline_access").await.refresh().to_owned();
        loops.push(tokio::spawn(async move {
            let mut seen = 0;
            loop {
                let was_taken = taken.load(Ordering::SeqCst);
                let answer = house.refreshing(&refresh).basic("web").to(&node).send().await;
                if answer.status != 200 {
                    assert_eq!(answer.error(400), "invalid_grant");
                    return seen;
                }
                assert!(was_taken < 2, "the account was switched off");
                let tokens = answer.tokens();
                let email = claims_of(tokens.id_token.as_deref().unwrap())["email"].as_str().unwrap().to_owned();
                assert!(was_taken < 1 || email == "new@example.com", "the address was another's: {email}");
                seen += 1;
                tokens.refresh().clone_into(&mut refresh);
            }
        }));
    }
    let pause = || tokio::time::sleep(Duration::from_millis(50));
    pause().await;
    let document = UserResource { email: Some("new@example.com".to_owned()), ..UserResource::default() };
    users::update(&house.admin, &operator, house.alice.id, &document).await.unwrap();
    taken.store(1, Ordering::SeqCst);
    pause().await;
    users::set_enabled(&house.admin, &operator, house.alice.id, false).await.unwrap();
    taken.store(2, Ordering::SeqCst);
    for refreshing in loops {
        assert!(refreshing.await.unwrap() > 0);
    }
}

fn claims_of(token: &str) -> std::collections::BTreeMap<String, serde_json::Value> {
    open(token).1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn race_008_nobody_is_left_signed_in_to_an_account_that_was_switched_off_meanwhile() {
    use crate::support::ask::Ask;

    let app = crate::support::app::TestApp::new().await;
    app.first_party("app").await;
    for round in 0..5 {
        let user = app.user(&format!("kim{round}@example.com")).await;
        let mut browsers = Vec::new();
        for _ in 0..4 {
            let mut browser = app.browser();
            let login = browser.get(&Ask::of("app").url()).await;
            browsers.push((browser, login));
        }
        let email = user.email.as_str();
        let sign_ins = browsers.iter_mut().map(async |(browser, login)| {
            let typed = [("email", email), ("password", crate::support::app::PASSWORD)];
            browser.submit(login, "login", &typed).await
        });
        let operator = Authority::operator();
        let switching = users::set_enabled(&app.app.admin, &operator, user.id, false);
        let (pages, switched) = tokio::join!(futures_util::future::join_all(sign_ins), switching);
        switched.unwrap();
        for (page, (browser, _)) in pages.iter().zip(&mut browsers) {
            if let Some(code) = page.location().and_then(|_| page.answer().remove("code")) {
                assert_eq!(app.redeem("app", &code).await["error"], "invalid_grant");
            }
            let silent = browser.get(&Ask::of("app").with("prompt", "none").url()).await;
            assert_eq!(silent.error(), "login_required", "round {round}");
        }
    }
}
