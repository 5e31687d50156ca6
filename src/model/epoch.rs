//! Epochs: which of the server's, an account's, client's or connection's lives something belongs to.

use serde::{Deserialize, Serialize};

use crate::support::id::{ConnectionId, LinkId};

/// Counts how often everything of the server, an account, a client or a connection was ended at once.
///
/// The store keeps it beside the aggregate. It counts up in the transaction of a change that ends things (sign out everywhere, a new
/// password, disabling), is copied into what is made (sessions, grants), and is compared for equality by the statement that uses them. So
/// no clock and no cache decides what was revoked, and ending is one row, whatever hangs on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(i64);

impl Epoch {
    /// The epoch that a store counted to.
    pub const fn from_count(count: i64) -> Self {
        Self(count)
    }

    /// How often everything was ended so far.
    pub const fn count(self) -> i64 {
        self.0
    }

    /// The one after it: nothing that was made before belongs to it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The epochs that an end-user proves an account in. What rests on the proof counts as long as neither the account nor the server is in another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEpochs {
    /// Of the account.
    pub account: Epoch,
    /// Of the server.
    pub server: Epoch,
}

/// The epoch of a connection to an upstream provider, for what came of a sign-in through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionEpoch {
    /// The connection that the sign-in came through.
    pub connection: ConnectionId,
    /// Its epoch when the end-user authenticated through it.
    pub epoch: Epoch,
    /// The link that led to the account; `None` in what is older than their ids.
    pub link: Option<LinkId>,
}

/// The epochs that a grant was made in: those of everything whose end is the grant's end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantEpochs {
    /// Of the resource owner's account, when the end-user authenticated.
    pub user: Epoch,
    /// Of the server, when the end-user authenticated.
    pub server: Epoch,
    /// Of the client, as it was when it asked.
    pub client: Epoch,
    /// Of what the resource owner allowed the client: how often that was withdrawn before.
    pub consent: Epoch,
    /// Of the connection that the end-user authenticated through, where there was one.
    pub connection: Option<ConnectionEpoch>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_counts_up_and_is_stored_as_a_number() {
        let epoch = Epoch::default().next().next();
        assert_eq!(epoch.count(), 2);
        assert_eq!(serde_json::to_string(&epoch).unwrap(), "2");
        assert_eq!(Epoch::from_count(i64::MAX).next().count(), i64::MAX);
    }
}
