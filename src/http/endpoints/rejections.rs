//! The answers that the precise errors of clients, grants and tokens become.

use std::time::Duration;

use axum::http::StatusCode;

use crate::client_auth::{ClientAuthRejected, NotAuthenticated};
use crate::grants::{GrantRejected, TokenRequest};
use crate::http::bearer;
use crate::http::error::ApiError;
use crate::keys::KeyError;
use crate::protocol::{ErrorCode, OAuthError};
use crate::tokens::presented::PresentedRejected;
use crate::tokens::userinfo::{NotAnswered, UserInfoRejected};

/// RFC 6749 section 5.2: a client that failed to authenticate is told which scheme it may use; RFC 9110 section 15.5.2 asks for
/// the same of every 401.
const CLIENT_CHALLENGE: &str = "Basic realm=\"haechi\", charset=\"UTF-8\"";
const SOON: Duration = Duration::from_secs(1);

impl From<NotAuthenticated> for ApiError {
    fn from(NotAuthenticated { why, refusal }: NotAuthenticated) -> Self {
        match why {
            ClientAuthRejected::Store(error) => error.into(),
            why => Self::from(why).refusing(*refusal),
        }
    }
}

impl From<ClientAuthRejected> for ApiError {
    fn from(rejected: ClientAuthRejected) -> Self {
        match rejected.outward() {
            Some(error) if error.code == ErrorCode::InvalidClient => Self::new(error).with_challenge(CLIENT_CHALLENGE),
            Some(error) => Self::new(error),
            None => match rejected {
                ClientAuthRejected::Store(error) => error.into(),
                ClientAuthRejected::Throttled { retry_after } => {
                    Self::new(OAuthError::new(ErrorCode::InvalidClient, "too many failed attempts from this address"))
                        .with_status(StatusCode::TOO_MANY_REQUESTS)
                        .after(retry_after)
                }
                other => Self::internal(&other),
            },
        }
    }
}

/// What a token request that was refused is answered.
pub(super) fn of_grant(rejected: GrantRejected, request: &TokenRequest<'_>) -> ApiError {
    let refusal = rejected.refusal(request);
    match rejected.outward() {
        Some(error) => ApiError::new(error).refusing(refusal),
        None => rejected.into(),
    }
}

impl From<GrantRejected> for ApiError {
    fn from(rejected: GrantRejected) -> Self {
        match rejected.outward() {
            Some(error) => Self::new(error),
            None => match rejected {
                GrantRejected::Store(error) => error.into(),
                passing @ (GrantRejected::Contended | GrantRejected::Key(KeyError::NoKey(_))) => {
                    tracing::warn!(%passing, "token request put off");
                    try_again()
                }
                other => Self::internal(&other),
            },
        }
    }
}

/// What passes by itself: a race that was lost too often, a key that is still being made.
fn try_again() -> ApiError {
    ApiError::new(OAuthError::new(ErrorCode::TemporarilyUnavailable, "try again in a moment")).after(SOON)
}

impl From<NotAnswered> for ApiError {
    fn from(NotAnswered { why, refusal }: NotAnswered) -> Self {
        let error = match why {
            UserInfoRejected::Token(PresentedRejected::Store(error)) => return error.into(),
            UserInfoRejected::Token(_) => {
                OAuthError::new(ErrorCode::InvalidToken, "the access token is not valid here")
            }
            UserInfoRejected::Scope(_) => {
                OAuthError::new(ErrorCode::InsufficientScope, "the access token does not have the openid scope")
            }
        };
        bearer::refuse(error).refusing(*refusal)
    }
}
