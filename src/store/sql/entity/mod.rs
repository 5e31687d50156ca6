//! The tables as sea-orm sees them, one file each. Private to the SQL store: everyone else sees the model.
#![allow(unreachable_pub, missing_docs, reason = "sea-orm's derives make public items")]

pub(super) mod audit_event;
pub(super) mod client;
pub(super) mod connection;
pub(super) mod consent;
pub(super) mod grant;
pub(super) mod one_time_token;
pub(super) mod password;
pub(super) mod signing_key;
pub(super) mod upstream_link;
pub(super) mod user;
