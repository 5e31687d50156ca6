//! The whole house while PostgreSQL is away, hangs, is locked up, or throws everybody out: nothing ends in a 500, nothing waits for
//! ever, and nobody has to restart anything.

use std::time::Duration;

use haechi::config::Config;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use tokio::time::{Instant, sleep};
use url::Url;

use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::furnished::{Answer, Furnished, REDIRECT, SECRET};
use crate::support::gate::Gate;
use crate::support::schema;

/// A house whose database is behind a gate, and the database's own address.
async fn house() -> Option<(Furnished, Gate, String)> {
    // With the schema: making it takes longer than this house gives a busy machine.
    let direct = schema::postgres()?;
    let mut url = Url::parse(&direct).unwrap();
    let gate = Gate::to(url.port().unwrap()).await;
    url.set_port(Some(gate.port)).unwrap();
    let house = TestApp::furnished_with(|config| behind(config, &url)).await;
    Some((house, gate, direct))
}

fn behind(config: &mut Config, url: &Url) {
    config.database.url = url.to_string();
    config.database.max_connections = 2;
    config.database.acquire_timeout_ms = 500;
    config.database.statement_timeout_ms = 700;
}

/// A connection that goes around the gate.
async fn around(direct: &str) -> DatabaseConnection {
    Database::connect(direct).await.unwrap()
}

async fn own_token(house: &Furnished) -> Answer {
    house.post("/token").basic("worker").form(&[("grant_type", "client_credentials")]).send().await
}

/// An app is told that it should try again, and when.
fn assert_put_off(answer: &Answer) {
    assert_eq!(answer.error(503), "temporarily_unavailable");
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// What needs no database goes on without one.
async fn assert_signed_tokens_can_be_verified(house: &Furnished) {
    for path in ["/jwks", "/.well-known/openid-configuration", "/healthz"] {
        assert_eq!(house.get(path).send().await.status, 200, "{path}");
    }
}

/// The answer in the end, without anybody's help and in time even where the machine has much else to do: until then it is put off. Each connection finds out for itself
/// that it is of no use any more.
async fn outcome(send: impl AsyncFn() -> Answer) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = send().await;
        if answer.status != 503 {
            return answer;
        }
        assert_put_off(&answer);
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not recover");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn answered(send: impl AsyncFn() -> Answer) -> Answer {
    let answer = outcome(send).await;
    answer.expect(200);
    answer
}

async fn assert_recovers(house: &Furnished) {
    answered(async || own_token(house).await).await;
}

#[tokio::test]
async fn f13_a_database_that_is_away_puts_off_and_loses_nothing() {
    let Some((house, gate, _)) = house().await else { return };
    let tokens = house.tokens("openid offline_access").await;
    let code = house.code("web", "openid").await;
    let mut browser = house.browser();

    gate.shut();
    house.app.clients.poll().await.unwrap_err();
    assert_put_off(&house.redeeming(&code).basic("web").send().await);
    assert_put_off(&house.refreshing(tokens.refresh()).basic("web").send().await);
    let token = [("token", tokens.refresh())];
    assert_put_off(&house.post("/revoke").basic("web").form(&token).send().await);
    assert_put_off(&house.post("/introspect").basic("web").form(&token).send().await);
    let page = browser.get_once(&Ask::of("web").with("redirect_uri", REDIRECT).url()).await;
    assert_eq!(page.status, 503, "{}", page.body);
    assert!(page.header("retry-after").is_some() && page.body.contains("<html"), "{:?} {}", page.headers, page.body);
    assert_eq!(house.get("/readyz").send().await.status, 503);
    assert_signed_tokens_can_be_verified(&house).await;

    gate.open();
    assert_recovers(&house).await;
    // What was put off was not half done: the code and the refresh token are good.
    answered(async || house.redeeming(&code).basic("web").send().await).await;
    answered(async || house.refreshing(tokens.refresh()).basic("web").send().await).await;
    house.pass(2);
    assert_eq!(house.get("/readyz").send().await.status, 200);
}

