//! Open redirects.

use axum::http::{Method, StatusCode};
use haechi::protocol::redirect_uri::RegisteredRedirectUri;

use crate::support::app::{TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::Browser;

const BYE: &str = "https://app.example/bye";

async fn house() -> (TestApp, Browser, String) {
    let app = TestApp::new().await;
    app.client("c_web", |client| {
        client.policy.consent = haechi::model::client::ConsentPolicy::FirstParty;
        client.redirects.post_logout_uris = vec![redirect_uri(BYE)];
    })
    .await;
    app.client("c_other", |client| client.redirects.post_logout_uris = vec![redirect_uri("https://other.example/bye")])
        .await;
    let mut browser = app.signed_in(&app.user("alice@example.com").await).await;
    let (hint, _) = app.id_token_in(&mut browser, "c_web").await;
    (app, browser, hint)
}

fn logout(pairs: &[(&str, &str)]) -> String {
    format!("/logout?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

#[tokio::test]
async fn open_001_a_post_logout_uri_that_is_not_registered() {
    for uri in [
        "https://evil.tld",
        "https://app.example/bye?x=1",
        "https://other.example/bye",
        "https://app.example/bye/",
        "//evil.tld",
    ] {
        let (_app, mut browser, hint) = house().await;
        let page = browser.get(&logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", uri)])).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::OK, None), "{uri}");
        assert!(page.has("signed-out"), "{uri}");
        assert!(!page.body.contains("evil.tld"));
    }
}

#[tokio::test]
async fn open_002_a_post_logout_uri_of_nobody_in_particular() {
    let (_app, mut browser, _) = house().await;
    let page = browser.get(&logout(&[("post_logout_redirect_uri", BYE)])).await;
    assert!(page.has("logout"), "the person is asked");
    let done = browser.submit(&page, "logout", &[]).await;
    assert!(done.has("signed-out") && done.header("location").is_none());
}

#[tokio::test]
async fn open_003_where_to_go_next_is_never_taken_from_a_parameter() {
    let (app, mut browser, _) = house().await;
    let elsewhere = [
        "//evil.tld",
        "/\\evil.tld",
        "https:evil.tld",
        "/\t/evil.tld",
        "///evil.tld",
        "javascript:alert(1)",
        "data:text/html,x",
        "/@evil.tld",
        "https://id.example@evil.tld",
    ];
    for path in
        ["/login", "/signup", "/", "/account", "/continue", "/signed-out", "/select-account", "/consent", "/logout"]
    {
        for value in elsewhere {
            for name in ["next", "return_to", "redirect", "flow", "url"] {
                let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
                for browser in [&mut browser, &mut app.browser()] {
                    let page = browser.get_once(&format!("{path}?{query}")).await;
                    let location = page.header("location").unwrap_or("/");
                    let own = url::Url::parse("https://id.example").unwrap().join(location).unwrap();
                    assert_eq!(own.host_str(), Some("id.example"), "{path}?{query}: {location}");
                    let leads = scraper::Selector::parse("[href], [action], [src], [formaction]").unwrap();
                    for element in page.html().select(&leads) {
                        let target = ["href", "action", "src", "formaction"].map(|name| element.value().attr(name));
                        assert!(target.iter().flatten().all(|url| !url.contains("evil.tld")), "{path}?{query}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn open_003_the_language_switch_leads_home() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let token = browser.get("/login").await;
    let token = token
        .html()
        .select(&scraper::Selector::parse("form.languages input[name=csrf]").unwrap())
        .next()
        .unwrap()
        .value()
        .attr("value")
        .unwrap()
        .to_owned();
    for here in ["//evil.tld", "/\\evil.tld", "https://evil.tld/login", "/login/..//evil.tld", "javascript:1"] {
        let page = browser.post_once("/language", &[("csrf", &token), ("locale", "ko"), ("here", here)]).await;
        assert_eq!(page.header("location"), Some("/"), "{here}");
    }
}

#[test]
fn open_004_no_client_registers_a_script() {
    for uri in ["javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd"] {
        assert!(RegisteredRedirectUri::parse(uri, true).is_err(), "{uri}");
    }
}

#[tokio::test]
async fn open_006_an_error_goes_nowhere_before_client_and_uri_are_known() {
    let (_app, mut browser, _) = house().await;
    let evil = |ask: Ask| ask.with("redirect_uri", "https://evil.tld").url();
    for url in [
        evil(Ask::of("nope")),
        evil(Ask::of("c_web").with("response_type", "token")),
        evil(Ask::of("c_web").with("prompt", "none login")),
        evil(Ask::of("c_web").with("response_mode", "form_post")),
    ] {
        let page = browser.get_once(&url).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::BAD_REQUEST, None), "{url}");
        assert!(!page.body.contains("action=\"https://evil.tld"), "{url}");
    }
}

#[tokio::test]
async fn open_007_no_location_is_made_of_a_path() {
    let (app, _, _) = house().await;
    for path in ["//evil.tld/%2e%2e", "/%5Cevil.tld", "//evil.tld/..%2f", "/login/", "/LOGIN", "//login", "/./login"] {
        let request = axum::extract::Request::builder().method(Method::GET).uri(path).header("host", "id.example");
        let request = request.body(axum::body::Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(app.router.clone(), request).await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(response.headers().get("location").is_none(), "{path}");
    }
}
