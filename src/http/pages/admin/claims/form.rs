//! The form of a claim rule.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::listing::Choice;
use super::super::version_of;
use super::super::wrong::Wrong;
use super::{place_words, source_words};
use crate::admin::claim_rules::ClaimRuleResource;
use crate::i18n::{Texts, keys};
use crate::model::attribute::Definitions;
use crate::model::claim_rule::{ClaimRule, SourceKind, TokenPlace, Unmapped};
use crate::protocol::Params;

/// What is filled in.
pub(super) struct Form {
    pub(super) name: String,
    pub(super) claim: String,
    pub(super) sources: Vec<Choice>,
    /// The attributes that are declared, and which is chosen.
    pub(super) attributes: Vec<(String, bool)>,
    pub(super) value: String,
    /// What the app calls what is called otherwise here, one a line.
    pub(super) values: String,
    pub(super) unmapped: Vec<Choice>,
    /// Where it is told: the field, its name, and whether it is.
    pub(super) places: Vec<(&'static str, String, bool)>,
    pub(super) scope: String,
    pub(super) client: String,
    pub(super) description: String,
    pub(super) wrong: Wrong,
}

impl Form {
    /// What is there, with what was typed.
    pub(super) fn of(t: &Texts, is: Option<&ClaimRule>, declared: &Definitions, typed: &Params) -> Self {
        let is = is.map(ClaimRuleResource::from).unwrap_or_default();
        let sent = typed.names("claim");
        let or = |name: &str, stored: Option<&str>| {
            let said = typed.names(name).then(|| typed.get(name).unwrap_or_default());
            said.or(stored).unwrap_or_default().to_owned()
        };
        let source = or("source", Some(is.source.unwrap_or(SourceKind::Attribute).as_str()));
        let attribute = or("attribute", is.attribute.as_deref());
        let unmapped = or("unmapped", Some(is.unmapped.unwrap_or_default().as_str()));
        let mut names: Vec<String> = declared.iter().map(|one| one.name.clone()).collect();
        // One that is declared no more is still what the rule says.
        if !attribute.is_empty() && !names.contains(&attribute) {
            names.push(attribute.clone());
        }
        let stored = is.tokens.unwrap_or_else(|| vec![TokenPlace::Userinfo]);
        let told = |place: &TokenPlace| if sent { typed.get(place.as_str()).is_some() } else { stored.contains(place) };
        let place = |place: &TokenPlace| (place.as_str(), t.get(place_words(*place)), told(place));
        let words = [(Unmapped::Keep, keys::claims::UNMAPPED_KEEP), (Unmapped::Drop, keys::claims::UNMAPPED_DROP)];
        Self {
            name: or("name", is.name.as_deref()),
            claim: or("claim", is.claim.as_deref()),
            sources: Choice::all(
                t,
                SourceKind::ALL.iter().map(|one| (one.as_str(), source_words(*one))),
                Some(&source),
            ),
            attributes: names.into_iter().map(|name| (name.clone(), name == attribute)).collect(),
            value: or("value", is.value.as_ref().map(written).as_deref()),
            values: or("values", is.values.as_ref().map(lines).as_deref()),
            unmapped: Choice::all(t, words.map(|(one, key)| (one.as_str(), key)), Some(&unmapped)),
            places: TokenPlace::ALL.iter().map(place).collect(),
            scope: or("scope", is.scope.as_deref()),
            client: or("client_id", is.client_id.as_deref()),
            description: or("description", is.description.as_deref()),
            wrong: Wrong::default(),
        }
    }
}

/// The document that a form says; `None` where its words are not one a line.
pub(super) fn typed(params: &Params) -> Option<ClaimRuleResource> {
    let text = |name: &str| params.get(name).unwrap_or_default().trim().to_owned();
    let kind = SourceKind::ALL.iter().copied().find(|kind| kind.as_str() == text("source"));
    let kind = kind.unwrap_or(SourceKind::Attribute);
    // Fields of other sources stand there, too: what was typed before another was chosen says nothing.
    let of = |source: SourceKind| source == kind;
    Some(ClaimRuleResource {
        name: params.get("name").map(|name| name.trim().to_owned()),
        claim: Some(text("claim")),
        source: Some(kind),
        attribute: of(SourceKind::Attribute).then(|| text("attribute")),
        value: of(SourceKind::Constant).then(|| read(text("value"))),
        values: Some(words(&text("values"))?),
        unmapped: Unmapped::ALL.iter().copied().find(|one| one.as_str() == text("unmapped")),
        tokens: Some(TokenPlace::ALL.iter().copied().filter(|place| params.get(place.as_str()).is_some()).collect()),
        scope: Some(text("scope")),
        client_id: Some(text("client_id")),
        description: Some(text("description")),
        version: version_of(params),
        ..ClaimRuleResource::default()
    })
}

/// A value as it is typed: what is no JSON is a text.
fn read(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// A value as [`read`] reads it.
fn written(value: &Value) -> String {
    let text = value.as_str().filter(|text| serde_json::from_str::<Value>(text).is_err());
    text.map_or_else(|| value.to_string(), str::to_owned)
}

fn lines(words: &BTreeMap<String, String>) -> String {
    words.iter().map(|(ours, theirs)| format!("{ours} = {theirs}")).collect::<Vec<_>>().join("\n")
}

fn words(text: &str) -> Option<BTreeMap<String, String>> {
    let pair = |line: &str| {
        let (ours, theirs) = line.split_once('=')?;
        Some((ours.trim().to_owned(), theirs.trim().to_owned()))
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_is_what_is_read() {
        for value in [json!("acme"), json!(7), json!(true), json!("7"), json!("true"), json!(["a", "b"])] {
            assert_eq!(read(written(&value)), value);
        }
        let said = words("staff = admin\n\n board=admin \n").unwrap();
        assert_eq!(words(&lines(&said)), Some(said));
        assert_eq!(words("staff"), None);
    }
}
