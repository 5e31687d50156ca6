//! The home of error status codes. Users get a page, apps get JSON; what callers need not know is logged here, once.
//!
//! [`PageError`] answers a browser, [`ApiError`] an app; the administration API has problems of its own. Both are made from the precise errors of the layers below with `?`.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::input_rejected::InputRejected;
use super::problem::{Problem, ProblemKind};
use super::refused::{Refused, reason_of};
use crate::flow::logout::LogoutRejected;
use crate::flow::{FlowRejected, StartRejected};
use crate::identity::accounts::ChangeProfileRejected;
use crate::identity::throttling::Throttled;
use crate::model::{Client, Refusal};
use crate::protocol::{ErrorCode, OAuthError, Params};
use crate::store::{Conflict, StoreError};

/// When a store that is away is worth another try.
pub(super) const STORE_RETRY: Duration = Duration::from_secs(1);

/// What is wrong with a logout request: RP-Initiated Logout 1.0 section 2.
const HINT_OF_OTHER: &str = "id_token_hint was not issued to this client";
/// What is wrong with a form that has a query beside it.
const QUERY_BESIDE_FORM: &str = "the request has parameters in the query and in the body";

/// An error answer to an end-user: a page.
#[derive(Clone, Debug)]
pub struct PageError(pub Problem);

impl PageError {
    /// An error with nothing besides its kind.
    pub const fn new(kind: ProblemKind) -> Self {
        Self(Problem::new(kind))
    }

    /// Something broke that no caller can mend; the cause is logged.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(ProblemKind::Internal)
    }
}

impl IntoResponse for PageError {
    /// The status and the problem; the page itself is written by the middleware that knows the user's language.
    fn into_response(self) -> Response {
        let mut response = self.0.kind.status().into_response();
        put_retry_after(response.headers_mut(), self.0.retry_after);
        if let Some(refusal) = self.0.refusal.clone() {
            response.extensions_mut().insert(Refused(refusal));
        } else if let Some(reason) = reason_of(self.0.kind) {
            response.extensions_mut().insert(Refused::from(Refusal::new(reason)));
        }
        response.extensions_mut().insert(self.0);
        response
    }
}

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<ProblemKind> for PageError {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind)
    }
}

/// What a failure of the stores means for a request, whichever way it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// The same request may be answered in a moment.
    TryAgain,
    /// It will not.
    Broken,
}

impl Prospect {
    /// The prospect; the cause is logged.
    pub(super) fn after(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "a store is away");
                Self::TryAgain
            }
            // Others kept changing the same thing, or ended it: what holds then is decided by the next request.
            StoreError::Conflict(Conflict::Stale | Conflict::Ended) => {
                tracing::warn!(%error, "a request was overtaken");
                Self::TryAgain
            }
            StoreError::Conflict(_) | StoreError::Misconfigured(_) | StoreError::Corrupt(_) => {
                tracing::error!(cause = %error, "request failed");
                Self::Broken
            }
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        match Prospect::after(&error) {
            Prospect::TryAgain => Self(Problem::new(ProblemKind::Unavailable).after(STORE_RETRY)),
            Prospect::Broken => Self::new(ProblemKind::Internal),
        }
    }
}

impl From<Throttled> for PageError {
    fn from(throttled: Throttled) -> Self {
        Self(Problem::new(ProblemKind::Throttled).after(throttled.retry_after))
    }
}

impl From<StartRejected> for PageError {
    fn from(rejected: StartRejected) -> Self {
        match rejected {
            StartRejected::UnknownClient(refusal) => Self(Problem::new(ProblemKind::UnknownClient).refusing(*refusal)),
            StartRejected::RedirectUri { client, refusal } => {
                let app = Some(client.presentation.name.clone());
                Self(Problem { app, ..Problem::new(ProblemKind::RedirectUri).refusing(*refusal) })
            }
            StartRejected::Malformed(error) => Self(malformed(error)),
            StartRejected::Throttled { retry_after } => Self(Problem::new(ProblemKind::Throttled).after(retry_after)),
            StartRejected::Store(error) => error.into(),
        }
    }
}

impl From<FlowRejected> for PageError {
    fn from(rejected: FlowRejected) -> Self {
        match rejected {
            FlowRejected::Gone => Self::new(ProblemKind::FlowGone),
            FlowRejected::OtherBrowser => Self::new(ProblemKind::OtherBrowser),
            FlowRejected::Client => Self::new(ProblemKind::UnknownClient),
            FlowRejected::Store(error) => error.into(),
        }
    }
}

impl From<LogoutRejected> for PageError {
    fn from(rejected: LogoutRejected) -> Self {
        match rejected {
            LogoutRejected::Malformed(error) => Self(malformed(error)),
            LogoutRejected::OtherClient(refusal) => {
                Self(Problem::new(ProblemKind::BadRequest).because(HINT_OF_OTHER).refusing(*refusal))
            }
            LogoutRejected::Store(error) => error.into(),
        }
    }
}

fn malformed(error: OAuthError) -> Problem {
    let refusal = Refusal::of_error(&error);
    Problem::new(ProblemKind::BadRequest).because(error.description).refusing(refusal)
}

/// Where a field of ours is to blame, the page says so beside it; this is what other than our own forms can send.
impl From<ChangeProfileRejected> for PageError {
    fn from(rejected: ChangeProfileRejected) -> Self {
        match rejected {
            ChangeProfileRejected::Claims(_) | ChangeProfileRejected::Attributes(_) | ChangeProfileRejected::Locale => {
                Self::new(ProblemKind::BadRequest)
            }
            ChangeProfileRejected::NoAccount => Self::new(ProblemKind::Forbidden),
            ChangeProfileRejected::Store(error) => error.into(),
        }
    }
}

