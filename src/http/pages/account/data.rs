//! What is stored about me, to take along; and the way to ending the account.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::day;
use super::super::own_form::OwnForm;
use super::super::section::{DELETE, Section};
use super::super::step_up;
use super::shell::{Shell, frame};
use super::{AccountOwner, Done};
use crate::admin::personal_data;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;

/// Where the document is asked for.
const DOWNLOAD: &str = "/account/data/download";

#[derive(askama::Template)]
#[template(path = "account/data.html")]
struct DataPage {
    frame: Frame,
    shell: Shell,
    csrf: String,
    download: String,
    delete: String,
}

/// `GET /account/data`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let owner = match AccountOwner::at(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let frame = frame(&context, Section::Data);
    let shown = DataPage {
        shell: Shell::of(&context, &owner, Section::Data, frame.t).after(frame.t, Section::Data, &params),
        csrf: context.csrf_of(&owner.sign_in, DOWNLOAD),
        download: context.app.issuer.local(DOWNLOAD),
        delete: context.app.issuer.local(DELETE),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /account/data/download`: the document, as a file. A browser that is given one stays on the page that asked for it, so an end-user who had
/// to prove the account first is led back to this section, from where the same button gives it at once.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    if form.waited.is_some() {
        return Ok(proved.answer(&context, Ok(Done::DownloadReady.go(&context))));
    }
    let (admin, sessions) = (&context.app.admin, &context.app.flow.sessions);
    let document = personal_data::of_own(admin, sessions, &proved.proof).await?;
    let written = serde_json::to_string_pretty(&document).map_err(|error| PageError::internal(&error))?;
    let name = format!("attachment; filename=\"account-{}.json\"", day(context.app.clock.now()));
    let disposition = HeaderValue::try_from(name).map_err(|error| PageError::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, written).into_response())
}
