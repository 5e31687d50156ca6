//! RFC 7009: Token Revocation.

use crate::support::app::TestApp;

#[tokio::test]
async fn s2_1_a_refresh_token_takes_its_access_tokens_with_it() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    assert!(house.is_active(&tokens.access_token).await);
    let answer = house.post("/revoke").basic("web").form(&[("token", tokens.refresh())]).send().await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    assert!(!house.is_active(&tokens.access_token).await);
    assert!(!house.is_active(tokens.refresh()).await);
    assert_eq!(house.refreshing(tokens.refresh()).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.get("/userinfo").bearer(&tokens.access_token).send().await.error(401), "invalid_token");
}

#[tokio::test]
async fn s2_1_an_access_token_goes_alone() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    let form = [("token", tokens.access_token.as_str()), ("token_type_hint", "refresh_token")];
    assert_eq!(house.post("/revoke").basic("web").form(&form).send().await.status, 200);
    assert!(!house.is_active(&tokens.access_token).await);
    assert_eq!(house.get("/userinfo").bearer(&tokens.access_token).send().await.error(401), "invalid_token");
    house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
}

#[tokio::test]
async fn s2_1_a_client_revokes_its_own_credentials_token() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials")];
    let token = house.post("/token").basic("worker").form(&form).send().await.tokens().access_token;
    let active = async || {
        let answer = house.post("/introspect").basic("worker").form(&[("token", &token)]).send().await;
        answer.expect(200)["active"].as_bool().unwrap()
    };
    assert!(active().await);
    assert_eq!(house.post("/revoke").basic("worker").form(&[("token", &token)]).send().await.status, 200);
    assert!(!active().await);
}

#[tokio::test]
async fn s2_1_a_public_client_names_itself() {
    let house = TestApp::furnished().await;
    let code = house.code("spa", "openid offline_access").await;
    let tokens = house.redeeming(&code).form(&[("client_id", "spa")]).send().await.tokens();
    let form = [("token", tokens.refresh()), ("client_id", "spa")];
    assert_eq!(house.post("/revoke").form(&form).send().await.status, 200);
    let again = house.refreshing(tokens.refresh()).form(&[("client_id", "spa")]).send().await;
    assert_eq!(again.error(400), "invalid_grant");
}

#[tokio::test]
async fn s2_2_invalid_tokens_do_not_cause_an_error() {
    let house = TestApp::furnished().await;
    let expired = house.tokens("openid").await.access_token;
    house.pass(601);
    for token in ["nonsense", "hrt_x", &expired, "hcode_x"] {
        for hint in ["access_token", "refresh_token", "saml2_token"] {
            let form = [("token", token), ("token_type_hint", hint)];
            assert_eq!(house.post("/revoke").basic("web").form(&form).send().await.status, 200);
        }
    }
}

#[tokio::test]
async fn s2_1_the_token_is_required_and_so_is_the_client() {
    let house = TestApp::furnished().await;
    assert_eq!(house.post("/revoke").basic("web").form(&[]).send().await.error(400), "invalid_request");
    assert_eq!(house.post("/revoke").form(&[("token", "x")]).send().await.error(401), "invalid_client");
    assert_eq!(house.get("/revoke").basic("web").send().await.status, 405);
}
