//! Resource indicators: RFC 8707.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;

use super::error::{ErrorCode, OAuthError};
use super::params::Params;

/// The most `resource` parameters one request may carry.
pub const MAX_RESOURCES: usize = 10;
/// The longest `resource`, in bytes.
pub const MAX_RESOURCE_BYTES: usize = 2000;

/// A resource indicator: "Its value MUST be an absolute URI [...]. The URI MUST NOT include a fragment component"
/// (RFC 8707 section 2). Kept and issued as it was written; [`Resource::names_same`] says which spellings name the same one.
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

    /// The resources that a request asks a token for: every `resource`, and `audience`, by which clients of Auth0 say the same. Where both
    /// are there they must agree, as a token can have one audience only.
    pub fn requested(params: &Params) -> Result<Vec<Self>, OAuthError> {
        const DIFFERENT: OAuthError =
            OAuthError::new(ErrorCode::InvalidTarget, "audience and resource name different resources");
        let resources = Self::parse_all(params.all("resource"))?;
        let Some(audience) = params.get("audience").map(Self::parse).transpose()? else { return Ok(resources) };
        match resources.as_slice() {
            [] => Ok(vec![audience]),
            [only] if only.names_same(&audience) => Ok(resources),
            _ => Err(DIFFERENT),
        }
    }

    /// Reads several, each once.
    pub fn parse_all<'a>(values: impl Iterator<Item = &'a str>) -> Result<Vec<Self>, OAuthError> {
        let mut resources: Vec<Self> = Vec::new();
        for value in values {
            if resources.len() == MAX_RESOURCES {
                return Err(OAuthError::new(ErrorCode::InvalidTarget, "too many resource parameters"));
            }
            let resource = Self::parse(value)?;
            if !resources.iter().any(|known| known.names_same(&resource)) {
                resources.push(resource);
            }
        }
        Ok(resources)
    }

    /// Whether both name the same resource. RFC 3986 section 6.2.3: "a URI that uses the generic syntax for authority with an empty path should
    /// be normalized to a path of "/"". Nothing else is forgiven.
    pub fn names_same(&self, other: &Self) -> bool {
        self.names(&other.0)
    }

    /// Whether a text, such as one of an `aud`, names this resource.
    pub fn names(&self, text: &str) -> bool {
        self.normalized() == normalized(text)
    }

    /// The spelling that all share that name the same resource.
    pub fn normalized(&self) -> Cow<'_, str> {
        normalized(&self.0)
    }

    /// The one of these that names the same resource: what was registered or granted, in its spelling, is what is issued.
    pub fn among<'a>(&self, known: &'a [Self]) -> Option<&'a Self> {
        known.iter().find(|one| *one == self).or_else(|| known.iter().find(|one| one.names_same(self)))
    }

    /// What a client that is registered for `registered` is granted of these; `None` where it may not ask for one of them. "it should process the
    /// request with no specific resource or by using a predefined default resource value" (RFC 8707 section 2): there is one to choose.
    pub fn granted(requested: &[Self], registered: &[Self]) -> Option<Vec<Self>> {
        match (requested, registered) {
            ([], [only]) => Some(vec![only.clone()]),
            (asked, _) => asked.iter().map(|one| one.among(registered).cloned()).collect(),
        }
    }

    /// What every spelling of it has in it: one that names the same may end with the slash of an empty path, or without.
    pub fn stem(&self) -> &str {
        self.0.trim_end_matches('/')
    }

    /// The indicator's text: the `aud` of the tokens made for it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a text that names a resource, such as one of an `aud`, is in the [spelling](Resource::normalized) of all that name it: an empty path behind an
/// authority is written out.
pub fn normalized(uri: &str) -> Cow<'_, str> {
    let Some(authority) = uri.find("://").map(|at| at + 3) else { return Cow::Borrowed(uri) };
    let end = uri[authority..].find(['/', '?', '#']).map_or(uri.len(), |at| authority + at);
    if uri[end..].starts_with('/') {
        return Cow::Borrowed(uri);
    }
    Cow::Owned(format!("{}/{}", &uri[..end], &uri[end..]))
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(text: &str) -> Resource {
        Resource::parse(text).unwrap()
    }

    fn requested(query: &str) -> Result<Vec<String>, ErrorCode> {
        let found = Resource::requested(&Params::parse(query.as_bytes()).unwrap());
        found.map(|all| all.iter().map(|one| one.as_str().to_owned()).collect()).map_err(|error| error.code)
    }

    #[test]
    fn an_empty_path_is_a_slash_and_nothing_else_is_forgiven() {
        let api = resource("https://api.example");
        assert!(api.names_same(&resource("https://api.example/")));
        assert!(resource("https://api.example?v=1").names_same(&resource("https://api.example/?v=1")));
        assert!(resource("urn:api").names_same(&resource("urn:api")));
        for other in
            ["https://api.example//", "https://API.example", "https://api.example:443", "https://api.example/v1/"]
        {
            assert!(!api.names_same(&resource(other)), "{other}");
        }
        assert!(!resource("https://api.example/v1").names_same(&resource("https://api.example/v1/")));
        assert!(!resource("urn:api").names_same(&resource("urn:api/")));
    }

    #[test]
    fn what_is_known_is_found_in_its_own_spelling() {
        let known = [resource("https://a.example"), resource("https://b.example"), resource("https://b.example/")];
        assert_eq!(resource("https://a.example/").among(&known), Some(&known[0]));
        assert_eq!(resource("https://b.example/").among(&known), Some(&known[2]));
        assert_eq!(resource("https://c.example").among(&known), None);
    }

    #[test]
    fn audience_is_another_word_for_resource() {
        let a = "https://a.example".to_owned();
        assert_eq!(requested("audience=https://a.example"), Ok(vec![a.clone()]));
        assert_eq!(requested("audience=https://a.example/&resource=https://a.example"), Ok(vec![a.clone()]));
        assert_eq!(requested("audience=&resource=https://a.example"), Ok(vec![a]));
        for bad in [
            "audience=https://a.example&resource=https://b.example",
            "audience=https://a.example&resource=https://a.example&resource=https://b.example",
            "audience=not+a+uri",
        ] {
            assert_eq!(requested(bad), Err(ErrorCode::InvalidTarget), "{bad}");
        }
    }
}
