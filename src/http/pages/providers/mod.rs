//! Providers as every page may show them: their marks, labels and buttons, and the links that lead to them.
//!
//! Leaves what follows a link to [`upstream`](super::upstream).

mod buttons;
mod label;
mod linked;
mod way;

pub(super) use buttons::Button;
pub use buttons::{Upstreams, Wording, mark};
pub(super) use label::label;
pub(super) use linked::LinkRow;
pub(super) use way::{Way, link};
