//! Redirect URI matching.

use axum::http::StatusCode;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{ClientKind, ConsentPolicy};
use haechi::protocol::redirect_uri::{LoopbackPort, RedirectUriRejected, RegisteredRedirectUri};
use proptest::prelude::*;

use crate::support::app::{CALLBACK, TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

/// A house with an app that is answered at [`CALLBACK`], and a browser in which a person is signed in who agreed to everything.
async fn house() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    app.client("c_web", |_| ()).await;
    let alice = app.user("alice@example.com").await;
    app.consented(&alice, "c_web", "openid profile email").await;
    let browser = app.signed_in(&alice).await;
    (app, browser)
}

/// A page of our own, no redirect, no code, nothing of the URI where a browser would act on it.
fn assert_refused(page: &Page, uri: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{uri}");
    assert!(page.header("location").is_none(), "{uri}");
    assert!(!page.body.contains("hcode_"), "{uri}");
    assert!(!page.body.contains("href=\"javascript") && !page.body.contains("action=\"javascript"), "{uri}");
}

async fn refused(app: &TestApp, browser: &mut Browser, uris: &[&str]) {
    for uri in uris {
        let page = browser.get_once(&Ask::of("c_web").with("redirect_uri", uri).url()).await;
        assert_refused(&page, uri);
        assert_eq!(page.problem(), "redirect-uri", "{uri}");
    }
    let events = app.audit(AuditKind::RedirectUriMismatch).await;
    assert_eq!(events.len(), uris.len());
    assert!(events.iter().all(|event| event.client.as_ref().is_some_and(|id| id.as_str() == "c_web")));
    // On one line, and with a mark where something is left out that may be secret.
    let detail = |c: char| c == ' ' || c.is_ascii_graphic() || c == haechi::support::harmless::LEFT_OUT;
    assert!(events.iter().all(|event| event.detail.as_ref().unwrap().chars().all(detail)));
}

#[tokio::test]
async fn redir_001_an_appended_path_segment() {
    let (app, mut browser) = house().await;
    refused(&app, &mut browser, &["https://app.example/cb/extra", "https://app.example/cb/", "https://app.example/"])
        .await;
}

#[tokio::test]
async fn redir_002_a_look_alike_host() {
    let (app, mut browser) = house().await;
    refused(&app, &mut browser, &["https://app.example.evil.tld/cb", "https://evilapp.example/cb"]).await;
}

#[tokio::test]
async fn redir_004_005_traversal_in_any_spelling() {
    let (app, mut browser) = house().await;
    let uris = [
        "https://app.example/cb/%2e%2e/evil",
        "https://app.example/cb/%252e%252e/evil",
        "https://app.example/cb/../evil",
        "https://app.example/cb/..;/steal",
        "https://app.example/x/../cb",
    ];
    refused(&app, &mut browser, &uris).await;
}

#[tokio::test]
async fn redir_006_007_the_registered_host_before_an_at_sign() {
    let (app, mut browser) = house().await;
    let uris = [
        "https://app.example@evil.tld/cb",
        "https://app.example:443@evil.tld/cb",
        "https://user@app.example/cb",
        "https://@app.example/cb",
    ];
    refused(&app, &mut browser, &uris).await;
}

#[tokio::test]
async fn redir_008_009_backslashes_and_too_many_slashes() {
    let (app, mut browser) = house().await;
    let uris = [
        "https://evil.tld\\@app.example/cb",
        "https:\\\\app.example/cb",
        "https:///evil.tld/cb",
        "https:///app.example/cb",
        "https:/\\evil.tld/cb",
        "//app.example/cb",
    ];
    refused(&app, &mut browser, &uris).await;
}

#[tokio::test]
async fn redir_011_another_case() {
    let (app, mut browser) = house().await;
    let uris = ["HTTPS://APP.EXAMPLE/cb", "https://App.example/cb", "https://app.example/CB"];
    refused(&app, &mut browser, &uris).await;
}

#[tokio::test]
async fn redir_013_a_changed_query_of_a_uri_that_has_one() {
    let (app, mut browser) = house().await;
    app.client("query", |client| {
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.uris = vec![redirect_uri("https://app.example/cb?foo=bar")];
    })
    .await;
    for uri in ["https://app.example/cb?foo=bar2", "https://app.example/cb", "https://app.example/cb?foo=bar&x=1"] {
        let page = browser.get_once(&Ask::of("query").with("redirect_uri", uri).url()).await;
        assert_refused(&page, uri);
    }
    let same = Ask::of("query").with("redirect_uri", "https://app.example/cb?foo=bar").url();
    assert!(browser.get_once(&same).await.location().unwrap().starts_with("https://app.example/cb?foo=bar&code="));
}

