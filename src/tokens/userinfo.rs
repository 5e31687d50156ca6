//! What UserInfo answers: OpenID Connect Core 1.0 section 5.3.

use serde_json::{Map, Value};

use super::validity::{self, Invalidated};
use super::{Audience, TokenService, end_user_claims};
use crate::model::refusal::{Reason, Refusal};
use crate::protocol::ScopeSet;
use crate::protocol::scope::standard;
use crate::store::StoreError;

/// Why UserInfo does not answer.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoRejected {
    /// The token does not count: RFC 6750 section 3.1, `invalid_token`.
    #[error("the token does not count: {0}")]
    Token(#[from] Invalidated),
    /// The token is bound to a key, and none was proved.
    #[error("the token is bound to a key that the request does not prove")]
    Bound,
    /// The token is for another audience: RFC 9068 section 4, "the resource server MUST validate that the aud claim contains a
    /// resource indicator value corresponding to an identifier the resource server expects for itself".
    #[error("the token is not for this server")]
    Audience(Audience),
    /// The token is good for other things: RFC 6750 section 3.1, `insufficient_scope`.
    #[error("the token does not have the openid scope")]
    Scope(ScopeSet),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A request that UserInfo does not answer: why, as the caller is told, and what an operator hears of it.
#[derive(Debug)]
pub struct NotAnswered {
    /// Why, precisely.
    pub why: UserInfoRejected,
    /// What is logged of it.
    pub refusal: Box<Refusal>,
}

impl UserInfoRejected {
    /// Why, for the operator.
    fn refusal(&self, client: Option<&str>, issuer: &str) -> Refusal {
        let refusal = match self {
            Self::Token(Invalidated::NotOurs) => Refusal::new(Reason::TokenUnknown),
            Self::Token(Invalidated::Expired) => Refusal::new(Reason::TokenExpired),
            Self::Token(why) => Refusal::new(Reason::TokenEnded).because(&why.to_string()),
            Self::Bound => Refusal::new(Reason::SenderKey),
            Self::Audience(aud) => {
                let sent = aud.iter().collect::<Vec<_>>().join(" ");
                Refusal::new(Reason::TokenAudience).at("aud", Some(&sent)).expecting([issuer])
            }
            Self::Scope(scope) => {
                let sent = scope.to_string();
                Refusal::new(Reason::InsufficientScope).at("scope", Some(&sent)).expecting([standard::OPENID])
            }
            Self::Store(_) => Refusal::new(Reason::Other),
        };
        match client {
            Some(client) => refusal.naming(client),
            None => refusal,
        }
    }
}

/// The claims that an access token may read.
pub async fn userinfo(tokens: &TokenService, text: &str) -> Result<Map<String, Value>, NotAnswered> {
    let mut client = None;
    let told = tell(tokens, text, &mut client).await;
    told.map_err(|why| NotAnswered { refusal: Box::new(why.refusal(client.as_deref(), &tokens.issuer)), why })
}

/// The same. Whose token it is is put into the slot, whatever becomes of the request.
async fn tell(
    tokens: &TokenService,
    text: &str,
    client: &mut Option<String>,
) -> Result<Map<String, Value>, UserInfoRejected> {
    let claims = validity::verify(tokens, text)?;
    *client = Some(claims.client_id.clone());
    // RFC 9449 section 7.1, RFC 8705 section 3: a token that is bound to a key is no bearer token, and no proof is taken here.
    if claims.cnf.is_some() {
        return Err(UserInfoRejected::Bound);
    }
    if !claims.aud.contains(&tokens.issuer) {
        return Err(UserInfoRejected::Audience(claims.aud));
    }
    let token = validity::of_verified(tokens, claims).await??;
    match token.valid {
        Some(valid) if token.claims.scope.contains(standard::OPENID) => {
            let registered = &valid.client.policy.scopes;
            Ok(end_user_claims::for_userinfo(&valid.user, &valid.grant.terms, &token.claims.scope, registered))
        }
        _ => Err(UserInfoRejected::Scope(token.claims.scope)),
    }
}
