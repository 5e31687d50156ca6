//! Bringing people along: accounts that are made, or filled in, from rows that another system or another server of ours wrote.
//!
//! Owns what a row is and what becomes of each: a row is one unit of work, so it is done as a whole or not at all, and a batch that stopped in the middle is
//! taken up again by sending it again. Nobody becomes anything in Haechi itself by a row: its roles are roles in apps. Groups and roles are given, and none
//! is taken: what somebody was given meanwhile stays. Leaves what a claim may be to the document of accounts, what a hash is to `identity::password::foreign`,
//! and reading files to the callers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::import_row::{Existing, ImportOptions, ImportRow, Row, RowError, of_hash};
use super::memberships::{MAX_MEMBERSHIPS, told};
use super::resource::UserResource;
use super::{Decision, change, commit_and_claim, create_of, with_document};
use crate::admin::{
    Administration, Aggregate, FieldError, FieldProblem, Permission, ProvenAuthority, Rejected, Target, affiliations,
    attributes,
};
use crate::model::User;
use crate::model::affiliation::{AffiliationKind, Catalogue};
use crate::model::attribute::Definitions;
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::connection::{Connection, Slug};
use crate::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::model::user::{EmailAddress, PasswordCredential};
use crate::store::{Change, StoreError};
use crate::support::id::{AffiliationId, LinkId};
use crate::support::{Secret, Timestamp};

/// The most rows of one batch.
pub const MAX_BATCH: usize = 200;

/// What became of a row, or would.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowReport {
    /// Its place, as the caller counts.
    pub row: u64,
    /// The address that it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What was done.
    pub outcome: RowOutcome,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RowError>,
}

/// What was done with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// An account was made.
    Created,
    /// An account that is there was changed.
    Updated,
    /// An account is there, and is as it was.
    Skipped,
    /// Nothing, as something is wrong.
    Refused,
}

impl From<&FieldProblem> for RowError {
    fn from(problem: &FieldProblem) -> Self {
        Self::new(Some(&problem.field), problem.error.code(), problem.error)
    }
}

/// The addresses for which accounts would have been made, where rows are only tried: of a second row with one of them, the same is said as would
/// become of it.
#[derive(Debug, Default)]
pub struct WouldBe(BTreeSet<String>);

/// Takes a batch of rows, one after another. An error is of the whole: nothing more of the batch was done. What is wrong with a row is in its report.
pub async fn import(
    admin: &Administration,
    authority: &ProvenAuthority,
    rows: Vec<ImportRow>,
    options: &ImportOptions,
    would_be: &mut WouldBe,
) -> Result<Vec<RowReport>, Rejected> {
    authority.require(Permission::WriteUsers)?;
    if rows.len() > MAX_BATCH {
        return Err(FieldError::TooMany(MAX_BATCH).of("rows").into());
    }
    let there = There {
        connections: admin.stores().connections.all().await?,
        declared: attributes::declared(admin).await?,
        all: affiliations::all(admin).await?,
    };
    let mut reports = Vec::with_capacity(rows.len());
    for ImportRow { row, document } in rows {
        let email = document.get("email").and_then(Value::as_str).map(str::to_owned);
        let taken = match Row::read(document, options) {
            Ok(read) => take(admin, authority, read, (options, &there), would_be).await,
            Err(errors) => Err(Refused::Errors(errors)),
        };
        let (outcome, errors) = match taken {
            Ok(outcome) => (outcome, Vec::new()),
            Err(Refused::Errors(errors)) => (RowOutcome::Refused, errors),
            Err(Refused::By(rejected)) => (RowOutcome::Refused, of_row(rejected)?),
        };
        reports.push(RowReport { row, email, outcome, errors });
    }
    Ok(reports)
}

/// Why a row is not taken.
enum Refused {
    Errors(Vec<RowError>),
    By(Rejected),
}

impl From<Rejected> for Refused {
    fn from(rejected: Rejected) -> Self {
        Self::By(rejected)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::By(error.into())
    }
}

/// What a refusal says of a row. One that every further row would meet is none of this row.
fn of_row(rejected: Rejected) -> Result<Vec<RowError>, Rejected> {
    match rejected {
        Rejected::Invalid(problems) => Ok(problems.iter().map(RowError::from).collect()),
        Rejected::Store(_) | Rejected::Keys(_) | Rejected::Busy | Rejected::ProofNeeded => Err(rejected),
        other => Ok(vec![RowError::new(None, other.code(), &other)]),
    }
}

/// What rows are read by, once for all of a batch.
struct There {
    connections: Vec<Connection>,
    declared: Definitions,
    /// The groups, and the roles in apps.
    all: Catalogue,
}

