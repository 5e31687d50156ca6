//! Whether a grant, and the tokens that came of it, still count: asked at every use that Haechi sees.

use std::sync::Arc;

use super::{AccessToken, Tokens, jti};
use crate::keys::TokenType;
use crate::model::client::{Client, ConsentPolicy};
use crate::model::grant::{Grant, RefreshSlot};
use crate::model::user::User;
use crate::store::{BackedGrant, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// Why something does not count any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    /// Not a token that this server minted.
    #[error("not a token of this server")]
    NotOurs,
    /// It is over.
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
    /// The sign-in has ended, and the grant does not outlive it.
    #[error("signed out")]
    SignedOut,
    /// The person withdrew the consent.
    #[error("the consent was withdrawn")]
    Consent,
}

/// A grant that counts, with the account behind it.
#[derive(Clone, Debug)]
pub struct Live {
    /// The grant.
    pub grant: Grant,
    /// The account.
    pub user: User,
    /// The client.
    pub client: Arc<Client>,
}

/// An access token that counts.
#[derive(Clone, Debug)]
pub struct LiveToken {
    /// Its claims.
    pub claims: AccessToken,
    /// The person's grant behind it; `None` where the client acts for itself.
    pub live: Option<Live>,
}

/// Looks at everything that a grant depends on.
pub async fn of_grant(tokens: &Tokens, backed: BackedGrant) -> StoreResult<Result<Live, Void>> {
    let BackedGrant { grant, user, signed_out, consented } = backed;
    if grant.revoked_at.is_some() {
        return Ok(Err(Void::Revoked));
    }
    let Some(client) = tokens.clients.find(grant.client.as_str()).await?.filter(|client| client.enabled) else {
        return Ok(Err(Void::Client));
    };
    if !user.honours(grant.created_at) {
        return Ok(Err(Void::Account));
    }
    // OpenID Connect Core 1.0 section 11: with offline_access a grant works "even when the End-User is not present".
    if signed_out && !grant.is_offline() {
        return Ok(Err(Void::SignedOut));
    }
    if client.consent == ConsentPolicy::Ask && !consented {
        return Ok(Err(Void::Consent));
    }
    Ok(Ok(Live { grant, user, client }))
}

/// Verifies an access token: signature, issuer, time. Whether it still counts is [`of_verified`]'s to say.
pub fn verify(tokens: &Tokens, text: &str) -> Result<AccessToken, Void> {
    let claims: AccessToken = tokens.keys.verify(text, TokenType::AccessToken).map_err(|_| Void::NotOurs)?;
    if claims.iss != *tokens.issuer {
        return Err(Void::NotOurs);
    }
    if Timestamp::from_seconds(claims.exp) <= tokens.now() {
        return Err(Void::Expired);
    }
    Ok(claims)
}

/// Looks at everything that a verified access token depends on.
pub async fn of_verified(tokens: &Tokens, claims: AccessToken) -> StoreResult<Result<LiveToken, Void>> {
    let is_revoked = tokens.stores.revoked_tokens.is_revoked(jti::digest(&claims.jti));
    let Some(origin) = jti::origin(&claims.jti) else {
        return if is_revoked.await? { Ok(Err(Void::Revoked)) } else { of_free(tokens, claims).await };
    };
    let (is_revoked, backed) = tokio::try_join!(is_revoked, tokens.stores.grants.find_backed(origin.grant))?;
    match backed.filter(|_| !is_revoked) {
        Some(backed) => of_granted(tokens, claims, backed, origin.generation).await,
        None => Ok(Err(Void::Revoked)),
    }
}

async fn of_granted(
    tokens: &Tokens,
    claims: AccessToken,
    backed: BackedGrant,
    generation: u32,
) -> StoreResult<Result<LiveToken, Void>> {
    let grant = &backed.grant;
    let matches = grant.client.as_str() == claims.client_id && claims.sub.parse() == Ok::<UserId, _>(grant.user);
    if !matches {
        return Ok(Err(Void::NotOurs));
    }
    match of_grant(tokens, backed).await? {
        Ok(live) => {
            settle(tokens, &live.grant, generation).await?;
            Ok(Ok(LiveToken { claims, live: Some(live) }))
        }
        Err(void) => Ok(Err(void)),
    }
}

async fn of_free(tokens: &Tokens, claims: AccessToken) -> StoreResult<Result<LiveToken, Void>> {
    let client = tokens.clients.find(&claims.client_id).await?;
    let counts = client.is_some_and(|client| client.enabled && claims.sub == claims.client_id);
    Ok(if counts { Ok(LiveToken { claims, live: None }) } else { Err(Void::Client) })
}

/// The newest access token was seen in use, so its app has it: the refresh token that it replaced has no reason to come back.
async fn settle(tokens: &Tokens, grant: &Grant, generation: u32) -> StoreResult<()> {
    let waiting = |slot: &RefreshSlot| slot.previous.is_some() && slot.generation == generation;
    if grant.refresh.as_ref().is_some_and(waiting) {
        tokens.stores.grants.settle(grant.id, generation).await?;
    }
    Ok(())
}
