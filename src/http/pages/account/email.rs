//! The address of the account: proving it, and asking for another one.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::super::{problems, step_up};
use super::{AccountOwner, Done, security};
use crate::http::error::PageError;
use crate::identity::accounts::ChangeAddressRejected;
use crate::protocol::Params;

/// `POST /account/email`: mails a link to the address that the account is to have.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let typed = form.params.get("email").unwrap_or_default();
    let (from, asked) = (context.origin(), context.asked(None));
    let answer = match context.app.accounts.ask_to_change_address(&proved.proof, typed, &from, asked).await {
        Ok(()) => Ok(Done::AddressAsked.go(&context)),
        Err(rejected) => refused(&context, &form.owner, typed, rejected).await,
    };
    Ok(proved.answer(&context, answer))
}

/// `POST /account/email/verify`: mails a link to the address that it has.
pub async fn verify(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let (owner, from) = (&form.owner, context.origin());
    match context.app.accounts.ask_to_verify(&owner.user, &from, context.asked(None)).await {
        Ok(()) => Ok(Done::AddressMailed.go(&context)),
        Err(rejected) => {
            let shown = problems::of_asking(context.texts(None), rejected)?;
            security::show(&context, owner, &Params::default(), Some(security::Trouble::Address(shown, String::new())))
                .await
        }
    }
}

async fn refused(
    context: &Context,
    owner: &AccountOwner,
    typed: &str,
    rejected: ChangeAddressRejected,
) -> Result<Response, PageError> {
    let shown = problems::of_change_address(context.texts(None), rejected)?;
    let trouble = security::Trouble::Address(shown, typed.to_owned());
    security::show(context, owner, &Params::default(), Some(trouble)).await
}
