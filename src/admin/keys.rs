//! The signing keys, as administrators see and rotate them.

use serde::Serialize;

use super::{Administration, Authority, Permission, ProvenAuthority, Rejected};
use crate::keys::{KeyRing, KeySummary, Rotation};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::client::SigningAlgorithm;
use crate::store::Change;
use crate::support::id::KeyId;

/// What became of the wish to rotate the key of an algorithm, as it is shown.
#[derive(Debug, Serialize)]
pub struct RotationView {
    /// The algorithm.
    pub algorithm: SigningAlgorithm,
    /// Whether the next key signs now.
    pub rotated: bool,
    /// From when on the next key can take over, where it cannot yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possible_at: Option<String>,
}

impl From<&Rotation> for RotationView {
    fn from(rotation: &Rotation) -> Self {
        match rotation {
            Rotation::Done(algorithm) => Self { algorithm: *algorithm, rotated: true, possible_at: None },
            Rotation::Possible(algorithm, from) => {
                Self { algorithm: *algorithm, rotated: false, possible_at: Some(from.to_string()) }
            }
        }
    }
}

/// The keys of the ring, without their private parts.
pub fn list(authority: &Authority, ring: &KeyRing) -> Result<Vec<KeySummary>, Rejected> {
    authority.require(Permission::ReadKeys)?;
    Ok(ring.list())
}

/// Rotates the key of one algorithm, or of all, as soon as every verifier can know the next one.
pub async fn rotate(
    admin: &Administration,
    authority: &ProvenAuthority,
    ring: &KeyRing,
    algorithm: Option<SigningAlgorithm>,
) -> Result<Vec<Rotation>, Rejected> {
    authority.require(Permission::RotateKeys)?;
    admin.stands(authority).await?;
    if authority.tries() {
        return Ok(ring.try_rotation(algorithm)?);
    }
    let done = ring.rotate_now(algorithm).await?;
    let what = algorithm.map_or("every algorithm", SigningAlgorithm::as_str);
    record(admin, authority, None, format!("rotation asked for: {what}")).await?;
    Ok(done)
}

/// Takes a key that may be in wrong hands out of the ring.
pub async fn revoke(
    admin: &Administration,
    authority: &ProvenAuthority,
    ring: &KeyRing,
    id: KeyId,
) -> Result<(), Rejected> {
    authority.require(Permission::RevokeKeys)?;
    admin.stands(authority).await?;
    if authority.tries() {
        return Ok(ring.try_revocation(id)?);
    }
    ring.revoke(id).await?;
    record(admin, authority, Some(id), format!("revoked {id}")).await
}

/// The ring commits by itself: it keeps its keys where a whole ring is replaced at once. So the entry follows.
async fn record(
    admin: &Administration,
    authority: &ProvenAuthority,
    key: Option<KeyId>,
    detail: String,
) -> Result<(), Rejected> {
    let event = admin.event(AuditKind::KeysRotated, authority, admin.clock().now()).saying(detail);
    let event = event.to(key.map_or(AuditTarget::Server, AuditTarget::Key));
    Ok(admin.commit_by(authority, vec![Change::Audit(event)]).await?)
}
