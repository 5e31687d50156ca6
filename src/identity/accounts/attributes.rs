//! What the value of a custom attribute must be, and changing those of one's own that are open to it.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::Accounts;
use crate::model::attribute::{AttributeType, AttributeValue, Attributes, Definitions, EndUserAccess};
use crate::store::StoreResult;
use crate::support::line::{self, LineRejected};

/// The longest text of a value, in characters.
const MAX_TEXT: usize = 500;
/// The most texts of a list.
const MAX_TEXTS: usize = 50;
/// The most bytes of all attributes of an account together, as JSON.
const MAX_BYTES: usize = 16 * 1024;

/// Why an attribute cannot have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeRejected {
    /// There is no such attribute, or none that the caller may set.
    #[error("there is no such attribute: declare it first")]
    Undeclared,
    /// It is of another type.
    #[error("must be a {}", .0.as_str())]
    OtherType(AttributeType),
    /// It is no line that others could read.
    #[error("{0}")]
    Line(LineRejected),
    /// There are too many texts in a list.
    #[error("must have at most {MAX_TEXTS} entries")]
    TooMany,
    /// The attributes of the account would take too much room.
    #[error("the attributes of an account have at most {MAX_BYTES} bytes together")]
    TooLarge,
}

/// Reads what a document says of an attribute of a type; `None` where it takes the value away: by `null`, an empty text or an empty list.
pub fn check_attribute(value_type: AttributeType, said: &Value) -> Result<Option<AttributeValue>, AttributeRejected> {
    let other = AttributeRejected::OtherType(value_type);
    let value = match (value_type, said) {
        (_, Value::Null) => return Ok(None),
        (_, Value::String(text)) if text.trim().is_empty() => return Ok(None),
        (AttributeType::Text, Value::String(text)) => AttributeValue::Text(text_line(text)?),
        (AttributeType::Number, Value::Number(number)) => AttributeValue::Number(number.clone()),
        (AttributeType::Boolean, Value::Bool(yes)) => AttributeValue::Boolean(*yes),
        (AttributeType::Texts, Value::Array(items)) if items.len() > MAX_TEXTS => {
            return Err(AttributeRejected::TooMany);
        }
        (AttributeType::Texts, Value::Array(items)) => {
            let text = |item: &Value| item.as_str().ok_or(other).and_then(text_line);
            AttributeValue::Texts(items.iter().map(text).collect::<Result<_, _>>()?)
        }
        _ => return Err(other),
    };
    Ok(Some(value).filter(|value| *value != AttributeValue::Texts(Vec::new())))
}

/// What a text means as the value of an attribute of a type: in a field of a form, an argument or a table. The texts of a list are lines.
pub fn read_attribute(value_type: AttributeType, text: &str) -> Result<Value, AttributeRejected> {
    let trimmed = text.trim();
    let other = AttributeRejected::OtherType(value_type);
    if trimmed.is_empty() {
        return Ok(Value::Null);
    }
    match value_type {
        AttributeType::Text => Ok(Value::from(trimmed)),
        AttributeType::Number => trimmed.parse::<Number>().map(Value::Number).map_err(|_| other),
        AttributeType::Boolean => trimmed.parse::<bool>().map(Value::Bool).map_err(|_| other),
        AttributeType::Texts => Ok(trimmed.lines().map(str::trim).filter(|line| !line.is_empty()).collect()),
    }
}

/// A value as [`read_attribute`] reads it.
pub fn written_attribute(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Boolean(yes) => yes.to_string(),
        AttributeValue::Number(number) => number.to_string(),
        AttributeValue::Text(text) => text.clone(),
        AttributeValue::Texts(texts) => texts.join("\n"),
    }
}

/// Refuses attributes that take too much room together.
pub fn check_size(attributes: &Attributes) -> Result<(), AttributeRejected> {
    let bytes = serde_json::to_vec(attributes).map_or(usize::MAX, |bytes| bytes.len());
    if bytes <= MAX_BYTES { Ok(()) } else { Err(AttributeRejected::TooLarge) }
}

fn text_line(text: &str) -> Result<String, AttributeRejected> {
    line::parse(text, MAX_TEXT).map_err(AttributeRejected::Line)
}

/// An attribute with its value; with none, where it is taken away.
pub(super) type Said = (String, Option<AttributeValue>);

