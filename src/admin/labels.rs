//! What people read of something that is declared, in several languages: `label`, and `label#ko` beside it.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::document::{Document, Verdict};
use super::{FieldError, FieldProblem};
use crate::identity::accounts::check_locale;
use crate::support::line;

/// The most languages of a text.
const MAX_LANGUAGES: usize = 20;
/// The label of what is declared.
const LABEL: InLanguages = InLanguages { member: "label", longest: 100 };

/// A member that is a text, and beside which there may be the same in further languages.
#[derive(Clone, Copy, Debug)]
pub(super) struct InLanguages {
    /// Its name: `label`.
    pub(super) member: &'static str,
    /// The longest text, in characters.
    pub(super) longest: usize,
}

/// Reads what is left of a document once all other fields are taken: labels in languages, and nothing else.
pub(super) fn left<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    LABEL.left(deserializer)
}

/// The members of a document with labels that have names of their own: `labels` stands for those in languages.
pub(super) fn named_members(fields: &[&'static str]) -> Vec<&'static str> {
    fields.iter().copied().filter(|name| *name != "labels").collect()
}

/// What is done with a member of such a document.
pub(super) fn verdict<D: Document>(member: &str) -> Verdict {
    LABEL.verdict::<D>(member)
}

/// Labels as the members of a document.
pub(super) fn members(labels: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    LABEL.members(labels)
}

/// Takes in what a document says: the label itself, and those in languages, of which an empty one goes.
pub(super) fn take(
    is: (&mut String, &mut BTreeMap<String, String>),
    said: Option<&str>,
    said_in: &BTreeMap<String, String>,
    found: &mut Vec<FieldProblem>,
) {
    LABEL.take(is, said, said_in, found);
}

impl InLanguages {
    /// Reads what is left of a document once all other fields are taken: this text in languages, and nothing else.
    pub(super) fn left<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
        let left = BTreeMap::<String, String>::deserialize(deserializer)?;
        match left.keys().find(|name| self.tag_of(name).is_none()) {
            Some(unknown) => Err(D::Error::custom(format!("unknown field `{unknown}`"))),
            None => Ok(left),
        }
    }

    /// What is done with a member of a document that has this text.
    pub(super) fn verdict<D: Document>(self, member: &str) -> Verdict {
        let known = self.tag_of(member).is_some() || D::members().contains(&member);
        if known { Verdict::Known } else { Verdict::Unknown }
    }

    /// The text in languages as the members of a document.
    pub(super) fn members(self, texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        texts.iter().map(|(tag, text)| (format!("{}#{tag}", self.member), text.clone())).collect()
    }

    /// Takes in what a document says: the text itself, and that in languages, of which an empty one goes.
    pub(super) fn take(
        self,
        (text, texts): (&mut String, &mut BTreeMap<String, String>),
        said: Option<&str>,
        said_in: &BTreeMap<String, String>,
        found: &mut Vec<FieldProblem>,
    ) {
        match said.map(|said| line::parse(said, self.longest)) {
            Some(Ok(said)) => *text = said,
            Some(Err(why)) => found.push(FieldError::Line(why).of(self.member)),
            None => {}
        }
        self.take_in_languages("", texts, said_in, found);
    }

    /// Takes in what a document that is at `place`, as `scopes.0.`, says of it in languages.
    pub(super) fn take_in_languages(
        self,
        place: &str,
        texts: &mut BTreeMap<String, String>,
        said_in: &BTreeMap<String, String>,
        found: &mut Vec<FieldProblem>,
    ) {
        for (member, said) in said_in {
            let Ok(tag) = check_locale(self.tag_of(member).unwrap_or_default()) else {
                found.push(FieldError::Locale.of(format!("{place}{member}")));
                continue;
            };
            match line::parse(said, self.longest) {
                Ok(said) => drop(texts.insert(tag, said)),
                Err(line::LineRejected::Empty) => drop(texts.remove(&tag)),
                Err(why) => found.push(FieldError::Line(why).of(format!("{place}{member}"))),
            }
        }
        if texts.len() > MAX_LANGUAGES {
            found.push(FieldError::TooMany(MAX_LANGUAGES).of(format!("{place}{}", self.member)));
        }
    }

    /// The language of a member that is this text in one.
    fn tag_of(self, member: &str) -> Option<&str> {
        member.strip_prefix(self.member)?.strip_prefix('#').filter(|tag| !tag.is_empty())
    }
}
