//! Which version of a thing a caller has seen: entity tags, RFC 9110 sections 8.8.3 and 13.

use axum::http::{HeaderMap, HeaderValue, header};

use super::problem::ApiProblem;
use crate::admin::Target;

/// The tag of a version.
pub(super) fn tag(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

/// The condition under which something is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Precondition {
    /// None.
    Unconditional,
    /// Only where it is one of these versions: section 13.1.1. None of them, where no tag is one that we gave.
    Versions(Vec<i64>),
}

impl Precondition {
    /// Reads `If-Match`. A weak tag never matches, as the comparison is strong (section 8.8.3.2); `*` asks for what exists, as the rest does too.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(header::IF_MATCH).iter().peekable();
        if values.peek().is_none() {
            return Self::Unconditional;
        }
        let tags: Vec<&str> =
            values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim).collect();
        if tags.contains(&"*") {
            Self::Unconditional
        } else {
            Self::Versions(tags.into_iter().filter_map(version).collect())
        }
    }

    /// What is to be changed, which was seen in this version a moment ago: where the caller made a condition, that version and no other.
    pub(super) fn target<K>(&self, key: K, version: i64) -> Result<Target<K>, ApiProblem> {
        match self {
            Self::Unconditional => Ok(key.into()),
            Self::Versions(versions) if versions.contains(&version) => Ok(Target::at(key, version)),
            Self::Versions(_) => Err(ApiProblem::PRECONDITION_FAILED),
        }
    }

    /// Whether there is a condition.
    pub(super) fn is_made(&self) -> bool {
        *self != Self::Unconditional
    }
}

/// Whether the caller has this version already: section 13.1.2, where the comparison is weak.
pub(super) fn is_known(headers: &HeaderMap, seen: i64) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || version(tag.strip_prefix("W/").unwrap_or(tag)) == Some(seen))
}

fn version(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(if_match: &[&'static str], version: i64) -> Option<Target<&'static str>> {
        let mut headers = HeaderMap::new();
        for value in if_match {
            headers.append(header::IF_MATCH, HeaderValue::from_static(value));
        }
        Precondition::of(&headers).target("kim", version).ok()
    }

    #[test]
    fn a_condition_is_met_by_the_version_that_it_names() {
        assert_eq!(target(&[], 3), Some("kim".into()));
        assert_eq!(target(&["*"], 3), Some("kim".into()));
        assert_eq!(target(&["\"3\""], 3), Some(Target::at("kim", 3)));
        assert_eq!(target(&["\"1\", \"3\""], 3), Some(Target::at("kim", 3)));
        assert_eq!(target(&["\"1\"", "\"3\""], 3), Some(Target::at("kim", 3)));
        for bad in [&["\"2\""][..], &["W/\"3\""], &["3"], &[""], &["\"x\""]] {
            assert_eq!(target(bad, 3), None, "{bad:?}");
        }
    }
}
