//! A database that is filled, so that anybody can see how a large server does: people, apps, what people allowed apps, and an audit log.
//!
//! Owns what is drawn, and in which proportions; the same seed draws the same people and apps again. Everything is made of the types, and by the functions, that make it
//! in production: apps pass the rules of registration, secrets and tokens are kept as digests, entries have their places in the log's chain. Leaves writing all of it at
//! once, and that nothing is there yet, to the store.

use std::time::Duration;

use crate::admin::{ProvenAuthority, Rejected};
use crate::app::App;
use crate::audit_chain::ChainError;
use crate::identity::password::{Asker, HashingFailed, Password};
use crate::model::AffiliationKind;
use crate::model::client::ClientId;
use crate::store::{Batch, StoreError};
use crate::support::id::AffiliationId;
use crate::support::request::RequestIds;
use crate::support::{Secret, Timestamp};

mod apps;
mod draw;
mod entries;
mod grants;
mod mails;
mod making;
mod names;
mod people;
mod refusals;

use apps::Apps;
use entries::Entries;
use grants::Grants;
use mails::Mails;
use making::Making;
use people::People;
use refusals::Refusals;

pub use making::{Progress, Step};
pub use refusals::MOST_OF_APP;

/// How many hashes of the one password there are.
const HASHES: usize = 16;
/// Over how long the entries of the audit log are spread at most.
const A_YEAR: Duration = Duration::from_hours(24 * 365);

/// What a database is filled with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// People; at least one.
    pub people: u64,
    /// Apps; at least one.
    pub apps: u64,
    /// Grants that count, but for those that were revoked, and those of people and apps that were switched off.
    pub grants: u64,
    /// Grants that have expired and wait to be swept.
    pub expired: u64,
    /// Entries of the audit log.
    pub entries: u64,
    /// Mails that were sent.
    pub mails: u64,
    /// Refused requests, at most [`MOST_OF_APP`] for each app.
    pub refusals: u64,
    /// Refresh tokens that are told, of as many grants that count.
    pub tokens: u64,
    /// Only tokens of this app, where one is named.
    pub tokens_of: Option<ClientId>,
    /// What it is drawn from.
    pub seed: u64,
}

