//! Who manages one app, or the people in one group, without a role.

use haechi::model::client::ClientKind;
use haechi::model::user_edit::UserEdit;
use haechi::model::{ClientId, Delegation};
use haechi::store::{ActingAccount, ActingClient, Change, Conflict, Ground, StoreResult, Stores, UserQuery};
use haechi::support::id::UserId;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::affiliations::{group, join};
use super::many::on_both;
use super::users::{conflict, user};
use super::{NOW, on_every_database};
use crate::support::builders;

async fn commit(stores: &Stores, change: Change) -> StoreResult<()> {
    stores.work.commit(vec![change]).await
}

/// What an account manages, by the look that reads the account.
async fn of(stores: &Stores, id: UserId) -> Vec<Delegation> {
    stores.users.find(id).await.unwrap().map(|user| user.delegations).unwrap_or_default()
}

fn shop() -> Delegation {
    Delegation::App(ClientId::parse("shop").unwrap())
}

/// An account, a client and a group, and what the account could manage.
async fn furnished(stores: &Stores) -> (UserId, Delegation) {
    let (kim, staff) = (user(1), group(1, "staff"));
    let shop = builders::client("shop", ClientKind::Web, NOW);
    let made =
        vec![Change::InsertUser(kim.clone()), Change::InsertClient(shop), Change::InsertAffiliation(staff.clone())];
    stores.work.commit(made).await.unwrap();
    (kim.id, Delegation::Group(staff.id))
}

/// A node of the release before deletes a client, and leaves what it knows nothing of. Whoever registers one under that id later gets none of it.
async fn what_was_left_of_a_client_is_not_inherited(stores: Stores, db: DatabaseConnection) {
    let (kim, staff) = furnished(&stores).await;
    let job = builders::client("job", ClientKind::Service, NOW);
    let give = |of: Delegation| Change::InsertClientDelegation(job.id.clone(), of);
    let given = vec![Change::InsertClient(job.clone()), give(staff.clone()), give(shop())];
    stores.work.commit(given).await.unwrap();
    commit(&stores, Change::InsertDelegation(kim, shop())).await.unwrap();
    let delete = async |id: &str| {
        let sql = format!("UPDATE clients SET deleted = TRUE, enabled = FALSE, version = -1 WHERE id = '{id}'");
        db.execute_unprepared(&sql).await.unwrap();
    };
    let managed = async || stores.delegations.service_account(&job.id).await.unwrap().unwrap().delegations;
    assert_eq!(managed().await, [shop(), staff.clone()]);
    delete("shop").await;
    commit(&stores, Change::InsertClient(builders::client("shop", ClientKind::Web, NOW))).await.unwrap();
    assert_eq!((managed().await, of(&stores, kim).await), (vec![staff], vec![]), "over another app of that id");
    delete("job").await;
    commit(&stores, Change::InsertClient(job.clone())).await.unwrap();
    assert_eq!(managed().await, [], "of another client of that id");
}

on_both! {
    sqlite_left_of_a_client, postgres_left_of_a_client: what_was_left_of_a_client_is_not_inherited;
}

