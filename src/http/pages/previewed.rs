//! What pages show that is not saved, to an administrator who decides how they look.
//!
//! Owns what it is. Leaves what is asked for to the console, and how a page shows it to its [`frame`](super::frame).

use crate::model::branding::{Branding, Scheme};

/// How a page shows what is not saved.
#[derive(Clone, Debug)]
pub(super) struct Preview {
    /// The scheme that it is shown in.
    pub(super) scheme: Scheme,
    /// What of it is not shown, and why.
    pub(super) refused: Vec<String>,
}

/// What is not saved.
#[derive(Clone, Debug)]
pub(super) struct Previewed {
    pub(super) branding: Branding,
    pub(super) preview: Preview,
}
