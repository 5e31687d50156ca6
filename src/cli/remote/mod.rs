//! The other door of the command line: the administration API of a server elsewhere (`--server`).
//!
//! Owns finding the server, signing in to it, keeping what was signed in with, and calling its API: what is asked, and what its problems are in words. Leaves what
//! an operation is for, and what is printed of it, to the subcommands, which are the same at both doors.

mod api;
mod credentials;
mod http;
mod loopback;
mod oauth;
mod problem;
mod server;
mod sign_in;
mod who;

pub(super) use api::{Api, HalfDone, Items, place};
pub(super) use credentials::{Entry, Store};
pub(super) use http::Http;
pub(super) use oauth::Endpoints;
pub(super) use server::Server;
pub(super) use sign_in::{Asked, sign_in};
pub(super) use who::{Service, end};

/// The client that `haechi login` is, unless another one is named: an owner registers it once.
pub(super) const CLIENT_ID: &str = "haechi-cli";
