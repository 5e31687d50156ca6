//! Where a person is signed in.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::account::facts;
use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::done::Done;
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::person::{Tab, head_of, named, path_of, shell};
use super::{DONE, SIGNED_OUT};
use crate::admin::{Permission, sessions, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::SignIn;
use crate::support::id::SignInId;

#[derive(askama::Template)]
#[template(path = "admin/people/sessions.html")]
struct SessionsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_end: bool,
    rows: Vec<Row>,
    csrf: String,
    done: Option<String>,
}

/// A sign-in.
struct Row {
    id: String,
    browser: String,
    facts: String,
}

/// `GET /admin/people/{id}/sessions`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let (admin, sessions_of) = (&context.app.admin, &context.app.flow.sessions);
    let found = sessions::list(admin, &administrator.authority, sessions_of, user.id).await?;
    let row = |sign_in: SignIn| Row {
        id: sign_in.id.to_string(),
        facts: facts(&sign_in, frame.t).join(" · "),
        browser: Some(sign_in.browser)
            .filter(|browser| !browser.is_empty())
            .unwrap_or_else(|| frame.t.get(keys::account::BROWSER_UNKNOWN)),
    };
    let shown = SessionsPage {
        shell: shell(&context, &administrator, &user),
        head: head_of((&context, &administrator), frame.t, &user, Tab::Sessions).await?,
        may_end: administrator.may_on_person(Permission::RevokeSessions, &user),
        rows: found.into_iter().map(row).collect(),
        csrf: administrator.csrf(&context, &format!("{}/sessions", path_of(user.id))),
        done: Done::said(DONE, frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/people/{id}/sessions`: ends one, or everything with the access of apps.
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let user = named(&context, &form.owner, &id).await?;
    let wanted = form.params.get("session").ok_or(ProblemKind::BadRequest)?;
    let one: Option<SignInId> = match wanted {
        "all" => None,
        id => Some(id.parse().map_err(|_| ProblemKind::BadRequest)?),
    };
    let admin = &context.app.admin;
    confirmed(&context, &form, async |authority| {
        match one {
            Some(id) => drop(sessions::revoke(admin, authority, &context.app.flow.sessions, user.id, id).await?),
            None => drop(users::revoke_sessions(admin, authority, user.id).await?),
        }
        Ok(SIGNED_OUT.go(&context, &format!("{}/sessions", path_of(user.id))))
    })
    .await
}
