//! What somebody is told who proved an address by mail that nobody had proved before, and whose account had ways in by then: they went, as somebody else may have prepared them.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app};
use super::message::{self, Action};
use super::proven;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::identity::accounts::Entered;
use crate::sessions::Means;

/// Goes on as any login does; where something went, by a page that says so.
pub(super) async fn go_on_as(
    context: &Context,
    Entered { user, prepared_ended }: &Entered,
    flow: Option<&FlowView>,
    means: Means,
) -> Result<Response, PageError> {
    let onward = proven::go_on_as(context, user, flow, means).await?;
    Ok(if *prepared_ended { tell(context, flow, onward) } else { onward })
}

/// The page, with the cookies of the answer that leads on, and the way there.
fn tell(context: &Context, flow: Option<&FlowView>, onward: Response) -> Response {
    let Some(href) = onward.headers().get(header::LOCATION).and_then(|href| href.to_str().ok()) else { return onward };
    let t = context.texts(flow);
    let action = Action { href: href.to_owned(), label: t.get(keys::recovery::PREPARED_GO_ON) };
    let text = (t.get(keys::recovery::PREPARED_TITLE), t.get(keys::recovery::PREPARED));
    let frame = Frame::at(context, t.locale(), "/account".to_owned());
    let mut page = message::show(StatusCode::OK, "prepared-ended", text, Some(action), frame);
    for cookie in onward.headers().get_all(header::SET_COOKIE) {
        page.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    leading_to_app(page, flow)
}
