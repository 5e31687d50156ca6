//! Deleting a person: what goes is said first.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::person::{Tab, head_of, named, path_of, shell};
use super::{DELETED, LIST};
use crate::admin::{Permission, ProvenAuthority, users};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::model::User;

#[derive(askama::Template)]
#[template(path = "admin/people/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    head: Head,
    links: u64,
    apps: u64,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/people/{id}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteUsers)?;
    let user = named(&context, &administrator, &id).await?;
    show(&context, &administrator, &user, None).await
}

/// `POST /admin/people/{id}/delete`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let user = named(&context, &form.owner, &id).await?;
    let sent = Sent { context: &context, administrator: &form.owner, user };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    user: User,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        match users::delete(&self.context.app.admin, authority, self.user.id).await {
            Ok(()) => Ok(Ok(DELETED.go(self.context, LIST))),
            Err(rejected) => Ok(Err(wrong::shown(self.context.texts(None), rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        show(self.context, self.administrator, &self.user, Some(problem)).await
    }
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    user: &User,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let path = path_of(user.id);
    let shown = DeletePage {
        shell: shell(context, administrator, user).further(&path, frame.t.get(keys::people::DELETE)),
        head: head_of((context, administrator), frame.t, user, Tab::Access).await?,
        links: users::ways_in(admin, authority, user.id).await?.links.len() as u64,
        apps: users::apps(admin, authority, user.id).await?.len() as u64,
        csrf: administrator.csrf(context, &format!("{path}/delete")),
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
