//! What is declared of the policy: its sections, each as a whole document.

use super::difference::change;
use super::{DeclaredKind, Step, StepRejected};
use crate::admin::policy::{self, BrandingResource, SignInResource, SigningResource};
use crate::admin::{Administration, Authority, ProvenAuthority, Rejected};
use crate::model::policy::PolicySection;

/// The name of the section about signing up and in.
pub(super) const SIGN_IN: &str = PolicySection::SignIn.as_str();
/// The name of the one about how pages present the service.
pub(super) const BRANDING: &str = PolicySection::Branding.as_str();
/// The name of the one about the algorithms of tokens.
pub(super) const SIGNING: &str = PolicySection::Signing.as_str();

/// What is decided about signing up and in, without what only the server sets.
pub(super) async fn export_sign_in(admin: &Administration, authority: &Authority) -> Result<SignInResource, Rejected> {
    let decided = SignInResource::of(&policy::find(admin, authority).await?);
    Ok(SignInResource { managed_by: None, version: None, ..decided })
}

/// Decides what is declared; what is not said stays.
pub(super) async fn apply_sign_in(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &SignInResource,
) -> Result<Step, StepRejected> {
    let rejected = |why| StepRejected::new(DeclaredKind::Policy, SIGN_IN.to_owned(), why);
    let was = policy::find(admin, authority).await.map_err(rejected)?;
    let said = SignInResource { version: None, ..declared.clone() };
    let is = policy::set_sign_in(admin, authority, (), &said).await.map_err(rejected)?;
    let action = change(&SignInResource::of(&was), &SignInResource::of(&is));
    Ok(Step::of(DeclaredKind::Policy, SIGN_IN.to_owned(), action))
}

/// What is decided about how pages present the service, without what only the server sets.
pub(super) async fn export_branding(
    admin: &Administration,
    authority: &Authority,
) -> Result<BrandingResource, Rejected> {
    // A logo is a file of its own.
    let decided = BrandingResource::of(&policy::find(admin, authority).await?);
    Ok(BrandingResource { logo_uri: None, managed_by: None, version: None, ..decided })
}

/// Decides what is declared; what is not said stays.
pub(super) async fn apply_branding(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &BrandingResource,
) -> Result<Step, StepRejected> {
    let rejected = |why| StepRejected::new(DeclaredKind::Policy, BRANDING.to_owned(), why);
    let was = policy::find(admin, authority).await.map_err(rejected)?;
    let said = BrandingResource { version: None, ..declared.clone() };
    let is = policy::set_branding(admin, authority, (), &said).await.map_err(rejected)?;
    let action = change(&BrandingResource::of(&was), &BrandingResource::of(&is));
    Ok(Step::of(DeclaredKind::Policy, BRANDING.to_owned(), action))
}

/// What is decided about the algorithms of tokens, without what only the server sets.
pub(super) async fn export_signing(admin: &Administration, authority: &Authority) -> Result<SigningResource, Rejected> {
    let decided = SigningResource::of(&policy::find(admin, authority).await?);
    Ok(SigningResource { managed_by: None, version: None, ..decided })
}

/// Decides what is declared; what is not said stays.
pub(super) async fn apply_signing(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &SigningResource,
) -> Result<Step, StepRejected> {
    let rejected = |why| StepRejected::new(DeclaredKind::Policy, SIGNING.to_owned(), why);
    let was = policy::find(admin, authority).await.map_err(rejected)?;
    let said = SigningResource { version: None, ..declared.clone() };
    let is = policy::set_signing(admin, authority, (), &said).await.map_err(rejected)?;
    let action = change(&SigningResource::of(&was), &SigningResource::of(&is));
    Ok(Step::of(DeclaredKind::Policy, SIGNING.to_owned(), action))
}
