//! What the token, introspection and revocation endpoints take from a request.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::cors::CallerOrigin;
use crate::client_auth::{self, AuthenticatedClient, Credentials, Endpoint, NotAuthenticated};
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{ApiForm, ClientAddress};
use crate::protocol::Params;

/// A form posted by a client, with whatever proves who that is.
pub struct ApiCall {
    /// The parameters of the form.
    pub params: Params,
    /// Where it came from.
    pub address: IpAddr,
    authorization: Vec<HeaderValue>,
}

impl FromRequest<AppState> for ApiCall {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, ApiError> {
        let address = ClientAddress::of_request(&request, &app.config.network).0;
        let authorization = request.headers().get_all(header::AUTHORIZATION).iter().cloned().collect();
        let ApiForm(params) = ApiForm::from_request(request, app).await?;
        Ok(Self { params, address, authorization })
    }
}

/// A call that a page may have sent, and whose answer it may read where it is one of the client's.
pub struct CrossOriginCall {
    origin: CallerOrigin,
    call: Result<ApiCall, ApiError>,
}

impl FromRequest<AppState> for CrossOriginCall {
    type Rejection = Infallible;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Infallible> {
        let origin = CallerOrigin::of(request.headers());
        Ok(Self { origin, call: ApiCall::from_request(request, app).await })
    }
}

impl CrossOriginCall {
    /// Answers the call. Who turns out to be calling is put into the slot, so that a page of that client's may read even an error.
    pub async fn answered(
        self,
        app: &AppState,
        answer: impl AsyncFnOnce(&AppState, &ApiCall, &mut Option<AuthenticatedClient>) -> Result<Response, ApiError>,
    ) -> Response {
        let mut caller = None;
        let answer = match &self.call {
            Ok(call) => answer(app, call, &mut caller).await.map_err(|error| call.refused(error, caller.as_ref())),
            Err(rejected) => Err(rejected.clone()),
        };
        self.origin.answer(app, caller.as_ref().map(|caller| caller.client().as_ref()), answer).await
    }
}

impl ApiCall {
    /// The error with what is known of the call.
    fn refused(&self, error: ApiError, caller: Option<&AuthenticatedClient>) -> ApiError {
        let Some(caller) = caller else {
            let named = client_auth::named(&self.credentials(Endpoint::Token, &self.authorization()));
            return error.naming(named.as_deref()).of_call(&self.params, None);
        };
        error.of_call(&self.params, Some(caller.client()))
    }

    /// Finds out who calls this endpoint.
    pub async fn authenticate(
        &self,
        app: &AppState,
        endpoint: Endpoint,
    ) -> Result<AuthenticatedClient, NotAuthenticated> {
        app.authenticator.authenticate(&self.credentials(endpoint, &self.authorization())).await
    }

    /// The values of the `Authorization` header. More than two are as wrong as two.
    fn authorization(&self) -> Vec<&[u8]> {
        self.authorization.iter().take(2).map(HeaderValue::as_bytes).collect()
    }

    fn credentials<'a>(&'a self, endpoint: Endpoint, authorization: &'a [&'a [u8]]) -> Credentials<'a> {
        Credentials { endpoint, params: &self.params, authorization, address: self.address }
    }
}
