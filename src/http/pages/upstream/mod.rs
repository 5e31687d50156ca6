//! Signing in with an account elsewhere, as people see it: the buttons, the way there and back, and what is asked in between.
//!
//! Leaves who is who to `upstream`, and who is signed in to `flow`.

pub mod buttons;
pub mod callback;
pub mod confirm;
pub mod email;
mod outcome;
pub mod start;
mod way;

pub use buttons::{Upstreams, Wording, mark};
pub(super) use outcome::label;
pub(super) use way::{Way, link};
