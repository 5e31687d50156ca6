//! The signing keys, as administrators see and rotate them.

use super::Administration;
use crate::keys::{KeyError, KeyRing, KeySummary, Rotation};
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::client::SigningAlgorithm;
use crate::store::Change;
use crate::support::id::KeyId;

/// The keys of the ring, without their private parts.
pub fn list(ring: &KeyRing) -> Vec<KeySummary> {
    ring.list()
}

/// Rotates the key of one algorithm, or of all, as soon as every verifier can know the next one.
pub async fn rotate(
    admin: &Administration,
    actor: &Actor,
    ring: &KeyRing,
    algorithm: Option<SigningAlgorithm>,
) -> Result<Vec<Rotation>, KeyError> {
    let done = ring.rotate_now(algorithm).await?;
    let what = algorithm.map_or("every algorithm", SigningAlgorithm::as_str);
    record(admin, actor, format!("rotation asked for: {what}")).await?;
    Ok(done)
}

/// Takes a key that may be in wrong hands out of the ring.
pub async fn revoke(admin: &Administration, actor: &Actor, ring: &KeyRing, id: KeyId) -> Result<(), KeyError> {
    ring.revoke(id).await?;
    record(admin, actor, format!("revoked {id}")).await
}

/// The ring commits by itself: it keeps its keys where a whole ring is replaced at once. So the entry follows.
async fn record(admin: &Administration, actor: &Actor, detail: String) -> Result<(), KeyError> {
    let event = admin.event(AuditKind::KeysRotated, actor, admin.clock().now()).saying(detail);
    Ok(admin.work().commit(vec![Change::Audit(event)]).await?)
}
