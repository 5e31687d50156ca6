//! The key ring of this node: signs, verifies, publishes, and keeps in step with the other nodes through the store.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rsa::pkcs8::der::SecretDocument;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::compact::Compact;
use super::loaded::{Loaded, Maker, Reach};
use super::plan::{self, KeyTimes, Rotation, Settings, Step};
use super::published::PublishedKeys;
use super::seal::Sealer;
use super::summary::{Imported, KeySummary};
use super::{ImportRejected, KeyEncryptionKey, KeyError, TokenRejected, TokenType, foreign, import, jwk};
use crate::model::client::SigningAlgorithm;
use crate::model::signing_key::{KeyState, SigningKeyRecord};
use crate::store::{Change, Conflict, SigningKeyStore, StoreError};
use crate::support::id::KeyId;
use crate::support::{Clock, Random, Timestamp};

/// How often a change is tried again that another node was faster with.
const ATTEMPTS: usize = 5;
/// How long a revoked key is refused: for good.
const FOR_GOOD: Duration = Duration::from_hours(24 * 365 * 100);

/// The signing keys. Reading it takes no lock.
pub struct KeyRing {
    store: Arc<dyn SigningKeyStore>,
    maker: Maker,
    settings: Settings,
    current: ArcSwap<Loaded>,
    /// One change at a time on this node.
    changing: tokio::sync::Mutex<()>,
}

impl KeyRing {
    /// Loads the ring. An empty store gets its first keys at once, except RSA keys, which take long: [`KeyRing::tend`] makes those.
    pub async fn open(
        store: Arc<dyn SigningKeyStore>,
        kek: &KeyEncryptionKey,
        times: KeyTimes<'_>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<Self>, KeyError> {
        let settings = Settings::new(times);
        let sealer = Arc::new(Sealer::new(kek, "signing-keys"));
        let (version, records) = store.load().await?;
        let loaded = Loaded::new(version, records, None, &settings, &sealer)?;
        let current = ArcSwap::from_pointee(loaded);
        let maker = Maker { clock, random, sealer };
        let ring = Self { store, maker, settings, current, changing: tokio::sync::Mutex::default() };
        ring.change(&[], |ring, records, now| Ok((ring.due(records, now, false), ()))).await?;
        Ok(Arc::new(ring))
    }

    /// Follows the other nodes and does what is due. Called every second or so; makes RSA keys when some are missing, and takes
    /// as long as that takes.
    pub async fn tend(&self) -> Result<(), KeyError> {
        let Ok(_changing) = self.changing.try_lock() else { return Ok(()) };
        self.catch_up().await
    }

    /// Rotates the key of one algorithm, or of all, if the next one has been published for so long that every verifier knows it.
    /// Otherwise sees to it that there is a next one, and says from when on it can take over. What goes along is committed either way.
    pub async fn rotate_now(
        &self,
        algorithm: Option<SigningAlgorithm>,
        along: Vec<Change>,
    ) -> Result<Vec<Rotation>, KeyError> {
        let wanted = self.wanted(algorithm)?;
        let _changing = self.changing.lock().await;
        self.catch_up().await?;
        self.change(&along, |ring, records, now| {
            let each = wanted.iter().map(|&algorithm| plan::rotate(records, algorithm, &ring.settings, now));
            let (steps, outcomes): (Vec<_>, Vec<_>) = each.unzip();
            Ok((steps.concat(), outcomes))
        })
        .await
    }

    /// What [`KeyRing::rotate_now`] would answer now, as far as this node knows; nothing is done.
    pub fn try_rotation(&self, algorithm: Option<SigningAlgorithm>) -> Result<Vec<Rotation>, KeyError> {
        let (wanted, now) = (self.wanted(algorithm)?, self.maker.clock.now());
        let records = &self.current.load().records;
        Ok(wanted.into_iter().map(|one| plan::rotate(records, one, &self.settings, now).1).collect())
    }

