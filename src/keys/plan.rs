//! What is due in a key ring, as a pure function of its records and the time.
//!
//! A key is `next` (published, not used), then `active`, then `retiring` (published until the last token it signed has expired), then
//! `retired` (known until the last session that its ID tokens name is over), then gone. Each node plans for itself from the same records; the first to commit wins.

use std::time::Duration;

use super::LONGEST_TOKEN_LIFETIME;
use crate::config::keys::KeysConfig;
use crate::model::client::SigningAlgorithm;
use crate::model::signing_key::{KeyState, SigningKeyRecord};
use crate::support::Timestamp;
use crate::support::id::KeyId;

/// What is added to every wait: nodes learn of a change within a second or so, and their clocks differ.
const MARGIN: Duration = Duration::from_mins(1);

/// The times that the ring keeps to.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// The algorithms to hold a key for.
    pub(super) algorithms: Vec<SigningAlgorithm>,
    /// The algorithms to hold a key for once there is one.
    pub(super) on_request: Vec<SigningAlgorithm>,
    /// How long verifiers may cache the JWKS.
    pub(super) max_age: Duration,
    /// How long a key is published before it signs.
    pub(super) publication: Duration,
    /// How long a key signs.
    pub(super) rotation: Duration,
    /// How long a key is published after it has signed.
    pub(super) afterlife: Duration,
    /// How long a key is known after it has signed.
    pub(super) memory: Duration,
}

/// What the times of the ring follow from.
#[derive(Clone, Copy, Debug)]
pub struct KeyTimes<'a> {
    /// The section of the configuration.
    pub config: &'a KeysConfig,
    /// How long a session lasts at most. An ID token names one, as a hint (OpenID Connect RP-Initiated Logout 1.0 section 2: "even when the
    /// exp time has passed"), and is to be believed for as long.
    pub longest_session: Duration,
}

impl Settings {
    pub(super) fn new(KeyTimes { config, longest_session }: KeyTimes<'_>) -> Self {
        let max_age = config.jwks_max_age();
        let publication = max_age + MARGIN;
        Self {
            algorithms: config.algorithms.clone(),
            on_request: config.on_request.clone(),
            max_age,
            publication,
            rotation: config.rotation().max(publication * 2),
            afterlife: LONGEST_TOKEN_LIFETIME + MARGIN,
            memory: longest_session.max(LONGEST_TOKEN_LIFETIME) + MARGIN,
        }
    }
}

/// One change to the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Make a key and put it into this state.
    Make(SigningAlgorithm, KeyState),
    /// Let a key sign.
    Activate(KeyId),
    /// Let a key sign no more.
    Retire(KeyId),
    /// Publish a key no more whose last token has expired, and forget its private part.
    Withdraw(KeyId),
    /// Delete a key.
    Remove(KeyId),
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Make(algorithm, KeyState::Active) => write!(f, "made {}", algorithm.as_str()),
            Self::Make(algorithm, _) => write!(f, "made the next {}", algorithm.as_str()),
            Self::Activate(id) => write!(f, "{id} signs"),
            Self::Retire(id) => write!(f, "{id} signs no more"),
            Self::Withdraw(id) => write!(f, "{id} is published no more"),
            Self::Remove(id) => write!(f, "{id} is gone"),
        }
    }
}

impl Step {
    /// Whether it takes so long that nothing should wait for it.
    pub(super) const fn is_slow(self) -> bool {
        matches!(self, Self::Make(SigningAlgorithm::RS256 | SigningAlgorithm::PS256, _))
    }
}

/// What became of the wish to rotate an algorithm's key now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The next key signs now.
    Done(SigningAlgorithm),
    /// The next key has not been published for long enough. Asked again from this instant on, it takes over.
    Possible(SigningAlgorithm, Timestamp),
}

/// The algorithms that a ring holds a key for: those that it always does, and those that one was asked for. That there is a key which signs, or
/// will, is what remembers the request, on every node.
pub(super) fn held(records: &[SigningKeyRecord], settings: &Settings) -> Vec<SigningAlgorithm> {
    let has_key = |algorithm: &SigningAlgorithm| {
        let lives = |record: &SigningKeyRecord| matches!(record.state, KeyState::Active | KeyState::Next);
        records.iter().any(|record| record.algorithm == *algorithm && lives(record))
    };
    let more = settings.on_request.iter().filter(|algorithm| !settings.algorithms.contains(algorithm));
    settings.algorithms.iter().chain(more.filter(|algorithm| has_key(algorithm))).copied().collect()
}

