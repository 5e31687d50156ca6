//! Signing in with a passkey.

use axum::response::Response;

use super::context::Context;
use super::passkey::{Answer, refused, unknown};
use super::{login, proven};
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::identity::passkeys::{Asked, PasskeyRejected};
use crate::sessions::Means;

/// `POST /login/passkey`
pub async fn post(mut context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    context.visitor.remember = params.get("remember") == Some("yes");
    // Nobody guesses a signature; but each that is looked at costs one, and each that is refused an entry of the audit log.
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let asked = Asked { browser: context.visitor.browser.digest(), account: None };
    let rejected = match Answer::of(&params) {
        Some(sent) => match context.app.passkeys.sign_in(asked, &sent.ticket, &sent.answer).await {
            Ok((user, protection)) => {
                return proven::go_on_as(&context, &user, flow.as_ref(), Means::Passkey(protection)).await;
            }
            Err(rejected) => (rejected, Some(sent)),
        },
        None => (PasskeyRejected::Malformed, None),
    };
    let (why, sent) = rejected;
    let signal = sent.filter(|_| matches!(why, PasskeyRejected::Unknown)).and_then(|sent| unknown(&context, &sent));
    let shown = refused(context.texts(flow.as_ref()), why)?;
    login::refused(&context, flow.as_ref(), shown, signal).await
}
