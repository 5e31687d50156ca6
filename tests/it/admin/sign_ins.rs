//! Other people's sign-ins.

use haechi::admin::{Authority, sessions, users};
use haechi::identity::accounts::Origin;
use haechi::model::audit_event::AuditKind;
use haechi::sessions::{BrowserSecret, Visitor};

use crate::support::accounts::{PASSWORD, from, new_account};
use crate::support::app::TestApp;

fn visitor(house: &TestApp, agent: &str) -> Visitor {
    let browser = BrowserSecret::draw(house.app.random.as_ref());
    Visitor {
        browser,
        session: None,
        address: [192, 0, 2, 1].into(),
        agent: agent.to_owned(),
        remember: false,
        makes_passkeys: false,
    }
}

#[tokio::test]
async fn one_sign_in_of_a_person_ends_and_the_others_go_on() {
    let house = TestApp::new().await;
    let operator = Authority::operator();
    let app = &house.app;
    let origin: Origin = from([192, 0, 2, 1]);
    let user = app.accounts.sign_up(new_account("kim@example.com", PASSWORD), &origin).await.unwrap();
    let phone =
        app.flow.sessions.sign_in(&visitor(&house, "phone"), &user, haechi::sessions::Means::Password).await.unwrap();
    let laptop =
        app.flow.sessions.sign_in(&visitor(&house, "laptop"), &user, haechi::sessions::Means::Password).await.unwrap();
    assert_eq!(sessions::list(&app.admin, &operator, &app.flow.sessions, user.id).await.unwrap().len(), 2);

    let ended = sessions::revoke(&app.admin, &operator, &app.flow.sessions, user.id, phone.0.id).await.unwrap();
    assert!(ended);
    assert!(app.flow.sessions.load(Some(&phone.1)).await.unwrap().sign_ins.is_empty());
    assert_eq!(app.flow.sessions.load(Some(&laptop.1)).await.unwrap().sign_ins.len(), 1);
    let again = sessions::revoke(&app.admin, &operator, &app.flow.sessions, user.id, phone.0.id).await.unwrap();
    assert!(!again, "it is gone");
    let log = app.stores.audit.list(None, 10).await.unwrap().items;
    assert!(log.iter().any(|event| event.kind == AuditKind::SessionsRevoked && event.user == Some(user.id)));

    house.clock.advance(std::time::Duration::from_secs(1));
    users::revoke_sessions(&app.admin, &operator, user.id).await.unwrap();
    assert!(sessions::list(&app.admin, &operator, &app.flow.sessions, user.id).await.unwrap().is_empty());
}
