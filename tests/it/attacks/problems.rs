//! Attacks on what administrators are told: whoever knows a client's id can have requests refused in its name, and must hide nothing by that.

use haechi::admin::Authority;
use haechi::admin::problems::{self, LATEST, Problem};
use haechi::model::refusal::Reason;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::furnished::{Furnished, REDIRECT};

async fn problems_of(house: &Furnished, client: Option<&str>) -> Vec<Problem> {
    house.refusals.written().await;
    problems::list(&house.admin, &Authority::operator(), client).await.unwrap()
}

/// A minute of a stranger who makes up redirect URIs, scopes and secrets for a client.
async fn a_strangers_minute(house: &Furnished, minute: u32) {
    for number in 0..40 {
        let address = format!("203.0.113.{number}");
        let uri = format!("https://{minute}-{number}.evil.example/cb");
        house.get(&Ask::of("web").with("redirect_uri", &uri).url()).from(&address).send().await;
        let resource = Ask::of("web").with("redirect_uri", REDIRECT).with("resource", &uri);
        house.get(&resource.url()).from(&address).send().await;
        let form = [("grant_type", uri.as_str()), ("client_id", "web")];
        house.post("/token").form(&form).from(&address).send().await;
    }
}

#[tokio::test]
async fn a_stranger_who_knows_a_client_pushes_none_of_its_problems_out() {
    let house = TestApp::furnished().await;
    let refused = async |call: crate::support::call::Call| assert!(call.send().await.status.is_client_error());
    // What the app itself does wrong, and what only it can do wrong.
    refused(house.post("/token").basic_with("web", "an-old-secret").form(&[("grant_type", "client_credentials")]))
        .await;
    refused(house.post("/token").basic("web").form(&[("grant_type", "client_credentials")])).await;
    refused(house.refreshing("no-token-of-ours").basic("web")).await;
    for minute in 0..6 {
        house.pass(61);
        a_strangers_minute(&house, minute).await;
    }
    // In a minute in which nothing more of the client is written down, what is new still is.
    let other = house.code("web", "openid").await;
    let form = [("grant_type", "authorization_code"), ("code", &other), ("redirect_uri", "https://web.example/old")];
    refused(house.post("/token").basic("web").form(&form)).await;

    let found = problems_of(&house, Some("web")).await;
    let of = |reason| found.iter().filter(|problem| problem.refusal.reason == reason).collect::<Vec<_>>();
    for reason in
        [Reason::WrongSecret, Reason::UnauthorizedClient, Reason::RefreshTokenUnknown, Reason::CodeRedirectUri]
    {
        assert_eq!(of(reason).len(), 1, "{reason:?} of {found:#?}");
    }
    assert!(
        of(Reason::UnauthorizedClient)[0].refusal.authenticated && !of(Reason::WrongSecret)[0].refusal.authenticated
    );
    for reason in [Reason::RedirectUriMismatch, Reason::InvalidTarget, Reason::UnsupportedGrantType] {
        assert_eq!(of(reason).len(), 5, "a few examples of {reason:?}");
    }
    let all = problems_of(&house, None).await;
    assert!(all.len() <= LATEST as usize);
    assert!(all.iter().any(|problem| problem.refusal.reason == Reason::UnauthorizedClient), "{all:#?}");
}

/// What anybody can say and what an app says that proved itself are told apart, although the reason is the same.
#[tokio::test]
async fn what_only_the_app_can_cause_is_of_a_kind_of_its_own() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "authorization_code")];
    house.post("/token").basic("web").form(&form).send().await.error(400);
    house.pass(1);
    house.post("/token").basic_with("web", "guess").form(&form).send().await.error(401);
    house.post("/token").form(&[("client_id", "spa"), form[0]]).send().await.error(400);
    let of = async |client| {
        let found = problems_of(&house, Some(client)).await;
        found.iter().map(|problem| (problem.refusal.reason, problem.refusal.authenticated)).collect::<Vec<_>>()
    };
    assert_eq!(of("web").await, [(Reason::WrongSecret, false), (Reason::InvalidRequest, true)]);
    assert_eq!(of("spa").await, [(Reason::InvalidRequest, false)], "whoever knows the id of a public client is it");
}
