//! What the specifications say, rule by rule: one folder a specification, names that quote the rule.

mod form_post;
mod multiple_response_types;
mod oidc_core;
mod oidc_discovery;
mod rfc6749;
mod rfc6750;
mod rfc7009;
mod rfc7515;
mod rfc7517;
mod rfc7518;
mod rfc7519;
pub mod rfc7523;
mod rfc7591;
mod rfc7636;
mod rfc7662;
mod rfc8037;
mod rfc8252;
mod rfc8414;
mod rfc8707;
mod rfc8725;
mod rfc9068;
mod rfc9207;
mod rfc9470;
mod rfc9700;
mod rp_initiated_logout;
