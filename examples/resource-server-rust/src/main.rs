//! A service with one endpoint, `GET /orders`, for callers whose access token has the scope `orders:read`.
//!
//! The token is checked here, by signature: Haechi is asked for its public keys now and then, and never about a token.

use std::env;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

mod keys;
mod verify;

use verify::{Refused, Verifier};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setting = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let issuer = setting("ISSUER", "http://localhost:8080");
    // What this service is called in the `resource` parameter of a token request, and so in `aud`: a name, wherever it listens.
    let audience = setting("AUDIENCE", "https://orders.example");
    let port: u16 = setting("PORT", "4100").parse()?;

    // reqwest leaves the choice of cryptography to us.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let app = Router::new().route("/orders", get(orders)).with_state(Arc::new(Verifier::new(issuer, audience)?));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("orders for those who may read them: http://127.0.0.1:{port}/orders");
    axum::serve(listener, app).await?;
    Ok(())
}

async fn orders(State(verifier): State<Arc<Verifier>>, headers: HeaderMap) -> Result<Json<Value>, Refused> {
    let caller = verifier.require(&headers, "orders:read").await?;
    Ok(Json(json!({ "orders": [{ "id": 1, "item": "granite statue" }], "reader": caller.sub })))
}
