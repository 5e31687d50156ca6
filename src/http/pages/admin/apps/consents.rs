//! Who gave an app access to their account; taking it back from one of them, and from everybody.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::consent::words_of;
use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::moments::day;
use super::super::super::own_form::OwnForm;
use super::super::super::view::Person;
use super::super::done::Done;
use super::super::head::Head;
use super::super::listing::{AFTER, PAGE, Ways};
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::app::{Tab, head_of, named, path_of, shell};
use super::{WITHDRAWN, WITHDRAWN_ALL};
use crate::admin::{Permission, clients, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::{Consent, User};
use crate::support::id::UserId;

#[derive(askama::Template)]
#[template(path = "admin/apps/consents.html")]
struct ConsentsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    may_end: bool,
    may_end_all: bool,
    rows: Vec<Row>,
    ways: Ways,
    csrf: String,
    done: Option<String>,
}

/// Somebody who did.
struct Row {
    id: String,
    person: Person,
    scopes: String,
    since: String,
}

#[derive(askama::Template)]
#[template(path = "admin/apps/withdraw.html")]
struct WithdrawPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    csrf: String,
}

/// `GET /admin/apps/{id}/consents`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must(Permission::ReadUsers)?;
    let client = named(&context, &administrator, &id).await?;
    let after = params.get(AFTER).and_then(|after| after.parse().ok());
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let found = clients::consents(admin, authority, &client.id, after, PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|(last, _)| last.id.to_string());
    let frame = Frame::of(&context, context.locale.0);
    let in_words = |scope: &str| words_of(scope).map_or_else(|| scope.to_owned(), |words| frame.t.get(words.what));
    let row = |(user, consent): &(User, Consent)| Row {
        id: user.id.to_string(),
        person: Person::of(user),
        scopes: consent.scope.iter().map(in_words).collect::<Vec<_>>().join(", "),
        since: day(consent.granted_at),
    };
    let path = format!("{}/consents", path_of(&client.id));
    let shown = ConsentsPage {
        shell: shell(&context, &administrator, &client),
        head: head_of(frame.t, &administrator, &client, Tab::Consents),
        may_end: administrator.may(Permission::RevokeSessions),
        may_end_all: administrator.may(Permission::WriteClients),
        rows: found.items.iter().map(row).collect(),
        ways: Ways::of(&path, &params, &[], next.as_deref()),
        csrf: administrator.csrf(&context, &path),
        done: Done::said(&[WITHDRAWN], frame.t, params.get("done")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/apps/{id}/consents`: takes the access to one account away.
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    form.owner.must(Permission::RevokeSessions)?;
    let client = named(&context, &form.owner, &id).await?;
    let user = form.params.get("user").and_then(|user| user.parse::<UserId>().ok()).ok_or(ProblemKind::BadRequest)?;
    confirmed(&context, &form, async |authority| {
        users::withdraw(&context.app.admin, authority, user, client.id.clone()).await?;
        Ok(WITHDRAWN.go(&context, &format!("{}/consents", path_of(&client.id))))
    })
    .await
}

/// `GET /admin/apps/{id}/consents/withdraw`: what goes with it is said first.
pub async fn ask(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteClients)?;
    let client = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let path = path_of(&client.id);
    let shown = WithdrawPage {
        shell: shell(&context, &administrator, &client).further(&path, frame.t.get(keys::apps::WITHDRAW_ALL)),
        head: head_of(frame.t, &administrator, &client, Tab::Consents),
        csrf: administrator.csrf(&context, &format!("{path}/consents/withdraw")),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/apps/{id}/consents/withdraw`
pub async fn withdraw_all(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    form.owner.must(Permission::WriteClients)?;
    let client = named(&context, &form.owner, &id).await?;
    confirmed(&context, &form, async |authority| {
        clients::withdraw_consents(&context.app.admin, authority, &client.id).await?;
        Ok(WITHDRAWN_ALL.go(&context, &path_of(&client.id)))
    })
    .await
}
