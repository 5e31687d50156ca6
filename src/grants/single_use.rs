//! The single-use step of a token request: the last thing that happens before the answer.

use super::{CodeRejected, GrantRejected, TokenRequest};
use crate::model::audit_event::AuditKind;
use crate::model::client::Client;
use crate::model::grant::{Grant, RefreshSlot};
use crate::store::{Change, CodeRedemption, GrantFilter, RefreshRotation, StoreResult};
use crate::support::Timestamp;
use crate::tokens::issue::{TokenOrder, TokenSubject};
use crate::tokens::refresh_token::RefreshToken;
use crate::tokens::{Incident, TokenService, record};

/// What must succeed, exactly once.
pub(super) enum SingleUse {
    /// Nothing: the request can be repeated.
    Nothing,
    /// The code is used up, and the first refresh token put in place.
    Code(Option<NextToken>),
    /// The refresh token is replaced.
    Rotation {
        /// What the slot must still be.
        expected: RefreshSlot,
        /// What takes its place.
        next: NextToken,
    },
}

/// A refresh token that is to be handed out.
pub(super) struct NextToken {
    pub(super) slot: RefreshSlot,
    pub(super) text: String,
}

/// What became of the single use.
pub(super) enum Committed {
    /// It succeeded; here is the refresh token to hand out.
    Done(Option<String>),
    /// Another request changed the grant meanwhile: look again.
    Lost,
}

impl SingleUse {
    pub(super) async fn commit(
        self,
        request: &TokenRequest<'_>,
        order: &TokenOrder,
    ) -> Result<Committed, GrantRejected> {
        let TokenSubject::EndUser { valid, .. } = &order.subject else { return Ok(Committed::Done(None)) };
        match self {
            Self::Nothing => Ok(Committed::Done(None)),
            Self::Code(next) => use_code(request, order, (&valid.grant, next)).await,
            Self::Rotation { expected, next } => {
                let ends = row_ends(request, order, &valid.grant, Some(&next.slot));
                let grants = &request.tokens.stores.grants;
                match grants.rotate(valid.grant.id, &expected, next.slot, ends).await? {
                    RefreshRotation::Fresh => Ok(Committed::Done(Some(next.text))),
                    RefreshRotation::Lost => Ok(Committed::Lost),
                }
            }
        }
    }
}

async fn use_code(
    request: &TokenRequest<'_>,
    order: &TokenOrder,
    (grant, next): (&Grant, Option<NextToken>),
) -> Result<Committed, GrantRejected> {
    let (slot, text) = next.map(|next| (next.slot, next.text)).unzip();
    let ends = row_ends(request, order, grant, slot.as_ref());
    let now = request.tokens.now();
    match request.tokens.stores.grants.redeem_code(grant.id, now, slot, ends).await? {
        CodeRedemption::Fresh => Ok(Committed::Done(text)),
        CodeRedemption::AlreadyUsed => {
            revoke(request, AuditKind::CodeReplayed, grant).await?;
            Err(CodeRejected::AlreadyUsed.into())
        }
        CodeRedemption::Unknown => Err(CodeRejected::Unknown.into()),
    }
}

/// Until when the grant's row is needed: as long as a token of it may be shown. That of an earlier answer may live longer than those of this one.
fn row_ends(request: &TokenRequest<'_>, order: &TokenOrder, grant: &Grant, slot: Option<&RefreshSlot>) -> Timestamp {
    let longest = order.form.lifetime.max(request.client.tokens.lifetimes.access_token);
    let tokens_end = request.tokens.now().plus(longest).max(grant.expires_at);
    slot.map_or(tokens_end, |slot| slot.expires_at.max(tokens_end))
}

/// Withdraws a grant and everything that came of it, as something of it was used twice.
pub(super) async fn revoke(request: &TokenRequest<'_>, kind: AuditKind, grant: &Grant) -> StoreResult<()> {
    let incident = Incident { kind, grant, by: &request.client.id };
    let revocation = Change::RevokeGrants(GrantFilter::One(grant.id), request.tokens.now());
    record(request.tokens, incident, vec![revocation]).await
}

/// Draws the refresh token of a generation.
pub(super) fn draw(tokens: &TokenService, client: &Client, grant: &Grant, generation: u32) -> NextToken {
    let now = tokens.now();
    let (token, text) = RefreshToken::draw(grant.id, generation, &tokens.refresh_mac, tokens.random.as_ref());
    let family_ends = grant.created_at.plus(client.tokens.lifetimes.refresh_token_absolute);
    let expires_at = now.plus(client.tokens.lifetimes.refresh_token_idle).min(family_ends);
    let slot = RefreshSlot { generation, current: token.digest, previous: None, rotated_at: now, expires_at };
    NextToken { slot, text }
}
