//! A client that acts for itself, with what it may do to Haechi.

use super::client::Client;
use super::delegation::{Delegation, HeldRights};

/// A client with what it manages, as both were at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceAccount {
    /// The client, which has its roles.
    pub client: Client,
    /// What it manages besides, in order.
    pub delegations: Vec<Delegation>,
}

impl ServiceAccount {
    /// What it has of both.
    pub fn rights(&self) -> HeldRights {
        HeldRights { roles: self.client.policy.roles.clone(), delegations: self.delegations.clone() }
    }
}