/// The steps that are due now, in the order in which they are taken.
pub(super) fn plan(records: &[SigningKeyRecord], settings: &Settings, now: Timestamp) -> Vec<Step> {
    let mut steps = Vec::new();
    let held = held(records, settings);
    for &algorithm in &held {
        steps.extend(plan_for(&View::new(records, algorithm), is_unfinished(records, settings), settings, now));
    }
    for record in records {
        let dropped = !held.contains(&record.algorithm);
        match record.state {
            KeyState::Active if dropped => steps.push(Step::Retire(record.id)),
            KeyState::Next if dropped => steps.push(Step::Remove(record.id)),
            KeyState::Retiring if record.retired_at.is_none_or(|since| now >= since.plus(settings.afterlife)) => {
                steps.push(Step::Withdraw(record.id));
            }
            KeyState::Retired if record.retired_at.is_none_or(|since| now >= since.plus(settings.memory)) => {
                steps.push(Step::Remove(record.id));
            }
            _ => {}
        }
    }
    steps
}

/// Whether the first keys are still being made: no verifier has been told to cache anything, so new keys may sign at once.
/// RSA keys are made last and all together, hence their absence shows it.
pub(super) fn is_unfinished(records: &[SigningKeyRecord], settings: &Settings) -> bool {
    let is_rsa = |algorithm| Step::Make(algorithm, KeyState::Active).is_slow();
    records.is_empty()
        || (settings.algorithms.iter().any(|&algorithm| is_rsa(algorithm))
            && !records.iter().any(|record| is_rsa(record.algorithm)))
}

/// The keys of one algorithm.
struct View<'a> {
    algorithm: SigningAlgorithm,
    active: Vec<&'a SigningKeyRecord>,
    next: Option<&'a SigningKeyRecord>,
}

impl<'a> View<'a> {
    fn new(records: &'a [SigningKeyRecord], algorithm: SigningAlgorithm) -> Self {
        let of = |state| {
            let mut keys: Vec<_> =
                records.iter().filter(|record| record.algorithm == algorithm && record.state == state).collect();
            keys.sort_by_key(|record| (record.activated_at, record.created_at, record.id));
            keys
        };
        Self { algorithm, active: of(KeyState::Active), next: of(KeyState::Next).first().copied() }
    }

    /// Puts the next key in the active one's place.
    fn hand_over(&self, next: KeyId) -> Vec<Step> {
        let mut steps: Vec<_> = self.active.iter().map(|record| Step::Retire(record.id)).collect();
        steps.push(Step::Activate(next));
        steps
    }
}

fn plan_for(view: &View<'_>, unfinished: bool, settings: &Settings, now: Timestamp) -> Vec<Step> {
    let Some((newest, surplus)) = view.active.split_last() else {
        return match view.next {
            Some(next) if now >= ready_at(next, settings) => vec![Step::Activate(next.id)],
            Some(_) => vec![],
            None if unfinished => vec![Step::Make(view.algorithm, KeyState::Active)],
            None => vec![Step::Make(view.algorithm, KeyState::Next)],
        };
    };
    let mut steps: Vec<_> = surplus.iter().map(|record| Step::Retire(record.id)).collect();
    match view.next {
        Some(next) if now >= due_at(newest, next, settings) => steps = view.hand_over(next.id),
        // Not only when it is due: with a published successor at hand, a key can be given up at any time without a verifier
        // meeting one it does not know. Just the first start is spared the work.
        None if now >= signs_since(newest).plus(settings.publication) => {
            steps.push(Step::Make(view.algorithm, KeyState::Next));
        }
        _ => {}
    }
    steps
}

/// Since when a key signs.
fn signs_since(record: &SigningKeyRecord) -> Timestamp {
    record.activated_at.unwrap_or(record.created_at)
}

/// When a key takes the place of the one that signs: once that has had its time, and verifiers know the other. A key that was made after its own
/// successor only stands in for it: it was wanted before verifiers could know that one ([`request`]).
fn due_at(active: &SigningKeyRecord, next: &SigningKeyRecord, settings: &Settings) -> Timestamp {
    let ready = ready_at(next, settings);
    if active.created_at > next.created_at { ready } else { ready.max(signs_since(active).plus(settings.rotation)) }
}

