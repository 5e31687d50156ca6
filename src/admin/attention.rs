//! What somebody should look at: what failed, what stands half-way, and what is missing.
//!
//! Owns what counts as that. Each look is bounded, however much the server holds: it reads what is kept in small numbers, or the first few rows of an index.
//! Leaves to its callers where each is mended, and in which words it is said.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problems::{self, Problem};
use super::{Administration, Authority, Permission, Rejected, production};
use crate::config::Config;
use crate::model::AccountState;
use crate::model::audit_event::AuditKind;
use crate::model::audit_filter::AuditFilter;
use crate::model::client::{Client, ClientId};
use crate::model::refusal::Weight;
use crate::model::signing_key::KeyState;
use crate::model::user::Role;
use crate::store::UserQuery;
use crate::support::Timestamp;

/// How many rows of a kind are looked at.
const LOOKED_AT: u32 = 20;
/// How many administrators are looked through for owners.
const ADMINISTRATORS: u32 = 100;
/// How long somebody has to answer an invitation before it is asked what became of it.
const ANSWERED_WITHIN: Duration = Duration::from_hours(48);
/// How long ago something may have been refused to count.
const LATELY: Duration = Duration::from_hours(48);
/// The longest that an old secret counts beside its successor where the console is asked: a week, and a day for the clock.
const OVERLAP: Duration = Duration::from_hours(8 * 24);
/// How late a rotation may be: every node looks every second or so.
const LATE: Duration = Duration::from_hours(24);

/// What somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// Mails were given up.
    MailFailed,
    /// People were invited some days ago and have not accepted.
    InvitationsOpen,
    /// Requests of an app were refused within the last two days, by what its registration still says.
    AppRefused,
    /// An app may still authenticate by the secret before its present one.
    SecretsOverlap,
    /// A webhook is told nothing.
    WebhookOff,
    /// A key signs for longer than the settings say.
    KeyOverdue,
    /// There is one owner: nobody can help them.
    OneOwner,
    /// Something is missing for being used in earnest.
    NotForProduction,
    /// No mail leaves the server.
    NoMail,
}

impl Matter {
    /// Its name: `mail_failed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MailFailed => "mail_failed",
            Self::InvitationsOpen => "invitations_open",
            Self::AppRefused => "app_refused",
            Self::SecretsOverlap => "secrets_overlap",
            Self::WebhookOff => "webhook_off",
            Self::KeyOverdue => "key_overdue",
            Self::OneOwner => "one_owner",
            Self::NotForProduction => "not_for_production",
            Self::NoMail => "no_mail",
        }
    }
}

/// One thing that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attention {
    /// What it is.
    pub about: Matter,
    /// The id of the app, webhook or key that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many there are, where some are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

impl Attention {
    const fn to(about: Matter) -> Self {
        Self { about, id: None, name: None, count: None }
    }

    const fn many(about: Matter, count: u64) -> Self {
        Self { about, id: None, name: None, count: Some(count) }
    }

    const fn of(about: Matter, id: String, name: String) -> Self {
        Self { about, id: Some(id), name: Some(name), count: None }
    }
}

/// Everything that an authority may see of it, the most pressing first. Each part asks for the permission that it needs; what is not allowed is left out.
pub async fn list(admin: &Administration, authority: &Authority, config: &Config) -> Result<Vec<Attention>, Rejected> {
    let mut found = Vec::new();
    if authority.allows(Permission::ReadKeys) {
        found.extend(of_keys(admin, authority, config)?);
    }
    if authority.allows(Permission::ReadUsers) {
        found.extend(of_people(admin, authority).await?);
    }
    if authority.allows(Permission::ReadClients) {
        found.extend(of_apps(admin, authority).await?);
    }
    if authority.allows(Permission::ReadWebhooks) {
        found.extend(of_webhooks(admin, authority).await?);
    }
    if authority.allows(Permission::ReadSettings) {
        found.extend(of_setup(admin, authority, config).await?);
    }
    Ok(found)
}

/// Keys that sign for longer than they should: no node could rotate them.
pub fn of_keys(admin: &Administration, authority: &Authority, config: &Config) -> Result<Vec<Attention>, Rejected> {
    authority.require(Permission::ReadKeys)?;
    let since = admin.clock().now().minus(config.keys.rotation()).minus(LATE);
    let overdue = admin.keys.list().into_iter().filter(|key| {
        key.state == KeyState::Active && key.activated_at.is_some_and(|activated_at| activated_at < since)
    });
    Ok(overdue
        .map(|key| Attention::of(Matter::KeyOverdue, key.id.to_string(), key.algorithm.as_str().to_owned()))
        .collect())
}

/// Mail that nobody got, and invitations that nobody answers.
pub async fn of_people(admin: &Administration, authority: &Authority) -> Result<Vec<Attention>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    let failed = admin.stores().mails.counts().await?.failed;
    let before = admin.clock().now().minus(ANSWERED_WITHIN);
    // In the order in which the accounts were made: those of long ago come first.
    let invited = UserQuery { status: Some(AccountState::Invited), ..UserQuery::default() };
    let invited = admin.stores().users.list(&invited, LOOKED_AT).await?.items;
    let open = invited.iter().filter(|user| user.created_at < before).count();
    let counted = [(Matter::MailFailed, failed), (Matter::InvitationsOpen, u64::try_from(open).unwrap_or(u64::MAX))];
    let counted = counted.into_iter().filter(|(_, count)| *count > 0);
    Ok(counted.map(|(about, count)| Attention::many(about, count)).collect())
}

