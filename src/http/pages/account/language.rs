//! Choosing the language of pages and mail for good.

use axum::http::header;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::super::section::Section;
use super::shell::{Shell, frame};
use super::{AccountOwner, Done};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::Locale;

#[derive(askama::Template)]
#[template(path = "account/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    shell: Shell,
    csrf: String,
}

/// `GET /account/preferences`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let owner = match AccountOwner::at(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let frame = frame(&context, Section::Preferences);
    let shown = PreferencesPage {
        shell: Shell::of(&context, &owner, Section::Preferences, frame.t).after(frame.t, Section::Preferences, &params),
        csrf: context.csrf_of(&owner.sign_in, "/account/language"),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /account/language`
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let locale = params.get("locale").and_then(Locale::of_tag).ok_or(ProblemKind::BadRequest)?;
    context.app.accounts.set_locale(owner.user.id, locale.as_str()).await?;
    let mut response = Done::LanguageSaved.go(&context);
    let cookie = Cookie::Locale.set(locale.as_str(), &context.app.issuer);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
