//! SESS-014: a secret is in what it is handed out by, and in nothing else: in no other page and no other address, in no header, no log, no audit log, and no mail as it is stored.
//!
//! Somebody walks through every way in and out in browsers of which every answer is kept, and each kind of secret that a browser, an app or a mail holds says in how many of them it may be.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use haechi::admin::mail::MailView;
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::mail::MailPurpose;
use haechi::model::policy::{FactorPolicy, Verification};
use haechi::store::Change;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::cookies::crawl;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, options};
use crate::support::browser::{Browser, Page};
use crate::support::factors::{Phone, STEP};
use crate::support::mailbox;
use crate::support::overheard::Overheard;

const NEW: &str = "new@example.com";
const KIM: &str = "kim@example.com";
const OWNER: &str = "owner@example.com";
const INVITED: &str = "lee@example.com";
const NEW_PASSWORD: &str = "a boat between two green hills";

/// In how many addresses that are asked for, redirects and pages a secret may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Most {
    asked: usize,
    leads: usize,
    pages: usize,
}

/// A browser or an end-user has it: they are told it in a cookie, or in a mail, or tell it.
const NOWHERE: Most = Most { asked: 0, leads: 0, pages: 0 };
/// One page shows it, once.
const SHOWN: Most = Most { asked: 0, leads: 0, pages: 1 };
/// A mail leads to its address, and the form there has it.
const MAILED: Most = Most { asked: 1, leads: 0, pages: 1 };
/// An app is sent it.
const SENT: Most = Most { asked: 0, leads: 1, pages: 0 };
/// Each form has it.
const IN_FORMS: Most = Most { asked: 0, leads: 0, pages: usize::MAX };

/// One answer, and what was asked.
struct Exchange {
    /// Path and query: what a history, a proxy and a referrer say.
    asked: String,
    leads: String,
    /// All headers but those that set cookies.
    headers: String,
    page: String,
}

/// Every answer that browsers were given.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Exchange>>>);

impl Seen {
    fn browser(&self, house: &TestApp) -> Browser {
        let (router, seen) = (house.router.clone(), self.clone());
        let between = move |request: Request| {
            let (router, seen) = (router.clone(), seen.clone());
            async move {
                let asked = request.uri().to_string();
                let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                seen.note(asked, &parts.headers, &body);
                Response::from_parts(parts, Body::from(body))
            }
        };
        Browser::new(Router::new().fallback(between), house.issuer())
    }

    fn note(&self, asked: String, headers: &HeaderMap, body: &[u8]) {
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer", "an address is told to others: {asked}");
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        let others = headers.iter().filter(|(name, _)| ![header::SET_COOKIE, header::LOCATION].contains(name));
        let others: Vec<String> = others.map(|(name, value)| format!("{name}: {value:?}")).collect();
        let is_code = ["text/css", "text/javascript"].iter().any(|kind| text(header::CONTENT_TYPE).starts_with(kind));
        let page = if is_code { String::new() } else { String::from_utf8_lossy(body).into_owned() };
        let leads = text(header::LOCATION).to_owned();
        self.0.lock().unwrap().push(Exchange { asked, leads, headers: others.join("\n"), page });
    }
}

struct Canary {
    what: &'static str,
    most: Most,
    text: String,
}

/// Whether a text has a secret in it. Six digits are a part of many a number: as a word of its own only.
fn has(text: &str, secret: &str) -> bool {
    text.match_indices(secret).any(|(at, _)| {
        let around = [text[..at].chars().next_back(), text[at + secret.len()..].chars().next()];
        secret.len() > 6 || !around.into_iter().flatten().any(char::is_alphanumeric)
    })
}

struct Walk {
    house: TestApp,
    seen: Seen,
    canaries: Vec<Canary>,
}

