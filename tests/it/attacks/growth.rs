//! Nothing that a stranger or an end-user can do grows a table without bound: docs/capacity.md, asserted.
//!
//! Everything is done once, then many times; when it is over and swept away, the database holds as many rows as after the first time. The
//! tables are read off the database's own catalogue, so that a new one cannot be forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use haechi::admin::{Authority, policy, webhooks};
use haechi::config::Config;
use haechi::config::mail::MailTransport;
use haechi::model::client::ConsentPolicy;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::json;

use crate::spec::rfc7523;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::furnished::{Furnished, REDIRECT};

/// Longer than anything is kept: a year of the audit log, and what is added to be sure.
const EVERYTHING_IS_OVER: Duration = Duration::from_hours(24 * 800);
/// How often everything is done.
const ROUNDS: usize = 4;

/// Tables that grow with what there is, and not with what is done: a row for each account, client, API, connection, group, membership, claim rule, or key, which are
/// bounded by who may make them.
const STANDING: &[&str] = &[
    "server",
    "users",
    "passwords",
    "passkeys",
    "clients",
    "client_origins",
    "connections",
    "attributes",
    "affiliations",
    "apis",
    "affiliated",
    "delegations",
    "client_delegations",
    "factors",
    "recovery_codes",
    "factor_offers",
    "passkey_offers",
    "claim_rules",
    "claim_rule_places",
    "policy",
    "logos",
    "webhooks",
    "mail_place",
    "signing_keys",
    "seaql_migrations",
];

/// What the database holds, table by table.
struct Tables {
    db: DatabaseConnection,
    names: BTreeSet<String>,
}

impl Tables {
    async fn of(url: &str) -> Self {
        let db = Database::connect(url).await.unwrap();
        let listed = match db.get_database_backend() {
            DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            _ => "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
        };
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), listed)).await.unwrap();
        let names: BTreeSet<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
        assert!(names.len() > 15, "{names:?}");
        Self { db, names }
    }

    async fn count(&self) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for name in &self.names {
            let sql = format!("SELECT COUNT(*) AS count FROM {name}");
            let row = self.db.query_one_raw(Statement::from_string(self.db.get_database_backend(), sql)).await.unwrap();
            counts.insert(name.clone(), row.unwrap().try_get("", "count").unwrap());
        }
        counts
    }
}

/// A house in which everything can be done.
pub async fn house(change: impl FnOnce(&mut Config)) -> Furnished {
    let house = TestApp::furnished_with(|config| {
        config.mail.transport = Some(MailTransport::File);
        change(config);
    })
    .await;
    house.change_client("web", |web| web.policy.consent = ConsentPolicy::FirstParty).await;
    house.user("kim@example.com").await;
    connect_github(&house).await;
    let by_mail = serde_json::from_value(json!({ "email_sign_in": true })).unwrap();
    policy::set_sign_in(&house.app.admin, &Authority::operator(), (), &by_mail).await.unwrap();
    let hook = serde_json::from_value(json!({ "url": "https://127.0.0.1:8443/", "kinds": ["user_created"] })).unwrap();
    webhooks::create(&house.app.admin, &Authority::operator(), &hook).await.unwrap();
    house
}

/// Each thing that can be done from outside, once.
pub async fn everything(house: &Furnished, round: usize) {
    what_strangers_do(house, round).await;
    sign_up(house, round).await;
    what_end_users_do(house).await;
    what_clients_do(house, round).await;
}

async fn what_strangers_do(house: &Furnished, round: usize) {
    let mut stranger = house.browser();
    stranger.ensure_cookie().await;
    // A login that is begun and left alone, one that leads nowhere, and guesses at passwords of accounts that are there and that are not.
    let login = stranger.get(&ask("web").url()).await;
    assert!(login.has("login"));
    stranger.get(&ask("web").with("redirect_uri", "https://evil.example/cb").url()).await;
    for email in ["kim@example.com", &format!("nobody{round}@example.com")] {
        let refused = stranger.submit(&login, "login", &[("email", email), ("password", "not this one")]).await;
        assert!(refused.has("login"));
    }
    // Links, tokens, codes and secrets that are made up.
    stranger.get("/claim?token=made-up").await;
    stranger.get("/reset?token=hott_made-up").await;
    stranger.get("/verify-email?token=hott_made-up").await;
    stranger.get("/continue?flow=made-up").await;
    stranger.get("/upstream/github/callback?state=made-up&code=made-up").await;
    stranger.get(&format!("/logout?id_token_hint=made-up{round}")).await;
    house.post("/token").form(&[("grant_type", "client_credentials")]).basic_with("worker", "wrong").send().await;
    let form = [("grant_type", "authorization_code"), ("code", "hac_made-up"), ("redirect_uri", REDIRECT)];
    house.post("/token").form(&form).basic("web").send().await;
    house.post("/upstream/github/backchannel-logout").form(&[("logout_token", "made-up")]).send().await;
    // A login that goes elsewhere and does not come back.
    let there = stranger.get_once(&login.link("upstream-github")).await;
    assert!(there.location().unwrap().starts_with("https://github.com/"), "{there:?}");
}

