//! Grants: the ways to a token, one file each.
//!
//! Owns who gets which tokens. A grant's file finds out for whom, with which scope and for which audience; what all grants share is here:
//! whether the client may use the grant, minting (by `tokens`), and the single-use step, which comes last, when everything else
//! is done. Leaves HTTP to `http`, and how tokens are made to `tokens`.

use async_trait::async_trait;

use crate::client_auth::AuthenticatedClient;
use crate::keys::KeyError;
use crate::model::count::Counted;
use crate::model::refusal::{Reason, Refusal};
use crate::protocol::confirmation::{Confirmation, NotTheKey, SenderKey};
use crate::protocol::grant_type::GrantType;
use crate::protocol::{ErrorCode, OAuthError, Params, ScopeSet};
use crate::store::{StoreError, StoreResult};
use crate::tokens::issue::{self, Minted, TokenOrder, TokenResponse, TokenSubject};
use crate::tokens::validity::ValidGrant;
use crate::tokens::{Audience, TokenForm, TokenService};

mod at_once;
mod authorization_code;
mod client_credentials;
mod code_rejected;
mod granted;
mod refresh_token;
mod single_use;

pub use code_rejected::CodeRejected;
pub use refresh_token::RefreshRejected;

use at_once::Exchanged;
use granted::Granted;
use single_use::{Committed, SingleUse};

/// A token request of a client that proved who it is.
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    /// What everything about tokens rests on.
    pub tokens: &'a TokenService,
    /// The client that asks.
    pub client: &'a AuthenticatedClient,
    /// The parameters of the token request.
    pub params: &'a Params,
    /// The key that the sender proved to hold; `None` where it proved none.
    pub sender_key: Option<&'a SenderKey>,
}

impl TokenRequest<'_> {
    /// The form of the access token for an audience.
    async fn form(&self, audience: &Audience) -> StoreResult<TokenForm> {
        Ok(TokenForm::of(&self.client.tokens, &*self.tokens.clients.apis().await?, audience))
    }
}

/// What a grant found out.
pub struct Approved {
    order: TokenOrder,
    single_use: SingleUse,
}

impl Approved {
    /// Whether the client of the grant may use a grant type as it is registered now: the one that called may have been remembered from before.
    fn is_to_a_client_that_may(&self, grant: GrantType) -> bool {
        let TokenSubject::EndUser { valid, .. } = &self.order.subject else { return true };
        valid.client.may_use(grant)
    }
}

/// One way to a token.
#[async_trait]
pub trait GrantHandler: Send + Sync {
    /// The `grant_type` that it answers.
    fn grant_type(&self) -> GrantType;

    /// Uses up what a plain request presents, in one statement that decides as well. `None` where the request is not plain, or anything is not as it must be:
    /// nothing is used up then, and [`check`](Self::check) says what is wrong.
    async fn exchange(&self, _: &TokenRequest<'_>) -> Result<Option<Exchanged>, GrantRejected> {
        Ok(None)
    }