/// What a row brings along besides the claims.
struct Brought {
    hash: Option<Secret<String>>,
    links: Vec<(UpstreamIdentity, LinkEpochs)>,
    given: Vec<AffiliationId>,
}

async fn take(
    admin: &Administration,
    authority: &ProvenAuthority,
    row: Row,
    (options, there): (&ImportOptions, &There),
    would_be: &mut WouldBe,
) -> Result<RowOutcome, Refused> {
    let Row { document, hash, links, groups, roles } = row;
    let taken = hash.as_ref().map_or(Ok(()), |hash| admin.accounts.hasher.takes(hash));
    taken.map_err(|why| Refused::Errors(vec![of_hash(why)]))?;
    let links = known(&there.connections, &links).map_err(Refused::Errors)?;
    let given = given(&there.all, &groups, &roles).map_err(Refused::Errors)?;
    let email = document.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    let is = match &email {
        Some(email) => admin.stores().users.find_by_email(email).await?,
        None => None,
    };
    let (said, brought) = ((document, there), Brought { hash, links, given });
    match (is, options.existing) {
        (None, existing) => {
            let address = email.map(|email| email.to_string()).unwrap_or_default();
            if would_be.0.contains(&address) {
                return of_second(existing);
            }
            let outcome = make(admin, authority, said, brought).await?;
            if authority.tries() {
                would_be.0.insert(address);
            }
            Ok(outcome)
        }
        (Some(_), Existing::Skip) => Ok(RowOutcome::Skipped),
        (Some(_), Existing::Refuse) => Err(Rejected::Taken(Aggregate::User).into()),
        (Some(user), Existing::Update) => fill_in(admin, authority, &user, (said, brought)).await,
    }
}

/// What would become of a row whose address has an account by a row before it.
fn of_second(existing: Existing) -> Result<RowOutcome, Refused> {
    match existing {
        Existing::Skip => Ok(RowOutcome::Skipped),
        Existing::Refuse => Err(Rejected::Taken(Aggregate::User).into()),
        Existing::Update => Ok(RowOutcome::Updated),
    }
}

/// The identities that a row names, at the connections that there are.
fn known(
    connections: &[Connection],
    links: &BTreeMap<String, UpstreamSubject>,
) -> Result<Vec<(UpstreamIdentity, LinkEpochs)>, Vec<RowError>> {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (slug, subject) in links {
        let connection = Slug::parse(slug).ok().and_then(|slug| connections.iter().find(|one| one.slug == slug));
        let Some(connection) = connection else {
            let field = format!("links.{slug}");
            errors.push(RowError::new(Some(&field), "no_such_connection", "there is no connection of this name"));
            continue;
        };
        if !connection.enabled {
            let field = format!("links.{slug}");
            errors.push(RowError::new(Some(&field), "connection_disabled", "the connection is switched off"));
            continue;
        }
        let identity = UpstreamIdentity { connection: connection.id, subject: subject.clone() };
        found.push((identity, LinkEpochs { connection: connection.epoch, ..LinkEpochs::default() }));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// The groups and the roles in apps that a row names.
fn given(all: &Catalogue, groups: &[String], roles: &[String]) -> Result<Vec<AffiliationId>, Vec<RowError>> {
    let (mut given, mut errors) = (BTreeSet::new(), Vec::new());
    for (kind, member, names) in [(AffiliationKind::Group, "groups", groups), (AffiliationKind::Role, "roles", roles)] {
        for name in names {
            match (all.find(kind, name), kind) {
                (Some(one), _) => {
                    given.insert(one.id);
                }
                (None, AffiliationKind::Group) => {
                    errors.push(RowError::new(Some(member), "no_such_group", format!("there is no group {name}")));
                }
                (None, AffiliationKind::Role) => {
                    let detail = format!("there is no role {name} in apps; roles of this server are never imported");
                    errors.push(RowError::new(Some(member), "no_such_role", detail));
                }
            }
        }
    }
    if errors.is_empty() { Ok(given.into_iter().collect()) } else { Err(errors) }
}

/// What an account has that is given more, as far as that is still there; refused where it is too much.
fn with_given(all: &Catalogue, has: &[AffiliationId], given: &[AffiliationId]) -> Result<Vec<AffiliationId>, Rejected> {
    let kept = has.iter().copied().filter(|id| all.get(*id).is_some());
    let is: BTreeSet<AffiliationId> = kept.chain(given.iter().copied()).collect();
    if is.len() > MAX_MEMBERSHIPS {
        return Err(FieldError::TooMany(MAX_MEMBERSHIPS).of("groups").into());
    }
    Ok(is.into_iter().collect())
}

async fn make(
    admin: &Administration,
    authority: &ProvenAuthority,
    (document, there): (UserResource, &There),
    brought: Brought,
) -> Result<RowOutcome, Refused> {
    let now = admin.clock().now();
    let given = with_given(&there.all, &[], &brought.given)?;
    let told = told(&there.all, &given, &[]);
    let (user, mut changes) = create_of(admin, (&document, &there.declared), given, now).await?;
    // A new account begins in the epoch that the server is in.
    let user = User { server_epoch: admin.stores().server.epoch().await?, ..user };
    if let Some(phc) = brought.hash {
        changes.push(Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now }));
    }
    changes.push(Change::Audit(admin.event(AuditKind::UserCreated, authority, now).to_user(user.id).saying("import")));
    if !told.is_empty() {
        let event = admin.event(AuditKind::MembershipsChanged, authority, now).to_user(user.id);
        changes.push(Change::Audit(event.saying(told)));
    }
    changes.extend(linked(admin, authority, (&user, brought.links), now));
    let committed = commit_and_claim(admin, authority, (changes, false), now).await;
    committed.map_err(of_commit)?;
    Ok(RowOutcome::Created)
}

