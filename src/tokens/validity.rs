//! Whether a grant, and the tokens that came of it, still count: asked at every use that Haechi sees.

use std::sync::Arc;

use super::end_user_claims::EndUser;
use super::{AccessToken, TokenService, jti};
use crate::keys::{TokenRejected, TokenType};
use crate::model::claim_rule::Derived;
use crate::model::client::{Client, ClientId, ConsentPolicy};
use crate::model::grant::{Grant, RefreshSlot};
use crate::model::user::User;
use crate::store::{BackedGrant, ClientStanding, GrantConsent, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// Why something does not count any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalidated {
    /// Not a token that this server minted.
    #[error("not a token of this server")]
    NotOurs,
    /// Its lifetime is over.
    #[error("expired")]
    Expired,
    /// The token or its grant was withdrawn, or never was.
    #[error("revoked")]
    Revoked,
    /// The client is gone or switched off.
    #[error("the client is disabled")]
    Client,
    /// The account is gone, switched off, or signed out everywhere since.
    #[error("the account is disabled or signed out everywhere")]
    Account,
    /// Everything on the server was ended.
    #[error("everything on this server was ended")]
    Server,
    /// Everything that came through the connection was ended, or the link was removed.
    #[error("the connection was ended, or the link through it removed")]
    Connection,
    /// The sign-in has ended, and the grant does not outlive it.
    #[error("signed out")]
    SignedOut,
    /// The end-user withdrew what the client was allowed.
    #[error("the consent was withdrawn")]
    Consent,
}

/// A grant that counts, with the account behind it.
#[derive(Clone, Debug)]
pub struct ValidGrant {
    /// The grant as it is stored.
    pub grant: Grant,
    /// The resource owner's account.
    pub user: User,
    /// The client that the grant was made to.
    pub client: Arc<Client>,
    /// What the client may be told of the account besides its own claims: groups, roles and what rules make of it.
    pub derived: Derived,
}

impl ValidGrant {
    /// What its client may be told of.
    pub const fn end_user(&self) -> EndUser<'_> {
        EndUser { user: &self.user, derived: &self.derived }
    }
}

/// An access token that counts.
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// The verified claims.
    pub claims: AccessToken,
    /// The user's grant behind it; `None` where the client acts for itself.
    pub valid: Option<ValidGrant>,
}

/// Looks at everything that a grant depends on.
pub async fn of_grant(tokens: &TokenService, backed: BackedGrant) -> StoreResult<Result<ValidGrant, Invalidated>> {
    let BackedGrant { grant, user, client, signed_out, connection_ended, consent } = backed;
    if grant.revoked_at.is_some() {
        return Ok(Err(Invalidated::Revoked));
    }
    let honours = |client: &Arc<Client>| client.enabled && client.epoch == grant.epochs.client;
    let Some(client) = present(tokens, &grant.client, client).await?.filter(honours) else {
        return Ok(Err(Invalidated::Client));
    };
    if !user.honours(grant.epochs.user) {
        return Ok(Err(Invalidated::Account));
    }
    if user.server_epoch != grant.epochs.server {
        return Ok(Err(Invalidated::Server));
    }
    if connection_ended {
        return Ok(Err(Invalidated::Connection));
    }
    // OpenID Connect Core 1.0 section 11: with offline_access a grant works "even when the End-User is not present".
    if signed_out && !grant.is_offline() {
        return Ok(Err(Invalidated::SignedOut));
    }
    match consent {
        GrantConsent::Given => {}
        GrantConsent::Absent if client.policy.consent == ConsentPolicy::FirstParty => {}
        GrantConsent::Absent | GrantConsent::Withdrawn => return Ok(Err(Invalidated::Consent)),
    }
    let derived = tokens.affiliations.derived(&user, &client).await?;
    Ok(Ok(ValidGrant { grant, user, client, derived }))
}

/// The client of a grant as it stood when the grant was looked up, or later. What is remembered of it from before is not asked: this node may not have
/// heard yet of what was taken from it.
async fn present(
    tokens: &TokenService,
    id: &ClientId,
    stands: Option<ClientStanding>,
) -> StoreResult<Option<Arc<Client>>> {
    let Some(stands) = stands else { return Ok(None) };
    let remembered = tokens.clients.find(id.as_str()).await?;
    if remembered.as_deref().map(ClientStanding::of) == Some(stands) {
        return Ok(remembered);
    }
    tokens.clients.poll().await?;
    tokens.clients.find(id.as_str()).await
}

/// Verifies an access token: signature, issuer, time. Whether it still counts is [`of_verified`]'s to say.
pub fn verify(tokens: &TokenService, text: &str) -> Result<AccessToken, Invalidated> {
    let as_typed = |typ| tokens.keys.verify::<AccessToken>(text, typ);
    let claims = match as_typed(TokenType::AccessToken) {
        Err(TokenRejected::Type) => as_typed(TokenType::PlainAccessToken),
        known => known,
    };
    let claims = claims.map_err(|_| Invalidated::NotOurs)?;
    if claims.iss != *tokens.issuer {
        return Err(Invalidated::NotOurs);
    }
    if Timestamp::from_seconds(claims.exp) <= tokens.now() {
        return Err(Invalidated::Expired);
    }
    Ok(claims)
}

/// Looks at everything that a verified access token depends on.
pub async fn of_verified(tokens: &TokenService, claims: AccessToken) -> StoreResult<Result<ValidToken, Invalidated>> {
    let digest = jti::digest(&claims.jti);
    let Some(origin) = jti::origin(&claims.jti) else {
        let is_revoked = tokens.stores.revoked_tokens.is_revoked(digest).await?;
        return if is_revoked { Ok(Err(Invalidated::Revoked)) } else { of_free(tokens, claims).await };
    };
    match tokens.stores.grants.find_behind(digest, origin.grant).await? {
        Some(backed) => of_granted(tokens, claims, backed, origin.generation).await,
        None => Ok(Err(Invalidated::Revoked)),
    }
}

async fn of_granted(
    tokens: &TokenService,
    claims: AccessToken,
    backed: BackedGrant,
    generation: u32,
) -> StoreResult<Result<ValidToken, Invalidated>> {
    let grant = &backed.grant;
    let matches = grant.client.as_str() == claims.client_id && claims.sub.parse() == Ok::<UserId, _>(grant.user);
    if !matches {
        return Ok(Err(Invalidated::NotOurs));
    }
    match of_grant(tokens, backed).await? {
        Ok(valid) => {
            settle(tokens, &valid.grant, generation);
            Ok(Ok(ValidToken { claims, valid: Some(valid) }))
        }
        Err(invalidated) => Ok(Err(invalidated)),
    }
}

async fn of_free(tokens: &TokenService, claims: AccessToken) -> StoreResult<Result<ValidToken, Invalidated>> {
    let client = tokens.clients.find(&claims.client_id).await?;
    let epoch = jti::client_epoch(&claims.jti);
    let counts = |client: Arc<Client>| client.enabled && client.epoch == epoch && claims.sub == claims.client_id;
    let counts = client.is_some_and(counts);
    Ok(if counts { Ok(ValidToken { claims, valid: None }) } else { Err(Invalidated::Client) })
}

/// The newest access token was seen in use, so its app has it: the refresh token that it replaced has no reason to come back.
fn settle(tokens: &TokenService, grant: &Grant, generation: u32) {
    let waiting = |slot: &RefreshSlot| slot.previous.is_some() && slot.generation == generation;
    if grant.refresh.as_ref().is_some_and(waiting) {
        tokens.settling.note(grant.id, generation);
    }
}
