//! Who may do what, route by route, and ways around the routes.

use std::fmt::Write;

use axum::http::{Method, StatusCode};
use haechi::admin::affiliations::{self, Definition, GroupResource, RoleResource};
use haechi::admin::{Authority, apis, claim_rules, connections, users, webhooks};
use haechi::http::csrf::{self, DrawnFor};
use haechi::http::extract;
use haechi::model::user::Role;

use serde_json::json;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

/// Every route and method, read off the router's source: a new one shows in the matrix.
pub(super) fn routes() -> Vec<(Method, String)> {
    let source = include_str!("../../../src/http/router.rs");
    let mut found = Vec::new();
    for line in source.split(".route(\"").skip(1) {
        let (path, rest) = line.split_once('"').unwrap();
        let call = rest.split(".route").next().unwrap();
        for (name, method) in [("get(", Method::GET), ("post(", Method::POST)] {
            let named =
                |text: &str| call.match_indices(text).any(|(at, _)| !call[..at].ends_with(char::is_alphanumeric));
            if named(name) {
                found.push((method, path.to_owned()));
            }
        }
    }
    assert!(found.len() > 30, "{found:?}");
    found
}

/// What a route answers: its status, and where it leads or what it calls the problem.
fn in_short(page: &Page) -> String {
    let status = page.status.as_u16();
    match page.location() {
        Some(to) => format!("{status} {to}"),
        None if page.has("error") => format!("{status} {}", page.problem()),
        None => status.to_string(),
    }
}

/// The path of a route, with a name that nothing has for each parameter of those whose forms are bound to it.
fn named(path: &str) -> String {
    if acts_for_an_account(path) { path.replace(['{', '}'], "") } else { path.to_owned() }
}

async fn ask(app: &TestApp, browser: &Browser, (method, path): &(Method, String)) -> String {
    let mut browser = browser.clone();
    let path = &named(path);
    let page = if *method == Method::GET {
        browser.get_once(path).await
    } else {
        // The token of the form is good, and nothing else is in it.
        let token = if acts_for_an_account(path) || path == "/logout" {
            app.csrf(&browser, path).await
        } else {
            token(app, &browser, DrawnFor::Browser, path)
        };
        browser.post_once(path, &[("csrf", &token)]).await
    };
    in_short(&page)
}

fn token(app: &TestApp, browser: &Browser, drawn_for: DrawnFor, path: &str) -> String {
    let here = extract::Browser { secret: browser.visitor().browser, known: true };
    csrf::token(&app.app, &here, drawn_for, path)
}

/// Whether what is posted there acts for the account that is signed in.
fn acts_for_an_account(path: &str) -> bool {
    path.starts_with("/account") || path.starts_with("/admin")
}

/// Forms of our own pages that act for no account that is signed in already: they sign one in, go on with a login in which they name the
/// sign-in themselves, or set a cookie.
const OF_THE_BROWSER: &[&str] = &[
    "/login",
    "/login/passkey",
    "/login/code",
    "/login/link",
    "/signup",
    "/signup/passkey",
    "/signup/code",
    "/signup/link",
    "/passkeys/question",
    "/second-step",
    "/second-step/code",
    "/second-step/mail",
    "/select-account",
    "/consent",
    "/claim",
    "/forgot",
    "/reset",
    "/reset/passkey",
    "/verify-email",
    "/verify-email/send",
    "/undo-email",
    "/language",
    "/upstream/confirm",
    "/upstream/email",
];
/// What apps, services and providers post to: they were shown no form. The question whether to sign out is asked again (see below).
const NO_FORM: &[&str] = &[
    "/token",
    "/userinfo",
    "/revoke",
    "/introspect",
    "/upstream/{slug}/backchannel-logout",
    "/authorize",
    "/upstream/{slug}/callback",
    "/logout",
];

