//! Whether what a grant rests on is still in the epochs that the grant was made in.

/// The condition that holds for a grant as long as nothing ended it: its account and its client are there, may be used, and are in its
/// epochs, and so is the connection that the end-user came through, as long as that is there. Given are the columns of the account's and the
/// client's id, and those of the epochs: account, client, connection's id, connection.
pub(super) fn epochs_are_current(user: &str, client: &str, epochs: [String; 4]) -> String {
    let [user_epoch, client_epoch, connection, connection_epoch] = epochs;
    format!(
        "EXISTS (SELECT 1 FROM users WHERE users.id = {user} AND users.epoch = {user_epoch} AND users.active) \
         AND EXISTS (SELECT 1 FROM clients WHERE clients.id = {client} AND clients.epoch = {client_epoch} \
         AND clients.enabled) \
         AND NOT EXISTS (SELECT 1 FROM connections WHERE connections.id = {connection} \
         AND connections.epoch <> {connection_epoch})"
    )
}

/// The same for a stored grant.
pub(super) fn of_stored_grant() -> String {
    let epochs = ["user_epoch", "client_epoch", "connection_id", "connection_epoch"];
    epochs_are_current("grants.user_id", "grants.client_id", epochs.map(|column| format!("grants.{column}")))
}
