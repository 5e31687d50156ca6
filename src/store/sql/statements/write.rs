//! What a write is: a type whose value is what is written, with its statements and its answer.
//!
//! Owns the contracts between a write and those who carry it out. A write of an aggregate implements [`Mergeable`] where many of its kind
//! fit into one statement, [`Single`] where they do not. Leaves when it is committed, and with what, to [`crate::store::sql::commit`].

use std::future::Future;

use sea_orm::ConnectionTrait;

use crate::store::StoreResult;
use crate::store::sql::db::rows::Reporting;
use crate::support::Digest;
use crate::support::id::GrantId;

/// The row that a write is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// One of `count` workers, always the same one for the same row.
    pub(crate) fn worker(self, count: usize) -> usize {
        usize::from(self.0[15]) % count.max(1)
    }
}

impl From<Digest> for Key {
    fn from(digest: Digest) -> Self {
        Self(*digest.as_bytes())
    }
}

impl From<GrantId> for Key {
    /// An id in the room of a digest.
    fn from(id: GrantId) -> Self {
        let mut wide = [0; 32];
        wide[..16].copy_from_slice(id.as_bytes());
        Self(wide)
    }
}

/// How much a write is, which says when it needs a transaction and when a savepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One statement: a transaction by itself.
    Statement,
    /// Several statements: a transaction, which it may share.
    Statements,
    /// Several statements, of which a later one may be refused by a conflict: what the earlier ones did is then taken back, without what
    /// the other writes of the transaction did.
    Unit,
}

/// A write that can be carried out together with others of its kind.
pub(crate) trait Mergeable: Send + Sync + 'static {
    /// What the caller is answered once it is committed.
    type Output: Send + 'static;

    /// How much it is.
    const EXTENT: Extent = Extent::Statement;

    /// Whether many of its kind, to different rows, are one statement too, of whose answers each can be read whatever the others are. They need no transaction where
    /// the database commits a statement by itself.
    const IS_ONE_TOGETHER: bool = false;

    /// The row it is about: two writes to the same row come one after the other. `None` where it is about many, and so takes longer:
    /// where the database takes writes on several connections, it does not wait in the queue.
    fn key(&self) -> Option<Key>;

    /// Carries out writes of this kind to different rows; the answers are in their order.
    fn apply<C: ConnectionTrait>(
        db: &C,
        reporting: Reporting,
        writes: &[&Self],
    ) -> impl Future<Output = StoreResult<Vec<Self::Output>>> + Send;
}

/// A write that shares no statement with others of its kind: they are carried out one after the other.
pub(crate) trait Single: Send + Sync + 'static {
    /// What it answers.
    type Output: Send + 'static;

    /// How much it is.
    const EXTENT: Extent = Extent::Statement;

    /// As [`Mergeable::key`].
    fn key(&self) -> Option<Key>;

    /// Carries it out.
    fn apply<C: ConnectionTrait>(&self, db: &C) -> impl Future<Output = StoreResult<Self::Output>> + Send;
}

impl<W: Single> Mergeable for W {
    type Output = W::Output;

    const EXTENT: Extent = W::EXTENT;

    fn key(&self) -> Option<Key> {
        Single::key(self)
    }

    async fn apply<C: ConnectionTrait>(db: &C, _: Reporting, writes: &[&Self]) -> StoreResult<Vec<Self::Output>> {
        let mut answers = Vec::with_capacity(writes.len());
        for write in writes {
            answers.push(Single::apply(*write, db).await?);
        }
        Ok(answers)
    }
}
