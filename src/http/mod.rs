//! The HTTP surface: what a browser, an app and a service meet.

pub mod server;
