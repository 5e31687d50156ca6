//! Why an authorization code is refused, and what the client is told of it.

use crate::model::refusal::{Reason, Refusal};
use crate::protocol::{ErrorCode, OAuthError, Params};
use crate::tokens::validity::Invalidated;

/// Why a code is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    RedirectUriDiffers {
        /// What was said there; `None` where it was left out.
        asked: Option<String>,
    },
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
    pub(super) const fn burns(&self) -> bool {
        match self {
            Self::OtherClient
            | Self::RedirectUriDiffers { .. }
            | Self::PkceMissing
            | Self::PkceWrong
            | Self::PkceUnexpected => true,
            Self::Unknown | Self::AlreadyUsed | Self::Expired | Self::Invalidated(_) => false,
        }
    }

    /// Why, for the operator.
    pub(super) fn refusal(&self, params: &Params) -> Refusal {
        let reason = match self {
            Self::Unknown => Reason::CodeUnknown,
            Self::AlreadyUsed => Reason::CodeUsed,
            Self::Expired => Reason::CodeExpired,
            Self::OtherClient => Reason::CodeOfOtherClient,
            Self::RedirectUriDiffers { .. } => Reason::CodeRedirectUri,
            Self::PkceMissing => Reason::VerifierMissing,
            Self::PkceWrong => Reason::VerifierWrong,
            Self::PkceUnexpected => Reason::VerifierUnexpected,
            Self::Invalidated(_) => Reason::CodeEnded,
        };
        let refusal = Refusal::new(reason);
        match self {
            Self::RedirectUriDiffers { asked } => {
                refusal.at("redirect_uri", params.get("redirect_uri")).expecting(asked.as_deref())
            }
            Self::PkceMissing | Self::PkceWrong | Self::PkceUnexpected => refusal.at("code_verifier", None),
            Self::Invalidated(why) => refusal.at("code", None).because(&why.to_string()),
            Self::Unknown | Self::AlreadyUsed | Self::Expired | Self::OtherClient => refusal.at("code", None),
        }
    }
}

impl From<CodeRejected> for OAuthError {
    fn from(rejected: CodeRejected) -> Self {
        let description = match rejected {
            CodeRejected::RedirectUriDiffers { .. } => "redirect_uri is not the one of the authorization request",
            CodeRejected::PkceMissing => "code_verifier is missing",
            CodeRejected::PkceWrong => "code_verifier does not match code_challenge",
            CodeRejected::PkceUnexpected => "code_verifier without a code_challenge",
            // Whether it exists, was used or is another client's: not for a caller that tries codes.
            _ => "the code is not valid",
        };
        Self::new(ErrorCode::InvalidGrant, description)
    }
}
