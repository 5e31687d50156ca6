//! Custom attributes: what a server knows of its accounts besides the standard claims, each of a kind that an administrator declared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

use super::locale::Locale;
use super::manager::Manager;
use crate::support::Timestamp;

/// The longest name, in characters.
const MAX_NAME: usize = 64;

/// The values of an account's attributes, by their names. A value whose definition is gone counts for nothing: see [`Definitions::known`].
pub type Attributes = BTreeMap<String, AttributeValue>;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// Several texts, in their order.
    Texts(Vec<String>),
}

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// One line of text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of texts.
    Texts,
}

/// What an end-user may do with an attribute of their own account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndUserAccess {
    /// Only administrators see it.
    #[default]
    None,
    /// See it.
    Read,
    /// See and change it.
    Write,
}

/// A declared attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeDefinition {
    /// What documents and rules call it. It never changes.
    pub name: String,
    /// What its values are. It never changes.
    pub value_type: AttributeType,
    /// What people read.
    pub label: String,
    /// The same in further languages, by their BCP 47 tags.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the end-user may do with it.
    #[serde(default)]
    pub end_user_access: EndUserAccess,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was declared.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

impl AttributeType {
    /// Every type.
    pub const ALL: &[Self] = &[Self::Text, Self::Number, Self::Boolean, Self::Texts];

    /// Its name: `texts`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Texts => "texts",
        }
    }

    /// Whether a value is of this type.
    pub const fn has(self, value: &AttributeValue) -> bool {
        matches!(
            (self, value),
            (Self::Text, AttributeValue::Text(_))
                | (Self::Number, AttributeValue::Number(_))
                | (Self::Boolean, AttributeValue::Boolean(_))
                | (Self::Texts, AttributeValue::Texts(_))
        )
    }
}

impl EndUserAccess {
    /// Every kind of access, the least first.
    pub const ALL: &[Self] = &[Self::None, Self::Read, Self::Write];

    /// Its name: `read`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl AttributeDefinition {
    /// What it is called for readers of a language.
    pub fn label_in(&self, locale: Locale) -> &str {
        locale.text_of(&self.labels).unwrap_or(&self.label)
    }
}

/// Whether a text can be the name of an attribute: a letter, then letters, digits, `_` and `-`.
pub fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The attributes that are declared, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions(Vec<AttributeDefinition>);

impl Definitions {
    /// These.
    pub fn new(mut definitions: Vec<AttributeDefinition>) -> Self {
        definitions.sort_by(|a, b| a.name.cmp(&b.name));
        Self(definitions)
    }

    /// The one of this name.
    pub fn find(&self, name: &str) -> Option<&AttributeDefinition> {
        self.0.iter().find(|definition| definition.name == name)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &AttributeDefinition> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of an account's attribute, where it is declared and the value is of its type.
    pub fn value<'a>(&self, attributes: &'a Attributes, name: &str) -> Option<&'a AttributeValue> {
        let definition = self.find(name)?;
        attributes.get(name).filter(|value| definition.value_type.has(value))
    }

    /// Those of an account's attributes that are declared: what is no longer, counts for nothing and is shown nowhere.
    #[must_use]
    pub fn known(&self, mut attributes: Attributes) -> Attributes {
        attributes.retain(|name, value| self.find(name).is_some_and(|known| known.value_type.has(value)));
        attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(name: &str, value_type: AttributeType) -> AttributeDefinition {
        AttributeDefinition {
            name: name.to_owned(),
            value_type,
            label: name.to_owned(),
            labels: [("ko-KR".to_owned(), "한국 등급".to_owned()), ("ko".to_owned(), "등급".to_owned())].into(),
            end_user_access: EndUserAccess::None,
            managed_by: None,
            created_at: Timestamp::from_seconds(1),
            version: 0,
        }
    }

    #[test]
    fn a_value_counts_while_its_definition_is_there_and_of_its_type() {
        let mut all = Attributes::new();
        all.insert("level".to_owned(), AttributeValue::Text("gold".to_owned()));
        all.insert("age".to_owned(), AttributeValue::Number(7.into()));
        let texts = Definitions::new(vec![definition("level", AttributeType::Text)]);
        assert_eq!(texts.known(all.clone()).into_keys().collect::<Vec<_>>(), ["level"]);
        let numbers = Definitions::new(vec![definition("level", AttributeType::Number)]);
        assert!(numbers.known(all.clone()).is_empty());
        assert_eq!(numbers.value(&all, "level"), None);
        assert_eq!(texts.value(&all, "level"), Some(&AttributeValue::Text("gold".to_owned())));
    }

    #[test]
    fn values_are_told_apart_by_what_they_are_in_json() {
        for (text, value) in [
            ("true", AttributeValue::Boolean(true)),
            ("7", AttributeValue::Number(7.into())),
            ("\"7\"", AttributeValue::Text("7".to_owned())),
            ("[\"a\"]", AttributeValue::Texts(vec!["a".to_owned()])),
        ] {
            assert_eq!(serde_json::from_str::<AttributeValue>(text).unwrap(), value);
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
    }

    #[test]
    fn a_name_is_a_word_that_rules_and_addresses_can_say() {
        for good in ["level", "employeeNumber", "cost_center", "x-1"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "1st", "a.b", "a b", "등급", "-a", "a/b", &"x".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
        assert_eq!(definition("level", AttributeType::Text).label_in(Locale::Ko), "등급");
    }
}
