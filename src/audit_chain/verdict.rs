//! What a look at the chain found.

use crate::model::audit_chain::Link;
use crate::store::StoredEntry;
use crate::support::id::AuditEventId;

/// What became of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is there, as it was sealed.
    Intact(Intact),
    /// The first that is not.
    Damaged(Damage),
}

/// A chain that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intact {
    /// Its oldest entry; what was before it was kept long enough.
    pub first: Option<AuditEventId>,
    /// Its newest entry.
    pub last: Option<AuditEventId>,
    /// How many there are.
    pub entries: u64,
    /// How many of them are not newer than the last that a release without a chain wrote: they are as they were when they were taken in.
    pub from_before: u64,
    /// Its end. Kept elsewhere, it shows later that nothing before it was rewritten, whoever has the key.
    pub head: Link,
}

/// Where a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The end of the chain is not as a node with this server's key left it: it was rewritten, or the key is another one.
    ForeignSeal,
    /// These entries are gone.
    Removed {
        /// The first of them, as it was counted.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// This entry, or the place of the one before it, is not what was sealed: it was changed, exchanged or put in between.
    Changed {
        /// Which it is, as it was counted.
        seq: u64,
        /// Its id.
        id: AuditEventId,
    },
    /// All entries follow each other, and lead to another end than the sealed one.
    Rewritten {
        /// The last of them.
        seq: u64,
    },
    /// This entry has a place, and was never sealed.
    Inserted {
        /// Which it is, as it was counted.
        seq: u64,
        /// Its id.
        id: AuditEventId,
    },
}

impl Verdict {
    /// Whether the chain does not hold.
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }
}

impl Intact {
    pub(super) fn count(&mut self, entry: &StoredEntry, from_before: bool) {
        self.first.get_or_insert(entry.id);
        self.last = Some(entry.id);
        self.entries += 1;
        self.from_before += u64::from(from_before);
    }
}