    /// The algorithms whose keys are to rotate: this one, or all that the ring holds a key for.
    fn wanted(&self, algorithm: Option<SigningAlgorithm>) -> Result<Vec<SigningAlgorithm>, KeyError> {
        let held = plan::held(&self.current.load().records, &self.settings);
        match algorithm {
            None => Ok(held),
            Some(one) if held.contains(&one) => Ok(vec![one]),
            Some(unknown) => Err(KeyError::NoKey(unknown)),
        }
    }

    /// Sees to it that an algorithm that is offered on request has a key from now on: a client is registered with it. Does nothing for others.
    pub async fn hold(&self, algorithm: SigningAlgorithm) -> Result<(), KeyError> {
        let always = self.settings.algorithms.contains(&algorithm);
        if always || !self.settings.on_request.contains(&algorithm) || self.has(algorithm) {
            return Ok(());
        }
        let _changing = self.changing.lock().await;
        self.follow().await?;
        self.change(&[], |ring, records, now| Ok((plan::request(records, algorithm, &ring.settings, now), ()))).await
    }

    /// Takes a key that may be in wrong hands out of the ring at once: nothing it signed counts any more, here or wherever the
    /// JWKS is read anew. If it was signing, its successor takes over. It is never imported again. What goes along is committed with it.
    pub async fn revoke(&self, id: KeyId, mut along: Vec<Change>) -> Result<(), KeyError> {
        let _changing = self.changing.lock().await;
        self.follow().await?;
        let current = self.current.load_full();
        let record = current.records.iter().find(|record| record.id == id).ok_or(KeyError::UnknownKey(id))?;
        let until = self.maker.clock.now().plus(FOR_GOOD);
        along.push(Change::RefuseKey { key: jwk::digest_of(&record.public_jwk), until });
        self.change(&along, |ring, records, _| {
            let steps = plan::revoke(records, id, &ring.settings).ok_or(KeyError::UnknownKey(id))?;
            Ok((steps, ()))
        })
        .await
    }

    /// Whether [`KeyRing::revoke`] would find this key, as far as this node knows; nothing is done.
    pub fn try_revocation(&self, id: KeyId) -> Result<(), KeyError> {
        let steps = plan::revoke(&self.current.load().records, id, &self.settings);
        steps.map(drop).ok_or(KeyError::UnknownKey(id))
    }

    /// Takes over a private key that was made elsewhere (PEM, PKCS#8) as the next one of its algorithm, in place of one that waits. It is published
    /// at once, and signs from the time on that is answered: when the present one has had its time, or, where no key of the algorithm signs, as soon as
    /// verifiers had time to learn it. Before that time nothing lets it sign but a rotation that is asked for after verifiers could learn it
    /// ([`KeyRing::rotate_now`]), and the revocation of the key that signs. What goes along with a key of this id is committed with it.
    pub async fn import(
        &self,
        algorithm: SigningAlgorithm,
        pem: &str,
        along: impl Fn(KeyId) -> Vec<Change>,
    ) -> Result<Imported, KeyError> {
        let pkcs8 = self.read(algorithm, pem)?;
        let _changing = self.changing.lock().await;
        self.catch_up().await?;
        for _ in 0..ATTEMPTS {
            let current = self.current.load_full();
            let record = self.as_next(&current, algorithm, &pkcs8).await?;
            let (imported, along) = (self.imported(&current, &record), along(record.id));
            let room = plan::make_room(&current.records, algorithm);
            if self.commit(&current, (&room, vec![record]), along).await? {
                return Ok(imported);
            }
        }
        Err(KeyError::Contended)
    }

    /// What [`KeyRing::import`] would answer now, as far as this node knows; nothing is done.
    pub async fn try_import(&self, algorithm: SigningAlgorithm, pem: &str) -> Result<Imported, KeyError> {
        let pkcs8 = self.read(algorithm, pem)?;
        let current = self.current.load_full();
        Ok(self.imported(&current, &self.as_next(&current, algorithm, &pkcs8).await?))
    }

    /// A private key for an algorithm that is offered.
    fn read(&self, algorithm: SigningAlgorithm, pem: &str) -> Result<SecretDocument, KeyError> {
        if ![&self.settings.algorithms, &self.settings.on_request].iter().any(|known| known.contains(&algorithm)) {
            return Err(KeyError::NoKey(algorithm));
        }
        Ok(import::read(algorithm, pem)?)
    }

