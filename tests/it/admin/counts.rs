//! What happens is counted, a few seconds later, and shown in series without gaps.

use std::time::Duration;

use haechi::admin::counts::{self, Series, Stretch};
use haechi::admin::{Authority, Rejected};
use haechi::model::count::{Counted, LoginMethod, LoginOutcome, Resolution, Tried};
use haechi::model::refusal::Reason;
use haechi::model::user::Role;
use haechi::protocol::grant_type::GrantType;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::furnished::Furnished;

fn total(series: &[Series], what: &Counted) -> u64 {
    series.iter().filter(|series| series.what == *what).map(Series::total).sum()
}

fn hours(house: &Furnished) -> Stretch {
    Stretch::last(Resolution::Hour, 24, house.now())
}

#[tokio::test]
async fn logins_tokens_refusals_and_what_was_tried_too_often_are_counted_and_nothing_waits_for_it() {
    let house = TestApp::furnished_with(|config| config.throttling.password_failures_per_address = 2).await;
    let operator = Authority::operator();
    house.user("kim@example.com").await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    for password in ["not this", "nor this", "nor that", "nor these"] {
        browser.submit(&login, "login", &[("email", "lee@example.com"), ("password", password)]).await;
    }
    let code = house.code("web", "openid offline_access").await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    house.refreshing(tokens.refresh()).basic("web").send().await.expect(200);
    house.redeeming(&code).basic("web").send().await.expect(400);
    let stretch = hours(&house);
    assert!(
        counts::tokens(&house.admin, &operator, stretch).await.unwrap().is_empty(),
        "it is written behind the answers"
    );
    house.app.counts.write().await.unwrap();
    let logins = counts::logins(&house.admin, &operator, stretch).await.unwrap();
    assert_eq!(total(&logins, &Counted::Login(LoginMethod::Password, LoginOutcome::Failed)), 2, "{logins:?}");
    let throttled = counts::throttled(&house.admin, &operator, stretch).await.unwrap();
    assert_eq!(total(&throttled, &Counted::Throttled(Tried::Password)), 2, "{throttled:?}");
    let issued = counts::tokens(&house.admin, &operator, stretch).await.unwrap();
    let of = |grant| Counted::Tokens(grant, haechi::model::ClientId::parse("web").ok());
    assert_eq!(
        (total(&issued, &of(GrantType::AuthorizationCode)), total(&issued, &of(GrantType::RefreshToken))),
        (1, 1)
    );
    let refusals = counts::refusals(&house.admin, &operator, stretch).await.unwrap();
    assert!(
        refusals.iter().any(|series| series.total() > 0 && series.what != Counted::Refusal(Reason::Other)),
        "{refusals:?}"
    );
    let active = counts::active_people(&house.admin, &operator, 7).await.unwrap();
    assert_eq!(active.iter().map(|(_, people)| *people).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 1], "alice has tokens");
}

#[tokio::test]
async fn an_end_user_who_comes_again_is_active_once_and_each_login_counts() {
    let house = TestApp::furnished().await;
    house.user("kim@example.com").await;
    for _ in 0..2 {
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
        house.app.counts.write().await.unwrap();
        house.pass(3600);
    }
    let operator = Authority::operator();
    let logins = counts::logins(&house.admin, &operator, hours(&house)).await.unwrap();
    let signed_in = Counted::Login(LoginMethod::Password, LoginOutcome::SignedIn);
    let series = logins.iter().find(|series| series.what == signed_in).unwrap();
    assert_eq!((series.points.len(), &series.points[21..]), (24, &[1, 1, 0][..]));
    let days = Stretch::last(Resolution::Day, 2, house.now());
    let logins = counts::logins(&house.admin, &operator, days).await.unwrap();
    assert_eq!(total(&logins, &signed_in), 2);
    let people: u64 =
        counts::active_people(&house.admin, &operator, 2).await.unwrap().iter().map(|(_, people)| people).sum();
    assert!((1..=2).contains(&people), "once on each day");
    // Two weeks later the hours are gone, and the days are not.
    house.clock.advance(Duration::from_hours(24 * 15));
    haechi::app::purge(&house.app).await.unwrap();
    let days = Stretch::last(Resolution::Day, 20, house.now());
    assert_eq!(total(&counts::logins(&house.admin, &operator, days).await.unwrap(), &signed_in), 2);
}

#[tokio::test]
async fn each_count_is_for_who_may_see_whose_it_is() {
    let house = TestApp::furnished().await;
    house.change_alice(|alice| alice.roles = vec![Role::AppManager]).await;
    let (_, manager) = Authority::of_account(&house.admin, house.alice.id).await.unwrap();
    let stretch = hours(&house);
    assert!(counts::tokens(&house.admin, &manager, stretch).await.is_ok());
    let logins = counts::logins(&house.admin, &manager, stretch).await;
    assert!(matches!(logins, Err(Rejected::Forbidden(_))), "{logins:?}");
}
