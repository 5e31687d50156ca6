//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: what the server offers.

use crate::model::Locale;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;

use super::Document;
use crate::http::AppState;
use crate::keys::KeyRing;
use crate::model::client::SigningAlgorithm;
use crate::model::session::acr;
use crate::protocol::discovery::{Metadata, MetadataInput};
use crate::protocol::issuer::Issuer;
use crate::{client_auth, grants};

/// Seconds that the document may be cached.
const MAX_AGE: u64 = 600;

/// Answers with the metadata.
pub async fn metadata(State(app): State<AppState>, headers: HeaderMap) -> Response {
    app.metadata().answer(&headers)
}

/// Writes the document down, from what is really registered.
pub fn document(issuer: &Issuer, keys: &KeyRing) -> Document {
    let names = |algorithms: &[SigningAlgorithm]| algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
    let metadata = Metadata::new(&MetadataInput {
        issuer: issuer.as_str(),
        grant_types: grants::ALL.iter().map(|grant| grant.grant_type().as_str()).collect(),
        authentication_methods: client_auth::ALL.iter().map(|method| method.name).collect(),
        assertion_algorithms: names(SigningAlgorithm::ALL),
        signing_algorithms: names(&keys.algorithms()),
        acr_values: acr::ALL.to_vec(),
        ui_locales: Locale::ALL.iter().map(|locale| locale.as_str()).collect(),
    });
    Document::new(Bytes::from(serde_json::to_vec(&metadata).unwrap_or_default()), MAX_AGE)
}
