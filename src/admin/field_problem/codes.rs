//! The stable codes of what rules of other modules refuse.

use crate::identity::accounts::AttributeRejected;
use crate::support::line::LineRejected;

pub(super) const fn code_of_line(why: LineRejected) -> &'static str {
    match why {
        LineRejected::Empty => "missing",
        LineRejected::TooLong { .. } => "too_long",
        LineRejected::IllegalCharacter => "illegal_character",
    }
}

pub(super) const fn code_of_attribute(why: AttributeRejected) -> &'static str {
    match why {
        AttributeRejected::Undeclared => "undeclared_attribute",
        _ => "not_an_attribute_value",
    }
}
