//! A question to a browser: what its script is given, and the ticket that comes back with the answer.
//!
//! The ticket is the state of the ceremony with what it is for and the account, sealed to the browser that was asked. So a page that shows a passkey button costs
//! no record, however often it is opened. That a challenge is answered once (section 13.4.3) is a change of the unit of work that the answer leads to.
//!
//! A challenge counts for minutes, and a page stands open for longer: for its ticket the browser is given another question of the same kind.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use webauthn_rs_core::error::WebauthnError;

use super::{Asked, PasskeyRejected, Passkeys};
use crate::model::User;
use crate::model::epoch::AccountEpochs;
use crate::model::passkey::KeyProtection;
use crate::store::Change;
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

/// How long a challenge counts. Web Authentication Level 3 section 15.1: 300 000 ms is the recommended default of how long a browser waits for its user.
pub const CHALLENGE: Duration = Duration::from_mins(5);
/// How long a page with a passkey button may stand open, and be given other questions.
const OPEN_FOR: Duration = Duration::from_hours(12);
/// The longest answer of a browser: what attestation statements with a chain of certificates take.
const MAX_ANSWER_BYTES: usize = 32 * 1024;

/// What a ceremony is for: a ticket of one is none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    /// To sign in whoever has a passkey, or to prove an account by one.
    Use,
    /// To add a passkey to an account.
    Register,
    /// To make an account by one.
    SignUp,
    /// To accept an invitation by one.
    Invitation,
    /// To get back into an account by one, in the place of those that it has.
    Recovery,
}

/// A question to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceremony {
    /// The options of `navigator.credentials.create()` or `get()` as JSON: `PublicKeyCredentialCreationOptionsJSON` or
    /// `PublicKeyCredentialRequestOptionsJSON` (Web Authentication Level 3 section 5.1).
    pub options: String,
    /// What has to come back with the answer.
    pub ticket: String,
}

/// The page that a question stands on: it may be asked again there for a while, and as long as nothing of its account has ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Page {
    /// Since when it is open.
    since: Timestamp,
    /// The account, and the epochs that it was in.
    account: Option<(UserId, AccountEpochs)>,
    /// Of which of its passkeys one is asked for.
    #[serde(default)]
    protection: KeyProtection,
}

impl Page {
    /// One that is opened now.
    pub(super) fn opened(now: Timestamp, user: Option<&User>) -> Self {
        Self { since: now, account: user.map(|user| (user.id, user.epochs())), protection: KeyProtection::default() }
    }

    /// The same, where a passkey is asked for whose key is there.
    pub(super) const fn asking_for(self, protection: KeyProtection) -> Self {
        Self { protection, ..self }
    }

    /// Whether it asks for a passkey whose key is proved to be in hardware, and for no other.
    pub(super) const fn asks_for_hardware(&self) -> bool {
        self.protection.is_hardware()
    }

    /// Whose account it is about.
    pub(super) fn account(&self) -> Option<UserId> {
        self.account.map(|(id, _)| id)
    }

    /// Whether it may ask again, about this account as it is now.
    pub(super) fn may_ask(&self, user: Option<&User>, now: Timestamp) -> bool {
        let stands = |user: &User| user.is_active() && self.account == Some((user.id, user.epochs()));
        now.since(self.since) < OPEN_FOR && user.map_or(self.account.is_none(), stands)
    }
}

#[derive(Serialize, Deserialize)]
struct Sealed<S> {
    purpose: Purpose,
    page: Page,
    expires_at: Timestamp,
    state: S,
}

/// A ticket that came back in time, in the browser that it was for.
pub(super) struct Opened<S> {
    pub(super) state: S,
    value: Digest,
    expires_at: Timestamp,
}

impl<S> Opened<S> {
    /// The use of the ticket: there is one.
    pub(super) const fn used(&self, now: Timestamp) -> Change {
        Change::UseOnce { value: self.value, until: self.expires_at, now }
    }
}