/// What the end-user says of their own attributes: each one that is open to them, with its checked value or none.
pub(super) fn checked(
    declared: &Definitions,
    said: &BTreeMap<String, String>,
) -> Result<Vec<Said>, Vec<(String, AttributeRejected)>> {
    let (mut checked, mut rejected) = (Vec::new(), Vec::new());
    for (name, text) in said {
        let open = declared.find(name).filter(|known| known.end_user_access == EndUserAccess::Write);
        let value = open.ok_or(AttributeRejected::Undeclared).and_then(|definition| {
            let said = read_attribute(definition.value_type, text)?;
            check_attribute(definition.value_type, &said)
        });
        match value {
            Ok(value) => checked.push((name.clone(), value)),
            Err(why) => rejected.push((name.clone(), why)),
        }
    }
    if rejected.is_empty() { Ok(checked) } else { Err(rejected) }
}

/// The attributes with what was checked.
pub(super) fn with(mut attributes: Attributes, checked: &[(String, Option<AttributeValue>)]) -> Attributes {
    for (name, value) in checked {
        match value {
            Some(value) => attributes.insert(name.clone(), value.clone()),
            None => attributes.remove(name),
        };
    }
    attributes
}

impl Accounts {
    /// The attributes that are declared.
    pub async fn attributes(&self) -> StoreResult<Definitions> {
        self.stores.attributes.all().await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::attribute::AttributeDefinition;
    use crate::support::Timestamp;

    fn of(value_type: AttributeType) -> AttributeDefinition {
        AttributeDefinition {
            name: "it".to_owned(),
            value_type,
            label: "It".to_owned(),
            labels: BTreeMap::new(),
            end_user_access: EndUserAccess::Write,
            managed_by: None,
            created_at: Timestamp::from_seconds(1),
            version: 0,
        }
    }

    #[test]
    fn a_value_is_of_its_type_and_bounded() {
        use AttributeType::{Boolean, Number, Text, Texts};
        for (value_type, said, found) in [
            (Text, json!(" gold "), Ok(Some(AttributeValue::Text("gold".to_owned())))),
            (Text, json!(" "), Ok(None)),
            (Text, json!(7), Err(AttributeRejected::OtherType(Text))),
            (Text, json!("a\u{202E}b"), Err(AttributeRejected::Line(LineRejected::IllegalCharacter))),
            (Text, json!("x".repeat(501)), Err(AttributeRejected::Line(LineRejected::TooLong { max: MAX_TEXT }))),
            (Number, json!(-2.5), Ok(Some(AttributeValue::Number(serde_json::Number::from_f64(-2.5).unwrap())))),
            (Number, json!("7"), Err(AttributeRejected::OtherType(Number))),
            (Boolean, json!(false), Ok(Some(AttributeValue::Boolean(false)))),
            (Boolean, json!(null), Ok(None)),
            (Texts, json!(["a", "b"]), Ok(Some(AttributeValue::Texts(vec!["a".to_owned(), "b".to_owned()])))),
            (Texts, json!([]), Ok(None)),
            (Texts, json!([1]), Err(AttributeRejected::OtherType(Texts))),
            (Texts, json!(vec!["a"; 51]), Err(AttributeRejected::TooMany)),
            (Texts, json!({"a": 1}), Err(AttributeRejected::OtherType(Texts))),
        ] {
            assert_eq!(check_attribute(value_type, &said), found, "{value_type:?} {said}");
        }
    }

    #[test]
    fn a_value_is_written_as_it_is_read() {
        for (value_type, said) in [
            (AttributeType::Text, json!("gold")),
            (AttributeType::Number, json!(12)),
            (AttributeType::Boolean, json!(true)),
            (AttributeType::Texts, json!(["a b", "c"])),
        ] {
            let value = check_attribute(value_type, &said).unwrap().unwrap();
            assert_eq!(read_attribute(value_type, &written_attribute(&value)), Ok(said));
        }
        assert_eq!(read_attribute(AttributeType::Boolean, "perhaps").unwrap_err().to_string(), "must be a boolean");
    }

    #[test]
    fn end_users_say_only_what_is_open_to_them() {
        let closed = AttributeDefinition { end_user_access: EndUserAccess::Read, ..of(AttributeType::Text) };
        let said = BTreeMap::from([("it".to_owned(), "x".to_owned())]);
        let refused = Err(vec![("it".to_owned(), AttributeRejected::Undeclared)]);
        assert_eq!(checked(&Definitions::new(vec![closed]), &said), refused);
        assert_eq!(checked(&Definitions::default(), &said), refused);
        assert!(checked(&Definitions::new(vec![of(AttributeType::Text)]), &said).is_ok());
    }
}
