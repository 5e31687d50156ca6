//! Why an authorization code is refused, and what the client is told of it.

use crate::protocol::{ErrorCode, OAuthError};
use crate::tokens::validity::Invalidated;

/// Why a code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRejected {
    /// Not a code of this server, or not one that is remembered.
    #[error("unknown")]
    Unknown,
    /// It was used before.
    #[error("already used")]
    AlreadyUsed,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// It was issued to another client.
    #[error("issued to another client")]
    OtherClient,
    /// `redirect_uri` is not the one of the authorization request.
    #[error("the redirect URI differs")]
    RedirectUriDiffers,
    /// There is a challenge and no verifier.
    #[error("no code verifier")]
    PkceMissing,
    /// The verifier does not answer the challenge.
    #[error("wrong code verifier")]
    PkceWrong,
    /// There is a verifier and no challenge: RFC 9700 section 4.8.2.
    #[error("a code verifier without a challenge")]
    PkceUnexpected,
    /// What it stands for does not count any more.
    #[error("{0}")]
    Invalidated(Invalidated),
}

impl CodeRejected {
    /// Whether it shows that the code is in the wrong hands.
    pub(super) const fn burns(self) -> bool {
        match self {
            Self::OtherClient
            | Self::RedirectUriDiffers
            | Self::PkceMissing
            | Self::PkceWrong
            | Self::PkceUnexpected => true,
            Self::Unknown | Self::AlreadyUsed | Self::Expired | Self::Invalidated(_) => false,
        }
    }
}

impl From<CodeRejected> for OAuthError {
    fn from(rejected: CodeRejected) -> Self {
        let description = match rejected {
            CodeRejected::RedirectUriDiffers => "redirect_uri is not the one of the authorization request",
            CodeRejected::PkceMissing => "code_verifier is missing",
            CodeRejected::PkceWrong => "code_verifier does not match code_challenge",
            CodeRejected::PkceUnexpected => "code_verifier without a code_challenge",
            // Whether it exists, was used or is another client's: not for a caller that tries codes.
            _ => "the code is not valid",
        };
        Self::new(ErrorCode::InvalidGrant, description)
    }
}
