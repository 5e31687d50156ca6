//! SESS-012: every cookie that any page sets, to whomever and on whatever way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, header};
use haechi::model::mail::MailPurpose;
use scraper::Selector;
use tower::ServiceExt;
use url::Position;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;

const KIM: &str = "kim@example.com";
const OWNER: &str = "owner@example.com";
const NEW_PASSWORD: &str = "a boat between two green hills";
/// All that there are.
const OURS: [&str; 5] = [
    "__Host-haechi-browser",
    "__Host-haechi-session",
    "__Host-haechi-locale",
    "__Host-haechi-next",
    "__Host-haechi-console",
];
/// RFC 6265bis section 5.5: as long as a browser keeps any.
const LONGEST: u64 = 400 * 86_400;

/// What was set, and by which request.
#[derive(Clone, Default)]
struct Jar(Arc<Mutex<BTreeMap<String, String>>>);

impl Jar {
    /// A browser of which every answer is looked into, those among them that it only passes by.
    fn browser(&self, house: &TestApp) -> Browser {
        let (router, jar) = (house.router.clone(), self.clone());
        let between = move |request: Request| {
            let (router, jar) = (router.clone(), jar.clone());
            async move {
                let asked = format!("{} {}", request.method(), request.uri().path());
                let answer = router.oneshot(request).await.unwrap();
                for line in answer.headers().get_all(header::SET_COOKIE) {
                    jar.0.lock().unwrap().insert(line.to_str().unwrap().to_owned(), asked.clone());
                }
                answer
            }
        };
        Browser::new(Router::new().fallback(between), house.issuer())
    }

    /// Looks at each, and says which there were.
    fn looked_at(&self) -> BTreeSet<String> {
        let found = self.0.lock().unwrap().clone();
        found.iter().map(|(line, by)| name_of_good(line, by)).collect()
    }
}

/// The name of a cookie that is bound to the host: ASVS 3.3.1 to 3.3.5, RFC 6265bis section 4.1.
fn name_of_good(line: &str, by: &str) -> String {
    let mut parts = line.split("; ");
    let (name, value) = parts.next().unwrap().split_once('=').unwrap();
    let mut attributes: Vec<&str> = parts.collect();
    assert!(OURS.contains(&name), "{by}: {line}");
    let legal = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | ',' | ';' | '\\');
    assert!(value.chars().all(legal) && line.len() < 4096, "{by}: {line}");
    let site = if name == OURS[4] { "SameSite=Strict" } else { "SameSite=Lax" };
    for wanted in ["Path=/", "HttpOnly", site, "Secure"] {
        assert_eq!(attributes.iter().filter(|one| **one == wanted).count(), 1, "{by}: {wanted}: {line}");
        attributes.retain(|one| *one != wanted);
    }
    // And nothing else: no domain above all.
    for left in &attributes {
        let age = left.strip_prefix("Max-Age=").and_then(|age| age.parse::<u64>().ok());
        assert!(age.is_some_and(|age| age <= LONGEST), "{by}: {left}: {line}");
    }
    assert!(attributes.len() <= 1, "{by}: {line}");
    name.to_owned()
}

/// Where the links, forms, pictures and scripts of a page lead, at home.
fn ways(page: &Page) -> Vec<String> {
    let html = page.html();
    let named = Selector::parse("[href], [src], form[action]").unwrap();
    let targets =
        html.select(&named).filter_map(|one| ["href", "src", "action"].iter().find_map(|name| one.value().attr(name)));
    let urls = targets.filter_map(|to| page.url.join(to).ok()).filter(|url| url.origin() == page.url.origin());
    urls.map(|url| url[Position::BeforePath..Position::AfterQuery].to_owned()).collect()
}

/// Opens whatever is linked, from one page to the next: how many there were to read.
pub(super) async fn crawl(browser: &mut Browser, from: &str) -> usize {
    let mut waiting = VecDeque::from([from.to_owned()]);
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    while let Some(path) = waiting.pop_front() {
        // Of a page that says more of the same under further addresses one is enough, and what never ends is none.
        let alike = path.split(['?', '#']).next().unwrap().to_owned();
        let is_own = path.contains("token=") || path.contains("flow=");
        if path.contains("/events") || !seen.insert(if is_own { path.clone() } else { alike }) || seen.len() > 400 {
            continue;
        }
        let page = browser.get_once(&path).await;
        if let Some(to) = page.location() {
            let to = page.url.join(&to).unwrap();
            if to.origin() == page.url.origin() {
                waiting.push_back(to[Position::BeforePath..Position::AfterQuery].to_owned());
            }
        } else if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            pages += 1;
            waiting.extend(ways(&page));
        }
    }
    pages
}

#[tokio::test]
async fn sess_012_every_cookie_of_every_page_that_is_linked_is_bound_to_the_host() {
    let (house, jar) = (mailbox::house(|_| ()).await, Jar::default());
    house.client("app", |_| ()).await;
    let (kim, owner) = (house.user(KIM).await, house.administrator(OWNER).await);
    for (user, begins, least) in [(None, "/account", 3), (Some(&kim), "/account", 8), (Some(&owner), "/admin", 25)] {
        let mut browser = jar.browser(&house);
        if let Some(user) = user {
            house.sign_in(&mut browser, user).await;
        }
        let pages = crawl(&mut browser, begins).await;
        assert!(pages >= least, "{pages} pages only: {user:?}");
        // In the middle of an app's request, too.
        crawl(&mut browser, &Ask::of("app").url()).await;
    }
    let names = jar.looked_at();
    assert!(names.contains(OURS[0]) && names.contains(OURS[3]), "{names:?}");
}