#[tokio::test]
async fn mix_011_a_form_of_another_sign_in_does_nothing_on_any_route() {
    let app = TestApp::new().await;
    let mut accounts = Vec::new();
    for email in ["first@example.com", "second@example.com"] {
        let user = app.user(email).await;
        let roles = vec![Role::Administrator];
        accounts.push(users::set_roles(&app.app.admin, &Authority::operator(), user.id, roles).await.unwrap());
    }
    let mut browser = app.signed_in(&accounts[0]).await;
    let session = app.app.flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
    let first = DrawnFor::SignIn(session.current().unwrap().id);
    app.sign_in(&mut browser, &accounts[1]).await;
    let mut refused = 0;
    for (_, route) in routes().into_iter().filter(|(method, _)| *method == Method::POST) {
        let path = named(&route);
        let csrf = token(&app, &browser, first, &path);
        if acts_for_an_account(&path) {
            let page = browser.post_once(&path, &[("csrf", &csrf)]).await;
            assert_eq!(page.status, StatusCode::CONFLICT, "{path}");
            assert!(page.has("other-sign-in") && page.body.contains("second@example.com"), "{path}");
            refused += 1;
        } else if OF_THE_BROWSER.contains(&path.as_str()) {
            // Nor is a form of an account one of those.
            assert_eq!(browser.post_once(&path, &[("csrf", &csrf)]).await.problem(), "stale-form", "{path}");
        } else {
            assert!(NO_FORM.contains(&route.as_str()), "{route}: say here whether its form acts for an account");
        }
    }
    assert!(refused > 10, "{refused}");
    // A token of no sign-in is worth nothing where an account is needed.
    let unbound = token(&app, &browser, DrawnFor::Browser, "/account/profile");
    let page = browser.post_once("/account/profile", &[("csrf", &unbound), ("name", "Mallory")]).await;
    assert_eq!(page.problem(), "stale-form");
    // And one whose sign-in was exchanged is a forgery.
    let second = app.csrf(&browser, "/account/profile").await;
    let (tag, _) = token(&app, &browser, first, "/account/profile")
        .split_once('.')
        .map(|(t, i)| (t.to_owned(), i.to_owned()))
        .unwrap();
    let forged = format!("{tag}.{}", second.split_once('.').unwrap().1);
    let page = browser.post_once("/account/profile", &[("csrf", &forged), ("name", "Mallory")]).await;
    assert_eq!(page.problem(), "stale-form");
}

/// The id of a group or a role that is made.
async fn made<D: Definition>(app: &TestApp, new: D) -> String {
    let made = affiliations::create(&app.app.admin, &Authority::operator(), &new).await.unwrap();
    made.affiliation.id.to_string()
}

/// A mail that waits.
fn mail_to(app: &TestApp, to: &str) -> haechi::model::mail::Mail {
    use haechi::model::mail::{Mail, MailPurpose, MailState};
    let now = app.app.clock.now();
    Mail {
        id: haechi::support::id::MailId::new(now, &*app.app.random),
        purpose: MailPurpose::Notice,
        user: None,
        to: haechi::model::user::EmailAddress::parse(to).unwrap(),
        sealed: vec![1],
        state: MailState::Waiting,
        attempts: 0,
        created_at: now,
        next_at: now,
        stale_at: now.plus(std::time::Duration::from_hours(1)),
        last: None,
    }
}

/// What a path of the console is about: something that there is, so that what is refused is refused for whoever asks.
pub(super) struct Object {
    parameter: &'static str,
    name: String,
}

