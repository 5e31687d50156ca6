//! What the token, introspection and revocation endpoints take from a request.

use std::net::IpAddr;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::cors::CallerOrigin;
use crate::client_auth::{AuthenticatedClient, ClientAuthRejected, Credentials, Endpoint};
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
    /// The page it came from, where it came from one.
    pub origin: CallerOrigin,
    authorization: Vec<HeaderValue>,
}

impl FromRequest<AppState> for ApiCall {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let address = ClientAddress::of_request(&request, &app.config.network).0;
        let origin = CallerOrigin::of(request.headers());
        let authorization = request.headers().get_all(header::AUTHORIZATION).iter().cloned().collect();
        match ApiForm::from_request(request, app).await {
            Ok(ApiForm(params)) => Ok(Self { params, address, origin, authorization }),
            Err(rejected) => Err(origin.answer(app, None, rejected).await),
        }
    }
}

impl ApiCall {
    /// Answers the call. Who turns out to be calling is put into the slot, so that a page of that client's may read even an error.
    pub async fn answered(
        self,
        app: &AppState,
        answer: impl AsyncFnOnce(&AppState, &Self, &mut Option<AuthenticatedClient>) -> Result<Response, ApiError>,
    ) -> Response {
        let mut caller = None;
        let answer = answer(app, &self, &mut caller).await;
        let client = caller.as_ref().map(|caller| caller.client().as_ref());
        self.origin.answer(app, client, answer).await
    }

    /// Finds out who calls this endpoint.
    pub async fn authenticate(
        &self,
        app: &AppState,
        endpoint: Endpoint,
    ) -> Result<AuthenticatedClient, ClientAuthRejected> {
        // More than two are as wrong as two.
        let mut headers: [&[u8]; 2] = [&[]; 2];
        for (place, header) in headers.iter_mut().zip(&self.authorization) {
            *place = header.as_bytes();
        }
        let authorization = &headers[..self.authorization.len().min(2)];
        app.authenticator
            .authenticate(&Credentials { endpoint, params: &self.params, authorization, address: self.address })
            .await
    }
}
