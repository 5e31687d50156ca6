//! What Tab offers for the value of an argument: the words of a closed set, or the names of what there is.
//!
//! Owns asking a type for its words, so that none are listed twice. Leaves saying what a word means to the help of the argument.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Reads one of the values that are called so in JSON. An error names all of them, and the nearest.
pub(super) fn one_of<T: DeserializeOwned + Clone + Send + Sync + 'static>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words::<T>().iter().copied())
        .try_map(|word| serde_json::from_value::<T>(Value::from(word)))
}

/// What the values of a type are called in JSON.
fn words<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut words: &'static [&'static str] = &[];
    // It reads nothing, and so it always fails.
    let _ = T::deserialize(Words(&mut words));
    words
}

/// Learns the words of the type that is read from it.
struct Words<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Words<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no set of words"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = words;
        Err(Error::custom("only the words are asked for"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// Takes any text, and has Tab offer these: what looks a name up says better what was meant by another.
#[derive(Clone, Debug)]
pub(super) struct Offered(pub(super) fn() -> Vec<&'static str>);

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::clients::{AuthenticationMethod, Pkce};
    use crate::model::client::{AccessTokenType, SigningAlgorithm};

    #[test]
    fn a_type_says_its_own_words() {
        assert_eq!(words::<Pkce>(), ["required", "when_sent"]);
        assert_eq!(words::<AccessTokenType>(), ["at+jwt", "JWT"]);
        assert_eq!(words::<SigningAlgorithm>().len(), SigningAlgorithm::ALL.len());
        assert!(words::<AuthenticationMethod>().contains(&"private_key_jwt"));
        assert!(words::<String>().is_empty(), "any text is none of a set");
    }
}
