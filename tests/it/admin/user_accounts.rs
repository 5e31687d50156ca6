//! Other people's accounts.

use haechi::admin::users::{self, UserResource};
use haechi::admin::{Aggregate, Authority, FieldError, ProvenAuthority, Rejected, Target};
use haechi::identity::accounts::SignInRejected;
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::store::UserQuery;
use haechi::support::id::UserId;
use haechi::support::{Clock as _, Secret};

use super::web_client;
use crate::support::accounts::{PASSWORD, from};
use crate::support::app::TestApp;

static OPERATOR: ProvenAuthority = Authority::operator();

/// An account that the operator makes.
fn new_user(email: &str, roles: Vec<Role>) -> UserResource {
    UserResource {
        email: Some(email.to_owned()),
        password: Some(Secret::from(PASSWORD)),
        roles: Some(roles),
        ..UserResource::default()
    }
}

#[tokio::test]
async fn an_operator_makes_finds_and_lists_accounts() {
    let house = TestApp::new().await;
    let kim = users::create(&house.admin, &OPERATOR, new_user("kim@example.com", vec![])).await.unwrap();
    house.tick();
    let lee = users::create(&house.admin, &OPERATOR, new_user("lee@example.com", vec![])).await.unwrap();
    let taken = users::create(&house.admin, &OPERATOR, new_user("LEE@example.com", vec![])).await;
    assert!(matches!(taken, Err(Rejected::Taken(Aggregate::User))), "{taken:?}");
    for name in [kim.id.to_string(), "KIM@example.com".to_owned()] {
        assert_eq!(users::find(&house.admin, &OPERATOR, &name).await.unwrap().unwrap().id, kim.id);
    }
    assert!(users::find(&house.admin, &OPERATOR, "nobody").await.unwrap().is_none());
    let first = users::list(&house.admin, &OPERATOR, &UserQuery::default(), 1).await.unwrap();
    assert!(first.more && first.items[0].id == kim.id);
    let found = users::list(&house.admin, &OPERATOR, &UserQuery::searching(Some("lee")), 10).await.unwrap();
    assert_eq!(found.items.iter().map(|user| user.id).collect::<Vec<_>>(), [lee.id]);
    assert!(house.log_in("kim@example.com", PASSWORD, &from([192, 0, 2, 1])).await.is_ok());
}

#[tokio::test]
async fn disabled_means_disabled_and_what_ended_stays_ended() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let client = web_client(&house, "shop").await.id;
    let grant = house.grant(user.id, &client).await;
    house.tick();
    let off = users::set_enabled(&house.admin, &OPERATOR, user.id, false).await.unwrap();
    assert!(!off.honours(user.epoch) && !off.honours(off.epoch) && !house.is_live(grant).await);
    assert_ne!(off.epoch, user.epoch, "it is over, and not only suspended");
    assert_eq!(house.stores.housekeeping.purge(house.clock.now()).await.unwrap(), 1, "so its grant can go");
    house.tick();
    let on = users::set_enabled(&house.admin, &OPERATOR, user.id, true).await.unwrap();
    assert!(on.honours(on.epoch) && !on.honours(user.epoch) && !on.honours(off.epoch), "old sessions do not come back");
    assert_eq!(house.accounts.find(user.id).await.unwrap().unwrap(), on);
    let kinds: Vec<_> = house.audit_log().await.iter().map(|event| event.kind).collect();
    assert_eq!(kinds[..2], [AuditKind::UserEnabled, AuditKind::UserDisabled]);
}

#[tokio::test]
async fn an_operator_sets_a_password_and_ends_sessions() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    house.tick();
    let new = Secret::from("a wholly different phrase");
    let changed = users::set_password(&house.admin, &OPERATOR, user.id, &new, "seen in person").await.unwrap();
    assert!(!changed.honours(user.epoch));
    let origin = from([192, 0, 2, 1]);
    assert!(matches!(house.log_in("kim@example.com", PASSWORD, &origin).await, Err(SignInRejected::WrongCredentials)));
    assert!(house.log_in("kim@example.com", new.expose(), &origin).await.is_ok());
    let weak =
        users::set_password(&house.admin, &OPERATOR, user.id, &Secret::from("password1234"), "seen in person").await;
    assert!(
        matches!(&weak, Err(Rejected::Invalid(found)) if matches!(found[0].error, FieldError::Password(_))),
        "{weak:?}"
    );
    house.tick();
    let revoked = users::revoke_sessions(&house.admin, &OPERATOR, user.id).await.unwrap();
    assert!(revoked.honours(revoked.epoch) && !revoked.honours(changed.epoch));
}