#[tokio::test]
async fn f30_a_database_that_vanished_keeps_nobody_waiting() {
    let Some((house, gate, _)) = house().await else { return };
    let tokens = house.tokens("openid offline_access").await;
    let code = house.code("web", "openid").await;
    gate.swallow();
    for _ in 0..8 {
        let begun = Instant::now();
        let answers = tokio::join!(
            house.refreshing(tokens.refresh()).basic("web").send(),
            house.post("/introspect").basic("web").form(&[("token", tokens.refresh())]).send(),
            house.post("/revoke").basic("web").form(&[("token", tokens.refresh())]).send(),
        );
        for answer in [&answers.0, &answers.1, &answers.2] {
            assert_put_off(answer);
        }
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        assert_signed_tokens_can_be_verified(&house).await;
    }
    gate.open();
    assert_recovers(&house).await;
    answered(async || house.redeeming(&code).basic("web").send().await).await;
}

#[tokio::test]
async fn f13_a_restart_of_the_database_is_over_with_it() {
    let Some((house, _gate, direct)) = house().await else { return };
    let tokens = house.tokens("openid offline_access").await;
    let operator = around(&direct).await;
    for _ in 0..3 {
        let ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                    AND pid <> pg_backend_pid()";
        operator.execute_unprepared(ours).await.unwrap();
        assert_recovers(&house).await;
    }
    answered(async || house.refreshing(tokens.refresh()).basic("web").send().await).await;
}

#[tokio::test]
async fn f16_a_locked_table_holds_up_only_who_needs_it_and_not_for_long() {
    let Some((house, _gate, direct)) = house().await else { return };
    let person = house.user("minji@example.com").await;
    let operator = around(&direct).await;
    let locked = operator.begin().await.unwrap();
    locked.execute_unprepared("LOCK TABLE users, passwords IN ACCESS EXCLUSIVE MODE").await.unwrap();

    let mut browser = house.browser();
    let login = browser.get(&Ask::of("web").with("redirect_uri", REDIRECT).url()).await;
    let filled = [("email", person.email.as_str()), ("password", PASSWORD)];
    let begun = Instant::now();
    let page = browser.submit_once(&login, "login", &filled).await;
    assert_eq!(page.status, 503, "{}", page.body);
    assert!(page.header("retry-after").is_some(), "{:?}", page.headers);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    own_token(&house).await.expect(200);

    locked.rollback().await.unwrap();
    assert!(browser.submit(&login, "login", &filled).await.status.is_success());
}

#[tokio::test]
async fn f16_a_table_that_every_write_needs_sheds_and_comes_back() {
    let Some((house, _gate, direct)) = house().await else { return };
    let code = house.code("web", "openid").await;
    let operator = around(&direct).await;
    let locked = operator.begin().await.unwrap();
    locked.execute_unprepared("LOCK TABLE grants IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let begun = Instant::now();
    let storm = (0..20).map(|_| house.redeeming(&code).basic("web").send());
    for answer in futures_util::future::join_all(storm).await {
        assert_put_off(&answer);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    own_token(&house).await.expect(200);
    locked.rollback().await.unwrap();
    house.redeeming(&code).basic("web").send().await.expect(200);
    assert_eq!(house.redeeming(&code).basic_with("web", SECRET).send().await.error(400), "invalid_grant");
}

/// A write without an answer may have happened, and what state its connection is in is not known either.
#[tokio::test]
async fn f16_a_connection_on_which_a_write_was_not_confirmed_is_closed() {
    let Some((house, _gate, direct)) = house().await else { return };
    let tokens = house.tokens("openid offline_access").await;
    let operator = around(&direct).await;
    let before = ours(&operator).await;
    let locked = operator.begin().await.unwrap();
    // What reads goes on.
    locked.execute_unprepared("LOCK TABLE grants IN EXCLUSIVE MODE").await.unwrap();
    assert_put_off(&house.refreshing(tokens.refresh()).basic("web").send().await);
    locked.rollback().await.unwrap();
    let begun = Instant::now();
    loop {
        let now = ours(&operator).await;
        if before.iter().any(|pid| !now.contains(pid)) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "all connections are still there");
        sleep(Duration::from_millis(50)).await;
    }
    answered(async || house.refreshing(tokens.refresh()).basic("web").send().await).await;
}

/// The processes of the database that serve the house.
async fn ours(operator: &DatabaseConnection) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'haechi'";
    let rows = operator.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "pid").unwrap()).collect()
}

