//! A token taken apart: its header and its claims, each with what it is. The signature is left out, so nothing shown here is worth anything.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::super::super::super::moments::minute;
use super::words;
use crate::i18n::Texts;
use crate::support::Timestamp;

/// A token as the page shows it.
pub(super) struct Decoded {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) header: Members,
    pub(super) claims: Members,
}

/// The members of an object.
#[derive(Default)]
pub(super) struct Members {
    pub(super) rows: Vec<Row>,
}

/// A member with what it is.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
    /// The moment that a number of seconds means.
    pub(super) moment: String,
    pub(super) meaning: String,
}

/// The header and the claims of a JWT; `None` for what is none.
pub(super) fn parts(token: &str) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut parts = token.split('.');
    let mut part = || {
        let bytes = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    Some((part()?, part()?))
}

/// The members of an object, those that say whose it is and what for first.
pub(super) fn members(t: &Texts, members: &Map<String, Value>) -> Members {
    let mut rows: Vec<(usize, Row)> = members.iter().map(|(name, value)| (place(name), row(t, name, value))).collect();
    rows.sort_by(|(one, row), (other, next)| one.cmp(other).then_with(|| row.name.cmp(&next.name)));
    Members { rows: rows.into_iter().map(|(_, row)| row).collect() }
}

fn row(t: &Texts, name: &str, value: &Value) -> Row {
    let moment = value.as_i64().filter(|_| MOMENTS.contains(&name)).map(Timestamp::from_seconds).map(minute);
    Row {
        name: name.to_owned(),
        value: match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
        moment: moment.unwrap_or_default(),
        meaning: words::of_claim(name).map(|key| t.get(key)).unwrap_or_default(),
    }
}

/// Claims that are seconds since 1970: RFC 7519 section 2, `NumericDate`.
const MOMENTS: &[&str] = &["exp", "iat", "nbf", "auth_time", "updated_at"];
/// What is read first.
const FIRST: &[&str] = &["iss", "sub", "aud", "client_id", "azp", "scope", "exp", "iat"];

fn place(name: &str) -> usize {
    FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Locale;

    #[test]
    fn a_token_is_taken_apart_without_its_signature() {
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let claims = r#"{"zoo":[1],"exp":1750000000,"iss":"https://id.example"}"#;
        let token = format!("{}.{}.c2ln", encoded(r#"{"alg":"ES256"}"#), encoded(claims));
        let (header, claims) = parts(&token).unwrap();
        assert_eq!(header["alg"], "ES256");
        let rows = members(Texts::of(Locale::En), &claims).rows;
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["iss", "exp", "zoo"]);
        assert_eq!(rows[1].moment, "2025-06-15 15:06 UTC");
        assert!(!rows[0].meaning.is_empty() && rows[2].meaning.is_empty());
        assert!(parts("opaque").is_none());
    }
}
