//! What the house asks of its storage: one trait an aggregate, and [`Change`]s that are committed together.
//!
//! Owns the contracts, which the store conformance suite holds every backend to. `sql` keeps what must last, `redis` what may be
//! lost. A verb that must succeed only once is one conditional statement and says what it found; nobody reads first and writes
//! later. Values that only Haechi may read arrive here sealed already: a store sees bytes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::model::audit_event::AuditEvent;
use crate::model::client::{Client, ClientId};
use crate::model::connection::Connection;
use crate::model::consent::Consent;
use crate::model::grant::{Grant, RefreshSlot};
use crate::model::one_time_token::OneTimeToken;
use crate::model::signing_key::SigningKeyRecord;
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink};
use crate::model::user::{EmailAddress, PasswordCredential, User, UserStatus};
use crate::support::id::{AuditEventId, ConnectionId, GrantId, OneTimeTokenId, SignInId, UserId};
use crate::support::{Digest, Timestamp};

mod records;
pub mod redis;
pub mod sql;
mod upstream;

pub use records::{RecordKind, RecordStore, SealedRecord};
pub use upstream::{ConnectionStore, UpstreamLinkStore};

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was asked contradicts what is there; the caller knows what that means.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The database cannot be reached, or took too long. Trying again later may help.
    #[error("the store is away: {0}")]
    Unavailable(String),
    /// A stored value cannot be read: a defect, or somebody changed it.
    #[error("a stored value is unreadable: {0}")]
    Corrupt(String),
}

/// What a [`Change`] ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The id, address or name is taken.
    Taken,
    /// The aggregate changed, or vanished, since it was read.
    Stale,
    /// The one-time token was used, expired, or never was.
    TokenSpent,
    /// The server has an administrator already.
    AlreadyClaimed,
    /// It would leave the server without an administrator who can sign in.
    LastAdministrator,
    /// It would leave a person without a way to sign in.
    LastWayIn,
}

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// One step of a unit of work. Those that are committed together all happen or none.
#[derive(Clone, Debug)]
pub enum Change {
    /// Adds an account. `Taken` when the address is in use.
    InsertUser(User),
    /// Replaces an account whose stored version is `version`, and counts the version up. `Stale`, `Taken`, or `LastAdministrator`.
    UpdateUser(User),
    /// Sets a person's password.
    PutPassword(PasswordCredential),
    /// Adds a client. `Taken` when the id is in use.
    InsertClient(Client),
    /// Replaces a client whose stored version is `version`, and counts the version up. `Stale` otherwise.
    UpdateClient(Client),
    /// Deletes a client with its consents and grants.
    DeleteClient(ClientId),
    /// Adds a connection to an upstream provider. `Taken` when the id or the slug is in use.
    InsertConnection(Box<Connection>),
    /// Replaces a connection whose stored version is `version`, and counts the version up. `Stale` otherwise, or when the slug is another.
    /// Where it keeps no tokens, its links lose those that they have.
    UpdateConnection(Box<Connection>),
    /// Deletes a connection with its links.
    DeleteConnection(ConnectionId),
    /// Adds a link. `Taken` when the identity is linked already, to whomever.
    InsertUpstreamLink(UpstreamLink),
    /// Sets the label, the tokens and the last use of a link. `Stale` unless it is there and leads to this person.
    TouchUpstreamLink(UpstreamLink),
    /// Removes a link of a person. `Stale` where there is none; `LastWayIn` where the person has neither a password nor another link of an
    /// enabled connection.
    DeleteUpstreamLink(UpstreamIdentity, UserId),
    /// Sets what a person agreed to for a client.
    PutConsent(Consent),
    /// Withdraws a consent.
    DeleteConsent(UserId, ClientId),
    /// Revokes every grant that matches and is not revoked yet.
    RevokeGrants(GrantFilter, Timestamp),
    /// Ends a sign-in for good, whatever a session store may bring back, until `until`.
    EndSignIn {
        /// Which.
        id: SignInId,
        /// Until when the end is remembered: the latest instant at which the session could still have lived.
        until: Timestamp,
    },
    /// Adds a one-time token.
    InsertOneTimeToken(OneTimeToken),
    /// Forgets every unused one-time token of a purpose.
    DropOneTimeTokens(crate::model::one_time_token::OneTimeTokenPurpose),
    /// Spends a one-time token: `TokenSpent` unless it is there, unused, unexpired and has this digest.
    TakeOneTimeToken {
        /// Which.
        id: OneTimeTokenId,
        /// The digest of what was presented.
        digest: Digest,
        /// The present.
        now: Timestamp,
    },
    /// Fails with `AlreadyClaimed` when any administrator was ever made; otherwise remembers that one was now.
    ClaimServer(Timestamp),
    /// Adds an entry to the audit log.
    Audit(AuditEvent),
}

