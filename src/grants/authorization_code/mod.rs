//! `authorization_code`: RFC 6749 section 4.1.3, with PKCE (RFC 7636) and resource indicators (RFC 8707).
//!
//! A code that is presented by another client, with another redirect URI or without the right verifier has leaked, so it is burned: no client
//! gets a second try. A code that is presented twice takes everything that came of it down with it (section 4.1.2: "the authorization
//! server MUST deny the request and SHOULD revoke (when possible) all tokens previously issued based on that authorization code").

use async_trait::async_trait;

use super::at_once::{self, Exchanged};
use super::code_rejected::CodeRejected;
use super::single_use::{self, NextToken, SingleUse};
use super::{Approved, GrantHandler, GrantRejected, TokenRequest, order};
use crate::model::audit_event::AuditKind;
use crate::model::client::{Client, SecretPlace, SeenLogin};
use crate::model::grant::{Grant, Ticket, TicketKind};
use crate::protocol::Params;
use crate::protocol::grant_type::GrantType;
use crate::protocol::pkce::{CodeChallenge, CodeVerifier};
use crate::store::{BackedGrant, CodeExchange};
use crate::support::Timestamp;
use crate::tokens::code::Code;
use crate::tokens::issue::{TokenOrder, TokenSubject};
use crate::tokens::validity::{self, ValidGrant};
use crate::tokens::{Incident, record};

pub(super) struct AuthorizationCode;

#[async_trait]
impl GrantHandler for AuthorizationCode {
    fn grant_type(&self) -> GrantType {
        GrantType::AuthorizationCode
    }

    async fn exchange(&self, request: &TokenRequest<'_>) -> Result<Option<Exchanged>, GrantRejected> {
        let (tokens, params) = (request.tokens, request.params);
        let presented = params.get("code").and_then(Code::parse);
        let Some(code) = presented.filter(|_| at_once::is_plain(request)) else { return Ok(None) };
        let verifier = params.get("code_verifier");
        if verifier.is_some_and(|text| CodeVerifier::parse(text).is_none()) {
            return Ok(None);
        }
        let (exchange, text) = at_once::prepare(request, code.grant, 0).await?;
        let redirect_uri = params.get("redirect_uri").map(str::to_owned);
        let challenge = verifier.map(CodeChallenge::of);
        let wanted = CodeExchange { exchange, digest: code.digest, redirect_uri, challenge };
        let Some(backed) = tokens.stores.grants.exchange_code(wanted).await? else { return Ok(None) };
        let valid = validity::of_grant(tokens, backed).await?.map_err(CodeRejected::Invalidated)?;
        at_once::exchanged(request, valid, text, true).await
    }

    async fn check(&self, request: &TokenRequest<'_>) -> Result<Approved, GrantRejected> {
        let tokens = request.tokens;
        let code = Code::parse(request.params.required("code")?).ok_or(CodeRejected::Unknown)?;
        let found = tokens.stores.grants.find_backed(code.grant).await?;
        let presented =
            |found: &BackedGrant| code_of(&found.grant).is_some_and(|(ticket, ..)| ticket.digest == code.digest);
        let backed = found.filter(presented).ok_or(CodeRejected::Unknown)?;
        let grant = &backed.grant;
        if let Err(rejected) = check_code(grant, request.client, request.params, tokens.now()) {
            punish(request, grant, &rejected).await?;
            return Err(rejected.into());
        }
        let valid = validity::of_grant(tokens, backed).await?.map_err(CodeRejected::Invalidated)?;
        let next = first_refresh_token(request, &valid);
        let order = order(request, valid, |granted| Ok(granted.scope()), 0, true).await?;
        Ok(Approved { order, single_use: SingleUse::Code(next) })
    }

    /// What the login had, which the client may as well be held to.
    fn note(&self, request: &TokenRequest<'_>, order: &TokenOrder) {
        let TokenSubject::EndUser { valid, .. } = &order.subject else { return };
        let seen = SeenLogin {
            pkce: code_of(&valid.grant).is_some_and(|(.., challenge)| challenge.is_some()),
            nonce: valid.grant.terms.nonce.is_some(),
            secret: SecretPlace::of_method(request.client.method()),
        };
        request.tokens.seen_logins.note(&valid.client, seen);
    }
}

