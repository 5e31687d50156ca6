//! Introspection: RFC 7662.

use serde::Serialize;

use super::refresh_token::RefreshToken;
use super::{Audience, TokenService, validity};
use crate::client_auth::AuthenticatedClient;
use crate::model::client::Client;
use crate::protocol::ScopeSet;
use crate::protocol::confirmation::{Confirmation, TokenType};
use crate::store::StoreResult;

/// What a client is told about a token: section 2.2.
#[derive(Debug, Default, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Debug, Serialize)]
struct Details {
    #[serde(skip_serializing_if = "ScopeSet::is_empty")]
    scope: ScopeSet,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<TokenType>,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Audience>,
    iss: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Confirmation>,
}

/// Says what a token is worth. A client that the token is not for hears what is said of a token that does not exist: section
/// 2.2, "the authorization server SHOULD NOT include any additional information about an inactive token, including why the
/// token is inactive".
pub async fn introspect(tokens: &TokenService, caller: &AuthenticatedClient, text: &str) -> StoreResult<Introspection> {
    let details = match RefreshToken::parse(text, &tokens.refresh_mac) {
        Some(token) => of_refresh_token(tokens, caller, &token).await?,
        None => of_access_token(tokens, caller, text).await?,
    };
    Ok(Introspection { active: details.is_some(), details })
}

async fn of_access_token(tokens: &TokenService, caller: &Client, text: &str) -> StoreResult<Option<Details>> {
    let Ok(claims) = validity::verify(tokens, text) else { return Ok(None) };
    let own = claims.client_id == caller.id.as_str();
    if !own && !caller.policy.serves.iter().any(|resource| claims.aud.iter().any(|aud| resource.names(aud))) {
        return Ok(None);
    }
    let Ok(token) = validity::of_verified(tokens, claims).await? else { return Ok(None) };
    let claims = token.claims;
    Ok(Some(Details {
        scope: claims.scope,
        client_id: claims.client_id,
        token_type: Some(claims.cnf.as_ref().map_or(TokenType::Bearer, Confirmation::token_type)),
        exp: claims.exp,
        iat: Some(claims.iat),
        sub: claims.sub,
        aud: Some(claims.aud),
        iss: claims.iss,
        jti: Some(claims.jti),
        cnf: claims.cnf,
    }))
}

/// A refresh token is told to its own client only.
async fn of_refresh_token(
    tokens: &TokenService,
    caller: &Client,
    token: &RefreshToken,
) -> StoreResult<Option<Details>> {
    let Some(backed) = tokens.stores.grants.find_backed(token.grant).await? else { return Ok(None) };
    let grant = &backed.grant;
    let now = tokens.now();
    let counts = |slot: &&crate::model::grant::RefreshSlot| slot.current == token.digest && now < slot.expires_at;
    let Some(slot) = grant.refresh.clone().filter(|slot| counts(&slot)) else { return Ok(None) };
    if grant.client != caller.id {
        return Ok(None);
    }
    let Ok(valid) = validity::of_grant(tokens, backed).await? else { return Ok(None) };
    Ok(Some(Details {
        scope: valid.grant.terms.scope,
        client_id: valid.grant.client.to_string(),
        token_type: None,
        exp: slot.expires_at.seconds(),
        iat: None,
        sub: valid.user.id.to_string(),
        aud: None,
        iss: tokens.issuer.to_string(),
        jti: None,
        cnf: valid.grant.terms.cnf,
    }))
}