impl Object {
    pub(super) async fn of(app: &TestApp, path: &str, who: &str) -> Self {
        let (parameter, name) = if path.starts_with("/admin/people/{id}") {
            ("{id}", app.user(&format!("lee-{}@example.com", who.replace('_', "-"))).await.id.to_string())
        } else if path.starts_with("/admin/connections/{slug}") {
            let slug = format!("for-{}", who.replace('_', "-"));
            let new = json!({ "preset": "google", "client_id": "haechi", "slug": slug });
            let new = serde_json::from_value(new).unwrap();
            connections::create(&app.app.admin, &Authority::operator(), new).await.unwrap();
            ("{slug}", slug)
        } else if path.starts_with("/admin/groups/{id}") {
            let new = serde_json::from_value(json!({ "name": who.replace('_', "-") })).unwrap();
            ("{id}", made::<GroupResource>(app, new).await)
        } else if path.starts_with("/admin/roles/{id}") {
            let new = serde_json::from_value(json!({ "name": who.replace('_', "-") })).unwrap();
            ("{id}", made::<RoleResource>(app, new).await)
        } else if path.starts_with("/admin/claims/rules/{name}") {
            let name = who.replace('_', "-");
            let new = json!({ "name": name, "claim": format!("of-{name}"), "source": "roles", "scope": "profile" });
            let new = serde_json::from_value(new).unwrap();
            claim_rules::create(&app.app.admin, &Authority::operator(), &new).await.unwrap();
            ("{name}", name)
        } else if path.starts_with("/admin/webhooks/{id}") {
            let new = serde_json::from_value(json!({ "url": "https://hooks.example/in" })).unwrap();
            let made = webhooks::create(&app.app.admin, &Authority::operator(), &new).await.unwrap();
            ("{id}", made.webhook.id.to_string())
        } else if path.starts_with("/admin/mail/{id}") {
            let mail = mail_to(app, &format!("{}@example.com", who.replace('_', "-")));
            app.commit(vec![haechi::store::Change::PutMail(Box::new(mail.clone()))]).await;
            ("{id}", mail.id.to_string())
        } else if path.starts_with("/admin/apis/{id}") {
            let new = serde_json::from_value(json!({ "resource": format!("urn:{who}:{path}") })).unwrap();
            ("{id}", apis::create(&app.app.admin, &Authority::operator(), &new).await.unwrap().id.to_string())
        } else if path.starts_with("/admin/apps/{id}") {
            let id = format!("app-{}", who.replace('_', "-"));
            app.client(&id, |_| {}).await;
            ("{id}", id)
        } else if path.starts_with("/admin/release/") {
            let id = format!("app-{}", who.replace('_', "-"));
            app.client(&id, |client| client.managed_by = haechi::model::connection::Slug::parse("gitops").ok()).await;
            ("{kind}/{name}", format!("client/{id}"))
        } else if path.starts_with("/admin/apps/new/{by}") {
            ("{by}", "web".to_owned())
        } else if path == "/admin/setup/production/{file}" {
            ("{file}", "haechi.toml".to_owned())
        } else if path.starts_with("/admin/presets/{preset}") {
            ("{preset}", "kakao".to_owned())
        } else {
            ("{}", "{}".to_owned())
        };
        Self { parameter, name }
    }

    pub(super) fn put_into(&self, path: &str) -> String {
        path.replace(self.parameter, &self.name)
    }

    fn left_out_of(&self, answer: &str) -> String {
        answer.replace(&self.name, self.parameter)
    }
}

#[tokio::test]
async fn adm_001_who_may_do_what_on_every_route() {
    let mut matrix = String::new();
    for route in routes() {
        // A house of its own: some routes end what the next one needs.
        let app = TestApp::new().await;
        let mut anybody = app.browser();
        anybody.ensure_cookie().await;
        let mut rows = vec![("anybody", anybody), ("person", app.signed_in(&app.user("kim@example.com").await).await)];
        for role in Role::ALL.iter().filter(|role| route.1.starts_with("/admin") || **role == Role::Administrator) {
            let holder = app.user(&format!("{}@example.com", role.as_str().replace('_', "-"))).await;
            users::set_roles(&app.app.admin, &Authority::operator(), holder.id, vec![*role]).await.unwrap();
            rows.push((role.as_str(), app.signed_in(&holder).await));
        }
        writeln!(matrix, "{} {}", route.0, route.1).unwrap();
        for (name, browser) in rows {
            // What one deletes is not there for the next.
            let object = Object::of(&app, &route.1, name).await;
            let there = (route.0.clone(), object.put_into(&route.1));
            let answer = ask(&app, &browser, &there).await;
            writeln!(matrix, "  {name}: {}", object.left_out_of(&answer)).unwrap();
        }
    }
    insta::assert_snapshot!(matrix);
}

