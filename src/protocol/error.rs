//! Errors as they travel: a registered code and a description that is legal on the wire.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// A registered error code, with the specification that defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    InvalidRequest,
    /// RFC 6749 section 5.2.
    InvalidClient,
    /// RFC 6749 section 5.2.
    InvalidGrant,
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    UnauthorizedClient,
    /// RFC 6749 section 5.2.
    UnsupportedGrantType,
    /// RFC 6749 section 4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    InvalidScope,
    /// RFC 6749 section 4.1.2.1.
    AccessDenied,
    /// RFC 6749 section 4.1.2.1.
    ServerError,
    /// RFC 6749 section 4.1.2.1.
    TemporarilyUnavailable,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    LoginRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    InteractionRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    AccountSelectionRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    ConsentRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RequestNotSupported,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RequestUriNotSupported,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RegistrationNotSupported,
    /// OpenID Connect Core Unmet Authentication Requirements 1.0 section 2.
    UnmetAuthenticationRequirements,
    /// RFC 8707 section 2.
    InvalidTarget,
    /// RFC 6750 section 3.1.
    InvalidToken,
    /// RFC 6750 section 3.1.
    InsufficientScope,
}

impl ErrorCode {
    /// Every code. docs/reference/endpoints.md says where each is given.
    pub const ALL: &[Self] = &[
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::AccessDenied,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::LoginRequired,
        Self::InteractionRequired,
        Self::AccountSelectionRequired,
        Self::ConsentRequired,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::UnmetAuthenticationRequirements,
        Self::InvalidTarget,
        Self::InvalidToken,
        Self::InsufficientScope,
    ];

    /// The code's spelling on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An error answer: what an app's developer is told, and no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct OAuthError {
    /// The registered error code.
    #[serde(rename = "error")]
    pub code: ErrorCode,
    /// A sentence for the app's developer, in the legal characters of RFC 6749 section 5.2.
    #[serde(rename = "error_description")]
    pub description: Cow<'static, str>,
}

impl OAuthError {
    /// An error whose description is one of our own fixed sentences.
    pub const fn new(code: ErrorCode, description: &'static str) -> Self {
        Self { code, description: Cow::Borrowed(description) }
    }

    /// An error whose description names something that came from outside; what RFC 6749 section 5.2 does not allow in
    /// an `error_description` ("MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E") becomes `?`.
    pub fn quoting(code: ErrorCode, description: &str) -> Self {
        let legal = description.chars().take(300).map(|c| if is_description_char(c) { c } else { '?' }).collect();
        Self { code, description: Cow::Owned(legal) }
    }

    /// `invalid_request` with a fixed description.
    pub const fn invalid_request(description: &'static str) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }
}

/// RFC 6749 section 5.2: `error_description` is %x20-21 / %x23-5B / %x5D-7E.
const fn is_description_char(c: char) -> bool {
    matches!(c, '\x20'..='\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_keeps_to_its_legal_characters() {
        let error = OAuthError::quoting(ErrorCode::InvalidRequest, "bad \"x\\\r\n한");
        assert_eq!(error.description, "bad ?x????");
    }
}
