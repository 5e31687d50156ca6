//! Confirming that it is the account's end-user who is about to visit a provider.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::super::step_up;
use super::AccountOwner;
use crate::http::error::PageError;

/// `POST /account/confirm`: leads on to the provider. A link began it, and a page that was posted may lead nowhere else by itself: browsers
/// hold every redirect after a form to the page's `form-action`.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let page = step_up::to_visit(&context, &form.owner.sign_in, &form.params);
    Ok(proved.answer(&context, Ok(page)))
}
