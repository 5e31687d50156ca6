//! Why a request's parameters are not read: what [`extract`](super::extract) finds and [`error`](super::error) answers.

use super::problem::ProblemKind;
use crate::protocol::params::ParamsRejected;

/// Why a request's parameters were not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputRejected {
    /// The body is no `application/x-www-form-urlencoded` in UTF-8.
    #[error("the body is no form")]
    MediaType,
    /// More bytes than are taken.
    #[error("the request is too large")]
    TooLarge,
    /// The body did not come in time.
    #[error("the body took too long")]
    Timeout,
    /// The connection broke inside the body.
    #[error("the body ended early")]
    Broken,
    /// A form came with a query beside it.
    #[error("the request has parameters in the query and in the body")]
    QueryBesideForm,
    /// The parameters themselves.
    #[error(transparent)]
    Params(#[from] ParamsRejected),
}

impl InputRejected {
    /// What it is called.
    pub(super) const fn kind(self) -> ProblemKind {
        match self {
            Self::MediaType => ProblemKind::UnsupportedMediaType,
            Self::TooLarge => ProblemKind::TooLarge,
            Self::Timeout => ProblemKind::Timeout,
            Self::Broken | Self::QueryBesideForm | Self::Params(_) => ProblemKind::BadRequest,
        }
    }
}
