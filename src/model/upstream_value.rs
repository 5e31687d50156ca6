//! What a provider says of how strongly its user authenticated, as an administrator names it: a value of `acr` or of `amr`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest value, in bytes.
const MAX_BYTES: usize = 255;

/// A value of a provider's `acr` (OpenID Connect Core 1.0 section 2) or `amr` (RFC 8176), written as `acr:value` or `amr:value`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum UpstreamValue {
    /// The class of the authentication.
    Acr(String),
    /// A method of it.
    Amr(String),
}

/// The text names no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be acr: or amr: and a value of the provider's, without spaces")]
pub struct NotAnUpstreamValue;

impl UpstreamValue {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, NotAnUpstreamValue> {
        let (claim, value) = text.split_once(':').ok_or(NotAnUpstreamValue)?;
        let is_one = (1..=MAX_BYTES).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
        match claim {
            "acr" if is_one => Ok(Self::Acr(value.to_owned())),
            "amr" if is_one => Ok(Self::Amr(value.to_owned())),
            _ => Err(NotAnUpstreamValue),
        }
    }

    /// The `acr`, where it is one.
    pub fn acr(&self) -> Option<&str> {
        match self {
            Self::Acr(value) => Some(value),
            Self::Amr(_) => None,
        }
    }

    /// Whether a provider says so.
    pub fn is_said(&self, acr: Option<&str>, amr: &[String]) -> bool {
        match self {
            Self::Acr(value) => acr == Some(value),
            Self::Amr(value) => amr.contains(value),
        }
    }
}

impl fmt::Display for UpstreamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acr(value) => write!(f, "acr:{value}"),
            Self::Amr(value) => write!(f, "amr:{value}"),
        }
    }
}

impl TryFrom<String> for UpstreamValue {
    type Error = NotAnUpstreamValue;

    fn try_from(text: String) -> Result<Self, NotAnUpstreamValue> {
        Self::parse(&text)
    }
}

impl From<UpstreamValue> for String {
    fn from(value: UpstreamValue) -> Self {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_which_claim_it_is_of() {
        let refeds = "acr:https://refeds.org/profile/mfa";
        assert_eq!(UpstreamValue::parse(refeds), Ok(UpstreamValue::Acr("https://refeds.org/profile/mfa".to_owned())));
        assert_eq!(UpstreamValue::parse(refeds).unwrap().to_string(), refeds);
        for bad in
            ["mfa", "amr:", "acr: x", "amr:two words", "sub:x", ":x", "acr:\u{e9}", &format!("acr:{}", "x".repeat(256))]
        {
            assert_eq!(UpstreamValue::parse(bad), Err(NotAnUpstreamValue), "{bad}");
        }
        let mfa = UpstreamValue::parse("amr:mfa").unwrap();
        assert!(mfa.is_said(None, &["pwd".to_owned(), "mfa".to_owned()]) && !mfa.is_said(Some("mfa"), &[]));
    }
}
