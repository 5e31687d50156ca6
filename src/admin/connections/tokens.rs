//! The tokens that providers issued for a person, for what an operator runs beside Haechi.

use serde::Serialize;

use super::ConnectionRejected;
use crate::admin::Administration;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::connection::Slug;
use crate::model::upstream_link::UpstreamSubject;
use crate::support::id::UserId;
use crate::upstream::provider_tokens::{self, TokenResponseReceived};

/// The tokens of one link.
#[derive(Debug, Serialize)]
pub struct TokensView {
    /// Who the person is at the provider.
    pub subject: UpstreamSubject,
    /// What came from there when the link was last used.
    #[serde(flatten)]
    pub tokens: TokenResponseReceived,
}

/// The tokens that a connection keeps of a person, the oldest link first. That they were read is noted.
pub async fn tokens(
    admin: &Administration,
    actor: &Actor,
    slug: &Slug,
    user: UserId,
) -> Result<Vec<TokensView>, ConnectionRejected> {
    let connection = super::find(admin, slug).await?.ok_or(ConnectionRejected::Unknown)?;
    let links = admin.stores().upstream_links.of_user(user).await?.into_iter();
    let views: Vec<TokensView> = links
        .filter(|link| link.identity.connection == connection.id)
        .filter_map(|link| {
            Some(TokensView { tokens: provider_tokens::open(&admin.sealer, &link)?, subject: link.identity.subject })
        })
        .collect();
    let event = admin.event(AuditKind::UpstreamTokensRead, actor, admin.clock().now());
    let event = event.to_user(user).saying(slug.as_str());
    admin.work().commit(vec![crate::store::Change::Audit(event)]).await?;
    Ok(views)
}