impl Walk {
    async fn begin() -> Self {
        let house = mailbox::house(|_| ()).await;
        house.first_party("app").await;
        house.decide_sign_in(|policy| (policy.verification, policy.by_mail) = (Verification::BeforeLogin, true)).await;
        let mut walk = Self { house, seen: Seen::default(), canaries: Vec::new() };
        for password in [PASSWORD, NEW_PASSWORD] {
            walk.keep("password", NOWHERE, password);
            walk.keep("password in a form", NOWHERE, &password.replace(' ', "+"));
        }
        walk
    }

    fn browser(&self) -> Browser {
        self.seen.browser(&self.house)
    }

    fn keep(&mut self, what: &'static str, most: Most, text: &str) {
        assert!(text.len() >= 6, "no {what}: {text}");
        // What is told twice is one secret.
        if self.canaries.iter().all(|known| known.text != text) {
            self.canaries.push(Canary { what, most, text: text.to_owned() });
        }
    }

    fn keep_cookies(&mut self, browser: &Browser) {
        for name in [browser.browser_cookie_name(), browser.session_cookie_name(), browser.console_cookie_name()] {
            if let Some(value) = browser.cookie(name) {
                self.keep(name, NOWHERE, value);
            }
        }
    }

    fn keep_form(&mut self, page: &Page, form: &str) {
        let token = page.form(form).field("csrf").unwrap().to_owned();
        self.keep("token of a form", IN_FORMS, &token);
    }

    /// What a page asks the browser for a passkey.
    fn keep_question(&mut self, page: &Page) {
        let asked: Value = serde_json::from_str(&options(page)).unwrap();
        self.keep("challenge", SHOWN, asked["challenge"].as_str().unwrap());
        self.keep("ticket", SHOWN, page.form("passkey").field("ticket").unwrap());
    }

    /// The link and the code of the newest mail: that is how often the link is used.
    async fn keep_mailed(&mut self, email: &str, (purpose, path): (MailPurpose, &str), most: Most) -> String {
        let letter = self.house.mails_for(email, purpose).await.remove(0);
        let link = letter.link(path);
        let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap();
        self.keep("token of a mailed link", most, token);
        if let Some(code) = letter.code() {
            self.keep("mailed code", NOWHERE, code);
        }
        link
    }

    /// By a mail, which is asked for twice.
    async fn signs_up(&mut self) {
        let mut browser = self.browser();
        let page = browser.get("/signup").await;
        self.keep_form(&page, "signup");
        self.keep_question(&page);
        let filled = [("email", NEW), ("name", "Kim"), ("password", PASSWORD)];
        let waiting = browser.submit(&page, "signup", &filled).await;
        let mail = (MailPurpose::SignUp, "/signup/link");
        self.keep_mailed(NEW, mail, NOWHERE).await;
        self.house.clock.advance(STEP);
        browser.submit(&waiting, "again", &[]).await;
        let link = self.keep_mailed(NEW, mail, MAILED).await;
        let page = browser.get(&link).await;
        self.keep_form(&page, "use-link");
        let account = browser.submit(&page, "use-link", &[]).await;
        assert_eq!(account.url.path(), "/account", "{}", account.body);
        self.keep_cookies(&browser);
    }

