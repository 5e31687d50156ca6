//! The chain of the audit log: that an entry which was removed, changed or put in between shows.
//!
//! Entries are committed with what they tell of, by many nodes at once, and waiting for each other there would make every login wait. So they get their
//! place in the chain a moment later: [`AuditChain::seal`] gives those that wait theirs, in order, and puts a seal on the end which only who has the
//! key-encryption key can make. Who can write to the database but lacks the key can change entries, and cannot make a chain that holds.
//!
//! Owns sealing, checking ([`AuditChain::verify`]), and that what is kept too long is cut off where the chain still holds afterwards. Leaves what a
//! hash covers to `model`, and that one node moves the chain at a time to the store.
//!
//! It does not show: an entry that is removed before it was sealed (within [`SEAL_EVERY`]); an entry that is added as a node adds one; and
//! that the whole database was put back to what it was before, which is what `app` looks for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::keys::MacKey;
use crate::model::audit_chain::{Chain, Link};
use crate::store::{AuditLog, EntryIndex, SealedChain, StoreError, StoreResult, StoredEntry};
use crate::support::Timestamp;
use crate::support::id::AuditEventId;

mod lengthening;
mod verdict;

pub use lengthening::Lengthening;
pub use verdict::{Damage, Intact, Verdict};

/// How often a node seals what waits.
pub const SEAL_EVERY: Duration = Duration::from_millis(500);

/// How many entries get their place in one transaction, or are looked at by one question.
const AT_ONCE: u32 = 500;
/// How many entries retention deletes in one transaction, and how many times at most before it rests.
const CUT_AT_ONCE: u32 = 1000;
const CUTS: u32 = 200;
/// How often a look at the whole chain begins anew, as retention cuts it meanwhile.
const LOOKS: u32 = 3;

/// Why the chain cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The end of the chain is not as a node with this key left it.
    #[error("the seal of the audit log's chain is not this server's: `haechi audit verify` says more")]
    ForeignSeal,
    /// What is to be deleted is not what was sealed.
    #[error("the audit log was tampered with: `haechi audit verify` says where")]
    Damaged,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps and checks the chain.
pub struct AuditChain {
    log: Arc<dyn AuditLog>,
    key: MacKey,
    /// How far this process has seen the chain.
    seen: Mutex<u64>,
}

impl AuditChain {
    /// The chain of this log, sealed with this key.
    pub fn new(log: Arc<dyn AuditLog>, key: MacKey) -> Self {
        Self { log, key, seen: Mutex::new(0) }
    }

    /// Gives every entry that waits its place; says how many got one. Stops where another node does the same.
    pub async fn seal(&self) -> Result<u64, ChainError> {
        let mut sealed = 0;
        loop {
            let was = self.current().await?;
            let waiting = self.log.unsealed(AT_ONCE).await?;
            if waiting.is_empty() && !was.seal.is_empty() {
                return Ok(sealed);
            }
            let (chain, entries) = lengthened(was.chain, waiting);
            let count = entries.len() as u64;
            if !self.log.seal(&was, &self.sealed(chain), entries).await? {
                return Ok(sealed);
            }
            sealed += count;
            if count < u64::from(AT_ONCE) {
                return Ok(sealed);
            }
        }
    }

    /// Deletes the entries from before an instant, and all but the newest `keep`, a bounded number at a time; says how many went. What is not
    /// as it was sealed stays: it is evidence.
    pub async fn forget(&self, before: Timestamp, keep: u64) -> Result<u64, ChainError> {
        self.seal().await?;
        let mut gone = 0;
        for _ in 0..CUTS {
            let was = self.current().await?;
            let oldest = self.log.chained(was.chain.anchor.seq, CUT_AT_ONCE).await?;
            let too_old = |link: &Link, id: AuditEventId| {
                id < AuditEventId::least_at(before) || link.seq.saturating_add(keep) <= was.chain.head.seq
            };
            let mut anchor = was.chain.anchor;
            for entry in &oldest {
                let link = follow(&anchor, entry).map_err(|_| ChainError::Damaged)?;
                if !too_old(&link, entry.id) {
                    break;
                }
                anchor = link;
            }
            if anchor == was.chain.anchor {
                break;
            }
            match self.log.cut(&was, &self.sealed(Chain { anchor, ..was.chain })).await? {
                Some(count) => gone += count,
                None => break,
            }
        }
        Ok(gone)
    }

