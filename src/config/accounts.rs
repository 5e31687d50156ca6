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
    /// GitHub and others). Without it such an account needs a password to administer, and to add or remove a way to sign in; with it, a
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
    /// Threads that hash passwords, at low priority; unless set, half the processors, and no more than fit into half of the memory that the container (cgroup) may have. Each keeps
    /// `argon2_memory_kib`, and a setting that does not fit is refused at the start.
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

/// The most threads that hash.
const MOST_THREADS: usize = 64;
/// The part of the memory that hashing may have: the rest is for requests and caches.
const PART_OF_MEMORY: u64 = 2;

impl AccountsConfig {
    /// How many threads hash, on so many processors and within so many bytes: no more than fit, whatever is set. A server is refused what does not fit; a
    /// command beside it, which may have less memory, is not.
    pub fn threads(&self, processors: usize, memory: Option<u64>) -> usize {
        self.hashing_threads.unwrap_or(processors / 2).min(self.fitting(memory)).clamp(1, MOST_THREADS)
    }

    /// How many KiB of memory one hash may ask for that another server made: what of that part is left beside the other threads, and no less than one of ours takes.
    pub fn most_of_one_kib(&self, processors: usize, memory: Option<u64>) -> u64 {
        let own = u64::from(self.argon2_memory_kib);
        let Some(memory) = memory else { return u64::MAX };
        let others = u64::try_from(self.threads(processors, Some(memory)) - 1).unwrap_or(u64::MAX);
        (memory / PART_OF_MEMORY / 1024).saturating_sub(others.saturating_mul(own)).max(own)
    }

    /// How many threads fit into so many bytes.
    fn fitting(&self, memory: Option<u64>) -> usize {
        let each = u64::from(self.argon2_memory_kib).max(1) * 1024;
        memory.map_or(MOST_THREADS, |memory| usize::try_from(memory / PART_OF_MEMORY / each).unwrap_or(MOST_THREADS))
    }

    /// Checks that hashing fits into the bytes that this process may have.
    pub(super) fn check_memory(&self, memory: Option<u64>, found: &mut Findings) {
        let Some(limit) = memory else { return };
        let (fitting, each, mib) = (self.fitting(memory), self.argon2_memory_kib, limit >> 20);
        // Unless they are set there are as many as fit.
        let threads = self.hashing_threads.map_or(1, |set| set.clamp(1, MOST_THREADS));
        if fitting == 0 {
            let most = limit / PART_OF_MEMORY / 1024;
            let message = format!(
                "{each} KiB for one password are more than half of the {mib} MiB that this process may have: at most {most} fit"
            );
            found.wrong("argon2_memory_kib", message);
        } else if threads > fitting {
            let least = limit / PART_OF_MEMORY / 1024 / u64::try_from(threads).unwrap_or(u64::MAX);
            let message = format!(
                "{threads} threads with {each} KiB each take more than half of the {mib} MiB that this process may have: at most {fitting} \
                 threads fit, or {least} KiB each"
            );
            found.wrong("hashing_threads", message);
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn config(threads: Option<usize>, memory_kib: u32) -> AccountsConfig {
        AccountsConfig { hashing_threads: threads, argon2_memory_kib: memory_kib, ..AccountsConfig::default() }
    }

    #[test]
    fn as_many_threads_hash_as_there_are_processors_and_memory_for() {
        let usual = config(None, 19 * 1024);
        for (processors, memory, threads) in [
            (8, None, 4),
            (1, None, 1),
            (1000, None, 64),
            (64, Some(256 * MIB), 6),
            (8, Some(256 * MIB), 4),
            (8, Some(64 * MIB), 1),
            (8, Some(16 * MIB), 1),
        ] {
            assert_eq!(usual.threads(processors, memory), threads, "{processors} {memory:?}");
        }
        let set = config(Some(4), 19 * 1024);
        assert_eq!([None, Some(64 * MIB), Some(16 * MIB)].map(|memory| set.threads(8, memory)), [4, 1, 1]);
    }

    #[test]
    fn one_hash_of_others_has_what_the_other_threads_leave() {
        let usual = config(None, 19 * 1024);
        for (processors, memory, most) in [
            (8, None, u64::MAX),
            (2, Some(256 * MIB), 128 * 1024),
            (8, Some(256 * MIB), (128 - 3 * 19) * 1024),
            (64, Some(256 * MIB), (128 - 5 * 19) * 1024),
            (2, Some(16 * MIB), 19 * 1024),
        ] {
            assert_eq!(usual.most_of_one_kib(processors, memory), most, "{processors} {memory:?}");
        }
    }

    #[test]
    fn what_does_not_fit_into_the_memory_is_refused_and_what_would_fit_is_said() {
        let found = |config: &AccountsConfig, memory| {
            let mut findings = Findings::new("accounts");
            config.check_memory(memory, &mut findings);
            findings.into_found()
        };
        for fits in [config(None, 19 * 1024), config(Some(6), 19 * 1024), config(Some(1), 128 * 1024)] {
            assert_eq!(found(&fits, Some(256 * MIB)), [], "{fits:?}");
            assert_eq!(found(&fits, None), []);
        }
        let threads = found(&config(Some(7), 19 * 1024), Some(256 * MIB));
        assert_eq!(threads[0].0, "accounts.hashing_threads");
        assert!(
            threads[0].1.ends_with("256 MiB that this process may have: at most 6 threads fit, or 18724 KiB each"),
            "{threads:?}"
        );
        let one = found(&config(None, 129 * 1024), Some(256 * MIB));
        assert_eq!(one[0].0, "accounts.argon2_memory_kib");
        assert!(one[0].1.ends_with("at most 131072 fit"), "{one:?}");
    }
}
