//! Deleting a connection: what is lost is said first.

use crate::i18n::keys;
use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::{Administrator, Proof, renewed};
use super::{Done, Head, named, path_of};
use crate::admin::connections;
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::model::Connection;

#[derive(askama::Template)]
#[template(path = "admin/delete.html")]
struct DeletePage {
    frame: Frame,
    head: Head,
    links: u64,
    csrf: String,
    proof: Proof,
    problems: FieldTexts,
}

/// `GET /admin/connections/{slug}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let connection = named(&context, &administrator, &slug).await?;
    show(&context, &administrator, &connection, None).await
}

/// `POST /admin/connections/{slug}/delete`
pub async fn post(
    context: Context,
    administrator: Administrator,
    Path(slug): Path<String>,
    PageForm(params): PageForm,
) -> Result<Response, PageError> {
    let connection = named(&context, &administrator, &slug).await?;
    let cookie = match administrator.prove(&context, &params).await? {
        Ok(cookie) => cookie,
        Err(asked) => return show(&context, &administrator, &connection, Some(asked)).await,
    };
    connections::delete(&context.app.admin, &administrator.authority, &connection.slug).await?;
    Ok(renewed(&context, Done::Deleted.go(&context, None), cookie.as_ref()))
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    connection: &Connection,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let mut proof = administrator.proof(context);
    let (problems, manner) = Shown::parts(problem);
    proof.asked |= !problems.current.is_empty();
    let frame = Frame::of(context, context.locale.0);
    let page = DeletePage {
        head: Head::of(connection, frame.t),
        links: connections::links(&context.app.admin, &administrator.authority, connection.id).await?,
        csrf: context.csrf(&format!("{}/delete", path_of(&connection.slug))),
        proof,
        problems,
        frame,
    };
    Ok(manner.answer(&page, &page.frame))
}
