//! Everything that is stored about one end-user, as one document that they may take along: GDPR articles 15 and 20 ask for it, and for a form that
//! programs read.
//!
//! Owns the document's shape: the resources of the other interfaces where there are some, in the manner of our own JSON. What the list of its
//! members leaves out is not told: no hash of a password, no token, no secret of a session, and no tokens of a provider. Its authority is the proof of
//! the account that it is about.

use serde::Serialize;

use super::audit::AuditEntry;
use super::users::{self, MembershipsResource, UserResource};
use super::{Administration, Aggregate, Rejected, affiliations, attributes};
use crate::identity::RecentProof;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::audit_filter::AuditFilter;
use crate::model::consent::Consent;
use crate::model::grant::Grant;
use crate::model::session::SignIn;
use crate::model::upstream_link::UpstreamLink;
use crate::model::{Passkey, User};
use crate::sessions::Sessions;
use crate::store::{AuditPage, Change, StoreResult};
use crate::support::Timestamp;
use crate::support::clock::rfc3339;
use crate::support::id::UserId;

/// The most entries of the audit log that are told.
const MOST_ENTRIES: usize = 5000;
/// How many are read at a time.
const AT_ONCE: u32 = 500;

/// The document.
#[derive(Debug, Serialize)]
pub struct PersonalData {
    /// The server that it comes from.
    pub issuer: String,
    /// When it was put together.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
    /// The account with its claims, as administrators and the command line have it.
    pub account: UserResource,
    /// The groups and the roles in apps that it was given.
    pub memberships: MembershipsResource,
    /// Whether there is a password, and since when it is this one; never what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordFact>,
    /// The accounts elsewhere that sign in to this one.
    pub links: Vec<LinkFact>,
    /// Its passkeys, without their keys.
    pub passkeys: Vec<PasskeyFact>,
    /// The sign-ins that count.
    pub sign_ins: Vec<SignInFact>,
    /// What was agreed to.
    pub consents: Vec<ConsentFact>,
    /// What apps have: grants that count.
    pub grants: Vec<GrantFact>,
    /// The entries of the audit log about the account, the newest first.
    pub audit: Vec<AuditFact>,
    /// Whether these are all of its entries that the log still has.
    pub audit_complete: bool,
}

/// That there is a password.
#[derive(Debug, Serialize)]
pub struct PasswordFact {
    /// When it was set.
    #[serde(serialize_with = "rfc3339")]
    pub changed_at: Timestamp,
}

/// A passkey.
#[derive(Debug, Serialize)]
pub struct PasskeyFact {
    /// What its end-user calls it.
    pub name: String,
    /// The kind of its authenticator, as that says itself.
    pub aaguid: String,
    /// Whether it was copied to other devices when it was last used.
    pub backup_state: bool,
    /// Whether it was proved, when it was added, that its key is in hardware.
    pub hardware: bool,
    /// When it was added.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
    /// When it was last used, as RFC 3339 writes it.
    pub last_used_at: Option<String>,
}

