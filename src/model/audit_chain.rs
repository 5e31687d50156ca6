//! The chain of the audit log: each entry's hash covers that of the entry before it, so an entry that is changed, removed or put in between shows.
//!
//! Owns what a hash is made of. Leaves the seal on the end of the chain, which only who has the key-encryption key can make, to `audit_chain`.

use crate::support::Digest;
use crate::support::id::AuditEventId;

/// A place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which entry it is, counted from one.
    pub seq: u64,
    /// The hash of the entry, and by it of all before.
    pub hash: Digest,
}

impl Link {
    /// Where a chain begins: before its first entry.
    pub fn beginning() -> Self {
        Self { seq: 0, hash: Digest::of("audit chain", b"") }
    }

    /// The place of the entry that comes next: its hash covers the hash before it, its number, its id, and its document as it is stored.
    #[must_use]
    pub fn next(&self, id: AuditEventId, document: &str) -> Self {
        let seq = self.seq + 1;
        // What varies in length comes last: no two entries have the same encoding.
        let encoded = [self.hash.as_bytes(), &seq.to_be_bytes()[..], id.as_bytes(), document.as_bytes()].concat();
        Self { seq, hash: Digest::of("audit entry", &encoded) }
    }
}

/// The chain as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The newest entry that is in it.
    pub head: Link,
    /// The newest entry that retention deleted: what is left begins after it.
    pub anchor: Link,
    /// Up to which entry there are some from before the chain; zero where there are none.
    pub adopted: u64,
}

impl Chain {
    /// A chain that nothing is in.
    pub fn empty() -> Self {
        Self { head: Link::beginning(), anchor: Link::beginning(), adopted: 0 }
    }

    /// The bytes that its seal covers.
    pub fn encoded(&self) -> Vec<u8> {
        let Self { head, anchor, adopted } = self;
        let place = |link: &Link| [&link.seq.to_be_bytes()[..], link.hash.as_bytes()].concat();
        [place(head), place(anchor), adopted.to_be_bytes().to_vec()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{SeededRandom, Timestamp};

    #[test]
    fn a_hash_covers_everything_before_it() {
        let random = SeededRandom::new(1);
        let [one, two] = [1, 2].map(|at| AuditEventId::new(Timestamp::from_seconds(at), &random));
        let first = Link::beginning().next(one, "{}");
        let second = first.next(two, "{}");
        assert_eq!((first.seq, second.seq), (1, 2));
        let others = [
            Link::beginning().next(one, "{ }").next(two, "{}"),
            Link::beginning().next(two, "{}").next(one, "{}"),
            Link::beginning().next(two, "{}"),
            first.next(two, "{ }"),
            Link { seq: 5, ..first }.next(two, "{}"),
        ];
        assert!(others.iter().all(|other| other.hash != second.hash));
    }

    #[test]
    fn a_seal_covers_each_part() {
        let next = |link: Link| Link { seq: link.seq + 1, ..link };
        let chain = Chain::empty();
        let others = [
            Chain { head: next(chain.head), ..chain },
            Chain { anchor: next(chain.anchor), ..chain },
            Chain { adopted: 1, ..chain },
        ];
        assert!(others.iter().all(|other| other.encoded() != chain.encoded()));
    }
}