/// An account of one's own: it stays.
async fn sign_up(house: &Furnished, round: usize) {
    let mut stranger = house.browser();
    let page = stranger.get("/signup").await;
    let typed = [("email", format!("new{round}@example.com")), ("password", PASSWORD.to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = stranger.submit(&page, "signup", &typed).await;
    assert!(page.status.is_success(), "{} {}", page.status, page.body);
    // With a passkey, which signs in elsewhere.
    let mut device = Authenticator::new(house.issuer(), &format!("new{round}"));
    assert!(stranger.add_passkey(&mut device, "").await.has("saved"));
    let mut elsewhere = house.browser();
    let login = elsewhere.get("/login").await;
    assert!(elsewhere.use_passkey(&login, &mut device).await.has("account-name"));
}

async fn what_end_users_do(house: &Furnished) {
    // Links that are mailed, and never used.
    let mut forgetful = house.browser();
    let page = forgetful.get("/forgot").await;
    forgetful.submit(&page, "forgot", &[("email", "kim@example.com")]).await;
    for email in ["kim@example.com", "nobody@example.com"] {
        let login = forgetful.get("/login").await;
        let page = forgetful.submit(&login, "login", &[("email", email), ("password", ""), ("mail", "yes")]).await;
        assert!(page.has("login-code"), "{}", page.body);
        forgetful.submit(&page, "code-form", &[("code", "000000")]).await;
    }
    let mut browser = house.browser();
    let login = browser.get(&ask("posting").url()).await;
    let page = browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    // Agreeing, and taking it back.
    assert!(page.has("consent"), "{} {}", page.status, page.body);
    let page = browser.submit(&page, "consent", &[("decision", "allow")]).await;
    assert!(page.answer().contains_key("code"));
    let apps = browser.get("/account/apps").await;
    let csrf = apps.csrf_of("/account/apps");
    browser.post_once("/account/apps", &[("csrf", &csrf), ("client", "posting")]).await;
    let profile = browser.get("/account/profile").await;
    for name in ["Kim", "Kim Minji"] {
        browser.submit(&profile, "account-profile", &[("name", name)]).await;
    }
    let preferences = browser.get("/account/preferences").await;
    for locale in ["en", "ko"] {
        browser.submit(&preferences, "account-language", &[("locale", locale)]).await;
    }
    // Proving who one is again, as another browser of the same end-user, which is then signed out from here.
    let mut elsewhere = house.browser();
    let login = elsewhere.get("/login").await;
    elsewhere.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    let silent = elsewhere.get(&ask("web").with("prompt", "none").url()).await;
    assert!(silent.answer().contains_key("code"), "a code that is never redeemed");
    let csrf = browser.get("/account/sessions").await.csrf_of("/account/sessions");
    browser.post_once("/account/sessions", &[("csrf", &csrf), ("session", "all")]).await;
    let mut again = house.browser();
    let login = again.get("/login").await;
    again.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    let page = again.get("/logout").await;
    let page = again.submit(&page, "logout", &[]).await;
    assert!(page.has("signed-out"), "{} {}", page.status, page.body);
}

async fn what_clients_do(house: &Furnished, round: usize) {
    // All of a grant's life, and a code and a refresh token that come back.
    let code = house.code("web", "openid offline_access").await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    let next = house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
    assert!(house.is_active(&next.access_token).await);
    house.get("/userinfo").bearer(&next.access_token).send().await.expect(200);
    house.redeeming(&code).basic("web").send().await.expect(400);
    let left_alone = house.tokens("openid offline_access").await;
    house.post("/revoke").basic("web").form(&[("token", &left_alone.access_token)]).send().await;
    let given_back = house.tokens("openid offline_access").await;
    house.post("/revoke").basic("web").form(&[("token", given_back.refresh())]).send().await;
    let leaked = house.code("web", "openid").await;
    house.redeeming(&leaked).basic("evil").send().await.expect(400);
    house.tokens("openid offline_access").await;
    let assertion = house.party.token(json!({}), &rfc7523::claims(house, &format!("growth {round}")));
    let own = rfc7523::send(house, &assertion).await.tokens();
    house.post("/revoke").basic("worker").form(&[("token", &own.access_token)]).send().await;
}

fn ask(client: &str) -> Ask {
    Ask::of(client).with("redirect_uri", REDIRECT)
}

/// A provider whose login can be set out for without asking it anything.
async fn connect_github(house: &Furnished) {
    let (now, random) = (house.now(), house.app.random.as_ref());
    let mut github = crate::support::builders::connection("github", "github", "client-of-github", now, random);
    let secret = haechi::support::Secret::from("secret");
    github.secrets = vec![haechi::upstream::secrets::seal(&house.app.upstream.sealer, random, github.id, &secret, now)];
    house.commit(vec![haechi::store::Change::InsertConnection(Box::new(github))]).await;
}

/// Waits for what is written behind the answers.
pub async fn written(house: &Furnished) {
    house.refusals.written().await;
    house.counts.write().await.unwrap();
    house.audit.seal().await.unwrap();
    house.webhooks.look_and_wait().await.unwrap();
    house.mailer.look_and_wait().await.unwrap();
}

/// Sweeps until nothing is left to sweep, as the housekeeping of a node does.
pub async fn sweep(house: &Furnished) {
    while haechi::app::purge(&house.app).await.unwrap() > 0 {}
    while haechi::app::shorten_audit_log(&house.app).await.unwrap() > 0 {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dos_020_what_is_done_again_and_again_leaves_no_more_than_what_is_done_once() {
    let house = house(|_| ()).await;
    let tables = Tables::of(&house.app.config.database.url).await;

    everything(&house, 0).await;
    written(&house).await;
    house.clock.advance(EVERYTHING_IS_OVER);
    sweep(&house).await;
    let once = tables.count().await;
    for round in 1..=ROUNDS {
        house.pass(3600);
        everything(&house, round).await;
    }
    written(&house).await;
    let meanwhile = tables.count().await;
    house.clock.advance(EVERYTHING_IS_OVER);
    sweep(&house).await;
    let after = tables.count().await;

    let passing = tables.names.iter().filter(|name| !STANDING.contains(&name.as_str()));
    for table in passing {
        let is_elsewhere =
            house.app.config.redis.is_some() && ["records", "record_owners", "throttles"].contains(&table.as_str());
        let is_operators = table == "upstream_links";
        assert!(meanwhile[table] > 0 || is_elsewhere || is_operators, "nothing was put into {table}");
        assert_eq!(after[table], once[table], "{table} grows with what is done: {once:?}, then {after:?}");
    }
    // What stands grows by the accounts that were made, and by nothing else.
    for table in STANDING {
        let made = if ["users", "passwords", "passkeys"].contains(table) { i64::try_from(ROUNDS).unwrap() } else { 0 };
        assert_eq!(after[*table], once[*table] + made, "{table}");
    }
}

#[tokio::test]
async fn dos_020_what_strangers_leave_is_gone_within_the_hour() {
    let house = TestApp::furnished().await;
    connect_github(&house).await;
    house.user("kim@example.com").await;
    let tables = Tables::of(&house.app.config.database.url).await;
    let before = tables.count().await;
    what_strangers_do(&house, 0).await;
    written(&house).await;
    assert!(tables.count().await != before);
    // The longest window is that of sign-ups, and a login may take half an hour; what is over is swept a minute later.
    house.pass(3600 + 60);
    sweep(&house).await;
    let mut after = tables.count().await;
    // What was refused is kept for a month, and no more than so much of it: see below.
    after.insert("refusals".to_owned(), before["refusals"]);
    // What was counted is kept for two weeks and two years, and is the same few rows however often it happens.
    for table in ["counts", "active_people"] {
        after.insert(table.to_owned(), before[table]);
    }
    // How many passwords were wrong is one counter of each quarter of an hour, and is known for a day.
    assert!(after["throttles"] - before["throttles"] <= 1, "{after:?}");
    after.insert("throttles".to_owned(), before["throttles"]);
    let noted = after["audit_events"] - before["audit_events"];
    assert_eq!(noted, 3, "two wrong passwords and a wrong redirect URI");
    after.insert("audit_events".to_owned(), before["audit_events"]);
    assert_eq!(after, before);
}

#[tokio::test]
async fn every_table_is_in_the_table_of_growth() {
    let house = TestApp::furnished().await;
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/capacity.md")).unwrap();
    for name in Tables::of(&house.app.config.database.url).await.names {
        assert!(text.contains(&format!("| `{name}` |")), "docs/capacity.md says nothing of {name}");
    }
}
