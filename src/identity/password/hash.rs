//! One argon2id hash, in memory that the caller keeps.

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordHash, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::support::Secret;

const OUTPUT_BYTES: usize = 32;
/// The most memory (KiB) and passes that a stored hash may ask for: a tampered one must not stall a thread.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;

/// The memory of one thread that hashes. It grows to what was asked for last and is reused.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    blocks: Vec<Block>,
    /// What hashing cost that was not asked for yet: KiB times passes.
    spent: u64,
}

impl Workspace {
    fn blocks(&mut self, params: &Params) -> &mut [Block] {
        if self.blocks.len() != params.block_count() {
            self.blocks = vec![Block::new(); params.block_count()];
        }
        &mut self.blocks
    }

    /// Keeps no memory.
    pub(super) fn give_back(&mut self) {
        self.blocks = Vec::new();
    }

    /// How much it keeps, in KiB: a block is one.
    #[cfg(test)]
    pub(super) fn kept_kib(&self) -> usize {
        self.blocks.len()
    }

    /// What hashing cost since this was asked last.
    pub(super) fn take_spent(&mut self) -> u64 {
        std::mem::take(&mut self.spent)
    }
}

/// A hash that cannot be read, or that asks for more than Haechi gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// Checks the parameters of new hashes: argon2id with one lane.
pub(super) fn params(memory_kib: u32, passes: u32) -> Option<Params> {
    let sane = memory_kib <= MAX_MEMORY_KIB && passes <= MAX_PASSES;
    sane.then(|| Params::new(memory_kib, passes, 1, Some(OUTPUT_BYTES)).ok()).flatten()
}

/// Hashes a password into a PHC string (`$argon2id$v=19$m=…,t=…,p=1$salt$hash`).
pub(super) fn make(
    params: &Params,
    password: &str,
    salt: &[u8; 16],
    space: &mut Workspace,
) -> Result<Secret<String>, Unreadable> {
    let mut output = [0; OUTPUT_BYTES];
    compute((Algorithm::Argon2id, Version::V0x13, params), password.as_bytes(), salt, &mut output, space)?;
    let text = phc_text(params, salt, &output);
    output.zeroize();
    text
}

/// The text of a hash of no password at all: `output` is random, so nothing verifies against it. Costs nothing to make and
/// as much as any other to verify against.
pub(super) fn decoy(
    params: &Params,
    salt: &[u8; 16],
    output: &[u8; OUTPUT_BYTES],
) -> Result<Secret<String>, Unreadable> {
    phc_text(params, salt, output)
}

/// Whether a hash may ask for so much.
pub(super) fn is_sane(params: &Params) -> bool {
    params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES && params.p_cost() <= 16
}

/// Whether a hash has the form of ours.
pub(super) fn is_ours(phc: &str) -> bool {
    phc.starts_with("$argon2id$v=19$")
}

/// How many KiB of memory a hash of our form asks for.
pub(super) fn memory_kib(phc: &str) -> Result<u64, Unreadable> {
    let stored = PasswordHash::new(phc).map_err(|_| Unreadable)?;
    Params::try_from(&stored).map(|params| params.m_cost().into()).map_err(|_| Unreadable)
}

/// Whether the password makes this hash, and whether the hash should be renewed with `current`.
pub(super) fn verify(
    current: &Params,
    phc: &str,
    password: &str,
    space: &mut Workspace,
) -> Result<(bool, bool), Unreadable> {
    let stored = PasswordHash::new(phc).map_err(|_| Unreadable)?;
    let params = Params::try_from(&stored).map_err(|_| Unreadable)?;
    let sane = is_sane(&params);
    let known = stored.algorithm == ARGON2ID_IDENT && stored.version == Some(Version::V0x13.into());
    let (Some(salt), Some(expected), true) = (stored.salt, stored.hash, sane && known) else {
        return Err(Unreadable);
    };
    let mut output = vec![0; expected.len()];
    let made = (Algorithm::Argon2id, Version::V0x13, &params);
    compute(made, password.as_bytes(), salt.as_ref(), &mut output, space)?;
    let right = output.ct_eq(expected.as_bytes()).into();
    output.zeroize();
    let outdated = (params.m_cost(), params.t_cost(), params.p_cost(), expected.len())
        != (current.m_cost(), current.t_cost(), current.p_cost(), OUTPUT_BYTES);
    Ok((right, outdated))
}

/// Computes a hash.
pub(super) fn compute(
    (algorithm, version, params): (Algorithm, Version, &Params),
    password: &[u8],
    salt: &[u8],
    output: &mut [u8],
    space: &mut Workspace,
) -> Result<(), Unreadable> {
    space.spent += u64::from(params.m_cost()) * u64::from(params.t_cost());
    Argon2::new(algorithm, version, params.clone())
        .hash_password_into_with_memory(password, salt, output, space.blocks(params))
        .map_err(|_| Unreadable)
}

fn phc_text(params: &Params, salt: &[u8; 16], output: &[u8]) -> Result<Secret<String>, Unreadable> {
    let phc = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|_| Unreadable)?,
        salt: Some(Salt::new(salt).map_err(|_| Unreadable)?),
        hash: Some(Output::new(output).map_err(|_| Unreadable)?),
    };
    Ok(Secret::from(phc.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Params {
        params(64, 1).unwrap()
    }

    #[test]
    fn a_hash_verifies_its_password_only() {
        let mut space = Workspace::default();
        let phc = make(&small(), "correct", &[7; 16], &mut space).unwrap();
        assert!(phc.expose().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", phc.expose());
        assert_eq!(verify(&small(), phc.expose(), "correct", &mut space), Ok((true, false)));
        assert_eq!(verify(&small(), phc.expose(), "Correct", &mut space), Ok((false, false)));
    }

    #[test]
    fn the_parameters_of_the_hash_count_and_older_ones_are_noticed() {
        let mut space = Workspace::default();
        let phc = make(&small(), "correct", &[7; 16], &mut space).unwrap();
        let stronger = params(128, 2).unwrap();
        assert_eq!(verify(&stronger, phc.expose(), "correct", &mut space), Ok((true, true)));
    }

    #[test]
    fn nothing_verifies_against_a_decoy() {
        let mut space = Workspace::default();
        let phc = decoy(&small(), &[1; 16], &[0; 32]).unwrap();
        assert_eq!(verify(&small(), phc.expose(), "", &mut space), Ok((false, false)));
    }

    #[test]
    fn a_hash_that_is_not_ours_is_unreadable() {
        let mut space = Workspace::default();
        let good = make(&small(), "x", &[7; 16], &mut space).unwrap();
        for bad in [
            String::new(),
            "plain".to_owned(),
            good.expose().replace("argon2id", "argon2i"),
            good.expose().replace("v=19", "v=16"),
            good.expose().replace("m=64", "m=4194304"),
            good.expose().replace("t=1", "t=4000000"),
            good.expose().rsplit_once('$').unwrap().0.to_owned(),
        ] {
            assert_eq!(verify(&small(), &bad, "x", &mut space), Err(Unreadable), "{bad}");
        }
    }
}
