//! What who manages a group does not do to its people, although the same is a change of one of them: whatever reaches beyond the group.

use std::time::Duration;

use haechi::admin::affiliations::{GroupResource, RoleResource};
use haechi::admin::users::{self, InvitationResource, UserResource};
use haechi::admin::{Aggregate, Authority, Permission, ProvenAuthority, Rejected};
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::model::{AffiliationKind, User};
use haechi::support::id::{AffiliationId, PasskeyId, UserId};
use haechi::support::{Clock, Secret};
use serde_json::{Value, json};

use super::affiliations::define;
use super::api::somebody;
use super::attributes::declare;
use super::delegation::{House, TYPED};

const OPERATOR: ProvenAuthority = Authority::operator();

fn is_forbidden<T>(outcome: &Result<T, Rejected>) -> bool {
    matches!(outcome, Err(Rejected::Forbidden(Some(Permission::WriteUsers))))
}

/// Invites somebody into the group.
async fn invite(house: &House, by: &ProvenAuthority, email: &str, besides: &Value) -> Result<User, Rejected> {
    let mut document = json!({ "email": email, "memberships": { "groups": ["staff"] } });
    document.as_object_mut().unwrap().extend(besides.as_object().unwrap().clone());
    let document: InvitationResource = serde_json::from_value(document).unwrap();
    users::invite(&house.app.admin, by, document).await
}

async fn set_password(house: &House, by: &ProvenAuthority, user: UserId) -> Result<User, Rejected> {
    users::set_password(&house.app.admin, by, user, &Secret::from(TYPED), "asked").await
}

/// Apps believe what the server says: who manages a group does not say whose an address is, nor what rules make claims of.
#[tokio::test]
async fn who_manages_a_group_says_nothing_of_its_people_that_apps_rely_on() {
    let house = House::new().await;
    let admin = &house.app.admin;
    declare(&house.app, json!({ "name": "level" })).await;
    let kim = house.member("kim", &[]).await;
    users::join(admin, &OPERATOR, house.dana.id, (AffiliationKind::Group, house.staff)).await.unwrap();
    let vouched = json!({ "phone_number": "+821012345678", "phone_number_verified": true });
    let attributes = json!({ "attributes": { "level": "chief" } });
    for change in [
        json!({ "email": "ceo@example.com" }),
        json!({ "email_verified": true }),
        json!({ "email": "ceo@example.com", "email_verified": true }),
        vouched.clone(),
        attributes.clone(),
    ] {
        let document: UserResource = serde_json::from_value(change.clone()).unwrap();
        for user in [kim, house.dana.id] {
            let refused = users::update(admin, &house.dana().await, user, &document).await;
            assert!(is_forbidden(&refused), "{change}: {refused:?}");
        }
        users::update(admin, &OPERATOR, kim, &document).await.unwrap();
        let back = json!({ "email": "kim@example.com", "email_verified": false, "phone_number": "" });
        users::update(admin, &OPERATOR, kim, &serde_json::from_value(back).unwrap()).await.unwrap();
    }
    // A number that was verified is not exchanged for another one that would be, and what is not verified any more may be said.
    users::update(admin, &OPERATOR, kim, &serde_json::from_value(vouched).unwrap()).await.unwrap();
    let other = json!({ "phone_number": "+821087654321", "phone_number_verified": true });
    let refused = users::update(admin, &house.dana().await, kim, &serde_json::from_value(other).unwrap()).await;
    assert!(is_forbidden(&refused), "{refused:?}");
    for change in [json!({ "phone_number": "+821087654321" }), json!({ "nickname": "Kim", "locale": "ko" })] {
        let document: UserResource = serde_json::from_value(change).unwrap();
        users::update(admin, &house.dana().await, kim, &document).await.unwrap();
    }
    let vouched = json!({ "phone_number": "+821012345678", "phone_number_verified": true });
    for besides in [vouched, attributes] {
        let refused = invite(&house, &house.dana().await, "new@example.com", &besides).await;
        assert!(is_forbidden(&refused), "{besides}: {refused:?}");
    }
}

/// Otherwise who manages a group would make themselves an account under anybody's address.
#[tokio::test]
async fn whoever_is_invited_sets_the_first_password() {
    let house = House::new().await;
    let by = house.dana().await;
    let invited = invite(&house, &by, "ceo@example.com", &json!({})).await.unwrap().id;
    let refused = set_password(&house, &by, invited).await;
    assert!(is_forbidden(&refused), "{refused:?}");
    assert!(house.app.stores.users.password(invited).await.unwrap().is_none());
    assert!(!users::ways_in(&house.app.admin, &by, invited).await.unwrap().may_set_password);
    users::invite_again(&house.app.admin, &by, invited).await.unwrap();
    // An administrator, who could as well make the account, does.
    set_password(&house, &OPERATOR, invited).await.unwrap();
    set_password(&house, &by, invited).await.unwrap();
}

