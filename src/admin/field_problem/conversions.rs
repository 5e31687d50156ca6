//! What others refuse, as the problem of the field that it is about.

use super::{FieldError, FieldProblem};
use crate::identity::accounts::AccountRejected;
use crate::model::client::NotAClientId;

impl From<NotAClientId> for FieldProblem {
    fn from(rejected: NotAClientId) -> Self {
        FieldError::ClientId(rejected).of("client_id")
    }
}

impl From<AccountRejected> for FieldProblem {
    fn from(rejected: AccountRejected) -> Self {
        match rejected {
            AccountRejected::Email => FieldError::Email.of("email"),
            AccountRejected::Name(why) => FieldError::Line(why).of("name"),
            AccountRejected::Password(why) => FieldError::Password(why).of("password"),
            AccountRejected::Locale => FieldError::Locale.of("locale"),
        }
    }
}
