//! Which apps have access, and withdrawing it.

use axum::response::Response;

use super::super::consent::words_of;
use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::day;
use super::super::own_form::OwnForm;
use super::super::section::Section;
use super::super::view::AppBadge;
use super::shell::{Shell, frame};
use super::{AccountOwner, Done};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::identity::accounts::AppAccess;
use crate::model::client::{ClientId, ConsentPolicy};

#[derive(askama::Template)]
#[template(path = "account/apps.html")]
struct AppsPage {
    frame: Frame,
    shell: Shell,
    apps: Vec<Row>,
    csrf: String,
}

struct Row {
    badge: AppBadge,
    client: String,
    scopes: String,
    since: String,
    first_party: bool,
}

impl Row {
    fn of(app: &AppAccess, t: &Texts) -> Self {
        let in_words = |scope: &str| words_of(scope).map_or_else(|| scope.to_owned(), |words| t.get(words.what));
        Self {
            badge: AppBadge::of(&app.client, t.locale()),
            client: app.client.id.to_string(),
            scopes: app.scope.iter().map(in_words).collect::<Vec<_>>().join(", "),
            since: t.with(keys::account::APP_SINCE, "when", &day(app.since)),
            first_party: app.client.policy.consent == ConsentPolicy::FirstParty,
        }
    }
}

/// `GET /account/apps`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let owner = match AccountOwner::at(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let frame = frame(&context, Section::Apps);
    let apps = context.app.accounts.apps_with_access(owner.user.id).await?;
    let shown = AppsPage {
        shell: Shell::of(&context, &owner, Section::Apps, frame.t).after(frame.t, Section::Apps, &params),
        apps: apps.iter().map(|app| Row::of(app, frame.t)).collect(),
        csrf: context.csrf_of(&owner.sign_in, Section::Apps.path()),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /account/apps`: withdraws what one app has.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let client = ClientId::parse(params.get("client").unwrap_or_default()).map_err(|_| ProblemKind::BadRequest)?;
    context.app.accounts.withdraw_consent(owner.user.id, client).await?;
    Ok(Done::Withdrawn.go(&context))
}
