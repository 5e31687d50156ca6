//! What UserInfo answers: OpenID Connect Core 1.0 section 5.3.

use serde_json::{Map, Value};

use super::presented::{self, PresentedRejected};
use super::{Audience, TokenService, end_user_claims};
use crate::model::refusal::{Reason, Refusal};
use crate::protocol::ScopeSet;
use crate::protocol::scope::standard;

/// Why UserInfo does not answer.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoRejected {
    /// The token is none that is taken here.
    #[error(transparent)]
    Token(#[from] PresentedRejected),
    /// The token is good for other things: RFC 6750 section 3.1, `insufficient_scope`.
    #[error("the token does not have the openid scope")]
    Scope(ScopeSet),
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
            Self::Token(why) => why.refusal(issuer),
            Self::Scope(scope) => {
                let sent = scope.to_string();
                Refusal::new(Reason::InsufficientScope).at("scope", Some(&sent)).expecting([standard::OPENID])
            }
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
    let is_for_us = |aud: &Audience| aud.contains(&tokens.issuer);
    let token = presented::check(tokens, text, is_for_us, client).await?;
    match token.valid {
        Some(valid) if token.claims.scope.contains(standard::OPENID) => {
            let registered = &valid.client.policy.scopes;
            let (of, terms) = (valid.end_user(), &valid.grant.terms);
            Ok(end_user_claims::for_userinfo(of, terms, &token.claims.scope, registered).written())
        }
        _ => Err(UserInfoRejected::Scope(token.claims.scope)),
    }
}