/// Who sets a password is the person from then on, in whatever else that person is.
#[tokio::test]
async fn whoever_is_more_than_one_of_the_group_is_not_taken_over() {
    let house = House::new().await;
    let admin = &house.app.admin;
    let board = define::<GroupResource>(&house.app, json!({ "name": "board" })).await.affiliation.id;
    let role = async |document| define::<RoleResource>(&house.app, document).await.affiliation.id;
    let of_other = role(json!({ "name": "editor", "client_id": "desk" })).await;
    let of_every = role(json!({ "name": "editor" })).await;
    let strict = role(json!({ "name": "chief", "client_id": "shop", "require_second_factor": true })).await;
    let own = role(json!({ "name": "editor", "client_id": "shop" })).await;
    let who_also_has = async |name: &str, kind, id: AffiliationId| {
        let user = house.member(name, &[]).await;
        users::join(admin, &OPERATOR, user, (kind, id)).await.unwrap();
        user
    };
    let more = [
        who_also_has("board", AffiliationKind::Group, board).await,
        who_also_has("other", AffiliationKind::Role, of_other).await,
        who_also_has("every", AffiliationKind::Role, of_every).await,
        who_also_has("strict", AffiliationKind::Role, strict).await,
    ];
    let passkey = PasskeyId::new(house.app.clock.now(), &*house.app.random);
    let refused_by = async |by: &ProvenAuthority| {
        for user in more {
            let done = [
                set_password(&house, by, user).await.map(drop),
                users::reset_factors(admin, by, user, "asked").await.map(drop),
                users::remove_passkey(admin, by, user, passkey, "asked").await.map(drop),
            ];
            assert!(done.iter().all(is_forbidden), "{user}: {done:?}");
            let ways = users::ways_in(admin, by, user).await.unwrap();
            assert!(!ways.may_reset && !ways.may_set_password, "{user}");
            users::send_reset_link(admin, by, user, "asked").await.unwrap();
        }
    };
    refused_by(&house.dana().await).await;
    let plain = who_also_has("plain", AffiliationKind::Role, own).await;
    set_password(&house, &house.dana().await, plain).await.unwrap();
    users::reset_factors(admin, &house.dana().await, plain, "asked").await.unwrap();
    // Seeing everybody is not to be over them.
    users::set_roles(admin, &OPERATOR, house.dana.id, vec![Role::Auditor]).await.unwrap();
    refused_by(&house.dana().await).await;
}

/// An invitation is refused where its address has an account: it is noted who learned that of whom, and how often they may.
#[tokio::test]
async fn who_learns_of_addresses_by_inviting_them_is_noted_and_stopped() {
    let house = House::with(|config| config.throttling.sign_ups_per_address = 2).await;
    let lee = somebody(&house.app, "lee", &[]).await.id;
    house.member("kim", &[]).await;
    let nothing = json!({});
    let of_own = invite(&house, &house.dana().await, "kim@example.com", &nothing).await;
    assert!(matches!(of_own, Err(Rejected::Taken(Aggregate::User))), "{of_own:?}");
    let by_operator = invite(&house, &OPERATOR, "lee@example.com", &nothing).await;
    assert!(matches!(by_operator, Err(Rejected::Taken(Aggregate::User))), "{by_operator:?}");
    assert!(house.app.audit(AuditKind::InvitationRefused).await.is_empty(), "nothing that they do not see anyway");
    // Trying tells as much.
    for by in [house.dana().await.trying(), house.dana().await] {
        let told = invite(&house, &by, "lee@example.com", &nothing).await;
        assert!(matches!(told, Err(Rejected::Taken(Aggregate::User))), "{told:?}");
    }
    let noted = house.app.audit(AuditKind::InvitationRefused).await;
    assert_eq!(noted.iter().map(|event| event.user).collect::<Vec<_>>(), [Some(lee), Some(lee)]);
    for email in ["lee@example.com", "new@example.com"] {
        let stopped = invite(&house, &house.dana().await, email, &nothing).await;
        let Err(Rejected::TooOften(wait)) = stopped else { panic!("{email}: {stopped:?}") };
        assert!(wait <= Duration::from_hours(1), "{wait:?}");
    }
    house.app.clock.advance(Duration::from_hours(1));
    invite(&house, &house.dana().await, "new@example.com", &nothing).await.unwrap();
}
