//! Three nodes on one store whose machines do not agree about the time: a minute behind, right, and a minute ahead.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use haechi::config::Config;
use haechi::model::client::ConsentPolicy;
use haechi::support::{ManualClock, Timestamp};
use tokio::task::JoinSet;

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::furnished::{Answer, Furnished, REDIRECT, TokenSet, VERIFIER};

/// How far a machine's clock may be off, in milliseconds: `TOLERANCE`.
const MINUTE: i64 = 60_000;

/// The house, whose own clock is that of the database, and its nodes.
struct Cluster {
    house: Furnished,
    nodes: [Router; 3],
    clocks: [Arc<ManualClock>; 3],
}

/// Which of the three nodes each step of a walk is made at.
type Walk = [usize; 3];

fn walks() -> Vec<Walk> {
    (0..27).map(|n| [n / 9, n / 3 % 3, n % 3]).collect()
}

fn shifted(at: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(at.millis() + millis)
}

impl Cluster {
    async fn new() -> Arc<Self> {
        Self::off_by([-MINUTE, 0, MINUTE]).await
    }

    async fn off_by(millis: [i64; 3]) -> Arc<Self> {
        let house = TestApp::furnished_with(|config: &mut Config| {
            // The shortest that an operator can set, so that a minute makes a difference.
            config.sessions.authorization_minutes = 1;
            config.throttling.sign_ups_per_address = 10_000;
            config.throttling.authorizations_per_address = 10_000;
        })
        .await;
        house.change_client("web", |web| web.policy.consent = ConsentPolicy::FirstParty).await;
        let clocks = millis.map(|millis| Arc::new(ManualClock::new(shifted(house.now(), millis))));
        let [a, b, c] = clocks.clone();
        let nodes = [house.node_with(a).await, house.node_with(b).await, house.node_with(c).await];
        Arc::new(Self { house, nodes, clocks })
    }

    /// Lets time pass on every machine.
    fn pass(&self, seconds: u64) {
        self.house.pass(seconds);
        self.clocks.iter().for_each(|clock| clock.advance(Duration::from_secs(seconds)));
    }

    /// A login that is begun at one node and ended at another: the browser, and the code.
    async fn log_in(&self, email: &str, begun: usize, ended: usize, scope: &str) -> (Browser, String) {
        let mut browser = Browser::new(self.nodes[begun].clone(), ISSUER);
        let ask = Ask::of("web").with("redirect_uri", REDIRECT).with("scope", scope);
        let login = browser.get(&ask.url()).await;
        browser.turn_to(&self.nodes[ended]);
        let page = browser.submit(&login, "login", &[("email", email), ("password", PASSWORD)]).await;
        let code = page.answer().remove("code").unwrap_or_else(|| panic!("no code but {:?}", page.location()));
        (browser, code)
    }

    async fn redeem(&self, code: &str, node: usize) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        self.house.post("/token").form(&form).basic("web").to(&self.nodes[node]).send().await
    }

    async fn refresh(&self, token: &str, node: usize) -> Answer {
        self.house.refreshing(token).basic("web").to(&self.nodes[node]).send().await
    }

    async fn is_active(&self, token: &str, node: usize) -> bool {
        let call = self.house.post("/introspect").basic("web").form(&[("token", token)]);
        call.to(&self.nodes[node]).send().await.expect(200)["active"].as_bool().unwrap()
    }

    async fn is_active_anywhere(&self, tokens: &TokenSet) -> bool {
        for node in 0..3 {
            if self.is_active(&tokens.access_token, node).await || self.is_active(tokens.refresh(), node).await {
                return true;
            }
        }
        false
    }

    /// An account that is made at a node, by its end-user.
    async fn sign_up(&self, email: &str, node: usize) -> Browser {
        let mut browser = Browser::new(self.nodes[node].clone(), ISSUER);
        let page = browser.get("/signup").await;
        let typed = [("email", email), ("name", "Kim"), ("password", PASSWORD)];
        let page = browser.submit(&page, "signup", &typed).await;
        assert!(page.status.is_success(), "{} {}", page.status, page.body);
        browser
    }
}