#[tokio::test]
async fn redir_014_a_fragment() {
    let (app, mut browser) = house().await;
    refused(&app, &mut browser, &["https://app.example/cb#x", "https://app.example/cb#"]).await;
    let registered = RegisteredRedirectUri::parse("https://app.example/cb#x", false);
    assert_eq!(registered, Err(RedirectUriRejected::Fragment));
}

#[test]
fn redir_016_parameters_of_the_answer_in_a_registered_query() {
    for name in ["code", "state", "iss", "error", "id_token", "access_token", "response"] {
        let uri = format!("https://app.example/cb?{name}=x");
        assert_eq!(RegisteredRedirectUri::parse(&uri, false), Err(RedirectUriRejected::AnswerParameter), "{name}");
    }
}

#[tokio::test]
async fn redir_017_equivalents_of_the_host() {
    let (app, mut browser) = house().await;
    let uris = [
        "https://app.example./cb",
        "https://app.example:443/cb",
        "https://app.ex%C3%A4mple/cb",
        "https://xn--app.example-/cb",
        "https://ａpp.example/cb",
    ];
    refused(&app, &mut browser, &uris).await;
}

#[tokio::test]
async fn redir_019_control_characters() {
    let (app, mut browser) = house().await;
    let uris = [
        "https://app.example\t/cb",
        "https://app.example/cb\r\nSet-Cookie:x=1",
        "https://app.example/c b",
        " https://app.example/cb",
        "https://app.example/cb\n",
    ];
    refused(&app, &mut browser, &uris).await;
    let nul = browser.get_once(&Ask::of("c_web").with("redirect_uri", "https://app.example/cb\0.evil").url()).await;
    assert_refused(&nul, "NUL");
}

#[tokio::test]
async fn redir_020_schemes_that_run() {
    let (app, mut browser) = house().await;
    let uris =
        ["JaVaScRiPt:alert(1)//app.example", "data:text/html,x", " javascript:1", "vbscript:x", "blob:https://a/b"];
    refused(&app, &mut browser, &uris).await;
    for uri in uris {
        assert!(RegisteredRedirectUri::parse(uri, false).is_err(), "{uri}");
        assert!(RegisteredRedirectUri::parse(uri, true).is_err(), "{uri}");
    }
}

#[test]
fn redir_021_a_private_use_scheme_without_a_period() {
    assert_eq!(RegisteredRedirectUri::parse("myapp:/cb", true), Err(RedirectUriRejected::SchemeWithoutPeriod));
    assert_eq!(RegisteredRedirectUri::parse("com.example.app:/cb", false), Err(RedirectUriRejected::ForbiddenScheme));
}

#[tokio::test]
async fn redir_022_024_only_the_port_of_a_native_apps_loopback_varies() {
    let (app, mut browser) = house().await;
    app.client("native", |client| {
        client.kind = ClientKind::Native;
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.uris = vec![redirect_uri("http://127.0.0.1/cb")];
    })
    .await;
    let good = Ask::of("native").with("redirect_uri", "http://127.0.0.1:49152/cb").url();
    assert!(browser.get_once(&good).await.answer().contains_key("code"));
    for uri in [
        "http://localhost:1/cb",
        "http://127.0.0.1.evil.tld/cb",
        "http://127.0.0.1:1@evil.tld/cb",
        "http://127.0.0.2:1/cb",
        "http://127.0.0.1:5000/cb?bar=foo",
        "http://127.0.0.1:5000/other",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:/cb",
        "https://127.0.0.1:1/cb",
        "http://2130706433/cb",
        "http://[::ffff:127.0.0.1]/cb",
    ] {
        assert_refused(&browser.get_once(&Ask::of("native").with("redirect_uri", uri).url()).await, uri);
    }
    // RFC 9700 section 2.1: of native apps, and of no others.
    app.client("desk", |client| {
        client.kind = ClientKind::Web;
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.uris = vec![redirect_uri("http://127.0.0.1/cb"), redirect_uri("http://localhost:3000/cb")];
    })
    .await;
    for uri in ["http://127.0.0.1:49152/cb", "http://localhost:49152/cb", "http://localhost/cb"] {
        assert_refused(&browser.get_once(&Ask::of("desk").with("redirect_uri", uri).url()).await, uri);
    }
    let web = Ask::of("c_web").with("redirect_uri", "https://app.example:8443/cb").url();
    assert_refused(&browser.get_once(&web).await, "https://app.example:8443/cb");
}