/// When a key that waits signs by itself, or one that is about to.
pub(super) fn signs_at(records: &[SigningKeyRecord], next: &SigningKeyRecord, settings: &Settings) -> Timestamp {
    let active = View::new(records, next.algorithm).active;
    active.last().map_or_else(|| ready_at(next, settings), |newest| due_at(newest, next, settings))
}

/// When the key of an algorithm that waits signs by itself; `None` where none waits.
pub(super) fn next_signs_at(
    records: &[SigningKeyRecord],
    algorithm: SigningAlgorithm,
    settings: &Settings,
) -> Option<Timestamp> {
    View::new(records, algorithm).next.map(|next| signs_at(records, next, settings))
}

/// From when a verifier that caches as told knows this key.
pub(super) fn ready_at(record: &SigningKeyRecord, settings: &Settings) -> Timestamp {
    record.created_at.plus(settings.publication)
}

/// The steps that rotate an algorithm's key as soon as that is safe, and what becomes of it.
pub(super) fn rotate(
    records: &[SigningKeyRecord],
    algorithm: SigningAlgorithm,
    settings: &Settings,
    now: Timestamp,
) -> (Vec<Step>, Rotation) {
    let view = View::new(records, algorithm);
    match view.next {
        Some(next) if now >= ready_at(next, settings) => (view.hand_over(next.id), Rotation::Done(algorithm)),
        Some(next) => (vec![], Rotation::Possible(algorithm, ready_at(next, settings))),
        None => {
            let make = vec![Step::Make(algorithm, KeyState::Next)];
            (make, Rotation::Possible(algorithm, now.plus(settings.publication)))
        }
    }
}

/// The steps that bring a key for an algorithm which is asked for and has none. It signs at once: there is no other that could until verifiers
/// know it, and those that meet a key which they do not know read the JWKS anew. One that was imported keeps to the time that was named for it, and
/// the new one stands in until then.
pub(super) fn request(
    records: &[SigningKeyRecord],
    algorithm: SigningAlgorithm,
    settings: &Settings,
    now: Timestamp,
) -> Vec<Step> {
    let view = View::new(records, algorithm);
    match (view.active.as_slice(), view.next) {
        ([_, ..], _) => Vec::new(),
        ([], Some(next)) if now >= ready_at(next, settings) => vec![Step::Activate(next.id)],
        ([], _) => vec![Step::Make(algorithm, KeyState::Active)],
    }
}

/// The steps that take a key out of the ring at once; `None` when it is not there. Where it was the one that signed, its successor
/// takes over even if not every verifier can know it yet: a key that leaked is worse.
pub(super) fn revoke(records: &[SigningKeyRecord], id: KeyId, settings: &Settings) -> Option<Vec<Step>> {
    let record = records.iter().find(|record| record.id == id)?;
    let mut steps = vec![Step::Remove(id)];
    if record.state == KeyState::Active && held(records, settings).contains(&record.algorithm) {
        steps.push(match View::new(records, record.algorithm).next {
            Some(next) => Step::Activate(next.id),
            None => Step::Make(record.algorithm, KeyState::Active),
        });
    }
    Some(steps)
}

/// The steps that make room for an imported key, which becomes the next one of its algorithm.
pub(super) fn make_room(records: &[SigningKeyRecord], algorithm: SigningAlgorithm) -> Vec<Step> {
    View::new(records, algorithm).next.map(|next| Step::Remove(next.id)).into_iter().collect()
}

/// The ring after these steps; `made` are the keys that the steps asked for.
pub(super) fn apply(
    records: &[SigningKeyRecord],
    steps: &[Step],
    made: Vec<SigningKeyRecord>,
    now: Timestamp,
) -> Vec<SigningKeyRecord> {
    let mut records = records.to_vec();
    for step in steps {
        match *step {
            Step::Make(..) => {}
            Step::Remove(id) => records.retain(|record| record.id != id),
            Step::Activate(id) => each(&mut records, id, |record| {
                record.state = KeyState::Active;
                record.activated_at = Some(now);
            }),
            Step::Retire(id) => each(&mut records, id, |record| {
                record.state = KeyState::Retiring;
                record.retired_at = Some(now);
            }),
            Step::Withdraw(id) => each(&mut records, id, |record| record.state = KeyState::Retired),
        }
    }
    records.extend(made);
    records
}

fn each(records: &mut [SigningKeyRecord], id: KeyId, change: impl Fn(&mut SigningKeyRecord)) {
    records.iter_mut().filter(|record| record.id == id).for_each(change);
}

#[cfg(test)]
mod tests;
