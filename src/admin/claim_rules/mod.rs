//! Claim rules, as administrators make them: what apps are told of people besides the standard claims, and under which name.
//!
//! Owns who may say so, and that no two rules give one app the same claim in one place. Leaves what a rule makes of an account to `model`, and what one
//! person's tokens say in one app to [`token_preview`](super::token_preview).

use super::target::check_version;
use super::{
    Administration, Aggregate, Authority, ClaimProblem, FieldError, Permission, ProvenAuthority, Rejected, Target,
};
use crate::model::audit_event::{AuditEvent, AuditKind, AuditTarget};
use crate::model::claim_rule::{ClaimRule, Rules};
use crate::model::slug::Slug;
use crate::store::{Change, MAX_CLAIM_RULES, StoreResult};

mod resource;

pub use resource::ClaimRuleResource;

/// Every rule, in the order of their names: there are few.
pub async fn list(admin: &Administration, authority: &Authority) -> Result<Rules, Rejected> {
    authority.require(Permission::ReadUsers)?;
    Ok(all(admin).await?)
}

/// The rule of this name.
pub async fn find(admin: &Administration, authority: &Authority, name: &str) -> Result<Option<ClaimRule>, Rejected> {
    Ok(list(admin, authority).await?.find(name).cloned())
}

/// Makes a rule: apps are told by it from their next tokens on.
pub async fn create(
    admin: &Administration,
    authority: &ProvenAuthority,
    new: &ClaimRuleResource,
) -> Result<ClaimRule, Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let rules = all(admin).await?;
    if rules.len() >= MAX_CLAIM_RULES {
        return Err(Rejected::TooMany(Aggregate::ClaimRule, MAX_CLAIM_RULES));
    }
    let (mut found, declared) = (Vec::new(), super::attributes::declared(admin).await?);
    let rule = new.made(&declared, admin.clock().now(), &mut found);
    Rejected::unless_valid(found)?;
    let Some(mut rule) = rule else { return Err(FieldError::Missing.of("claim").into()) };
    rule.managed_by = authority.manager(None);
    require_client(admin, &rule).await?;
    require_room(&rules, &rule)?;
    let event = about(admin, AuditKind::ClaimRuleCreated, authority, &rule);
    let changes = vec![Change::InsertClaimRule(rule.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::ClaimRule, changes).await?;
    Ok(rule)
}

/// Changes what a rule says. A document of another version than there is now is stale. Where it says nothing new, nothing is written.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    rule: impl Into<Target<Slug>>,
    document: &ClaimRuleResource,
) -> Result<ClaimRule, Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let rules = all(admin).await?;
    let was = in_version(&rules, &rule.into())?;
    check_version(document.version, was.version, Aggregate::ClaimRule)?;
    let (mut found, declared) = (Vec::new(), super::attributes::declared(admin).await?);
    let mut rule = document.applied_to(was.clone(), &declared, &mut found);
    Rejected::unless_valid(found)?;
    rule.managed_by = authority.manager(rule.managed_by);
    if rule == was {
        return Ok(was);
    }
    authority.require_to_manage(was.managed_by.as_ref())?;
    require_client(admin, &rule).await?;
    require_room(&rules, &rule)?;
    let event = about(admin, AuditKind::ClaimRuleChanged, authority, &rule);
    save(admin, authority, rule, event).await
}

/// Gives a rule back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    rule: impl Into<Target<Slug>>,
) -> Result<ClaimRule, Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let was = in_version(&all(admin).await?, &rule.into())?;
    let Some(manager) = &was.managed_by else { return Ok(was) };
    let said = format!("{}: released from {manager}", was.name);
    let event = about(admin, AuditKind::ClaimRuleChanged, authority, &was).saying(said);
    save(admin, authority, ClaimRule { managed_by: None, ..was }, event).await
}

/// Deletes a rule: apps are told nothing by it from their next tokens on. Tokens that are out say it until they expire.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    rule: impl Into<Target<Slug>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteAttributes)?;
    let rule = in_version(&all(admin).await?, &rule.into())?;
    authority.require_to_manage(rule.managed_by.as_ref())?;
    let event = about(admin, AuditKind::ClaimRuleDeleted, authority, &rule);
    let changes = vec![Change::DeleteClaimRule(rule.name.to_string()), Change::Audit(event)];
    admin.commit(authority, Aggregate::ClaimRule, changes).await
}

async fn all(admin: &Administration) -> StoreResult<Rules> {
    admin.stores().claim_rules.all().await
}

/// A rule for a client that there is not would tell nobody anything.
async fn require_client(admin: &Administration, rule: &ClaimRule) -> Result<(), Rejected> {
    let Some(client) = &rule.client else { return Ok(()) };
    match admin.stores().clients.find(client).await? {
        Some(_) => Ok(()),
        None => Err(FieldError::NoSuchClient.of("client_id").into()),
    }
}

/// Two rules that give one app the same claim in one place would have to agree. The store holds the same against those that are made at once.
fn require_room(rules: &Rules, rule: &ClaimRule) -> Result<(), Rejected> {
    match rules.iter().find(|other| other.name != rule.name && other.collides(rule)) {
        Some(other) => Err(FieldError::ClaimRule(ClaimProblem::Taken).at("claim", other.name.as_str()).into()),
        None => Ok(()),
    }
}

/// The one that is to be changed, in the version that the caller saw.
fn in_version(rules: &Rules, target: &Target<Slug>) -> Result<ClaimRule, Rejected> {
    let rule = rules.find(target.key().as_str()).ok_or(Rejected::NotFound(Aggregate::ClaimRule))?;
    target.check(rule.version, Aggregate::ClaimRule).map(|()| rule.clone())
}

async fn save(
    admin: &Administration,
    authority: &ProvenAuthority,
    rule: ClaimRule,
    event: AuditEvent,
) -> Result<ClaimRule, Rejected> {
    let changes = vec![Change::UpdateClaimRule(rule.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::ClaimRule, changes).await?;
    Ok(ClaimRule { version: rule.version + 1, ..rule })
}

fn about(admin: &Administration, kind: AuditKind, authority: &Authority, rule: &ClaimRule) -> AuditEvent {
    let said = format!("{}: {}", rule.name, rule.claim);
    let event = admin.event(kind, authority, admin.clock().now());
    let event = event.to(AuditTarget::ClaimRule(rule.name.to_string())).saying(said);
    match &rule.client {
        Some(client) => event.to_client(client.clone()),
        None => event,
    }
}
