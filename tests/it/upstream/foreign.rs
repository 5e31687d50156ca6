//! Providers that are none of ours to change: oidc-provider of npm, and another Haechi.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use haechi::model::client::{ClientAuthentication, ClientKind, ClientSecret};
use haechi::outgoing::Lookup;
use haechi::store::Change;
use haechi::support::{Clock, Secret, SystemClock};
use haechi::upstream::secrets;
use scraper::{ElementRef, Selector};
use url::Url;

use super::{SECRET, is_signed_in, outcome};
use crate::foreign::node;
use crate::support::app::{PASSWORD, TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::tls::{Certified, leading_to};
use crate::support::{builders, servers};

const CLIENT: &str = "haechi-here";

/// A house whose only upstream provider is found by `lookup`.
async fn house(lookup: Arc<dyn Lookup>, authorities: PathBuf, issuer: &str) -> TestApp {
    let app = TestApp::reaching(lookup, |config| {
        config.network.outgoing_allowed = vec!["127.0.0.1/32".parse().unwrap()];
        config.network.outgoing_authorities = Some(authorities);
    })
    .await;
    app.first_party("app").await;
    let (house, now) = (&app.app, app.clock.now());
    let random = house.random.as_ref();
    let mut connection = builders::connection("op", "oidc", CLIENT, now, random);
    connection.settings.insert("issuer".to_owned(), issuer.to_owned());
    let sealed = secrets::seal(&house.upstream.sealer, random, connection.id, &Secret::from(SECRET), now);
    connection.secrets = vec![sealed];
    app.commit(vec![Change::InsertConnection(Box::new(connection))]).await;
    app
}

/// Presses the button at an app's login: where it leads.
async fn leave(app: &TestApp, browser: &mut Browser) -> Url {
    app.clock.advance(std::time::Duration::from_secs(1));
    let login = browser.get(&Ask::of("app").url()).await;
    browser.get_once(&login.link("upstream-op")).await.location().unwrap().parse().unwrap()
}

/// Comes back to the house, and on to the app.
async fn arrive(app: &TestApp, browser: &mut Browser, back: &str) -> serde_json::Value {
    let page = browser.get(back).await;
    assert!(page.location().is_some(), "{} {}", page.status, page.body);
    assert!(is_signed_in(browser));
    app.id_token("app", &page.answer()["code"]).await.1
}

fn program(certified: &Certified, port: u16, back: &str) -> Option<Command> {
    let mut node = node("tests/foreign/node")?;
    let (certificate, key) = certified.files();
    let script: &Path = &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/node/provider.mjs");
    node.arg(script).env("ISSUER", "https://op.example").env("PORT", port.to_string());
    node.env("TLS_CERTIFICATE", certificate).env("TLS_KEY", key).env("REDIRECT_URI", back);
    node.env("CLIENT_ID", CLIENT).env("CLIENT_SECRET", SECRET).stdin(Stdio::null());
    Some(node)
}

/// A browser whose requests go over the wire.
fn browser_there(client: reqwest::Client) -> Browser {
    let wire = move |request: Request| {
        let client = client.clone();
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let url = format!("https://op.example{}", parts.uri);
            let sent = client.request(parts.method, url).headers(parts.headers).body(body).send();
            axum::http::Response::from(sent.await.unwrap()).map(Body::new)
        }
    };
    Browser::new(Router::new().fallback(wire), "https://op.example")
}

/// Fills in whatever form oidc-provider shows, until it sends the person back.
async fn agree(browser: &mut Browser, url: &Url, login: &str) -> String {
    let mut page = browser.get(url.as_str()).await;
    for _ in 0..4 {
        if let Some(back) = page.location() {
            return back;
        }
        let (action, mut fields) = form(&page);
        if fields.iter().any(|(name, value)| name == "prompt" && value == "login") {
            fields.retain(|(name, _)| name == "prompt");
            fields.extend([("login".to_owned(), login.to_owned()), ("password".to_owned(), "any".to_owned())]);
        }
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = browser.post_once(&action, &pairs).await;
        page = browser.follow(answer).await;
    }
    panic!("the login goes in circles: {}", page.body);
}

