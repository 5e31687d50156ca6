//! What the tests share.

pub mod app;
pub mod ask;
pub mod binary;
pub mod browser;
pub mod folder;
pub mod house;
pub mod jose;
pub mod keys;
pub mod premises;
pub mod servers;
