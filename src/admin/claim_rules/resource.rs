//! A claim rule as a document: what is shown of it and what is said of it are one type.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::admin::document::Document;
use crate::admin::{ClaimProblem, FieldError, FieldProblem};
use crate::identity::accounts::{AttributeRejected, check_attribute};
use crate::model::attribute::{AttributeType, AttributeValue, Definitions};
use crate::model::claim_rule::{ClaimName, ClaimRule, ClaimSource, SourceKind, TokenPlace, Unmapped};
use crate::model::client::ClientId;
use crate::model::manager::Manager;
use crate::model::slug::Slug;
use crate::protocol::ScopeSet;
use crate::support::{Timestamp, line};

/// The most values that a rule has other words for.
const MAX_VALUES: usize = 200;
/// The longest of them, and of the words, in characters.
const MAX_VALUE: usize = 200;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;

/// A claim rule. A field that is not there keeps its value, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimRuleResource {
    /// What people and files call it: 1 to 40 characters of a-z 0-9 -. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is called in tokens: a word, or a URI of your own such as `https://example.com/claims/level`. No name that tokens or OpenID Connect define.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Where its value comes from; an attribute where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceKind>,
    /// The custom attribute, where it comes from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The value, where it is the same for everybody: a text, a number, `true` or `false`, or a list of texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What the app calls what is called otherwise here: `{"staff": "admin"}`. For groups, roles, and attributes that are texts. An empty text takes one away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<String, String>>,
    /// What becomes of a value that `values` does not name: it is told as it is, or not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<Unmapped>,
    /// Where it is told; UserInfo where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Vec<TokenPlace>>,
    /// The granted scope that brings it: an app must be registered for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The client that alone is told; every one that is registered for the scope, where nothing is said. For its client it takes the place of a rule for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Document for ClaimRuleResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.to_vec()
    }
}

impl From<&ClaimRule> for ClaimRuleResource {
    fn from(rule: &ClaimRule) -> Self {
        let ClaimRule {
            name,
            claim,
            source,
            values,
            unmapped,
            tokens,
            scope,
            client,
            description,
            managed_by,
            created_at,
            version,
        } = rule;
        let (attribute, value) = match source {
            ClaimSource::Attribute { name } => (Some(name.clone()), None),
            ClaimSource::Constant { value } => (None, serde_json::to_value(value).ok()),
            ClaimSource::Groups | ClaimSource::Roles => (None, None),
        };
        Self {
            name: Some(name.to_string()),
            claim: Some(claim.to_string()),
            source: Some(source.kind()),
            attribute,
            value,
            values: Some(values.clone()).filter(|values| !values.is_empty()),
            unmapped: Some(*unmapped),
            tokens: Some(tokens.iter().copied().collect()),
            scope: Some(scope.clone()),
            client_id: client.as_ref().map(ClientId::to_string),
            description: Some(description.clone()).filter(|text| !text.is_empty()),
            created_at: Some(created_at.to_string()),
            managed_by: managed_by.as_ref().map(ToString::to_string),
            version: Some(*version),
        }
    }
}

impl ClaimRuleResource {
    /// A new rule; `None` where what it cannot be without was found to be wrong.
    pub(super) fn made(
        &self,
        declared: &Definitions,
        now: Timestamp,
        found: &mut Vec<FieldProblem>,
    ) -> Option<ClaimRule> {
        let name = Slug::parse(self.name.as_deref().unwrap_or_default());
        if name.is_err() {
            found.push(FieldError::Slug.of("name"));
        }
        let claim = ClaimName::parse(self.claim.as_deref().unwrap_or_default());
        if let Err(why) = claim {
            found.push(FieldError::ClaimRule(ClaimProblem::Name(why)).of("claim"));
        }
        let source = self.source(None, declared, found);
        if self.scope.is_none() {
            found.push(FieldError::Missing.of("scope"));
        }
        let blank = ClaimRule {
            name: name.ok()?,
            claim: claim.ok()?,
            source: source?,
            values: BTreeMap::new(),
            unmapped: Unmapped::Keep,
            tokens: [TokenPlace::Userinfo].into(),
            scope: String::new(),
            client: None,
            description: String::new(),
            managed_by: None,
            created_at: now,
            version: 0,
        };
        // What a new document says of what the server sets was of another; what was read is not read again.
        let read = Self { source: None, attribute: None, value: None, ..self.clone() };
        let said = Self { created_at: None, managed_by: None, ..read };
        Some(said.applied_to(blank, declared, found))
    }