/// Makes every walk at once.
async fn all_at_once<F: Future<Output = ()> + Send + 'static>(each: impl Fn(Walk, String) -> F) {
    let mut under_way = JoinSet::new();
    for (number, walk) in walks().into_iter().enumerate() {
        under_way.spawn(each(walk, format!("user{number}@example.com")));
    }
    while let Some(done) = under_way.join_next().await {
        done.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f19_no_fresh_code_is_refused_and_every_replay_is_seen() {
    let nodes = Cluster::new().await;
    let load = nodes.clone();
    all_at_once(move |[a, b, c], email| {
        let nodes = load.clone();
        async move {
            nodes.sign_up(&email, a).await;
            let (_, code) = nodes.log_in(&email, b, c, "openid offline_access").await;
            let tokens = nodes.redeem(&code, a).await.tokens();
            assert!(nodes.is_active(&tokens.access_token, b).await, "{a}{b}{c}");
            let next = nodes.refresh(tokens.refresh(), c).await.tokens();
            assert_eq!(nodes.redeem(&code, b).await.error(400), "invalid_grant");
            assert!(!nodes.is_active_anywhere(&next).await, "a replay at {b} of what {c} redeemed went unseen");
        }
    })
    .await;
    assert_eq!(nodes.house.audited(haechi::model::audit_event::AuditKind::CodeReplayed).await, 27);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f19_a_code_lives_as_long_as_it_should_wherever_it_is_redeemed() {
    let nodes = Cluster::new().await;
    for [a, b, _] in walks().into_iter().step_by(3) {
        let email = format!("kim{a}{b}@example.com");
        nodes.sign_up(&email, a).await;
        let (_, late) = nodes.log_in(&email, a, a, "openid").await;
        let (_, too_late) = nodes.log_in(&email, a, a, "openid").await;
        nodes.pass(59);
        nodes.redeem(&late, b).await.tokens();
        nodes.pass(2);
        assert_eq!(nodes.redeem(&too_late, b).await.error(400), "invalid_grant", "made at {a}, redeemed at {b}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f19_a_refresh_whose_answer_was_lost_is_tried_again_at_another_node() {
    let nodes = Cluster::new().await;
    for [a, b, c] in walks() {
        let email = format!("kim{a}{b}{c}@example.com");
        nodes.sign_up(&email, a).await;
        let (_, code) = nodes.log_in(&email, a, a, "openid offline_access").await;
        let tokens = nodes.redeem(&code, a).await.tokens();
        nodes.refresh(tokens.refresh(), b).await.tokens();
        nodes.pass(29);
        let next = nodes.refresh(tokens.refresh(), c).await.tokens();
        assert!(nodes.is_active(&next.access_token, a).await, "{a}{b}{c}");
        // And beyond the time for it, the token has leaked, whatever the clock of the node shows.
        nodes.pass(2);
        assert_eq!(nodes.refresh(tokens.refresh(), a).await.error(400), "invalid_grant");
        assert!(!nodes.is_active_anywhere(&next).await, "{a}{b}{c}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f19_what_was_ended_at_one_node_is_ended_at_every_other() {
    let nodes = Cluster::new().await;
    all_at_once(move |[a, b, c], email| {
        let nodes = nodes.clone();
        async move {
            nodes.sign_up(&email, c).await;
            let (mut thief, code) = nodes.log_in(&email, a, b, "openid offline_access").await;
            let tokens = nodes.redeem(&code, c).await.tokens();
            let (mut owner, _) = nodes.log_in(&email, b, c, "openid").await;
            owner.turn_to(&nodes.nodes[a]);
            let account = owner.get("/account/sessions").await;
            let csrf = account.csrf_of("/account/sessions");
            let done = owner.post_once("/account/sessions", &[("csrf", &csrf), ("session", "all")]).await;
            assert!(done.status.is_redirection(), "{} {}", done.status, done.body);
            for node in &nodes.nodes {
                thief.turn_to(node);
                let silent = Ask::of("web").with("redirect_uri", REDIRECT).with("prompt", "none").url();
                assert_eq!(thief.get(&silent).await.error(), "login_required");
            }
            assert!(!nodes.is_active_anywhere(&tokens).await, "{a}{b}{c}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_clock_is_too_far_off_is_not_ready_and_says_so() {
    let nodes = Cluster::off_by([-MINUTE - 1000, 0, MINUTE + 1000]).await;
    let ready = async |node: &Router| nodes.house.get("/readyz").to(node).send().await;
    for (node, is_ready) in nodes.nodes.iter().zip([false, true, false]) {
        let answer = ready(node).await;
        assert_eq!(answer.status == 200, is_ready, "{answer:?}");
        assert_eq!(answer.body.contains("clock"), !is_ready, "{answer:?}");
    }
    // What it is asked meanwhile it still does right: nothing goes by its own clock.
    nodes.sign_up("kim@example.com", 0).await;
    let (_, code) = nodes.log_in("kim@example.com", 0, 2, "openid").await;
    nodes.redeem(&code, 0).await.tokens();
    // Once its clock is right, it is ready.
    nodes.pass(2);
    nodes.clocks[0].set(nodes.house.now());
    assert_eq!(ready(&nodes.nodes[0]).await.status, 200);
}
