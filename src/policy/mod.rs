//! What holds for the whole server: what administrators decided, within what the operator configured.
//!
//! Owns when a decision that was read still counts, and [what holds by it](SignInRules). Every node learns of a change within a quarter of a
//! second ([`Policies::poll`]); the node that makes one knows it at once. A node that cannot look for a while stops trusting what it remembers
//! and asks the store each time. Leaves what may be decided to `admin`, and doing as decided to who asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::config::Config;
use crate::model::policy::Policy;
use crate::store::{PolicyStore, StoreResult};
use crate::support::Clock;

mod sign_in;

pub use sign_in::{SignInBounds, SignInRules};

/// How long what was read counts after it was last seen to be so.
const TRUSTED_FOR: Duration = Duration::from_secs(5);

/// Knows the policy.
pub struct Policies {
    store: Arc<dyn PolicyStore>,
    clock: Arc<dyn Clock>,
    bounds: SignInBounds,
    known: ArcSwap<Holding>,
    /// Until when `known` counts without a look at the store, in milliseconds.
    trusted_until: AtomicI64,
}

/// A decision, and what holds by it.
#[derive(Debug)]
pub struct Holding {
    /// What was decided.
    pub policy: Policy,
    /// What holds for signing up and in.
    pub sign_in: SignInRules,
}

impl Holding {
    fn of(policy: Policy, bounds: &SignInBounds) -> Self {
        Self { sign_in: SignInRules::within(bounds, &policy), policy }
    }
}

impl Policies {
    /// Knows only the configuration before it first looks.
    pub fn new(store: Arc<dyn PolicyStore>, config: &Config, clock: Arc<dyn Clock>) -> Self {
        let bounds = SignInBounds::of(config);
        let known = ArcSwap::from_pointee(Holding::of(Policy::default(), &bounds));
        Self { store, clock, bounds, known, trusted_until: AtomicI64::new(i64::MIN) }
    }

    /// Looks whether anything changed. Called four times a second.
    pub async fn poll(&self) -> StoreResult<()> {
        let asked_at = self.clock.now();
        if self.store.version().await? != self.known.load().policy.version {
            self.read().await?;
        }
        self.trusted_until.store(asked_at.plus(TRUSTED_FOR).millis(), Ordering::SeqCst);
        Ok(())
    }

    /// What holds now.
    pub async fn current(&self) -> StoreResult<Arc<Holding>> {
        if self.clock.now().millis() < self.trusted_until.load(Ordering::SeqCst) {
            return Ok(self.known.load_full());
        }
        self.read().await
    }

    /// What holds for signing up and in, now.
    pub async fn sign_in(&self) -> StoreResult<SignInRules> {
        Ok(self.current().await?.sign_in.clone())
    }

    /// What was decided when this node last looked, whenever that was: for how pages look and what the metadata names, and for nothing else.
    pub fn seen_last(&self) -> Arc<Holding> {
        self.known.load_full()
    }

    /// Asks the store, whatever is remembered: by the node that changed it, and by one whose work was refused as it knew an older one.
    pub async fn read(&self) -> StoreResult<Arc<Holding>> {
        let holding = Arc::new(Holding::of(self.store.policy().await?, &self.bounds));
        // Of two that read at once the later version stays.
        self.known.rcu(|known| {
            if known.policy.version > holding.policy.version { Arc::clone(known) } else { Arc::clone(&holding) }
        });
        Ok(holding)
    }

    /// What the configuration allows to decide.
    pub const fn bounds(&self) -> &SignInBounds {
        &self.bounds
    }
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policies").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
