//! When a login leads to the offer of a passkey: by password, in a browser that said that it can make one, and once in a while.
//!
//! Whoever is offered one is signed in already, so leaving the page loses nothing. Leaves when the offer is due to `identity`, and the page to the account's.

use axum::response::Response;

use super::context::Context;
use super::onward;
use super::own_form::ACCOUNT;
use crate::http::error::PageError;
use crate::http::next::Next;
use crate::http::redirect;
use crate::model::User;
use crate::protocol::Params;
use crate::sessions::{Means, Onward};

/// Where the page is.
pub(super) const PATH: &str = "/account/passkeys/offer";
/// The hidden field by which a login page says that its browser can make a passkey.
const CAN_FIELD: &str = "makes_passkeys";

/// Whether a login page said that its browser can make a passkey.
pub(super) fn can_make(params: &Params) -> bool {
    params.get(CAN_FIELD) == Some("yes")
}

/// Whether a login is one after which a passkey is offered: by password, in a browser that can make one.
pub(super) fn suits(means: &Means, can_make: bool) -> bool {
    can_make && *means == Means::Password
}

/// To where a login leads: first to the offer, where the login suits and it is due. What is only an offer keeps nobody from anything.
pub(super) async fn on_the_way(
    context: &Context,
    user: &User,
    onward: &Onward,
    suits: bool,
) -> Result<Response, PageError> {
    let due = suits
        && context.app.passkeys.is_offer_due(user.id).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "whether to offer a passkey is not known");
            false
        });
    match onward {
        Onward::Flow(id) if due => redirect::local_with(&context.app.issuer.local(PATH), &[("flow", &id.to_string())]),
        // The browser remembers the page that it is to come back to.
        Onward::Page(path) if due && *path == remembered(context) => Ok(context.go(PATH)),
        _ => onward::way(context, onward),
    }
}

/// The page that a login leads to which no app waits for.
pub(super) fn remembered(context: &Context) -> String {
    context.next.as_ref().map_or(ACCOUNT, Next::as_str).to_owned()
}
