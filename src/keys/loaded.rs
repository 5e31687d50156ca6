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

/// Which keys a token may be signed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that are published.
    Published,
    /// Those that are known, retired ones among them.
    Known,
}

/// A key, and that its record was found to be true.
pub(super) struct Known {
    pub(super) algorithm: SigningAlgorithm,
    pub(super) key: PublicKey,
    published: bool,
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
                _ if record.state == KeyState::Retired => {
                    known.insert(name, Arc::new(open_retired(record, sealer)?));
                }
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

    /// The key of this `kid`, if it is within reach.
    pub(super) fn known(&self, kid: &str, reach: Reach) -> Option<&Arc<Known>> {
        self.known.get(kid).filter(|known| known.published || reach == Reach::Known)
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

    /// Forgets the private part of a key. What takes its place is the public one, sealed: an attacker who writes to the store cannot have us believe
    /// another.
    pub(super) fn forget_private_part(&self, record: &mut SigningKeyRecord) {
        let aad = retired_aad(record.id, record.algorithm);
        record.sealed = self.sealer.seal(&*self.random, &aad, record.public_jwk.to_string().as_bytes());
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
    Ok((Known { algorithm, key: public_key(record)?, published: true, record: record.clone() }, pair))
}

/// Opens the record of a retired key and checks that it tells the truth.
fn open_retired(record: &SigningKeyRecord, sealer: &Sealer) -> Result<Known, KeyError> {
    let (id, algorithm) = (record.id, record.algorithm);
    let public = sealer.unseal(&retired_aad(id, algorithm), &record.sealed);
    let public = public.ok_or(KeyError::WrongKeyEncryptionKey(id))?;
    if serde_json::from_slice::<serde_json::Value>(&public).ok().as_ref() != Some(&record.public_jwk) {
        return Err(KeyError::Corrupt(id));
    }
    Ok(Known { algorithm, key: public_key(record)?, published: false, record: record.clone() })
}

fn public_key(record: &SigningKeyRecord) -> Result<PublicKey, KeyError> {
    let key = record.public_jwk.as_object().and_then(|jwk| PublicKey::from_jwk(jwk).ok());
    key.ok_or(KeyError::Corrupt(record.id))
}

/// A sealed key opens only as what it was sealed as.
fn aad(id: KeyId, algorithm: SigningAlgorithm) -> Vec<u8> {
    format!("signing key {id} {}", algorithm.as_str()).into_bytes()
}

/// What is sealed of a retired key is no key to sign with.
fn retired_aad(id: KeyId, algorithm: SigningAlgorithm) -> Vec<u8> {
    format!("retired key {id} {}", algorithm.as_str()).into_bytes()
}