/// OpenID Connect Core 1.0 section 11: `offline_access` asks for a refresh token.
fn first_refresh_token(request: &TokenRequest<'_>, ValidGrant { grant, client, .. }: &ValidGrant) -> Option<NextToken> {
    let wanted = grant.is_offline() && client.may_use(GrantType::RefreshToken);
    wanted.then(|| single_use::draw(request.tokens, client, grant, 0))
}

/// The authorization code of a grant, with the redirect URI and the challenge that it is bound to; `None` where the grant has another
/// ticket, which other grant types exchange.
fn code_of(grant: &Grant) -> Option<(&Ticket, Option<&str>, Option<&CodeChallenge>)> {
    let ticket = grant.ticket.as_ref()?;
    match &ticket.kind {
        TicketKind::AuthorizationCode { redirect_uri, challenge } => {
            Some((ticket, redirect_uri.as_deref(), challenge.as_ref()))
        }
        TicketKind::DeviceCode | TicketKind::AuthenticationRequest => None,
    }
}

/// The rules, in order. Each is fatal by itself.
fn check_code(grant: &Grant, client: &Client, params: &Params, now: Timestamp) -> Result<(), CodeRejected> {
    let Some((code, redirect_uri, challenge)) = code_of(grant) else { return Err(CodeRejected::Unknown) };
    if code.used_at.is_some() {
        return Err(CodeRejected::AlreadyUsed);
    }
    if grant.client != client.id {
        return Err(CodeRejected::OtherClient);
    }
    if now >= code.expires_at {
        return Err(CodeRejected::Expired);
    }
    check_redirect_uri(redirect_uri, client, params.get("redirect_uri"))?;
    check_verifier(challenge, params.get("code_verifier"))
}

/// RFC 6749 section 4.1.3: "ensure that the `redirect_uri` parameter is present if the `redirect_uri` parameter was included in the initial
/// authorization request [...], and if included ensure that their values are identical".
fn check_redirect_uri(asked: Option<&str>, client: &Client, presented: Option<&str>) -> Result<(), CodeRejected> {
    let same = match (asked, presented) {
        (Some(used), presented) => presented == Some(used),
        (None, Some(presented)) => client.redirect_target(presented).is_some(),
        (None, None) => true,
    };
    if same { Ok(()) } else { Err(CodeRejected::RedirectUriDiffers { asked: asked.map(str::to_owned) }) }
}

/// RFC 7636 section 4.6. An empty verifier is a missing one, and a malformed one is a wrong one.
fn check_verifier(challenge: Option<&CodeChallenge>, presented: Option<&str>) -> Result<(), CodeRejected> {
    match (challenge, presented) {
        (Some(challenge), Some(text)) => {
            let answers = CodeVerifier::parse(text).is_some_and(|verifier| challenge.matches(&verifier));
            if answers { Ok(()) } else { Err(CodeRejected::PkceWrong) }
        }
        (Some(_), None) => Err(CodeRejected::PkceMissing),
        (None, Some(_)) => Err(CodeRejected::PkceUnexpected),
        (None, None) => Ok(()),
    }
}

/// What a refusal does to the code and its grant.
async fn punish(request: &TokenRequest<'_>, grant: &Grant, rejected: &CodeRejected) -> Result<(), GrantRejected> {
    if *rejected == CodeRejected::AlreadyUsed && grant.revoked_at.is_none() {
        single_use::revoke(request, AuditKind::CodeReplayed, grant).await?;
    } else if rejected.burns() {
        let tokens = request.tokens;
        tokens.stores.grants.burn_code(grant.id, tokens.now()).await?;
        let kind = AuditKind::CodeBurned;
        let incident = Incident { kind, grant, by: &request.client.id };
        record(tokens, incident, Vec::new()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