    /// The record of a key that the ring does not hold yet, and that was never revoked.
    async fn as_next(
        &self,
        current: &Loaded,
        algorithm: SigningAlgorithm,
        pkcs8: &SecretDocument,
    ) -> Result<SigningKeyRecord, KeyError> {
        let record = self.maker.record(algorithm, KeyState::Next, pkcs8.as_bytes())?;
        if current.records.iter().any(|known| known.public_jwk == record.public_jwk) {
            return Err(ImportRejected::Known.into());
        }
        if self.store.is_refused(jwk::digest_of(&record.public_jwk)).await? {
            return Err(ImportRejected::Revoked.into());
        }
        Ok(record)
    }

    fn imported(&self, current: &Loaded, record: &SigningKeyRecord) -> Imported {
        Imported {
            key: record.into(),
            possible_at: plan::ready_at(record, &self.settings),
            signs_at: plan::signs_at(&current.records, record, &self.settings),
        }
    }

    /// From when on the key signs by itself that waits to be the next one of an algorithm; `None` where none waits.
    pub fn next_signs_at(&self, algorithm: SigningAlgorithm) -> Option<Timestamp> {
        let current = self.current.load();
        plan::next_signs_at(&current.records, algorithm, &self.settings)
    }

    /// Signs claims with the active key of an algorithm.
    pub fn sign<C: Serialize>(
        &self,
        algorithm: SigningAlgorithm,
        typ: TokenType,
        claims: &C,
    ) -> Result<String, KeyError> {
        let current = self.current.load();
        current.signer(algorithm).ok_or(KeyError::NoKey(algorithm))?.sign(typ, claims)
    }

    /// Verifies a token of our own: signature by a published key, that key's algorithm, the wanted type. Times, issuer and
    /// audience are for the caller to check.
    pub fn verify<C: DeserializeOwned>(&self, token: &str, typ: TokenType) -> Result<C, TokenRejected> {
        self.verify_within(Reach::Published, token, typ)
    }

    /// The same by retired keys too: what a token of the past said, for as long as a session can live that it names.
    pub fn verify_past<C: DeserializeOwned>(&self, token: &str, typ: TokenType) -> Result<C, TokenRejected> {
        self.verify_within(Reach::Known, token, typ)
    }

    fn verify_within<C: DeserializeOwned>(
        &self,
        reach: Reach,
        token: &str,
        typ: TokenType,
    ) -> Result<C, TokenRejected> {
        let token = Compact::parse(token)?;
        let current = self.current.load();
        let known =
            token.key_id.as_deref().and_then(|kid| current.known(kid, reach)).ok_or(TokenRejected::UnknownKey)?;
        // RFC 8725 section 3.1: "each key MUST be used with exactly one algorithm".
        if known.algorithm != token.algorithm {
            return Err(TokenRejected::Algorithm);
        }
        if !token.typ.as_deref().is_some_and(|named| typ.is_named_by(named)) {
            return Err(TokenRejected::Type);
        }
        known.key.verify(token.algorithm, token.signed, token.signature)?;
        token.claims()
    }

    /// Whether there is an active key of this algorithm.
    pub fn has(&self, algorithm: SigningAlgorithm) -> bool {
        self.current.load().signer(algorithm).is_some()
    }

    /// The algorithms that a key is held for, in the order of the configuration.
    pub fn algorithms(&self) -> Vec<SigningAlgorithm> {
        plan::held(&self.current.load().records, &self.settings)
    }

    /// The published keys, as they are to be sent to verifiers.
    pub fn jwks(&self) -> Arc<PublishedKeys> {
        self.current.load().published.clone()
    }

    /// Every key, for administrators.
    pub fn list(&self) -> Vec<KeySummary> {
        self.current.load().records.iter().map(KeySummary::from).collect()
    }

