//! Passkeys: the public-key credentials of Web Authentication Level 3 that sign in to an account.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::support::Timestamp;
use crate::support::id::{PasskeyId, UserId};

/// The most passkeys of one account.
pub const MAX_PASSKEYS: u32 = 20;
/// The longest name of a passkey, in characters.
pub const MAX_PASSKEY_NAME_CHARS: usize = 60;
/// The longest credential id, in bytes: Web Authentication Level 3 section 4, "a probabilistically-unique byte sequence [...] at most 1023 bytes long".
const MAX_CREDENTIAL_ID_BYTES: usize = 1023;

/// How an authenticator names a credential: no two that sign in here have one id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CredentialId(Vec<u8>);

/// Bytes that are no credential id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a credential id is 1 to 1023 bytes")]
pub struct NotACredentialId;

impl CredentialId {
    /// Takes the bytes that an authenticator sent.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotACredentialId> {
        let legal = (1..=MAX_CREDENTIAL_ID_BYTES).contains(&bytes.len());
        if legal { Ok(Self(bytes.to_vec())) } else { Err(NotACredentialId) }
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A public key with what was said of it when it was registered, as `identity` wrote it: nobody else reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredCredential(pub String);

/// Whether a passkey is copied to other devices: the BE and BS flags of Web Authentication Level 3 section 6.1.3. One that may not be copied and is,
/// is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    /// It lives in one device, and never leaves it.
    DeviceBound,
    /// It may be copied, and is not, as far as is known.
    Eligible,
    /// It is copied: whoever loses the device still has it.
    BackedUp,
}

impl Backup {
    /// Of the two flags; `None` where they contradict each other ("BE 0, BS 1: This combination is not allowed").
    pub const fn of(eligible: bool, backed_up: bool) -> Option<Self> {
        match (eligible, backed_up) {
            (false, false) => Some(Self::DeviceBound),
            (true, false) => Some(Self::Eligible),
            (true, true) => Some(Self::BackedUp),
            (false, true) => None,
        }
    }

    /// BE: it may be copied.
    pub const fn is_eligible(self) -> bool {
        !matches!(self, Self::DeviceBound)
    }

    /// BS: it is.
    pub const fn is_backed_up(self) -> bool {
        matches!(self, Self::BackedUp)
    }
}

/// A passkey of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// What it is called by here.
    pub id: PasskeyId,
    /// The account that it signs in to.
    pub user: UserId,
    /// What its authenticator calls it by.
    pub credential_id: CredentialId,
    /// What its signatures are checked by.
    pub credential: StoredCredential,
    /// What its owner calls it.
    pub name: String,
    /// The kind of authenticator, as it says itself: nothing proves it. All zeros where it does not say.
    pub aaguid: Uuid,
    /// The signature counter as of the last use: zero where the authenticator has none.
    pub sign_count: u32,
    /// Whether it is copied, as of the last use.
    pub backup: Backup,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last signed in or proved the account; `None` until then.
    pub last_used_at: Option<Timestamp>,
}

/// What a use of a passkey leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasskeyUse {
    /// The passkey.
    pub id: PasskeyId,
    /// The account that it was used for.
    pub user: UserId,
    /// The counter that its authenticator sent.
    pub sign_count: u32,
    /// Whether it is copied now.
    pub backup: Backup,
    /// When it was used.
    pub at: Timestamp,
}

/// A name that a passkey may have: without what cannot be seen, and never empty.
pub fn passkey_name(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let legal = (1..=MAX_PASSKEY_NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    legal.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_id_has_1_to_1023_bytes() {
        assert_eq!(CredentialId::parse(&[]), Err(NotACredentialId));
        assert!(CredentialId::parse(&[1; 1023]).is_ok());
        assert_eq!(CredentialId::parse(&[1; 1024]), Err(NotACredentialId));
    }

    #[test]
    fn be_0_with_bs_1_is_not_allowed() {
        assert_eq!(Backup::of(false, true), None);
        for (eligible, backed_up) in [(false, false), (true, false), (true, true)] {
            let backup = Backup::of(eligible, backed_up).unwrap();
            assert_eq!((backup.is_eligible(), backup.is_backed_up()), (eligible, backed_up));
        }
    }

    #[test]
    fn a_name_is_seen_and_short() {
        assert_eq!(passkey_name("  My \t phone\n"), Some("My phone".to_owned()));
        assert_eq!(passkey_name(" \u{3000} "), None);
        assert_eq!(passkey_name("a\u{7}b"), None);
        assert!(passkey_name(&"가".repeat(60)).is_some());
        assert_eq!(passkey_name(&"가".repeat(61)), None);
    }
}
