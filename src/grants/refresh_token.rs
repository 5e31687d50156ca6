//! `refresh_token`: RFC 6749 section 6, rotating (RFC 9700 section 4.14.2).
//!
//! Each refresh replaces the token. One that comes back after it was replaced has leaked, or its app lost an answer: for a short while, and
//! as long as what replaced it is unused, the same client may try again, and gets a token in the successor's place. Otherwise the whole
//! grant is withdrawn.

use std::time::Duration;

use async_trait::async_trait;

use super::at_once::{self, Exchanged};
use super::granted::Granted;
use super::single_use::{self, NextToken, SingleUse};
use super::{Approved, GrantHandler, GrantRejected, TokenRequest, order};
use crate::model::audit_event::AuditKind;
use crate::model::grant::{Grant, RefreshSlot};
use crate::model::refusal::{Reason, Refusal};
use crate::protocol::grant_type::GrantType;
use crate::protocol::{ErrorCode, OAuthError};
use crate::store::RefreshExchange;
use crate::support::{Digest, Timestamp};
use crate::tokens::refresh_token::RefreshToken;
use crate::tokens::validity::{self, Invalidated};

pub(super) struct Refresh;

/// Why a refresh token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshRejected {
    /// Not one that this server made, or not one that is remembered.
    #[error("unknown")]
    Unknown,
    /// Issued to another client: it has leaked.
    #[error("issued to another client")]
    OtherClient,
    /// Replaced, and too late to try again: it has leaked.
    #[error("used again")]
    Reused,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// What it stands for does not count any more.
    #[error("{0}")]
    Invalidated(Invalidated),
}

impl RefreshRejected {
    /// Why, for the operator.
    pub(super) fn refusal(self) -> Refusal {
        let refusal = Refusal::new(match self {
            Self::Unknown => Reason::RefreshTokenUnknown,
            Self::OtherClient => Reason::RefreshTokenOfOtherClient,
            Self::Reused => Reason::RefreshTokenReused,
            Self::Expired => Reason::RefreshTokenExpired,
            Self::Invalidated(_) => Reason::RefreshTokenEnded,
        });
        let refusal = refusal.at("refresh_token", None);
        match self {
            Self::Invalidated(why) => refusal.because(&why.to_string()),
            _ => refusal,
        }
    }
}

impl From<RefreshRejected> for OAuthError {
    fn from(_: RefreshRejected) -> Self {
        Self::new(ErrorCode::InvalidGrant, "the refresh token is not valid")
    }
}

/// What a presented token is to the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presented {
    /// The newest token of the grant.
    Current,
    /// The one before, in time for another try.
    Retry,
}

#[async_trait]
impl GrantHandler for Refresh {
    fn grant_type(&self) -> GrantType {
        GrantType::RefreshToken
    }

    async fn exchange(&self, request: &TokenRequest<'_>) -> Result<Option<Exchanged>, GrantRejected> {
        let tokens = request.tokens;
        let presented =
            request.params.get("refresh_token").and_then(|text| RefreshToken::parse(text, &tokens.refresh_mac));
        let Some(token) = presented.filter(|_| at_once::is_plain(request)) else { return Ok(None) };
        let (exchange, text) = at_once::prepare(request, token.grant, token.generation.saturating_add(1)).await?;
        let wanted = RefreshExchange { exchange, generation: token.generation, current: token.digest };
        let Some(backed) = tokens.stores.grants.exchange_refresh_token(wanted).await? else { return Ok(None) };
        let valid = validity::of_grant(tokens, backed).await?.map_err(RefreshRejected::Invalidated)?;
        at_once::exchanged(request, valid, text, false).await
    }