    /// Signs with every active key and verifies by the published document, as a service would: what does not fit together here
    /// would be refused everywhere.
    pub fn self_check(&self) -> Result<(), KeyError> {
        let current = self.current.load_full();
        let jwks = serde_json::from_slice(&current.published.body)?;
        for algorithm in self.algorithms() {
            let Some(signer) = current.signer(algorithm) else { continue };
            let token = signer.sign(TokenType::IdToken, &json!({ "sub": "self-check" }))?;
            foreign::verify(&token, &jwks, &[algorithm]).map_err(|_| KeyError::SelfCheck(algorithm))?;
        }
        Ok(())
    }

    /// Follows the store, then does what is due: what is quick first, so that it need not wait for what is slow.
    async fn catch_up(&self) -> Result<(), KeyError> {
        self.follow().await?;
        self.change(&[], |ring, records, now| Ok((ring.due(records, now, false), ()))).await?;
        self.change(&[], |ring, records, now| Ok((ring.due(records, now, true), ()))).await
    }

    /// What is due; the slow steps too, or only those that are done in no time.
    fn due(&self, records: &[SigningKeyRecord], now: Timestamp, slow: bool) -> Vec<Step> {
        let mut steps = plan::plan(records, &self.settings, now);
        steps.retain(|step| slow || !step.is_slow());
        steps
    }

    /// Follows the store if its version moved: at once, and not within a second, where a key is missing that another node may have made a moment ago.
    pub async fn follow(&self) -> Result<(), KeyError> {
        let (version, records) = self.store.load().await?;
        let current = self.current.load_full();
        if version != current.version {
            let loaded = Loaded::new(version, records, Some(&current), &self.settings, &self.maker.sealer)?;
            self.current.store(Arc::new(loaded));
        }
        Ok(())
    }

    /// Carries out the steps that `decide` finds, with what goes along; decides anew where another node was faster.
    async fn change<T>(
        &self,
        along: &[Change],
        decide: impl Fn(&Self, &[SigningKeyRecord], Timestamp) -> Result<(Vec<Step>, T), KeyError>,
    ) -> Result<T, KeyError> {
        for _ in 0..ATTEMPTS {
            let current = self.current.load_full();
            let (steps, outcome) = decide(self, &current.records, self.maker.clock.now())?;
            let nothing = steps.is_empty() && along.is_empty();
            if nothing || self.commit(&current, (&steps, self.make(&steps).await?), along.to_vec()).await? {
                return Ok(outcome);
            }
        }
        Err(KeyError::Contended)
    }

    /// Makes one change of the ring the one of all nodes, with what goes along or not at all; `false` when another node changed it first. Follows it either way.
    async fn commit(
        &self,
        from: &Loaded,
        (steps, made): (&[Step], Vec<SigningKeyRecord>),
        along: Vec<Change>,
    ) -> Result<bool, KeyError> {
        let mut records = plan::apply(&from.records, steps, made, self.maker.clock.now());
        let is_withdrawn = |record: &&mut SigningKeyRecord| steps.contains(&Step::Withdraw(record.id));
        records.iter_mut().filter(is_withdrawn).for_each(|record| self.maker.forget_private_part(record));
        let done = match self.store.replace(from.version, records, along).await {
            Ok(()) => true,
            Err(StoreError::Conflict(Conflict::Stale)) => false,
            Err(error) => return Err(error.into()),
        };
        if done && !steps.is_empty() {
            let steps: Vec<_> = steps.iter().map(Step::to_string).collect();
            tracing::info!(steps = steps.join(", "), "signing keys changed");
        }
        self.follow().await?;
        Ok(done)
    }

    /// Makes the keys that the steps ask for, side by side and off the threads that serve.
    async fn make(&self, steps: &[Step]) -> Result<Vec<SigningKeyRecord>, KeyError> {
        let makes = steps.iter().filter_map(|step| match *step {
            Step::Make(algorithm, state) => Some((algorithm, state)),
            _ => None,
        });
        let mut tasks = Vec::new();
        for (algorithm, state) in makes {
            let maker = self.maker.clone();
            tasks.push(tokio::task::spawn_blocking(move || maker.make(algorithm, state)));
        }
        let mut made = Vec::with_capacity(tasks.len());
        for task in tasks {
            made.push(task.await.map_err(|_| KeyError::Crypto("making a key was cut short"))??);
        }
        Ok(made)
    }
}
