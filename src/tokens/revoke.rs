//! Revocation by a client: RFC 7009.

use super::refresh_token::RefreshToken;
use super::{Incident, TokenService, jti, record, validity};
use crate::client_auth::AuthenticatedClient;
use crate::model::audit_event::AuditKind;
use crate::store::{Change, GrantFilter, StoreResult};
use crate::support::Timestamp;

/// Makes a client's own token useless. A token that is unknown, over or another client's is left as it is, and the caller does not learn
/// which: section 2.2, "invalid tokens do not cause an error response".
///
/// With a refresh token goes everything that came of its grant (section 2.1: "the authorization server SHOULD also invalidate all access
/// tokens based on the same authorization grant"); an access token goes alone.
pub async fn revoke(tokens: &TokenService, caller: &AuthenticatedClient, text: &str) -> StoreResult<()> {
    if let Some(token) = RefreshToken::parse(text, &tokens.refresh_mac) {
        let Some(grant) = tokens.stores.grants.find(token.grant).await? else { return Ok(()) };
        if grant.client != caller.id || grant.revoked_at.is_some() {
            return Ok(());
        }
        let incident = Incident { kind: AuditKind::TokenRevoked, grant: &grant, by: &caller.id };
        let revocation = Change::RevokeGrants(GrantFilter::One(grant.id), tokens.now());
        return record(tokens, incident, vec![revocation]).await;
    }
    match validity::verify(tokens, text) {
        Ok(claims) if claims.client_id == caller.id.as_str() => {
            let until = Timestamp::from_seconds(claims.exp);
            tokens.stores.revoked_tokens.revoke(jti::digest(&claims.jti), until).await
        }
        _ => Ok(()),
    }
}
