//! Whose declared files manage something.

use super::slug::Slug;

/// The name that files are applied under (`haechi apply --owner`), written as a slug is.
pub type Manager = Slug;
