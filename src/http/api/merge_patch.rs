//! JSON merge patches: RFC 7396.
//!
//! Owns what a patch makes of a document. Our documents say what is to be, and what they do not say stays; so what a patch takes away is said as what
//! stands for nothing: an empty text, list or object, or 0. Whether it can be taken away is for the rules of the document.

use serde_json::{Map, Value};

/// A member that a patch takes away, and that nothing stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AlwaysThere(pub(super) String);

/// What a patch says of a document that is so: the document to send for it.
pub(super) fn said(is: &Map<String, Value>, patch: &Map<String, Value>) -> Result<Map<String, Value>, AlwaysThere> {
    let mut said = Map::new();
    for (name, change) in patch {
        match (is.get(name), change) {
            // "Null values in the merge patch are given special meaning to indicate the removal of existing values in the target."
            (None, Value::Null) => {}
            (Some(was), Value::Null) => {
                said.insert(name.clone(), nothing_like(was).ok_or_else(|| AlwaysThere(name.clone()))?);
            }
            (Some(Value::Object(was)), Value::Object(change)) => {
                let mut merged = was.clone();
                merged.extend(within(was, change)?);
                said.insert(name.clone(), Value::Object(merged));
            }
            (_, Value::Object(change)) => {
                said.insert(name.clone(), Value::Object(self::said(&Map::new(), change)?));
            }
            (_, value) => {
                said.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(said)
}

/// The same within a member that is an object: what nothing stands for is taken away by `null` there, which its rules understand.
fn within(was: &Map<String, Value>, change: &Map<String, Value>) -> Result<Map<String, Value>, AlwaysThere> {
    let nothing = |name: &String| matches!(was.get(name), Some(Value::Bool(_) | Value::Number(_)));
    let (taken, said): (Map<_, _>, Map<_, _>) =
        change.clone().into_iter().partition(|(name, value)| value.is_null() && nothing(name));
    let mut merged = self::said(was, &said)?;
    merged.extend(taken);
    Ok(merged)
}

fn nothing_like(value: &Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(Value::String(String::new())),
        Value::Array(_) => Some(Value::Array(Vec::new())),
        Value::Object(_) => Some(Value::Object(Map::new())),
        Value::Number(_) => Some(0.into()),
        Value::Bool(_) | Value::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patched(is: Value, patch: Value) -> Result<Value, AlwaysThere> {
        let (Value::Object(is), Value::Object(patch)) = (is, patch) else { panic!("no objects") };
        said(&is, &patch).map(Value::Object)
    }

    #[test]
    fn a_patch_says_what_it_names_and_nothing_else() {
        let is = json!({"name": "Kim", "locale": "ko", "email_verified": true, "roles": ["owner"], "age": 7,
            "address": {"country": "KR", "locality": "Seoul"}});
        for (patch, said) in [
            (json!({}), json!({})),
            (json!({"name": "Lee"}), json!({"name": "Lee"})),
            (json!({"name": null, "nickname": null}), json!({"name": ""})),
            (json!({"roles": null, "age": null}), json!({"roles": [], "age": 0})),
            (json!({"roles": ["auditor"]}), json!({"roles": ["auditor"]})),
            (
                json!({"address": {"locality": null, "region": "x"}}),
                json!({"address": {"country": "KR", "locality": "", "region": "x"}}),
            ),
            (json!({"address": null}), json!({"address": {}})),
            (json!({"jwks": {"keys": [], "x": null}}), json!({"jwks": {"keys": []}})),
        ] {
            assert_eq!(patched(is.clone(), patch.clone()), Ok(said), "{patch}");
        }
        assert_eq!(patched(is, json!({"email_verified": null})), Err(AlwaysThere("email_verified".to_owned())));
    }
}
