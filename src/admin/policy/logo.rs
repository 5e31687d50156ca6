//! The logo of the server: the picture that its pages show beside its name.
//!
//! Files that manage how pages present the service need not declare it, so they keep nobody from changing it: where they do declare it, the next plan says that it differs.

use super::{commit, load};
use crate::admin::{Administration, Permission, ProvenAuthority, Rejected, Target, logo};
use crate::model::branding::Branding;
use crate::model::logo::Logo;
use crate::model::policy::{Policy, PolicySection};
use crate::store::{Change, LogoOwner};

/// Gives the server the logo that this picture is.
pub async fn set_logo(
    admin: &Administration,
    authority: &ProvenAuthority,
    policy: impl Into<Target<()>>,
    picture: &[u8],
) -> Result<Policy, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let was = load(admin, &policy.into(), None).await?;
    let logo = logo::read(picture).await?;
    change(admin, authority, was, Some(logo)).await
}

/// Takes the logo of the server away, where it has one.
pub async fn remove_logo(
    admin: &Administration,
    authority: &ProvenAuthority,
    policy: impl Into<Target<()>>,
) -> Result<Policy, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let was = load(admin, &policy.into(), None).await?;
    change(admin, authority, was, None).await
}

async fn change(
    admin: &Administration,
    authority: &ProvenAuthority,
    was: Policy,
    logo: Option<Logo>,
) -> Result<Policy, Rejected> {
    let id = logo.as_ref().map(Logo::id);
    if was.branding.logo == id {
        return Ok(was);
    }
    let picture = match logo {
        Some(logo) => Change::PutLogo(LogoOwner::Server, Box::new(logo)),
        None => Change::DeleteLogo(LogoOwner::Server),
    };
    let decided = Policy { branding: Branding { logo: id, ..was.branding }, ..was };
    let said = format!("{}: logo_uri", PolicySection::Branding.as_str());
    commit(admin, authority, decided, said, vec![picture]).await
}

/// What is taken away with a decision for no logo.
pub(super) fn left_behind(was: &Policy, decided: &Policy) -> Vec<Change> {
    let gone = was.branding.logo.is_some() && decided.branding.logo.is_none();
    gone.then_some(Change::DeleteLogo(LogoOwner::Server)).into_iter().collect()
}