/// An identity that is linked to another account already is as taken as an address.
fn of_commit(error: StoreError) -> Rejected {
    Rejected::of_commit(error, Aggregate::User)
}

fn linked(
    admin: &Administration,
    authority: &ProvenAuthority,
    (user, links): (&User, Vec<(UpstreamIdentity, LinkEpochs)>),
    now: Timestamp,
) -> Vec<Change> {
    let link = |(identity, epochs): (UpstreamIdentity, LinkEpochs)| {
        let connection = identity.connection;
        let account = UpstreamAccount { identity, label: user.email.to_string(), tokens: None };
        let link = UpstreamLink::new(LinkId::new(now, admin.random()), account, user.id, now);
        let epochs = LinkEpochs { user: user.epochs(), ..epochs };
        let event = admin.event(AuditKind::UpstreamLinked, authority, now).to_user(user.id);
        let event = event.to(AuditTarget::Connection(connection)).saying(connection.to_string());
        [Change::InsertUpstreamLink(link, epochs), Change::Audit(event)]
    };
    links.into_iter().flat_map(link).collect()
}

/// Says what a row says of an account that is there. Its password stays where it has one, and links that it has stay as they are.
async fn fill_in(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: &User,
    ((mut document, there), brought): ((UserResource, &There), Brought),
) -> Result<RowOutcome, Refused> {
    let hash = match admin.stores().users.password(user.id).await? {
        Some(_) => None,
        None => brought.hash,
    };
    document.password = None;
    let has = admin.stores().upstream_links.of_user(user.id).await?;
    let new = |(identity, _): &(UpstreamIdentity, LinkEpochs)| !has.iter().any(|link| link.identity == *identity);
    let links: Vec<_> = brought.links.into_iter().filter(new).collect();
    let target = Target::from(user.id);
    let before = user.version;
    let nothing_more = hash.is_none() && links.is_empty();
    let after = change(admin, (authority, Permission::WriteUsers), &target, |was, now| {
        let given: Vec<_> = brought.given.iter().copied().filter(|id| !was.affiliations.contains(id)).collect();
        let decided = with_document(&document, &was, &there.declared)?;
        if decided.is_none() && nothing_more && given.is_empty() {
            return Ok(None);
        }
        let (mut user, what) = decided.unwrap_or_else(|| (was.clone(), Vec::new()));
        let event = admin.event(AuditKind::UserChanged, authority, now);
        let event = event.saying(["import".to_owned()].into_iter().chain(what).collect::<Vec<_>>().join(", "));
        if !given.is_empty() {
            user.affiliations = with_given(&there.all, &was.affiliations, &given)?;
        }
        let mut decision = Decision::replaced(User { updated_at: now, ..user }, event);
        if !given.is_empty() {
            let event = admin.event(AuditKind::MembershipsChanged, authority, now).to_user(was.id);
            decision.changes.push(Change::Audit(event.saying(told(&there.all, &given, &[]))));
        }
        if let Some(phc) = hash.clone() {
            decision.changes.push(Change::PutPassword(PasswordCredential { user: was.id, phc, changed_at: now }));
        }
        decision.changes.extend(linked(admin, authority, (&was, links.clone()), now));
        Ok(Some(decision))
    })
    .await?;
    Ok(if after.version == before { RowOutcome::Skipped } else { RowOutcome::Updated })
}
