//! Who was invited and has not accepted: each account is in one of three lists, which are paged like any other.

use std::collections::BTreeMap;
use std::time::Duration;

use haechi::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use haechi::model::user::{PasswordCredential, UserStatus};
use haechi::model::{AccountState, User};
use haechi::store::{Change, Stores, UserOrder, UserQuery};
use haechi::support::id::UserId;
use haechi::support::{Secret, SeededRandom};
use sea_orm::{DatabaseConnection, DbBackend};

use super::many::{on_both, plan};
use super::units::token;
use super::user_search::in_pages;
use super::{NOW, on_every_database};
use crate::support::builders;

/// What became of an account, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Invited,
    InvitedTwice,
    NeverInvited,
    Accepted,
    SetAPassword,
    ProvedTheAddress,
    SwitchedOff,
}

const ALL: [Became; 7] = [
    Became::Invited,
    Became::InvitedTwice,
    Became::NeverInvited,
    Became::Accepted,
    Became::SetAPassword,
    Became::ProvedTheAddress,
    Became::SwitchedOff,
];

impl Became {
    fn state(self) -> AccountState {
        match self {
            Self::Invited | Self::InvitedTwice => AccountState::Invited,
            Self::SwitchedOff => AccountState::Disabled,
            _ => AccountState::Active,
        }
    }

    /// The account, whose address sorts elsewhere than it was made.
    fn account(self, number: u32) -> User {
        let made = NOW.plus(Duration::from_secs(number.into()));
        let email = format!("{}{number}@example.com", if number.is_multiple_of(2) { "kim" } else { "han" });
        let status = if self == Self::SwitchedOff { UserStatus::Disabled } else { UserStatus::Active };
        let user = builders::user(&email, made, &SeededRandom::new(number.into()));
        User { status, email_verified: self == Self::ProvedTheAddress, ..user }
    }

    fn changes(self, user: &User, number: u32) -> Vec<Change> {
        let sent = |nth: u32| OneTimeToken {
            purpose: OneTimeTokenPurpose::Invitation,
            user: Some(user.id),
            ..token(u64::from(number * 2 + nth))
        };
        let mut changes = vec![Change::InsertUser(user.clone())];
        if self != Self::NeverInvited {
            changes.push(Change::InsertOneTimeToken(sent(0)));
        }
        match self {
            Self::InvitedTwice => changes.push(Change::InsertOneTimeToken(sent(1))),
            Self::Accepted => {
                let OneTimeToken { id, digest, .. } = sent(0);
                changes.push(Change::TakeOneTimeToken { id, digest, now: NOW });
            }
            Self::SetAPassword => {
                let phc = Secret::from("$argon2id$");
                changes.push(Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: NOW }));
            }
            _ => {}
        }
        changes
    }
}

/// Some of each, mixed.
async fn people(stores: &Stores) -> Vec<(User, AccountState)> {
    let mut made = Vec::new();
    for (number, became) in (0..70).zip(ALL.into_iter().cycle()) {
        let user = became.account(number);
        stores.work.commit(became.changes(&user, number)).await.unwrap();
        made.push((user, became.state()));
    }
    made
}

fn expected(people: &[(User, AccountState)], text: &str, state: AccountState, order: &UserOrder) -> Vec<UserId> {
    let is = |(user, is): &&(User, AccountState)| *is == state && user.email.as_str().contains(text);
    let mut found: Vec<&User> = people.iter().filter(is).map(|(user, _)| user).collect();
    match order {
        UserOrder::Oldest(_) => found.sort_by_key(|user| user.id),
        UserOrder::Newest(_) => found.sort_by_key(|user| std::cmp::Reverse(user.id)),
        UserOrder::Email(_) => found.sort_by_key(|user| user.email.lookup_key()),
    }
    found.into_iter().map(|user| user.id).collect()
}

on_every_database! {
    stores;

    async fn each_account_is_in_one_of_three_lists_in_whatever_order() {
        let people = people(&stores).await;
        for &state in AccountState::ALL {
            for text in ["", "kim", "han1"] {
                for order in [UserOrder::Oldest(None), UserOrder::Newest(None), UserOrder::Email(None)] {
                    let expected = expected(&people, text, state, &order);
                    let query = UserQuery { status: Some(state), ..UserQuery::searching(Some(text)) };
                    let found = in_pages(&stores, query.in_order(order.clone()), 3).await;
                    assert_eq!(found, expected, "{state:?} {text:?} {order:?}");
                }
            }
        }
        let administer = UserQuery { status: Some(AccountState::Invited), administers: Some(true), ..UserQuery::default() };
        assert!(in_pages(&stores, administer, 3).await.is_empty());
    }

    async fn an_account_is_said_to_be_what_it_is_listed_as() {
        let people: BTreeMap<UserId, AccountState> =
            people(&stores).await.into_iter().map(|(user, state)| (user.id, state)).collect();
        let ids: Vec<UserId> = people.keys().copied().collect();
        let invited = stores.one_time_tokens.invited(&ids).await.unwrap();
        for (id, state) in &people {
            assert_eq!(invited.contains(id), *state == AccountState::Invited, "{id} {state:?}");
        }
        assert!(stores.one_time_tokens.invited(&[]).await.unwrap().is_empty());
    }
}

/// From the invitations to the accounts, by an index that is in the order of the list: the conditions are those of
/// `store/sql/statements/user_search.rs`. PostgreSQL decides by how many there are of both.
async fn no_list_of_the_invited_reads_the_accounts_one_by_one(stores: Stores, db: DatabaseConnection) {
    people(&stores).await;
    if db.get_database_backend() != DbBackend::Sqlite {
        return;
    }
    let found = plan(
        &db,
        "SELECT users.id FROM one_time_tokens AS invitation CROSS JOIN users WHERE invitation.user_id IS NOT NULL \
         AND invitation.user_id = users.id AND invitation.purpose = 'invitation' AND invitation.used_at IS NULL \
         AND users.active AND NOT users.deleted ORDER BY invitation.user_id DESC LIMIT 51",
    )
    .await;
    assert!(found.contains("one_time_tokens_user") && !found.contains("SCAN users"), "{found}");
    assert!(!found.contains("TEMP B-TREE"), "{found}");
}

on_both! {
    sqlite_the_invited_are_found, postgres_the_invited_are_found: no_list_of_the_invited_reads_the_accounts_one_by_one;
}
