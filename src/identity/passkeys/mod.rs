//! Passkeys: signing in, and proving an account, by a key that never leaves its authenticator.
//!
//! Owns the ceremonies of Web Authentication Level 3 as its relying party: what a browser is asked, that its answer is checked once, in the browser that was asked and
//! in time, and what a passkey is called. A challenge is kept nowhere until it is used: it travels sealed in the page, and its use is noted in the unit of work
//! that it leads to. Leaves the session that follows to `sessions`, and what an answer is asked for by to the pages. The only home of webauthn-rs.

use std::sync::Arc;

use super::accounts::Accounts;
use crate::keys::Sealer;
use crate::protocol::issuer::Issuer;
use crate::store::StoreResult;
use crate::support::Digest;
use crate::support::id::UserId;

mod assertion;
mod authenticators;
mod ceremony;
mod manage;
mod registration;
mod rejected;
mod relying_party;

pub use authenticators::kind_of;
pub use ceremony::Ceremony;
pub use manage::RemoveRejected;
pub use rejected::PasskeyRejected;

use crate::model::passkey::Passkey;
use relying_party::RelyingParty;

/// The passkeys of all accounts.
pub struct Passkeys {
    accounts: Accounts,
    /// `None` where browsers have no passkeys for the issuer.
    party: Option<RelyingParty>,
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
    /// The passkeys of accounts at this issuer: their RP ID is its host. They may be used at these other origins as well.
    pub fn new(
        accounts: Accounts,
        (issuer, service, related_origins): (&Issuer, &str, &[String]),
        sealer: Arc<Sealer>,
    ) -> Self {
        let party = relying_party::of(issuer, service, related_origins);
        Self { accounts, party, sealer, related_origins: related_origins.to_vec() }
    }

    /// Whether browsers have passkeys for the issuer: Web Authentication Level 3 section 5.1.3 asks for a secure context, and for a domain.
    pub const fn are_possible(&self) -> bool {
        self.party.is_some()
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
