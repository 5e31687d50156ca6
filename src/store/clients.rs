//! Clients.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::client::{Client, ClientId, SeenLogin};
use crate::model::epoch::Epoch;

/// Reads clients, and notes what they were seen doing.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// The client of this id.
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>>;
    /// Clients by id, after `after`.
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>>;
    /// Those of them that have a text, whatever its case, in what they are known by: their id, names, redirect URIs and resources. It may bring some more:
    /// what was written by a node that did not know of searching.
    async fn known_by(&self, text: &str, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>>;
    /// An enabled client with a redirect URI of this origin (CORS preflights do not name a client). One look-up in an index, however many clients there are.
    async fn with_origin(&self, origin: &str) -> StoreResult<Option<ClientId>>;
    /// Adds logins of a client in this epoch to those that are remembered, of which the last [`SeenLogin::REMEMBERED`] stay, whichever nodes
    /// add some. It is no change of the client: neither its version nor the revision goes up.
    async fn note_logins(&self, id: &ClientId, epoch: Epoch, logins: &[SeenLogin]) -> StoreResult<()>;
    /// The logins that are remembered of a client, the newest last.
    async fn seen_logins(&self, id: &ClientId) -> StoreResult<Vec<SeenLogin>>;
}
