//! Accounts: found by id and address, changed by version, searched, and never without an administrator once there is one.

use std::time::Duration;

use haechi::model::AccountState;
use haechi::model::audit_event::{Actor, AuditEvent, AuditKind};
use haechi::model::client::ClientId;
use haechi::model::consent::Consent;
use haechi::model::delegation::HeldRights;
use haechi::model::epoch::{AccountEpochs, Epoch};
use haechi::model::user::{EmailAddress, PasswordCredential, Role, User, UserStatus};
use haechi::model::user_edit::UserEdit;
use haechi::protocol::ScopeSet;
use haechi::store::{Change, Conflict, SignInStatus, StoreError, StoreResult, Stores, UserOrder, UserQuery};
use haechi::support::id::{SignInId, UserId};
use haechi::support::{Secret, SeededRandom, Timestamp};

use super::clients::client;
use super::grants::race;
use super::{NOW, on_every_database};
use crate::support::builders;

pub fn user(seed: u32) -> User {
    User {
        profile: [("name".to_owned(), format!("Kim \u{d55c}\u{ae00} \0 {seed}").into())].into(),
        locale: Some("ko".to_owned()),
        ..builders::user(&format!("Person{seed}@example.com"), NOW, &SeededRandom::new(seed.into()))
    }
}

pub fn administrator(seed: u32) -> User {
    User { roles: vec![Role::Administrator], ..user(seed) }
}

async fn add(stores: &Stores, user: &User) {
    stores.work.commit(vec![Change::InsertUser(user.clone())]).await.unwrap();
}

async fn update(stores: &Stores, user: &User) -> StoreResult<()> {
    stores.work.commit(vec![Change::UpdateUser(user.clone())]).await
}

