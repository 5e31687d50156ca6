//! Filling a database that is as good as empty, so that anybody can see how a large one does.

use async_trait::async_trait;

use super::{SealedChain, StoreResult, StoredEntry};
use crate::model::NotedRefusal;
use crate::model::client::Client;
use crate::model::consent::Consent;
use crate::model::grant::Grant;
use crate::model::mail::Mail;
use crate::model::user::{PasswordCredential, User};

/// Some of what a database is filled with. What rests on something comes after it.
#[derive(Clone, Debug)]
pub enum Batch {
    /// Accounts, each with its password where it has one. The groups and roles that they have are there.
    Accounts(Vec<(User, Option<PasswordCredential>)>),
    /// Clients.
    Clients(Vec<Client>),
    /// Grants, each with the consent that was given with it where one was. An account and a client have one consent.
    Grants(Vec<(Grant, Option<Consent>)>),
    /// Mails of the outbox, none of which waits.
    Mails(Vec<Mail>),
    /// Refused requests of registered clients, no two of one that say the same, and no more than are kept of it.
    Refusals(Vec<NotedRefusal>),
    /// Entries of the audit log, which have their places in its chain.
    Entries(Vec<StoredEntry>),
}

/// Begins to fill.
#[async_trait]
pub trait Filler: Send + Sync {
    /// Begins to fill; `None` where there is more than who administers the server, and what the server made itself. Whoever else wants to write waits until the end.
    async fn begin(&self) -> StoreResult<Option<Box<dyn Filling>>>;
}

/// A database that is being filled. All of it is committed at the end, or nothing.
#[async_trait]
pub trait Filling: Send {
    /// Adds some more.
    async fn add(&mut self, batch: Batch) -> StoreResult<()>;
    /// Moves the audit log's chain on to the entries that were added, and commits. Nobody is told of these entries, by mail or otherwise. Says whether the chain
    /// was as it is said to be; nothing is kept where it was not.
    async fn commit(self: Box<Self>, was: &SealedChain, is: &SealedChain) -> StoreResult<bool>;
}