on_every_database! {
    stores;

    async fn a_delegation_is_read_with_the_account_and_changes_its_version() {
        let (kim, staff) = furnished(&stores).await;
        assert_eq!(of(&stores, kim).await, []);
        commit(&stores, Change::InsertDelegation(kim, staff.clone())).await.unwrap();
        commit(&stores, Change::InsertDelegation(kim, shop())).await.unwrap();
        let found = stores.users.find(kim).await.unwrap().unwrap();
        assert_eq!((&found.delegations, found.version), (&vec![shop(), staff.clone()], 2));
        let by_address = stores.users.find_by_email(&found.email).await.unwrap().unwrap();
        let listed = stores.users.list(&UserQuery::default(), 10).await.unwrap().items;
        assert_eq!((&by_address, &listed), (&found, &vec![found.clone()]));
        for one in [&shop(), &staff] {
            let holders = stores.delegations.holders(one).await.unwrap();
            assert_eq!(holders.iter().map(|holder| holder.id).collect::<Vec<_>>(), [kim]);
        }
        assert_eq!(conflict(commit(&stores, Change::InsertDelegation(kim, shop())).await), Conflict::Taken);
        commit(&stores, Change::DeleteDelegation(kim, shop())).await.unwrap();
        assert_eq!(of(&stores, kim).await, [staff]);
        assert_eq!(conflict(commit(&stores, Change::DeleteDelegation(kim, shop())).await), Conflict::Stale);
    }

    async fn nobody_manages_what_is_not_there_and_it_goes_with_what_it_is_over() {
        let (kim, staff) = furnished(&stores).await;
        let nothing = Delegation::App(ClientId::parse("nothing").unwrap());
        assert_eq!(conflict(commit(&stores, Change::InsertDelegation(kim, nothing)).await), Conflict::Stale);
        let nobody = user(9).id;
        assert_eq!(conflict(commit(&stores, Change::InsertDelegation(nobody, shop())).await), Conflict::Stale);

        for one in [shop(), staff.clone()] {
            commit(&stores, Change::InsertDelegation(kim, one)).await.unwrap();
        }
        commit(&stores, Change::DeleteClient(ClientId::parse("shop").unwrap())).await.unwrap();
        // One that is registered under the same id is another.
        commit(&stores, Change::InsertClient(builders::client("shop", ClientKind::Web, NOW))).await.unwrap();
        assert_eq!(of(&stores, kim).await, std::slice::from_ref(&staff));
        let Delegation::Group(id) = staff.clone() else { unreachable!() };
        commit(&stores, Change::DeleteAffiliation(id)).await.unwrap();
        assert_eq!(of(&stores, kim).await, []);

        commit(&stores, Change::InsertDelegation(kim, shop())).await.unwrap();
        commit(&stores, Change::DeleteUser(UserEdit::new(kim, NOW))).await.unwrap();
        assert!(stores.delegations.holders(&shop()).await.unwrap().is_empty());
    }

    async fn what_is_decided_by_a_delegation_is_refused_once_it_is_taken() {
        let (kim, staff) = furnished(&stores).await;
        commit(&stores, Change::InsertDelegation(kim, staff.clone())).await.unwrap();
        let found = stores.users.find(kim).await.unwrap().unwrap();
        let acting = ActingAccount { id: kim, epochs: found.epochs(), sign_in: None, roles: Some(found.rights()) };
        let holds = Change::Holds(Ground::Account(acting));
        commit(&stores, holds.clone()).await.unwrap();
        commit(&stores, Change::DeleteDelegation(kim, staff)).await.unwrap();
        assert_eq!(conflict(commit(&stores, holds).await), Conflict::Ended);
    }

    async fn a_client_has_one_as_an_account_does() {
        let (_, staff) = furnished(&stores).await;
        let job = builders::client("job", ClientKind::Service, NOW);
        let give = |of: &Delegation| Change::InsertClientDelegation(job.id.clone(), of.clone());
        let take = |of: &Delegation| Change::DeleteClientDelegation(job.id.clone(), of.clone());
        assert_eq!(conflict(commit(&stores, give(&staff)).await), Conflict::Stale, "there is no such client");
        commit(&stores, Change::InsertClient(job.clone())).await.unwrap();
        let found = async || stores.delegations.service_account(&job.id).await.unwrap().unwrap();
        assert_eq!(found().await.delegations, []);
        for of in [&staff, &shop()] {
            commit(&stores, give(of)).await.unwrap();
            let holders = stores.delegations.service_accounts(of).await.unwrap();
            assert_eq!(holders, [found().await]);
            assert!(stores.delegations.holders(of).await.unwrap().is_empty());
        }
        let held = found().await;
        assert_eq!((&held.delegations, held.client.version), (&vec![shop(), staff.clone()], 2));
        assert_eq!(conflict(commit(&stores, give(&staff)).await), Conflict::Taken);

        let acting = ActingClient { id: job.id.clone(), epoch: held.client.epoch, rights: held.rights() };
        let holds = Change::Holds(Ground::Client(acting));
        commit(&stores, holds.clone()).await.unwrap();
        commit(&stores, take(&staff)).await.unwrap();
        assert_eq!(conflict(commit(&stores, holds).await), Conflict::Ended);
        assert_eq!(conflict(commit(&stores, take(&staff)).await), Conflict::Stale);

        // It goes with what it is over, and with who has it.
        commit(&stores, give(&staff)).await.unwrap();
        let shop_id = ClientId::parse("shop").unwrap();
        commit(&stores, Change::DeleteClient(shop_id)).await.unwrap();
        assert_eq!(found().await.delegations, std::slice::from_ref(&staff));
        commit(&stores, Change::DeleteClient(job.id.clone())).await.unwrap();
        commit(&stores, Change::InsertClient(job.clone())).await.unwrap();
        assert_eq!(found().await.delegations, [], "one that is registered under its id is another");
        commit(&stores, give(&staff)).await.unwrap();
        let Delegation::Group(group) = staff else { unreachable!() };
        commit(&stores, Change::DeleteAffiliation(group)).await.unwrap();
        assert_eq!(found().await.delegations, []);
    }

    async fn a_list_is_kept_to_the_people_in_some_groups() {
        let (kim, staff) = furnished(&stores).await;
        let (lee, sales) = (user(2), group(2, "sales"));
        stores.work.commit(vec![Change::InsertUser(lee.clone()), Change::InsertAffiliation(sales.clone())]).await.unwrap();
        commit(&stores, join(&lee, &sales)).await.unwrap();
        let Delegation::Group(staff) = staff else { unreachable!() };
        let within = async |groups: Vec<_>, query: UserQuery| {
            let query = UserQuery { within: Some(groups), ..query };
            let found = stores.users.list(&query, 10).await.unwrap().items;
            found.into_iter().map(|user| user.id).collect::<Vec<_>>()
        };
        assert_eq!(within(vec![staff, sales.id], UserQuery::default()).await, [lee.id]);
        assert_eq!(within(vec![sales.id], UserQuery::searching(Some("person2"))).await, [lee.id]);
        assert_eq!(within(vec![sales.id], UserQuery::searching(Some("person1"))).await, []);
        assert_eq!(within(vec![staff], UserQuery::default()).await, []);
        assert_eq!(within(vec![], UserQuery::default()).await, [], "whoever manages no group sees nobody");
        assert!(stores.users.find(kim).await.unwrap().is_some());
    }
}
