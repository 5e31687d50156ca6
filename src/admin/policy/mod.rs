//! What administrators decide for the whole server: one aggregate, section by section.
//!
//! Owns what may be decided: nothing that is laxer than what the operator configured, and nothing that shuts out who administers the server,
//! which the store asks with each commit. Leaves what holds by a decision to [`policy`](crate::policy).

use serde::Serialize;

use super::document::{differing, members};
use super::{
    Administration, Aggregate, Authority, FieldError, FieldProblem, Permission, ProvenAuthority, Rejected, Target,
};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::manager::Manager;
use crate::model::policy::{Policy, PolicySection};
use crate::store::Change;

mod branding;
mod logo;
mod sign_in;
mod signing;

pub use branding::BrandingResource;
pub use logo::{remove_logo, set_logo};
pub use sign_in::SignInResource;
pub use signing::SigningResource;

/// What is decided.
pub async fn find(admin: &Administration, authority: &Authority) -> Result<Policy, Rejected> {
    authority.require(Permission::ReadSettings)?;
    Ok(admin.stores().policy.policy().await?)
}

/// How many accounts are signed in to by a passkey and nothing else.
pub async fn only_by_passkey(admin: &Administration, authority: &Authority) -> Result<u64, Rejected> {
    authority.require(Permission::ReadSettings)?;
    Ok(admin.stores().passkeys.count_only(admin.accounts.policies.sign_in().await?.passwords).await?)
}

/// Decides how end-users come by accounts and sign in to them: the fields that `document` has. It holds for everybody at once, and for sessions
/// of before too: what is too old by it ends with its next use. Passkeys are not switched off while accounts have nothing else, unless the document says that this is meant.
pub async fn set_sign_in(
    admin: &Administration,
    authority: &ProvenAuthority,
    policy: impl Into<Target<()>>,
    document: &SignInResource,
) -> Result<Policy, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let was = load(admin, &policy.into(), document.version).await?;
    let mut found = Vec::new();
    check_manager(document.managed_by.as_deref(), was.manager(PolicySection::SignIn), &mut found);
    let sign_in = document.apply(&was.sign_in, admin.accounts.policies.bounds(), &mut found);
    if was.sign_in.passkeys && !sign_in.passkeys && document.passkey_only_confirmed != Some(true) {
        let stranded = admin.stores().passkeys.count_only(sign_in.passwords).await?;
        found.extend((stranded > 0).then(|| FieldError::OnlyPasskeys(stranded).of("passkey_sign_in")));
    }
    Rejected::unless_valid(found)?;
    let decided = Policy { sign_in, ..was.clone() };
    save(admin, authority, PolicySection::SignIn, (&was, decided), SignInResource::of).await
}

/// Decides how the pages of end-users present the service: what `document` says.
pub async fn set_branding(
    admin: &Administration,
    authority: &ProvenAuthority,
    policy: impl Into<Target<()>>,
    document: &BrandingResource,
) -> Result<Policy, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let was = load(admin, &policy.into(), document.version).await?;
    let mut found = Vec::new();
    check_manager(document.managed_by.as_deref(), was.manager(PolicySection::Branding), &mut found);
    let branding = document.apply(&was.branding, &mut found);
    Rejected::unless_valid(found)?;
    let decided = Policy { branding, ..was.clone() };
    save(admin, authority, PolicySection::Branding, (&was, decided), BrandingResource::of).await
}

/// Decides with which of the configured algorithms tokens are signed. None is switched off that a client is registered with.
pub async fn set_signing(
    admin: &Administration,
    authority: &ProvenAuthority,
    policy: impl Into<Target<()>>,
    document: &SigningResource,
) -> Result<Policy, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let was = load(admin, &policy.into(), document.version).await?;
    let mut found = Vec::new();
    check_manager(document.managed_by.as_deref(), was.manager(PolicySection::Signing), &mut found);
    let uses = super::keys::uses(admin, authority).await?;
    let signing = document.apply(&was.signing, &uses, &mut found);
    Rejected::unless_valid(found)?;
    let decided = Policy { signing, ..was.clone() };
    save(admin, authority, PolicySection::Signing, (&was, decided), SigningResource::of).await
}

/// Gives a section back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    policy: impl Into<Target<()>>,
    section: PolicySection,
) -> Result<Policy, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let was = load(admin, &policy.into(), None).await?;
    let Some(manager) = was.manager(section) else { return Ok(was) };
    let said = format!("{}: released from {manager}", section.as_str());
    commit(admin, authority, was.managed(section, None), said, Vec::new()).await
}

/// Nobody says by a document whose files manage a section.
fn check_manager(said: Option<&str>, is: Option<&Manager>, found: &mut Vec<FieldProblem>) {
    if said.is_some_and(|said| Some(said) != is.map(Manager::as_str)) {
        found.push(FieldError::ReadOnly.of("managed_by"));
    }
}

/// The policy that is to be changed, in the version that the caller saw.
async fn load(admin: &Administration, target: &Target<()>, said: Option<i64>) -> Result<Policy, Rejected> {
    let was = admin.stores().policy.policy().await?;
    target.check(was.version, Aggregate::Policy)?;
    super::target::check_version(said, was.version, Aggregate::Policy)?;
    Ok(was)
}

/// Commits what was decided of a section, with the names of what became another. Where nothing did, nothing is written.
async fn save<D: Serialize>(
    admin: &Administration,
    authority: &ProvenAuthority,
    section: PolicySection,
    (was, decided): (&Policy, Policy),
    shown: impl Fn(&Policy) -> D,
) -> Result<Policy, Rejected> {
    let decided = decided.managed(section, authority.manager(was.manager(section).cloned()));
    let what = differing(&members(&shown(was)), &members(&shown(&decided)));
    if what.is_empty() {
        return Ok(decided);
    }
    authority.require_to_manage(was.manager(section))?;
    let beside = logo::left_behind(was, &decided);
    commit(admin, authority, decided, format!("{}: {}", section.as_str(), what.join(", ")), beside).await
}

/// Commits what was decided with what is changed beside it, and what the audit log says of both.
async fn commit(
    admin: &Administration,
    authority: &ProvenAuthority,
    decided: Policy,
    said: String,
    beside: Vec<Change>,
) -> Result<Policy, Rejected> {
    let event = admin.event(AuditKind::PolicyChanged, authority, admin.clock().now()).to(AuditTarget::Server);
    let event = event.saying(said);
    let mut changes = vec![Change::PutPolicy(Box::new(decided.clone()))];
    changes.extend(beside);
    changes.push(Change::Audit(event));
    admin.commit(authority, Aggregate::Policy, changes).await?;
    if !authority.tries() {
        // It is committed: where it cannot be read just now, this node learns of it as the others do.
        drop(admin.accounts.policies.read().await);
    }
    Ok(Policy { version: decided.version + 1, ..decided })
}
