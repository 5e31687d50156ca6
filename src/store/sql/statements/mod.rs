//! Every statement, one file or folder an aggregate: free functions on a connection or a transaction, writes, and shared look-ups.
//!
//! Owns the SQL, and how rows become the model. A statement that decides something is one conditional `UPDATE` or `INSERT`. A new write
//! is a type that implements [`write::Mergeable`] or [`write::Single`], a new shared look-up one that implements [`lookup::LookUp`];
//! nothing else has to know of it. Leaves what shares a transaction to [`super::commit`], and a statement to it and [`super::lookups`].

pub(crate) mod affiliation;
pub(crate) mod api;
mod attempt;
pub(crate) mod attribute;
pub(crate) mod audit_chain;
pub(crate) mod audit_event;
pub(crate) mod claim_rule;
pub(crate) mod client;
mod client_document;
pub(crate) mod client_search;
pub(crate) mod connection;
pub(crate) mod consent;
mod containing;
pub(crate) mod count;
pub(crate) mod delegation;
pub(crate) mod ending;
pub(crate) mod expired;
pub(crate) mod factor;
pub(crate) mod filling;
pub(crate) mod grant;
pub(crate) mod ground;
pub(crate) mod invitation;
pub(crate) mod logo;
pub(crate) mod lookup;
pub(crate) mod mail;
pub(crate) mod manager;
pub(crate) mod one_time_token;
pub(crate) mod origin;
pub(crate) mod passkey;
pub(crate) mod policy;
pub(crate) mod refusal;
pub(crate) mod revoked_token;
pub(crate) mod sealed_record;
pub(crate) mod server;
pub(crate) mod service_account;
pub(crate) mod sign_in;
pub(crate) mod signing_key;
pub(crate) mod spent_value;
pub(crate) mod throttle;
pub(crate) mod upstream_link;
pub(crate) mod user;
pub(crate) mod user_search;
pub(crate) mod way_in;
pub(crate) mod webhook;
pub(crate) mod write;
