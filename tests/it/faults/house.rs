//! The whole house while Redis is away: who needs no session notices nothing, the others are told to come back, and may.

use std::time::Duration;

use haechi::config;
use haechi::model::client::ConsentPolicy;
use tokio::time::Instant;

use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::furnished::{Furnished, REDIRECT};
use crate::support::servers::RedisServer;

async fn house(redis: &RedisServer) -> Furnished {
    let settings = config::redis::RedisConfig { url: redis.url(), operation_timeout_ms: 600, ..Default::default() };
    let house = TestApp::furnished_with(|config| config.redis = Some(settings)).await;
    house.change_client("web", |web| web.policy.consent = ConsentPolicy::FirstParty).await;
    house
}

fn ask() -> String {
    Ask::of("web").with("redirect_uri", REDIRECT).url()
}

/// A person is told what happened, and a machine when to try again.
fn assert_told_to_come_back(page: &Page) {
    assert_eq!(page.status, 503, "{}", page.body);
    assert!(page.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{:?}", page.headers);
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn the_token_side_goes_on_without_redis() {
    let Some(mut redis) = RedisServer::private() else { return };
    let house = house(&redis).await;
    let tokens = house.tokens("openid offline_access").await;
    redis.stop();

    let form = [("grant_type", "client_credentials"), ("scope", "read")];
    house.post("/token").basic("worker").form(&form).send().await.expect(200);
    let tokens = house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
    assert!(house.is_active(&tokens.access_token).await);
    house.get("/userinfo").bearer(&tokens.access_token).send().await.expect(200);
    let code = house.code("web", "openid").await;
    house.redeeming(&code).basic("web").send().await.expect(200);
    for path in ["/jwks", "/.well-known/openid-configuration"] {
        house.get(path).send().await.expect(200);
    }
    assert_eq!(house.post("/revoke").basic("web").form(&[("token", tokens.refresh())]).send().await.status, 200);
    assert!(!house.is_active(&tokens.access_token).await);
}

#[tokio::test]
async fn a_login_waits_for_redis_and_begins_again_when_redis_comes_back_empty() {
    let Some(mut redis) = RedisServer::private() else { return };
    let house = house(&redis).await;
    let alice = house.user("minji@example.com").await;
    let mut signed_in = house.signed_in(&alice).await;
    assert!(signed_in.get(&ask()).await.answer().contains_key("code"));
    let mut halfway = house.browser();
    let login = halfway.get(&ask()).await;

    redis.stop();
    assert_told_to_come_back(&signed_in.get_once(&ask()).await);
    assert_told_to_come_back(&fill_in(&mut halfway, &login).await);

    redis.start_again();
    let page = signed_in.get(&ask()).await;
    assert!(page.has("login"), "{} {}", page.status, page.body);
    // The login that was begun is gone with Redis; the page says so, and nothing breaks.
    let page = fill_in(&mut halfway, &login).await;
    assert!(page.status.is_success() || page.status.is_client_error(), "{} {}", page.status, page.body);
    let again = halfway.get(&ask()).await;
    assert!(fill_in(&mut halfway, &again).await.answer().contains_key("code"));
}

#[tokio::test]
async fn a_hanging_redis_is_given_up_soon() {
    let Some(redis) = RedisServer::private() else { return };
    let house = house(&redis).await;
    let mut browser = house.browser();
    assert!(browser.get(&ask()).await.has("login"));
    redis.pause();
    let begun = Instant::now();
    assert_told_to_come_back(&browser.get_once(&ask()).await);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    redis.resume();
    assert!(browser.get(&ask()).await.has("login"));
}

async fn fill_in(browser: &mut Browser, login: &Page) -> Page {
    browser.submit(login, "login", &[("email", "minji@example.com"), ("password", PASSWORD)]).await
}
