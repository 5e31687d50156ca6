//! What the tests share.

pub mod folder;
pub mod keys;
pub mod servers;
