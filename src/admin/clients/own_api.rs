//! Clients that administer this server by its API.

use crate::model::client::Client;
use crate::protocol::issuer::Issuer;
use crate::protocol::own_api::{Reach, is_named_by, resource};
use crate::protocol::resource::Resource;

/// A client that may ask for the scopes of the API may ask for tokens for it, without naming it among its resources.
pub(super) fn open(client: &mut Client, issuer: &Issuer) {
    let resources = &mut client.policy.resources;
    let named = resources.iter().any(|resource| is_named_by(resource, issuer.as_str()));
    if !named && Reach::of(&client.policy.scopes) != Reach::Nothing {
        resources.extend(Resource::parse(&resource(issuer.as_str())));
    }
}
