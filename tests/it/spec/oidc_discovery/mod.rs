//! OpenID Connect Discovery 1.0.

use insta::assert_json_snapshot;

use crate::support::app::TestApp;

#[tokio::test]
async fn s3_the_document() {
    let house = TestApp::furnished().await;
    assert_json_snapshot!(house.get("/.well-known/openid-configuration").send().await.expect(200));
}

#[tokio::test]
async fn s4_documents_can_be_kept_and_asked_for_again() {
    let house = TestApp::furnished().await;
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        let first = house.get(path).header("origin", "https://anywhere.example").send().await;
        assert_eq!(first.status, 200);
        assert_eq!(first.header("access-control-allow-origin"), Some("*"));
        assert!(first.header("cache-control").unwrap().starts_with("public, max-age="), "{path}");
        let again = house.get(path).header("if-none-match", first.header("etag").unwrap()).send().await;
        assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));
        assert_eq!(again.header("etag"), first.header("etag"));
        let head = house.call("HEAD", path).send().await;
        assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
        assert_eq!(house.post(path).form(&[]).send().await.status, 405);
    }
}

#[tokio::test]
async fn s3_the_jwks_holds_public_signing_keys_with_ids() {
    let house = TestApp::furnished().await;
    let jwks = house.get("/jwks").send().await.expect(200);
    let keys = jwks["keys"].as_array().unwrap();
    for key in keys {
        assert!(key["kid"].is_string() && key["alg"].is_string() && key["use"] == "sig", "{key}");
        for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(secret).is_none(), "{secret}");
        }
    }
    assert!(keys.iter().any(|key| key["alg"] == "RS256"));
}
