//! Why an administrator does what the owner of an account may ask about: a line that the audit log keeps.

use crate::admin::{FieldError, Rejected};
use crate::support::line::{self, LineRejected};

/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 200;

/// Reads a reason, which is never left out.
pub(super) fn read(typed: &str) -> Result<String, Rejected> {
    let read = line::parse(typed, MAX_REASON_CHARS).map_err(|why| match why {
        LineRejected::Empty => FieldError::Missing,
        other => FieldError::Line(other),
    });
    read.map_err(|why| Rejected::Invalid(vec![why.of("reason")]))
}