    /// Adds the second factor that is required: an app, with its recovery codes, of which one is answered.
    async fn adds_a_phone(&mut self) -> (Browser, Phone, String) {
        let kim = self.house.user(KIM).await;
        self.house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim })]).await;
        let kim = self.house.user_of(KIM).await;
        self.house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
        let mut browser = self.browser();
        let login = browser.get("/login").await;
        self.keep_form(&login, "login");
        self.keep_question(&login);
        let add = self.house.password_in(&mut browser, &login, KIM).await;
        let (phone, shown) = (Phone::reading(&add, &kim), add.text("secret"));
        self.keep("secret of an authenticator app", SHOWN, shown.trim());
        self.keep("the same without gaps", NOWHERE, &shown.replace(' ', ""));
        let code = phone.code(&self.house);
        self.keep("code of an authenticator app", NOWHERE, &code);
        let codes = browser.submit(&add, "second", &[("code", &code), ("name", "Phone")]).await;
        let recovery: Vec<String> = codes.text("codes").lines().map(str::to_owned).collect();
        for code in &recovery {
            self.keep("recovery code", SHOWN, code);
        }
        browser.get(&codes.link("go-on")).await;
        assert!(self.house.has_session(&browser).await);
        self.keep_cookies(&browser);
        (browser, phone, recovery[0].clone())
    }

    /// Has a browser trusted, and signs in there without a code.
    async fn trusts_a_browser(&mut self, phone: &Phone) {
        let mut browser = self.browser();
        let login = browser.get("/login").await;
        let page = self.house.password_in(&mut browser, &login, KIM).await;
        self.house.clock.advance(STEP);
        let code = phone.code(&self.house);
        self.keep("code of an authenticator app", NOWHERE, &code);
        browser.submit(&page, "second", &[("code", &code), ("trust", "yes")]).await;
        self.keep_cookies(&browser);
        browser.set_cookie(browser.session_cookie_name(), "");
        let login = browser.get("/login").await;
        let account = self.house.password_in(&mut browser, &login, KIM).await;
        assert_eq!(account.url.path(), "/account", "{}", account.body);
        self.keep_cookies(&browser);
    }

    /// Adds a passkey in one browser, and signs in by it in another.
    async fn uses_a_passkey(&mut self, browser: &mut Browser) {
        let mut device = Authenticator::new(self.house.issuer(), "kim");
        let page = browser.ask_for_passkey().await;
        self.keep_question(&page);
        let answer = device.create(&options(&page));
        let saved = browser.submit(&page, "passkey", &[("answer", &answer), ("name", "Key")]).await;
        assert!(saved.has("saved"), "{}", saved.body);
        self.keep_cookies(browser);
        let mut other = self.browser();
        let login = other.get("/login").await;
        self.keep_question(&login);
        let account = other.use_passkey(&login, &mut device).await;
        assert_eq!(account.url.path(), "/account", "{}", account.body);
        self.keep_cookies(&other);
    }

    /// Is signed in to an app.
    async fn goes_to_an_app(&mut self, browser: &mut Browser) {
        let answer = browser.get(&Ask::of("app").url()).await.answer();
        self.keep("code of an app", SENT, &answer["code"]);
        let tokens = self.house.redeem("app", &answer["code"]).await;
        for name in ["access_token", "id_token"] {
            self.keep(name, NOWHERE, tokens[name].as_str().unwrap());
        }
    }

    /// By mail and a recovery code, and then by a new password.
    async fn signs_in_by_mail_and_resets(&mut self, recovery: &str) {
        let mut browser = self.browser();
        let login = browser.get("/login").await;
        browser.submit(&login, "login", &[("email", KIM), ("password", ""), ("mail", "yes")]).await;
        let link = self.keep_mailed(KIM, (MailPurpose::SignIn, "/login/link"), MAILED).await;
        let page = browser.get(&link).await;
        let asked = browser.submit(&page, "use-link", &[]).await;
        let page = browser.get(&asked.link("to-recovery")).await;
        browser.submit(&page, "second", &[("code", recovery)]).await;
        assert!(self.house.has_session(&browser).await);
        self.keep_cookies(&browser);
        let page = browser.get("/forgot").await;
        browser.submit(&page, "forgot", &[("email", KIM)]).await;
        let link = self.keep_mailed(KIM, (MailPurpose::ResetPassword, "/reset"), MAILED).await;
        let page = browser.get(&link).await;
        self.keep_form(&page, "reset");
        browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
        self.keep_cookies(&browser);
    }

    /// Registers an app, gives it another secret, and invites somebody, who comes.
    async fn administers(&mut self) -> Browser {
        self.house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Offered).await;
        let owner = self.house.administrator(OWNER).await;
        let mut browser = self.browser();
        self.house.sign_in(&mut browser, &owner).await;
        self.keep_cookies(&browser);
        let form = browser.get("/admin/apps/new/web").await;
        let shop = [("client_id", "shop"), ("client_name", "Shop"), ("redirect_uris", "https://shop.example/callback")];
        let made = browser.submit(&form, "create", &shop).await;
        self.keep("client secret", SHOWN, &made.text("client_secret"));
        let page = browser.get("/admin/apps/shop/credentials").await;
        let rotated = browser.submit(&page, "rotate", &[("grace", "24")]).await;
        self.keep("client secret", SHOWN, &rotated.text("secret"));
        let new = serde_json::from_value(json!({ "email": INVITED, "name": "Lee" })).unwrap();
        users::invite(&self.house.admin, &Authority::operator(), new).await.unwrap();
        let link = self.keep_mailed(INVITED, (MailPurpose::Invitation, "/reset"), MAILED).await;
        let mut invited = self.browser();
        let page = invited.get(&link).await;
        self.keep_question(&page);
        invited.submit(&page, "reset", &[("password", PASSWORD)]).await;
        assert!(self.house.has_session(&invited).await);
        self.keep_cookies(&invited);
        browser
    }

    /// What else is kept: the log of the server, the audit log, and the mails that were sent.
    async fn kept(&self, log: &Overheard) -> Vec<(&'static str, String)> {
        let mails = self.house.outbox().await;
        let listed: Vec<MailView<'_>> = mails.iter().map(MailView::from).collect();
        let sealed: String = mails.iter().map(|mail| String::from_utf8_lossy(&mail.sealed).into_owned()).collect();
        vec![
            ("the log", log.text()),
            ("the audit log", format!("{:?}", self.house.audit_log().await)),
            ("the list of mails", serde_json::to_string(&listed).unwrap()),
            ("a stored mail", sealed),
        ]
    }
}

