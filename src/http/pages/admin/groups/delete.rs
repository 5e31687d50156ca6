//! Deleting a group, or a role in apps: what is lost is said first.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::{DELETED, Side, Sided, named, path_of, shell};
use crate::admin::{Permission, affiliations};
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/groups/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    side: &'static Side,
    path: String,
    label: String,
    key: String,
    csrf: String,
}

/// `GET /admin/groups/{id}/delete`, `GET /admin/roles/{id}/delete`
pub async fn get<D: Sided>(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteGroups)?;
    let one = named::<D>(&context, &administrator, &id).await?.affiliation;
    let frame = Frame::of(&context, context.locale.0);
    let (path, label) = (path_of::<D>(one.id), one.label_in(frame.t.locale()).to_owned());
    let shown = DeletePage {
        shell: shell::<D>(&context, &administrator, &label).further(&path, frame.t.get(keys::connection::DELETE)),
        side: D::SIDE,
        csrf: administrator.csrf(&context, &format!("{path}/delete")),
        key: one.key(),
        label,
        path,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/groups/{id}/delete`, `POST /admin/roles/{id}/delete`
pub async fn post<D: Sided>(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let one = named::<D>(&context, &form.owner, &id).await?.affiliation;
    confirmed(&context, &form, async |authority| {
        affiliations::delete::<D>(&context.app.admin, authority, one.id).await?;
        Ok(DELETED.go(&context, D::SIDE.list))
    })
    .await
}
