//! Reading the documents of accounts, clients and connections from JSON.
//!
//! Owns what is said of a member that no document has: its name, and the one that was probably meant. Leaves what members mean, and which
//! of others' members pass, to the resources.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::support::typo;

/// A resource as a document: what is shown of it can be sent back.
pub trait Document: Serialize + DeserializeOwned {
    /// The members that hold a secret: their values are read once, by the document itself.
    const SECRETS: &'static [&'static str] = &[];

    /// The names of its members.
    fn members() -> Vec<&'static str>;

    /// The names of members that others' documents have, of which something is known all the same.
    fn others() -> Vec<&'static str> {
        Vec::new()
    }

    /// What is done with a member of this name and value.
    fn verdict(member: &str, _value: &Value) -> Verdict {
        if Self::members().contains(&member) { Verdict::Known } else { Verdict::Unknown }
    }
}

/// What is done with a member of a document that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The document has it.
    Known,
    /// The document has it not, and its value asks for nothing.
    Passed,
    /// It asks for something that is not done here; this is said instead.
    Refused(String),
    /// There is no such member.
    Unknown,
}

/// Why a text is no such document.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentRejected {
    /// No JSON, or a member that has a value of another type.
    #[error("{0}")]
    Malformed(String),
    /// Members that there are not, or whose values ask for what is not done here.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Members(Vec<MemberRejected>),
}

/// Why a member is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberRejected {
    /// It is not known; the known one that is nearest to it.
    #[error("there is no {member}{}", .nearest.map(|nearest| format!("; did you mean {nearest}?")).unwrap_or_default())]
    Unknown {
        /// Its name.
        member: String,
        /// The name of the nearest one.
        nearest: Option<&'static str>,
    },
    /// Its value asks for what is not done here.
    #[error("{member}: {instead}")]
    Refused {
        /// Its name.
        member: String,
        /// What is done instead.
        instead: String,
    },
}

/// Members that are read and never shown. `skip_serializing` would keep them out of what documents are described by, too.
pub(super) mod never_shown {
    use serde::Serializer;

    /// Never is.
    #[allow(clippy::ref_option, reason = "serde hands over references")]
    pub(in crate::admin) const fn always<T>(_member: &Option<T>) -> bool {
        true
    }

    /// Nothing.
    #[allow(clippy::ref_option, reason = "serde hands over references")]
    pub(in crate::admin) fn serialize<T, S: Serializer>(_member: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// Reads a document. Every member that is refused is named.
pub fn read<T: Document>(text: &str) -> Result<T, DocumentRejected> {
    let malformed = |error: serde_json::Error| DocumentRejected::Malformed(error.to_string());
    // Twice: once for what is refused, which knows no types; once for the document, whose errors know their line.
    let refused: RefusedMembers<T> = serde_json::from_str(text).map_err(malformed)?;
    if refused.found.is_empty() {
        serde_json::from_str(text).map_err(malformed)
    } else {
        Err(DocumentRejected::Members(refused.found))
    }
}

/// The members of an object that a kind of document refuses.
struct RefusedMembers<T> {
    found: Vec<MemberRejected>,
    of: PhantomData<T>,
}

impl<'de, T: Document> Deserialize<'de> for RefusedMembers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Document> Visitor<'de> for Members<T> {
    type Value = RefusedMembers<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<RefusedMembers<T>, A::Error> {
        let mut found = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            if T::SECRETS.contains(&name.as_str()) {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            match T::verdict(&name, &members.next_value()?) {
                Verdict::Known | Verdict::Passed => {}
                Verdict::Refused(instead) => found.push(MemberRejected::Refused { member: name, instead }),
                Verdict::Unknown => {
                    let nearest = nearest::<T>(&name);
                    found.push(MemberRejected::Unknown { member: name, nearest });
                }
            }
        }
        Ok(RefusedMembers { found, of: PhantomData })
    }
}

/// The document with what `change` says in place of what it says itself.
pub fn overridden<T: Document>(document: &T, change: &T) -> Result<T, DocumentRejected> {
    let malformed = |error: serde_json::Error| DocumentRejected::Malformed(error.to_string());
    let mut members = members_of(document).map_err(malformed)?;
    members.extend(members_of(change).map_err(malformed)?);
    serde_json::from_value(Value::Object(members)).map_err(malformed)
}

fn members_of<T: Document>(document: &T) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(document)?)
}

/// The members of what is written as an object; none of what is not.
pub(super) fn members(document: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(document) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The names of the members that two of them do not have alike, in order.
pub(super) fn differing(was: &Map<String, Value>, is: &Map<String, Value>) -> Vec<String> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    names.into_iter().filter(|name| was.get(*name) != is.get(*name)).cloned().collect()
}

/// The member that was probably meant.
fn nearest<T: Document>(name: &str) -> Option<&'static str> {
    let all = T::members().into_iter().chain(T::others());
    let (_, known) = all.filter_map(|known| Some((typo::distance(name, known)?, known))).min()?;
    Some(known)
}
