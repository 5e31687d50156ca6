//! The second factors of an account, as administrators see and reset them. Their secrets are nobody's to see.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Decision, change, delegated, edit_of, reason, require_of};
use crate::admin::{Administration, Authority, Permission, ProvenAuthority, Rejected, Target, affiliations};
use crate::model::User;
use crate::model::audit_event::AuditKind;
use crate::model::factor::{Factor, Factors};
use crate::model::user_edit::UserEdit;
use crate::store::Change;
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

/// Why something is done to an account that its owner may ask about.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetWanted {
    /// How it is known that it is the account's owner who asks, in a line: the audit log keeps it.
    #[serde(default)]
    pub reason: String,
}

/// What an account has.
pub async fn factors(admin: &Administration, authority: &Authority, user: UserId) -> Result<Factors, Rejected> {
    require_of(admin, (authority, Permission::ReadUsers), user).await?;
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
    authority.require_somewhere(Permission::WriteUsers)?;
    let target = user.into();
    let reason = reason::read(reason)?;
    let all = affiliations::all(admin).await?;
    change(admin, (authority, Permission::WriteUsers), &target, |user, now| {
        delegated::require_to_reset(authority, &all, &user)?;
        let edit = UserEdit { ends_everything: true, ..edit_of(&target, &user, now) };
        let event = admin.event(AuditKind::FactorsReset, authority, now).saying(reason.clone());
        let mut decision = Decision::edited(&user, edit, event);
        decision.changes.extend([Change::DeleteFactors(user.id), Change::OfferFactor(user.id, now)]);
        Ok(Some(decision))
    })
    .await
}
