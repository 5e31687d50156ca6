//! What others refuse, and what was measured, as the problem of the field that it is about.

use super::{FieldError, FieldProblem};
use crate::identity::accounts::AccountRejected;
use crate::model::branding::{Color, Scheme};
use crate::model::client::NotAClientId;

impl FieldError {
    /// A colour that cannot be read in a scheme.
    pub(in crate::admin) fn contrast(color: Color, scheme: Scheme) -> Self {
        // Rounded down: what is refused for less than 4.5 is never said to have 4.50.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a contrast is 1 to 21")]
        let hundredths = (scheme.contrast(color) * 100.0).floor() as u16;
        Self::Contrast(hundredths, scheme, scheme.nearest(color))
    }
}

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
