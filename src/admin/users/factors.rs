//! The second factors of an account, as administrators see and reset them. Their secrets are nobody's to see.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Decision, change, edit_of, hash, load, reason};
use crate::admin::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target};
use crate::identity::second_factor::{RecoveryCode, draw_recovery_codes};
use crate::model::User;
use crate::model::audit_event::AuditKind;
use crate::model::factor::{Factor, Factors};
use crate::model::user::{PasswordCredential, UserStatus};
use crate::model::user_edit::UserEdit;
use crate::store::Change;
use crate::support::Secret;
use crate::support::id::{FactorId, UserId};

/// A second factor as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactorView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: FactorId,
    /// What it is: `totp`.
    pub kind: String,
    /// What its end-user calls it.
    pub name: String,
    /// When it was added.
    pub created_at: String,
    /// When it was used last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
}

impl From<&Factor> for FactorView {
    fn from(factor: &Factor) -> Self {
        Self {
            id: factor.id,
            kind: factor.kind.as_str().to_owned(),
            name: factor.name.clone(),
            created_at: factor.created_at.to_string(),
            last_used_at: factor.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// Why the second factors of an account are reset.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetWanted {
    /// How it is known that it is the account's owner who asks, in a line: the audit log keeps it.
    #[serde(default)]
    pub reason: String,
}

/// What an account has.
pub async fn factors(admin: &Administration, authority: &Authority, user: UserId) -> Result<Factors, Rejected> {
    authority.require(Permission::ReadUsers)?;
    Ok(admin.stores().factors.of_user(user).await?)
}

/// Takes every second factor and every recovery code from an account, for a reason that the audit log keeps, and ends all that was signed in by them. Where
/// the account must have one, it adds another the next time that it signs in.
pub async fn reset_factors(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    reason: &str,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    let target = user.into();
    let reason = reason::read(reason)?;
    change(admin, authority, &target, |user, now| {
        let edit = UserEdit { ends_everything: true, ..edit_of(&target, &user, now) };
        let event = admin.event(AuditKind::FactorsReset, authority, now).saying(reason.clone());
        let mut decision = Decision::edited(&user, edit, event);
        decision.changes.extend([Change::DeleteFactors(user.id), Change::OfferFactor(user.id, now)]);
        Ok(Some(decision))
    })
    .await
}

/// Lets an administrator back in who lost every way: a new password, which is shown this once, no second factor, and the account switched on. For who has
/// the server itself in hand. `None` where passwords do not count: nothing was done.
pub async fn recover(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: UserId,
) -> Result<Option<Secret<String>>, Rejected> {
    authority.require(Permission::AppointOwners)?;
    let rules = admin.accounts.rules().await?.sign_in;
    if !rules.passwords {
        return Ok(None);
    }
    let target = Target::from(user);
    let found = load(admin, authority, &target).await?;
    if !found.has_roles() {
        return Err(Rejected::NotFound(Aggregate::User));
    }
    let password = drawn(admin, rules.password_min_chars);
    let phc = hash(admin, &password, found.email.as_str(), found.name()).await?;
    change(admin, authority, &target, |user, now| {
        let edit = UserEdit { ends_everything: true, status: Some(UserStatus::Active), ..edit_of(&target, &user, now) };
        let event = admin.event(AuditKind::AccountRecovered, authority, now);
        let mut decision = Decision::edited(&user, edit, event);
        let credential = PasswordCredential { user: user.id, phc: phc.clone(), changed_at: now };
        decision.changes.extend([
            Change::DeleteFactors(user.id),
            Change::OfferFactor(user.id, now),
            Change::PutPassword(credential),
        ]);
        Ok(Some(decision))
    })
    .await?;
    Ok(Some(password))
}

/// A password that nobody guesses, as long as one must be.
fn drawn(admin: &Administration, min_chars: usize) -> Secret<String> {
    let codes: Vec<String> = draw_recovery_codes(admin.random()).iter().map(RecoveryCode::shown).collect();
    let enough = (1..codes.len()).find(|n| codes[..*n].join("-").len() >= min_chars).unwrap_or(codes.len());
    Secret::from(codes[..enough].join("-").to_lowercase())
}
