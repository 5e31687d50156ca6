//! A declaration that comes over the network: what the files on somebody's own machine say.
//!
//! Owns what is sent, and the permission that it takes besides those of its changes. A secret in it is a text. A reference to a secret (a variable, a file, a
//! program) is resolved where the files are, before anything is sent: here it is no secret and is refused, so that nothing of this machine is read, and
//! nothing runs on it, because of what was sent.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::document::{MAX_ENTRIES, place};
use super::{DeclarationRejected, Deletion, Step, StepRejected, Undeclared, read};
use crate::admin::{Administration, Permission, ProvenAuthority, Rejected};
use crate::model::manager::Manager;

/// The most bytes of what is sent: thousands of entries, or some with their logos.
pub const MAX_SENT: usize = 4 << 20;

/// A declaration that is to be applied. It may hold secrets, so it cannot be printed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// What the server is to have: a document such as `GET /declaration` answers, of which `haechi schema` prints the JSON Schema. A secret in it is a text; a
    /// reference to one is refused. The `logo` of a client or of the branding is the picture in base64, or an empty text for none.
    #[schema(value_type = Object)]
    declaration: Value,
    /// Whether what there is and is not declared is deleted, of the kinds that the declaration is about.
    #[serde(default)]
    prune: bool,
    /// Whose files these are (`haechi apply --owner`): what they declare is managed under this name from then on, and only what is managed so is deleted.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    owner: Option<Manager>,
    /// With `prune`: what of it may be deleted, as the plan named it. What else would go is left, and answered as `leave`. Everything, where this is not said.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Deletion>>)]
    confirmed: Option<BTreeSet<Deletion>>,
}

/// Why what was sent was not applied.
#[derive(Debug, thiserror::Error)]
pub enum SentRejected {
    /// The authority may not apply what is sent, whatever it says.
    #[error(transparent)]
    NotAllowed(Rejected),
    /// It is no declaration.
    #[error(transparent)]
    Unread(DeclarationRejected),
    /// One of its changes was refused.
    #[error("{why}")]
    Step {
        /// Which, and why.
        why: StepRejected,
        /// Where the declaration has it: RFC 6901. `None` where it is about what is not declared.
        place: Option<String>,
    },
}

/// Applies what was sent, as [`apply`](super::apply) does what is read here: each change needs its own permission. By an authority that only tries it is planned.
pub async fn apply_sent(
    admin: &Administration,
    authority: &ProvenAuthority,
    sent: &Sent,
) -> Result<Vec<Step>, SentRejected> {
    authority.require(Permission::ApplyFiles).map_err(SentRejected::NotAllowed)?;
    let declared = bounded(&sent.declaration).and_then(read).map_err(SentRejected::Unread)?;
    let authority = match &sent.owner {
        Some(owner) => authority.clone().declaring_for(owner.clone()),
        None => authority.clone(),
    };
    let undeclared = match &sent.confirmed {
        _ if !sent.prune => Undeclared::Stays,
        Some(these) => Undeclared::Confirmed(these),
        None => Undeclared::Goes,
    };
    let applied = super::apply(admin, &authority, &declared, undeclared).await;
    applied.map_err(|why| SentRejected::Step { place: place(&declared, why.kind, &why.name), why })
}

/// Refuses more entries than are taken at once, before any of them is read.
fn bounded(declaration: &Value) -> Result<&Value, DeclarationRejected> {
    let lists = declaration.as_object().into_iter().flat_map(|lists| lists.values());
    let entries = lists.filter_map(Value::as_array).map(Vec::len).sum();
    if entries > MAX_ENTRIES { Err(DeclarationRejected::TooMany(entries)) } else { Ok(declaration) }
}
