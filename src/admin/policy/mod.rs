//! What administrators decide for the whole server: one aggregate, section by section.
//!
//! Owns what may be decided: nothing that is laxer than what the operator configured, and nothing that shuts out who administers the server,
//! which the store asks with each commit. Leaves what holds by a decision to [`policy`](crate::policy).

use serde::Serialize;

use super::document::{differing, members};
use super::{Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected, Target};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::policy::Policy;
use crate::store::Change;

mod branding;
mod sign_in;

pub use branding::BrandingResource;
pub use sign_in::SignInResource;

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
    let sign_in = document.apply(&was.sign_in, admin.accounts.policies.bounds(), &mut found);
    if was.sign_in.passkeys && !sign_in.passkeys && document.passkey_only_confirmed != Some(true) {
        let stranded = admin.stores().passkeys.count_only(sign_in.passwords).await?;
        found.extend((stranded > 0).then(|| FieldError::OnlyPasskeys(stranded).of("passkey_sign_in")));
    }
    Rejected::unless_valid(found)?;
    save(admin, authority, "sign_in", (&was, Policy { sign_in, ..was.clone() }), SignInResource::of).await
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
    let branding = document.apply(&was.branding, &mut found);
    Rejected::unless_valid(found)?;
    save(admin, authority, "branding", (&was, Policy { branding, ..was.clone() }), BrandingResource::of).await
}

/// The policy that is to be changed, in the version that the caller saw.
async fn load(admin: &Administration, target: &Target<()>, said: Option<i64>) -> Result<Policy, Rejected> {
    let was = admin.stores().policy.policy().await?;
    target.check(was.version, Aggregate::Policy)?;
    super::target::check_version(said, was.version, Aggregate::Policy)?;
    Ok(was)
}

/// Commits what was decided, with the names of what became another. Where nothing did, nothing is written.
async fn save<D: Serialize>(
    admin: &Administration,
    authority: &ProvenAuthority,
    section: &str,
    (was, decided): (&Policy, Policy),
    shown: impl Fn(&Policy) -> D,
) -> Result<Policy, Rejected> {
    let what = differing(&members(&shown(was)), &members(&shown(&decided)));
    if what.is_empty() {
        return Ok(decided);
    }
    let event = admin.event(AuditKind::PolicyChanged, authority, admin.clock().now()).to(AuditTarget::Server);
    let event = event.saying(format!("{section}: {}", what.join(", ")));
    let changes = vec![Change::PutPolicy(Box::new(decided.clone())), Change::Audit(event)];
    admin.commit(authority, Aggregate::Policy, changes).await?;
    if !authority.tries() {
        // It is committed: where it cannot be read just now, this node learns of it as the others do.
        drop(admin.accounts.policies.read().await);
    }
    Ok(Policy { version: was.version + 1, ..decided })
}
