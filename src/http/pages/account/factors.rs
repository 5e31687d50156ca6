//! What sections show of two-step verification: the apps of an account, its recovery codes, and the browsers that it trusts to go without.

use super::super::context::Context;
use super::super::moments::{day, minute};
use super::AccountOwner;
use crate::http::error::PageError;
use crate::i18n::{Texts, keys};
use crate::model::factor::{FEW_RECOVERY_CODES, Factor, Factors, MAX_FACTORS};
use crate::model::policy::FactorPolicy;
use crate::sessions::TrustedBrowser;

/// Where its forms post to.
pub(super) const PATH: &str = "/account/two-step";

/// What the section shows of it.
pub(super) struct TwoStep {
    pub(super) rows: Vec<Row>,
    /// Whether an app can be added.
    pub(super) may_add: bool,
    /// How many recovery codes are left.
    pub(super) left: String,
    pub(super) few: bool,
    pub(super) csrf: String,
}

/// An app.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) facts: String,
}

impl TwoStep {
    /// That of an account; `None` where there is nothing to show, and nothing to add.
    pub(super) async fn of(context: &Context, owner: &AccountOwner, t: &Texts) -> Result<Option<Self>, PageError> {
        let factors = context.app.accounts.factors(owner.user.id).await?;
        let policy = context.app.accounts.factor_policy(&owner.user).await?;
        if policy == FactorPolicy::Off && !factors.any() {
            return Ok(None);
        }
        let Factors { all, recovery_codes, .. } = factors;
        Ok(Some(Self {
            may_add: policy != FactorPolicy::Off && all.len() < MAX_FACTORS as usize,
            rows: all.iter().map(|factor| Row::of(factor, t)).collect(),
            left: t.with(keys::second_step::LEFT, "n", &recovery_codes.to_string()),
            few: recovery_codes <= FEW_RECOVERY_CODES,
            csrf: context.csrf_of(&owner.sign_in, PATH),
        }))
    }
}

impl Row {
    fn of(factor: &Factor, t: &Texts) -> Self {
        let since = t.with(keys::two_step::ADDED, "when", &day(factor.created_at));
        let used = factor.last_used_at.map(|at| t.with(keys::account::LINK_USED, "when", &minute(at)));
        let facts: Vec<String> = std::iter::once(since).chain(used).collect();
        Self { id: factor.id.to_string(), name: factor.name.clone(), facts: facts.join(" · ") }
    }
}

/// A browser that is trusted, in the list of sessions.
pub(super) struct Trusted {
    pub(super) key: String,
    pub(super) browser: String,
    pub(super) facts: String,
}

impl Trusted {
    pub(super) fn of(trusted: &TrustedBrowser, device: String, t: &Texts) -> Self {
        let since = t.with(keys::account::SESSION_SINCE, "when", &day(trusted.since));
        let from = t.with(keys::account::SESSION_FROM, "network", &trusted.network);
        Self { key: trusted.key.hex(), browser: device, facts: format!("{since} · {from}") }
    }
}
