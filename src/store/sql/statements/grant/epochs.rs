//! Whether what a grant rests on is still in the epochs that the grant was made in.

use crate::store::sql::statements::server::EPOCH;

/// The columns, or expressions, that a grant and its epochs are in.
pub(super) struct EpochColumns {
    pub(super) user: String,
    pub(super) client: String,
    pub(super) user_epoch: String,
    pub(super) server_epoch: String,
    pub(super) client_epoch: String,
    pub(super) consent_epoch: String,
    pub(super) connection: String,
    pub(super) connection_epoch: String,
    pub(super) link: String,
}

impl EpochColumns {
    /// Those of the table.
    pub(super) fn of_table() -> Self {
        let column = |name: &str| format!("grants.{name}");
        Self {
            user: column("user_id"),
            client: column("client_id"),
            user_epoch: column("user_epoch"),
            server_epoch: column("server_epoch"),
            client_epoch: column("client_epoch"),
            consent_epoch: column("consent_epoch"),
            connection: column("connection_id"),
            connection_epoch: column("connection_epoch"),
            link: column("link_id"),
        }
    }

    /// The condition that holds for a grant as long as nothing ended it: its account and its client are there, may be used, and are in its
    /// epochs, as the server is, what the account allowed the client was not withdrawn since, and neither has the end-user's way in ended.
    pub(super) fn are_current(&self) -> String {
        format!("EXISTS (SELECT 1 {}) AND {}", self.client_that_counts(), self.are_current_but_for_the_client())
    }

    /// The same, for a statement that asks more of the client's row, and so looks at it itself.
    pub(super) fn are_current_but_for_the_client(&self) -> String {
        let Self { user, user_epoch, server_epoch, .. } = self;
        let (withdrawn, way_in_ended) = (self.withdrawn(), self.way_in_ended());
        format!(
            "EXISTS (SELECT 1 FROM users WHERE users.id = {user} AND users.epoch = {user_epoch} AND users.active) \
             AND {EPOCH} = {server_epoch} AND NOT {withdrawn} AND NOT {way_in_ended}"
        )
    }

    /// Where the row of the client is, as long as it may be used and is in the grant's epoch.
    pub(super) fn client_that_counts(&self) -> String {
        let Self { client, client_epoch, .. } = self;
        format!("FROM clients WHERE clients.id = {client} AND clients.epoch = {client_epoch} AND clients.enabled")
    }

    /// What the account allowed the client was withdrawn since.
    pub(super) fn withdrawn(&self) -> String {
        let Self { user, client, consent_epoch, .. } = self;
        format!(
            "(COALESCE((SELECT withdrawals.epoch FROM withdrawals WHERE withdrawals.user_id = {user} \
             AND withdrawals.client_id = {client}), 0) <> {consent_epoch})"
        )
    }

    /// The connection that the end-user came through is in another epoch, or the link was removed by itself. A connection that was deleted
    /// and whose sessions go on takes no session along with its links.
    pub(super) fn way_in_ended(&self) -> String {
        let Self { connection, connection_epoch, link, .. } = self;
        format!(
            "(({connection} IS NOT NULL AND EXISTS (SELECT 1 FROM connections WHERE connections.id = {connection} \
             AND connections.epoch <> {connection_epoch})) OR {})",
            link_removed(connection, link)
        )
    }
}

/// A link is gone that is not of a deleted connection.
pub(in crate::store::sql::statements) fn link_removed(connection: &str, link: &str) -> String {
    format!(
        "({link} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM upstream_links WHERE upstream_links.id = {link}) \
         AND NOT EXISTS (SELECT 1 FROM connections WHERE connections.id = {connection} AND connections.deleted))"
    )
}
