//! The integration tests: one binary, through the front door.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]
#![allow(unreachable_pub, missing_docs, reason = "nobody links against the tests")]

mod admin;
mod architecture;
mod attacks;
mod browser;
mod cli;
mod config;
mod documentation;
mod endpoints;
mod faults;
mod flow;
mod foreign;
mod identity;
mod keys;
mod mail;
mod pages;
mod recipes;
mod references;
mod server;
mod spec;
mod store;
mod support;
mod upstream;
mod webhooks;
