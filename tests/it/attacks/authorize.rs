//! The authorization endpoint: codes, PKCE, floods, and the name it is called by.

use std::collections::HashSet;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::http::server::Peer;
use haechi::model::audit_event::AuditKind;
use haechi::store::RecordKind;
use haechi::support::SystemRandom;
use haechi::support::id::{ConnectionId, GrantId};
use haechi::tokens::code::Code;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::{Ask, CHALLENGE};

#[test]
fn code_010_codes_are_256_random_bits_behind_their_grant() {
    let random = SystemRandom::new();
    let now = crate::support::keys::START;
    let mut secrets = HashSet::new();
    let mut ones = [0_u32; 256];
    for _ in 0..2000 {
        let (code, text) = Code::draw(GrantId::new(now, &random), &random);
        assert_eq!(text.len(), "hcode_".len() + 64 + 6);
        assert_eq!(Code::parse(&text).unwrap(), code);
        let secret: [u8; 32] =
            haechi::support::opaque::decode::<48>("hcode_", &text).unwrap()[16..].try_into().unwrap();
        for (bit, count) in ones.iter_mut().enumerate() {
            *count += u32::from(secret[bit / 8] >> (bit % 8) & 1);
        }
        assert!(secrets.insert(secret));
    }
    // Eight standard deviations: fails for a bit that is stuck, and once in the life of the universe by chance.
    assert!(ones.iter().all(|count| (820..=1180).contains(count)), "{ones:?}");
}

#[tokio::test]
async fn code_016_a_form_with_a_password_is_answered_by_303() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let answer = browser.submit_once(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.follow(answer).await.answer().contains_key("code"));
}

#[tokio::test]
async fn code_018_a_login_goes_on_with_what_was_checked_whatever_is_sent_along() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let tampered = [
        ("email", "kim@example.com"),
        ("password", PASSWORD),
        ("response_type", "token"),
        ("redirect_uri", "https://evil.tld/cb"),
        ("client_id", "evil"),
    ];
    let next = browser.submit_once(&login, "login", &tampered).await;
    let with_more = format!("{}&response_type=token&redirect_uri=https://evil.tld/cb", next.location().unwrap());
    let answer = browser.get(&with_more).await;
    assert!(answer.location().unwrap().starts_with("https://app.example/cb?code="));
    for handle in ["azn_00000000000000000000000000000000", "azn_x", "", "../x"] {
        let page = browser.get(&format!("/continue?flow={handle}")).await;
        assert_eq!((page.status, page.problem().as_str()), (StatusCode::BAD_REQUEST, "flow-gone"));
    }
}

