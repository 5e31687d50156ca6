//! A token that works once: the administrator's claim link, and the links that are mailed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::epoch::Epoch;
use super::user::EmailAddress;
use crate::support::id::{OneTimeTokenId, UserId};
use crate::support::{Digest, Timestamp};

/// What a one-time token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OneTimeTokenPurpose {
    /// Makes the account that presents it the first administrator.
    ClaimServer,
    /// Sets a new password.
    ResetPassword,
    /// Proves the address of an account.
    VerifyAddress,
    /// Gives an account another address, which it proves.
    ChangeAddress,
    /// Gives an account back the address that it had.
    UndoAddress,
    /// Accepts an account that somebody else made, and sets its first password.
    Invitation,
    /// Lets an administrator back in who lost every way, by a new passkey: printed on the server's own machine, and mailed to nobody.
    Recovery,
    /// Makes the account that somebody signed up for, whose address it proves, by its link or by its code.
    SignUp,
    /// Signs in, by its link or by its code.
    SignIn,
    /// Stands for the second factor of a login, by its code.
    SecondFactor,
}

/// How often a mailed code may be typed: OWASP ASVS 6.6.3 has them "protected against brute force attacks".
pub const MOST_TRIES: u32 = 5;

/// How long an invitation that nobody accepted is kept once its link has ended: so long it says of its account that somebody was invited to it.
pub const UNANSWERED_KEPT: Duration = Duration::from_hours(24 * 90);

impl OneTimeTokenPurpose {
    /// Every one.
    pub const ALL: &[Self] = &[
        Self::ClaimServer,
        Self::ResetPassword,
        Self::VerifyAddress,
        Self::ChangeAddress,
        Self::UndoAddress,
        Self::Invitation,
        Self::Recovery,
        Self::SignUp,
        Self::SignIn,
        Self::SecondFactor,
    ];

    /// The name that is stored and that keeps digests of different purposes apart.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClaimServer => "claim_server",
            Self::ResetPassword => "reset_password",
            Self::VerifyAddress => "verify_address",
            Self::ChangeAddress => "change_address",
            Self::UndoAddress => "undo_address",
            Self::Invitation => "invitation",
            Self::Recovery => "recovery",
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
        }
    }
}

/// A stored one-time token: its digest only.
#[derive(Clone, Debug, PartialEq)]
pub struct OneTimeToken {
    /// Its id, which is part of the token's text.
    pub id: OneTimeTokenId,
    /// What it is good for.
    pub purpose: OneTimeTokenPurpose,
    /// The digest of the token's payload.
    pub digest: Digest,
    /// The account it belongs to; `None` where it makes one. Of one that was asked for with an address that no account has, an id that none has.
    pub user: Option<UserId>,
    /// The address that it is about: the one it was mailed to, or for an undone change the one that comes back.
    pub address: Option<EmailAddress>,
    /// The epoch of the account in which it counts; `None` where it outlives the ends of everything, as undoing a change does.
    pub epoch: Option<Epoch>,
    /// The browser that it is good in; `None` for any.
    pub browser: Option<Digest>,
    /// What can be typed instead of following its link.
    pub code: Option<Digest>,
    /// What its use makes, sealed: an account that there is not yet.
    pub sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
}
