//! The server itself in a client's place, for a trial in the console: what the client would prove itself by is in no browser and no form.
//!
//! Nothing is proved here, so only the console's trial may name this module (`tests/it/architecture/layers.rs`): it asks `admin` first whether the
//! administrator may, and hands out no token.

use std::sync::Arc;

use super::{AuthenticatedClient, ClientAuthRejected};
use crate::model::Client;

/// What the method is called. It is none that a client can use or be registered with.
pub(super) const METHOD: &str = "stand_in";

/// The client, as long as it may be used.
pub fn of(client: Arc<Client>) -> Result<AuthenticatedClient, ClientAuthRejected> {
    if client.enabled { Ok(AuthenticatedClient { client, method: METHOD }) } else { Err(ClientAuthRejected::Disabled) }
}
