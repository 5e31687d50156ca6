//! docs/reference/endpoints.md: each error is given where its table says so, with that status, and no other ever; every endpoint is there, and every
//! scope and claim is one that the metadata names.

use std::collections::BTreeSet;
use std::fs;

use haechi::admin::{Authority, policy};
use haechi::config::mail::MailTransport;
use haechi::protocol::ErrorCode;

use super::pages::root;
use crate::support::app::TestApp;
use crate::support::ask::CHALLENGE;
use crate::support::browser::{Browser, Page};
use crate::support::furnished::{Furnished, REDIRECT};

/// Given anywhere, when something breaks: `faults` breaks it.
const BROKEN: &[ErrorCode] = &[ErrorCode::ServerError, ErrorCode::TemporarilyUnavailable];
/// `prompt=none` stands alone, so the choice among accounts that it would answer for is never asked for beside it.
const NEVER: &[ErrorCode] = &[ErrorCode::AccountSelectionRequired];

/// An endpoint, an error, and the status that it comes with: 303 for an answer by redirect.
type Given = (String, String, u16);

/// What the table of a page says.
fn documented(page: &str) -> BTreeSet<Given> {
    let rows = table(page, "| `error` |");
    rows.iter()
        .flat_map(|row| where_of(&row[1]).map(|(endpoint, status)| (endpoint, quoted(&row[0])[0].to_owned(), status)))
        .collect()
}

/// The endpoints of a cell, and with which status: 400, unless another is said.
fn where_of(cell: &str) -> impl Iterator<Item = (String, u16)> {
    let status = cell.rsplit(": ").next().and_then(|status| status.parse().ok()).unwrap_or(400);
    let with = move |endpoint: &str| if endpoint == "/authorize" { 303 } else { status };
    quoted(cell).into_iter().map(move |endpoint| (endpoint.to_owned(), with(endpoint)))
}

#[test]
fn every_error_that_there_is_has_a_row() {
    for page in PAGES {
        let rows: BTreeSet<String> = documented(page).into_iter().map(|(_, code, _)| code).collect();
        let given = ErrorCode::ALL.iter().filter(|code| !NEVER.contains(code));
        assert_eq!(rows, given.map(|code| code.as_str().to_owned()).collect(), "{page}");
    }
}

#[tokio::test]
async fn every_error_is_given_where_the_table_says_so() {
    let house = TestApp::furnished_with(|config| config.mail.transport = Some(MailTransport::File)).await;
    let mut given = at_the_token_endpoint(&house).await;
    given.extend(at_other_endpoints(&house).await);
    given.extend(at_the_authorization_endpoint(&house).await);
    for page in PAGES {
        let mut says = documented(page);
        says.retain(|(_, code, _)| !BROKEN.iter().any(|broken| broken.as_str() == code));
        assert_eq!(says, given, "{page}");
    }
}

const PAGES: [&str; 2] = ["docs/reference/endpoints.md", "docs/reference/endpoints.ko.md"];

