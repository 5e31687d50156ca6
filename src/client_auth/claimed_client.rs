//! The client that a request says it is from, before anything is proved.
//!
//! Owns the order of the refusals that every method shares, and the comparison of a secret that comes before them. Leaves other
//! credentials to their methods, and which methods a client may use to its registration.

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

/// A client that exists, is enabled, and may use the method that the request uses. A method's verification answers with one, so that none
/// can leave these checks out.
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
        match self.registered() {
            Ok(registered) if right => Ok(registered),
            Ok(_) => Err(ClientAuthRejected::WrongSecret),
            Err(ClientAuthRejected::WrongMethod) if right => Err(self.other_place()),
            Err(rejected) => Err(rejected),
        }
    }

    /// A public client whose request has a password that is empty; `None` for every other client and password. A client that has a secret
    /// does not prove it so.
    pub(super) fn public_without_password(
        &self,
        password: &str,
    ) -> Option<Result<RegisteredClient<'a>, ClientAuthRejected>> {
        let public = self.client.filter(|client| client.is_public() && password.is_empty())?;
        Some(enabled(public))
    }

    /// The client, if it is one that may use this method.
    pub(super) fn registered(&self) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        let registered = enabled(self.client.ok_or(ClientAuthRejected::Unknown)?)?;
        let allowed = registered.0.authentication.allows(self.method);
        if allowed { Ok(registered) } else { Err(ClientAuthRejected::WrongMethod) }
    }

    fn other_place(&self) -> ClientAuthRejected {
        let expected = self.client.map_or(self.method, |client| client.authentication.method.as_str());
        ClientAuthRejected::OtherPlace(expected)
    }
}

/// What was disabled does not authenticate by any method.
fn enabled(client: &Arc<Client>) -> Result<RegisteredClient<'_>, ClientAuthRejected> {
    if client.enabled { Ok(RegisteredClient(client)) } else { Err(ClientAuthRejected::Disabled) }
}

impl<'a> RegisteredClient<'a> {
    pub(super) const fn client(&self) -> &'a Arc<Client> {
        self.0
    }
}
