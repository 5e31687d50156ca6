//! A text in languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Locale;

/// What stands for the text of a reader whose language has none of its own.
const PLAIN: &str = "";

/// A text in languages, by their BCP 47 tags; without any for who reads another one. RFC 7591 section 2.2 names members so: `client_name#ko`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InLanguages(BTreeMap<String, String>);

impl InLanguages {
    /// The text for readers of a language.
    pub fn read_in(&self, locale: Locale) -> Option<&str> {
        locale.text_of(&self.0).or_else(|| self.0.get(PLAIN).map(String::as_str))
    }

    /// Every text, with its tag; an empty one has the plain text.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a text in the place of the one under this tag. RFC 5646 section 2.1.1: tags "are not case sensitive".
    pub fn put(&mut self, tag: &str, text: Option<String>) {
        self.0.retain(|known, _| !known.eq_ignore_ascii_case(tag));
        if let Some(text) = text {
            self.0.insert(tag.to_owned(), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_the_language_of_the_page_and_plain_where_it_has_none() {
        let mut name = InLanguages::default();
        assert_eq!(name.read_in(Locale::Ko), None);
        name.put("ko-KR", Some("한국 책방".to_owned()));
        assert_eq!((name.read_in(Locale::Ko), name.read_in(Locale::En)), (Some("한국 책방"), None));
        name.put("", Some("Books".to_owned()));
        name.put("ko", Some("책방".to_owned()));
        assert_eq!((name.read_in(Locale::Ko), name.read_in(Locale::En)), (Some("책방"), Some("Books")));
        name.put("KO", None);
        name.put("Ko-kr", None);
        assert_eq!((name.read_in(Locale::Ko), name.len()), (Some("Books"), 1));
    }
}
