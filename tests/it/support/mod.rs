//! What the tests share.

pub mod folder;
pub mod servers;
