//! Attacks on authorization codes at the token endpoint, PKCE among them.

use futures_util::future::join_all;
use haechi::model::audit_event::AuditKind;
use haechi::support::id::AuthorizationId;

use crate::support::app::TestApp;
use crate::support::furnished::{REDIRECT, SECRET, VERIFIER, open};

#[tokio::test]
async fn code_001_a_replay_takes_everything_down() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid offline_access").await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    assert!(house.is_active(&tokens.access_token).await);
    assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
    assert!(!house.is_active(&tokens.access_token).await);
    assert_eq!(house.refreshing(tokens.refresh()).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.get("/userinfo").bearer(&tokens.access_token).send().await.status, 401);
    assert_eq!(house.audited(AuditKind::CodeReplayed).await, 1);
}

#[tokio::test]
async fn code_001_a_replay_is_noticed_as_long_as_a_token_lives() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid offline_access").await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    house.pass(86_400);
    assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.refreshing(tokens.refresh()).basic("web").send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn code_002_of_many_at_once_one_succeeds_and_the_family_is_revoked() {
    let house = TestApp::furnished().await;
    let nodes = [house.node(|_| {}).await, house.node(|_| {}).await, house.node(|_| {}).await];
    for _ in 0..3 {
        let code = house.code("web", "openid offline_access").await;
        let calls = (0..100).map(|n| house.redeeming(&code).basic("web").to(&nodes[n % 3]).send());
        let (good, bad): (Vec<_>, Vec<_>) = join_all(calls).await.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(good.len(), 1);
        assert!(bad.iter().all(|answer| answer.error(400) == "invalid_grant"));
        let tokens = good[0].tokens();
        assert!(!house.is_active(&tokens.access_token).await);
        assert_eq!(house.refreshing(tokens.refresh()).basic("web").send().await.error(400), "invalid_grant");
    }
}

#[tokio::test]
async fn code_004_another_clients_code_is_refused_and_burned() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    assert_eq!(house.redeeming(&code).basic("evil").send().await.error(400), "invalid_grant");
    assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.audited(AuditKind::CodeBurned).await, 1);
}

#[tokio::test]
async fn code_005_another_public_clients_code_is_refused() {
    let house = TestApp::furnished().await;
    let code = house.code("spa", "openid").await;
    let stolen = house.redeeming(&code).form(&[("client_id", "spa2")]).send().await;
    assert_eq!(stolen.error(400), "invalid_grant");
    let confidential = house.redeeming(&house.code("spa", "openid").await).basic("web").send().await;
    assert_eq!(confidential.error(400), "invalid_grant");
}

#[tokio::test]
async fn code_008_nothing_else_is_taken_for_a_code_or_a_refresh_token() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid offline_access").await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    let flow = AuthorizationId::new(house.now(), house.app.random.as_ref()).to_string();
    let fresh = house.code("web", "openid offline_access").await;
    let id_token = tokens.id_token.clone().unwrap();
    for thing in [&flow, SECRET, tokens.refresh(), &tokens.access_token, &id_token, &fresh.replace("hcode_", "hrt_")] {
        assert_eq!(house.redeeming(thing).basic("web").send().await.error(400), "invalid_grant", "{thing}");
    }
    for thing in [&flow, SECRET, &fresh, &tokens.access_token, &id_token, &tokens.refresh().replace("hrt_", "hcode_")] {
        assert_eq!(house.refreshing(thing).basic("web").send().await.error(400), "invalid_grant", "{thing}");
    }
    house.redeeming(&fresh).basic("web").send().await.tokens();
}

#[tokio::test]
async fn code_009_an_injected_code_fails_for_want_of_its_verifier() {
    let house = TestApp::furnished().await;
    let victims = house.code("web", "openid").await;
    let attackers_verifier = "attacker-attacker-attacker-attacker-attacker";
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &victims),
        ("redirect_uri", REDIRECT),
        ("code_verifier", attackers_verifier),
    ];
    assert_eq!(house.post("/token").basic("web").form(&form).send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn code_014_the_scope_cannot_be_widened_here() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    let wider = [("scope", "openid admin offline_access")];
    let tokens = house.redeeming(&code).form(&wider).basic("web").send().await.tokens();
    assert_eq!(tokens.scope.as_deref(), Some("openid"));
    assert_eq!(open(&tokens.access_token).1["scope"], "openid");
    assert_eq!(tokens.refresh_token, None);
    let form = [("grant_type", "client_credentials"), ("scope", "read admin")];
    let tokens = house.post("/token").basic("worker").form(&form).send().await.tokens();
    assert_eq!((tokens.scope.as_deref(), open(&tokens.access_token).1["scope"].as_str()), (Some("read"), Some("read")));
    let form = [("grant_type", "client_credentials"), ("scope", "admin openid")];
    assert_eq!(house.post("/token").basic("worker").form(&form).send().await.error(400), "invalid_scope");
}

#[tokio::test]
async fn pkce_003_a_verifier_that_is_missing_or_empty_is_refused() {
    let house = TestApp::furnished().await;
    for more in [&[][..], &[("code_verifier", "")]] {
        let code = house.code("web", "openid").await;
        let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT)];
        let answer = house.post("/token").basic("web").form(&form).form(more).send().await;
        assert_eq!(answer.error(400), "invalid_grant");
    }
}

#[tokio::test]
async fn pkce_005_a_malformed_verifier_is_refused_and_a_huge_one_not_read() {
    let house = TestApp::furnished().await;
    let (long, huge) = ("a".repeat(129), "a".repeat(1 << 20));
    for (verifier, status) in [(&VERIFIER[..42], 400), (&long, 400), ("é".repeat(43).as_str(), 400), (&huge, 413)] {
        let code = house.code("web", "openid").await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ];
        let answer = house.post("/token").basic("web").form(&form).send().await;
        assert_eq!(answer.status, status);
    }
    let code = house.code("web", "openid").await;
    let newline = format!("{VERIFIER}\n");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &newline),
    ];
    assert_eq!(house.post("/token").basic("web").form(&form).send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn pkce_007_a_wrong_verifier_burns_the_code() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    let wrong = VERIFIER.replace('d', "e");
    let form =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT), ("code_verifier", &wrong)];
    assert_eq!(house.post("/token").basic("web").form(&form).send().await.error(400), "invalid_grant");
    assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn a_code_of_somebody_who_was_disabled_meanwhile_is_worth_nothing() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid").await;
    house.change_alice(|alice| alice.status = haechi::model::user::UserStatus::Disabled).await;
    assert_eq!(house.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
}