/// The form of a page that is not ours.
fn form(page: &Page) -> (String, Vec<(String, String)>) {
    let html = page.html();
    let form = html.select(&Selector::parse("form").unwrap()).next();
    let form = form.unwrap_or_else(|| panic!("no form: {} {}", page.status, page.body));
    let attribute = |input: ElementRef<'_>, name| input.value().attr(name).unwrap_or_default().to_owned();
    let inputs = form.select(&Selector::parse("input[name]").unwrap()).collect::<Vec<_>>();
    let fields = inputs.into_iter().map(|input| (attribute(input, "name"), attribute(input, "value"))).collect();
    (page.url.join(form.value().attr("action").unwrap()).unwrap().to_string(), fields)
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_provider_of_npm_signs_somebody_up_and_in_again() {
    let certified = Certified::new(vec!["op.example".to_owned()]);
    let (port, folder) = (servers::free_port(), servers::folder("oidc-provider"));
    let back = "https://id.example/upstream/op/callback";
    let Some(program) = program(&certified, port, back) else { return };
    let process = servers::kept("KILL", &folder, &program);
    servers::await_listener(port, &folder);
    let address = ([127, 0, 0, 1], port).into();
    let app = house(leading_to(address), certified.authorities(), "https://op.example").await;
    // Its clock is the machine's.
    app.clock.advance(std::time::Duration::from_secs(SystemClock.now().since(app.clock.now()).as_secs()));
    let mut first = None;
    for _ in 0..2 {
        let mut browser = app.browser();
        let url = leave(&app, &mut browser).await;
        let back = agree(&mut browser_there(certified.client(address)), &url, "minji").await;
        let claims = arrive(&app, &mut browser, &back).await;
        assert_eq!(*first.get_or_insert_with(|| claims["sub"].clone()), claims["sub"]);
    }
    let email = haechi::model::user::EmailAddress::parse("minji@corp.example").unwrap();
    let user = app.app.stores.users.find_by_email(&email).await.unwrap().unwrap();
    assert_eq!(user.profile["name"], "Kim Minji");
    assert_eq!(user.profile["picture"], "https://op.example/people/kim.png");
    let links = app.app.stores.upstream_links.of_user(user.id).await.unwrap();
    assert_eq!(links[0].identity.subject.as_str(), "minji");
    // Who cancels there is told so here.
    let mut browser = app.browser();
    let url = leave(&app, &mut browser).await;
    let mut there = browser_there(certified.client(address));
    let page = there.get(url.as_str()).await;
    let aborted = there.get(&format!("{}/abort", page.url.path())).await;
    let page = browser.get(&aborted.location().unwrap()).await;
    assert_eq!(outcome(&page), "upstream-refused");
    servers::stop(process);
}

/// Another Haechi at `https://op.example`, where we are a client.
async fn other_house() -> TestApp {
    let other = TestApp::with(|config| "https://op.example".clone_into(&mut config.server.issuer)).await;
    other
        .client(CLIENT, |client| {
            client.kind = ClientKind::Web;
            client.authentication.method = ClientAuthentication::ClientSecretBasic;
            let digest = ClientSecret::digest_of(SECRET);
            client.authentication.secrets =
                vec![ClientSecret { digest, created_at: client.created_at, expires_at: None }];
            client.redirects.uris = vec![redirect_uri("https://id.example/upstream/op/callback")];
        })
        .await;
    other.user("minji@corp.example").await;
    other
}

#[tokio::test]
async fn a_haechi_signs_people_in_to_another_haechi() {
    let other = other_house().await;
    let certified = Certified::new(vec!["op.example".to_owned()]);
    let served = certified.serve(other.router.clone()).await;
    let app = house(leading_to(served.address), certified.authorities(), "https://op.example").await;
    let mut there = other.browser();
    let mut first = None;
    for time in 0..2 {
        let mut browser = app.browser();
        let url = leave(&app, &mut browser).await;
        let mut page = there.get(url.as_str()).await;
        if time == 0 {
            page = there.submit(&page, "login", &[("email", "minji@corp.example"), ("password", PASSWORD)]).await;
            page = there.submit(&page, "consent", &[("decision", "allow")]).await;
        }
        let claims = arrive(&app, &mut browser, &page.location().unwrap()).await;
        assert_eq!(*first.get_or_insert_with(|| claims["sub"].clone()), claims["sub"]);
    }
    let email = haechi::model::user::EmailAddress::parse("minji@corp.example").unwrap();
    let user = app.app.stores.users.find_by_email(&email).await.unwrap().unwrap();
    assert_eq!(user.profile["name"], "Test Person");
    let theirs = other.app.stores.users.find_by_email(&email).await.unwrap().unwrap();
    let links = app.app.stores.upstream_links.of_user(user.id).await.unwrap();
    assert_eq!(links[0].identity.subject.as_str(), theirs.id.to_string());
    assert_ne!(user.id, theirs.id);
}
