//! Passkeys: signing in, and proving an account, by a key that never leaves its authenticator.
//!
//! Owns the ceremonies of Web Authentication Level 3 as its relying party: what a browser is asked, that its answer is checked once, in the browser that was asked and
//! in time, and what a passkey is called. A challenge is kept nowhere until it is used: it travels sealed in the page, and its use is noted in the unit of work
//! that it leads to. Leaves the session that follows to `sessions`, and what an answer is asked for by to the pages. The only home of webauthn-rs.

use std::sync::Arc;

use webauthn_rs_core::WebauthnCore;

use super::accounts::Accounts;
use crate::config::passkeys::PasskeysConfig;
use crate::keys::Sealer;
use crate::protocol::issuer::Issuer;
use crate::store::StoreResult;
use crate::support::Digest;
use crate::support::id::UserId;

mod again;
mod assertion;
mod attestation;
mod authenticators;
mod ceremony;
mod invitation;
mod manage;
mod offer;
mod registration;
mod rejected;
mod relying_party;
mod sign_up;
pub mod untrusted;

pub use attestation::MetadataError;
pub use authenticators::{Family, kind_of};
pub use ceremony::{CHALLENGE, Ceremony};
pub use invitation::NotAccepted;
pub use manage::RemoveRejected;
pub use rejected::PasskeyRejected;
pub use sign_up::NotSignedUp;

use crate::model::passkey::{HardwareKinds, KeyProtection, Passkey};
use attestation::Attestation;
use relying_party::RelyingParty;

/// The passkeys of all accounts.
pub struct Passkeys {
    accounts: Accounts,
    /// `None` where browsers have no passkeys for the issuer.
    party: Option<RelyingParty>,
    attestation: Attestation,
    sealer: Arc<Sealer>,
    related_origins: Vec<String>,
}

/// A browser, and whose account is concerned in it: what a ceremony is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The digest of the browser's secret.
    pub browser: Digest,
    /// The account that a passkey is added to, or that is proved; `None` where whoever has a passkey signs in.
    pub account: Option<UserId>,
}

impl Passkeys {
    /// The passkeys of accounts at this issuer: their RP ID is its host. Refused where a file that is configured cannot be gone by.
    pub fn new(
        accounts: Accounts,
        (issuer, service): (&Issuer, &str),
        config: &PasskeysConfig,
        sealer: Arc<Sealer>,
    ) -> Result<Self, MetadataError> {
        let related_origins = config.related_origins.clone();
        let party = relying_party::of(issuer, service, &related_origins);
        Ok(Self { accounts, party, attestation: Attestation::of(config)?, sealer, related_origins })
    }

    /// Whether browsers have passkeys for the issuer, whatever is decided.
    pub const fn are_possible(&self) -> bool {
        self.party.is_some()
    }

    /// Whether accounts sign in by passkey, and are given any.
    pub async fn are_offered(&self) -> StoreResult<bool> {
        Ok(self.party().await?.is_some())
    }

    /// Whether accounts have passkeys from elsewhere, while browsers have none for the issuer: whoever signed in by nothing else is locked out.
    pub async fn are_stranded(&self) -> StoreResult<bool> {
        Ok(!self.are_possible() && self.accounts.stores.passkeys.any().await?)
    }

    /// The relying party, where there is one and passkeys were not switched off.
    async fn party(&self) -> StoreResult<Option<&WebauthnCore>> {
        let offered = self.accounts.policies.sign_in().await?.passkeys;
        Ok(self.party.as_ref().filter(|_| offered).map(|party| &party.core))
    }

    /// The same for an answer, which is refused without one.
    async fn asking_party(&self) -> Result<&WebauthnCore, PasskeyRejected> {
        let why = if self.are_possible() { PasskeyRejected::SwitchedOff } else { PasskeyRejected::Impossible };
        self.party().await?.ok_or(why)
    }

    /// The kinds of authenticators that prove that they keep keys in hardware.
    pub const fn hardware(&self) -> &HardwareKinds {
        self.attestation.hardware()
    }

    /// What is proved of where the key of a passkey is.
    pub fn protection(&self, passkey: &Passkey) -> KeyProtection {
        self.hardware().protection(passkey)
    }

    /// The RP ID (section 4), which browsers know them by; `None` where they have none for the issuer.
    pub fn rp_id(&self) -> Option<&str> {
        self.party.as_ref().map(|party| party.id.as_str())
    }

    /// The origins besides the issuer's own at which they may be used (Web Authentication Level 3 section 5.11).
    pub fn related_origins(&self) -> &[String] {
        &self.related_origins
    }

    /// The passkeys of an account, the oldest first.
    pub async fn of(&self, account: UserId) -> StoreResult<Vec<Passkey>> {
        self.accounts.stores.passkeys.of_user(account).await
    }
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passkeys").field("possible", &self.are_possible()).finish_non_exhaustive()
    }
}
