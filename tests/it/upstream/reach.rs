//! How far calls to providers reach, and how many there are.

use haechi::model::connection::Connection;

use super::{Abroad, is_signed_in, outcome};
use crate::support::emulator::{Emulator, Endpoint, Mischief, Odd, Said};

/// A house on the public internet, and a provider that is not.
async fn inside(change: impl FnOnce(&mut Connection)) -> Abroad {
    let abroad = Abroad::with(|config| config.network.outgoing_allowed.clear()).await;
    abroad.connect("oidc", "oidc", change).await;
    abroad
}

#[tokio::test]
async fn a_provider_inside_the_network_is_reached_where_its_connection_says_so() {
    let abroad = inside(|_| ()).await;
    let login = abroad.app.browser().get("/login").await;
    let page = abroad.app.browser().get(&login.link("upstream-oidc")).await;
    assert!(!page.status.is_success());
    assert!(abroad.emulator.heard("oidc").is_empty());
    let abroad = inside(|connection| connection.allow_private_network = true).await;
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "oidc").await;
    assert!(is_signed_in(&browser));
}

#[tokio::test]
async fn ssrf_002_ssrf_008_no_spelling_of_an_address_reaches_inside_and_all_look_the_same() {
    let mut seen = std::collections::BTreeSet::new();
    for issuer in [
        "https://127.0.0.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://0177.0.0.1",
        "https://127.1",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://①②⑦.⓪.⓪.①",
        "https://169.254.169.254/latest",
        "https://10.0.0.1",
        "https://idp.example/a",
    ] {
        let abroad =
            inside(|connection| drop(connection.settings.insert("issuer".to_owned(), issuer.to_owned()))).await;
        let mut browser = abroad.app.browser();
        let login = browser.get("/login").await;
        let page = browser.get(&login.link("upstream-oidc")).await;
        assert!(abroad.emulator.heard("oidc").is_empty() && abroad.emulator.strayed().is_empty(), "{issuer}");
        seen.insert((page.status.as_u16(), outcome(&page)));
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [(502, "upstream-outage".to_owned())]);
}

#[tokio::test]
async fn ssrf_003_an_issuer_is_reached_by_https_only() {
    for issuer in ["http://idp.example/a", "ftp://idp.example/a", "https://user:secret@idp.example/a"] {
        let abroad = Abroad::new().await;
        let set =
            |connection: &mut Connection| drop(connection.settings.insert("issuer".to_owned(), issuer.to_owned()));
        abroad.connect("oidc", "oidc", set).await;
        let mut browser = abroad.app.browser();
        let login = browser.get("/login").await;
        let page = browser.get(&login.link("upstream-oidc")).await;
        assert!(!page.status.is_success() && !page.body.contains("secret"), "{issuer}");
        assert!(abroad.emulator.heard("oidc").is_empty(), "{issuer}");
    }
}

/// A provider that names an endpoint of this port in its discovery document.
async fn at_port(port: u16, member: &str, change: impl FnOnce(&mut Connection)) -> (bool, Vec<Endpoint>) {
    let abroad = Abroad::new().await;
    abroad.connect("oidc", "oidc", change).await;
    let port = if port == 0 { abroad.emulator.port() } else { port };
    let url = |path: &str| format!("https://idp.example:{port}/{path}");
    let path = match member {
        "jwks_uri" => "jwks",
        "token_endpoint" => "token",
        "authorization_endpoint" => "authorize?tenant=a",
        _ => "userinfo",
    };
    abroad.emulator.say(Said::Discovery, serde_json::json!({ member: url(path) }));
    let mut browser = abroad.app.browser();
    let login = browser.get("/login").await;
    let sent = browser.get_once(&login.link("upstream-oidc")).await;
    if let Some(location) = sent.location().filter(|location| location.starts_with("https://idp.example")) {
        let answer = abroad.emulator.visit(&location.parse().unwrap()).await;
        abroad.deliver(&mut browser, &answer).await;
    }
    (is_signed_in(&browser), abroad.emulator.heard("oidc"))
}

/// What listens at other ports than those of the web must not be sent anything because a provider says so.
#[tokio::test]
async fn ssrf_002_a_provider_s_endpoints_are_at_ports_of_the_web_or_at_those_of_its_connection() {
    for member in ["jwks_uri", "token_endpoint", "userinfo_endpoint", "authorization_endpoint"] {
        for port in [25, 22, 6379, 5432, 9200] {
            let (signed_in, heard) = at_port(port, member, |_| ()).await;
            assert!(!signed_in, "{member} {port}");
            assert_eq!(heard, [Endpoint::Discovery], "{member} {port}");
        }
        assert!(!at_port(0, member, |_| ()).await.0, "{member} at a port that is really there");
    }
    // The issuer's own.
    for issuer in ["https://idp.example:6379/a", "https://idp.example:22/a"] {
        let abroad = Abroad::new().await;
        let set =
            |connection: &mut Connection| drop(connection.settings.insert("issuer".to_owned(), issuer.to_owned()));
        abroad.connect("oidc", "oidc", set).await;
        let mut browser = abroad.app.browser();
        let login = browser.get("/login").await;
        assert!(!browser.get(&login.link("upstream-oidc")).await.status.is_success(), "{issuer}");
        assert!(abroad.emulator.heard("oidc").is_empty() && abroad.emulator.strayed().is_empty(), "{issuer}");
    }
}

#[tokio::test]
async fn a_port_that_the_connection_names_or_the_server_does_is_reached() {
    for server_wide in [false, true] {
        let emulator = Emulator::start().await;
        let port = emulator.port();
        let config = |config: &mut haechi::config::Config| {
            if server_wide {
                config.network.outgoing_ports = vec![port];
            }
        };
        let abroad = Abroad::reaching(emulator, config).await;
        let change = |connection: &mut Connection| {
            if !server_wide {
                connection.settings.insert("ports".to_owned(), format!("1 {port}"));
            }
        };
        abroad.connect("oidc", "oidc", change).await;
        let jwks = format!("https://idp.example:{port}/jwks");
        abroad.emulator.say(Said::Discovery, serde_json::json!({ "jwks_uri": jwks }));
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, "oidc").await;
        assert!(is_signed_in(&browser), "server-wide: {server_wide}");
    }
}

#[tokio::test]
async fn ssrf_009_strangers_who_press_a_button_cause_one_call_and_not_each_their_own() {
    for away in [false, true] {
        let abroad = Abroad::to("oidc").await;
        if away {
            abroad.emulator.misbehave(Mischief::At(Endpoint::Discovery, Odd::Unavailable));
        }
        let mut browsers: Vec<_> = (0..20).map(|_| abroad.app.browser()).collect();
        let pressing = browsers.iter_mut().map(|browser| async {
            let login = browser.get("/login").await;
            browser.get(&login.link("upstream-oidc")).await.location().is_some()
        });
        let sent = futures_util::future::join_all(pressing).await;
        assert!(sent.iter().all(|sent| *sent != away), "{away}");
        assert_eq!(abroad.emulator.heard("oidc"), [Endpoint::Discovery], "{away}");
    }
}

#[tokio::test]
async fn dos_009_a_flood_of_logins_through_a_provider_is_stopped() {
    let abroad = Abroad::with(|config| config.throttling.authorizations_per_address = 5).await;
    abroad.connect("google", "google", |_| ()).await;
    let mut browser = abroad.app.browser();
    let button = browser.get("/login").await.link("upstream-google");
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(browser.get_once(&button).await.status.as_u16());
    }
    assert_eq!(statuses, [303, 303, 303, 303, 303, 429, 429, 429]);
}
