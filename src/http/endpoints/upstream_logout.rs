//! `/upstream/{slug}/backchannel-logout`: OpenID Connect Back-Channel Logout 1.0, received from an upstream provider.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::ApiForm;
use crate::model::audit_event::Actor;
use crate::model::refusal::{self, Refusal};
use crate::protocol::OAuthError;
use crate::store::StoreError;
use crate::upstream::{LogoutTokenRejected, Reason};

/// Ends the sign-ins that rest on the session that ended there. Section 2.8: 200 where it was done, 400 where the request was no good; an
/// answer "SHOULD include Cache-Control: no-store".
pub async fn post(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    ApiForm(params): ApiForm,
) -> Result<Response, ApiError> {
    let refused = |rejected| refused(&slug, rejected);
    let ended = app.upstream.signed_out_there(&slug, &params).await.map_err(refused)?;
    let sessions = &app.flow.sessions;
    let mut sign_ins = match ended.user {
        Some(user) => sessions.of_user(user).await?,
        None => Vec::new(),
    };
    sign_ins.retain(|sign_in| sign_in.upstream.as_ref().is_some_and(|upstream| ended.names(upstream)));
    let committed = sessions.revoke_together(&Actor::System, &sign_ins, ended.noted).await;
    committed.map_err(|error| refused(error.into()))?;
    Ok([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))].into_response())
}

fn refused(slug: &str, rejected: LogoutTokenRejected) -> ApiError {
    let refusal = Refusal::new(refusal::Reason::LogoutTokenRefused).through(slug).because(&rejected.to_string());
    match rejected {
        LogoutTokenRejected::Unavailable(Reason::Store(error)) => error.into(),
        LogoutTokenRejected::Unavailable(reason) => StoreError::Unavailable(reason.to_string()).into(),
        _ => ApiError::new(OAuthError::invalid_request("the logout token is not acceptable")).refusing(refusal),
    }
}
