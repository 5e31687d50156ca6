//! Changing what one is called.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::super::problems;
use super::{AccountOwner, Done, Said, show};
use crate::http::error::PageError;

/// `POST /account/profile`. What else is in the profile stays as it is.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let name = params.get("name").unwrap_or_default();
    match context.app.accounts.set_name(owner.user.id, name).await {
        Ok(_) => Ok(Done::Saved.go(&context)),
        Err(rejected) => {
            let problem = Some(problems::of_change_profile(context.texts(None), rejected)?);
            let name = Some(name.to_owned());
            show(&context, &owner, Said { problem, name, ..Said::default() }).await
        }
    }
}
