//! A chain that is lengthened by entries which get their places as they are made, and are committed with them: where a database is filled at once.

use super::{AuditChain, ChainError};
use crate::model::AuditEvent;
use crate::model::audit_chain::Chain;
use crate::store::{EntryIndex, SealedChain, StoreError, StoreResult, StoredEntry};

/// The chain as it was, and as it has become since.
#[derive(Debug)]
pub struct Lengthening {
    was: SealedChain,
    chain: Chain,
}

impl Lengthening {
    /// Gives an entry the next place.
    pub fn place(&mut self, event: &AuditEvent) -> StoreResult<StoredEntry> {
        let document = event.document().map_err(|_| StoreError::Corrupt("audit event".to_owned()))?.to_string();
        self.chain.head = self.chain.head.next(event.id, &document);
        Ok(StoredEntry { id: event.id, document, link: Some(self.chain.head), index: EntryIndex::Right })
    }
}

impl AuditChain {
    /// Begins to lengthen the chain, once everything that waits has its place.
    pub async fn lengthen(&self) -> Result<Lengthening, ChainError> {
        self.seal().await?;
        let was = self.current().await?;
        Ok(Lengthening { chain: was.chain, was })
    }

    /// The chain as it was, and as it is to be stored with the entries that were placed.
    pub fn lengthened(&self, by: Lengthening) -> (SealedChain, SealedChain) {
        (by.was, self.sealed(by.chain))
    }
}
