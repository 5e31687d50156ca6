//! JSON in which no object names a member twice.
//!
//! RFC 7519 section 4: "The Claim Names within a JWT Claims Set MUST be unique"; RFC 7515 section 4 says the same of header
//! parameters. Parsers differ in which of two they believe, so two are refused, at any depth.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::TokenRejected;

/// Reads an object whose members are unique at every depth.
pub(super) fn object(json: &[u8]) -> Result<Map<String, Value>, TokenRejected> {
    check(json)?;
    serde_json::from_slice(json).map_err(|_| TokenRejected::Malformed)
}

/// Refuses what is no JSON object and objects that name a member twice.
pub(super) fn check(json: &[u8]) -> Result<(), TokenRejected> {
    if json.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
        return Err(TokenRejected::Malformed);
    }
    serde_json::from_slice::<Unique>(json).map(|_| ()).map_err(|error| {
        // The visitor below raises exactly one error of its own.
        if error.is_data() { TokenRejected::DuplicateMember } else { TokenRejected::Malformed }
    })
}

/// Any JSON value, looked through and thrown away.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Unique, A::Error> {
        while seq.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut names: Vec<Name<'de>> = Vec::new();
        while let Some((name, _)) = map.next_entry::<Name<'de>, Unique>()? {
            names.push(name);
        }
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(de::Error::custom("duplicate member"));
        }
        Ok(Unique)
    }
}

/// A member's name, borrowed where it has no escapes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_members_pass() {
        for json in [r"{}", r#" {"a":1,"b":[1.5,{"a":null}],"c":{"a":true}}"#, r#"{"a":-1,"A":"x"}"#] {
            assert_eq!(check(json.as_bytes()), Ok(()), "{json}");
        }
    }

    #[test]
    fn a_member_named_twice_is_refused_at_any_depth_and_in_any_spelling() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[0,{"a":1,"a":2}],"y":1}"#,
        ] {
            assert_eq!(check(json.as_bytes()), Err(TokenRejected::DuplicateMember), "{json}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
        for json in
            ["", "1", "[]", "\"{}\"", "null", "{", "{}{}", "{} x", "{\"a\":1,}", "{\"a\":NaN}", "\u{feff}{}", &deep]
        {
            assert_eq!(check(json.as_bytes()), Err(TokenRejected::Malformed), "{json:.20}");
        }
        assert_eq!(check(b"{\"a\":\"\xff\"}"), Err(TokenRejected::Malformed));
        assert_eq!(check(b"{\"a\":\"\\ud800\"}"), Err(TokenRejected::Malformed));
    }
}
