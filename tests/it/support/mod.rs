//! What the tests share.

pub mod folder;
pub mod jose;
pub mod keys;
pub mod servers;
