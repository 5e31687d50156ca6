//! Deciding on a token request and using up what it presents in one statement, without a look beforehand.
//!
//! Owns which requests are plain enough for that, and what the statement is told of them. One that is not plain, or of which the statement finds anything
//! otherwise than it must be, is checked the long way by its grant's file, which alone knows what is wrong and what follows from it.

use super::{GrantRejected, TokenRequest, order};
use crate::model::client::ConsentPolicy;
use crate::protocol::grant_type::GrantType;
use crate::store::{Exchange, NextRefreshToken};
use crate::support::id::GrantId;
use crate::tokens::issue::TokenOrder;
use crate::tokens::refresh_token::RefreshToken;
use crate::tokens::validity::ValidGrant;

/// What came of it.
pub struct Exchanged {
    /// What to mint.
    pub(super) order: TokenOrder,
    /// The refresh token to hand out.
    pub(super) refresh_token: Option<String>,
}

/// Whether a request names nothing that has to be compared with what was granted: no part of the scope, no resources, no key. And whether its tokens can be
/// signed: what is used up before they are is lost where they cannot.
pub(super) fn is_plain(request: &TokenRequest<'_>) -> bool {
    let policy = &request.client.tokens;
    request.sender_key.is_none()
        && !["scope", "resource"].iter().any(|name| request.params.names(name))
        && [policy.access_token_algorithm, policy.id_token_algorithm].into_iter().all(|it| request.tokens.keys.has(it))
}

/// What a request rests on, and the refresh token that it would be answered with, which is the first where `generation` is zero.
pub(super) async fn prepare(
    request: &TokenRequest<'_>,
    grant: GrantId,
    generation: u32,
) -> Result<(Exchange, Option<String>), GrantRejected> {
    let TokenRequest { tokens, client, .. } = *request;
    let (now, lifetimes) = (tokens.now(), &client.tokens.lifetimes);
    let drawn = client
        .may_use(GrantType::RefreshToken)
        .then(|| RefreshToken::draw(grant, generation, &tokens.refresh_mac, tokens.random.as_ref()));
    let next = drawn.as_ref().map(|(token, _)| NextRefreshToken {
        digest: token.digest,
        idle_end: now.plus(lifetimes.refresh_token_idle),
        longest: lifetimes.refresh_token_absolute,
    });
    // For which APIs the tokens are is not known yet: one of them may let them live longer.
    let longest = tokens.clients.apis().await?.longest_access_token().max(lifetimes.access_token);
    let exchange = Exchange {
        grant,
        client: client.id.clone(),
        client_version: client.version,
        needs_consent: client.policy.consent != ConsentPolicy::FirstParty,
        now,
        tokens_end: now.plus(longest),
        next,
    };
    Ok((exchange, drawn.map(|(_, text)| text)))
}

/// What to mint for a grant of which something was exchanged. Where no refresh token was put in place, none is handed out.
pub(super) async fn exchanged(
    request: &TokenRequest<'_>,
    valid: ValidGrant,
    refresh_token: Option<String>,
    first: bool,
) -> Result<Option<Exchanged>, GrantRejected> {
    let slot = valid.grant.refresh.as_ref();
    let refresh_token = refresh_token.filter(|_| slot.is_some());
    let generation = slot.map_or(0, |slot| slot.generation);
    let order = order(request, valid, |granted| Ok(granted.scope()), generation, first).await?;
    Ok(Some(Exchanged { order, refresh_token }))
}