    /// The rule with what the document says; its name is chosen once.
    pub(super) fn applied_to(
        &self,
        was: ClaimRule,
        declared: &Definitions,
        found: &mut Vec<FieldProblem>,
    ) -> ClaimRule {
        self.check_unchanged(&was, found);
        let mut rule = was;
        if let Some(text) = self.claim.as_deref().filter(|text| *text != rule.claim.as_str()) {
            match ClaimName::parse(text) {
                Ok(claim) => rule.claim = claim,
                Err(why) => found.push(FieldError::ClaimRule(ClaimProblem::Name(why)).of("claim")),
            }
        }
        rule.source = self.source(Some(&rule.source), declared, found).unwrap_or(rule.source);
        if let Some(tokens) = &self.tokens {
            rule.tokens = tokens.iter().copied().collect();
            if rule.tokens.is_empty() {
                found.push(FieldError::Missing.of("tokens"));
            }
        }
        if let Some(text) = &self.scope {
            rule.scope = one_scope(text, found);
        }
        if let Some(text) = self.client_id.as_deref().map(str::trim) {
            rule.client = client(text, found);
        }
        if let Some(text) = self.description.as_deref().map(str::trim) {
            rule.description =
                if text.is_empty() { String::new() } else { lined("description", text, MAX_DESCRIPTION, found) };
        }
        rule.unmapped = self.unmapped.unwrap_or(rule.unmapped);
        if let Some(values) = &self.values {
            rule.values = words(values, found);
        }
        if !rule.values.is_empty() && !has_words(&rule.source, declared) {
            found.push(FieldError::ClaimRule(ClaimProblem::NotOfSource).of("values"));
        }
        rule
    }

    fn check_unchanged(&self, is: &ClaimRule, found: &mut Vec<FieldProblem>) {
        let same = |said: Option<bool>| said.unwrap_or(true);
        let manager = is.managed_by.as_ref().map(Manager::as_str);
        let fields = [
            ("name", same(self.name.as_deref().map(|name| name == is.name.as_str()))),
            ("created_at", same(self.created_at.as_deref().map(|at| at == is.created_at.to_string()))),
            ("managed_by", same(self.managed_by.as_deref().map(|by| Some(by) == manager))),
        ];
        found.extend(fields.into_iter().filter(|(_, same)| !same).map(|(field, _)| FieldError::ReadOnly.of(field)));
    }

    /// The source that the document says, in place of the one before. What it says of another kind of source is refused, and not passed over.
    fn source(
        &self,
        was: Option<&ClaimSource>,
        declared: &Definitions,
        found: &mut Vec<FieldProblem>,
    ) -> Option<ClaimSource> {
        let kind = self.source.or(was.map(ClaimSource::kind)).unwrap_or(SourceKind::Attribute);
        let attribute = self.attribute.as_deref().map(str::trim);
        let said = self.value.as_ref().filter(|value| !value.is_null() && value.as_str() != Some(""));
        if attribute.is_some_and(|name| !name.is_empty()) && kind != SourceKind::Attribute {
            found.push(FieldError::ClaimRule(ClaimProblem::NotOfSource).of("attribute"));
        }
        if said.is_some() && kind != SourceKind::Constant {
            found.push(FieldError::ClaimRule(ClaimProblem::NotOfSource).of("value"));
        }
        match (kind, was) {
            (SourceKind::Groups, _) => Some(ClaimSource::Groups),
            (SourceKind::Roles, _) => Some(ClaimSource::Roles),
            (SourceKind::Attribute, Some(ClaimSource::Attribute { name }))
                if attribute.is_none_or(|said| said == name) =>
            {
                Some(ClaimSource::Attribute { name: name.clone() })
            }
            (SourceKind::Attribute, _) => named(attribute.unwrap_or_default(), declared, found),
            (SourceKind::Constant, Some(ClaimSource::Constant { value })) if self.value.is_none() => {
                Some(ClaimSource::Constant { value: value.clone() })
            }
            (SourceKind::Constant, _) => constant(said, found).map(|value| ClaimSource::Constant { value }),
        }
    }
}

