//! What the rules make of one account for one client.

use serde_json::Value;

use super::super::affiliation::Held;
use super::super::attribute::{AttributeValue, Attributes, Definitions};
use super::super::client::{Client, ClientId};
use super::{ClaimRule, ClaimSource, TokenPlace, Unmapped, is_open};

/// Every rule, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(Vec<ClaimRule>);

/// What a client may be told of an account besides the account's own claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    /// The names of its groups and roles.
    pub held: Held,
    /// The claims by rules that the client is registered for, in the order of the rules.
    pub ruled: Vec<Ruled>,
}

/// A claim that a rule gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruled {
    /// What the rule is called.
    pub rule: String,
    /// What the claim is called.
    pub claim: String,
    /// Where it is told.
    pub tokens: Vec<TokenPlace>,
    /// The scope that brings it.
    pub scope: String,
    /// Its value.
    pub value: Value,
    /// What it takes of a token, in bytes: name and value as JSON.
    pub bytes: usize,
}

/// What a rule gives a client, of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict<'a> {
    /// The rule.
    pub rule: &'a ClaimRule,
    /// The places that are its to fill, with what it says there; or why it says nothing.
    pub said: Result<Ruled, NotTold>,
}

/// Why a rule gives a client nothing of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// It is a rule of another app.
    OtherApp(ClientId),
    /// The app has a rule of its own for the claim.
    Overridden(String),
    /// The app is not registered for the scope.
    ScopeNotRegistered(String),
    /// The account has no value, or the attribute is not declared, or none of its values has a word for the app.
    NoValue,
}

impl Rules {
    /// These.
    pub fn new(mut rules: Vec<ClaimRule>) -> Self {
        rules.sort_by(|one, other| one.name.cmp(&other.name));
        Self(rules)
    }

    /// The one of this name.
    pub fn find(&self, name: &str) -> Option<&ClaimRule> {
        self.0.iter().find(|rule| rule.name.as_str() == name)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &ClaimRule> {
        self.0.iter()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What each rule gives a client, of somebody with these attributes, groups and roles. One that was made before a specification came to define
    /// its claim gives nothing any more.
    pub fn judged(
        &self,
        client: &Client,
        (attributes, declared): (&Attributes, &Definitions),
        held: &Held,
    ) -> Vec<Verdict<'_>> {
        let own: Vec<_> = self.0.iter().filter(|rule| rule.client.as_ref() == Some(&client.id)).collect();
        let judge = |rule: &ClaimRule| {
            if let Some(other) = rule.client.as_ref().filter(|id| **id != client.id) {
                return Err(NotTold::OtherApp(other.clone()));
            }
            let mut rivals = own.iter().filter(|own| rule.client.is_none() && own.claim == rule.claim);
            let taken = |place: &TokenPlace| rivals.clone().any(|rival| rival.tokens.contains(place));
            let tokens: Vec<_> = rule.tokens.iter().copied().filter(|place| !taken(place)).collect();
            if let (true, Some(rival)) = (tokens.is_empty(), rivals.next()) {
                return Err(NotTold::Overridden(rival.name.to_string()));
            }
            if !client.policy.scopes.contains(&rule.scope) {
                return Err(NotTold::ScopeNotRegistered(rule.scope.clone()));
            }
            let value = rule.value((attributes, declared), held).ok_or(NotTold::NoValue)?;
            let bytes = rule.claim.as_str().len() + value.to_string().len() + "\"\":,".len();
            let (name, claim, scope) = (rule.name.to_string(), rule.claim.to_string(), rule.scope.clone());
            Ok(Ruled { rule: name, claim, tokens, scope, value, bytes })
        };
        let open = self.0.iter().filter(|rule| is_open(rule.claim.as_str()));
        open.map(|rule| Verdict { rule, said: judge(rule) }).collect()
    }
}

impl ClaimRule {
    /// What it says of somebody; `None` where there is nothing to say. Who is in no group is said to be in none: an app tells that from a rule
    /// that is not there.
    fn value(&self, (attributes, declared): (&Attributes, &Definitions), held: &Held) -> Option<Value> {
        match &self.source {
            ClaimSource::Attribute { name } => match declared.value(attributes, name)? {
                AttributeValue::Text(text) => self.word(text).map(Value::from),
                AttributeValue::Texts(texts) => Some(self.words(texts)),
                AttributeValue::Number(number) => Some(number.clone().into()),
                AttributeValue::Boolean(yes) => Some((*yes).into()),
            },
            ClaimSource::Groups => Some(self.words(&held.groups)),
            ClaimSource::Roles => Some(self.words(&held.roles)),
            ClaimSource::Constant { value } => serde_json::to_value(value).ok(),
        }
    }

    /// What the app calls a value.
    pub fn word<'a>(&'a self, value: &'a str) -> Option<&'a str> {
        let kept = Some(value).filter(|_| self.unmapped == Unmapped::Keep);
        self.values.get(value).map(String::as_str).or(kept)
    }

    /// What the app calls several, each once.
    fn words(&self, values: &[String]) -> Value {
        let mut words: Vec<&str> = Vec::new();
        for word in values.iter().filter_map(|value| self.word(value)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.into()
    }
}