pub fn conflict<T: std::fmt::Debug>(result: StoreResult<T>) -> Conflict {
    match result {
        Err(StoreError::Conflict(conflict)) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

/// The active accounts that administer the server.
async fn administrators(stores: &Stores) -> Vec<User> {
    let query = UserQuery { administers: Some(true), ..UserQuery::default() };
    stores.users.list(&query, 10).await.unwrap().items
}

fn delete(id: UserId) -> Change {
    Change::DeleteUser(UserEdit::end_of_everything(id, NOW))
}

fn disabled(user: &User) -> User {
    User { status: UserStatus::Disabled, ..user.clone() }
}

on_every_database! {
    stores;

    async fn an_account_survives_the_store() {
        let user = administrator(1);
        add(&stores, &user).await;
        assert_eq!(stores.users.find(user.id).await.unwrap().as_ref(), Some(&user));
        let shouted = EmailAddress::parse("PERSON1@EXAMPLE.COM").unwrap();
        assert_eq!(stores.users.find_by_email(&shouted).await.unwrap(), Some(user));
        assert_eq!(stores.users.find(super::users::user(2).id).await.unwrap(), None);
    }

    async fn an_address_belongs_to_one_account_whatever_its_case() {
        add(&stores, &user(1)).await;
        let same = User { email: EmailAddress::parse("pERSON1@example.com").unwrap(), ..user(2) };
        assert_eq!(conflict(stores.work.commit(vec![Change::InsertUser(same)]).await), Conflict::Taken);
        assert_eq!(conflict(stores.work.commit(vec![Change::InsertUser(user(1))]).await), Conflict::Taken);
        add(&stores, &user(3)).await;
        let moved = User { email: user(1).email, ..user(3) };
        assert_eq!(conflict(update(&stores, &moved).await), Conflict::Taken);
        assert_eq!(stores.users.find(user(3).id).await.unwrap(), Some(user(3)));
    }

    async fn a_change_made_from_a_stale_copy_is_refused() {
        add(&stores, &user(1)).await;
        let changed = User { email_verified: false, ..user(1) };
        update(&stores, &changed).await.unwrap();
        assert_eq!(stores.users.find(changed.id).await.unwrap(), Some(User { version: 1, ..changed.clone() }));
        assert_eq!(conflict(update(&stores, &changed).await), Conflict::Stale);
        assert_eq!(conflict(update(&stores, &user(2)).await), Conflict::Stale, "there is no such account");
        let renamed = User { email: EmailAddress::parse("new@example.com").unwrap(), version: 1, ..changed };
        update(&stores, &renamed).await.unwrap();
        assert_eq!(stores.users.find_by_email(&user(1).email).await.unwrap(), None);
        assert_eq!(stores.users.find_by_email(&renamed.email).await.unwrap().unwrap().version, 2);
    }

    async fn of_a_hundred_who_change_one_copy_at_once_one_succeeds() {
        add(&stores, &user(1)).await;
        let won = race(|n| {
            let work = stores.work.clone();
            let changed = User { locale: Some(n.to_string()), ..user(1) };
            async move { work.commit(vec![Change::UpdateUser(changed)]).await.is_ok() }
        });
        assert_eq!(won.await, 1);
    }

    async fn a_password_is_set_and_replaced() {
        let password = |phc: &str| PasswordCredential { user: user(1).id, phc: Secret::from(phc), changed_at: NOW };
        let set = |phc: &str| stores.work.commit(vec![Change::PutPassword(password(phc))]);
        assert_eq!(conflict(set("$nobody").await), Conflict::Stale, "there is no such account");
        add(&stores, &user(1)).await;
        assert!(stores.users.password(user(1).id).await.unwrap().is_none());
        for phc in ["$one", "$two"] {
            set(phc).await.unwrap();
            let stored = stores.users.password(user(1).id).await.unwrap().unwrap();
            assert_eq!((stored.phc.expose().as_str(), stored.changed_at), (phc, NOW));
        }
    }

    async fn the_status_of_a_sign_in_tells_what_it_rests_on() {
        let (user, sign_in) = (user(1), SignInId::new(NOW, &SeededRandom::new(7)));
        assert_eq!(stores.users.sign_in_status(user.id, sign_in.into(), None).await.unwrap(), None);
        add(&stores, &user).await;
        let epochs = AccountEpochs::default();
        let active = SignInStatus { status: UserStatus::Active, epochs, connection_epoch: None, unlinked: false, ended: false };
        assert_eq!(stores.users.sign_in_status(user.id, sign_in.into(), None).await.unwrap(), Some(active.clone()));
        stores.work.commit(vec![Change::EndSignIn { id: sign_in, until: NOW }]).await.unwrap();
        stores.work.commit(vec![Change::EndSignIn { id: sign_in, until: NOW }]).await.unwrap();
        let ended = SignInStatus { ended: true, ..active };
        assert_eq!(stores.users.sign_in_status(user.id, sign_in.into(), None).await.unwrap(), Some(ended.clone()));
        update(&stores, &disabled(&user)).await.unwrap();
        let disabled = SignInStatus { status: UserStatus::Disabled, ..ended };
        assert_eq!(stores.users.sign_in_status(user.id, sign_in.into(), None).await.unwrap(), Some(disabled.clone()));
        stores.work.commit(vec![Change::EndEverything(NOW)]).await.unwrap();
        let epochs = AccountEpochs { server: stores.server.epoch().await.unwrap(), ..epochs };
        let over = SignInStatus { epochs, ..disabled };
        assert_eq!(stores.users.sign_in_status(user.id, sign_in.into(), None).await.unwrap(), Some(over));
        stores.work.commit(vec![delete(user.id)]).await.unwrap();
        assert_eq!(stores.users.sign_in_status(user.id, sign_in.into(), None).await.unwrap(), None);
    }

    async fn a_sign_in_that_ends_twice_is_told_of_once_and_remembered_as_long_as_the_later_end_says() {
        let (user, id) = (user(1), SignInId::new(NOW, &SeededRandom::new(7)));
        add(&stores, &user).await;
        let sign_out = |number: u64, hours: u64| {
            let at = NOW.plus(Duration::from_secs(number));
            let event = AuditEvent::new(AuditKind::SignedOut, Actor::Anonymous, at, &SeededRandom::new(number));
            stores.work.commit(vec![Change::SignOut { id, until: NOW.plus(Duration::from_hours(hours)), event: Box::new(event) }])
        };
        let told = async || stores.audit.list(None, 100).await.unwrap().items.len();
        let (first, second) = tokio::join!(sign_out(1, 1), sign_out(2, 1));
        first.and(second).unwrap();
        assert_eq!(told().await, 1, "of two at one instant");
        sign_out(3, 3).await.unwrap();
        assert_eq!(told().await, 1);
        stores.housekeeping.purge(NOW.plus(Duration::from_hours(2))).await.unwrap();
        assert!(stores.users.sign_in_status(user.id, id.into(), None).await.unwrap().unwrap().ended);
        stores.work.commit(vec![Change::EndSignIn { id: SignInId::new(NOW, &SeededRandom::new(8)), until: NOW }]).await.unwrap();
        assert_eq!(told().await, 1, "an end that nobody tells of");
    }

    async fn an_account_is_read_in_the_epoch_that_the_server_is_in() {
        add(&stores, &user(1)).await;
        assert_eq!(stores.server.epoch().await.unwrap(), Epoch::default());
        // No copy of the database that is put back counts up to a number that there was before; within a second, and by a clock that is behind,
        // it counts up all the same.
        let began = NOW.seconds();
        for (at, count) in [(NOW, began), (NOW, began + 1), (Timestamp::from_seconds(1), began + 2)] {
            stores.work.commit(vec![Change::EndEverything(at)]).await.unwrap();
            let server = stores.server.epoch().await.unwrap();
            assert_eq!(server.count(), count);
            let by_id = stores.users.find(user(1).id).await.unwrap().unwrap();
            let by_email = stores.users.find_by_email(&user(1).email).await.unwrap().unwrap();
            let listed = stores.users.list(&UserQuery::default(), 1).await.unwrap().items.remove(0);
            for read in [by_id, by_email, listed] {
                assert_eq!(read.epochs(), AccountEpochs { account: Epoch::default(), server });
                assert_eq!(User { server_epoch: Epoch::default(), ..read }, user(1), "the account itself is as it was");
            }
        }
    }

    async fn a_deleted_account_is_gone_and_its_address_is_free_at_once() {
        let (gone, id) = (user(1), user(1).id);
        add(&stores, &gone).await;
        let password = PasswordCredential { user: id, phc: Secret::from("$one"), changed_at: NOW };
        stores.work.commit(vec![Change::PutPassword(password), Change::InsertClient(client("shop"))]).await.unwrap();
        let shop = ClientId::parse("shop").unwrap();
        let consent = |user| Consent { user, client: shop.clone(), scope: ScopeSet::parse("openid").unwrap(), granted_at: NOW };
        stores.work.commit(vec![Change::PutConsent(consent(id))]).await.unwrap();
        stores.work.commit(vec![delete(id)]).await.unwrap();
        for swept in [false, true] {
            assert_eq!(stores.users.find(id).await.unwrap(), None);
            assert_eq!(stores.users.find_by_email(&gone.email).await.unwrap(), None);
            assert_eq!(stores.users.list(&UserQuery::default(), 10).await.unwrap().items, vec![]);
            assert_eq!(stores.users.list(&UserQuery::searching(Some("deleted")), 10).await.unwrap().items, vec![]);
            assert!(stores.users.password(id).await.unwrap().is_none());
            for late in [
                delete(id),
                Change::UpdateUser(gone.clone()),
                Change::UpdateUser(User { version: 1, ..gone.clone() }),
                Change::EditUser(UserEdit::end_of_everything(id, NOW)),
                Change::PutConsent(consent(id)),
                Change::WithdrawConsent(id, shop.clone()),
            ] {
                let told = format!("{late:?}");
                assert_eq!(conflict(stores.work.commit(vec![late]).await), Conflict::Stale, "swept {swept}: {told}");
            }
            if !swept {
                assert_eq!(conflict(stores.work.commit(vec![Change::InsertUser(gone.clone())]).await), Conflict::Taken, "its id");
                // The account, its consent.
                assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 2);
            }
        }
        assert_eq!(stores.housekeeping.purge(NOW).await.unwrap(), 0);
        let again = User { email: gone.email.clone(), ..user(2) };
        add(&stores, &again).await;
        assert_eq!(stores.users.find_by_email(&gone.email).await.unwrap(), Some(again));
    }

    async fn an_account_is_deleted_as_it_was_decided_for_and_not_the_last_administrator() {
        let (first, second) = (administrator(1), administrator(2));
        add(&stores, &first).await;
        let edit = UserEdit::end_of_everything(first.id, NOW);
        let of_version = Change::DeleteUser(UserEdit { version_seen: Some(7), ..edit.clone() });
        assert_eq!(conflict(stores.work.commit(vec![of_version]).await), Conflict::Stale);
        let of_rights = Change::DeleteUser(UserEdit { rights_seen: Some(HeldRights::default()), ..edit });
        assert_eq!(conflict(stores.work.commit(vec![of_rights]).await), Conflict::Stale);
        assert_eq!(conflict(stores.work.commit(vec![delete(first.id)]).await), Conflict::LastAdministrator);
        assert_eq!(stores.users.find(first.id).await.unwrap(), Some(first.clone()));
        add(&stores, &second).await;
        let won = race(|n| {
            let (work, id) = (stores.work.clone(), if n % 2 == 0 { first.id } else { second.id });
            async move { work.commit(vec![delete(id)]).await.is_ok() }
        });
        assert_eq!(won.await, 1, "of two who are deleted at once one stays");
    }

    async fn a_list_is_paged_in_the_order_of_ids() {
        let mut users: Vec<_> = (0..5).map(user).collect();
        users.sort_by_key(|user| user.id);
        for user in &users {
            add(&stores, user).await;
        }
        let first = stores.users.list(&UserQuery::default(), 3).await.unwrap();
        assert_eq!((&first.items[..], first.more), (&users[..3], true));
        let second = stores.users.list(&UserQuery::default().in_order(UserOrder::Oldest(Some(users[2].id))), 3).await.unwrap();
        assert_eq!((&second.items[..], second.more), (&users[3..], false));
        let ids = async |order: UserOrder| -> Vec<_> {
            let query = UserQuery::default().in_order(order);
            stores.users.list(&query, 10).await.unwrap().items.iter().map(|user| user.id).collect()
        };
        let made: Vec<_> = users.iter().map(|user| user.id).collect();
        assert_eq!(ids(UserOrder::Newest(Some(made[3]))).await, [made[2], made[1], made[0]]);
        let mut by_email = users.clone();
        by_email.sort_by_key(|user| user.email.lookup_key());
        let after = by_email[1].email.lookup_key();
        assert_eq!(ids(UserOrder::Email(Some(after))).await, by_email[2..].iter().map(|user| user.id).collect::<Vec<_>>());
    }

    async fn a_list_is_narrowed_down_to_those_who_may_be_used_or_who_administer() {
        for one in [administrator(1), user(2), disabled(&administrator(3)), disabled(&user(4))] {
            add(&stores, &one).await;
        }
        let found = async |query: UserQuery| stores.users.list(&query, 10).await.unwrap().items.len();
        let with = |status, administers| UserQuery { status, administers, ..UserQuery::default() };
        assert_eq!(found(with(Some(AccountState::Active), None)).await, 2);
        assert_eq!(found(with(Some(AccountState::Disabled), None)).await, 2);
        assert_eq!(found(with(None, Some(true))).await, 1, "one that is switched off administers nothing");
        assert_eq!(found(with(Some(AccountState::Active), Some(false))).await, 1);
        let searched = UserQuery { status: Some(AccountState::Disabled), ..UserQuery::searching(Some("person4")) };
        assert_eq!(found(searched).await, 1);
    }

    async fn a_search_looks_into_address_and_name_whatever_the_case() {
        for seed in [1, 2, 12] {
            add(&stores, &user(seed)).await;
        }
        let found = async |text: &str| {
            let page = stores.users.list(&UserQuery::searching(Some(text)), 10).await.unwrap();
            page.items.len()
        };
        assert_eq!(found("PERSON1").await, 2);
        assert_eq!(found("\u{d55c}\u{ae00}").await, 3);
        assert_eq!(found("kIM").await, 3);
        assert_eq!(found("nobody").await, 0);
    }

    async fn the_last_administrator_stays() {
        add(&stores, &administrator(1)).await;
        add(&stores, &user(2)).await;
        add(&stores, &disabled(&administrator(3))).await;
        let unroled = User { roles: vec![], ..administrator(1) };
        assert_eq!(conflict(update(&stores, &unroled).await), Conflict::LastAdministrator);
        assert_eq!(conflict(update(&stores, &disabled(&administrator(1))).await), Conflict::LastAdministrator);
        update(&stores, &disabled(&user(2))).await.unwrap();
        update(&stores, &administrator(3)).await.unwrap();
        update(&stores, &unroled).await.unwrap();
        let last = User { version: 1, ..disabled(&administrator(3)) };
        assert_eq!(conflict(update(&stores, &last).await), Conflict::LastAdministrator);
        let stale = User { version: 9, ..last };
        assert_eq!(conflict(update(&stores, &stale).await), Conflict::Stale);
    }

    async fn the_last_owner_stays_as_long_as_there_is_one() {
        let owner = User { roles: vec![Role::Owner], ..user(1) };
        add(&stores, &owner).await;
        assert_eq!(conflict(stores.work.commit(vec![delete(owner.id)]).await), Conflict::LastAdministrator);
        add(&stores, &administrator(2)).await;
        add(&stores, &disabled(&User { roles: vec![Role::Owner], ..user(3) })).await;
        add(&stores, &user(4)).await;
        let ids = |users: Vec<User>| users.into_iter().map(|user| user.id).collect::<std::collections::BTreeSet<_>>();
        let active = ids(vec![owner.clone(), administrator(2)]);
        assert_eq!(ids(administrators(&stores).await), active);
        let demote = UserEdit { roles: Some(vec![Role::Administrator]), ..UserEdit::new(owner.id, NOW) };
        for lost in [
            delete(owner.id),
            Change::EditUser(demote),
            Change::UpdateUser(disabled(&owner)),
            Change::UpdateUser(User { roles: vec![Role::Auditor], ..owner.clone() }),
        ] {
            assert_eq!(conflict(stores.work.commit(vec![lost]).await), Conflict::LastOwner);
        }
        assert_eq!(stores.users.find(owner.id).await.unwrap(), Some(owner.clone()));
        stores.work.commit(vec![Change::UpdateUser(User { roles: vec![Role::Owner], ..user(3) }), delete(owner.id)]).await.unwrap();
        // A server without owners goes on without: its operator names one.
        assert_eq!(ids(administrators(&stores).await), ids(vec![administrator(2), user(3)]));
    }

    async fn one_unit_may_hand_administration_over() {
        add(&stores, &administrator(1)).await;
        add(&stores, &user(2)).await;
        let handed_over = vec![
            Change::UpdateUser(User { roles: vec![Role::Administrator], ..user(2) }),
            Change::UpdateUser(User { roles: vec![], ..administrator(1) }),
        ];
        stores.work.commit(handed_over).await.unwrap();
    }
}
