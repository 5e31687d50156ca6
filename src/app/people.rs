//! Accounts, and what people prove them with.

use std::sync::Arc;

use super::StartError;
use crate::affiliations::Affiliations;
use crate::config::Config;
use crate::counts::Counts;
use crate::identity::passkeys::MetadataError;
use crate::identity::password::Breached;
use crate::identity::{Accounts, Passkeys, PasswordHasher, Throttle, accounts, throttling};
use crate::keys::{KeyEncryptionKey, MacKey, Sealer};
use crate::mail::Mailer;
use crate::outgoing::Outgoing;
use crate::policy::Policies;
use crate::protocol::issuer::Issuer;
use crate::store::Stores;
use crate::support::{Clock, Random};

/// The accounts, with what slows guessing down and what hashes their passwords.
pub(super) fn accounts(
    (config, outgoing): (&Config, &Arc<Outgoing>),
    stores: &Stores,
    (counts, policies, kek, mailer): (&Arc<Counts>, &Arc<Policies>, &KeyEncryptionKey, &Arc<Mailer>),
    (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
) -> Result<Accounts, StartError> {
    let throttled = throttling::Parts {
        store: stores.throttles.clone(),
        counts: counts.clone(),
        key: MacKey::new(kek, "work"),
        clock: clock.clone(),
        random: random.clone(),
    };
    let throttle = Arc::new(Throttle::new(throttled, config.throttling.clone()));
    let hasher = PasswordHasher::start(&config.accounts, random.clone()).map_err(StartError::Hasher)?;
    let parts = accounts::Parts {
        stores: stores.clone(),
        hasher,
        breached: Breached::open(&config.passwords, outgoing)?,
        throttle,
        counts: counts.clone(),
        policies: policies.clone(),
        affiliations: Arc::new(Affiliations::new(stores)),
        mailer: mailer.clone(),
        sealer: Arc::new(Sealer::new(kek, "factors")),
        clock: clock.clone(),
        random: random.clone(),
    };
    Ok(Accounts::new(parts, config))
}

/// The passkeys of accounts.
pub(super) fn passkeys(
    accounts: &Accounts,
    (config, issuer): (&Config, &Issuer),
    kek: &KeyEncryptionKey,
) -> Result<Passkeys, MetadataError> {
    let sealer = Arc::new(Sealer::new(kek, "passkeys"));
    Passkeys::new(accounts.clone(), (issuer, &config.pages.service_name), &config.passkeys, sealer)
}
