//! Grants, codes and refresh tokens.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreResult;
use crate::model::client::{Client, ClientId};
use crate::model::epoch::Epoch;
use crate::model::grant::{Grant, RefreshSlot};
use crate::model::user::User;
use crate::protocol::pkce::CodeChallenge;
use crate::support::id::{GrantId, SignInId, UserId};
use crate::support::{Digest, Timestamp};

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
    /// The account it is about, without what it manages ([`User::delegations`]): no token says that.
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

/// What a token request rests on besides what it presents: enough for one statement to decide on it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The grant that the request names.
    pub grant: GrantId,
    /// The client that asks.
    pub client: ClientId,
    /// The version of the client that the caller knows.
    pub client_version: i64,
    /// End-users are asked whether they agree to the client.
    pub needs_consent: bool,
    /// The present.
    pub now: Timestamp,
    /// When the last of the tokens that are handed out ends.
    pub tokens_end: Timestamp,
    /// The refresh token that is handed out, where there is one.
    pub next: Option<NextRefreshToken>,
}

/// A refresh token that is put in place before its grant is known.
#[derive(Clone, Copy, Debug)]
pub struct NextRefreshToken {
    /// What is kept of it.
    pub digest: Digest,
    /// From when it no longer counts.
    pub idle_end: Timestamp,
    /// How long after the grant was made no refresh token of it counts any longer.
    pub longest: Duration,
}

/// An authorization code that is exchanged.
#[derive(Clone, Debug)]
pub struct CodeExchange {
    /// What the request rests on. The refresh token is put in place where the grant has offline access.
    pub exchange: Exchange,
    /// The digest of the code.
    pub digest: Digest,
    /// The `redirect_uri` of the token request.
    pub redirect_uri: Option<String>,
    /// The challenge that the request's `code_verifier` answers.
    pub challenge: Option<CodeChallenge>,
}

/// A refresh token that is exchanged for the next.
#[derive(Clone, Debug)]
pub struct RefreshExchange {
    /// What the request rests on.
    pub exchange: Exchange,
    /// How many came before the token.
    pub generation: u32,
    /// The digest of the token.
    pub current: Digest,
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
    /// The same for an access token of the grant, by the digest of its `jti`: `None` also where the token was revoked by itself.
    async fn find_behind(&self, token: Digest, id: GrantId) -> StoreResult<Option<BackedGrant>>;
    /// Uses a code up whose request agrees with it in everything, of a grant that counts and is bound to no key: one conditional statement, which answers with
    /// the grant as it is then, exactly once. `None` where anything is otherwise: nothing is changed then, and a look tells what it is.
    async fn exchange_code(&self, code: CodeExchange) -> StoreResult<Option<BackedGrant>>;
    /// Replaces the newest refresh token of such a grant, with the same answers.
    async fn exchange_refresh_token(&self, token: RefreshExchange) -> StoreResult<Option<BackedGrant>>;
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
