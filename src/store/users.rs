//! Accounts, their passwords, and whether their sign-ins still count.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::AccountState;
use crate::model::epoch::{AccountEpochs, ConnectionEpoch, Epoch};
use crate::model::session::EndMarks;
use crate::model::user::{EmailAddress, PasswordCredential, User, UserStatus};
use crate::support::id::{AffiliationId, UserId};

/// What a sign-in rests on, as of one moment: one look for every use of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInStatus {
    /// Whether the account may be used.
    pub status: UserStatus,
    /// The epochs that the account and the server are in now.
    pub epochs: AccountEpochs,
    /// The epoch of the connection that was asked about; `None` where it is gone.
    pub connection_epoch: Option<Epoch>,
    /// The link that was asked about was removed, and not with the whole connection.
    pub unlinked: bool,
    /// The sign-in was ended.
    pub ended: bool,
}

/// Which accounts a list is of, and from where on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// What the address or the name contains.
    pub search: Option<String>,
    /// What they are like for who signs in to them.
    pub status: Option<AccountState>,
    /// Only those that may be used and administer the whole server, or only the others.
    pub administers: Option<bool>,
    /// Only those who were given one of these groups themselves; `None` where it is of no matter.
    pub within: Option<Vec<AffiliationId>>,
    /// Only those who were given each of these groups and roles themselves.
    pub given: Vec<AffiliationId>,
    /// How they are ordered, and after which place.
    pub order: UserOrder,
}

/// The order of a list of accounts, and the place in it after which the list goes on; `None` where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserOrder {
    /// As they were made, the first one first.
    Oldest(Option<UserId>),
    /// As they were made, the last one first.
    Newest(Option<UserId>),
    /// By address, as it is looked up.
    Email(Option<String>),
}

impl Default for UserOrder {
    fn default() -> Self {
        Self::Oldest(None)
    }
}

impl UserOrder {
    /// The same order, after an account.
    #[must_use]
    pub fn after(&self, user: &User) -> Self {
        match self {
            Self::Oldest(_) => Self::Oldest(Some(user.id)),
            Self::Newest(_) => Self::Newest(Some(user.id)),
            Self::Email(_) => Self::Email(Some(user.email.lookup_key())),
        }
    }

    /// The place of an account in the order, as a text: the list goes on after it.
    pub fn place_of(&self, user: &User) -> String {
        match self {
            Self::Email(_) => user.email.lookup_key(),
            Self::Oldest(_) | Self::Newest(_) => user.id.to_string(),
        }
    }
}

impl UserQuery {
    /// Those in whose address or name there is a text; all of them where there is none.
    pub fn searching(text: Option<&str>) -> Self {
        Self { search: text.map(str::to_owned), ..Self::default() }
    }

    /// The same in another order.
    #[must_use]
    pub fn in_order(self, order: UserOrder) -> Self {
        Self { order, ..self }
    }
}

/// Reads accounts.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// The account of this id.
    async fn find(&self, id: UserId) -> StoreResult<Option<User>>;
    /// The account that this address signs in to.
    async fn find_by_email(&self, email: &EmailAddress) -> StoreResult<Option<User>>;
    /// The password of an account; `None` where it has none.
    async fn password(&self, id: UserId) -> StoreResult<Option<PasswordCredential>>;
    /// What a sign-in of an account rests on, with what it came through; `None` when there is no such account.
    async fn sign_in_status(
        &self,
        user: UserId,
        sign_in: EndMarks,
        through: Option<ConnectionEpoch>,
    ) -> StoreResult<Option<SignInStatus>>;
    /// The accounts that a query is about, at most `limit`.
    async fn list(&self, query: &UserQuery, limit: u32) -> StoreResult<Page<User>>;
    /// Whether an administrator was ever made.
    async fn is_claimed(&self) -> StoreResult<bool>;
}
