//! Browsers that an account trusts to go without its second factor, for a while.
//!
//! The trust is a sealed record that is found by the browser's secret together with the account: it is worth nothing in another browser, for another
//! account, by another program, once everything of the account was ended, or a second factor is gone that the account had then: it may be the one that was
//! proved.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Sessions, Visitor};
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::epoch::AccountEpochs;
use crate::model::factor::Factor;
use crate::model::session::network_of;
use crate::model::user::User;
use crate::sealed::RecordLabel;
use crate::store::{Change, RecordKind, StoreResult};
use crate::support::id::{FactorId, UserId};
use crate::support::{Digest, Timestamp};

/// A browser that an account trusts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedBrowser {
    /// What finds the record, and names it in a list.
    pub key: Digest,
    /// The program, in a few words.
    pub browser: String,
    /// The network that it was trusted from.
    pub network: String,
    /// Since when.
    pub since: Timestamp,
    user: UserId,
    epochs: AccountEpochs,
    /// The second factors that the account had; none in a record of a release that did not note them, which counts no more.
    #[serde(default)]
    factors: Vec<FactorId>,
}

impl TrustedBrowser {
    /// Whether it still counts for the account, which may trust a browser for so long.
    fn holds(&self, user: &User, longest: Duration, now: Timestamp) -> bool {
        self.user == user.id && self.epochs == user.epochs() && now.since(self.since) < longest && !longest.is_zero()
    }

    /// Whether the account, which has these second factors, has all that it had then.
    pub fn rests_on(&self, has: &[Factor]) -> bool {
        !self.factors.is_empty() && self.factors.iter().all(|id| has.iter().any(|factor| factor.id == *id))
    }
}

impl Sessions {
    /// Lets an account go without its second factor in this browser, as long as it has all that it has now.
    pub async fn trust(&self, visitor: &Visitor, user: &User, has: &[Factor]) -> StoreResult<()> {
        let now = self.clock.now();
        let trusted = TrustedBrowser {
            key: key(visitor, user.id),
            browser: visitor.agent.clone(),
            network: network_of(visitor.address),
            since: now,
            user: user.id,
            epochs: user.epochs(),
            factors: has.iter().map(|factor| factor.id).collect(),
        };
        let label = RecordLabel {
            kind: RecordKind::TrustedBrowser,
            key: trusted.key,
            owners: vec![user.id],
            expires_at: now.plus(self.policies.sign_in().await?.trust_browser),
        };
        self.records.put(label, &trusted, now).await?;
        self.work.commit(vec![Change::Audit(self.of_trust(AuditKind::BrowserTrusted, user.id))]).await
    }

    /// The trust of an account in this browser, if there is any: it counts where the account has [all that it rests on](TrustedBrowser::rests_on).
    pub async fn trust_in(&self, visitor: &Visitor, user: &User) -> StoreResult<Option<TrustedBrowser>> {
        let now = self.clock.now();
        let longest = self.policies.sign_in().await?.trust_browser;
        let found: Option<TrustedBrowser> =
            self.records.get(RecordKind::TrustedBrowser, key(visitor, user.id), now).await?;
        Ok(found.filter(|found| found.browser == visitor.agent && found.holds(user, longest, now)))
    }

    /// The browsers that an account, which has these second factors, trusts, the newest first.
    pub async fn trusted_by(&self, user: &User, has: &[Factor]) -> StoreResult<Vec<TrustedBrowser>> {
        let now = self.clock.now();
        let longest = self.policies.sign_in().await?.trust_browser;
        let mut found: Vec<TrustedBrowser> = self.records.of_owner(RecordKind::TrustedBrowser, user.id, now).await?;
        found.retain(|found| found.holds(user, longest, now) && found.rests_on(has));
        found.sort_by_key(|found| std::cmp::Reverse(found.since));
        Ok(found)
    }

    /// Trusts one browser of an account no more, or none of them.
    pub async fn distrust(&self, user: &User, one: Option<&str>) -> StoreResult<()> {
        let all: Vec<TrustedBrowser> =
            self.records.of_owner(RecordKind::TrustedBrowser, user.id, self.clock.now()).await?;
        for found in all.iter().filter(|found| one.is_none_or(|one| found.key.hex() == one)) {
            self.records.delete(RecordKind::TrustedBrowser, found.key).await?;
            self.work.commit(vec![Change::Audit(self.of_trust(AuditKind::BrowserForgotten, user.id))]).await?;
        }
        Ok(())
    }

    fn of_trust(&self, kind: AuditKind, user: UserId) -> AuditEvent {
        AuditEvent::new(kind, Actor::User(user), self.clock.now(), self.random.as_ref()).to_user(user)
    }
}

fn key(visitor: &Visitor, user: UserId) -> Digest {
    Digest::of("trusted browser", &[visitor.browser.digest().as_bytes().as_slice(), user.as_bytes()].concat())
}
