//! Moving the server to another issuer, and databases that are not this server's.

use std::sync::Arc;

use haechi::admin::Authority;
use haechi::admin::issuer::{self, IssuerChange};
use haechi::app::{self, StartError};
use haechi::model::audit_event::AuditKind;
use haechi::protocol::issuer::Issuer;
use haechi::store::Adoption;

use crate::support::app::{ISSUER, TestApp};
use crate::support::furnished::open;

const ELSEWHERE: &str = "https://moved.example";

fn adoption(generation: i64) -> Adoption {
    let (issuer, instance) = (ISSUER.to_owned(), "0".repeat(32));
    Adoption { issuer, instance, generation, release: format!("9.{generation}.0") }
}

async fn start(app: &TestApp, issuer: &str) -> Result<(), StartError> {
    let mut config = app.app.config.as_ref().clone();
    issuer.clone_into(&mut config.server.issuer);
    let built = app::build(Arc::new(config), app.clock.clone(), app.app.random.clone()).await;
    built.map(drop)
}

#[tokio::test]
async fn a_server_starts_on_its_own_database_and_on_one_that_is_nobody_s() {
    let app = TestApp::new().await;
    start(&app, ELSEWHERE).await.unwrap();
    app.app.stores.server.adopt(adoption(1)).await.unwrap();
    start(&app, ISSUER).await.unwrap();
    let refused = start(&app, ELSEWHERE).await.unwrap_err();
    assert!(matches!(refused, StartError::OtherIssuer { .. }), "{refused}");
    // Of two that start at once on a new database, one finds that it is the other's.
    app::take_up(&app.app).await.unwrap();
    let other = app.restarted(|config| ELSEWHERE.clone_into(&mut config.server.issuer)).await;
    assert!(matches!(app::take_up(&other.app).await, Err(StartError::OtherIssuer { .. })));
}

#[tokio::test]
async fn a_database_that_a_server_took_up_says_which_release_works_on_it() {
    let app = TestApp::new().await;
    app::take_up(&app.app).await.unwrap();
    let said = app.app.stores.server.identity().await.unwrap();
    assert_eq!((said.issuer.as_deref(), said.generation), (Some(ISSUER), app::GENERATION));
    assert_eq!(said.release.as_deref(), Some(env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn a_release_works_on_the_database_of_its_neighbour_and_of_no_newer_one() {
    let app = TestApp::new().await;
    for (generation, starts) in [(app::GENERATION, true), (app::GENERATION + 1, true), (app::GENERATION + 2, false)] {
        app.app.stores.server.adopt(adoption(generation)).await.unwrap();
        match start(&app, ISSUER).await {
            Ok(()) => assert!(starts, "{generation}"),
            Err(refused) => {
                assert!(!starts && matches!(refused, StartError::NewerDatabase { .. }), "{generation}: {refused}");
                assert!(refused.to_string().contains(&format!("9.{generation}.0")), "{refused}");
            }
        }
    }
}

#[tokio::test]
async fn a_move_ends_the_tokens_of_the_issuer_of_before_and_leaves_the_grants() {
    let house = TestApp::furnished().await;
    app::take_up(&house.app).await.unwrap();
    let tokens = house.tokens("openid offline_access").await;
    assert!(house.is_active(&tokens.access_token).await);
    let to = Issuer::parse(ELSEWHERE).unwrap();
    let moved = issuer::change(&house.app.admin, &Authority::operator(), &to).await.unwrap();
    assert_eq!(moved, IssuerChange::MovedFrom(ISSUER.to_owned()));
    assert_eq!(
        house.audit(AuditKind::IssuerChanged).await[0].detail.as_deref(),
        Some("https://id.example to https://moved.example")
    );
    assert_eq!(issuer::change(&house.app.admin, &Authority::operator(), &to).await.unwrap(), IssuerChange::Same);
    let moved = house.second_node_with(|config| ELSEWHERE.clone_into(&mut config.server.issuer)).await;
    app::take_up(&moved.app).await.unwrap();
    let is_active = async |token: &str| {
        let call = house.post("/introspect").basic("web").form(&[("token", token)]);
        call.to(&moved.router).send_to("moved.example").await.expect(200)["active"] == true
    };
    assert!(!is_active(&tokens.access_token).await);
    let refreshing = house.refreshing(tokens.refresh()).basic("web").to(&moved.router);
    let fresh = refreshing.send_to("moved.example").await.tokens();
    assert_eq!(open(&fresh.access_token).1["iss"], ELSEWHERE);
    assert!(is_active(&fresh.access_token).await);
}
