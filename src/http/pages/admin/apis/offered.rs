//! What the forms of apps offer of the declared APIs: their identifiers and scopes, to be copied into fields that take any.

use super::super::super::context::Context;
use super::super::Administrator;
use super::one::path_of;
use crate::admin::Permission;
use crate::admin::apis::{self, ApiSearch};
use crate::http::error::PageError;
use crate::model::{Api, Locale};

/// The most that are offered beside a form; the room has all of them.
const MOST: u32 = 20;

/// One that an app may be let ask for.
pub(in super::super) struct Offered {
    pub(in super::super) path: String,
    pub(in super::super) name: String,
    pub(in super::super) resource: String,
    /// Its scopes, separated by spaces.
    pub(in super::super) scopes: String,
}

/// The first of them.
pub(in super::super) async fn offered(
    context: &Context,
    administrator: &Administrator,
    locale: Locale,
) -> Result<Vec<Offered>, PageError> {
    // Who manages single apps lets them reach no other API.
    if !administrator.may(Permission::ReadClients) {
        return Ok(Vec::new());
    }
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let found = apis::list(admin, authority, (ApiSearch::default(), None), MOST).await?;
    let offered = |api: &Api| Offered {
        path: path_of(api.id),
        name: api.name_in(locale).to_owned(),
        resource: api.resource.as_str().to_owned(),
        scopes: api.scopes.iter().map(|scope| scope.scope.as_str()).collect::<Vec<_>>().join(" "),
    };
    Ok(found.items.iter().map(offered).collect())
}