/// Apps whose requests were refused lately, and those whose old secrets still count.
pub async fn of_apps(admin: &Administration, authority: &Authority) -> Result<Vec<Attention>, Rejected> {
    authority.require(Permission::ReadClients)?;
    let refused = refused(admin, authority).await?;
    Ok(refused.into_iter().chain(overlapping(admin).await?).collect())
}

/// The apps with problems of late, the most frequent ones first. The latest refusals are few, whatever happens.
async fn refused(admin: &Administration, authority: &Authority) -> Result<Vec<Attention>, Rejected> {
    let since = admin.clock().now().minus(LATELY);
    let counts = |problem: &Problem| {
        let Problem { registered, mended, last_at, refusal, .. } = problem;
        *registered && !*mended && *last_at >= since && refusal.reason.weight() == Weight::Problem
    };
    let mut by_client: BTreeMap<String, u64> = BTreeMap::new();
    for problem in problems::list(admin, authority, None).await?.into_iter().filter(counts) {
        if let Some(client) = problem.refusal.client {
            *by_client.entry(client).or_default() += u64::from(problem.count);
        }
    }
    let mut most: Vec<(String, u64)> = by_client.into_iter().collect();
    most.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut found = Vec::new();
    for (client, count) in most.into_iter().take(usize::try_from(LOOKED_AT).unwrap_or(usize::MAX)) {
        if let Some(client) = app(admin, ClientId::parse(&client).ok()).await? {
            found.push(Attention { count: Some(count), ..named(Matter::AppRefused, &client) });
        }
    }
    Ok(found)
}

/// The apps that have two secrets now: those whose secret was rotated of late, as the audit log has it by kind.
async fn overlapping(admin: &Administration) -> Result<Vec<Attention>, Rejected> {
    let now = admin.clock().now();
    let since = Some(now.minus(OVERLAP));
    let rotated = AuditFilter { kinds: vec![AuditKind::ClientSecretRotated], since, ..AuditFilter::default() };
    let events = admin.stores().audit.find(&rotated, None, LOOKED_AT).await?.events;
    let clients: BTreeSet<ClientId> = events.into_iter().filter_map(|event| event.client).collect();
    let mut found = Vec::new();
    for id in clients {
        let overlaps = |client: &Client| has_two_secrets(client, now);
        if let Some(client) = app(admin, Some(id)).await?.filter(overlaps) {
            found.push(named(Matter::SecretsOverlap, &client));
        }
    }
    Ok(found)
}

async fn app(admin: &Administration, id: Option<ClientId>) -> Result<Option<Client>, Rejected> {
    match id {
        Some(id) => Ok(admin.stores().clients.find(&id).await?),
        None => Ok(None),
    }
}

fn named(about: Matter, client: &Client) -> Attention {
    Attention::of(about, client.id.to_string(), client.presentation.name.clone())
}

/// Whether a client authenticates by more than one secret now.
fn has_two_secrets(client: &Client, now: Timestamp) -> bool {
    client.authentication.secrets.iter().filter(|secret| secret.is_live(now)).count() > 1
}

/// Webhooks that are told nothing. There are few.
pub async fn of_webhooks(admin: &Administration, authority: &Authority) -> Result<Vec<Attention>, Rejected> {
    authority.require(Permission::ReadWebhooks)?;
    let off = admin.stores().webhooks.all().await?.into_iter().filter(|webhook| !webhook.enabled);
    Ok(off.map(|webhook| Attention::of(Matter::WebhookOff, webhook.id.to_string(), webhook.known_as())).collect())
}

/// What is missing of the setup.
pub async fn of_setup(
    admin: &Administration,
    authority: &Authority,
    config: &Config,
) -> Result<Vec<Attention>, Rejected> {
    let missing = production::missing(authority, config)?.len();
    let mut found = Vec::new();
    if has_one_owner(admin).await? {
        found.push(Attention::to(Matter::OneOwner));
    }
    if !admin.accounts.mailer.is_on() {
        found.push(Attention::to(Matter::NoMail));
    }
    if missing > 0 {
        found.push(Attention::many(Matter::NotForProduction, u64::try_from(missing).unwrap_or(u64::MAX)));
    }
    Ok(found)
}

/// Whether one account alone is an owner. Among more administrators than are looked through it is not said.
async fn has_one_owner(admin: &Administration) -> Result<bool, Rejected> {
    let administering = UserQuery { administers: Some(true), ..UserQuery::default() };
    let found = admin.stores().users.list(&administering, ADMINISTRATORS).await?;
    let owners = found.items.iter().filter(|user| user.roles.contains(&Role::Owner)).count();
    Ok(owners == 1 && !found.more)
}
