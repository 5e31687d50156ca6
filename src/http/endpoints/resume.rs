//! The dispatcher: every page of a login returns here, and from here the browser goes to the next page or back to the app.

use axum::extract::State;
use axum::response::Response;

use crate::flow::{Outcome, Page};
use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::extract::{PageLocale, PageQuery};
use crate::http::refused::Refused;
use crate::http::{pages, redirect};
use crate::model::Locale;
use crate::sessions::Visitor;

/// `/continue?flow=azn_…`
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    locale: PageLocale,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let outcome = app.flow.resume(params.get("flow").unwrap_or_default(), &visitor).await?;
    Ok(answer(&app, locale.0, &outcome))
}

/// The next page, or the app's answer.
pub(super) fn answer(app: &AppState, locale: Locale, outcome: &Outcome) -> Response {
    match outcome {
        Outcome::Ask { flow, page } => {
            let path = match page {
                Page::Login => "/login",
                Page::SignUp => "/signup",
                Page::SelectAccount => "/select-account",
                Page::SecondStep(..) => "/second-step",
                Page::VerifyAddress => "/verify-email",
                Page::Consent => "/consent",
            };
            redirect::see_other(&format!("{}?flow={flow}", app.issuer.local(path)))
        }
        Outcome::Tried { client, trial } => redirect::see_other(&app.issuer.local(&pages::tried_path(client, trial))),
        Outcome::Answer(answer) => {
            let mut response = match answer.location() {
                Some(location) => redirect::see_other(&location),
                None => pages::form_post(app, locale, answer),
            };
            if let Some(refusal) = answer.refusal.clone() {
                response.extensions_mut().insert(Refused(refusal));
            }
            response
        }
    }
}
