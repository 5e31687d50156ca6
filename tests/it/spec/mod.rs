//! What the specifications say, rule by rule: one folder a specification, names that quote the rule.

mod rfc7515;
mod rfc7517;
mod rfc7518;
mod rfc7519;
mod rfc8037;
mod rfc8725;
