//! Checking a password against a hash, ours or another's, within the memory that there is.
//!
//! Every thread keeps the memory of one of our hashes. What another server made may ask for more: as many of those are checked at once as fit into what the
//! other threads leave ([`Memory`]), and what each took is given back at once. One that asks for more than that is not checked at all.

use argon2::Params;

use crate::identity::password::Password;
use crate::identity::password::foreign::{self, HashRejected};
use crate::identity::password::hash::{self, Unreadable, Workspace};

/// What an operator should do about a hash that asks for more.
const TOO_LITTLE_MEMORY: &str = "give the process more memory, or set accounts.hashing_threads lower; until then its owner can have a new password mailed, or be given one";

/// What is left of the memory for hashes that ask for more than ours do. Where the process has no limit it does not run out.
#[derive(Debug)]
pub(super) struct Memory {
    free_kib: u64,
}

impl Memory {
    pub(super) const fn of(most_kib: u64) -> Self {
        Self { free_kib: most_kib }
    }

    /// Whether so much is left.
    pub(super) const fn has(&self, kib: u64) -> bool {
        kib <= self.free_kib
    }

    /// Takes what is [there](Self::has).
    pub(super) const fn take(&mut self, kib: u64) {
        self.free_kib = self.free_kib.saturating_sub(kib);
    }

    pub(super) const fn give_back(&mut self, kib: u64) {
        self.free_kib = self.free_kib.saturating_add(kib);
    }
}

/// What hashes are checked by.
pub(super) struct Checking {
    /// Those of our hashes.
    params: Params,
    /// The most memory that one hash may have.
    most_kib: u64,
}

impl Checking {
    pub(super) const fn new(params: Params, most_kib: u64) -> Self {
        Self { params, most_kib }
    }

    /// Whether a hash asks for no more memory than one may have.
    pub(super) fn takes(&self, stored: &str) -> Result<(), HashRejected> {
        self.has_room(memory_kib(stored).map_err(|_| HashRejected::Unknown)?)
    }

    /// Whether there is memory for a hash that was taken once, perhaps where there was more. Tells the operator where there is not.
    pub(super) fn still_takes(&self, stored: &str) -> bool {
        let Err(why @ HashRejected::TooMuchMemory { .. }) = self.takes(stored) else { return true };
        tracing::error!("a password cannot be checked, as its hash {why}: {TOO_LITTLE_MEMORY}");
        false
    }

    /// How much memory a hash asks for that a thread does not have by itself; 0 where it does.
    pub(super) fn large_kib(&self, stored: &str) -> u64 {
        memory_kib(stored).ok().filter(|asked| self.is_large(*asked)).unwrap_or(0)
    }

    /// Whether the password makes this hash, and whether it should be hashed anew.
    pub(super) fn verify(
        &self,
        stored: &str,
        password: &Password,
        space: &mut Workspace,
    ) -> Result<(bool, bool), Unreadable> {
        if !self.is_large(memory_kib(stored)?) {
            return verify(&self.params, stored, password, space);
        }
        space.give_back();
        let verified = verify(&self.params, stored, password, space);
        space.give_back();
        verified
    }

    fn is_large(&self, asked_kib: u64) -> bool {
        asked_kib > u64::from(self.params.m_cost())
    }

    fn has_room(&self, asked_kib: u64) -> Result<(), HashRejected> {
        if asked_kib <= self.most_kib {
            return Ok(());
        }
        Err(HashRejected::TooMuchMemory { asked_mib: asked_kib.div_ceil(1024), most_mib: self.most_kib / 1024 })
    }
}

/// How many KiB of memory it takes to check a password against a hash.
fn memory_kib(stored: &str) -> Result<u64, Unreadable> {
    if hash::is_ours(stored) {
        return hash::memory_kib(stored);
    }
    foreign::read(stored).map(|hash| hash.memory_kib()).map_err(|_| Unreadable)
}

/// Whether the password makes this hash, ours or another's, and whether it should be hashed anew.
fn verify(
    params: &Params,
    stored: &str,
    password: &Password,
    space: &mut Workspace,
) -> Result<(bool, bool), Unreadable> {
    let by_others = |space: &mut Workspace| {
        let hash = foreign::read(stored).map_err(|_| Unreadable)?;
        Ok((hash.verify(password.as_typed(), space), true))
    };
    if !hash::is_ours(stored) {
        return by_others(space);
    }
    match hash::verify(params, stored, password.expose(), space)? {
        // One that came from elsewhere in our form may be of what was typed.
        (false, _) if password.as_typed() != password.expose() => by_others(space),
        verdict => Ok(verdict),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_large_hashes_have_memory_as_fit_and_all_where_there_is_no_limit() {
        let mut memory = Memory::of(4096);
        memory.take(2048);
        assert!(memory.has(2048) && !memory.has(2049));
        memory.take(2048);
        assert!(!memory.has(1));
        memory.give_back(2048);
        assert!(memory.has(2048) && !memory.has(2049));
        let mut unlimited = Memory::of(u64::MAX);
        (0..64).for_each(|_| unlimited.take(256 * 1024));
        assert!(unlimited.has(256 * 1024));
    }
}
