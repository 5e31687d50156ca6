//! Why a request was refused: what its answer carries to the middleware, which logs and keeps it under the request's id.

use crate::http::problem::ProblemKind;
use crate::model::refusal::{Reason, Refusal};

/// What a handler leaves in the extensions of an answer that refuses something.
#[derive(Clone, Debug)]
pub struct Refused(pub Box<Refusal>);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(refusal))
    }
}

/// Why, for an error page of which no more is known than its kind. `None` for what is no refusal: its cause is logged where it is found.
pub(super) const fn reason_of(kind: ProblemKind) -> Option<Reason> {
    Some(match kind {
        ProblemKind::UnknownClient => Reason::UnknownClient,
        ProblemKind::RedirectUri => Reason::RedirectUriMismatch,
        ProblemKind::BadRequest | ProblemKind::Timeout | ProblemKind::TooLarge | ProblemKind::UnsupportedMediaType => {
            Reason::InvalidRequest
        }
        ProblemKind::FlowGone => Reason::FlowGone,
        ProblemKind::OtherBrowser => Reason::OtherBrowser,
        ProblemKind::StaleForm => Reason::StaleForm,
        ProblemKind::Forbidden => Reason::Forbidden,
        ProblemKind::NotFound | ProblemKind::MethodNotAllowed => Reason::NotFound,
        ProblemKind::WrongHost => Reason::WrongHost,
        ProblemKind::Throttled => Reason::TooManyRequests,
        ProblemKind::Unavailable | ProblemKind::Internal => return None,
    })
}
