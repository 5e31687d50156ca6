//! A connection that belongs to one worker.
//!
//! Owns when it is made and that it is really closed once it cannot be trusted, behind the worker's back: a connection that does not answer does not let itself be
//! tidied up or closed either.

use std::time::Duration;

use tokio::time::timeout;

use super::connect::Connect;
use super::database::Database;

/// How long a connection may take to close; after that it closes when it answers at last.
const CLOSED_WITHIN: Duration = Duration::from_secs(5);

/// The connection of a worker. Connecting waits until it is needed, so that a connection that cannot be made fails what needs it and not the worker over
/// and over.
pub(crate) struct OwnConnection<'a> {
    connect: &'a Connect,
    current: Option<Database>,
}

impl<'a> OwnConnection<'a> {
    pub(crate) fn new(connect: &'a Connect) -> Self {
        Self { connect, current: None }
    }

    /// The connection.
    pub(crate) fn get(&mut self) -> &Database {
        self.current.get_or_insert_with(self.connect)
    }

    /// Throws it away. The next one is another.
    pub(crate) fn discard(&mut self) {
        if let Some(connection) = self.current.take() {
            tokio::spawn(async move { timeout(CLOSED_WITHIN, connection.close()).await });
        }
    }
}
