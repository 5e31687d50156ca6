//! Clients, as administrators register and change them.

use std::time::Duration;

use super::{
    Administration, Aggregate, Authority, FieldProblem, Permission, ProvenAuthority, RETRIES, Rejected, Target,
};
use crate::admin::target::check_version;
use crate::model::audit_event::{AuditEvent, AuditKind};
use crate::model::client::{Client, ClientId, ClientSecret};
use crate::store::{Change, ClientOrder, Page};
use crate::support::{Secret, Timestamp, random};

mod algorithms;
mod apply;
mod consents;
mod delegated;
mod guessable;
mod logins;
mod logo;
mod meant;
mod members;
mod own_api;
mod parse;
mod resource;
mod rules;
mod search;
mod security;
mod software;
#[cfg(test)]
mod tests;
mod trial;
mod values;

use meant::Meant;

pub use consents::{ConsentView, consents, withdraw_consents};
pub use logins::RecentLogins;
pub use logo::{remove_logo, set_logo};
pub use resource::{ClientResource, SecretView};
pub use search::{ClientSearch, search};
pub use security::SecurityView;
pub use trial::{require_to_see, try_out};
pub use values::{ApplicationType, AuthenticationMethod, Pkce};

/// What the ids that Haechi makes begin with.
const ID_PREFIX: &str = "cli_";
/// How many clients are read at once where all are looked at.
pub(super) const PAGE: u32 = 500;
/// How long the old secret works beside the new one, unless the caller says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_hours(24);

/// A client, and its secret where it has a new one: the only time that it is shown.
#[derive(Debug)]
pub struct WithSecret {
    /// The client as it is stored now.
    pub client: Client,
    /// The text of its secret.
    pub secret: Option<Secret<String>>,
}

/// Looks through a new client's document of which more may follow: whether each text in it is one that can be there. Whether they go together, and
/// whether all is there that must be, is asked when it is registered.
pub fn look_through(unfinished: &ClientResource) -> Result<(), FieldProblem> {
    let id = ClientId::parse("unfinished")?;
    unfinished.apply(unfinished.blank(id, Timestamp::from_seconds(0))).map(drop)
}

/// The client that a new one's document asks for, before it has a secret: every rule of the registration is asked, and nothing is stored.
pub fn draft(admin: &Administration, authority: &ProvenAuthority, new: &ClientResource) -> Result<Client, Rejected> {
    authority.require(Permission::WriteClients)?;
    let id = match &new.client_id {
        Some(chosen) => ClientId::parse(chosen)?,
        None => fresh_id(admin)?,
    };
    refuse_system(&id)?;
    let mut client = new.apply(new.blank(id, admin.clock().now()))?;
    client.managed_by = authority.manager(None);
    own_api::open(&mut client, &admin.issuer);
    rules::check(&client, &admin.capabilities)?;
    authority.require_to_assign(&client.policy.roles)?;
    authority.require_over_client(&client)?;
    Ok(client)
}

/// An id for a new client that is in nobody's use.
pub fn proposed_id(admin: &Administration) -> Result<ClientId, Rejected> {
    fresh_id(admin)
}

/// Registers a client. Where it authenticates with a secret, and brings none along, it gets one.
pub async fn create(
    admin: &Administration,
    authority: &ProvenAuthority,
    new: ClientResource,
) -> Result<WithSecret, Rejected> {
    let mut client = draft(admin, authority, &new)?;
    let now = client.created_at;
    client.authentication.secrets.extend(new.brought_secret(&client, now)?);
    let secret = give_secret(admin, &mut client, now);
    algorithms::check_on(admin, &client, None).await?;
    hold_keys(admin, authority, &client).await?;
    let event = admin.event(AuditKind::ClientCreated, authority, now).to_client(client.id.clone());
    admin
        .commit(authority, Aggregate::Client, vec![Change::InsertClient(client.clone()), Change::Audit(event)])
        .await?;
    Ok(WithSecret { client, secret })
}

