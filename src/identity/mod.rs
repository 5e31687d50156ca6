//! The accounts of end-users and how they prove themselves.
//!
//! Owns passwords (their rules, their hashing, on threads of its own), second factors and the one rule that asks for them, the slowing down of guesses, what end-users do with their
//! own accounts ([`Accounts`]), and the proof that sensitive actions take ([`RecentProof`]). Leaves browser sessions to `sessions`, what administrators do to `admin`, and how anything looks to
//! `http`.

pub mod accounts;
pub mod one_time;
pub mod passkeys;
pub mod password;
pub mod second_factor;
pub mod throttling;

pub use accounts::{Accounts, Origin, RecentProof};
pub use passkeys::Passkeys;
pub use password::PasswordHasher;
pub use throttling::Throttle;
