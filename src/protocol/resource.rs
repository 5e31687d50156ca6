//! Resource indicators: RFC 8707.

use serde::{Deserialize, Serialize};
use url::Url;

use super::error::{ErrorCode, OAuthError};

/// The most `resource` parameters one request may carry.
pub const MAX_RESOURCES: usize = 10;
/// The longest `resource`, in bytes.
pub const MAX_RESOURCE_BYTES: usize = 2000;

/// A resource indicator: "Its value MUST be an absolute URI [...]. The URI MUST NOT include a fragment component"
/// (RFC 8707 section 2). Kept and compared as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Resource(String);

impl Resource {
    /// Reads one indicator.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        const MALFORMED: OAuthError =
            OAuthError::new(ErrorCode::InvalidTarget, "resource must be an absolute URI without a fragment");
        let printable = text.len() <= MAX_RESOURCE_BYTES && text.bytes().all(|b| b.is_ascii_graphic());
        let absolute = Url::parse(text).is_ok() && !text.contains('#');
        if printable && absolute { Ok(Self(text.to_owned())) } else { Err(MALFORMED) }
    }

    /// Reads every `resource` of a request.
    pub fn parse_all<'a>(values: impl Iterator<Item = &'a str>) -> Result<Vec<Self>, OAuthError> {
        let mut resources = Vec::new();
        for value in values {
            if resources.len() == MAX_RESOURCES {
                return Err(OAuthError::new(ErrorCode::InvalidTarget, "too many resource parameters"));
            }
            let resource = Self::parse(value)?;
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        Ok(resources)
    }

    /// The indicator's text: the `aud` of the tokens made for it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