#[tokio::test]
async fn sess_014_a_secret_is_in_what_hands_it_out_and_in_nothing_else() {
    let log = Overheard::at("haechi=trace,sqlx=trace,sea_orm=trace,axum=trace,hyper=trace,tower_http=trace");
    let mut walk = Walk::begin().await;
    walk.signs_up().await;
    let (mut browser, phone, recovery) = walk.adds_a_phone().await;
    walk.trusts_a_browser(&phone).await;
    walk.goes_to_an_app(&mut browser).await;
    walk.uses_a_passkey(&mut browser).await;
    assert!(crawl(&mut browser, "/account").await >= 8);
    walk.signs_in_by_mail_and_resets(&recovery).await;
    let mut owner = walk.administers().await;
    assert!(crawl(&mut owner, "/admin").await >= 25);
    let kept = walk.kept(&log).await;
    assert!(kept.iter().all(|(_, text)| !text.is_empty()) && kept[0].1.contains("answered"), "nothing was heard");
    let exchanges = walk.seen.0.lock().unwrap();
    for Canary { what, most, text } in &walk.canaries {
        let places = |part: fn(&Exchange) -> &str| -> Vec<&str> {
            let found = exchanges.iter().filter(|one| has(part(one), text));
            found.map(|one| one.asked.split('?').next().unwrap()).collect()
        };
        let (asked, leads) = (places(|one| one.asked.as_str()), places(|one| one.leads.as_str()));
        let (pages, headers) = (places(|one| one.page.as_str()), places(|one| one.headers.as_str()));
        let within = asked.len() <= most.asked && leads.len() <= most.leads && pages.len() <= most.pages;
        assert!(within && headers.is_empty(), "a {what}: asked {asked:?}, leads {leads:?}, in {pages:?}, {headers:?}");
        let found = asked.len() + leads.len() + pages.len();
        assert!(found > 0 || *most == NOWHERE, "no {what} was handed out, so nothing was looked for");
        for (place, words) in &kept {
            assert!(!has(words, text), "a {what} is in {place}");
        }
    }
}
