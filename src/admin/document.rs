//! Reading the documents of accounts, clients and connections from JSON.
//!
//! Owns what is said of a member that no document has: its name, and the one that was probably meant. Leaves what members mean to the
//! resources.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

/// How many letters may be wrong in a name that is taken for another.
const SIMILAR: usize = 2;

/// A resource as a document: what is shown of it can be sent back.
pub trait Document: Serialize + DeserializeOwned {
    /// The names of its members.
    fn members() -> Vec<&'static str>;

    /// Whether it can have a member of this name.
    fn knows(member: &str) -> bool {
        Self::members().contains(&member)
    }
}

/// Why a text is no such document.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentRejected {
    /// No JSON, or a member that has a value of another type.
    #[error("{0}")]
    Malformed(String),
    /// Members that are not known, each with the known one that is nearest to it.
    #[error("{}", .0.iter().map(unknown).collect::<Vec<_>>().join("; "))]
    Unknown(Vec<(String, Option<&'static str>)>),
}

fn unknown((member, nearest): &(String, Option<&'static str>)) -> String {
    match nearest {
        Some(nearest) => format!("there is no {member}; did you mean {nearest}?"),
        None => format!("there is no {member}"),
    }
}

/// Reads a document. Every member that is not known is named.
#[allow(clippy::zero_sized_map_values, reason = "a set is not read from an object")]
pub fn read<T: Document>(text: &str) -> Result<T, DocumentRejected> {
    let malformed = |error: serde_json::Error| DocumentRejected::Malformed(error.to_string());
    // Twice: once for the names, without their values; once for the document, so that errors know their line.
    let names: BTreeMap<String, IgnoredAny> = serde_json::from_str(text).map_err(malformed)?;
    let unknown = names.into_keys().filter(|name| !T::knows(name));
    let unknown: Vec<_> = unknown
        .map(|name| {
            let nearest = nearest::<T>(&name);
            (name, nearest)
        })
        .collect();
    if unknown.is_empty() {
        serde_json::from_str(text).map_err(malformed)
    } else {
        Err(DocumentRejected::Unknown(unknown))
    }
}

/// The document with what `change` says in place of what it says itself.
pub fn overridden<T: Document>(document: &T, change: &T) -> Result<T, DocumentRejected> {
    let malformed = |error: serde_json::Error| DocumentRejected::Malformed(error.to_string());
    let mut members: Map<String, Value> = members(document).map_err(malformed)?;
    members.extend(self::members(change).map_err(malformed)?);
    serde_json::from_value(Value::Object(members)).map_err(malformed)
}

fn members<T: Document>(document: &T) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(document)?)
}

/// The member that was probably meant.
fn nearest<T: Document>(name: &str) -> Option<&'static str> {
    let distances = T::members().into_iter().map(|known| (strsim::osa_distance(name, known), known));
    let (_, known) = distances.filter(|(distance, _)| *distance <= SIMILAR).min()?;
    Some(known)
}