/// Which grants.
#[derive(Clone, Debug, PartialEq)]
pub enum GrantFilter {
    /// Just this one.
    One(GrantId),
    /// Every grant of a person.
    OfUser(UserId),
    /// Every grant of a client.
    OfClient(ClientId),
    /// Every grant of a person to a client.
    OfUserToClient(UserId, ClientId),
    /// Those made in a sign-in that do not outlive it (no `offline_access`).
    OfSignIn(SignInId),
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Whether more follow.
    pub more: bool,
}

/// Whether a person's sign-in still counts: one look for every use of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the account may be used.
    pub status: UserStatus,
    /// Nothing from before this instant counts.
    pub not_before: Timestamp,
    /// The sign-in was ended.
    pub ended: bool,
}

/// A grant with everything that it depends on, as of one moment.
#[derive(Clone, Debug)]
pub struct BackedGrant {
    /// The grant.
    pub grant: Grant,
    /// The account it is about.
    pub user: User,
    /// The sign-in it came from was ended.
    pub signed_out: bool,
    /// The person agrees to the client now.
    pub consented: bool,
}

/// Commits units of work.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// Makes all the changes, in order, or none. Whatever a node may have cached of them is forgotten everywhere: the store's
    /// [`RevisionStore::revision`] counts up with the commit when a user, client, consent or key changed.
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()>;
}

/// Counts the changes to what nodes cache.
#[async_trait]
pub trait RevisionStore: Send + Sync {
    /// A number that is higher after every commit which changed a user, a client or a consent.
    async fn revision(&self) -> StoreResult<u64>;
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
    /// Whether a sign-in of an account still counts; `None` when there is no such account.
    async fn standing(&self, user: UserId, sign_in: SignInId) -> StoreResult<Option<Standing>>;
    /// Accounts in the order they were made, after `after`, whose address or name contains `search`.
    async fn list(&self, search: Option<&str>, after: Option<UserId>, limit: u32) -> StoreResult<Page<User>>;
    /// Whether an administrator was ever made.
    async fn is_claimed(&self) -> StoreResult<bool>;
}

/// Reads clients.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// The client of this id.
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>>;
    /// Clients by id, after `after`.
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>>;
    /// Whether any enabled client has a redirect URI of this origin (CORS preflights do not name a client).
    async fn any_allows_origin(&self, origin: &str) -> StoreResult<bool>;
}

/// Reads consents.
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// What a person agreed to for a client.
    async fn find(&self, user: UserId, client: &ClientId) -> StoreResult<Option<Consent>>;
    /// Everything a person agreed to, at most 200 entries.
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Consent>>;
}

/// What redeeming a code found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// It was unused and is used now; the refresh token, if any, is in place.
    Fresh,
    /// It was used before: everything that came of it is to be revoked.
    AlreadyUsed,
    /// There is no such grant, or it is revoked.
    Unknown,
}

/// What rotating a refresh token found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The presented token was the expected one and is replaced now.
    Fresh,
    /// Another request replaced it meanwhile, or the grant is revoked: read again.
    Lost,
}

