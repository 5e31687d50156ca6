//! Trying a client out: who may, and that it is audited.
//!
//! A trial gets tokens in the client's name, so it takes what changing the client takes. Going through it is `flow`'s and `grants`'.

use super::{load, refuse_system};
use crate::admin::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target};
use crate::model::audit_event::AuditKind;
use crate::model::client::{Client, ClientId};
use crate::protocol::grant_type::GrantType;
use crate::store::Change;

/// The client that is tried by one of its grants. `NotFound` where it is switched off: it would be refused everywhere.
pub async fn try_out(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: &ClientId,
    grant: GrantType,
) -> Result<Client, Rejected> {
    authority.require_somewhere(Permission::WriteClients)?;
    let client = load(admin, authority, &Target::from(client)).await?;
    if !client.enabled {
        return Err(Rejected::NotFound(Aggregate::Client));
    }
    let event = admin.event(AuditKind::ClientTried, authority, admin.clock().now());
    let event = event.to_client(client.id.clone()).saying(grant.as_str());
    admin.commit(authority, Aggregate::Client, vec![Change::Audit(event)]).await?;
    Ok(client)
}

/// Refuses to show what came of a trial to who is not over the client any more, with what it manages.
pub async fn require_to_see(admin: &Administration, authority: &Authority, client: &ClientId) -> Result<(), Rejected> {
    authority.require_in_app(Permission::ReadClients, client)?;
    refuse_system(client)?;
    let found = admin.stores().delegations.service_account(client).await?;
    authority.require_over_service_account(&found.ok_or(Rejected::NotFound(Aggregate::Client))?)
}
