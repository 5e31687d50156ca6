//! People's accounts and how they prove who they are.
//!
//! Owns passwords (their rules, their hashing, on threads of its own), the slowing down of guesses, and what people do with their
//! own accounts: [`Accounts`]. Leaves browser sessions to `flow`, what administrators do to `admin`, and how anything looks to
//! `http`.

pub mod accounts;
pub mod password;
pub mod throttling;

pub use accounts::{Accounts, Origin};
pub use password::PasswordHasher;
pub use throttling::Throttle;
