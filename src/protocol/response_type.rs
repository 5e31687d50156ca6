//! `response_type`: RFC 6749 section 3.1.1.

use serde::{Deserialize, Serialize};

use super::error::{ErrorCode, OAuthError};

/// What an authorization answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// An authorization code: RFC 6749 section 4.1.1.
    Code,
}

impl ResponseType {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        match text {
            "code" => Ok(Self::Code),
            _ => Err(OAuthError::new(ErrorCode::UnsupportedResponseType, "response_type is not supported")),
        }
    }

    /// The value's spelling on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
        }
    }

    /// Every type, for metadata.
    pub const ALL: &[Self] = &[Self::Code];
}
