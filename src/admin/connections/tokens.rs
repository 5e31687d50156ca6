//! The tokens that providers issued for an end-user, for what an operator runs beside Haechi.

use serde::Serialize;

use super::load;
use crate::admin::{Administration, Permission, ProvenAuthority, Rejected};
use crate::model::audit_event::AuditKind;
use crate::model::connection::Slug;
use crate::support::id::UserId;
use crate::upstream::provider_tokens::{self, TokenResponseReceived};

/// The tokens of one link.
#[derive(Debug, Serialize)]
pub struct TokensView {
    /// The end-user's subject identifier at the provider.
    pub subject: String,
    /// What came from there when the link was last used.
    #[serde(flatten)]
    pub tokens: TokenResponseReceived,
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
            Some(TokensView {
                tokens: provider_tokens::open(&admin.sealer, &link)?,
                subject: link.identity.subject.as_sent().to_owned(),
            })
        })
        .collect();
    let event = admin.event(AuditKind::UpstreamTokensRead, authority, admin.clock().now());
    let event = event.to_user(user).saying(slug.as_str());
    admin.commit_by(authority, vec![crate::store::Change::Audit(event)]).await?;
    Ok(views)
}
