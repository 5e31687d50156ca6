//! `[accounts]`

use serde::{Deserialize, Serialize};

/// Sign-up and passwords.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// Whether people may make an account themselves.
    pub sign_up: bool,
    /// The shortest password, in characters (NIST SP 800-63B-4 section 3.1.1.2 asks for 15 where a password is all there is,
    /// and allows 8 beside a second factor).
    pub password_min_chars: usize,
    /// Memory of one password hash in KiB (argon2id `m`).
    pub argon2_memory_kib: u32,
    /// Passes of one password hash (argon2id `t`).
    pub argon2_passes: u32,
    /// Threads that hash passwords, at low priority; half the processors unless set.
    pub hashing_threads: Option<usize>,
    /// Logins that may wait for a hashing thread; further ones are told to come back.
    pub hashing_queue: usize,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            sign_up: true,
            password_min_chars: 10,
            argon2_memory_kib: 19 * 1024,
            argon2_passes: 2,
            hashing_threads: None,
            hashing_queue: 32,
        }
    }
}