#[tokio::test]
async fn a_deleted_account_is_gone_with_what_it_had_and_the_log_keeps_its_id() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let client = web_client(&house, "shop").await.id;
    let grant = house.grant(user.id, &client).await;
    let seen = house.accounts.find(user.id).await.unwrap().unwrap().version;
    let later = users::delete(&house.admin, &OPERATOR, Target::at(user.id, seen + 1)).await;
    assert!(matches!(later, Err(Rejected::Stale(Aggregate::User))), "{later:?}");
    users::delete(&house.admin, &OPERATOR, Target::at(user.id, seen)).await.unwrap();
    assert!(!house.is_live(grant).await);
    let again = users::delete(&house.admin, &OPERATOR, user.id).await;
    assert!(matches!(again, Err(Rejected::NotFound(Aggregate::User))), "{again:?}");
    let log = house.audit_log().await;
    let entry = log.iter().find(|event| event.kind == AuditKind::UserDeleted).unwrap();
    assert_eq!((entry.user, entry.detail.as_deref(), entry.address.as_deref()), (Some(user.id), None, None));
    assert_eq!(
        log.iter().filter(|event| event.kind == AuditKind::UserDeleted).count(),
        1,
        "what did not happen is not noted"
    );
    let origin = from([192, 0, 2, 1]);
    let refused = house.log_in("kim@example.com", PASSWORD, &origin).await;
    assert!(matches!(refused, Err(SignInRejected::WrongCredentials)), "{refused:?}");
    let anew = house.sign_up("kim@example.com").await;
    assert_ne!(anew.id, user.id);
}

#[tokio::test]
async fn who_may_delete_an_account() {
    let house = TestApp::new().await;
    let password = Secret::from(PASSWORD);
    let acting = async |name: &str, role: Role| {
        let user = users::create(&house.admin, &OPERATOR, new_user(name, vec![role])).await.unwrap();
        let (user, proof) = house.accounts.prove(&user, &password, &from([192, 0, 2, 1])).await.unwrap();
        let (_, authority) = Authority::of_account(&house.admin, user.id).await.unwrap();
        (user, authority.proven(&proof).unwrap())
    };
    let (owner, by_owner) = acting("owner@example.com", Role::Owner).await;
    let (admin, by_admin) = acting("admin@example.com", Role::Administrator).await;
    let (manager, by_manager) = acting("manager@example.com", Role::PeopleManager).await;
    for (by, whom, code) in [
        (&by_manager, &admin, "forbidden"),
        (&by_manager, &owner, "forbidden"),
        (&by_admin, &owner, "forbidden"),
        (&by_manager, &manager, "own_account"),
        (&by_admin, &admin, "own_account"),
        (&by_owner, &owner, "own_account"),
    ] {
        let rejected = users::delete(&house.admin, by, whom.id).await.unwrap_err();
        assert_eq!(rejected.code(), code, "{:?}: {rejected}", whom.email);
        assert!(house.accounts.find(whom.id).await.unwrap().is_some());
    }
    users::delete(&house.admin, &by_admin, manager.id).await.unwrap();
    users::delete(&house.admin, &by_owner, admin.id).await.unwrap();
    let last = users::delete(&house.admin, &OPERATOR, owner.id).await;
    assert!(matches!(last, Err(Rejected::LastAdministrator)), "{last:?}");
    let lost = users::set_enabled(&house.admin, &by_admin, owner.id, false).await.unwrap_err();
    assert_eq!(lost.code(), "forbidden", "an authority of before may no more than it might");
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let house = TestApp::new().await;
    let admin = vec![Role::Administrator];
    let kim = users::create(&house.admin, &OPERATOR, new_user("kim@example.com", admin.clone())).await.unwrap();
    for rejected in [
        users::set_roles(&house.admin, &OPERATOR, kim.id, vec![]).await,
        users::set_enabled(&house.admin, &OPERATOR, kim.id, false).await,
    ] {
        assert!(matches!(rejected, Err(Rejected::LastAdministrator)), "{rejected:?}");
    }
    let lee = house.sign_up("lee@example.com").await;
    users::set_roles(&house.admin, &OPERATOR, lee.id, admin).await.unwrap();
    assert!(users::set_enabled(&house.admin, &OPERATOR, kim.id, false).await.is_ok());
}

