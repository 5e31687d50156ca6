//! The tables as sea-orm sees them, one file each. Private to the SQL store: everyone else sees the model.
#![allow(unreachable_pub, missing_docs, reason = "sea-orm's derives make public items")]

pub(crate) mod client;
pub(crate) mod connection;
pub(crate) mod consent;
pub(crate) mod grant;
pub(crate) mod one_time_token;
pub(crate) mod password;
pub(crate) mod signing_key;
pub(crate) mod upstream_link;
pub(crate) mod user;
