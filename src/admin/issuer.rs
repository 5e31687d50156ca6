//! Moving the server to another issuer: deliberately, and never because a configuration says otherwise than the database.

use super::{Administration, Permission, ProvenAuthority, Rejected};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::protocol::issuer::Issuer;
use crate::store::Change;

/// What came of the wish to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerChange {
    /// The server was at this issuer before.
    MovedFrom(String),
    /// It is there already.
    Same,
    /// No server was ever started on the database: the first start says which issuer it is.
    None,
}

/// The issuer that the database belongs to.
pub async fn current(admin: &Administration, authority: &ProvenAuthority) -> Result<Option<String>, Rejected> {
    authority.require(Permission::ChangeIssuer)?;
    Ok(admin.stores().server.identity().await?.issuer)
}

/// Moves the server. Tokens that name the issuer of before do not count any more; grants, sessions and accounts stay.
pub async fn change(
    admin: &Administration,
    authority: &ProvenAuthority,
    to: &Issuer,
) -> Result<IssuerChange, Rejected> {
    authority.require(Permission::ChangeIssuer)?;
    let Some(from) = admin.stores().server.identity().await?.issuer else { return Ok(IssuerChange::None) };
    if from == to.as_str() {
        return Ok(IssuerChange::Same);
    }
    let event = admin
        .event(AuditKind::IssuerChanged, authority, admin.clock().now())
        .to(AuditTarget::Server)
        .saying(format!("{from} to {}", to.as_str()));
    let moved = Change::ChangeIssuer { from: from.clone(), to: to.as_str().to_owned() };
    admin.commit_by(authority, vec![moved, Change::Audit(event)]).await?;
    Ok(IssuerChange::MovedFrom(from))
}
