//! What is said before it is known who reads it: texts with what fills them, and what others said in their own words.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Gap, Key, Texts};
use crate::model::Locale;

/// A text that is read in whichever language. The command line, and programs, read it in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said(Part);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// What is the same in every language: names, places, and what a database or a proxy said.
    Verbatim(String),
    Text {
        key: Key,
        gaps: Vec<(&'static str, Filling)>,
    },
    /// One after the other.
    List(Vec<Said>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Filling {
    Said(Said),
    Number(u64),
}

/// A text of ours, whose gaps are filled next.
pub(crate) const fn said(key: Key) -> Said {
    Said(Part::Text { key, gaps: Vec::new() })
}

impl Said {
    /// Several of them, with commas between.
    pub(crate) const fn list(all: Vec<Self>) -> Self {
        Self(Part::List(all))
    }

    /// The same with what stands in a gap.
    pub(crate) fn filling(self, gap: &'static str, value: impl fmt::Display) -> Self {
        self.filled(gap, Filling::Said(Self::from(value.to_string())))
    }

    /// The same where that is in the reader's language, too.
    pub(crate) fn filling_in(self, gap: &'static str, value: impl Into<Self>) -> Self {
        self.filled(gap, Filling::Said(value.into()))
    }

    /// The same where a number decides the wording.
    pub(crate) fn counting(self, gap: &'static str, number: u64) -> Self {
        self.filled(gap, Filling::Number(number))
    }

    fn filled(mut self, gap: &'static str, value: Filling) -> Self {
        if let Part::Text { gaps, .. } = &mut self.0 {
            gaps.push((gap, value));
        }
        self
    }

    /// In a language.
    pub fn read(&self, t: &Texts) -> String {
        match &self.0 {
            Part::Verbatim(text) => text.clone(),
            Part::List(all) => all.iter().map(|one| one.read(t)).collect::<Vec<_>>().join(", "),
            Part::Text { key, gaps } => {
                let gap = |(name, value): &(&'static str, Filling)| match value {
                    Filling::Said(said) => (*name, Gap::Text(said.read(t))),
                    Filling::Number(number) => (*name, Gap::Number(*number)),
                };
                t.filled(*key, gaps.iter().map(gap))
            }
        }
    }
}

impl From<Key> for Said {
    fn from(key: Key) -> Self {
        said(key)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self(Part::Verbatim(text))
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.read(Texts::of(Locale::En)))
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::keys::doctor as text;

    #[test]
    fn a_text_is_read_in_a_language_and_what_others_said_in_their_words() {
        let (en, ko) = (Texts::of(Locale::En), Texts::of(Locale::Ko));
        let both = Said::list(vec![said(text::NAME_NOWHERE).filling("name", "{ $n }"), "error 7".into()]);
        assert_eq!(both.read(en), "the name { $n } leads nowhere, error 7");
        assert!(both.read(ko).ends_with(", error 7") && both.read(ko) != both.read(en));
        let steps = |n| said(text::SCHEMA_OPEN).counting("n", n).to_string();
        assert_eq!(steps(1), "one step of the schema is missing");
        assert_eq!(steps(12), "12 steps of the schema are missing");
        let nested = said(text::CANNOT_BE_MADE)
            .filling("place", "a")
            .filling_in("why", said(text::NO_FOLDER).filling("folder", "b"));
        assert_eq!(serde_json::to_value(&nested).unwrap(), "a cannot be made: there is no folder b");
    }
}
