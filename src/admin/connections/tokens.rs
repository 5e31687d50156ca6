//! The tokens that providers issued for an end-user, for what an operator runs beside Haechi.

use serde::Serialize;
use serde_json::{Map, Value};

use super::load;
use crate::admin::{Administration, Permission, ProvenAuthority, Rejected};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::connection::Slug;
use crate::support::Timestamp;
use crate::support::clock::rfc3339;
use crate::support::id::UserId;
use crate::upstream::provider_tokens::{self, TokenResponseReceived};

/// The tokens of one link.
#[derive(Serialize)]
pub struct TokensView {
    /// The end-user's subject identifier at the provider.
    pub subject: String,
    /// When it came, the last time that the link was used: `expires_in` counts from here.
    #[serde(serialize_with = "rfc3339")]
    pub received_at: Timestamp,
    /// The answer of the provider, as its parameters.
    pub answer: Map<String, Value>,
}

impl std::fmt::Debug for TokensView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokensView").field("received_at", &self.received_at).finish_non_exhaustive()
    }
}

/// The tokens that a connection keeps of an account, the oldest link first. That they were read is noted.
pub async fn tokens(
    admin: &Administration,
    authority: &ProvenAuthority,
    slug: &Slug,
    user: UserId,
) -> Result<Vec<TokensView>, Rejected> {
    authority.require(Permission::ReadProviderTokens)?;
    let connection = load(admin, &slug.into()).await?;
    let links = admin.stores().upstream_links.of_user(user).await?.into_iter();
    let views: Vec<TokensView> = links
        .filter(|link| link.identity.connection == connection.id)
        .filter_map(|link| {
            let TokenResponseReceived { received_at, answer } = provider_tokens::open(&admin.sealer, &link)?;
            Some(TokensView { subject: link.identity.subject.as_sent().to_owned(), received_at, answer })
        })
        .collect();
    let event = admin.event(AuditKind::UpstreamTokensRead, authority, admin.clock().now());
    let event = event.to_user(user).to(AuditTarget::Connection(connection.id)).saying(slug.as_str());
    admin.commit_by(authority, vec![crate::store::Change::Audit(event)]).await?;
    Ok(views)
}
