//! Names that are chosen once, and stand in addresses and in files.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The longest slug, in characters.
const MAX_SLUG: usize = 40;

/// A name in URLs and in files: 1 to 40 characters of `a-z 0-9 -`. A connection's is part of the redirect URI that the provider knows, so it never changes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// A text that is no slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug is 1 to 40 characters of a-z 0-9 - and does not begin or end with -")]
pub struct NotASlug;

impl Slug {
    /// Reads a slug.
    pub fn parse(text: &str) -> Result<Self, NotASlug> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let shaped = (1..=MAX_SLUG).contains(&text.len()) && text.bytes().all(legal);
        if shaped && !text.starts_with('-') && !text.ends_with('-') { Ok(Self(text.to_owned())) } else { Err(NotASlug) }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