/// What was answered with 503 does not happen later on, and keeps no other statement waiting.
#[tokio::test]
async fn f16_a_statement_that_was_given_up_goes_on_nowhere() {
    let Some((house, _gate, direct)) = house().await else { return };
    let tokens = house.tokens("openid offline_access").await;
    let operator = around(&direct).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$; \
                CREATE TRIGGER slow BEFORE UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION slow()";
    operator.execute_unprepared(slow).await.unwrap();
    assert_put_off(&house.refreshing(tokens.refresh()).basic("web").send().await);
    let asleep = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let begun = Instant::now();
    while !operator.query_all_raw(Statement::from_string(DbBackend::Postgres, asleep)).await.unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the statement goes on");
        sleep(Duration::from_millis(50)).await;
    }
    operator.execute_unprepared("DROP TRIGGER slow ON grants").await.unwrap();
    answered(async || house.refreshing(tokens.refresh()).basic("web").send().await).await;
}

#[tokio::test]
async fn f14_a_standby_is_as_good_as_away_until_it_is_the_primary() {
    let Some((house, gate, direct)) = house().await else { return };
    let tokens = house.tokens("openid offline_access").await;
    let (server, name) = direct.rsplit_once('/').unwrap();
    let operator = around(&format!("{server}/postgres")).await;
    let only_reads = async |yes: bool| {
        let said = format!("ALTER DATABASE {name} SET default_transaction_read_only = {yes}");
        operator.execute_unprepared(&said).await.unwrap();
    };
    // The primary is gone, and the address leads to a standby.
    only_reads(true).await;
    gate.shut();
    assert_put_off(&house.refreshing(tokens.refresh()).basic("web").send().await);
    gate.open();
    for _ in 0..3 {
        assert_put_off(&house.refreshing(tokens.refresh()).basic("web").send().await);
    }
    assert_eq!(house.get("/readyz").send().await.status, 503);
    // It becomes the primary.
    only_reads(false).await;
    assert_recovers(&house).await;
    answered(async || house.refreshing(tokens.refresh()).basic("web").send().await).await;
}

/// The connection is cut at any moment of a refresh, before the commit, in it, and between the commit and the answer: the app, which knows
/// nothing, tries again with what it has, and goes on.
#[tokio::test]
async fn f03_whoever_was_cut_off_at_the_commit_may_try_again() {
    let Some((house, gate, _)) = house().await else { return };
    let mut tokens = house.tokens("openid offline_access").await;
    let mut codes = Vec::new();
    for _ in 0..40 {
        codes.push(house.code("web", "openid").await);
    }
    let mut cut_off = 0;
    for (round, code) in (0..).zip(&codes) {
        let send = async || {
            tokio::join!(
                house.refreshing(tokens.refresh()).basic("web").send(),
                house.redeeming(code).basic("web").send()
            )
        };
        let cut = async {
            sleep(Duration::from_micros(round * 150)).await;
            gate.shut();
        };
        let ((refreshed, redeemed), ()) = tokio::join!(send(), cut);
        gate.open();
        for answer in [&refreshed, &redeemed] {
            if answer.status != 200 {
                assert_put_off(answer);
                cut_off += 1;
            }
        }
        if refreshed.status == 200 {
            tokens = refreshed.tokens();
        } else {
            tokens = answered(async || house.refreshing(tokens.refresh()).basic("web").send().await).await.tokens();
        }
        // A code is used once at most, whatever became of the answer.
        let again = outcome(async || house.redeeming(code).basic("web").send().await).await;
        assert!((redeemed.status != 200 && again.status == 200) || again.error(400) == "invalid_grant", "{again:?}");
    }
    assert!(cut_off > 0, "nothing was cut off");
}
