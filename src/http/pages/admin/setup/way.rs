//! Who is on the way to a first login: an administrator of a server that has hardly an app yet.

use super::super::super::context::Context;
use super::super::super::way::{Place, Way};
use super::super::Administrator;
use crate::admin::{Permission, Rejected, clients};

impl Way {
    /// The same for an administrator who is on the way: the server has hardly an app yet, and they may register one.
    pub(in super::super) async fn at(
        context: &Context,
        administrator: &Administrator,
        here: Place,
    ) -> Result<Option<Self>, Rejected> {
        if !administrator.may(Permission::WriteClients) || !administrator.may(Permission::ReadSettings) {
            return Ok(None);
        }
        // The demo's shop is none of the server's own.
        let few = clients::list(&context.app.admin, &administrator.authority, None, 3).await?.items;
        let apps = few.iter().filter(|client| !client.id.is_of_demo()).count();
        Ok((apps <= here.most_apps()).then(|| Self::from(here)))
    }
}
