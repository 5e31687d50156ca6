//! The custom attributes of an account as fields of a form: on the page of one's own account, and in the console.

use super::problems;
use crate::i18n::{Texts, keys};
use crate::identity::accounts::{AttributeRejected, written_attribute};
use crate::model::User;
use crate::model::attribute::{AttributeDefinition, AttributeType, Definitions, EndUserAccess};
use crate::protocol::Params;

/// What the name of a field begins with.
const PREFIX: &str = "attribute-";

/// An attribute on a page.
pub(super) struct AttributeField {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) input: Input,
    pub(super) hint: String,
    pub(super) problem: String,
}

/// What it is filled in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// It is only shown.
    Shown,
    Line,
    Lines,
    Number,
    /// Yes, no, or nothing.
    Choice,
}

impl AttributeField {
    /// The attributes that an end-user sees of their own account.
    pub(super) fn own(
        t: &Texts,
        (declared, user): (&Definitions, &User),
        typed: &Params,
        problem: impl Fn(&str) -> String,
    ) -> Vec<Self> {
        let seen = declared.iter().filter(|definition| definition.end_user_access != EndUserAccess::None);
        let open = |definition: &AttributeDefinition| definition.end_user_access == EndUserAccess::Write;
        seen.map(|one| Self::of(t, (one, declared, user), typed, open(one), &problem)).collect()
    }

    /// All of them, as an administrator sees them.
    pub(super) fn all(
        t: &Texts,
        (declared, user): (&Definitions, &User),
        typed: &Params,
        problem: impl Fn(&str) -> String,
    ) -> Vec<Self> {
        declared.iter().map(|one| Self::of(t, (one, declared, user), typed, true, &problem)).collect()
    }

    fn of(
        t: &Texts,
        (definition, declared, user): (&AttributeDefinition, &Definitions, &User),
        typed: &Params,
        open: bool,
        problem: &impl Fn(&str) -> String,
    ) -> Self {
        let id = format!("{PREFIX}{}", definition.name);
        let stored = declared.value(&user.attributes, &definition.name).map(written_attribute).unwrap_or_default();
        let value = if typed.names(&id) { typed.get(&id).unwrap_or_default().to_owned() } else { stored };
        let input = match definition.value_type {
            _ if !open => Input::Shown,
            AttributeType::Text => Input::Line,
            AttributeType::Number => Input::Number,
            AttributeType::Boolean => Input::Choice,
            AttributeType::Texts => Input::Lines,
        };
        Self {
            label: definition.label_in(t.locale()).to_owned(),
            hint: if input == Input::Lines { t.get(keys::attributes::ONE_A_LINE) } else { String::new() },
            problem: problem(&definition.name),
            id,
            value,
            input,
        }
    }

    /// What a reader reads where it is only shown.
    pub(super) fn shown(&self, t: &Texts) -> String {
        match self.value.as_str() {
            "" => "–".to_owned(),
            "true" => t.get(keys::attributes::YES),
            "false" => t.get(keys::attributes::NO),
            text => text.replace('\n', ", "),
        }
    }
}

/// What a form says of attributes, by their names.
pub(super) fn said(params: &Params) -> impl Iterator<Item = (&str, &str)> {
    let named = |(name, value): (_, _)| {
        let name: &str = name;
        Some((name.strip_prefix(PREFIX)?, value))
    };
    params.iter().filter_map(named)
}

/// The same, of those that the form shows and says otherwise than they are.
pub(super) fn changed<'a>(
    declared: &Definitions,
    user: &User,
    params: &'a Params,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let stored = |name: &str| declared.value(&user.attributes, name).map(written_attribute).unwrap_or_default();
    // Browsers send line breaks as two characters: HTML section 4.10.21.4.
    said(params).filter(move |(name, text)| stored(name) != text.replace("\r\n", "\n").trim())
}

/// Why an attribute cannot have a value.
pub(super) fn problem(t: &Texts, why: AttributeRejected) -> String {
    match why {
        AttributeRejected::Line(why) => problems::line(t, why),
        AttributeRejected::OtherType(AttributeType::Number) => t.get(keys::attributes::PROBLEM_NUMBER),
        AttributeRejected::OtherType(_) => t.get(keys::attributes::PROBLEM_TYPE),
        AttributeRejected::TooMany | AttributeRejected::TooLarge => t.get(keys::attributes::PROBLEM_LARGE),
        AttributeRejected::Undeclared => t.get(keys::attributes::PROBLEM_UNDECLARED),
    }
}