impl Passkeys {
    /// What this ticket of a browser was for, and the page that it stands on.
    pub(super) fn asked_by(&self, browser: Digest, ticket: &str) -> Result<(Purpose, Page), PasskeyRejected> {
        let (label, _) = self.unseal::<IgnoredAny>(browser, ticket)?;
        Ok((label.purpose, label.page))
    }

    pub(super) fn seal<S: Serialize>(
        &self,
        purpose: Purpose,
        (browser, page): (Digest, Page),
        state: S,
    ) -> Option<String> {
        let expires_at = self.accounts.clock.now().plus(CHALLENGE);
        let plain = serde_json::to_vec(&Sealed { purpose, page, expires_at, state }).ok()?;
        let sealed = self.sealer.seal(self.accounts.random.as_ref(), &binding(browser), &plain);
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    pub(super) fn open<S: DeserializeOwned>(
        &self,
        purpose: Purpose,
        asked: Asked,
        ticket: &str,
    ) -> Result<Opened<S>, PasskeyRejected> {
        let Asked { browser, account } = asked;
        // What a ticket of another purpose holds may not even be readable as what this one does.
        let (label, value) = self.unseal::<IgnoredAny>(browser, ticket)?;
        if (label.purpose, label.page.account()) != (purpose, account) {
            return Err(PasskeyRejected::Ticket);
        }
        if label.expires_at <= self.accounts.clock.now() {
            return Err(PasskeyRejected::TooLate);
        }
        let (Sealed { state, expires_at, .. }, _) = self.unseal(browser, ticket)?;
        Ok(Opened { state, value, expires_at })
    }

    /// What a ticket of this browser holds, and what its use is noted as.
    fn unseal<S: DeserializeOwned>(
        &self,
        browser: Digest,
        ticket: &str,
    ) -> Result<(Sealed<S>, Digest), PasskeyRejected> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).map_err(|_| PasskeyRejected::Ticket)?;
        let plain = self.sealer.unseal(&binding(browser), &sealed).ok_or(PasskeyRejected::Ticket)?;
        let opened = serde_json::from_slice(&plain).map_err(|_| PasskeyRejected::Ticket)?;
        Ok((opened, Digest::of("passkey ceremony", &sealed)))
    }
}

/// What a ticket is sealed to.
fn binding(browser: Digest) -> Vec<u8> {
    [b"passkey ceremony\0".as_slice(), browser.as_bytes().as_slice()].concat()
}

/// Reads an answer: the JSON that `PublicKeyCredential.toJSON()` makes (section 5.1).
pub(super) fn read_answer<A: DeserializeOwned>(answer: &str) -> Result<A, PasskeyRejected> {
    if answer.len() > MAX_ANSWER_BYTES {
        return Err(PasskeyRejected::Malformed);
    }
    let mut value: serde_json::Value = serde_json::from_str(answer).map_err(|_| PasskeyRejected::Malformed)?;
    if value.get("type").and_then(serde_json::Value::as_str) != Some("public-key") {
        return Err(PasskeyRejected::Malformed);
    }
    // Hints, of which browsers make up new ones: section 5.8.4 says to ignore those that are not known.
    if let Some(response) = value.get_mut("response").and_then(serde_json::Value::as_object_mut) {
        response.remove("transports");
    }
    serde_json::from_value(value).map_err(|_| PasskeyRejected::Malformed)
}

/// What is read of the client data (section 5.8.1) besides what the library looks at.
#[derive(Deserialize)]
struct ClientData {
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
    #[serde(default, rename = "topOrigin")]
    top_origin: Option<IgnoredAny>,
}

/// Sections 7.1 and 7.2: `crossOrigin` is true, and there is a `topOrigin`, where the page was framed by one of another origin, which none of ours
/// ever is. webauthn-rs looks at the first where a passkey is registered only, and never at the second.
pub(super) fn is_from_our_own_page(client_data: &[u8]) -> Result<(), PasskeyRejected> {
    let data: ClientData = serde_json::from_slice(client_data).map_err(|_| PasskeyRejected::Malformed)?;
    if data.cross_origin || data.top_origin.is_some() {
        return Err(PasskeyRejected::Wrong(WebauthnError::CredentialCrossOrigin));
    }
    Ok(())
}
