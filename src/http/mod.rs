//! The HTTP surface: what a browser, an app and a service meet.
//!
//! Owns everything that is HTTP: routes, parameters on the way in, cookies, headers, status codes and pages on the way out. Decides nothing
//! about protocol, accounts or keys: a handler reads the request, asks one function of the layers below, and writes what it answered.

pub mod api;
pub mod arrival;
mod bearer;
pub mod browser;
pub mod console_cookie;
pub mod cookies;
pub mod csrf;
pub mod document;
pub mod endpoints;
pub mod error;
pub mod extract;
pub mod input_rejected;
pub mod json;
pub mod metadata;
pub mod middleware;
pub mod next;
pub mod page_policy;
pub mod pages;
pub mod problem;
pub mod readiness;
pub mod redirect;
mod refuse;
pub mod refused;
mod router;
pub mod server;
mod standing;
mod state;

pub use endpoints::health::not_ready;
pub use router::router;
pub use state::AppState;
