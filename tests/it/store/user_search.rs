//! Looking for some of many accounts: who is far away in the order of the list is found like who is near, and without reading everybody.

use std::time::Duration;

use haechi::model::affiliation::Affiliation;
use haechi::model::user::UserStatus;
use haechi::model::{AccountState, User};
use haechi::store::{Change, ClientOrder, Stores, UserOrder, UserQuery};
use haechi::support::SeededRandom;
use haechi::support::id::UserId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::affiliations::{group, join};
use super::clients::client;
use super::many::{on_both, plan};
use super::{NOW, on_every_database};
use crate::support::builders;

/// More than are looked through for a short page before the index is asked.
const MANY: u32 = 2300;
/// The length of such a page.
const SHORT: u32 = 25;

/// Somebody, made so many seconds after the others.
fn person(number: u32, name: &str) -> User {
    let made = NOW.plus(Duration::from_secs(number.into()));
    let user = builders::user(&format!("person{number}@example.com"), made, &SeededRandom::new(number.into()));
    User { profile: [("name".to_owned(), name.into())].into(), ..user }
}

/// Somebody special at the beginning, in the middle and at the end, and many of no interest between them.
fn crowd() -> Vec<User> {
    let named = |number| match number {
        0 => "김민준 Q_100%",
        1 => "Ada Lovelace",
        1150 => "이민준",
        2298 => "박민준 Lovelace",
        n if n % 3 == 0 => "서연",
        _ => "Kim",
    };
    (0..MANY).map(|number| person(number, named(number))).collect()
}

async fn add(stores: &Stores, users: &[User]) {
    for some in users.chunks(500) {
        stores.work.commit(some.iter().cloned().map(Change::InsertUser).collect()).await.unwrap();
    }
}

async fn all(stores: &Stores, query: UserQuery) -> Vec<UserId> {
    in_pages(stores, query, 400).await
}

/// Everybody whom a query is about, page by page.
pub(super) async fn in_pages(stores: &Stores, query: UserQuery, limit: u32) -> Vec<UserId> {
    let (mut found, mut query) = (Vec::new(), query);
    loop {
        let page = stores.users.list(&query, limit).await.unwrap();
        found.extend(page.items.iter().map(|user| user.id));
        let Some(last) = page.items.last().filter(|_| page.more) else { return found };
        let after = match query.order {
            UserOrder::Oldest(_) => UserOrder::Oldest(Some(last.id)),
            UserOrder::Newest(_) => UserOrder::Newest(Some(last.id)),
            UserOrder::Email(_) => UserOrder::Email(Some(last.email.lookup_key())),
        };
        query = query.in_order(after);
    }
}

/// The same, as anybody would look through a list.
fn looked_through(users: &[User], text: &str, order: &UserOrder) -> Vec<UserId> {
    let has = |user: &&User| {
        let text = text.to_lowercase();
        user.email.lookup_key().contains(&text) || user.display_name().to_lowercase().contains(&text)
    };
    let mut found: Vec<&User> = users.iter().filter(has).collect();
    match order {
        UserOrder::Oldest(_) => found.sort_by_key(|user| user.id),
        UserOrder::Newest(_) => found.sort_by_key(|user| std::cmp::Reverse(user.id)),
        UserOrder::Email(_) => found.sort_by_key(|user| user.email.lookup_key()),
    }
    found.into_iter().map(|user| user.id).collect()
}

on_every_database! { stores;
    async fn whoever_answers_to_a_text_is_found_wherever_they_are_in_whatever_order() {
        let users = crowd();
        add(&stores, &users).await;
        for text in [
            "민준", "김민준", "김", "이민", "q", "Q_", "_", "%", "0%", "lovelace", "ADA", "kim", "서연", "person1150@", "person2", "zq", "민준 l", "n0",
            "Kim person", "", "\\", "한글이 아닌", "m p",
        ] {
            for order in [UserOrder::Oldest(None), UserOrder::Newest(None), UserOrder::Email(None)] {
                let expected = looked_through(&users, text, &order);
                let query = UserQuery::searching(Some(text)).in_order(order.clone());
                assert_eq!(all(&stores, query.clone()).await, expected, "{text:?} in {order:?}");
                // Few are brought by the index.
                if expected.len() < 100 {
                    assert_eq!(in_pages(&stores, query, SHORT).await, expected, "{text:?} in {order:?}, by the index");
                }
            }
        }
    }

    async fn a_search_is_kept_to_who_is_switched_off_or_administers_too() {
        let mut users = crowd();
        users[0].status = UserStatus::Disabled;
        add(&stores, &users).await;
        for (status, expected) in [(AccountState::Disabled, vec![users[0].id]), (AccountState::Active, vec![users[2298].id, users[1150].id])] {
            let query = UserQuery { status: Some(status), ..UserQuery::searching(Some("민준")) };
            let query = query.in_order(UserOrder::Newest(None));
            assert_eq!(in_pages(&stores, query, SHORT).await, expected);
        }
        let administers = UserQuery { administers: Some(true), ..UserQuery::searching(Some("민준")) };
        assert!(in_pages(&stores, administers, SHORT).await.is_empty());
    }

    async fn a_list_is_kept_to_who_was_given_groups_page_by_page() {
        let mut users = crowd();
        users[0].status = UserStatus::Disabled;
        add(&stores, &users).await;
        let (staff, sales) = (group(1, "staff"), group(2, "sales"));
        for (of, members) in [(&staff, &[0, 1, 3, 1150, 2298][..]), (&sales, &[1, 4, 2298][..])] {
            stores.work.commit(vec![Change::InsertAffiliation(of.clone())]).await.unwrap();
            for member in members {
                stores.work.commit(vec![join(&users[*member], of)]).await.unwrap();
            }
        }
        let given = |of: &[&Affiliation]| UserQuery { given: of.iter().map(|one| one.id).collect(), ..UserQuery::default() };
        let ids = |places: &[usize]| places.iter().map(|place| users[*place].id).collect::<Vec<_>>();
        for (order, expected) in [
            (UserOrder::Oldest(None), [0, 1, 3, 1150, 2298]),
            (UserOrder::Newest(None), [2298, 1150, 3, 1, 0]),
            (UserOrder::Email(None), [0, 1150, 1, 2298, 3]),
        ] {
            assert_eq!(in_pages(&stores, given(&[&staff]).in_order(order.clone()), 2).await, ids(&expected), "{order:?}");
        }
        assert_eq!(in_pages(&stores, given(&[&staff, &sales]), 1).await, ids(&[1, 2298]), "each of them");
        let searched = UserQuery { search: Some("민준".to_owned()), ..given(&[&staff]) };
        assert_eq!(in_pages(&stores, searched, 2).await, ids(&[0, 1150, 2298]));
        let disabled = UserQuery { status: Some(AccountState::Disabled), ..given(&[&staff]) };
        assert_eq!(in_pages(&stores, disabled, 2).await, ids(&[0]));
        let invited = UserQuery { status: Some(AccountState::Invited), ..given(&[&staff]) };
        assert!(in_pages(&stores, invited, 2).await.is_empty());
    }
}

