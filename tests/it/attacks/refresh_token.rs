//! Attacks on refresh tokens.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use futures_util::future::join_all;
use haechi::admin::{Authority, clients, sessions};
use haechi::model::audit_event::AuditKind;
use haechi::model::client::ClientId;
use haechi::model::user::UserStatus;
use haechi::store::{Change, StoreError, StoreResult, UnitOfWork};

use crate::support::app::TestApp;
use crate::support::furnished::{Furnished, TokenSet};

#[tokio::test]
async fn rt_002_of_many_parallel_rotations_one_token_lives_on() {
    let house = TestApp::furnished().await;
    let nodes = [house.node(|_| {}).await, house.node(|_| {}).await, house.node(|_| {}).await];
    for _ in 0..3 {
        let first = house.tokens("openid offline_access").await;
        let calls = (0..50).map(|n| house.refreshing(first.refresh()).basic("web").to(&nodes[n % 3]).send());
        let answers = join_all(calls).await;
        let mut live = 0;
        for answer in &answers {
            if answer.status == 200 {
                live += usize::from(house.is_active(answer.tokens().refresh()).await);
            } else {
                assert_eq!(answer.error(503), "temporarily_unavailable");
            }
        }
        assert_eq!(live, 1);
        assert_eq!(house.audited(AuditKind::RefreshTokenReused).await, 0);
    }
}

#[tokio::test]
async fn rt_003_a_lost_answer_may_be_asked_for_again() {
    let house = TestApp::furnished().await;
    let first = house.tokens("openid offline_access").await;
    let lost = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    house.pass(30);
    let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    house.refreshing(second.refresh()).basic("web").send().await.tokens();
    // What was replaced unused is dead, and whoever shows it has what nobody should have.
    assert_eq!(house.refreshing(lost.refresh()).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.audited(AuditKind::RefreshTokenReused).await, 1);
}

#[tokio::test]
async fn rt_003_no_second_try_after_the_window_the_grandchild_or_the_childs_use() {
    let house = TestApp::furnished().await;
    let late = async || {
        let first = house.tokens("openid offline_access").await;
        let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
        house.pass(31);
        (first, second)
    };
    let after_grandchild = async || {
        let first = house.tokens("openid offline_access").await;
        let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
        let third = house.refreshing(second.refresh()).basic("web").send().await.tokens();
        (first, third)
    };
    let after_use = async || {
        let first = house.tokens("openid offline_access").await;
        let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
        house.get("/userinfo").bearer(&second.access_token).send().await.expect(200);
        house.settled(second.refresh()).await;
        (first, second)
    };
    for (old, newest) in [late().await, after_grandchild().await, after_use().await] {
        assert_eq!(house.refreshing(old.refresh()).basic("web").send().await.error(400), "invalid_grant");
        assert_eq!(house.refreshing(newest.refresh()).basic("web").send().await.error(400), "invalid_grant");
        assert!(!house.is_active(&newest.access_token).await);
    }
    assert_eq!(house.audited(AuditKind::RefreshTokenReused).await, 3);
}

#[tokio::test]
async fn rt_003_trying_again_gains_no_time() {
    let house = TestApp::furnished().await;
    let first = house.tokens("openid offline_access").await;
    house.refreshing(first.refresh()).basic("web").send().await.tokens();
    house.pass(20);
    house.refreshing(first.refresh()).basic("web").send().await.tokens();
    house.pass(11);
    assert_eq!(house.refreshing(first.refresh()).basic("web").send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn rt_004_a_restart_forgets_no_rotation() {
    let house = TestApp::furnished().await;
    let first = house.tokens("openid offline_access").await;
    let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    house.pass(60);
    let restarted = house.node(|_| {}).await;
    assert_eq!(house.refreshing(first.refresh()).basic("web").to(&restarted).send().await.error(400), "invalid_grant");
    assert_eq!(house.refreshing(second.refresh()).basic("web").to(&restarted).send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn rt_005_another_client_gets_nothing_and_the_leak_ends_the_family() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    assert_eq!(house.refreshing(tokens.refresh()).basic("evil").send().await.error(400), "invalid_grant");
    assert_eq!(house.refreshing(tokens.refresh()).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.audited(AuditKind::RefreshTokenReused).await, 1);
}

#[tokio::test]
async fn a_made_up_token_of_a_known_grant_revokes_nothing() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    // The grant's id is in every access token; without the MAC it is worth nothing.
    let text = tokens.refresh();
    let mut payload = haechi::support::opaque::decode::<68>("hrt_", text).unwrap();
    payload[40] ^= 1;
    let forged = haechi::support::opaque::encode("hrt_", &payload);
    for who in ["web", "evil"] {
        assert_eq!(house.refreshing(&forged).basic(who).send().await.error(400), "invalid_grant");
        assert_eq!(house.post("/revoke").basic(who).form(&[("token", &forged)]).send().await.status, 200);
    }
    house.refreshing(text).basic("web").send().await.tokens();
}

#[tokio::test]
async fn rt_007_every_refresh_asks_again_whether_it_may() {
    for what in ["consent", "user", "epoch", "client", "grant type"] {
        let house = TestApp::furnished().await;
        let tokens = house.tokens("openid offline_access").await;
        house.pass(5);
        match what {
            "consent" => {
                house.commit(vec![Change::WithdrawConsent(house.alice.id, ClientId::parse("web").unwrap())]).await;
            }
            "user" => house.change_alice(|alice| alice.status = UserStatus::Disabled).await,
            "epoch" => house.change_alice(|alice| alice.epoch = alice.epoch.next()).await,
            "client" => house.change_client("web", |web| web.enabled = false).await,
            _ => house.change_client("web", |web| web.policy.grant_types.clear()).await,
        }
        let answer = house.refreshing(tokens.refresh()).basic("web").send().await;
        let expected = match what {
            "client" => (401, "invalid_client"),
            "grant type" => (400, "unauthorized_client"),
            _ => (400, "invalid_grant"),
        };
        assert_eq!(answer.error(expected.0), expected.1, "{what}");
    }
}

#[tokio::test]
async fn rt_009_a_refresh_widens_nothing() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    let refresh =
        |more: (&'static str, &'static str)| house.refreshing(tokens.refresh()).form(&[more]).basic("web").send();
    assert_eq!(refresh(("scope", "openid admin")).await.error(400), "invalid_scope");
    assert_eq!(refresh(("scope", "openid email")).await.error(400), "invalid_scope");
    assert_eq!(refresh(("resource", "https://other.example")).await.error(400), "invalid_target");
    // Nothing was used up.
    house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
}

/// A database that can be read only.
struct ReadOnly;

#[async_trait]
impl UnitOfWork for ReadOnly {
    async fn commit(&self, _: Vec<Change>) -> StoreResult<()> {
        Err(StoreError::Unavailable("read-only".to_owned()))
    }
}

#[tokio::test]
async fn rt_011_a_revocation_that_was_not_stored_is_not_reported_as_done() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    let broken = house.node(|stores| stores.work = Arc::new(ReadOnly)).await;
    let revoke = || house.post("/revoke").basic("web").form(&[("token", tokens.refresh())]);
    let answer = revoke().to(&broken).send().await;
    assert_eq!(answer.error(503), "temporarily_unavailable");
    assert!(answer.header("retry-after").is_some());
    assert!(house.is_active(tokens.refresh()).await);
    assert_eq!(revoke().send().await.status, 200);
    assert!(!house.is_active(tokens.refresh()).await);
}