#[tokio::test]
async fn adm_018_an_empty_form_passes_no_stage() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let user = app.user("kim@example.com").await;
    let no_code = |page: &Page| !page.status.is_redirection() || !page.answer().contains_key("code");
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let (csrf, flow) = ["csrf", "flow"].map(|name| login.form("login").field(name).unwrap().to_owned()).into();
    for fields in [
        vec![],
        vec![("email", "")],
        vec![("email", "kim@example.com")],
        vec![("email", "kim@example.com"), ("password", "")],
        vec![("password", PASSWORD)],
        vec![("email", "kim@example.com"), ("Password", PASSWORD)],
    ] {
        let own = [("csrf", csrf.as_str()), ("flow", flow.as_str())];
        let page = browser.post_once("/login", &[&own[..], &fields].concat()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(browser.cookie(browser.session_cookie_name()).is_none());
        // Nor does the dispatcher go past the stage.
        assert!(browser.get(&format!("/continue?flow={flow}")).await.has("login"));
    }
    app.sign_in(&mut browser, &user).await;
    for (url, form, path) in [
        (Ask::of("app").url(), "consent", "/consent"),
        (Ask::of("app").with("prompt", "select_account").url(), "accounts", "/select-account"),
    ] {
        for decision in
            [&[][..], &[("decision", "")], &[("decision", "ALLOW")], &[("decision", "allow")], &[("account", "")]]
        {
            let page = browser.get(&url).await;
            let (csrf, flow) = ["csrf", "flow"].map(|name| page.form(form).field(name).unwrap().to_owned()).into();
            let own = [("csrf", csrf.as_str()), ("flow", flow.as_str())];
            // Not even a yes, where it does not say whose it is.
            let page = browser.post_once(path, &[&own[..], decision].concat()).await;
            let page = browser.follow(page).await;
            assert!(no_code(&page), "{path} {decision:?}: {:?}", page.location());
        }
    }
    let granted = app.app.stores.consents.of_user(user.id).await.unwrap();
    assert!(granted.is_empty(), "{granted:?}");
}

#[tokio::test]
async fn adm_018_a_body_that_is_no_form_passes_no_stage() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let login = browser.get("/login").await;
    let csrf = login.form("login").field("csrf").unwrap().to_owned();
    app.user("kim@example.com").await;
    let json = format!("{{\"csrf\":\"{csrf}\",\"email\":\"kim@example.com\",\"password\":\"{PASSWORD}\"}}");
    let form = format!("csrf={csrf}&email=kim%40example.com&password={}", PASSWORD.replace(' ', "+"));
    for (kind, body) in [
        ("application/json", &json),
        ("text/plain", &json),
        ("text/plain", &form),
        ("multipart/form-data; boundary=x", &form),
        ("application/x-www-form-urlencodedx", &form),
    ] {
        let page = browser.send(Method::POST, "/login", &[("content-type", kind)], None).await;
        assert!(page.status.is_client_error(), "{kind}");
        let page = post_as(&mut browser, kind, body).await;
        assert!(page.status.is_client_error(), "{kind}: {}", page.status);
        assert!(browser.cookie(browser.session_cookie_name()).is_none(), "{kind}");
    }
    // In the address the same is nothing either.
    let page = browser.send(Method::POST, &format!("/login?{form}"), &[], Some(String::new())).await;
    assert!(page.status.is_client_error() && browser.cookie(browser.session_cookie_name()).is_none());
}

/// Posts a body of another kind than the browser's own.
async fn post_as(browser: &mut Browser, kind: &str, body: &str) -> Page {
    let mut other = browser.clone();
    other.send_as(Method::POST, "/login", kind, body).await
}

#[tokio::test]
async fn adm_019_a_path_that_is_written_otherwise_leads_nowhere() {
    let app = TestApp::new().await;
    let user = app.user("kim@example.com").await;
    let mut anybody = app.browser();
    anybody.ensure_cookie().await;
    let mut signed_in = app.signed_in(&user).await;
    for path in [
        "//account",
        "/account/",
        "/./account",
        "/x/../account",
        "/ACCOUNT",
        "/Account",
        "/account;x",
        "/account;/",
        "/%61ccount/",
        "/account%2f",
        "/account%00",
        "/account%20",
        "/account.json",
        "/account//sessions",
        "/%2e/account",
        "/static/../account",
        "/static/%2e%2e/account",
        "/account%3fx",
        "/account%23",
        "/\u{ff0f}account",
    ] {
        let raw = path.replace('\u{ff0f}', "%EF%BC%8F");
        for browser in [&mut anybody, &mut signed_in] {
            let page = browser.send_raw(&raw).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{raw}");
            assert!(!page.body.contains("kim@example.com"), "{raw}");
        }
    }
    // What stands in headers is no path, and no method.
    for header in ["x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-forwarded-prefix"] {
        let page = signed_in.send(Method::GET, "/signed-out", &[(header, "/account")], None).await;
        assert!(page.has("still-signed-in"), "{header}");
    }
    let sessions = async || app.app.flow.sessions.of_user(user.id).await.unwrap().len();
    for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let page = signed_in.send(Method::GET, "/logout?confirm=yes&_method=POST", &[(header, "POST")], None).await;
        assert_eq!((page.status, sessions().await), (StatusCode::OK, 1), "{header}");
    }
}
