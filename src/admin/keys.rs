//! The signing keys, as administrators see, bring, rotate and revoke them.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Administration, Authority, FieldError, KeyProblem, Permission, ProvenAuthority, Rejected};
use crate::keys::{Imported, KeyError, KeyRing, KeySummary, Rotation};
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::client::{Client, SigningAlgorithm};
use crate::protocol::grant_type::GrantType;
use crate::store::Change;
use crate::support::Secret;
use crate::support::id::KeyId;

/// What became of the wish to rotate the key of an algorithm, as it is shown.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RotationView {
    /// The algorithm.
    pub algorithm: SigningAlgorithm,
    /// Whether the next key signs now.
    pub rotated: bool,
    /// From when on the next key can take over, where it cannot yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

/// A private key that was made elsewhere, as it is brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyGiven {
    /// The one algorithm that it is to sign with: RFC 7517 section 4.4.
    pub algorithm: SigningAlgorithm,
    /// The private key, not encrypted: PEM with PKCS#8 inside, RFC 7468 section 10.
    #[schema(value_type = String)]
    pub pem: Secret<String>,
}

/// A key that was brought: it is published from now on, whether or not a client is registered with its algorithm, and signs later.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedView {
    /// The key's id, the `kid` of its tokens: RFC 7515 section 4.1.4.
    #[schema(value_type = String)]
    pub id: KeyId,
    /// The algorithm that it signs with.
    pub algorithm: SigningAlgorithm,
    /// From when on it can take over (`POST /keys/rotate`): everybody who verifies tokens can know it by then.
    pub possible_at: String,
    /// From when on it signs by itself: when the present key has had its time, or as soon as it can where no other key of the algorithm signs. A client
    /// that is registered with the algorithm before then gets signatures of another key.
    pub signs_at: String,
}

impl From<&Imported> for ImportedView {
    fn from(imported: &Imported) -> Self {
        let key = &imported.key;
        Self {
            id: key.id,
            algorithm: key.algorithm,
            possible_at: imported.possible_at.to_string(),
            signs_at: imported.signs_at.to_string(),
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

impl AlgorithmUse {
    /// The algorithm and the first of the clients: `ES384 (Shop, Reader)`.
    pub(super) fn in_words(&self) -> String {
        let more = if self.clients > self.named.len() { ", …" } else { "" };
        format!("{} ({}{more})", self.algorithm.as_str(), self.named.join(", "))
    }
}

/// Who uses each algorithm, as it was counted last, and at which revision of the clients: they are read again once one of them has changed.
#[derive(Debug, Default)]
pub(super) struct KnownUses(ArcSwapOption<(u64, Vec<AlgorithmUse>)>);

/// Who uses each algorithm, as far as the server knows: resource servers may verify what they like.
pub async fn uses(admin: &Administration, authority: &Authority) -> Result<Vec<AlgorithmUse>, Rejected> {
    authority.require(Permission::ReadClients)?;
    // Asked before the clients are read: what changes meanwhile is of a later one.
    let revision = admin.stores().revision.revision().await?;
    if let Some(known) = admin.uses.0.load_full().filter(|known| known.0 == revision) {
        return Ok(known.1.clone());
    }
    let counted = counted(admin).await?;
    admin.uses.0.store(Some(Arc::new((revision, counted.clone()))));
    Ok(counted)
}

async fn counted(admin: &Administration) -> Result<Vec<AlgorithmUse>, Rejected> {
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

/// Brings a key that was made elsewhere: it becomes the next one of its algorithm, in place of one that waits, is published at once, and signs from the
/// time on that is answered.
pub async fn import(
    admin: &Administration,
    authority: &ProvenAuthority,
    ring: &KeyRing,
    given: &KeyGiven,
) -> Result<Imported, Rejected> {
    authority.require(Permission::ImportKeys)?;
    admin.stands(authority).await?;
    let (algorithm, pem) = (given.algorithm, given.pem.expose());
    if authority.tries() {
        return ring.try_import(algorithm, pem).await.map_err(not_imported);
    }
    let along = |id: KeyId| {
        let what = format!("imported {id} as the next {} key", algorithm.as_str());
        recorded(admin, authority, AuditTarget::Key(id), what)
    };
    ring.import(algorithm, pem, along).await.map_err(not_imported)
}

/// What is wrong with a key that was brought, by what was said of it.
fn not_imported(error: KeyError) -> Rejected {
    match error {
        KeyError::Import(why) => FieldError::Key(KeyProblem::Import(why)).of("pem").into(),
        KeyError::NoKey(_) => FieldError::AlgorithmNotOffered.of("algorithm").into(),
        other => other.into(),
    }
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
    let what = algorithm.map_or("every algorithm", SigningAlgorithm::as_str);
    let along = recorded(admin, authority, AuditTarget::Server, format!("rotation asked for: {what}"));
    Ok(ring.rotate_now(algorithm, along).await?)
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
    let along = recorded(admin, authority, AuditTarget::Key(id), format!("revoked {id}"));
    Ok(ring.revoke(id, along).await?)
}

/// What the ring commits with its keys: that the authority still stands, and the entry. Neither comes without the other.
fn recorded(admin: &Administration, authority: &ProvenAuthority, target: AuditTarget, detail: String) -> Vec<Change> {
    let event = admin.event(AuditKind::KeysRotated, authority, admin.clock().now()).saying(detail).to(target);
    authority.around(vec![Change::Audit(event)])
}
