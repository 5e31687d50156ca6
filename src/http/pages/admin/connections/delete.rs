//! Deleting a connection: what is lost is said first.

use crate::i18n::keys;
use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::{DELETED, Head, KEEP_SESSIONS, LIST, named, path_of, shell_within};
use crate::admin::connections::CameThrough;
use crate::admin::{Permission, ProvenAuthority, connections};
use crate::http::error::PageError;
use crate::model::Connection;

#[derive(askama::Template)]
#[template(path = "admin/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    head: Head,
    links: u64,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/connections/{slug}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteConnections)?;
    let connection = named(&context, &administrator, &slug).await?;
    show(&context, &administrator, &connection, None).await
}

/// `POST /admin/connections/{slug}/delete`
pub async fn post(
    context: Context,
    Path(slug): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let connection = named(&context, &form.owner, &slug).await?;
    let came_through = CameThrough::kept(form.params.names(KEEP_SESSIONS));
    let sent = Sent { context: &context, administrator: &form.owner, connection, came_through };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    connection: Connection,
    came_through: CameThrough,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let admin = &self.context.app.admin;
        connections::delete(admin, authority, &self.connection.slug, self.came_through).await?;
        Ok(Ok(DELETED.go(self.context, LIST)))
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        show(self.context, self.administrator, &self.connection, Some(problem)).await
    }
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    connection: &Connection,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let head = Head::of(connection, frame.t);
    let page = DeletePage {
        shell: shell_within(context, administrator, &head, frame.t.get(keys::connection::DELETE)),
        head,
        links: connections::links(&context.app.admin, &administrator.authority, connection.id).await?,
        csrf: administrator.csrf(context, &format!("{}/delete", path_of(&connection.slug))),
        problems,
        frame,
    };
    Ok(manner.answer(&page, &page.frame))
}
