//! Rights over one app, or over the people in one group, that a client has for what it does for itself: as an account has them.

use std::time::Duration;

use haechi::admin::clients::{self, ClientResource};
use haechi::admin::{Authority, Permission, ProvenAuthority, Rejected, delegations, users};
use haechi::model::user::Role;
use haechi::model::{ClientId, Delegation, User};
use haechi::protocol::grant_type::GrantType;

use super::api::{service, somebody};
use super::delegation::{House, is_refused, on_app, on_person, shop};

const OPERATOR: ProvenAuthority = Authority::operator();

#[tokio::test]
async fn a_service_account_manages_as_an_account_does_and_no_longer_than_it_is_given() {
    let house = House::new().await;
    let admin = &house.app.admin;
    let job = service(&house.app, "job", &[], "haechi:write").await.client;
    let acts = async || Authority::of_client(admin, &job.id, job.epoch).await;
    assert!(matches!(acts().await, Err(Rejected::Forbidden(None))), "it may do nothing yet");
    let (kim, lee) = (house.member("kim", &[]).await, somebody(&house.app, "lee", &[]).await.id);
    let staff = Delegation::Group(house.staff);
    for of in [&shop(), &staff] {
        for _ in 0..2 {
            delegations::give_to_service_account(admin, &OPERATOR, &job.id, of).await.unwrap();
        }
        let holders = delegations::documents(admin, &OPERATOR, of).await.unwrap();
        assert_eq!(holders.iter().map(|one| one.sub.as_str()).collect::<Vec<_>>()[1..], ["job"], "{holders:?}");
    }
    let by = acts().await.unwrap();
    for (name, outcome) in on_person(&house.app, &by, kim).await {
        assert!(!is_refused(&outcome), "{name}: {outcome:?}");
    }
    for (name, outcome) in on_app(&house.app, &by, "shop").await {
        assert!(!is_refused(&outcome), "{name}: {outcome:?}");
    }
    let beyond = [on_person(&house.app, &by, lee).await, on_app(&house.app, &by, "desk").await];
    for (name, outcome) in beyond.into_iter().flatten() {
        assert!(is_refused(&outcome), "{name}: {outcome:?}");
    }

    assert!(delegations::take_from_service_account(admin, &OPERATOR, &job.id, &staff).await.unwrap());
    assert!(!delegations::take_from_service_account(admin, &OPERATOR, &job.id, &staff).await.unwrap(), "it is taken");
    // Not even what was decided before, and is committed now.
    let late = users::set_enabled(admin, &by, kim, false).await;
    assert!(matches!(late, Err(Rejected::ProofNeeded)), "{late:?}");
    let refused = users::set_enabled(admin, &acts().await.unwrap(), kim, false).await;
    assert!(matches!(refused, Err(Rejected::Forbidden(Some(Permission::WriteUsers)))), "{refused:?}");
    clients::delete(admin, &OPERATOR, &ClientId::parse("shop").unwrap()).await.unwrap();
    assert!(matches!(acts().await, Err(Rejected::Forbidden(None))), "with the app went the last of it");
}

/// Whoever has the credential of a service account does what it may: so nobody changes one that may do more than they.
#[tokio::test]
async fn adm_004_nobody_comes_by_a_delegation_through_the_service_account_that_has_it() {
    let house = House::new().await;
    let admin = &house.app.admin;
    let job = service(&house.app, "job", &[], "haechi:write").await.client.id;
    let proven = async |user: User| {
        let (user, authority) = Authority::of_account(admin, user.id).await.unwrap();
        authority.proven(&house.app.proof_of(&user)).unwrap()
    };
    let apps = proven(somebody(&house.app, "apps", &[Role::AppManager]).await).await;
    let mina = somebody(&house.app, "mina", &[]).await;
    delegations::give(admin, &OPERATOR, mina.id, &Delegation::App(job.clone())).await.unwrap();
    let mina = proven(mina).await;
    let rotated = async |by: &ProvenAuthority| clients::rotate_secret(admin, by, &job, Duration::ZERO).await.map(drop);
    for by in [&apps, &mina] {
        rotated(by).await.unwrap();
    }
    let staff = Delegation::Group(house.staff);
    let refused = delegations::give_to_service_account(admin, &apps, &job, &staff).await;
    assert!(matches!(refused, Err(Rejected::Forbidden(Some(Permission::AssignRoles)))), "{refused:?}");
    delegations::give_to_service_account(admin, &OPERATOR, &job, &staff).await.unwrap();
    let renamed = ClientResource { client_name: Some("Mine".to_owned()), ..ClientResource::default() };
    for by in [&apps, &mina] {
        for outcome in [
            rotated(by).await,
            clients::update(admin, by, &job, &renamed).await.map(drop),
            clients::try_out(admin, by, &job, GrantType::ClientCredentials).await.map(drop),
            clients::require_to_see(admin, by, &job).await,
            delegations::take_from_service_account(admin, by, &job, &staff).await.map(drop),
        ] {
            assert!(matches!(outcome, Err(Rejected::Forbidden(Some(_)))), "{outcome:?}");
        }
    }
    // Who may do as much is over it.
    rotated(&proven(somebody(&house.app, "an-owner", &[Role::Owner]).await).await).await.unwrap();
}
