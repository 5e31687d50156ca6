//! The ring as one node holds it: the records of one version, opened, parsed and published.

use std::collections::HashMap;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::jwk::PublicKey;
use super::pair::KeyPair;
use super::plan::{self, Settings};
use super::published::PublishedKeys;
use super::seal::Sealer;
use super::signer::Signer;
use super::{KeyError, pair};
use crate::model::client::SigningAlgorithm;
use crate::model::signing_key::{KeyState, SigningKeyRecord};
use crate::support::id::KeyId;
use crate::support::{Clock, Random};

/// One version of the ring.
pub(super) struct Loaded {
    pub(super) version: u64,
    pub(super) records: Vec<SigningKeyRecord>,
    pub(super) published: Arc<PublishedKeys>,
    signers: Vec<Arc<Signer>>,
    known: HashMap<String, Arc<Known>>,
}

/// A published key, and that its record was found to be true.
pub(super) struct Known {
    pub(super) algorithm: SigningAlgorithm,
    pub(super) key: PublicKey,
    record: SigningKeyRecord,
}

impl Loaded {
    /// Opens what `previous` has not opened already. A record whose public key is not that of its sealed private key is refused:
    /// who can write to the store cannot have us publish, or believe, a key of theirs.
    pub(super) fn new(
        version: u64,
        records: Vec<SigningKeyRecord>,
        previous: Option<&Self>,
        settings: &Settings,
        sealer: &Sealer,
    ) -> Result<Self, KeyError> {
        let mut known = HashMap::with_capacity(records.len());
        let mut signers: Vec<(&SigningKeyRecord, Arc<Signer>)> = Vec::new();
        for record in &records {
            let name = record.id.to_string();
            let seen = previous.and_then(|ring| ring.known.get(&name)).filter(|seen| seen.is_of(record));
            let signs = record.state == KeyState::Active;
            let signer = previous.and_then(|ring| ring.signers.iter().find(|signer| signer.id == record.id));
            match (seen, signer) {
                (Some(seen), Some(signer)) if signs => {
                    signers.push((record, signer.clone()));
                    known.insert(name, seen.clone());
                }
                (Some(seen), _) if !signs => drop(known.insert(name, seen.clone())),
                _ => {
                    let (opened, pair) = open(record, sealer)?;
                    if signs {
                        signers.push((record, Arc::new(Signer::new(record.id, record.algorithm, pair))));
                    }
                    known.insert(name, Arc::new(opened));
                }
            }
        }
        // Of two active keys, which only a meddled store has, the newest one signs.
        signers.sort_by_key(|(record, _)| std::cmp::Reverse((record.activated_at, record.id)));
        let signers = signers.into_iter().map(|(_, signer)| signer).collect();
        let max_age =
            if plan::is_unfinished(&records, settings) { std::time::Duration::ZERO } else { settings.max_age };
        let published = Arc::new(PublishedKeys::new(&records, max_age));
        Ok(Self { version, records, published, signers, known })
    }

    /// The key that signs for an algorithm.
    pub(super) fn signer(&self, algorithm: SigningAlgorithm) -> Option<&Arc<Signer>> {
        self.signers.iter().find(|signer| signer.algorithm == algorithm)
    }

    /// The published key of this `kid`.
    pub(super) fn known(&self, kid: &str) -> Option<&Arc<Known>> {
        self.known.get(kid)
    }
}

impl Known {
    fn is_of(&self, record: &SigningKeyRecord) -> bool {
        self.record.algorithm == record.algorithm
            && self.record.sealed == record.sealed
            && self.record.public_jwk == record.public_jwk
    }
}

/// What a new record is made with.
#[derive(Clone)]
pub(super) struct Maker {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) sealer: Arc<Sealer>,
}

impl Maker {
    /// Makes a key and seals it. May take long: see [`pair::generate`].
    pub(super) fn make(&self, algorithm: SigningAlgorithm, state: KeyState) -> Result<SigningKeyRecord, KeyError> {
        self.record(algorithm, state, &pair::generate(algorithm, &*self.random)?)
    }

    /// Seals a key. It counts as made now, for the wait before it may sign begins when it is published.
    pub(super) fn record(
        &self,
        algorithm: SigningAlgorithm,
        state: KeyState,
        pkcs8: &[u8],
    ) -> Result<SigningKeyRecord, KeyError> {
        let now = self.clock.now();
        let parsed = KeyPair::from_pkcs8(algorithm, pkcs8).ok_or(KeyError::Crypto("a key was refused"))?;
        let id = KeyId::new(now, &*self.random);
        Ok(SigningKeyRecord {
            id,
            algorithm,
            state,
            public_jwk: parsed.public_jwk(),
            sealed: self.sealer.seal(&*self.random, &aad(id, algorithm), pkcs8),
            created_at: now,
            activated_at: (state == KeyState::Active).then_some(now),
            retired_at: None,
        })
    }
}

/// Opens a record and checks that it tells the truth.
fn open(record: &SigningKeyRecord, sealer: &Sealer) -> Result<(Known, KeyPair), KeyError> {
    let (id, algorithm) = (record.id, record.algorithm);
    let pkcs8 = sealer.unseal(&aad(id, algorithm), &record.sealed).map(Zeroizing::new);
    let pkcs8 = pkcs8.ok_or(KeyError::WrongKeyEncryptionKey(id))?;
    let pair = KeyPair::from_pkcs8(algorithm, &pkcs8).ok_or(KeyError::Corrupt(id))?;
    if pair.public_jwk() != record.public_jwk {
        return Err(KeyError::Corrupt(id));
    }
    let key = record.public_jwk.as_object().and_then(|jwk| PublicKey::from_jwk(jwk).ok());
    let key = key.ok_or(KeyError::Corrupt(id))?;
    Ok((Known { algorithm, key, record: record.clone() }, pair))
}

/// A sealed key opens only as what it was sealed as.
fn aad(id: KeyId, algorithm: SigningAlgorithm) -> Vec<u8> {
    format!("signing key {id} {}", algorithm.as_str()).into_bytes()
}
