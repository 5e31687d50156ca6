//! `response_mode`: how the answer travels back to the app. OAuth 2.0 Multiple Response Type Encoding Practices section 2.1.

use serde::{Deserialize, Serialize};

use super::error::OAuthError;

/// How an authorization answer is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the redirect URI's query: RFC 6749 section 4.1.2.
    #[default]
    Query,
    /// In a fragment that is added to the redirect URI, and which the browser keeps to itself: section 2.1.
    Fragment,
    /// As a form that the browser posts: OAuth 2.0 Form Post Response Mode section 2.
    FormPost,
}

impl ResponseMode {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        match text {
            "query" => Ok(Self::Query),
            "fragment" => Ok(Self::Fragment),
            "form_post" => Ok(Self::FormPost),
            _ => Err(OAuthError::invalid_request("response_mode is not supported")),
        }
    }

    /// The value's spelling on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// Every mode, for metadata.
    pub const ALL: &[Self] = &[Self::Query, Self::Fragment, Self::FormPost];
}