    async fn check(&self, request: &TokenRequest<'_>) -> Result<Approved, GrantRejected> {
        let tokens = request.tokens;
        let text = request.params.required("refresh_token")?;
        let token = RefreshToken::parse(text, &tokens.refresh_mac).ok_or(RefreshRejected::Unknown)?;
        let found = tokens.stores.grants.find_backed(token.grant).await?;
        let backed = found.filter(|found| found.grant.revoked_at.is_none()).ok_or(RefreshRejected::Unknown)?;
        let grant = &backed.grant;
        let slot = grant.refresh.clone().ok_or(RefreshRejected::Unknown)?;
        let retry_for = tokens.settings.refresh_retry();
        let presented = if grant.client == request.client.id {
            recognise(&slot, token.digest, retry_for, tokens.now())
        } else {
            Err(RefreshRejected::OtherClient)
        };
        if let Err(RefreshRejected::OtherClient | RefreshRejected::Reused) = presented {
            single_use::revoke(request, AuditKind::RefreshTokenReused, grant).await?;
        }
        let presented = presented?;
        let valid = validity::of_grant(tokens, backed).await?.map_err(RefreshRejected::Invalidated)?;
        let next = successor(request, &valid.grant, &slot, presented);
        let narrowed = |granted: &Granted<'_>| granted.narrowed_scope(request.params);
        let order = order(request, valid, narrowed, next.slot.generation, false).await?;
        Ok(Approved { order, single_use: SingleUse::Rotation { expected: slot, next } })
    }
}

/// Tells the newest token, and one that may be tried again, from one that leaked.
fn recognise(
    slot: &RefreshSlot,
    presented: Digest,
    retry_for: Duration,
    now: Timestamp,
) -> Result<Presented, RefreshRejected> {
    let (is_current, is_previous) = (slot.current == presented, slot.previous == Some(presented));
    let found = match (is_current, is_previous) {
        (true, _) => Presented::Current,
        (false, true) if now <= slot.rotated_at.plus(retry_for) => Presented::Retry,
        _ => return Err(RefreshRejected::Reused),
    };
    if now >= slot.expires_at { Err(RefreshRejected::Expired) } else { Ok(found) }
}

/// The token that takes the place: of the newest one, which is remembered for a while; or, on another try, of the successor that
/// is unused. Trying again gains no time.
fn successor(request: &TokenRequest<'_>, grant: &Grant, slot: &RefreshSlot, presented: Presented) -> NextToken {
    let mut next = single_use::draw(request.tokens, request.client, grant, slot.generation.saturating_add(1));
    match presented {
        Presented::Current => next.slot.previous = Some(slot.current),
        Presented::Retry => {
            next.slot.previous = slot.previous;
            next.slot.rotated_at = slot.rotated_at;
            next.slot.expires_at = slot.expires_at;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Duration = Duration::from_secs(30);

    fn slot() -> RefreshSlot {
        RefreshSlot {
            generation: 2,
            current: Digest::of("t", b"current"),
            previous: Some(Digest::of("t", b"previous")),
            rotated_at: Timestamp::from_seconds(1000),
            expires_at: Timestamp::from_seconds(5000),
        }
    }

    fn outcome(slot: &RefreshSlot, presented: &[u8], at: i64) -> Result<Presented, RefreshRejected> {
        recognise(slot, Digest::of("t", presented), RETRY, Timestamp::from_seconds(at))
    }

    #[test]
    fn rt_003_only_the_immediate_parent_of_an_unused_child_may_try_again_and_only_for_a_while() {
        assert_eq!(outcome(&slot(), b"current", 4999), Ok(Presented::Current));
        assert_eq!(outcome(&slot(), b"previous", 1030), Ok(Presented::Retry));
        assert_eq!(outcome(&slot(), b"previous", 1031), Err(RefreshRejected::Reused));
        assert_eq!(outcome(&slot(), b"grandparent", 1001), Err(RefreshRejected::Reused));
        let forgotten = RefreshSlot { previous: None, ..slot() };
        assert_eq!(outcome(&forgotten, b"previous", 1001), Err(RefreshRejected::Reused));
    }

    #[test]
    fn an_expired_token_is_no_leak_and_reuse_of_an_old_one_still_is() {
        assert_eq!(outcome(&slot(), b"current", 5000), Err(RefreshRejected::Expired));
        assert_eq!(outcome(&slot(), b"previous", 5000), Err(RefreshRejected::Reused));
    }
}
