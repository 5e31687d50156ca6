//! A question to a browser: what its script is given, and the ticket that comes back with the answer.
//!
//! The ticket is the state of the ceremony, sealed to what it is for, to the browser that was asked and to the account. So a page that shows a passkey button costs
//! no record, however often it is opened. That a challenge is answered once (section 13.4.3) is a change of the unit of work that the answer leads to.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Asked, PasskeyRejected, Passkeys};
use crate::store::Change;
use crate::support::{Digest, Timestamp};

/// How long a page with a passkey button may stand open.
const LIFETIME: Duration = Duration::from_mins(30);
/// The longest answer of a browser: what attestation statements with a chain of certificates take.
const MAX_ANSWER_BYTES: usize = 32 * 1024;

/// What a ceremony is for: a ticket of one is none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To sign in whoever has a passkey, or to prove an account by one.
    Use,
    /// To add a passkey to an account.
    Register,
    /// To make an account by one.
    SignUp,
    /// To accept an invitation by one.
    Invitation,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Register => "register",
            Self::SignUp => "sign up",
            Self::Invitation => "invitation",
        }
    }
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

#[derive(Serialize, Deserialize)]
struct Sealed<S> {
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
    pub(super) fn seal<S: Serialize>(&self, purpose: Purpose, asked: Asked, state: S) -> Option<String> {
        let expires_at = self.accounts.clock.now().plus(LIFETIME);
        let plain = serde_json::to_vec(&Sealed { expires_at, state }).ok()?;
        let sealed = self.sealer.seal(self.accounts.random.as_ref(), &binding(purpose, asked), &plain);
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    pub(super) fn open<S: DeserializeOwned>(
        &self,
        purpose: Purpose,
        asked: Asked,
        ticket: &str,
    ) -> Result<Opened<S>, PasskeyRejected> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).map_err(|_| PasskeyRejected::Ticket)?;
        let plain = self.sealer.unseal(&binding(purpose, asked), &sealed).ok_or(PasskeyRejected::Ticket)?;
        let opened: Sealed<S> = serde_json::from_slice(&plain).map_err(|_| PasskeyRejected::Ticket)?;
        if opened.expires_at <= self.accounts.clock.now() {
            return Err(PasskeyRejected::TooLate);
        }
        let value = Digest::of("passkey ceremony", &sealed);
        Ok(Opened { state: opened.state, value, expires_at: opened.expires_at })
    }
}

/// What a ticket is sealed to.
fn binding(purpose: Purpose, Asked { browser, account }: Asked) -> Vec<u8> {
    let account = account.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    [purpose.as_str().as_bytes(), &[0], browser.as_bytes().as_slice(), &account].concat()
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
