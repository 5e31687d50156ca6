//! Deleting a claim rule: what is lost is said first.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::{DELETED, LIST, named, path_of, shell};
use crate::admin::{Permission, claim_rules};
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/claims/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    path: String,
    claim: String,
    name: String,
    csrf: String,
}

/// `GET /admin/claims/rules/{name}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteAttributes)?;
    let rule = named(&context, &administrator, &name).await?;
    let frame = Frame::of(&context, context.locale.0);
    let path = path_of(rule.name.as_str());
    let deletion = frame.t.get(keys::connection::DELETE);
    let shown = DeletePage {
        shell: shell(&context, &administrator, rule.claim.as_str()).further(&path, deletion),
        csrf: administrator.csrf(&context, &format!("{path}/delete")),
        claim: rule.claim.to_string(),
        name: rule.name.to_string(),
        path,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/claims/rules/{name}/delete`
pub async fn post(
    context: Context,
    Path(name): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let rule = named(&context, &form.owner, &name).await?;
    confirmed(&context, &form, async |authority| {
        claim_rules::delete(&context.app.admin, authority, rule.name).await?;
        Ok(DELETED.go(&context, LIST))
    })
    .await
}
