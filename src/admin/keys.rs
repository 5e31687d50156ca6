//! The signing keys, as administrators see and rotate them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Administration, Authority, Permission, ProvenAuthority, Rejected};
use crate::keys::{KeyRing, KeySummary, Rotation};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::client::{Client, SigningAlgorithm};
use crate::protocol::grant_type::GrantType;
use crate::store::Change;
use crate::support::id::KeyId;

/// What became of the wish to rotate the key of an algorithm, as it is shown.
#[derive(Debug, Serialize, ToSchema)]
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

/// How many clients are named that are registered with an algorithm.
const NAMED: usize = 5;
/// How many clients are read at a time.
const AT_ONCE: u32 = 200;

/// Which clients are registered with an algorithm: those whose access tokens or ID tokens it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmUse {
    /// The algorithm.
    pub algorithm: SigningAlgorithm,
    /// How many there are.
    pub clients: usize,
    /// What the first of them are called.
    pub named: Vec<String>,
}

/// Who uses each algorithm, as far as the server knows: resource servers may verify what they like.
pub async fn uses(admin: &Administration, authority: &Authority) -> Result<Vec<AlgorithmUse>, Rejected> {
    authority.require(Permission::ReadClients)?;
    let unused = |algorithm: &SigningAlgorithm| AlgorithmUse { algorithm: *algorithm, clients: 0, named: Vec::new() };
    let mut uses: Vec<AlgorithmUse> = SigningAlgorithm::ALL.iter().map(unused).collect();
    let mut after = None;
    loop {
        let page = admin.stores().clients.list(after.as_ref(), AT_ONCE).await?;
        for client in &page.items {
            for one in uses.iter_mut().filter(|one| signs_for(one.algorithm, client)) {
                one.clients += 1;
                if one.named.len() < NAMED {
                    one.named.push(client.presentation.name.clone());
                }
            }
        }
        after = page.items.last().map(|client| client.id.clone());
        if !page.more {
            return Ok(uses);
        }
    }
}

/// Whether an algorithm signs something for a client.
fn signs_for(algorithm: SigningAlgorithm, client: &Client) -> bool {
    let signs_users_in = client.policy.grant_types.contains(&GrantType::AuthorizationCode);
    client.tokens.access_token_algorithm == algorithm
        || (signs_users_in && client.tokens.id_token_algorithm == algorithm)
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
