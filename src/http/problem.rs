//! What went wrong, as a user is told: a page that says what happened and what to do.
//!
//! A handler answers a [`PageError`](super::error::PageError), which only carries the [`Problem`]; the page is written around it by
//! [`middleware::problems`](super::middleware::problems), which knows the user's language.

use std::time::Duration;

use axum::http::StatusCode;

use crate::model::Refusal;

/// What happened. The name is the page's `data-error`, which tests and support staff read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The app that sent the user here is unknown or disabled; which of the two is not told.
    UnknownClient,
    /// The app asked for its answer at an address that it did not register.
    RedirectUri,
    /// The request makes no sense; the detail says why.
    BadRequest,
    /// The login ended: it took too long, or was answered already.
    FlowGone,
    /// The login belongs to another browser.
    OtherBrowser,
    /// A form was used from another site, or its token does not fit this browser any more.
    StaleForm,
    /// Only administrators may do this.
    Forbidden,
    /// There is no such page.
    NotFound,
    /// The page is not used in this way.
    MethodNotAllowed,
    /// The body took too long.
    Timeout,
    /// Too much was sent.
    TooLarge,
    /// The body is not a form.
    UnsupportedMediaType,
    /// The request was meant for another address.
    WrongHost,
    /// Too many requests from this address.
    Throttled,
    /// A store is away, or too many users sign in at once.
    Unavailable,
    /// Something broke; the log says what, under the request's id.
    Internal,
}

impl ProblemKind {
    /// Every kind, for tests of the pages.
    pub const ALL: &[Self] = &[
        Self::UnknownClient,
        Self::RedirectUri,
        Self::BadRequest,
        Self::FlowGone,
        Self::OtherBrowser,
        Self::StaleForm,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Timeout,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::WrongHost,
        Self::Throttled,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The page's `data-error`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown-client",
            Self::RedirectUri => "redirect-uri",
            Self::BadRequest => "bad-request",
            Self::FlowGone => "flow-gone",
            Self::OtherBrowser => "other-browser",
            Self::StaleForm => "stale-form",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Timeout => "timeout",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::WrongHost => "wrong-host",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The status it is answered with.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::UnknownClient | Self::RedirectUri | Self::BadRequest | Self::FlowGone | Self::OtherBrowser => {
                StatusCode::BAD_REQUEST
            }
            Self::StaleForm | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What happened, with what the page says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What the page says went wrong.
    pub kind: ProblemKind,
    /// A sentence for the app's developer, in English; never anything secret.
    pub detail: Option<String>,
    /// When trying again may help.
    pub retry_after: Option<Duration>,
    /// Where the user can go on here: one of our own paths, without the issuer's.
    pub go_on: Option<String>,
    /// The app that the request came from, where the page names it.
    pub app: Option<String>,
    /// Why, for the operator; what the kind says where there is none.
    pub refusal: Option<Box<Refusal>>,
}

impl Problem {
    /// A problem with nothing besides its kind.
    pub const fn new(kind: ProblemKind) -> Self {
        Self { kind, detail: None, retry_after: None, go_on: None, app: None, refusal: None }
    }

    /// Says why, for the app's developer.
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says more of it to the operator.
    pub fn refusing(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(Box::new(refusal));
        self
    }

    /// Says when trying again may help.
    pub const fn after(mut self, span: Duration) -> Self {
        self.retry_after = Some(span);
        self
    }
}
