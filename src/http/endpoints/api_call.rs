//! What the token, introspection and revocation endpoints take from a request.

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
        let answer = answer.map_err(|error| match client {
            Some(_) => error.of_call(&self.params, client),
            None => error
                .naming(client_auth::named(&self.credentials(Endpoint::Token, &self.authorization())).as_deref())
                .of_call(&self.params, None),
        });
        self.origin.answer(app, client, answer).await
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