impl From<InputRejected> for PageError {
    fn from(rejected: InputRejected) -> Self {
        let problem = Problem::new(rejected.kind());
        Self(match rejected {
            InputRejected::QueryBesideForm => problem.because(QUERY_BESIDE_FORM),
            InputRejected::Params(why) => problem.because(OAuthError::from(why).description),
            _ => problem,
        })
    }
}

/// An error answer to an app: RFC 6749 section 5.2.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    error: OAuthError,
    challenge: Option<HeaderValue>,
    retry_after: Option<Duration>,
    /// Why, for the operator; `None` for what is no refusal.
    refusal: Option<Box<Refusal>>,
}

impl ApiError {
    /// An error with the status that its code has where nothing else is said.
    pub fn new(error: OAuthError) -> Self {
        let broken = matches!(error.code, ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable);
        let refusal = (!broken).then(|| Box::new(Refusal::of_error(&error)));
        Self { status: status_of(error.code), error, challenge: None, retry_after: None, refusal }
    }

    /// Says precisely why, for the operator.
    pub fn refusing(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(Box::new(refusal));
        self
    }

    /// Says which client the request names, where it is not known yet.
    pub fn naming(mut self, client: Option<&str>) -> Self {
        if let (Some(refusal), Some(client)) = (&mut self.refusal, client)
            && refusal.client.is_none()
        {
            **refusal = refusal.as_ref().clone().naming(client);
        }
        self
    }

    /// Adds what is known of the call, for the operator: who calls is only known of one that authenticated, or that is public.
    pub fn of_call(mut self, params: &Params, caller: Option<&Client>) -> Self {
        let proved = caller.is_some_and(|caller| !caller.is_public());
        self.refusal = self.refusal.map(|refusal| {
            let refusal = refusal.of_request(params, caller);
            Box::new(if proved { refusal.authenticated() } else { refusal })
        });
        self
    }

    /// Answers with another status.
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Adds `WWW-Authenticate`: RFC 6749 section 5.2 for `invalid_client`, RFC 6750 section 3 for bearer tokens. A challenge that
    /// is no legal header value is left out.
    pub fn with_challenge(mut self, challenge: &str) -> Self {
        self.challenge = HeaderValue::from_str(challenge).ok();
        self
    }

    /// Says when trying again may help.
    pub const fn after(mut self, span: Duration) -> Self {
        self.retry_after = Some(span);
        self
    }

    /// Something broke that no caller can mend; the cause is logged.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::broken()
    }

    fn broken() -> Self {
        Self::new(OAuthError::new(ErrorCode::ServerError, "something broke here; the request id leads to the log"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.error).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(challenge) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        put_retry_after(headers, self.retry_after);
        if let Some(refusal) = self.refusal {
            response.extensions_mut().insert(Refused(refusal));
        }
        response
    }
}

impl From<OAuthError> for ApiError {
    fn from(error: OAuthError) -> Self {
        Self::new(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match Prospect::after(&error) {
            Prospect::TryAgain => {
                let error = OAuthError::new(ErrorCode::TemporarilyUnavailable, "try again in a moment");
                Self::new(error).after(STORE_RETRY)
            }
            Prospect::Broken => Self::broken(),
        }
    }
}

impl From<InputRejected> for ApiError {
    fn from(rejected: InputRejected) -> Self {
        const FORM: &str = "the body must be application/x-www-form-urlencoded";
        let invalid = |description| Self::new(OAuthError::invalid_request(description));
        match rejected {
            InputRejected::MediaType => invalid(FORM).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            InputRejected::TooLarge => invalid("the request is too large").with_status(StatusCode::PAYLOAD_TOO_LARGE),
            InputRejected::Timeout => invalid("the body took too long").with_status(StatusCode::REQUEST_TIMEOUT),
            InputRejected::Broken => invalid("the body ended early"),
            InputRejected::QueryBesideForm => invalid(QUERY_BESIDE_FORM),
            InputRejected::Params(why) => Self::new(why.into()),
        }
    }
}

/// RFC 6749 section 5.2: "The authorization server responds with an HTTP 400 (Bad Request) status code (unless specified
/// otherwise)"; RFC 6750 section 3.1 for the codes of bearer tokens.
const fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// RFC 9110 section 10.2.3, in whole seconds, rounded up.
pub(super) fn put_retry_after(headers: &mut HeaderMap, span: Option<Duration>) {
    if let Some(span) = span {
        let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_stores_is_answered_alike_to_end_users_and_apps() {
        let conflict = |conflict| StoreError::Conflict(conflict);
        let failures: [(&dyn Fn() -> StoreError, u16); 7] = [
            (&|| StoreError::Unavailable("away".to_owned()), 503),
            (&|| conflict(Conflict::Stale), 503),
            (&|| conflict(Conflict::Ended), 503),
            (&|| conflict(Conflict::Taken), 500),
            (&|| conflict(Conflict::LastWayIn), 500),
            (&|| conflict(Conflict::LockedOut), 500),
            (&|| StoreError::Corrupt("a row".to_owned()), 500),
        ];
        for (failure, status) in failures {
            let error = failure().to_string();
            for answer in [PageError::from(failure()).into_response(), ApiError::from(failure()).into_response()] {
                assert_eq!(answer.status(), status, "{error}");
                assert_eq!(answer.headers().contains_key(header::RETRY_AFTER), status == 503, "{error}");
            }
        }
    }
}
