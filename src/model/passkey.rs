//! Passkeys: the public-key credentials of Web Authentication Level 3 that sign in to an account.

use std::fmt;
use std::sync::Arc;

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

/// Where the key of a passkey is, as far as anything proves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyProtection {
    /// Nothing proves where.
    #[default]
    Unproved,
    /// In hardware, which it never leaves.
    Hardware,
}

impl KeyProtection {
    /// In hardware, where that is proved.
    pub const fn of(hardware: bool) -> Self {
        if hardware { Self::Hardware } else { Self::Unproved }
    }

    /// Whether it is proved to be in hardware.
    pub const fn is_hardware(self) -> bool {
        matches!(self, Self::Hardware)
    }
}

/// The kinds of authenticators that keep keys in hardware, as the operator's metadata says and as long as they are listed. A clone shares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HardwareKinds(Arc<[Uuid]>);

impl HardwareKinds {
    /// These.
    pub fn new(aaguids: Vec<Uuid>) -> Self {
        Self(aaguids.into())
    }

    /// Whether there is any: whether anything here proves that a key is in hardware.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// What is proved of a key by an attestation that its authenticator is of this kind. One that may be copied leaves the hardware that it was made in.
    pub fn attested(&self, aaguid: Uuid, backup: Backup) -> KeyProtection {
        KeyProtection::of(self.0.contains(&aaguid) && !backup.is_eligible())
    }

    /// What is proved of a passkey now: what was proved when it was made, as long as its kind is among these still.
    pub fn protection(&self, passkey: &Passkey) -> KeyProtection {
        if passkey.protection.is_hardware() {
            self.attested(passkey.aaguid, passkey.backup)
        } else {
            KeyProtection::Unproved
        }
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
    /// Where its key is, as was proved when it was made.
    pub protection: KeyProtection,
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
    fn a_key_is_in_hardware_that_was_proved_to_be_and_cannot_be_copied() {
        let (listed, another) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let kinds = HardwareKinds::new(vec![listed]);
        assert!(kinds.any() && !HardwareKinds::default().any());
        for (aaguid, backup, hardware) in [
            (listed, Backup::DeviceBound, true),
            (listed, Backup::Eligible, false),
            (listed, Backup::BackedUp, false),
            (another, Backup::DeviceBound, false),
        ] {
            assert_eq!(kinds.attested(aaguid, backup).is_hardware(), hardware, "{aaguid} {backup:?}");
            for proved in [KeyProtection::Unproved, KeyProtection::Hardware] {
                let passkey = Passkey {
                    id: PasskeyId::from_bytes([1; 16]),
                    user: UserId::from_bytes([1; 16]),
                    credential_id: CredentialId::parse(&[1]).unwrap(),
                    credential: StoredCredential(String::new()),
                    name: String::new(),
                    aaguid,
                    sign_count: 0,
                    backup,
                    protection: proved,
                    created_at: Timestamp::from_seconds(0),
                    last_used_at: None,
                };
                let now = kinds.protection(&passkey);
                assert_eq!(now.is_hardware(), hardware && proved.is_hardware(), "{aaguid} {backup:?} {proved:?}");
                // Of a kind that is listed no more nothing is proved.
                assert_eq!(HardwareKinds::default().protection(&passkey), KeyProtection::Unproved);
            }
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
