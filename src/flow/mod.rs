//! The authorize state machine, and the sessions of browsers.
pub mod browser;
