//! What rests on mail while nothing can be committed: a page that says that a mail was sent, or lets somebody in, says it of what is in the database.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use haechi::admin::Authority;
use haechi::admin::policy;
use haechi::model::User;
use haechi::model::mail::MailPurpose;
use haechi::store::{Change, StoreError, StoreResult, UnitOfWork};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{ConnectOptions, Connection, query_scalar};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::disk::{LIMIT, SOON, limit, on_sqlite, with_files_that_can_be_limited};
use super::setup::KIM;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;

const EMAIL: &str = "kim@example.com";
const THERE: u8 = 0;
/// The connection is gone before anything was committed.
const BEFORE: u8 = 1;
/// It is gone before anybody heard that it was.
const AFTER: u8 = 2;

/// A database whose connection is lost.
struct Lost(Arc<dyn UnitOfWork>, Arc<AtomicU8>);

#[async_trait]
impl UnitOfWork for Lost {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        let away = || Err(StoreError::Unavailable("the connection is gone".to_owned()));
        match self.1.load(Ordering::SeqCst) {
            BEFORE => away(),
            AFTER => self.0.commit(changes).await.and_then(|()| away()),
            _ => self.0.commit(changes).await,
        }
    }
}

/// A house whose connection can be lost, and Kim.
async fn house() -> (TestApp, Arc<AtomicU8>) {
    let lost = Arc::new(AtomicU8::new(THERE));
    let house = mailbox::house(|config| {
        config.throttling.mails_per_account = 1000;
        config.throttling.mails_per_address = 1000;
    })
    .await;
    let house = house.restocked(|stores| stores.work = Arc::new(Lost(stores.work.clone(), lost.clone()))).await;
    let document = serde_json::from_value(json!({ "email_sign_in": true })).unwrap();
    policy::set_sign_in(&house.admin, &Authority::operator(), (), &document).await.unwrap();
    let kim = house.user(EMAIL).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim })]).await;
    (house, lost)
}

async fn forgot(browser: &mut Browser) -> Page {
    let page = browser.get("/forgot").await;
    browser.submit_once(&page, "forgot", &[("email", EMAIL)]).await
}

async fn by_mail(browser: &mut Browser) -> Page {
    let page = browser.get("/login").await;
    browser.submit_once(&page, "login", &[("email", EMAIL), ("mail", "yes")]).await
}

