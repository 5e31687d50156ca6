//! Whose database it is, which release wrote to it last, and how far it is committed.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::epoch::Epoch;

/// What a database says of the server that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerIdentity {
    /// The issuer that it serves; `None` until a server was started on it.
    pub issuer: Option<String>,
    /// Which database it is: drawn when a server was first started on it, and copied with it.
    pub instance: Option<String>,
    /// The newest generation of releases that was started on it.
    pub generation: i64,
    /// The release that brought that generation.
    pub release: Option<String>,
    /// How far it is: counted up by what is committed, on SQLite by every transaction, on PostgreSQL now and then.
    pub mark: u64,
}

/// What a server writes into the database that it starts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The issuer, kept where the database has none.
    pub issuer: String,
    /// The instance, kept where the database has none.
    pub instance: String,
    /// The generation of this release, kept where the database knows of none that is newer.
    pub generation: i64,
    /// The name of this release, kept with its generation.
    pub release: String,
}

/// Knows whose database it is.
#[async_trait]
pub trait ServerStore: Send + Sync {
    /// What the database says of itself.
    async fn identity(&self) -> StoreResult<ServerIdentity>;
    /// Fills in what the database does not say yet; answers what it says then. Of two servers that start together one fills in.
    async fn adopt(&self, adoption: Adoption) -> StoreResult<ServerIdentity>;
    /// The epoch that the server is in.
    async fn epoch(&self) -> StoreResult<Epoch>;
    /// Has the mark be higher than it was when the database was looked at last, unless it is behind `noted`, and answers what the database says of
    /// itself then. Nothing is done where every commit counts it up.
    async fn mark(&self, noted: u64) -> StoreResult<ServerIdentity>;
}