/// Who was given a group is found by the rows that say so, in the order of the list: the statement is that of `store/sql/statements/user_search.rs`.
async fn no_group_is_looked_for_in_everybody(stores: Stores, db: DatabaseConnection) {
    let (users, staff) = (crowd(), group(1, "staff"));
    add(&stores, &users).await;
    stores.work.commit(vec![Change::InsertAffiliation(staff.clone())]).await.unwrap();
    for member in [0, 1, 3, 1150, 2298] {
        stores.work.commit(vec![join(&users[member], &staff)]).await.unwrap();
    }
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    if postgres {
        db.execute_unprepared("ANALYZE users, affiliated").await.unwrap();
    }
    let hex = format!("{:032x}", u128::from_be_bytes(*staff.id.as_bytes()));
    let id = if postgres { format!("'\\x{hex}'::bytea") } else { format!("x'{hex}'") };
    let sql = format!(
        "SELECT users.document FROM affiliated AS membership CROSS JOIN users WHERE membership.affiliation_id = {id} \
         AND users.id = membership.user_id AND NOT users.deleted ORDER BY membership.user_id DESC LIMIT 26"
    );
    let found = plan(&db, &sql).await;
    assert!(!found.contains("Seq Scan on users") && !found.contains("SCAN users"), "{found}");
    assert!(postgres || !found.contains("TEMP B-TREE"), "{found}");
}

/// What is looked for in everybody is looked for in the index, and so are those who are switched off: the conditions are those of
/// `store/sql/statements/user_search.rs`.
async fn no_search_reads_the_accounts_one_by_one(stores: Stores, db: DatabaseConnection) {
    add(&stores, &crowd()).await;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    if postgres {
        db.execute_unprepared("ANALYZE users").await.unwrap();
    }
    let indexed =
        if postgres { "search_parts(email_key || ' ' || name_key) @> search_parts('lovelace') AND" } else { "" };
    let like = r"(email_key LIKE '%lovelace%' ESCAPE '\' OR name_key LIKE '%lovelace%' ESCAPE '\')";
    let found = plan(&db, &format!("SELECT id, email_key FROM users WHERE NOT deleted AND {indexed} {like}")).await;
    assert!(found.contains("users_search") && !found.contains("Seq Scan"), "{found}");
    assert!(postgres || found.contains("COVERING INDEX"), "{found}");
    let disabled = "SELECT id FROM users WHERE NOT users.deleted AND NOT active ORDER BY users.id DESC LIMIT 26";
    let found = plan(&db, disabled).await;
    assert!(found.contains("users_disabled"), "{found}");
}

/// A node of the release before writes clients without what they are known by: they are looked through whole.
async fn a_client_that_another_release_wrote_is_not_lost(stores: Stores, db: DatabaseConnection) {
    stores.work.commit(vec![Change::InsertClient(client("shop"))]).await.unwrap();
    db.execute_unprepared(
        "UPDATE clients SET document = replace(document, 'shop.example', 'store.example'), version = version + 1",
    )
    .await
    .unwrap();
    let found = stores.clients.search(Some("store.example"), &ClientOrder::default(), 10).await.unwrap();
    assert_eq!(found.items.len(), 1);
}

on_both! {
    sqlite_a_client_of_before, postgres_a_client_of_before: a_client_that_another_release_wrote_is_not_lost;
    sqlite_no_group_reads_everybody, postgres_no_group_reads_everybody: no_group_is_looked_for_in_everybody;
    sqlite_no_search_reads_everybody, postgres_no_search_reads_everybody: no_search_reads_the_accounts_one_by_one;
}
