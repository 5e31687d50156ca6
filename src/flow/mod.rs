//! The authorization request, from its start to its answer, and the sessions of browsers.

pub mod browser;
pub mod next_step;