#[tokio::test]
async fn nobody_is_told_to_look_into_a_mailbox_for_what_was_not_committed() {
    let (house, lost) = house().await;
    for how in [BEFORE, AFTER] {
        let mut browser = house.browser();
        lost.store(how, Ordering::SeqCst);
        for page in [forgot(&mut browser).await, by_mail(&mut browser).await] {
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
            assert!(page.header("retry-after").is_some());
        }
        lost.store(THERE, Ordering::SeqCst);
        assert_eq!(house.outbox().await.len(), if how == AFTER { 2 } else { 0 });
    }
    let mut browser = house.browser();
    assert_eq!(forgot(&mut browser).await.status, StatusCode::OK);
    assert_eq!(by_mail(&mut browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.outbox().await.len(), 4);
}

/// A link that was not committed is as good as before; one of which nobody heard lets nobody in twice, and nobody without a session.
#[tokio::test]
async fn a_link_whose_use_was_not_committed_lets_nobody_in_and_is_as_good_as_before() {
    let (house, lost) = house().await;
    let mut browser = house.browser();
    by_mail(&mut browser).await;
    let link = house.mails_for(EMAIL, MailPurpose::SignIn).await[0].link("/login/link");
    let page = browser.get(&link).await;
    lost.store(BEFORE, Ordering::SeqCst);
    let refused = browser.submit_once(&page, "use-link", &[]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
    assert!(!house.has_session(&browser).await);
    lost.store(THERE, Ordering::SeqCst);
    let page = browser.get(&link).await;
    assert!(page.has("use-link"), "{}", page.body);
    lost.store(AFTER, Ordering::SeqCst);
    let unheard = browser.submit_once(&page, "use-link", &[]).await;
    assert_eq!(unheard.status, StatusCode::SERVICE_UNAVAILABLE);
    lost.store(THERE, Ordering::SeqCst);
    assert!(!house.has_session(&browser).await);
    assert_eq!(browser.submit_once(&page, "use-link", &[]).await.status, StatusCode::GONE, "it was used");
}

/// A try at a code counts, or is not looked at.
#[tokio::test]
async fn a_code_whose_try_was_not_committed_is_not_looked_at() {
    let (house, lost) = house().await;
    let mut browser = house.browser();
    let page = by_mail(&mut browser).await;
    let page = browser.follow(page).await;
    let letter = house.mails_for(EMAIL, MailPurpose::SignIn).await.remove(0);
    let code = letter.text.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    for _ in 0..4 {
        lost.store(BEFORE, Ordering::SeqCst);
        let refused = browser.submit_once(&page, "code-form", &[("code", &code)]).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    lost.store(THERE, Ordering::SeqCst);
    assert!(!house.has_session(&browser).await);
    assert_eq!(browser.submit(&page, "code-form", &[("code", &code)]).await.url.path(), "/account");
}

#[tokio::test]
async fn a_password_that_was_not_committed_is_not_set_and_its_link_is_as_good_as_before() {
    let (house, lost) = house().await;
    let mut browser = house.browser();
    forgot(&mut browser).await;
    let link = house.mails_for(EMAIL, MailPurpose::ResetPassword).await[0].link("/reset");
    let page = browser.get(&link).await;
    let new = [("password", "a boat between two green hills")];
    lost.store(BEFORE, Ordering::SeqCst);
    assert_eq!(browser.submit_once(&page, "reset", &new).await.status, StatusCode::SERVICE_UNAVAILABLE);
    lost.store(THERE, Ordering::SeqCst);
    let mut other = house.browser();
    let login = other.get("/login").await;
    let page_of = other.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(page_of.url.path(), "/account", "the old one counts");
    assert_eq!(browser.submit(&page, "reset", &new).await.url.path(), "/account");
}

#[tokio::test]
async fn an_address_whose_proof_was_not_committed_is_not_proved() {
    let (house, lost) = house().await;
    let lee = house.user("lee@example.com").await;
    let mut browser = house.signed_in(&lee).await;
    let page = browser.get("/account/security").await;
    lost.store(BEFORE, Ordering::SeqCst);
    let refused = browser.submit_once(&page, "account-verify", &[]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
    lost.store(THERE, Ordering::SeqCst);
    assert!(house.mailbox("lee@example.com").await.is_empty());
    browser.submit(&page, "account-verify", &[]).await;
    let link = house.mails_for("lee@example.com", MailPurpose::VerifyAddress).await[0].link("/verify-email");
    let page = browser.get(&link).await;
    lost.store(BEFORE, Ordering::SeqCst);
    assert_eq!(browser.submit_once(&page, "prove", &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    lost.store(THERE, Ordering::SeqCst);
    assert!(!house.user_of("lee@example.com").await.email_verified);
    browser.submit(&page, "prove", &[]).await;
    assert!(house.user_of("lee@example.com").await.email_verified);
}

/// How many mails of these doors are in the database of a server.
async fn in_the_outbox(haechi: &Haechi) -> usize {
    let file = SqliteConnectOptions::new().filename(haechi.folder.path().join("haechi.db")).read_only(true);
    let mut database = file.busy_timeout(Duration::from_secs(10)).connect().await.unwrap();
    let sql = "SELECT COUNT(*) FROM mails WHERE purpose IN ('reset_password', 'sign_in')";
    let counted: i64 = query_scalar(sql).fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();
    usize::try_from(counted).unwrap()
}

/// Asks at both doors; how many promised a mail, and how many put it off.
async fn asked(haechi: &Haechi) -> (usize, usize) {
    let (mut promised, mut put_off) = (0, 0);
    for door in ["/forgot", "/login"] {
        let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
        let page = browser.get(door).await;
        if page.status == StatusCode::SERVICE_UNAVAILABLE {
            put_off += 1;
            continue;
        }
        let form = door.trim_start_matches('/');
        let answer = browser.submit_once(&page, form, &[("email", KIM), ("mail", "yes")]).await;
        match answer.status {
            StatusCode::OK | StatusCode::SEE_OTHER => promised += 1,
            StatusCode::SERVICE_UNAVAILABLE => put_off += 1,
            other => panic!("{door} answered {other}: {}", answer.body),
        }
    }
    (promised, put_off)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_a_mail_that_was_promised_while_the_disk_fails_is_in_the_outbox_and_outlives_a_kill() {
    let haechi = on_sqlite()
        .set("HAECHI_THROTTLING__MAILS_PER_ACCOUNT", "100000")
        .set("HAECHI_THROTTLING__MAILS_PER_ADDRESS", "100000");
    let setup = with_files_that_can_be_limited(haechi);
    let haechi = &setup.haechi;
    haechi.json(&["sign-in", "set", "--email-sign-in", "true"]);
    let mut server = haechi.start();
    let mut promised = 0;
    let log = haechi.folder.path().join("haechi.db-wal");
    while fs::metadata(&log).map_or(0, |log| log.len()) <= LIMIT {
        promised += asked(haechi).await.0;
    }
    assert_eq!(in_the_outbox(haechi).await, promised);
    limit(&server, Some(LIMIT));
    let mut put_off = 0;
    while put_off < 8 {
        let (more, refused) = asked(haechi).await;
        promised += more;
        put_off += refused;
        assert_eq!(in_the_outbox(haechi).await, promised);
    }
    limit(&server, None);
    let begun = Instant::now();
    loop {
        let (more, refused) = asked(haechi).await;
        promised += more;
        if refused == 0 {
            break;
        }
        assert!(begun.elapsed() < SOON, "it does not come back");
        sleep(Duration::from_millis(200)).await;
    }
    server.signal("KILL");
    server.end();
    let _server = haechi.start();
    assert_eq!(in_the_outbox(haechi).await, promised);
}
