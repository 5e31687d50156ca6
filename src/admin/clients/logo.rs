//! The logo of a client that is uploaded to us, and served by us.
//!
//! It is the client's `logo_uri` then: a registration that names another, or none, takes it away ([`update`](super::update)). Files that manage a client need not declare it, so they keep nobody
//! from changing it: where they do declare it, the next plan says that it differs.

use super::{load, save_with};
use crate::admin::{Administration, Permission, ProvenAuthority, Rejected, Target, logo};
use crate::model::audit_event::AuditKind;
use crate::model::client::{Client, ClientId, ClientLinks, Presentation};
use crate::model::logo::{Logo, LogoId};
use crate::store::{Change, LogoOwner};

/// What the audit log says of it.
const CHANGED: &str = "logo";

/// Gives a client the logo that this picture is.
pub async fn set_logo(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
    picture: &[u8],
) -> Result<Client, Rejected> {
    authority.require_somewhere(Permission::WriteClients)?;
    let client = load(admin, authority, &client.into()).await?;
    let logo = logo::read(picture).await?;
    change(admin, authority, client, Some(logo)).await
}

/// Takes the logo of a client away that was uploaded, where it has one.
pub async fn remove_logo(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
) -> Result<Client, Rejected> {
    authority.require_somewhere(Permission::WriteClients)?;
    let client = load(admin, authority, &client.into()).await?;
    change(admin, authority, client, None).await
}

async fn change(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: Client,
    logo: Option<Logo>,
) -> Result<Client, Rejected> {
    let id = logo.as_ref().map(Logo::id);
    if client.presentation.links.logo == id {
        return Ok(client);
    }
    let owner = LogoOwner::Client(client.id.clone());
    let picture = match logo {
        Some(logo) => Change::PutLogo(owner, Box::new(logo)),
        None => Change::DeleteLogo(owner),
    };
    let now = admin.clock().now();
    let event = admin.event(AuditKind::ClientChanged, authority, now).saying(CHANGED);
    let changed = Client { updated_at: now, presentation: with_logo(client.presentation, id), ..client };
    save_with(admin, authority, changed, event, vec![picture]).await
}

/// How a client is presented with another logo of ours, or with none. An address elsewhere goes with either.
fn with_logo(was: Presentation, logo: Option<LogoId>) -> Presentation {
    let links = ClientLinks { logo_uri: None, logo, ..was.links };
    Presentation { links, ..was }
}

/// What is taken away with a registration that no longer has the logo that was uploaded.
pub(super) fn left_behind(was: &Client, is: &Client) -> Vec<Change> {
    let gone = was.presentation.links.logo.is_some() && is.presentation.links.logo.is_none();
    gone.then(|| Change::DeleteLogo(LogoOwner::Client(is.id.clone()))).into_iter().collect()
}