#[tokio::test]
async fn nobody_cannot_be_changed() {
    let house = TestApp::new().await;
    let nobody = UserId::new(house.clock.now(), &*house.random);
    let rejected = users::set_enabled(&house.admin, &OPERATOR, nobody, false).await;
    assert!(matches!(rejected, Err(Rejected::NotFound(Aggregate::User))), "{rejected:?}");
}

#[tokio::test]
async fn what_is_shown_of_an_account_changes_nothing_and_forges_nothing() {
    let house = TestApp::new().await;
    let was = users::create(&house.admin, &OPERATOR, new_user("kim@example.com", vec![Role::Auditor])).await.unwrap();
    let update = async |document: serde_json::Value| {
        house.tick();
        let document: UserResource = serde_json::from_value(document).unwrap();
        users::update(&house.admin, &OPERATOR, was.id, &document).await
    };
    let shown = serde_json::to_value(UserResource::from(&was)).unwrap();
    assert_eq!((&shown["sub"], shown.get("password")), (&serde_json::json!(was.id.to_string()), None));
    assert_eq!(update(shown).await.unwrap(), was);
    assert_eq!(house.audit_log().await[0].kind, AuditKind::UserCreated, "nothing happened since");
    for (field, value) in [
        ("sub", serde_json::json!("usr_other")),
        ("password", serde_json::json!("a tandem for two herons")),
        ("updated_at", serde_json::json!(1)),
        ("status", serde_json::json!("disabled")),
        ("created_at", serde_json::json!("1970-01-01T00:00:00Z")),
    ] {
        let refused = update(serde_json::json!({ field: value })).await;
        let Err(Rejected::Invalid(found)) = refused else { panic!("{field}: {refused:?}") };
        assert!(found[0].field == field && found[0].error == FieldError::ReadOnly, "{field}: {found:?}");
    }
    let stale = update(serde_json::json!({"version": was.version + 1, "name": "Kim"})).await;
    assert!(matches!(stale, Err(Rejected::Stale(Aggregate::User))), "{stale:?}");
    assert_eq!(users::find(&house.admin, &OPERATOR, "kim@example.com").await.unwrap(), Some(was.clone()));

    let named = update(serde_json::json!({"version": was.version, "name": "Kim", "locale": "ko"})).await.unwrap();
    assert_eq!((named.name(), named.version, &named.roles), (Some("Kim"), was.version + 1, &was.roles));
    let entry = &house.audit_log().await[0];
    assert_eq!((entry.kind, entry.detail.as_deref()), (AuditKind::UserChanged, Some("locale, name")));
    // The password is still the same, and a new address signs in.
    update(serde_json::json!({"email": "minji@example.com"})).await.unwrap();
    assert!(house.log_in("minji@example.com", PASSWORD, &from([192, 0, 2, 1])).await.is_ok());
    house.sign_up("lee@example.com").await;
    let taken = update(serde_json::json!({"email": "LEE@example.com"})).await;
    assert!(matches!(taken, Err(Rejected::Taken(Aggregate::User))), "{taken:?}");
}

#[tokio::test]
async fn a_new_account_sets_nothing_that_only_the_server_sets() {
    let house = TestApp::new().await;
    let document = serde_json::json!({"email": "kim@example.com", "sub": "usr_00000000000000000000000000000000", "version": 7,
        "created_at": "1970-01-01T00:00:00Z", "updated_at": 1, "status": "disabled"});
    let made = users::create(&house.admin, &OPERATOR, serde_json::from_value(document).unwrap()).await.unwrap();
    assert_ne!(made.id.to_string(), "usr_00000000000000000000000000000000");
    assert_eq!((made.version, made.created_at, made.updated_at), (0, house.clock.now(), house.clock.now()));
    assert!(!made.is_active(), "it may be made switched off");
}