/// Changes what a client registered: the fields that `document` has. A client that begins to authenticate with a secret gets one.
/// What was granted under the old registration goes on; the rules for it are asked again whenever it is used. A document of another
/// version than there is now is stale. Where it says nothing new, nothing is written.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
    document: &ClientResource,
) -> Result<WithSecret, Rejected> {
    authority.require_somewhere(Permission::WriteClients)?;
    let client = load(admin, authority, &client.into()).await?;
    check_version(document.version, client.version, Aggregate::Client)?;
    let now = admin.clock().now();
    document.check_unchanged(&client)?;
    let mut changed = document.apply(client.clone())?;
    changed.managed_by = authority.manager(changed.managed_by);
    own_api::open(&mut changed, &admin.issuer);
    rules::check(&changed, &admin.capabilities)?;
    if changed.policy.roles != client.policy.roles {
        authority.require(Permission::AssignRoles)?;
        authority.require_to_assign(&changed.policy.roles)?;
    }
    authority.require_over_client(&changed)?;
    delegated::require_within(authority, &client, &changed)?;
    let secret = give_secret(admin, &mut changed, now);
    if changed == client {
        return Ok(WithSecret { client, secret: None });
    }
    algorithms::check_on(admin, &changed, Some(&client)).await?;
    authority.require_to_manage(client.managed_by.as_ref())?;
    hold_keys(admin, authority, &changed).await?;
    let event = admin.event(AuditKind::ClientChanged, authority, now);
    let beside = logo::left_behind(&client, &changed);
    save_with(admin, authority, Client { updated_at: now, ..changed }, event, beside)
        .await
        .map(|client| WithSecret { client, secret })
}

/// Gives a client a new secret. The one it had works on for `grace`, older ones no more. Of two rotations at once, one is told
/// that it was too late.
pub async fn rotate_secret(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
    grace: Duration,
) -> Result<WithSecret, Rejected> {
    authority.require_somewhere(Permission::WriteClients)?;
    let mut client = load(admin, authority, &client.into()).await?;
    if !client.authentication.method.uses_secret() {
        return Err(Rejected::NoSecretUsed);
    }
    let now = admin.clock().now();
    let end = now.plus(grace);
    client.authentication.secrets.retain(|old| old.is_live(now) && old.expires_at.is_none() && !grace.is_zero());
    for old in &mut client.authentication.secrets {
        old.expires_at = Some(end);
    }
    let (text, secret) = ClientSecret::generate(now, admin.random());
    client.authentication.secrets.insert(0, secret);
    let event = admin.event(AuditKind::ClientSecretRotated, authority, now);
    let client = save(admin, authority, Client { updated_at: now, ..client }, event).await?;
    Ok(WithSecret { client, secret: Some(text) })
}

/// Switches a client on or off. Off means off: everything that it was granted ends with the commit.
pub async fn set_enabled(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
    enabled: bool,
) -> Result<Client, Rejected> {
    authority.require_somewhere(Permission::WriteClients)?;
    let target = client.into();
    let mut left = RETRIES;
    loop {
        let client = load(admin, authority, &target).await?;
        if client.enabled == enabled {
            return Ok(client);
        }
        // Switching off is for what cannot wait for a file.
        if enabled {
            authority.require_to_manage(client.managed_by.as_ref())?;
        }
        let now = admin.clock().now();
        let kind = if enabled { AuditKind::ClientEnabled } else { AuditKind::ClientDisabled };
        let epoch = if enabled { client.epoch } else { client.epoch.next() };
        let changed = Client { enabled, epoch, updated_at: now, ..client };
        match save(admin, authority, changed, admin.event(kind, authority, now)).await {
            Err(Rejected::Stale(_)) if left > 0 => left -= 1,
            done => return done,
        }
    }
}

/// Gives a client back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
) -> Result<Client, Rejected> {
    authority.require(Permission::WriteClients)?;
    let client = load(admin, authority, &client.into()).await?;
    let Some(manager) = &client.managed_by else { return Ok(client) };
    let now = admin.clock().now();
    let event = admin.event(AuditKind::ClientChanged, authority, now).saying(format!("released from {manager}"));
    save(admin, authority, Client { managed_by: None, updated_at: now, ..client }, event).await
}

/// Deletes a client with everything that it was granted.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteClients)?;
    let Client { id, managed_by, .. } = load(admin, authority, &client.into()).await?;
    authority.require_to_manage(managed_by.as_ref())?;
    let event = admin.event(AuditKind::ClientDeleted, authority, admin.clock().now()).to_client(id.clone());
    admin.commit(authority, Aggregate::Client, vec![Change::DeleteClient(id), Change::Audit(event)]).await
}

/// The client of this id, if the authority may see it.
pub async fn find(admin: &Administration, authority: &Authority, id: &ClientId) -> Result<Option<Client>, Rejected> {
    authority.require_somewhere(Permission::ReadClients)?;
    if !authority.allows_in_app(Permission::ReadClients, id) {
        return Ok(None);
    }
    Ok(admin.stores().clients.find(id).await?)
}

