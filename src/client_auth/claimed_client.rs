//! The client that a request says it is from, before anything is proved.
//!
//! Owns the order of the refusals that every method shares, and the comparison of a secret that comes before them. Leaves other
//! credentials to their methods.

use std::sync::Arc;

use super::ClientAuthRejected;
use super::secret::is_live_secret_of;
use crate::model::Client;
use crate::support::Timestamp;

/// The client that a request names, if there is one of that id, and the name of the method that the request uses.
#[derive(Debug)]
pub struct ClaimedClient<'a> {
    client: Option<&'a Arc<Client>>,
    method: &'static str,
}

/// A client that exists, is enabled, and is registered with the method that the request uses. A method's verification answers with one, so
/// that none can leave these checks out.
#[derive(Debug)]
pub struct RegisteredClient<'a>(&'a Arc<Client>);

impl<'a> ClaimedClient<'a> {
    pub(super) const fn new(client: Option<&'a Arc<Client>>, method: &'static str) -> Self {
        Self { client, method }
    }

    /// Verifies a secret, in whichever place of the request it came. It is digested and compared before anything is known of the client, so
    /// that an unknown client takes as long as a known one.
    pub(super) fn verify_secret(&self, text: &str, now: Timestamp) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        let right = is_live_secret_of(self.client.map(AsRef::as_ref), text, now);
        let registered = self.registered()?;
        if right { Ok(registered) } else { Err(ClientAuthRejected::WrongSecret) }
    }

    /// The client, if it is one that may use this method.
    pub(super) fn registered(&self) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        let client = self.client.ok_or(ClientAuthRejected::Unknown)?;
        if !client.enabled {
            return Err(ClientAuthRejected::Disabled);
        }
        if client.authentication.method.as_str() != self.method {
            return Err(ClientAuthRejected::WrongMethod);
        }
        Ok(RegisteredClient(client))
    }
}

impl<'a> RegisteredClient<'a> {
    pub(super) const fn client(&self) -> &'a Arc<Client> {
        self.0
    }
}