#[tokio::test]
async fn pkce_002_plain() {
    let app = TestApp::new().await;
    app.first_party("spa").await;
    for ask in [Ask::of("spa").with("code_challenge_method", "plain"), Ask::of("spa").without("code_challenge_method")]
    {
        assert_eq!(app.browser().get(&ask.url()).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn pkce_006_a_challenge_that_is_no_sha_256() {
    let app = TestApp::new().await;
    app.first_party("spa").await;
    let plus = CHALLENGE.replace('-', "+");
    let padded = format!("{CHALLENGE}=");
    for challenge in ["short", &plus, &padded, &CHALLENGE[1..], &"a".repeat(128)] {
        let page = app.browser().get(&Ask::of("spa").with("code_challenge", challenge).url()).await;
        assert_eq!(page.error(), "invalid_request", "{challenge}");
    }
}

fn resources_up_to(count: u32) -> String {
    (0..count).fold(String::new(), |query, i| query + &format!("&resource=https://r{i}.example"))
}

#[tokio::test]
async fn dos_008_parameters_are_bounded() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let scopes = (0..51).map(|i| format!("s{i}")).collect::<Vec<_>>().join(" ");
    let claims = format!("{{\"id_token\":{{\"{}\":null}}}}", "x".repeat(9000));
    let acr = "a ".repeat(5_000);
    for (name, value, error) in [
        ("scope", scopes.as_str(), "invalid_scope"),
        ("claims", &claims, "invalid_request"),
        ("acr_values", &acr, "invalid_request"),
        ("state", &"s".repeat(10_000), "invalid_request"),
        ("nonce", &"n".repeat(10_000), "invalid_request"),
    ] {
        assert_eq!(app.browser().get(&Ask::of("app").with(name, value).url()).await.error(), error, "{name}");
    }
    let resources = resources_up_to(11);
    let page = app.browser().get(&format!("{}{resources}", Ask::of("app").url())).await;
    assert_eq!(page.error(), "invalid_target");
    let many = resources_up_to(200);
    assert_eq!(app.browser().get(&format!("{}{many}", Ask::of("app").url())).await.status, StatusCode::BAD_REQUEST);
    let huge = app.browser().get(&format!("{}&x={}", Ask::of("app").url(), "x".repeat(16 * 1024))).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let body = format!("x={}", "x".repeat(64 * 1024));
    let mut browser = app.browser();
    let posted = browser.send(axum::http::Method::POST, "/authorize", &[], Some(body)).await;
    assert_eq!(posted.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn dos_009_a_flood_of_logins_that_begin_is_stopped_and_what_can_be_answered_stores_nothing() {
    let app = TestApp::with(|config| config.throttling.authorizations_per_address = 5).await;
    app.first_party("app").await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(app.browser().get_once(&Ask::of("app").url()).await.status.as_u16());
    }
    assert_eq!(statuses, [303, 303, 303, 303, 303, 429, 429, 429]);
    let throttled = app.browser().get_once(&Ask::of("app").url()).await;
    assert_eq!(throttled.problem(), "throttled");
    let wait: u64 = throttled.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    // Answers that need no page are given all the same, and whoever is signed in is not held up.
    let silent = Ask::of("app").with("prompt", "none").url();
    assert_eq!(app.browser().get_once(&silent).await.error(), "login_required");
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    assert!(browser.get_once(&Ask::of("app").url()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn dos_009_whoever_is_signed_in_begins_only_so_many_logins_wherever_the_account_is() {
    let app = TestApp::with(|config| config.throttling.authorizations_per_address = 5).await;
    app.first_party("app").await;
    let kim = app.user("kim@example.com").await;
    let mut browsers = [app.signed_in(&kim).await, app.signed_in(&kim).await];
    let again = Ask::of("app").with("prompt", "login").url();
    let mut statuses = Vec::new();
    for n in 0..7 {
        statuses.push(browsers[n % 2].get_once(&again).await.status.as_u16());
    }
    assert_eq!(statuses, [303, 303, 303, 303, 303, 429, 429]);
    assert!(
        browsers[0].get_once(&Ask::of("app").url()).await.answer().contains_key("code"),
        "what asks nothing goes on"
    );
    let mut lee = app.signed_in(&app.user("lee@example.com").await).await;
    assert_eq!(lee.get_once(&again).await.status.as_u16(), 303);
}

#[tokio::test]
async fn dos_009_a_browser_has_twenty_logins_that_wait_and_the_oldest_goes() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let kim = app.user("kim@example.com").await;
    let mut browser = app.browser();
    let mut tabs = Vec::new();
    for _ in 0..21 {
        app.clock.advance(Duration::from_secs(1));
        tabs.push(browser.get(&Ask::of("app").url()).await);
    }
    let typed = [("email", kim.email.as_str()), ("password", PASSWORD)];
    let oldest = browser.submit(&tabs[0], "login", &typed).await;
    assert_eq!((oldest.status, oldest.problem().as_str()), (StatusCode::BAD_REQUEST, "flow-gone"));
    for tab in [1, 20] {
        assert!(browser.submit(&tabs[tab], "login", &typed).await.answer().contains_key("code"), "{tab}");
    }
}

#[tokio::test]
async fn dos_009_a_flood_of_wrong_redirect_uris_does_not_fill_the_audit_log() {
    let app = TestApp::with(|config| config.throttling.authorizations_per_address = 5).await;
    app.first_party("app").await;
    let ask = Ask::of("app").with("redirect_uri", "https://evil.example/cb").url();
    let mut problems = Vec::new();
    for _ in 0..8 {
        problems.push(app.browser().get_once(&ask).await.problem());
    }
    assert_eq!(problems, [["redirect-uri"; 5].as_slice(), &["throttled"; 3]].concat());
    assert_eq!(app.audit(AuditKind::RedirectUriMismatch).await.len(), 5);
}

#[tokio::test]
async fn dos_009_a_flood_of_forms_that_wait_for_a_proof_is_stopped() {
    let app = TestApp::with(|config| config.throttling.authorizations_per_address = 5).await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    app.clock.advance(Duration::from_mins(11));
    let csrf = app.csrf(&browser, "/account/links").await;
    let connection = ConnectionId::from_bytes([1; 16]).to_string();
    let mut statuses = Vec::new();
    for _ in 0..8 {
        let fields = [("csrf", csrf.as_str()), ("connection", &connection), ("subject", "1")];
        statuses.push(browser.post_once("/account/links", &fields).await.status.as_u16());
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429, 429, 429]);
}

#[tokio::test]
async fn dos_009_a_pending_login_expires() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    assert!(login.has("login"));
    app.clock.advance(std::time::Duration::from_mins(31));
    let late = browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert_eq!((late.status, late.problem().as_str()), (StatusCode::BAD_REQUEST, "flow-gone"));
    app.app.stores.housekeeping.purge(haechi::support::Clock::now(app.clock.as_ref())).await.unwrap();
    let key = haechi::support::Digest::sha256(b"anything");
    assert!(
        app.app
            .stores
            .records
            .get(RecordKind::Authorization, key, crate::support::keys::START)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn mail_001_nothing_is_built_from_the_host_header() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let ask = |headers: &[(&str, &str)], uri: &str| {
        let mut request = axum::extract::Request::builder().uri(uri).header("accept", "text/html");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(axum::body::Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(crate::support::app::PEER));
        tower::ServiceExt::oneshot(app.router.clone(), request)
    };
    let url = Ask::of("app").url();
    for (headers, uri, status) in [
        (&[("host", "evil.tld")][..], url.clone(), 421),
        (&[("host", "id.example:@evil.tld")], url.clone(), 400),
        (&[("host", "id.example"), ("host", "evil.tld")], url.clone(), 400),
        (&[("host", "id.example")], format!("http://evil.tld{url}"), 400),
        (&[("host", "evil.tld")], format!("http://evil.tld{url}"), 421),
        (&[("host", "id.example"), ("x-forwarded-host", "evil.tld")], url.clone(), 303),
        (&[("host", "id.example"), ("forwarded", "host=evil.tld;proto=http")], url.clone(), 303),
        (&[("host", "id.example"), ("x-forwarded-proto", "http")], url.clone(), 303),
    ] {
        let response = ask(headers, &uri).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{headers:?} {uri}");
        assert!(!format!("{:?}", response.headers()).contains("evil.tld"), "{headers:?}");
        let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("evil.tld"), "{headers:?}");
    }
    let metadata = ask(&[("host", "evil.tld"), ("x-forwarded-host", "evil.tld")], "/.well-known/openid-configuration");
    let body = http_body_util::BodyExt::collect(metadata.await.unwrap().into_body()).await.unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&body).contains("evil.tld"));
}

#[tokio::test]
async fn mail_001_over_a_real_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = TestApp::served().await;
    let own = app.issuer().strip_prefix("http://").unwrap().to_owned();
    for (head, status) in [
        (format!("GET /login HTTP/1.1\r\nHost: {own}\r\n"), "200"),
        ("GET /login HTTP/1.1\r\nHost: evil.tld\r\n".to_owned(), "421"),
        (format!("GET /login HTTP/1.1\r\nHost: {own}\r\nHost: evil.tld\r\n"), "400"),
        (format!("GET /login HTTP/1.1\r\nHost: {own}:@evil.tld\r\n"), "400"),
        (format!("GET http://evil.tld/login HTTP/1.1\r\nHost: {own}\r\n"), "400"),
        ("GET /login HTTP/1.1\r\n".to_owned(), "400"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(&own).await.unwrap();
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        assert!(!answer.contains("evil.tld"), "{head}");
    }
}