/// The ids of the clients that were probably meant by a text that is no client's id: those of that name, or else the id that is nearest to it.
pub async fn meant(admin: &Administration, authority: &Authority, text: &str) -> Result<Option<String>, Rejected> {
    authority.require(Permission::ReadClients)?;
    let mut meant = Meant::by(text);
    let mut after = None;
    loop {
        let page = admin.stores().clients.list(after.as_ref(), PAGE).await?;
        page.items.iter().for_each(|client| meant.look_at(client));
        match page.items.into_iter().last().filter(|_| page.more) {
            Some(last) => after = Some(last.id),
            None => return Ok(meant.ids()),
        }
    }
}

/// What the last logins of a client had; `None` where there was none.
pub async fn recent_logins(
    admin: &Administration,
    authority: &Authority,
    client: &Client,
) -> Result<Option<RecentLogins>, Rejected> {
    authority.require_in_app(Permission::ReadClients, &client.id)?;
    let seen = admin.stores().clients.seen_logins(&client.id).await?;
    Ok(RecentLogins::of(client, &seen))
}

/// The clients that the authority may see by id, after `after`.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    after: Option<&ClientId>,
    limit: u32,
) -> Result<Page<Client>, Rejected> {
    authority.require_somewhere(Permission::ReadClients)?;
    if !authority.allows(Permission::ReadClients) {
        let order = ClientOrder::Id(after.cloned());
        return delegated::managed(admin, authority, |_| true, &order, limit).await;
    }
    Ok(admin.stores().clients.list(after, limit).await?)
}

/// The client that is to be changed, in the version that the caller saw, if it may do no more than they may.
async fn load(admin: &Administration, authority: &Authority, target: &Target<ClientId>) -> Result<Client, Rejected> {
    refuse_system(target.key())?;
    authority.require_in_app(Permission::WriteClients, target.key())?;
    let found = admin.stores().delegations.service_account(target.key()).await?;
    let found = found.ok_or(Rejected::NotFound(Aggregate::Client))?;
    authority.require_over_service_account(&found)?;
    target.check(found.client.version, Aggregate::Client).map(|()| found.client)
}

async fn save(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: Client,
    event: AuditEvent,
) -> Result<Client, Rejected> {
    save_with(admin, authority, client, event, Vec::new()).await
}

/// Saves a client with what is changed beside its document.
async fn save_with(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: Client,
    event: AuditEvent,
    beside: Vec<Change>,
) -> Result<Client, Rejected> {
    let event = event.to_client(client.id.clone());
    let mut changes = vec![Change::UpdateClient(client.clone())];
    changes.extend(beside);
    changes.push(Change::Audit(event));
    admin.commit(authority, Aggregate::Client, changes).await?;
    Ok(Client { version: client.version + 1, ..client })
}

/// Has the server hold keys for the algorithms of a client's tokens, before there are any. One that is made in vain, as the registration fails, is
/// one that another client finds.
async fn hold_keys(admin: &Administration, authority: &ProvenAuthority, client: &Client) -> Result<(), Rejected> {
    if authority.tries() {
        return Ok(());
    }
    admin.keys.hold(client.tokens.access_token_algorithm).await?;
    Ok(admin.keys.hold(client.tokens.id_token_algorithm).await?)
}

/// Keeps secrets with the methods that use one, and only with them.
fn give_secret(admin: &Administration, client: &mut Client, now: Timestamp) -> Option<Secret<String>> {
    if !client.authentication.method.uses_secret() {
        client.authentication.secrets.clear();
        return None;
    }
    if client.authentication.secrets.iter().any(|secret| secret.is_live(now)) {
        return None;
    }
    let (text, secret) = ClientSecret::generate(now, admin.random());
    client.authentication.secrets = vec![secret];
    Some(text)
}

/// An id that cannot be guessed and is not taken: 20 characters of 5 random bits each.
fn fresh_id(admin: &Administration) -> Result<ClientId, Rejected> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = random::bytes::<20>(admin.random());
    let tail: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    Ok(ClientId::parse(&format!("{ID_PREFIX}{tail}"))?)
}

fn refuse_system(id: &ClientId) -> Result<(), Rejected> {
    if id.is_of_system() { Err(Rejected::Reserved) } else { Ok(()) }
}