/// The cells of the table whose first column has this heading, row by row.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let (_, table) = text.split_once(heading).unwrap_or_else(|| panic!("{page} has no table {heading}"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[tokio::test]
async fn every_endpoint_that_is_listed_is_there() {
    let house = TestApp::furnished().await;
    for (page, heading) in PAGES.into_iter().zip(["| endpoint |", "| 엔드포인트 |"]) {
        for row in table(page, heading) {
            let named = quoted(&row[0]);
            let path = named.last().unwrap().split(' ').nth(1).unwrap();
            for method in named.iter().map(|one| one.split(' ').next().unwrap()) {
                let method = if method == "GET" { "GET" } else { "POST" };
                // What answers 404 itself has another text than what answers for nothing.
                let answer = house.call(method, path).header("accept", "application/json").send().await;
                let nothing = [404, 405].contains(&answer.status.as_u16()) && answer.body.contains("invalid_request");
                assert!(!nothing, "{page}: {method} {path}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn scopes_and_claims_are_those_of_the_metadata() {
    let metadata = TestApp::furnished().await.get("/.well-known/openid-configuration").send().await.expect(200);
    let of = |name: &str| -> BTreeSet<String> {
        metadata[name].as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    for (page, heading) in PAGES.into_iter().zip(["| scope |", "| 스코프 |"]) {
        let rows = table(page, heading);
        let column = |at: usize| rows.iter().flat_map(move |row| quoted(&row[at])).map(str::to_owned);
        assert_eq!(column(0).collect::<BTreeSet<_>>(), of("scopes_supported"), "{page}");
        let text = fs::read_to_string(root().join(page)).unwrap();
        let id_token = text.lines().find(|line| line.starts_with("**ID ")).unwrap();
        let claims: BTreeSet<String> = column(1).chain(quoted(id_token).into_iter().map(str::to_owned)).collect();
        let missing: Vec<_> = of("claims_supported").difference(&claims).cloned().collect();
        assert!(missing.is_empty(), "{page} does not say {missing:?}");
    }
}

async fn at_the_token_endpoint(house: &Furnished) -> BTreeSet<Given> {
    let of =
        |pairs: &'static [(&'static str, &'static str)], client: &str| house.post("/token").form(pairs).basic(client);
    let asking = |more: &'static [(&'static str, &'static str)]| {
        of(&[("grant_type", "client_credentials")], "worker").form(more)
    };
    let calls = [
        of(&[("scope", "read")], "web"),
        house.post("/token").form(&[("grant_type", "client_credentials")]).basic_with("worker", "another"),
        of(&[("grant_type", "refresh_token"), ("refresh_token", "unknown")], "web"),
        of(&[("grant_type", "authorization_code"), ("code", "unknown")], "worker"),
        of(&[("grant_type", "password")], "web"),
        asking(&[("scope", "admin")]),
        asking(&[("resource", "https://elsewhere.example")]),
    ];
    let mut given = BTreeSet::new();
    for call in calls {
        let answer = call.send().await;
        given.insert(("/token".to_owned(), answer.error(answer.status.as_u16()), answer.status.as_u16()));
    }
    given
}

async fn at_other_endpoints(house: &Furnished) -> BTreeSet<Given> {
    let without_openid = house.tokens("read").await.access_token;
    let calls = [
        ("/userinfo", house.get("/userinfo?access_token=a")),
        ("/userinfo", house.get("/userinfo").bearer("unknown")),
        ("/userinfo", house.get("/userinfo").bearer(&without_openid)),
        ("/introspect", house.post("/introspect").form(&[]).basic("web")),
        ("/introspect", house.post("/introspect").form(&[("token", "a")]).basic_with("web", "another")),
        ("/revoke", house.post("/revoke").form(&[]).basic("web")),
        ("/revoke", house.post("/revoke").form(&[("token", "a")]).basic_with("web", "another")),
        ("/upstream/SLUG/backchannel-logout", house.post("/upstream/nowhere/backchannel-logout").form(&[])),
    ];
    let mut given = BTreeSet::new();
    for (endpoint, call) in calls {
        let answer = call.send().await;
        given.insert((endpoint.to_owned(), answer.error(answer.status.as_u16()), answer.status.as_u16()));
    }
    given
}

/// A good request of `web`, with some parameters replaced.
fn request(changes: &[(&str, &str)]) -> String {
    let good = [
        ("response_type", "code"),
        ("client_id", "web"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = good.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(changes)).finish();
    format!("/authorize?{query}")
}

async fn at_the_authorization_endpoint(house: &Furnished) -> BTreeSet<Given> {
    const ACR: &str = r#"{"id_token":{"acr":{"essential":true,"values":["gold"]}}}"#;
    const TWO: &str = r#"{"id_token":{"acr":{"essential":true,"values":["urn:haechi:acr:2fa"]}}}"#;
    let mut given = BTreeSet::new();
    let mut note = |page: &Page| given.insert(("/authorize".to_owned(), page.error(), page.status.as_u16()));
    let mut nobody = house.browser();
    for changes in [
        &[("code_challenge_method", "plain")][..],
        &[("client_id", "worker")],
        &[("response_type", "token")],
        &[("scope", "admin")],
        &[("resource", "https://elsewhere.example")],
        &[("prompt", "none")],
        &[("request", "a.b.c")],
        &[("request_uri", "https://web.example/request")],
        &[("registration", "{}")],
    ] {
        note(&nobody.get(&request(changes)).await);
    }
    let mut alice = house.signed_in(&house.alice).await;
    note(&alice.get(&request(&[("prompt", "none")])).await);
    note(&alice.get(&request(&[("claims", ACR)])).await);
    note(&alice.get(&request(&[("claims", TWO), ("prompt", "none")])).await);
    note(&denied(&mut alice).await);
    let asked = serde_json::from_value(serde_json::json!({ "email_verification": "before_login" })).unwrap();
    policy::set_sign_in(&house.app.admin, &Authority::operator(), (), &asked).await.unwrap();
    let mut unproved = house.signed_in(&house.user("kim@example.com").await).await;
    note(&unproved.get(&request(&[("prompt", "none")])).await);
    given
}

async fn denied(browser: &mut Browser) -> Page {
    let consent = browser.get(&request(&[])).await;
    browser.submit(&consent, "consent", &[("decision", "deny")]).await
}
