//! `[accounts]`

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;
use crate::model::policy::FactorPolicy;

/// Sign-up and passwords.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct AccountsConfig {
    /// Whether end-users may make an account themselves.
    pub sign_up: bool,
    /// Whether coming back from a connected provider proves an account where the provider does not say when its user authenticated (Google,
    /// GitHub and others). Without it such an account needs a password to administer, and to add or remove a way in; with it, a
    /// browser that is signed in there is proof enough, whichever user sits before it.
    pub provider_return_proves: bool,
    /// The shortest password, in characters (NIST SP 800-63B-4 section 3.1.1.2 asks for 15 where a password is all there is,
    /// and allows 8 beside a second factor).
    pub password_min_chars: usize,
    /// Whether who administers this server has a second factor: `off`, `offered` or `required`. Required means from the second login on: the first one
    /// after the server was claimed, or a role was given, goes without. Administrators can ask for more in the policy, and not for less.
    pub administrators_second_factor: FactorPolicy,
    /// Memory of one password hash in KiB (argon2id `m`).
    pub argon2_memory_kib: u32,
    /// Passes of one password hash (argon2id `t`).
    pub argon2_passes: u32,
    /// Threads that hash passwords, at low priority; half the processors unless set.
    pub hashing_threads: Option<usize>,
    /// Logins that may wait for a hashing thread; further ones are told to come back.
    pub hashing_queue: usize,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            sign_up: true,
            provider_return_proves: false,
            password_min_chars: 10,
            administrators_second_factor: FactorPolicy::Required,
            argon2_memory_kib: 19 * 1024,
            argon2_passes: 2,
            hashing_threads: None,
            hashing_queue: 32,
        }
    }
}

impl AccountsConfig {
    /// Checks the ranges.
    pub(super) fn validate(&self, found: &mut Findings) {
        found.range("password_min_chars", &self.password_min_chars, &8, &64);
        found.range("argon2_memory_kib", &self.argon2_memory_kib, &(7 * 1024), &(1024 * 1024));
        found.range("argon2_passes", &self.argon2_passes, &1, &20);
        found.range("hashing_queue", &self.hashing_queue, &1, &10_000);
        if let Some(threads) = &self.hashing_threads {
            found.range("hashing_threads", threads, &1, &1024);
        }
        // OWASP's least for argon2id: one pass over 46 MiB, or more passes over less.
        if u64::from(self.argon2_memory_kib) * u64::from(self.argon2_passes) < 35 * 1024 {
            found.wrong("argon2_passes", "argon2_memory_kib times argon2_passes must be at least 35840");
        }
    }
}
