//! The accounts that entries of the audit log name.

use crate::admin::users;
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::frame::Kind;
use crate::cli::users::Users;
use crate::support::id::UserId;

/// The account of this id, also where it is gone, or of this address.
pub(super) async fn account(desk: &mut Desk, named: String) -> Outcome<UserId> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let found = found(desk, &named).await?;
    let id = found.and_then(|(id, _)| id.parse().ok());
    id.ok_or_else(|| Failure::of(format!("there is no account {named}")))
}

/// The id and the address of an account that is there.
pub(super) async fn found(desk: &mut Desk, named: &str) -> Outcome<Option<(String, String)>> {
    if let Desk::Here(context) = desk {
        let user = users::find(&context.app.admin, &context.authority, named).await?;
        return Ok(user.map(|user| (user.id.to_string(), user.email.to_string())));
    }
    let user = Users::find_there(desk, &named.to_owned()).await?;
    Ok(user.map(|user| (Users::name(&user).to_owned(), user.email.unwrap_or_default())))
}
