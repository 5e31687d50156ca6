//! Taking a change of address back, by the link that the old address was mailed.

use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, page};
use super::message::{self, Action};
use super::reset::spent;
use super::verify_address::taken;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect::encoded;
use crate::i18n::keys;
use crate::identity::accounts::{LinkRejected, Presented};
use crate::model::User;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::protocol::Params;
use crate::support::Secret;

const UNDOES: &[OneTimeTokenPurpose] = &[OneTimeTokenPurpose::UndoAddress];

#[derive(askama::Template)]
#[template(path = "undo_address.html")]
struct UndoPage {
    frame: Frame,
    email: String,
    csrf: String,
    token: String,
}

/// `GET /undo-email?token=…`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let Some(presented) = presented(&context, &params).await? else { return Ok(spent(&context)) };
    let token = params.get("token").unwrap_or_default().to_owned();
    let shown = UndoPage {
        frame: Frame::at(&context, context.locale.0, format!("/undo-email?token={}", encoded(&token))),
        email: presented.address().to_string(),
        csrf: context.csrf("/undo-email"),
        token,
    };
    Ok(page(&shown, &shown.frame))
}

/// The page as it is looked at.
pub(super) fn sample(frame: Frame, user: &User) -> Response {
    let shown = UndoPage { email: user.email.to_string(), csrf: String::new(), token: String::new(), frame };
    page(&shown, &shown.frame)
}

/// `POST /undo-email`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let Some(presented) = presented(&context, &params).await? else { return Ok(spent(&context)) };
    match context.app.accounts.undo_change_of_address(&presented).await {
        Ok(()) => {
            let t = context.texts(None);
            let text = (t.get(keys::verification::UNDONE_TITLE), t.get(keys::verification::UNDONE));
            let reset =
                Action { href: context.app.issuer.local("/forgot"), label: t.get(keys::verification::UNDONE_ACTION) };
            let frame = Frame::at(&context, t.locale(), "/login".to_owned());
            Ok(message::show(StatusCode::OK, "address-undone", text, Some(reset), frame))
        }
        Err(LinkRejected::Spent) => Ok(spent(&context)),
        Err(LinkRejected::Taken) => Ok(taken(&context)),
        Err(LinkRejected::Store(error)) => Err(error.into()),
    }
}

async fn presented(context: &Context, params: &Params) -> Result<Option<Presented>, PageError> {
    let token = Secret::from(params.get("token").unwrap_or_default());
    context.presented(UNDOES, &token).await
}