/// Grants, codes and refresh tokens.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Adds a grant with its unused code.
    async fn insert(&self, grant: Grant) -> StoreResult<()>;
    /// The grant of this id.
    async fn find(&self, id: GrantId) -> StoreResult<Option<Grant>>;
    /// The grant of this id and what it depends on: one look for every use of a token. `None` when the grant or the account is gone.
    async fn find_backed(&self, id: GrantId) -> StoreResult<Option<BackedGrant>>;
    /// Uses the code up: one conditional statement, `Fresh` exactly once. Puts the first refresh token in place, and moves
    /// the row's expiry to `expires_at`.
    async fn redeem_code(
        &self,
        id: GrantId,
        now: Timestamp,
        refresh: Option<RefreshSlot>,
        expires_at: Timestamp,
    ) -> StoreResult<Redeemed>;
    /// Makes a code useless that was presented by somebody it was not issued to.
    async fn burn_code(&self, id: GrantId, now: Timestamp) -> StoreResult<()>;
    /// Replaces the refresh token if the slot is still as `expected` says (same generation, same current digest) and the grant is not
    /// revoked: one conditional statement, `Fresh` exactly once for each expected slot.
    async fn rotate(
        &self,
        id: GrantId,
        expected: &RefreshSlot,
        next: RefreshSlot,
        expires_at: Timestamp,
    ) -> StoreResult<Rotated>;
    /// Forgets the previous refresh token, as the newest was seen in use; the retry rule ends with it.
    async fn settle(&self, id: GrantId, generation: u32) -> StoreResult<()>;
    /// Revokes what matches; says how many were live.
    async fn revoke(&self, filter: &GrantFilter, now: Timestamp) -> StoreResult<u64>;
    /// The live grants of a person, the newest first, at most 200.
    async fn of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>>;
}

/// Revoked access tokens that no grant stands behind, until they expire.
#[async_trait]
pub trait RevokedTokenStore: Send + Sync {
    /// Remembers that a token is revoked.
    async fn revoke(&self, jti: Digest, until: Timestamp) -> StoreResult<()>;
    /// Whether it is.
    async fn is_revoked(&self, jti: Digest) -> StoreResult<bool>;
}

/// The signing keys of all nodes.
#[async_trait]
pub trait SigningKeyStore: Send + Sync {
    /// Every key, and the version of the ring they make.
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)>;
    /// Replaces the whole ring if its version is still `expected` (`Stale` otherwise): when several nodes rotate, one wins.
    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>) -> StoreResult<()>;
}

/// Values that may be used once until they expire: `jti`s of client assertions (RFC 7523 section 3).
#[async_trait]
pub trait ReplayStore: Send + Sync {
    /// Remembers a value; `true` exactly once.
    async fn first_use(&self, value: Digest, until: Timestamp, now: Timestamp) -> StoreResult<bool>;
}

/// Reads the audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Entries, the newest first, before `before`.
    async fn list(&self, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>>;
}

/// Keeps the store small.
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// Deletes rows that have expired, a bounded number at a time; says how many went.
    async fn purge(&self, now: Timestamp) -> StoreResult<u64>;
    /// Whether the store answers.
    async fn ping(&self) -> StoreResult<()>;
}

/// Counters that forget: throttling.
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Counts one more event under `key` and answers how many there were in the window that began with the first of them.
    async fn hit(&self, key: Digest, window: Duration, now: Timestamp) -> StoreResult<u32>;
    /// How many events the running window holds.
    async fn count(&self, key: Digest, now: Timestamp) -> StoreResult<u32>;
    /// Forgets a counter.
    async fn reset(&self, key: Digest) -> StoreResult<()>;
}

/// Every store, as the layers above take them. Only `app` knows which backend is behind which.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is documented at its trait")]
pub struct Stores {
    pub work: Arc<dyn UnitOfWork>,
    pub revision: Arc<dyn RevisionStore>,
    pub users: Arc<dyn UserStore>,
    pub clients: Arc<dyn ClientStore>,
    pub connections: Arc<dyn ConnectionStore>,
    pub upstream_links: Arc<dyn UpstreamLinkStore>,
    pub consents: Arc<dyn ConsentStore>,
    pub grants: Arc<dyn GrantStore>,
    pub revoked_tokens: Arc<dyn RevokedTokenStore>,
    pub signing_keys: Arc<dyn SigningKeyStore>,
    pub replays: Arc<dyn ReplayStore>,
    pub audit: Arc<dyn AuditLog>,
    pub housekeeping: Arc<dyn Housekeeping>,
    pub records: Arc<dyn RecordStore>,
    pub throttles: Arc<dyn ThrottleStore>,
}
