//! Every statement, one file an aggregate: free functions on a connection or a transaction, and what they are given.
//!
//! Owns the SQL, and how rows become the model. A statement that decides something is one conditional `UPDATE` or `INSERT`. Leaves which
//! statements share a transaction to [`super::commit`].

pub(crate) mod audit_event;
pub(crate) mod client;
pub(crate) mod connection;
pub(crate) mod consent;
pub(crate) mod expired;
pub(crate) mod grant;
pub(crate) mod one_time_token;
pub(crate) mod sealed_record;
pub(crate) mod server;
pub(crate) mod sign_in;
pub(crate) mod signing_key;
pub(crate) mod spent_value;
pub(crate) mod throttle;
pub(crate) mod upstream_link;
pub(crate) mod user;