    /// Checks a request and says what to mint and which single-use step must then succeed. Uses nothing up itself, except what was
    /// presented by a client it does not belong to.
    async fn check(&self, request: &TokenRequest<'_>) -> Result<Approved, GrantRejected>;

    /// Notes, behind the answer, what was seen when it was redeemed.
    fn note(&self, _: &TokenRequest<'_>, _: &TokenOrder) {}
}

/// Orders tokens for the end-user of a grant that counts, of what is still granted.
async fn order(
    request: &TokenRequest<'_>,
    valid: ValidGrant,
    scope: impl FnOnce(&Granted<'_>) -> Result<ScopeSet, OAuthError> + Send,
    generation: u32,
    first: bool,
) -> Result<TokenOrder, GrantRejected> {
    let granted = Granted::of(&valid);
    let scope = scope(&granted)?;
    let audience = granted.audience(&request.tokens.issuer, request.params, &scope)?;
    let cnf = Confirmation::of_tokens(valid.grant.terms.cnf.as_ref(), request.sender_key)?;
    let form = request.form(&audience).await?;
    let subject = TokenSubject::EndUser { valid: Box::new(valid), generation, first };
    Ok(TokenOrder { subject, scope, audience, cnf, form })
}

/// Every grant. Metadata, `unsupported_grant_type` and the checks of client metadata read this list.
pub const ALL: &[&dyn GrantHandler] =
    &[&authorization_code::AuthorizationCode, &refresh_token::Refresh, &client_credentials::ClientCredentials];

/// How often a request that lost a race against another one looks again.
const ATTEMPTS: usize = 16;

/// Why a token request is refused.
#[derive(Debug, thiserror::Error)]
pub enum GrantRejected {
    /// The client is not registered for this grant.
    #[error("the client may not use this grant")]
    NotAllowed,
    /// Something in the request itself.
    #[error("{0}")]
    Request(#[from] OAuthError),
    /// The authorization code is not accepted.
    #[error("code refused: {0}")]
    Code(#[from] CodeRejected),
    /// The refresh token is not accepted.
    #[error("refresh token refused: {0}")]
    Refresh(#[from] RefreshRejected),
    /// What was presented is bound to a key.
    #[error(transparent)]
    SenderKey(#[from] NotTheKey),
    /// Others were faster too often.
    #[error("too many requests for the same grant at once")]
    Contended,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token cannot be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl GrantRejected {
    /// What the client's developer is told; `None` for what is no fault of the request.
    pub fn outward(&self) -> Option<OAuthError> {
        match self {
            Self::NotAllowed => {
                Some(OAuthError::new(ErrorCode::UnauthorizedClient, "the client may not use this grant type"))
            }
            Self::Request(error) => Some(error.clone()),
            Self::Code(rejected) => Some(rejected.clone().into()),
            Self::Refresh(rejected) => Some((*rejected).into()),
            Self::SenderKey(_) => {
                Some(OAuthError::new(ErrorCode::InvalidGrant, "it is bound to a key that the request does not prove"))
            }
            Self::Contended | Self::Store(_) | Self::Key(_) => None,
        }
    }
}

impl GrantRejected {
    /// Why, for the operator.
    pub fn refusal(&self, request: &TokenRequest<'_>) -> Refusal {
        let refusal = match self {
            Self::NotAllowed => Refusal::new(Reason::UnauthorizedClient),
            Self::Request(error) => Refusal::of_error(error),
            Self::Code(rejected) => rejected.refusal(request.params),
            Self::Refresh(rejected) => rejected.refusal(),
            Self::SenderKey(why) => Refusal::new(Reason::SenderKey).because(&why.to_string()),
            Self::Contended | Self::Store(_) | Self::Key(_) => Refusal::new(Reason::Other),
        };
        refusal.of_request(request.params, Some(request.client))
    }
}

/// Finds the grant that a request names.
pub fn find(params: &Params) -> Result<&'static dyn GrantHandler, OAuthError> {
    let name = params.required("grant_type")?;
    let found = ALL.iter().copied().find(|grant| grant.grant_type().as_str() == name);
    found.ok_or(OAuthError::new(ErrorCode::UnsupportedGrantType, "grant_type is not supported"))
}

/// Mints what was ordered. Where the key for it is not there, another node may have made it a moment ago: an app is registered with an algorithm
/// that none was before it.
async fn mint(request: &TokenRequest<'_>, order: &TokenOrder) -> Result<Minted, KeyError> {
    match issue::mint(request.tokens, request.client, order) {
        Err(KeyError::NoKey(_)) => {
            request.tokens.keys.follow().await?;
            issue::mint(request.tokens, request.client, order)
        }
        done => done,
    }
}

/// Notes what was issued, and counts it and that its end-user is active. What is tried out in a client's place is none of its logins.
fn note(grant: &dyn GrantHandler, request: &TokenRequest<'_>, order: &TokenOrder) {
    if request.client.is_stand_in() {
        return;
    }
    grant.note(request, order);
    let counts = &request.tokens.counts;
    counts.note(Counted::Tokens(grant.grant_type(), Some(request.client.id.clone())));
    if let TokenSubject::EndUser { valid, .. } = &order.subject {
        counts.active(valid.grant.user);
    }
}

/// Answers a token request.
pub async fn redeem(grant: &dyn GrantHandler, request: &TokenRequest<'_>) -> Result<TokenResponse, GrantRejected> {
    if !request.client.may_use(grant.grant_type()) {
        return Err(GrantRejected::NotAllowed);
    }
    if let Some(Exchanged { order, refresh_token }) = grant.exchange(request).await? {
        let minted = mint(request, &order).await?;
        note(grant, request, &order);
        return Ok(TokenResponse::new(minted, refresh_token, order.scope));
    }
    for _ in 0..ATTEMPTS {
        let approved = grant.check(request).await?;
        if !approved.is_to_a_client_that_may(grant.grant_type()) {
            return Err(GrantRejected::NotAllowed);
        }
        let minted = mint(request, &approved.order).await?;
        let Approved { order, single_use } = approved;
        match single_use.commit(request, &order).await? {
            Committed::Done(refresh_token) => {
                note(grant, request, &order);
                return Ok(TokenResponse::new(minted, refresh_token, order.scope));
            }
            // Another request was faster, or what the grant rests on was ended: then the client's cached epoch may be the old one.
            Committed::Lost => request.tokens.clients.poll().await?,
        }
    }
    Err(GrantRejected::Contended)
}
