//! What people read of something that is declared, in several languages: `label`, and `label#ko` beside it.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::document::{Document, Verdict};
use super::{FieldError, FieldProblem};
use crate::identity::accounts::check_locale;
use crate::support::line;

/// The longest label, in characters.
const MAX_LABEL: usize = 100;
/// The most languages of a label.
const MAX_LANGUAGES: usize = 20;
/// What the name of a label in a language begins with.
const LABEL_IN: &str = "label#";

/// Reads what is left of a document once all other fields are taken: labels in languages, and nothing else.
pub(super) fn left<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let left = BTreeMap::<String, String>::deserialize(deserializer)?;
    match left.keys().find(|name| !is_label(name)) {
        Some(unknown) => Err(D::Error::custom(format!("unknown field `{unknown}`"))),
        None => Ok(left),
    }
}

/// Whether a member is a label in a language.
fn is_label(member: &str) -> bool {
    member.strip_prefix(LABEL_IN).is_some_and(|tag| !tag.is_empty())
}

/// The members of a document with labels that have names of their own: `labels` stands for those in languages.
pub(super) fn named_members(fields: &[&'static str]) -> Vec<&'static str> {
    fields.iter().copied().filter(|name| *name != "labels").collect()
}

/// What is done with a member of such a document.
pub(super) fn verdict<D: Document>(member: &str) -> Verdict {
    let known = is_label(member) || D::members().contains(&member);
    if known { Verdict::Known } else { Verdict::Unknown }
}

/// Labels as the members of a document.
pub(super) fn members(labels: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    labels.iter().map(|(tag, label)| (format!("{LABEL_IN}{tag}"), label.clone())).collect()
}

/// Takes in what a document says: the label itself, and those in languages, of which an empty one goes.
pub(super) fn take(
    (label, labels): (&mut String, &mut BTreeMap<String, String>),
    said: Option<&str>,
    said_in: &BTreeMap<String, String>,
    found: &mut Vec<FieldProblem>,
) {
    match said.map(|label| line::parse(label, MAX_LABEL)) {
        Some(Ok(said)) => *label = said,
        Some(Err(why)) => found.push(FieldError::Line(why).of("label")),
        None => {}
    }
    for (member, label) in said_in {
        put(labels, member, label, found);
    }
    if labels.len() > MAX_LANGUAGES {
        found.push(FieldError::TooMany(MAX_LANGUAGES).of("label"));
    }
}

fn put(labels: &mut BTreeMap<String, String>, member: &str, label: &str, found: &mut Vec<FieldProblem>) {
    let Ok(tag) = check_locale(member.strip_prefix(LABEL_IN).unwrap_or_default()) else {
        return found.push(FieldError::Locale.of(member));
    };
    match line::parse(label, MAX_LABEL) {
        Ok(label) => drop(labels.insert(tag, label)),
        Err(line::LineRejected::Empty) => drop(labels.remove(&tag)),
        Err(why) => found.push(FieldError::Line(why).of(member)),
    }
}
