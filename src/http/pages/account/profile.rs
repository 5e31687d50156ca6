//! Changing what one is called.

use axum::response::Response;

use super::super::context::Context;
use super::super::problems;
use super::{Done, Said, owner, show};
use crate::http::error::PageError;
use crate::http::extract::PageForm;

/// `POST /account/profile`. What else is in the profile stays as it is.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let (sign_in, user) = match owner(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let name = params.get("name").unwrap_or_default();
    match context.app.accounts.set_name(user.id, name).await {
        Ok(_) => Ok(Done::Saved.go(&context)),
        Err(rejected) => {
            let problem = Some(problems::of_change_profile(context.texts(None), rejected)?);
            let name = Some(name.to_owned());
            show(&context, &sign_in, &user, Said { problem, name, ..Said::default() }).await
        }
    }
}