#[tokio::test]
async fn rt_012_nobody_else_revokes_a_token_or_learns_of_it() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    for token in [tokens.refresh(), &tokens.access_token] {
        let foreign = house.post("/revoke").basic("evil").form(&[("token", token)]).send().await;
        let nonsense = house.post("/revoke").basic("evil").form(&[("token", "nonsense")]).send().await;
        assert_eq!((foreign.status, &foreign.body), (nonsense.status, &nonsense.body));
        assert_eq!(foreign.status, 200);
        assert_eq!(house.post("/revoke").form(&[("token", token)]).send().await.status, 401);
        assert!(house.is_active(token).await);
    }
}

#[tokio::test]
async fn rt_013_signing_out_everywhere_ends_every_family_on_every_node() {
    let house = TestApp::furnished().await;
    let node = house.node(|_| {}).await;
    let mut families = vec![];
    for _ in 0..3 {
        families.push(house.tokens("openid offline_access").await);
    }
    house.pass(1);
    let alice = house.app.stores.users.find(house.alice.id).await.unwrap().unwrap();
    house.commit(vec![Change::UpdateUser(alice.with_everything_ended(house.now()))]).await;
    for tokens in families {
        assert_eq!(house.refreshing(tokens.refresh()).basic("web").to(&node).send().await.error(400), "invalid_grant");
        assert_eq!(house.get("/userinfo").bearer(&tokens.access_token).to(&node).send().await.status, 401);
    }
}

/// An end of the server, of an account or of a client counts from itself on, whichever came before it: the later one never gives back what the
/// earlier took, and what is granted after both holds.
#[tokio::test]
async fn rt_014_of_several_ends_each_counts_whatever_their_order() {
    const ORDERS: [[&str; 3]; 6] = [
        ["server", "account", "client"],
        ["server", "client", "account"],
        ["account", "server", "client"],
        ["account", "client", "server"],
        ["client", "server", "account"],
        ["client", "account", "server"],
    ];
    for order in ORDERS {
        let house = TestApp::furnished().await;
        let node = house.node(|_| {}).await;
        let mut ended = vec![granted_now(&house).await];
        for what in order {
            end(&house, what).await;
            for tokens in &ended {
                assert_dead(&house, &node, tokens, what).await;
            }
            let fresh = granted_now(&house).await;
            assert!(house.is_active(&fresh.access_token).await && house.is_active(fresh.refresh()).await, "{order:?}");
            ended.push(fresh);
        }
        let last = ended.pop().unwrap();
        house.refreshing(last.refresh()).basic("web").send().await.tokens();
    }
}

/// The tokens of what alice grants now.
async fn granted_now(house: &Furnished) -> TokenSet {
    let mut grant = house.granting("web", "openid offline_access");
    grant.epochs.server = house.stores.server.epoch().await.unwrap();
    let code = house.store(grant).await;
    house.redeeming(&code).basic("web").send().await.tokens()
}

async fn end(house: &Furnished, what: &str) {
    let operator = Authority::operator();
    match what {
        "server" => drop(sessions::end_all(&house.admin, &operator).await.unwrap()),
        "account" => house.accounts.sign_out_everywhere(house.alice.id).await.map(drop).unwrap(),
        _ => {
            for enabled in [false, true] {
                let web = ClientId::parse("web").unwrap();
                clients::set_enabled(&house.admin, &operator, &web, enabled).await.unwrap();
            }
        }
    }
    house.clients.poll().await.unwrap();
}

async fn assert_dead(house: &Furnished, node: &Router, tokens: &TokenSet, what: &str) {
    for token in [&tokens.access_token, tokens.refresh()] {
        assert!(!house.is_active(token).await, "{what}");
    }
    assert_eq!(house.get("/userinfo").bearer(&tokens.access_token).to(node).send().await.status, 401, "{what}");
    assert_eq!(
        house.refreshing(tokens.refresh()).basic("web").to(node).send().await.error(400),
        "invalid_grant",
        "{what}"
    );
}
