//! RFC 6750: Bearer Token Usage, at the one resource that Haechi has: UserInfo.

use crate::support::app::TestApp;

#[tokio::test]
async fn s2_1_and_s2_2_the_token_comes_in_the_header_or_in_the_form() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    house.get("/userinfo").bearer(&token).send().await.expect(200);
    house.post("/userinfo").bearer(&token).send().await.expect(200);
    house.get("/userinfo").header("authorization", &format!("bEARER {token}")).send().await.expect(200);
    house.post("/userinfo").form(&[("access_token", &token)]).send().await.expect(200);
    house.post("/userinfo").bearer(&token).body("application/json", "{}").send().await.expect(200);
}

#[tokio::test]
async fn s2_only_one_method_to_transmit_the_token() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    let both = house.post("/userinfo").bearer(&token).form(&[("access_token", &token)]).send().await;
    assert_eq!(both.error(400), "invalid_request");
    let twice = house.get("/userinfo").bearer(&token).bearer(&token).send().await;
    assert_eq!(twice.error(400), "invalid_request");
}

#[tokio::test]
async fn s2_3_a_token_in_the_query_is_refused() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    let uri = format!("/userinfo?access_token={token}");
    assert_eq!(house.get(&uri).send().await.error(400), "invalid_request");
    assert_eq!(house.get(&uri).bearer(&token).send().await.error(400), "invalid_request");
}

#[tokio::test]
async fn s3_a_request_without_a_token_is_challenged_without_an_error() {
    let house = TestApp::furnished().await;
    for call in [house.get("/userinfo"), house.post("/userinfo"), house.get("/userinfo").basic("web")] {
        let answer = call.send().await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"haechi\""));
    }
}

#[tokio::test]
async fn s3_1_a_bad_token_is_invalid_and_a_weak_one_insufficient() {
    let house = TestApp::furnished().await;
    let answer = house.get("/userinfo").bearer("nonsense").send().await;
    assert_eq!(answer.error(401), "invalid_token");
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(
        challenge.starts_with("Bearer realm=\"haechi\", error=\"invalid_token\", error_description=\""),
        "{challenge}"
    );
    let weak = house.tokens("email").await.access_token;
    let answer = house.get("/userinfo").bearer(&weak).send().await;
    assert_eq!(answer.error(403), "insufficient_scope");
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(
        challenge.contains("error=\"insufficient_scope\"") && challenge.ends_with("scope=\"openid\""),
        "{challenge}"
    );
}

#[tokio::test]
async fn s3_1_an_expired_token_is_invalid() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    house.pass(600);
    assert_eq!(house.get("/userinfo").bearer(&token).send().await.error(401), "invalid_token");
}
