//! What must never be in a log, whatever is asked of it.

use axum::http::Method;

use super::PASSWORD;
use crate::support::binary::{Haechi, free_port, over_http};
use crate::support::browser::Browser;

/// Everything that is secret in one walk through the shop, and in what goes wrong around it.
#[tokio::test]
async fn adm_015_no_secret_is_logged_at_the_loudest() {
    for format in ["text", "json"] {
        let haechi = Haechi::new().set("HAECHI_LOG__FILTER", "trace").set("HAECHI_LOG__FORMAT", format);
        let mut server = haechi.start();
        let port = free_port();
        let shop_process = haechi.begin(&["demo", "--port", &port.to_string()]);
        shop_process.wait_for(|out, _| out.contains("The shop is open"));
        let mut shop = Browser::new(over_http(port), &format!("http://localhost:{port}"));
        let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());

        let leaving = shop.get("/sign-up").await.location().unwrap();
        let page = browser.get(&leaving).await;
        let filled = [("name", "Kim"), ("email", "kim@example.com"), ("password", PASSWORD)];
        let page = browser.submit(&page, "signup", &filled).await;
        let back = browser.submit(&page, "consent", &[("decision", "allow")]).await.location().unwrap();
        let account = shop.get(&back).await;
        let own = format!("http://localhost:{port}");
        let refreshed = shop.send(Method::POST, "/refresh", &[("origin", &own)], Some(String::new())).await;
        assert_eq!(refreshed.location().as_deref(), Some("/account"));

        // The same again, wrongly: replayed code, wrong password, a secret where none belongs, a broken form, an unknown token.
        let code = query(&back, "code");
        let canary = "hrt_canary-refresh-token";
        for form in [
            format!(
                "grant_type=authorization_code&code={code}&client_id=haechi-demo-shop&client_secret=hcs_canary-secret"
            ),
            format!("grant_type=refresh_token&refresh_token={canary}&client_id=haechi-demo-shop"),
            "grant_type=client_credentials&client_secret=hcs_canary-secret%00&client_id=%ff".to_owned(),
            "password=canary-password&password=canary-password".to_owned(),
        ] {
            for path in ["/token", "/introspect", "/revoke", "/login"] {
                browser.send(Method::POST, path, &[], Some(form.clone())).await;
            }
        }
        let basic = ("authorization", "Basic Y2FuYXJ5LWJhc2lj");
        browser.send(Method::POST, "/token", &[basic], Some("grant_type=x".to_owned())).await;
        browser.send(Method::GET, "/userinfo", &[("authorization", "Bearer canary.bearer.token")], None).await;
        browser.get_once("/login?password=canary-query").await;

        let link = server.out();
        let claim = link.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        browser.get_once(&format!("/claim?token={claim}")).await;
        server.signal("TERM");
        server.end();
        let log = server.err();
        assert!(log.contains("/token"), "the log is there: {log}");

        let kek = std::fs::read_to_string(haechi.folder.path().join("keys/key-encryption.key")).unwrap();
        let session = browser.cookie(browser.session_cookie_name()).unwrap().to_owned();
        let own = browser.cookie(browser.browser_cookie_name()).unwrap().to_owned();
        let tokens = raw_tokens(&account.body);
        assert_eq!(tokens.len(), 2);
        let mut secrets = vec![PASSWORD.to_owned(), code, claim, session, own, kek.trim().to_owned()];
        secrets.extend(["canary", "Y2FuYXJ5", "$argon2id$", "hcode_", "hrt_", "hcs_", "hott_"].map(str::to_owned));
        secrets.extend(tokens);
        for secret in secrets {
            let line = log.lines().find(|line| line.contains(&secret) || line.contains(&percent(&secret)));
            assert_eq!(line, None, "{secret} is in the log");
        }
    }
}

/// The signatures of the tokens that the shop shows.
fn raw_tokens(page: &str) -> Vec<String> {
    page.split("class=\"p2\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

fn query(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn nothing_a_stranger_sends_forges_a_line() {
    let haechi = Haechi::new().set("HAECHI_LOG__FILTER", "debug");
    let mut server = haechi.start();
    let forged = "2026-01-01T00:00:00Z  INFO haechi: forged";
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let line = percent(&format!("x\r\n{forged}\u{2028}{forged}\u{1b}[2K"));
    for target in
        [format!("/{line}"), format!("/authorize?client_id={line}&state={line}"), format!("/claim?token={line}")]
    {
        browser.get_once(&target).await;
    }
    let form = format!("grant_type={line}&client_id={line}&client_secret={line}&username={line}&email={line}");
    for path in ["/token", "/introspect", "/login", "/signup"] {
        browser.send(Method::POST, path, &[("user-agent", "x\tINFO forged")], Some(form.clone())).await;
    }
    server.signal("TERM");
    server.end();
    let log = server.err();
    assert!(log.contains("/token"), "{log}");
    assert!(!log.lines().any(|line| line.starts_with(forged)), "{log}");
    assert!(!log.chars().any(|c| c.is_control() && c != '\n'), "{log:?}");
}