/// The attribute of this name, if it is declared.
fn named(name: &str, declared: &Definitions, found: &mut Vec<FieldProblem>) -> Option<ClaimSource> {
    if name.is_empty() {
        found.push(FieldError::Missing.of("attribute"));
        return None;
    }
    if declared.find(name).is_none() {
        found.push(FieldError::Attribute(AttributeRejected::Undeclared).at("attribute", name));
        return None;
    }
    Some(ClaimSource::Attribute { name: name.to_owned() })
}

/// A value that is the same for everybody: what an attribute could be.
fn constant(said: Option<&Value>, found: &mut Vec<FieldProblem>) -> Option<AttributeValue> {
    let value_type = match said {
        Some(Value::String(_)) => AttributeType::Text,
        Some(Value::Number(_)) => AttributeType::Number,
        Some(Value::Bool(_)) => AttributeType::Boolean,
        _ => AttributeType::Texts,
    };
    match check_attribute(value_type, said.unwrap_or(&Value::Null)) {
        Ok(Some(value)) => Some(value),
        Ok(None) => {
            found.push(FieldError::Missing.of("value"));
            None
        }
        Err(why) => {
            found.push(FieldError::Attribute(why).of("value"));
            None
        }
    }
}

fn one_scope(text: &str, found: &mut Vec<FieldProblem>) -> String {
    match ScopeSet::parse(text) {
        Ok(scopes) if scopes.is_empty() => found.push(FieldError::Missing.of("scope")),
        Ok(scopes) if scopes.iter().count() > 1 => found.push(FieldError::TooMany(1).of("scope")),
        Ok(scopes) => return scopes.to_string(),
        Err(why) => found.push(FieldError::Scope(why).of("scope")),
    }
    String::new()
}

/// The client that alone is told; none where nothing is said.
fn client(text: &str, found: &mut Vec<FieldProblem>) -> Option<ClientId> {
    if text.is_empty() {
        return None;
    }
    match ClientId::parse(text) {
        Ok(client) => Some(client),
        Err(why) => {
            found.push(FieldProblem::from(why));
            None
        }
    }
}

fn words(said: &BTreeMap<String, String>, found: &mut Vec<FieldProblem>) -> BTreeMap<String, String> {
    let said = said.iter().map(|(from, to)| (from.trim(), to.trim())).filter(|(_, to)| !to.is_empty());
    let mut line = |text: &str| lined("values", text, MAX_VALUE, found);
    let words: BTreeMap<String, String> = said.map(|(from, to)| (line(from), line(to))).collect();
    if words.len() > MAX_VALUES {
        found.push(FieldError::TooMany(MAX_VALUES).of("values"));
    }
    words
}

fn lined(field: &'static str, text: &str, longest: usize, found: &mut Vec<FieldProblem>) -> String {
    line::parse(text, longest).unwrap_or_else(|why| {
        found.push(FieldError::Line(why).of(field));
        String::new()
    })
}

/// Whether the values of a source are words that an app could have others for.
fn has_words(source: &ClaimSource, declared: &Definitions) -> bool {
    match source {
        ClaimSource::Groups | ClaimSource::Roles => true,
        ClaimSource::Constant { .. } => false,
        ClaimSource::Attribute { name } => declared
            .find(name)
            .is_none_or(|known| matches!(known.value_type, AttributeType::Text | AttributeType::Texts)),
    }
}
