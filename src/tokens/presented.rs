//! An access token that is presented to a resource of this server itself: UserInfo, and the administration API.
//!
//! Owns which tokens such a resource takes: ours, that count at this moment on whichever node, are for it, and are bound to no key. Leaves what
//! their scope must be to the resource.

use super::validity::{self, Invalidated, ValidToken};
use super::{Audience, TokenService};
use crate::model::refusal::{Reason, Refusal};
use crate::store::StoreError;

/// Why a token is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PresentedRejected {
    /// The token does not count: RFC 6750 section 3.1, `invalid_token`.
    #[error("the token does not count: {0}")]
    Token(#[from] Invalidated),
    /// The token is bound to a key, and none was proved.
    #[error("the token is bound to a key that the request does not prove")]
    Bound,
    /// The token is for another audience: RFC 9068 section 4, "the resource server MUST validate that the aud claim contains a
    /// resource indicator value corresponding to an identifier the resource server expects for itself".
    #[error("the token is not for this resource")]
    Audience(Audience),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PresentedRejected {
    /// Why, for the operator; `resource` is whom the token should have been for.
    pub fn refusal(&self, resource: &str) -> Refusal {
        match self {
            Self::Token(Invalidated::NotOurs) => Refusal::new(Reason::TokenUnknown),
            Self::Token(Invalidated::Expired) => Refusal::new(Reason::TokenExpired),
            Self::Token(why) => Refusal::new(Reason::TokenEnded).because(&why.to_string()),
            Self::Bound => Refusal::new(Reason::SenderKey),
            Self::Audience(aud) => {
                let sent = aud.iter().collect::<Vec<_>>().join(" ");
                Refusal::new(Reason::TokenAudience).at("aud", Some(&sent)).expecting([resource])
            }
            Self::Store(_) => Refusal::new(Reason::Other),
        }
    }
}

/// The token, where it is one that is taken. Whose it is is put into the slot, whatever becomes of it.
pub async fn check(
    tokens: &TokenService,
    text: &str,
    is_for_us: impl FnOnce(&Audience) -> bool,
    client: &mut Option<String>,
) -> Result<ValidToken, PresentedRejected> {
    let claims = validity::verify(tokens, text)?;
    *client = Some(claims.client_id.clone());
    // RFC 9449 section 7.1, RFC 8705 section 3: a token that is bound to a key is no bearer token, and no proof is taken here.
    if claims.cnf.is_some() {
        return Err(PresentedRejected::Bound);
    }
    if !is_for_us(&claims.aud) {
        return Err(PresentedRejected::Audience(claims.aud));
    }
    Ok(validity::of_verified(tokens, claims).await??)
}
