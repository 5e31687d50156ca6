//! What the tests share.

pub mod folder;
pub mod house;
pub mod jose;
pub mod keys;
pub mod servers;
