//! Signing in with an account at a provider, as users see it: the way there and back, and what is asked in between.
//!
//! Leaves whose account it is to `upstream`, which accounts are signed in to `sessions`, and the buttons to [`providers`](super::providers).

pub mod callback;
pub mod confirm;
pub mod email;
mod outcome;
pub mod start;
