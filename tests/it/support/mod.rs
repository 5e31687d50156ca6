//! What the tests share.

pub mod accounts;
pub mod app;
pub mod ask;
pub mod attesting;
pub mod authenticator;
pub mod between;
pub mod binary;
pub mod browser;
pub mod builders;
pub mod call;
pub mod emulator;
pub mod factors;
pub mod folder;
pub mod furnished;
pub mod gate;
pub mod jose;
pub mod keys;
pub mod mailbox;
pub mod overheard;
pub mod pictures;
pub mod schema;
pub mod servers;
pub mod shell;
pub mod tls;
pub mod work;
