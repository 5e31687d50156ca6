//! RFC 8414: OAuth 2.0 Authorization Server Metadata.

use crate::support::app::TestApp;

#[tokio::test]
async fn s3_the_document_is_the_same_as_openid_connects() {
    let house = TestApp::furnished().await;
    let oauth = house.get("/.well-known/oauth-authorization-server").send().await;
    let openid = house.get("/.well-known/openid-configuration").send().await;
    assert_eq!(oauth.expect(200), openid.expect(200));
    assert_eq!(oauth.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn s2_what_is_named_is_what_is_there() {
    let house = TestApp::furnished().await;
    let document = house.get("/.well-known/oauth-authorization-server").send().await.expect(200);
    let names = |field: &str| {
        document[field].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for grant in names("grant_types_supported") {
        let answer = house.post("/token").basic("web").form(&[("grant_type", &grant)]).send().await;
        assert_ne!(answer.error(400), "unsupported_grant_type", "{grant}");
    }
    for name in ["token_endpoint", "userinfo_endpoint", "jwks_uri", "revocation_endpoint", "introspection_endpoint"] {
        let path = document[name].as_str().unwrap().strip_prefix("https://id.example").unwrap().to_owned();
        assert_ne!(house.get(&path).send().await.status, 404, "{name}");
    }
}

#[tokio::test]
async fn s3_1_an_issuer_with_a_path_is_found_where_both_specifications_say() {
    let house = TestApp::furnished_with(|config| config.server.issuer = "https://id.example/tenant".to_owned()).await;
    for path in [
        "/.well-known/oauth-authorization-server/tenant",
        "/tenant/.well-known/oauth-authorization-server",
        "/tenant/.well-known/openid-configuration",
    ] {
        let document = house.get(path).send().await.expect(200);
        assert_eq!(document["issuer"], "https://id.example/tenant");
        assert_eq!(document["token_endpoint"], "https://id.example/tenant/token");
    }
    assert_eq!(house.get("/.well-known/openid-configuration").send().await.status, 404);
    let form = [("grant_type", "client_credentials")];
    house.post("/tenant/token").basic("worker").form(&form).send().await.tokens();
    assert_eq!(house.post("/token").basic("worker").form(&form).send().await.status, 404);
}