#[tokio::test]
async fn redir_027_a_client_without_uris_learns_none() {
    let (app, mut browser) = house().await;
    app.client("m2m", |client| {
        client.kind = ClientKind::Service;
        client.redirects.uris = Vec::new();
    })
    .await;
    for uri in ["https://evil.tld/cb", CALLBACK] {
        for _ in 0..2 {
            assert_refused(&browser.get_once(&Ask::of("m2m").with("redirect_uri", uri).url()).await, uri);
        }
    }
    assert_refused(&browser.get_once(&Ask::of("m2m").without("redirect_uri").url()).await, "none");
}

#[tokio::test]
async fn redir_028_none_where_several_are_registered() {
    let (app, mut browser) = house().await;
    app.client("two", |client| client.redirects.uris.push(redirect_uri("https://app.example/2"))).await;
    for ask in [Ask::of("two"), Ask::of("two").with("scope", "profile"), Ask::of("c_web")] {
        assert_refused(&browser.get_once(&ask.without("redirect_uri").url()).await, "none");
    }
}

#[tokio::test]
async fn redir_031_an_unknown_client_looks_like_a_disabled_one() {
    let (app, mut browser) = house().await;
    app.client("off", |client| client.enabled = false).await;
    let ask = |client| Ask::of(client).with("redirect_uri", "https://evil.tld/cb").url();
    let unknown = browser.get_once(&ask("nope")).await;
    let disabled = browser.get_once(&ask("off")).await;
    let known_uri = browser.get_once(&Ask::of("off").url()).await;
    for page in [&unknown, &disabled, &known_uri] {
        assert_refused(page, "client");
        assert_eq!(page.problem(), "unknown-client");
    }
    let without_id = |page: &Page| page.body.replace(page.header("x-request-id").unwrap(), "");
    assert_eq!(plain(&without_id(&unknown)), plain(&without_id(&disabled)));
    for bad in ["a b", "usr_x", &"x".repeat(500), "한", "%00"] {
        assert_refused(&browser.get_once(&Ask::of(bad).url()).await, bad);
    }
}

/// A page without what differs from answer to answer.
fn plain(body: &str) -> String {
    let nonce = body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("-");
    let csrf = body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("-");
    body.replace(nonce, "").replace(csrf, "")
}

proptest! {
    /// Whatever is sent, what is redirected to is what was registered, or differs in the port of a loopback.
    #[test]
    fn redirects_only_go_where_somebody_registered(
        registered in prop_oneof![
            Just("https://app.example/cb"), Just("https://app.example/cb?x=1"), Just("http://127.0.0.1/cb"), Just("http://[::1]:80/cb"),
            Just("http://localhost:1/cb"),
        ],
        requested in "(https?|HTTP)://(app\\.example|127\\.0\\.0\\.1|\\[::1\\]|localhost|evil@127\\.0\\.0\\.1)(:[0-9]{0,6})?(/cb|/cb/|/)(\\?x=1)?(#)?",
    ) {
        if let Some(target) = redirect_uri(registered).matches(&requested, LoopbackPort::Any) {
            prop_assert_eq!(target.as_str(), requested.as_str());
            let loopback = registered.starts_with("http://");
            prop_assert!(loopback || requested == registered);
            let (ours, theirs) = (url::Url::parse(registered).unwrap(), url::Url::parse(&requested).unwrap());
            prop_assert_eq!(ours.host(), theirs.host());
            prop_assert_eq!((ours.scheme(), ours.path(), ours.query()), (theirs.scheme(), theirs.path(), theirs.query()));
            prop_assert!(theirs.username().is_empty() && theirs.fragment().is_none());
        }
    }

    /// One changed byte is one too many.
    #[test]
    fn any_other_byte_is_another_uri(at in 0usize..CALLBACK.len(), byte in 0u8..128) {
        let mut other = CALLBACK.as_bytes().to_vec();
        other[at] = byte;
        let other = String::from_utf8(other).unwrap();
        prop_assert_eq!(redirect_uri(CALLBACK).matches(&other, LoopbackPort::Any).is_some(), other == CALLBACK);
    }

    /// No text makes the parser of registrations panic, and what it takes is safe to redirect to.
    #[test]
    fn registration_takes_what_is_safe(text in "\\PC{0,60}|(https|http|com\\.x)://?[a-z@:\\[\\]/.#?=\\\\]{0,30}", native: bool) {
        if let Ok(uri) = RegisteredRedirectUri::parse(&text, native) {
            let url = url::Url::parse(uri.as_str()).unwrap();
            prop_assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
            prop_assert!(url.scheme() == "https" || url.scheme() == "http" || (native && url.scheme().contains('.')));
        }
    }
}
