//! Logos: the pictures themselves.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::client::ClientId;
use crate::model::logo::LogoId;

/// Whose logo it is. Each has one at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoOwner {
    /// The server's own, which its pages show beside its name.
    Server,
    /// A client's.
    Client(ClientId),
}

impl LogoOwner {
    /// The key that it is stored under. No client's id is empty.
    pub fn key(&self) -> &str {
        match self {
            Self::Server => "",
            Self::Client(id) => id.as_str(),
        }
    }
}

/// Reads pictures. [`Change::PutLogo`](super::Change::PutLogo) and [`Change::DeleteLogo`](super::Change::DeleteLogo) write them.
#[async_trait]
pub trait LogoStore: Send + Sync {
    /// The picture of this id, whoever's it is.
    async fn logo(&self, id: LogoId) -> StoreResult<Option<Vec<u8>>>;
}
