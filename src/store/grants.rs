//! Grants, codes and refresh tokens.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::client::Client;
use crate::model::epoch::Epoch;
use crate::model::grant::{Grant, RefreshSlot};
use crate::model::user::User;
use crate::support::Timestamp;
use crate::support::id::{GrantId, SignInId, UserId};

/// Which grants are meant.
#[derive(Clone, Debug, PartialEq)]
pub enum GrantFilter {
    /// This one, and what came of it by token exchange.
    One(GrantId),
    /// Those made in a sign-in that do not outlive it (no `offline_access`).
    OfSignIn(SignInId),
}

/// A grant with everything that it depends on, as of one moment.
#[derive(Clone, Debug)]
pub struct BackedGrant {
    /// The grant as it is stored.
    pub grant: Grant,
    /// The account it is about.
    pub user: User,
    /// The client that it was made to, as it stands; `None` where it is gone.
    pub client: Option<ClientStanding>,
    /// The sign-in it came from was ended.
    pub signed_out: bool,
    /// The connection that the end-user came through is in another epoch, or the link that led to the account is gone.
    pub connection_ended: bool,
    /// What the account allows the client now.
    pub consent: GrantConsent,
}

/// Which registration of a client is the present one: what a node remembers of the client counts if it is of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientStanding {
    /// The version that is stored.
    pub version: i64,
    /// The epoch that it is in. One that was made again begins its versions anew, and not its epochs.
    pub epoch: Epoch,
}

impl ClientStanding {
    /// That of a client as it was read.
    pub const fn of(client: &Client) -> Self {
        Self { version: client.version, epoch: client.epoch }
    }
}

/// What the account behind a grant allows the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantConsent {
    /// It agreed.
    Given,
    /// It did not agree, and withdrew nothing since the grant: enough for a client about which end-users are not asked.
    Absent,
    /// It withdrew what the client had since the grant.
    Withdrawn,
}

/// What redeeming a code found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeRedemption {
    /// It was unused and is used now; the refresh token, if any, is in place.
    Fresh,
    /// It was used before: everything that came of it is to be revoked.
    AlreadyUsed,
    /// There is no such grant, or it is revoked.
    Unknown,
}

/// What rotating a refresh token found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshRotation {
    /// The presented token was the expected one and is replaced now.
    Fresh,
    /// Another request replaced it meanwhile, or the grant is revoked: read again.
    Lost,
}

/// Grants, codes and refresh tokens.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Adds a grant with its unused code. `Ended` unless its epochs are those of what it rests on, and its sign-in has not ended.
    async fn insert(&self, grant: Grant) -> StoreResult<()>;
    /// The grant of this id.
    async fn find(&self, id: GrantId) -> StoreResult<Option<Grant>>;
    /// The grant of this id and what it depends on: one look for every use of a token. `None` when the grant or the account is gone.
    async fn find_backed(&self, id: GrantId) -> StoreResult<Option<BackedGrant>>;
    /// Uses the code up, if the grant is in its epochs: one conditional statement, `Fresh` exactly once. Puts the first refresh token in place, and moves
    /// the row's expiry to `expires_at`.
    async fn redeem_code(
        &self,
        id: GrantId,
        now: Timestamp,
        refresh: Option<RefreshSlot>,
        expires_at: Timestamp,
    ) -> StoreResult<CodeRedemption>;
    /// Makes a code useless that was presented by a client it was not issued to.
    async fn burn_code(&self, id: GrantId, now: Timestamp) -> StoreResult<()>;
    /// Replaces the refresh token if the slot is still as `expected` says (same generation, same current digest) and the grant is neither
    /// revoked nor out of its epochs: one conditional statement, `Fresh` exactly once for each expected slot.
    async fn rotate(
        &self,
        id: GrantId,
        expected: &RefreshSlot,
        next: RefreshSlot,
        expires_at: Timestamp,
    ) -> StoreResult<RefreshRotation>;
    /// Forgets the previous refresh token, as the newest was seen in use; the retry rule ends with it.
    async fn forget_previous_refresh_token(&self, id: GrantId, generation: u32) -> StoreResult<()>;
    /// Revokes what matches; says how many were live.
    async fn revoke(&self, filter: &GrantFilter, now: Timestamp) -> StoreResult<u64>;
    /// For each client that has offline access to an account, the newest live grant that gives it; at most 200.
    async fn offline_of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>>;
    /// The live grants of an account, the newest first, at most 200.
    async fn of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>>;
}