impl From<&Passkey> for PasskeyFact {
    fn from(passkey: &Passkey) -> Self {
        Self {
            name: passkey.name.clone(),
            aaguid: passkey.aaguid.to_string(),
            backup_state: passkey.backup.is_backed_up(),
            hardware: passkey.protection.is_hardware(),
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// An account elsewhere.
#[derive(Debug, Serialize)]
pub struct LinkFact {
    /// The connection that leads to its provider, by its slug; its id where that is gone.
    pub connection: String,
    /// The provider's `sub`.
    pub subject: String,
    /// What its end-user knows it by.
    pub label: String,
    /// When it was connected.
    #[serde(serialize_with = "rfc3339")]
    pub linked_at: Timestamp,
    /// When it was signed in with last.
    #[serde(serialize_with = "rfc3339")]
    pub last_used_at: Timestamp,
}

/// A sign-in.
#[derive(Debug, Serialize)]
pub struct SignInFact {
    /// The `sid` of ID tokens.
    pub id: String,
    /// The program, in a few words.
    pub browser: String,
    /// The network that it came from: its address is not kept.
    pub network: String,
    /// How strongly its end-user authenticated.
    pub acr: String,
    /// By which means: RFC 8176.
    pub amr: Vec<String>,
    /// When it began.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
    /// When its end-user authenticated last.
    #[serde(serialize_with = "rfc3339")]
    pub authenticated_at: Timestamp,
    /// When it was last used.
    #[serde(serialize_with = "rfc3339")]
    pub last_used_at: Timestamp,
}

/// What one client was allowed.
#[derive(Debug, Serialize)]
pub struct ConsentFact {
    /// The client.
    pub client_id: String,
    /// What was agreed to.
    pub scope: String,
    /// When it was last given.
    #[serde(serialize_with = "rfc3339")]
    pub granted_at: Timestamp,
}

/// What one client has.
#[derive(Debug, Serialize)]
pub struct GrantFact {
    /// The client.
    pub client_id: String,
    /// What was granted.
    pub scope: String,
    /// Whether it outlives the sign-in.
    pub offline: bool,
    /// When it was granted.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
    /// From when it no longer counts.
    #[serde(serialize_with = "rfc3339")]
    pub expires_at: Timestamp,
}

/// An entry of the audit log, told to the end-user it is about.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct AuditFact(serde_json::Value);

/// Everything about the account that proved itself. That it was handed out is an entry of the log too, and the newest of those that are told.
pub async fn of_own(
    admin: &Administration,
    sessions: &Sessions,
    proof: &RecentProof,
) -> Result<PersonalData, Rejected> {
    let (stores, id, now) = (admin.stores(), proof.account(), admin.clock().now());
    let event = AuditEvent::new(AuditKind::PersonalDataRead, Actor::User(id), now, admin.random());
    admin.work().commit(vec![Change::Holds(proof.ground()), Change::Audit(event.to_user(id))]).await?;
    let user = stores.users.find(id).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
    // What only administrators see of it is about the end-user all the same.
    let user = User { attributes: attributes::declared(admin).await?.known(user.attributes), ..user };
    let password = stores.users.password(id).await?;
    let (audit, audit_complete) = entries(admin, id).await?;
    Ok(PersonalData {
        issuer: admin.issuer.as_str().to_owned(),
        created_at: now,
        account: users::own_document(admin, &user).await?,
        memberships: MembershipsResource {
            version: None,
            ..MembershipsResource::of(&user, &affiliations::all(admin).await?)
        },
        password: password.map(|password| PasswordFact { changed_at: password.changed_at }),
        links: links(admin, id).await?,
        passkeys: stores.passkeys.of_user(id).await?.iter().map(PasskeyFact::from).collect(),
        sign_ins: sessions.of_user(id).await?.iter().map(SignInFact::from).collect(),
        consents: stores.consents.of_user(id).await?.iter().map(ConsentFact::from).collect(),
        grants: stores.grants.of_user(id, now).await?.iter().map(GrantFact::from).collect(),
        audit,
        audit_complete,
    })
}

async fn links(admin: &Administration, user: UserId) -> StoreResult<Vec<LinkFact>> {
    let stores = admin.stores();
    let connections = stores.connections.all().await?;
    let fact = |link: &UpstreamLink| LinkFact {
        connection: connections
            .iter()
            .find(|connection| connection.id == link.identity.connection)
            .map_or_else(|| link.identity.connection.to_string(), |connection| connection.slug.to_string()),
        subject: link.identity.subject.as_sent().to_owned(),
        label: link.label.clone(),
        linked_at: link.linked_at,
        last_used_at: link.last_used_at,
    };
    Ok(stores.upstream_links.of_user(user).await?.iter().map(fact).collect())
}

/// The newest entries about an account, and whether these are all.
async fn entries(admin: &Administration, user: UserId) -> StoreResult<(Vec<AuditFact>, bool)> {
    let about = AuditFilter { user: Some(user), ..AuditFilter::default() };
    let (mut found, mut before) = (Vec::new(), None);
    while found.len() < MOST_ENTRIES {
        let AuditPage { events, next } = admin.stores().audit.find(&about, before, AT_ONCE).await?;
        found.extend(events.iter().map(AuditFact::of));
        if next.is_none() {
            return Ok((found, true));
        }
        before = next;
    }
    Ok((found, false))
}

impl AuditFact {
    /// Who else did something to the account is said by what they are: which administrator it was is that one's own.
    fn of(event: &AuditEvent) -> Self {
        let by_another = matches!(event.actor, Actor::User(actor) if Some(actor) != event.user);
        let mut told = serde_json::to_value(AuditEntry::from(event)).unwrap_or_default();
        if by_another && let Some(actor) = told.get_mut("actor").and_then(serde_json::Value::as_object_mut) {
            actor.remove("id");
            told["address"].take();
            told["request"].take();
        }
        Self(told)
    }
}

impl From<&SignIn> for SignInFact {
    fn from(sign_in: &SignIn) -> Self {
        Self {
            id: sign_in.id.to_string(),
            browser: sign_in.browser.clone(),
            network: sign_in.network.clone(),
            acr: sign_in.acr.as_str().to_owned(),
            amr: sign_in.amr.clone(),
            created_at: sign_in.created_at,
            authenticated_at: sign_in.authenticated_at(),
            last_used_at: sign_in.used_at,
        }
    }
}

impl From<&Consent> for ConsentFact {
    fn from(consent: &Consent) -> Self {
        Self { client_id: consent.client.to_string(), scope: consent.scope.to_string(), granted_at: consent.granted_at }
    }
}

impl From<&Grant> for GrantFact {
    fn from(grant: &Grant) -> Self {
        Self {
            client_id: grant.client.to_string(),
            scope: grant.terms.scope.to_string(),
            offline: grant.is_offline(),
            created_at: grant.created_at,
            expires_at: grant.expires_at,
        }
    }
}