/// Why a database was not filled. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum SeedRejected {
    /// It is in use.
    #[error(
        "the database is not empty: only one that has nothing but who administers the server is filled. Take another one, or make this one anew: \
         `haechi migrate down`, then `haechi serve`"
    )]
    Occupied,
    /// A server wrote to its audit log meanwhile.
    #[error("the audit log went on meanwhile, and nothing was kept: stop the server first")]
    Moved,
    /// The password cannot be one.
    #[error("the password has more than 256 characters, or a control character")]
    Password,
    /// It could not be hashed.
    #[error("the password could not be hashed")]
    Hashing,
    /// What was drawn is nothing that production would make.
    #[error("what was drawn is not valid: {0}")]
    Invalid(String),
    /// An app is nothing that an administrator could register.
    #[error("what was drawn is not valid: {0}")]
    App(#[from] Rejected),
    /// The audit log.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A refresh token that counts, with what its app authenticates by.
#[derive(Clone, Debug)]
pub struct SeededToken {
    /// The app.
    pub client: ClientId,
    /// Its secret, where it has one.
    pub secret: Option<Secret<String>>,
    /// The token.
    pub refresh_token: Secret<String>,
}

/// A database that was filled.
#[derive(Debug)]
pub struct Seeded {
    /// What took how long.
    pub steps: Vec<Step>,
    /// The address of an end-user who can sign in with the password.
    pub end_user: String,
    /// The refresh tokens that were asked for.
    pub tokens: Vec<SeededToken>,
}

/// Fills the database of an application by a plan. Everybody who signs in by password has the same one. `told` hears how far it is.
pub async fn seed(
    app: &App,
    authority: &ProvenAuthority,
    plan: &Plan,
    password: &Secret<String>,
    told: &mut dyn FnMut(Progress),
) -> Result<Seeded, SeedRejected> {
    let now = app.clock.now();
    let people = People::new(plan, (hashes(app, password).await?, affiliations(app).await?), now);
    let apps = Apps::draw(&app.admin, authority, plan, now)?;
    let server = app.stores.server.epoch().await?;
    // Before anything is taken: what waits for its place is written for it.
    let mut chain = app.audit.lengthen().await?;
    let filling = app.stores.filler.begin().await?.ok_or(SeedRejected::Occupied)?;
    let mut making = Making { filling, clock: &*app.clock, told, steps: Vec::new() };
    making.all("people", plan.people, |number| people.one(number), Batch::Accounts).await?;
    making.all("apps", plan.apps, |number| apps.client(number), Batch::Clients).await?;
    let grants = Grants { plan, people: &people, apps: &apps, key: &app.tokens.refresh_mac, server, now };
    let mut tokens = Vec::new();
    let is_asked_for = |token: &SeededToken| plan.tokens_of.as_ref().is_none_or(|app| *app == token.client);
    let grant = |number: u64| -> Result<_, SeedRejected> {
        let granted = grants.one(number);
        if is_due(&grants, number, tokens.len()) {
            tokens.extend(granted.token.filter(is_asked_for));
        }
        Ok((granted.grant, granted.consent))
    };
    making.all("grants", grants.count(), grant, Batch::Grants).await?;
    let mails = Mails { plan, people: &people, now };
    making.all("mails", plan.mails, |number| mails.one(number), Batch::Mails).await?;
    let refusals = Refusals { plan, apps: &apps, requests: RequestIds::new(&*app.random), now };
    making.all("refused requests", plan.refusals, |number| refusals.one(number), Batch::Refusals).await?;
    let entries = entries(app, plan, (&people, &apps), now);
    let entry = |number: u64| -> Result<_, SeedRejected> { Ok(chain.place(&entries.one(number))?) };
    making.all("entries of the audit log", plan.entries, entry, Batch::Entries).await?;
    let (was, is) = app.audit.lengthened(chain);
    let steps = making.commit(&was, &is).await?;
    Ok(Seeded { steps, end_user: people.address(0)?.to_string(), tokens })
}

/// Whether one more token is told by now, so that they come from all of the grants.
fn is_due(grants: &Grants<'_>, number: u64, told: usize) -> bool {
    let due = u128::from(grants.plan.tokens) * u128::from(number + 1) / u128::from(grants.count().max(1));
    (told as u128) < due
}

/// The groups that there are, and the roles of every app: there is no app yet that could have one of its own.
async fn affiliations(app: &App) -> Result<Vec<AffiliationId>, SeedRejected> {
    let all = app.stores.affiliations.catalogue().await?;
    let ids = [AffiliationKind::Group, AffiliationKind::Role].map(|kind| {
        let mut ids: Vec<AffiliationId> = all.of_kind(kind).iter().map(|one| one.id).collect();
        ids.sort_unstable();
        ids
    });
    Ok(ids.concat())
}

/// Some hashes of the password, each with a salt of its own.
async fn hashes(app: &App, password: &Secret<String>) -> Result<Vec<Secret<String>>, SeedRejected> {
    let password = Password::parse(password).map_err(|_| SeedRejected::Password)?;
    let mut hashes = Vec::with_capacity(HASHES);
    for _ in 0..HASHES {
        let hashed = app.hasher.hash(password.clone(), &Asker::operator()).await;
        hashes.push(hashed.map_err(|_: HashingFailed| SeedRejected::Hashing)?);
    }
    Ok(hashes)
}

/// The entries of the audit log, of which the oldest is not about to be deleted.
fn entries<'a>(app: &App, plan: &'a Plan, (people, apps): (&'a People, &'a Apps), now: Timestamp) -> Entries<'a> {
    let over = app.config.audit.keep().mul_f64(0.9).min(A_YEAR);
    Entries { plan, people, apps, requests: RequestIds::new(&*app.random), over, now }
}
