//! Second factors: what an account is proved by beside the first.

use serde::{Deserialize, Serialize};

use super::acr::Acr;
use super::passkey::KeyProtection;
use crate::support::id::{FactorId, UserId};
use crate::support::{Digest, Timestamp};

/// The most second factors of an account.
pub const MAX_FACTORS: u32 = 5;
/// How many recovery codes a set has.
pub const RECOVERY_CODES: usize = 10;
/// With so many recovery codes left, or fewer, a person is warned.
pub const FEW_RECOVERY_CODES: u64 = 3;

/// What a second factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// An app that shows a code of the time: RFC 6238.
    Totp,
}

impl FactorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Totp];

    /// The name that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

/// A second factor of an account, which proved once that it works.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// The account.
    pub user: UserId,
    /// What it is.
    pub kind: FactorKind,
    /// What its end-user calls it.
    pub name: String,
    /// Its secret, sealed to it.
    pub sealed: Vec<u8>,
    /// The time step of the last code that was accepted: no code of it or of an earlier one counts.
    pub last_step: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was used last to prove the account.
    pub last_used_at: Option<Timestamp>,
}

/// What an account has beside its first factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factors {
    /// The factors, the oldest first.
    pub all: Vec<Factor>,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
    /// The account was let in once although it needs a second factor from then on.
    pub offered: bool,
    /// It has a passkey, which is proof enough by itself and a second factor beside a password, where passkeys count.
    pub passkey: bool,
    /// Of one of its passkeys it was proved that the key is in hardware.
    pub hardware: bool,
}

impl Factors {
    /// Whether there is one that codes are asked of.
    pub fn any(&self) -> bool {
        !self.all.is_empty()
    }

    /// Whether there is one at all, a passkey among them where passkeys count.
    pub fn any_that_counts(&self, passkeys_count: bool) -> bool {
        Kinds::of(self, passkeys_count).any()
    }

    /// The one of this id.
    pub fn find(&self, id: FactorId) -> Option<&Factor> {
        self.all.iter().find(|factor| factor.id == id)
    }
}

/// Kinds of second factors: those that an account has, may add, or is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    /// An app that shows codes, for which a recovery code stands.
    pub app: bool,
    /// A passkey, whichever.
    pub passkey: bool,
    /// A passkey whose key is proved to be in hardware.
    #[serde(default)]
    pub hardware: bool,
}

/// Whichever there is.
impl Default for Kinds {
    fn default() -> Self {
        Self::ALL
    }
}

impl Kinds {
    /// None of them.
    pub const NONE: Self = Self { app: false, passkey: false, hardware: false };
    /// All of them.
    pub const ALL: Self = Self { app: true, passkey: true, hardware: true };

    /// Those that an account has, a passkey among them where passkeys count.
    pub fn of(factors: &Factors, passkeys_count: bool) -> Self {
        let passkey = factors.passkey && passkeys_count;
        Self { app: factors.any(), passkey, hardware: factors.hardware && passkey }
    }

    /// Whether there is any.
    pub const fn any(self) -> bool {
        self.app || self.by_passkey().is_some()
    }

    /// Which passkeys are among them, if any: whichever there are, or only those in hardware.
    pub const fn by_passkey(self) -> Option<KeyProtection> {
        match (self.passkey, self.hardware) {
            (true, _) => Some(KeyProtection::Unproved),
            (false, true) => Some(KeyProtection::Hardware),
            (false, false) => None,
        }
    }

    /// Those that are among others, too.
    #[must_use]
    pub const fn among(self, others: Self) -> Self {
        Self {
            app: self.app && others.app,
            passkey: self.passkey && others.passkey,
            hardware: self.hardware && others.hardware,
        }
    }

    /// Those of which a proof makes a sign-in as strong as is asked for.
    #[must_use]
    pub fn reaching(self, enough: impl Fn(&Acr) -> bool) -> Self {
        let by = |second: Second| enough(&second.acr());
        let reaching = Self {
            app: by(Second::Totp),
            passkey: by(Second::Passkey(KeyProtection::Unproved)),
            hardware: by(Second::Passkey(KeyProtection::Hardware)),
        };
        self.among(reaching)
    }
}

/// A code that an account is proved by, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpentCode {
    /// That of a time step, of a factor.
    Step {
        /// The factor.
        factor: FactorId,
        /// The time step that the code is of.
        step: i64,
    },
    /// A recovery code.
    Recovery(Digest),
}

/// By what a second factor was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Second {
    /// A code of an app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A passkey, which is enough by itself, and where its key is.
    Passkey(KeyProtection),
    /// A code that was mailed: less than a factor.
    MailedCode,
}

impl Second {
    /// What the audit log calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery code",
            Self::Passkey(_) => "passkey",
            Self::MailedCode => "mailed code",
        }
    }

    /// The class that it makes an authentication by one factor of, whatever that was.
    pub const fn acr(self) -> Acr {
        match self {
            Self::Totp | Self::RecoveryCode => Acr::TWO_FACTORS,
            Self::Passkey(KeyProtection::Hardware) => Acr::PHISHING_RESISTANT_HARDWARE,
            Self::Passkey(KeyProtection::Unproved) => Acr::PHISHING_RESISTANT,
            Self::MailedCode => Acr::ONE_FACTOR,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An app of somebody's.
    pub(crate) fn app() -> Factor {
        Factor {
            id: FactorId::from_bytes([1; 16]),
            user: UserId::from_bytes([1; 16]),
            kind: FactorKind::Totp,
            name: String::new(),
            sealed: Vec::new(),
            last_step: 0,
            created_at: Timestamp::from_seconds(0),
            last_used_at: None,
        }
    }
}