    /// Looks at the whole chain, with everything that was committed before.
    pub async fn verify(&self) -> StoreResult<Verdict> {
        match self.seal().await {
            Ok(_) => {}
            Err(ChainError::Store(error)) => return Err(error),
            Err(ChainError::ForeignSeal | ChainError::Damaged) => return Ok(Verdict::Damaged(Damage::ForeignSeal)),
        }
        let mut looks = LOOKS;
        loop {
            let SealedChain { chain, .. } = self.log.chain().await?;
            let verdict = self.look(&chain).await?;
            looks -= 1;
            let cut_meanwhile = self.log.chain().await?.chain.anchor != chain.anchor;
            if !(verdict.is_damage() && cut_meanwhile && looks > 0) {
                return Ok(verdict);
            }
        }
    }

    async fn look(&self, chain: &Chain) -> StoreResult<Verdict> {
        let mut at = chain.anchor;
        let mut intact = Intact { first: None, last: None, entries: 0, from_before: 0, head: chain.head };
        while at.seq < chain.head.seq {
            let entries = self.log.chained(at.seq, AT_ONCE).await?;
            if entries.is_empty() {
                return Ok(Verdict::Damaged(Damage::Removed { from: at.seq + 1, to: chain.head.seq }));
            }
            for entry in &entries {
                if at.seq == chain.head.seq {
                    break;
                }
                match follow(&at, entry) {
                    Ok(link) => at = link,
                    Err(damage) => return Ok(Verdict::Damaged(damage)),
                }
                intact.count(entry, at.seq <= chain.adopted);
            }
        }
        if at != chain.head {
            return Ok(Verdict::Damaged(Damage::Rewritten { seq: at.seq }));
        }
        // What a node seals meanwhile has moved the head, too.
        let beyond = self.log.chained(chain.head.seq, 1).await?;
        match beyond.first() {
            Some(entry) if self.log.chain().await?.chain.head.seq == chain.head.seq => {
                Ok(Verdict::Damaged(Damage::Inserted { seq: chain.head.seq + 1, id: entry.id }))
            }
            _ => Ok(Verdict::Intact(intact)),
        }
    }

    /// The chain as it is stored, if its seal is ours.
    async fn current(&self) -> Result<SealedChain, ChainError> {
        let stored = self.log.chain().await?;
        let begins = stored.seal.is_empty() && stored.chain == Chain::empty();
        let tag = URL_SAFE_NO_PAD.decode(&stored.seal).unwrap_or_default();
        if !begins && !self.key.verify(&[&stored.chain.encoded()], &tag) {
            return Err(ChainError::ForeignSeal);
        }
        self.note(stored.chain.head.seq);
        Ok(stored)
    }

    /// Remembers how far the chain is: one that is shorter than it was is one of before.
    fn note(&self, seq: u64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seq < *seen {
            tracing::error!(
                was = *seen,
                is = seq,
                "the audit log's chain is shorter than it was: the database lost commits, or was tampered with"
            );
        }
        *seen = seq;
    }

    fn sealed(&self, chain: Chain) -> SealedChain {
        let seal = URL_SAFE_NO_PAD.encode(self.key.tag(&[&chain.encoded()]));
        SealedChain { chain, seal }
    }
}

impl std::fmt::Debug for AuditChain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuditChain").finish_non_exhaustive()
    }
}

/// The chain with these entries, each with its place.
fn lengthened(mut chain: Chain, waiting: Vec<StoredEntry>) -> (Chain, Vec<StoredEntry>) {
    let mut entries = Vec::with_capacity(waiting.len());
    for entry in waiting {
        chain.head = chain.head.next(entry.id, &entry.document);
        if entry.index == EntryIndex::Absent {
            chain.adopted = chain.head.seq;
        }
        entries.push(StoredEntry { link: Some(chain.head), ..entry });
    }
    (chain, entries)
}

/// The place of an entry after another one, if it is there and what it was when it was sealed.
fn follow(before: &Link, entry: &StoredEntry) -> Result<Link, Damage> {
    let link = before.next(entry.id, &entry.document);
    match entry.link {
        Some(stored) if stored.seq > link.seq => Err(Damage::Removed { from: link.seq, to: stored.seq - 1 }),
        Some(stored) if stored == link && entry.index != EntryIndex::Wrong => Ok(link),
        _ => Err(Damage::Changed { seq: link.seq, id: entry.id }),
    }
}