/// Whatever is asked of a route, and whoever asks, is refused or answered with cookies that are as good.
#[tokio::test]
async fn sess_012_every_cookie_of_every_route_is_bound_to_the_host() {
    let (house, jar) = (TestApp::new().await, Jar::default());
    let owner = house.administrator(OWNER).await;
    let source = include_str!("../../../src/http/router.rs");
    let paths: BTreeSet<&str> = source.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(paths.len() > 60, "{paths:?}");
    for path in paths.into_iter().filter(|path| !path.ends_with("/events")) {
        let path = path.replace(['{', '}'], "");
        for signed_in in [false, true] {
            let mut browser = jar.browser(&house);
            if signed_in {
                house.sign_in(&mut browser, &owner).await;
            }
            for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS, Method::DELETE] {
                let form = (method == Method::POST).then(String::new);
                browser.send(method, &path, &[], form).await;
            }
        }
    }
    assert!(!jar.looked_at().is_empty());
}

/// The ways in and out, on which the session's own cookie is given, exchanged, kept and taken back.
#[tokio::test]
async fn sess_012_every_cookie_of_every_way_in_and_out_is_bound_to_the_host() {
    let (house, jar) = (mailbox::house(|_| ()).await, Jar::default());
    house.decide_sign_in(|policy| (policy.remember_me, policy.by_mail) = (true, true)).await;
    house.user(KIM).await;
    // From a page that was asked for, in another language, and remembered.
    let mut browser = jar.browser(&house);
    let login = browser.get("/account/sessions").await;
    let login = browser.submit(&login, "languages", &[("locale", "ko")]).await;
    let filled = [("email", KIM), ("password", PASSWORD), ("remember", "yes")];
    let page = browser.submit(&login, "login", &filled).await;
    assert_eq!(page.url.path(), "/account/sessions", "{}", page.body);
    // A passkey is added, which raises the session, and used.
    let mut device = Authenticator::new(house.issuer(), "kim");
    assert!(browser.add_passkey(&mut device, "").await.has("saved"));
    let mut other = jar.browser(&house);
    let login = other.get("/login").await;
    assert!(other.use_passkey(&login, &mut device).await.has("account-name"));
    // A proof.
    house.clock.advance(Duration::from_mins(20));
    let page = other.get("/account/security").await;
    let fields = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    let asked = other.submit(&page, "account-password", &fields).await;
    let done = if asked.has("step-up") { other.use_passkey(&asked, &mut device).await } else { asked };
    assert!(done.has("saved"), "{}", done.body);
    // By mail, and by a new password that was mailed for.
    let mut mailed = jar.browser(&house);
    let login = mailed.get("/login").await;
    mailed.submit(&login, "login", &[("email", KIM), ("password", ""), ("mail", "yes")]).await;
    let link = house.mails_for(KIM, MailPurpose::SignIn).await[0].link("/login/link");
    let page = mailed.get(&link).await;
    mailed.submit(&page, "use-link", &[]).await;
    let forgot = mailed.get("/forgot").await;
    mailed.submit(&forgot, "forgot", &[("email", KIM)]).await;
    let link = house.mails_for(KIM, MailPurpose::ResetPassword).await[0].link("/reset");
    let page = mailed.get(&link).await;
    mailed.submit(&page, "reset", &[("password", PASSWORD)]).await;
    // A new account, which leaves again: signed out here, everywhere, and deleted.
    for (number, path) in ["/logout", "/account/sessions", "/account/delete"].into_iter().enumerate() {
        let (mut browser, email) = (jar.browser(&house), format!("new{number}@example.com"));
        let page = browser.get("/signup").await;
        browser.submit(&page, "signup", &[("email", &email), ("password", PASSWORD)]).await;
        let page = browser.get(path).await;
        let (form, fields) = match number {
            0 => ("logout", vec![]),
            1 => ("end-sessions", vec![("session", "all")]),
            _ => ("delete", vec![("address", email.as_str())]),
        };
        browser.submit(&page, form, &fields).await;
        assert!(!house.has_session(&browser).await, "{path}");
    }
    let lines = jar.0.lock().unwrap().clone();
    assert_eq!(jar.looked_at().into_iter().collect::<Vec<_>>(), {
        let mut ours = OURS.map(str::to_owned).to_vec();
        ours.sort();
        ours
    });
    let of_session: Vec<_> = lines.keys().filter(|line| line.starts_with(OURS[1])).collect();
    assert!(of_session.iter().any(|line| line.contains("Max-Age=0")), "one is taken back: {of_session:?}");
    assert!(of_session.iter().any(|line| !line.contains("Max-Age")), "one ends with the browser: {of_session:?}");
    assert!(of_session.iter().any(|line| line.contains("Max-Age") && !line.contains("Max-Age=0")), "one is kept");
}
