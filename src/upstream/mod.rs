//! Upstream identity providers: people who sign in here with an account that they have elsewhere.
//!
//! Owns what providers are like ([`presets`]), what their answers mean ([`profile`]), and the oddities of one or the other
//! ([`apple`], [`token_answer`]), and
//! who may be linked to whom ([`link`]). Leaves people to `identity`, and HTTP to `http`.

pub mod apple;
pub mod claims;
pub mod link;
pub mod presets;
pub mod profile;
pub mod secrets;
pub mod token_answer;
