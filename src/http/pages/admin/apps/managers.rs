//! Who manages an app without a role.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::own_form::OwnForm;
use super::super::Administrator;
use super::super::head::Head;
use super::super::managers::{Place, page_of, sent};
use super::app::{Tab, head_of, named, shell};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::Delegation;
use crate::model::client::Client;

/// `GET /admin/apps/{id}/managers`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let place = place(&context, &administrator, &client);
    page_of(&context, &administrator, &params, place).await
}

/// `POST /admin/apps/{id}/managers`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let client = named(&context, &form.owner, &id).await?;
    let place = place(&context, &form.owner, &client);
    sent(&context, &form, place).await
}

fn place(context: &Context, administrator: &Administrator, client: &Client) -> Place {
    let head = head_of(context.texts(None), administrator, client, Tab::Managers);
    Place {
        of: Delegation::App(client.id.clone()),
        shell: shell(context, administrator, client),
        hint: keys::managers::APP_HINT,
        // Files that declare an app do not say who manages it.
        head: Head { managed: None, ..head },
    }
}
