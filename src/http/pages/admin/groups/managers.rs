//! Who manages the people in a group without a role.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::own_form::OwnForm;
use super::super::Administrator;
use super::super::managers::{Place, TAB, page_of, sent};
use super::{head_of, named, shell};
use crate::admin::affiliations::GroupResource;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::{Affiliation, Delegation};

/// `GET /admin/groups/{id}/managers`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let group = named::<GroupResource>(&context, &administrator, &id).await?.affiliation;
    let place = place(&context, &administrator, &group);
    page_of(&context, &administrator, &params, place).await
}

/// `POST /admin/groups/{id}/managers`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let group = named::<GroupResource>(&context, &form.owner, &id).await?.affiliation;
    let place = place(&context, &form.owner, &group);
    sent(&context, &form, place).await
}

fn place(context: &Context, administrator: &Administrator, group: &Affiliation) -> Place {
    let head = head_of::<GroupResource>(context, administrator, group, TAB);
    Place {
        of: Delegation::Group(group.id),
        shell: shell::<GroupResource>(context, administrator, &head.name),
        hint: keys::managers::GROUP_HINT,
        head,
    }
}
