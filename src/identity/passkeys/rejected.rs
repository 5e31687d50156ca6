//! Why a passkey was not used, or not added.

use webauthn_rs_core::error::WebauthnError;

use crate::store::{Conflict, StoreError};

/// Why a passkey was not used, or not added. What a browser's answer was wrong in is for the log: its user cannot mend it.
#[derive(Debug)]
pub enum PasskeyRejected {
    /// Browsers have no passkeys for the issuer.
    Impossible,
    /// Nobody signs in by passkey.
    SwitchedOff,
    /// The page was open for too long.
    TooLate,
    /// The ticket is another browser's, of another account or purpose, or none.
    Ticket,
    /// The answer was used already.
    Replayed,
    /// The answer is not what a browser makes.
    Malformed,
    /// No account has this passkey: it was removed here, and not there.
    Unknown,
    /// It belongs to another account than the one that is to be proved.
    OtherAccount,
    /// The authenticator did not make sure of its user.
    NotVerified,
    /// The signature, the challenge, the origin or the RP ID is not right, or the answer is not acceptable otherwise.
    Wrong(WebauthnError),
    /// Its counter did not count up, or it may be copied all of a sudden: two may have its key.
    Suspected,
    /// The account is switched off. Only its owner learns that.
    Disabled,
    /// An account has the passkey already.
    Taken,
    /// The account has as many as one may have.
    Full,
    /// The authenticator cannot find it again by itself.
    NotDiscoverable,
    /// Its authenticator is none of those that may be used, or does not prove that it is one.
    NotListed(WebauthnError),
    /// What it rests on ended meanwhile.
    Ended,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for PasskeyRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::TokenSpent) => Self::Replayed,
            StoreError::Conflict(Conflict::Taken) => Self::Taken,
            StoreError::Conflict(Conflict::Full) => Self::Full,
            StoreError::Conflict(Conflict::Ended) => Self::Ended,
            other => Self::Store(other),
        }
    }
}

impl From<WebauthnError> for PasskeyRejected {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::UserNotVerified => Self::NotVerified,
            WebauthnError::CredentialPossibleCompromise | WebauthnError::CredentialBackupEligibilityInconsistent => {
                Self::Suspected
            }
            why @ (WebauthnError::AttestationNotVerifiable
            | WebauthnError::AttestationNotSupported
            | WebauthnError::AttestationChainNotTrusted(_)
            | WebauthnError::AttestationUntrustedAaguid
            | WebauthnError::AttestationFormatMissingAaguid) => Self::NotListed(why),
            WebauthnError::CredentialExcludedFromRequest => Self::Taken,
            other => Self::Wrong(other),
        }
    }
}
