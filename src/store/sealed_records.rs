//! What the house asks of its storage about passing state: sealed records with a limited life.

use async_trait::async_trait;

use super::StoreResult;
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

/// What a sealed record is. Each kind has keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// A browser's session: its sign-ins.
    Session,
    /// A pending authorization: a checked request whose user is asked something.
    Authorization,
    /// An upstream login under way.
    UpstreamLogin,
    /// A form that waits for its end-user to prove the account.
    KeptForm,
    /// What a request of the administration API was answered, for when it is sent again.
    KeptAnswer,
    /// A login that waits for its second factor.
    PendingLogin,
    /// A browser that an account trusts to go without its second factor.
    TrustedBrowser,
    /// What a client would be answered that an administrator tries out.
    Trial,
}

impl RecordKind {
    /// The name that is stored and sealed into the value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Authorization => "authorization",
            Self::UpstreamLogin => "upstream_login",
            Self::KeptForm => "kept_form",
            Self::KeptAnswer => "kept_answer",
            Self::PendingLogin => "pending_login",
            Self::TrustedBrowser => "trusted_browser",
            Self::Trial => "trial",
        }
    }

    /// The most records of this kind that one owner has; `None` where nothing but time bounds them.
    pub const fn most_of_owner(self) -> Option<u32> {
        match self {
            Self::Authorization => Some(20),
            _ => None,
        }
    }
}

/// A sealed record with a limited life: browser sessions, pending authorizations. Found by digest; only Haechi can read its value.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedRecord {
    /// The digest of what the browser holds.
    pub key: Digest,
    /// The accounts it belongs to, so that everything of one account can be found; of a pending authorization, what stands for its browser.
    pub owners: Vec<UserId>,
    /// The sealed value; at most what `sealed` allows.
    pub value: Vec<u8>,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
}

/// Sealed records: in Redis where it is configured, in the SQL database where it is not.
#[async_trait]
pub trait RecordStore: Send + Sync {
    /// Adds or replaces a record. Where its owner may have [so many](RecordKind::most_of_owner) of the kind, the others of them that end first go as it comes, however many come
    /// at once.
    async fn put(&self, kind: RecordKind, record: SealedRecord, now: Timestamp) -> StoreResult<()>;
    /// Replaces a record that is there, and adds none: one that was taken away or deleted meanwhile stays away. Says whether it was there.
    async fn renew(&self, kind: RecordKind, record: SealedRecord, now: Timestamp) -> StoreResult<bool>;
    /// The record, if it has not expired.
    async fn get(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>>;
    /// Takes the record away: of many who try, one gets it.
    async fn take(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>>;
    /// Deletes the record; does nothing where there is none.
    async fn delete(&self, kind: RecordKind, key: Digest) -> StoreResult<()>;
    /// The records of an account, at most 200.
    async fn of_owner(&self, kind: RecordKind, owner: UserId, now: Timestamp) -> StoreResult<Vec<SealedRecord>>;
    /// Whether the store answers.
    async fn ping(&self) -> StoreResult<()>;
}
