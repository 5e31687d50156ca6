//! Hashes of passwords that others made, brought along with their accounts: which there are, and whether a password makes one.
//!
//! Owns reading them ([`parse`], which takes all forms, and bounds what one may cost) and checking a password against one. A hash is stored in the form in
//! which it came, or as a PHC string where that form is no text. It is replaced by one of ours as soon as its password was right once; until then it takes
//! as long to check as it was made to. Leaves our own form to `hash`, and when anything is checked to the pool.

use std::num::NonZeroU32;

use argon2::{Algorithm, Params, PasswordHash, Version};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::hash::{self, Workspace};
use crate::support::pbkdf2::{self, HashFunction};
use crate::support::{Digest, Secret};

mod firebase;
mod keycloak;
#[cfg(test)]
mod tests;

pub use firebase::FirebaseParameters;
pub use keycloak::of_credential;

/// The longest text of a hash, in bytes.
const MAX_TEXT: usize = 1024;
/// The most that a hash may cost: about a second of one core, and 256 MiB, or less where there is less ([`HashRejected::TooMuchMemory`]).
const MAX_BCRYPT_COST: u32 = 14;
const MAX_PBKDF2_ITERATIONS: u32 = 2_000_000;
const MAX_SCRYPT_MEMORY: u64 = 128 << 20;
const MAX_SCRYPT_WORK: u64 = 1 << 24;
const MAX_ARGON2_WORK: u64 = 2 << 20;
/// The bytes of a derived key and of a salt that are taken.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=128;
const MAX_SALT: usize = 256;

/// Why a hash is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashRejected {
    /// It is of none of the forms that are known.
    #[error(
        "is no hash of a form that is known: argon2, bcrypt, PBKDF2 or scrypt as PHC strings, Django's, Keycloak's or Firebase's"
    )]
    Unknown,
    /// It would take too long to check, or too much memory, on any machine.
    #[error(
        "asks for more than a sign-in is given: about a second (bcrypt with a cost of 14, 2,000,000 iterations of PBKDF2, 2 GiB that argon2 goes through), \
         and 256 MiB of memory (128 MiB of scrypt)"
    )]
    TooExpensive,
    /// It would take more memory to check than one hash may have in this process.
    #[error(
        "asks for {asked_mib} MiB of memory, and one hash may have {most_mib} MiB here: half of what this process may have, without what its other hashing \
         threads keep"
    )]
    TooMuchMemory {
        /// What it asks for.
        asked_mib: u64,
        /// What one may have.
        most_mib: u64,
    },
}

/// A hash that a password can be checked against.
#[derive(Debug, PartialEq)]
pub(super) enum ForeignHash {
    Argon2 {
        algorithm: Algorithm,
        version: Version,
        params: Params,
        salt: Vec<u8>,
        key: Vec<u8>,
    },
    /// `sha256` where the hexadecimal digest of the password was hashed: Django's `bcrypt_sha256`.
    Bcrypt {
        text: String,
        sha256: bool,
    },
    Pbkdf2 {
        function: HashFunction,
        iterations: NonZeroU32,
        salt: Vec<u8>,
        key: Vec<u8>,
    },
    Scrypt {
        params: ScryptParams,
        salt: Vec<u8>,
        key: Vec<u8>,
    },
    Firebase {
        parameters: FirebaseParameters,
        salt: Vec<u8>,
        key: Vec<u8>,
    },
}

/// The parameters of scrypt: RFC 7914 section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScryptParams {
    /// The logarithm of N.
    log_n: u8,
    r: u32,
    p: u32,
}

impl ScryptParams {
    fn new(log_n: u8, r: u32, p: u32) -> Result<Self, HashRejected> {
        if !(1..=32).contains(&log_n) || r == 0 || p == 0 {
            return Err(HashRejected::Unknown);
        }
        let blocks = u64::from(r) << log_n;
        let sane = blocks * 128 <= MAX_SCRYPT_MEMORY && blocks * u64::from(p) <= MAX_SCRYPT_WORK && r <= 1024;
        if sane { Ok(Self { log_n, r, p }) } else { Err(HashRejected::TooExpensive) }
    }

    /// How many KiB it takes: section 2, 128 times N times r bytes.
    fn memory_kib(self) -> u64 {
        (u64::from(self.r) << self.log_n) / 8
    }

    /// Derives a key; `None` where the parameters make none.
    fn derive(self, password: &[u8], salt: &[u8], key: &mut [u8]) -> Option<()> {
        let params = scrypt::Params::new(self.log_n, self.r, self.p).ok()?;
        scrypt::scrypt(password, salt, &params, key).ok()
    }
}

/// A hash as it is stored, if it is of a known form and not too expensive.
pub fn parse(text: &str) -> Result<Secret<String>, HashRejected> {
    let text = text.trim();
    read(text).map(|_| Secret::from(text))
}

/// Reads a stored hash. Ours is one of them: argon2id.
pub(super) fn read(text: &str) -> Result<ForeignHash, HashRejected> {
    if text.len() > MAX_TEXT || text.contains('\0') {
        return Err(HashRejected::Unknown);
    }
    let (form, rest) = match text.strip_prefix('$') {
        Some(rest) => rest.split_once('$').ok_or(HashRejected::Unknown)?,
        None => return of_django(text),
    };
    match form {
        "2a" | "2b" | "2y" => bcrypt(text, false),
        "argon2id" | "argon2i" | "argon2d" => argon2(text),
        "pbkdf2" | "pbkdf2-sha1" => phc_pbkdf2(HashFunction::Sha1, rest),
        "pbkdf2-sha256" => phc_pbkdf2(HashFunction::Sha256, rest),
        "pbkdf2-sha384" => phc_pbkdf2(HashFunction::Sha384, rest),
        "pbkdf2-sha512" => phc_pbkdf2(HashFunction::Sha512, rest),
        "scrypt" => phc_scrypt(rest),
        firebase::FORM => firebase::read(rest),
        _ => Err(HashRejected::Unknown),
    }
}

/// `algorithm$…`, as Django's `PASSWORD_HASHERS` write it.
fn of_django(text: &str) -> Result<ForeignHash, HashRejected> {
    let (algorithm, rest) = text.split_once('$').ok_or(HashRejected::Unknown)?;
    match algorithm {
        "pbkdf2_sha256" => django_pbkdf2(HashFunction::Sha256, rest),
        "pbkdf2_sha1" => django_pbkdf2(HashFunction::Sha1, rest),
        "bcrypt" => bcrypt(rest, false),
        "bcrypt_sha256" => bcrypt(rest, true),
        "argon2" => argon2(&format!("${rest}")),
        "scrypt" => django_scrypt(rest),
        _ => Err(HashRejected::Unknown),
    }
}

fn argon2(text: &str) -> Result<ForeignHash, HashRejected> {
    let stored = PasswordHash::new(text).map_err(|_| HashRejected::Unknown)?;
    let params = Params::try_from(&stored).map_err(|_| HashRejected::Unknown)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(|_| HashRejected::Unknown)?;
    // Hashes without a version are of 0x10.
    let version = Version::try_from(stored.version.unwrap_or(0x10)).map_err(|_| HashRejected::Unknown)?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if !hash::is_sane(&params) || work > MAX_ARGON2_WORK {
        return Err(HashRejected::TooExpensive);
    }
    let (Some(salt), Some(key)) = (stored.salt, stored.hash) else { return Err(HashRejected::Unknown) };
    Ok(ForeignHash::Argon2 { algorithm, version, params, salt: salt.as_ref().to_vec(), key: key.as_bytes().to_vec() })
}

/// `$2b$12$` with 22 characters of salt and 31 of hash, after Django's separator or without.
fn bcrypt(text: &str, sha256: bool) -> Result<ForeignHash, HashRejected> {
    let unknown = HashRejected::Unknown;
    let rest = text.strip_prefix("$2").and_then(|rest| rest.strip_prefix(['a', 'b', 'y'])).ok_or(unknown)?;
    let (cost, hash) = rest.strip_prefix('$').and_then(|rest| rest.split_once('$')).ok_or(unknown)?;
    let cost: u32 = cost.parse().map_err(|_| unknown)?;
    let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'/';
    if hash.len() != 53 || !hash.bytes().all(letters) || cost < 4 {
        return Err(unknown);
    }
    if cost > MAX_BCRYPT_COST {
        return Err(HashRejected::TooExpensive);
    }
    Ok(ForeignHash::Bcrypt { text: text.to_owned(), sha256 })
}

fn pbkdf2(function: HashFunction, iterations: u32, salt: Vec<u8>, key: Vec<u8>) -> Result<ForeignHash, HashRejected> {
    let iterations = NonZeroU32::new(iterations).ok_or(HashRejected::Unknown)?;
    check_lengths(&salt, &key)?;
    // Each block of a longer key is made by itself: RFC 8018 section 5.2.
    let blocks = u32::try_from(key.len().div_ceil(function.output_bytes())).unwrap_or(u32::MAX);
    if iterations.get().saturating_mul(blocks) > MAX_PBKDF2_ITERATIONS {
        return Err(HashRejected::TooExpensive);
    }
    Ok(ForeignHash::Pbkdf2 { function, iterations, salt, key })
}

/// `iterations$salt$key`: the salt is text, the key base64.
fn django_pbkdf2(function: HashFunction, rest: &str) -> Result<ForeignHash, HashRejected> {
    let [iterations, salt, key] = parts(rest)?;
    pbkdf2(function, number(iterations)?, salt.as_bytes().to_vec(), decoded(key)?)
}

/// `i=1000,l=32$salt$key`, or `1000$salt$key` as passlib writes it: base64 without padding, in which passlib has `.` for `+`.
fn phc_pbkdf2(function: HashFunction, rest: &str) -> Result<ForeignHash, HashRejected> {
    let [parameters, salt, key] = parts(rest)?;
    let iterations = if parameters.contains('=') {
        parameter(parameters, "i").ok_or(HashRejected::Unknown)?
    } else {
        number(parameters)?
    };
    pbkdf2(function, iterations, decoded(&salt.replace('.', "+"))?, decoded(&key.replace('.', "+"))?)
}

/// `ln=14,r=8,p=1$salt$key`.
fn phc_scrypt(rest: &str) -> Result<ForeignHash, HashRejected> {
    let [parameters, salt, key] = parts(rest)?;
    let of = |name| parameter(parameters, name).ok_or(HashRejected::Unknown);
    let log_n = u8::try_from(of("ln")?).map_err(|_| HashRejected::Unknown)?;
    scrypt_of(ScryptParams::new(log_n, of("r")?, of("p")?)?, decoded(salt)?, decoded(key)?)
}

/// `N$salt$r$p$key`: the salt is text, the key base64.
fn django_scrypt(rest: &str) -> Result<ForeignHash, HashRejected> {
    let [n, salt, r, p, key] = parts(rest)?;
    let n = number(n)?;
    let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| HashRejected::Unknown)?;
    if !n.is_power_of_two() {
        return Err(HashRejected::Unknown);
    }
    scrypt_of(ScryptParams::new(log_n, number(r)?, number(p)?)?, salt.as_bytes().to_vec(), decoded(key)?)
}

fn scrypt_of(params: ScryptParams, salt: Vec<u8>, key: Vec<u8>) -> Result<ForeignHash, HashRejected> {
    check_lengths(&salt, &key)?;
    Ok(ForeignHash::Scrypt { params, salt, key })
}

fn check_lengths(salt: &[u8], key: &[u8]) -> Result<(), HashRejected> {
    let fine = salt.len() <= MAX_SALT && KEY_BYTES.contains(&key.len());
    if fine { Ok(()) } else { Err(HashRejected::Unknown) }
}

/// The parts of a text, between dollar signs.
fn parts<const N: usize>(text: &str) -> Result<[&str; N], HashRejected> {
    let parts: Vec<&str> = text.split('$').collect();
    parts.try_into().map_err(|_| HashRejected::Unknown)
}

fn number(text: &str) -> Result<u32, HashRejected> {
    text.parse().map_err(|_| HashRejected::Unknown)
}

fn parameter(text: &str, name: &str) -> Option<u32> {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name)?.1.parse().ok()
}

/// Base64 in either alphabet, with or without padding.
fn decoded(text: &str) -> Result<Vec<u8>, HashRejected> {
    const ANY: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let standard = text.trim().replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&alphabet::STANDARD, ANY).decode(standard).map_err(|_| HashRejected::Unknown)
}

impl ForeignHash {
    /// How many KiB of memory it takes to check a password against it; nothing worth counting of those that need next to none.
    pub(super) fn memory_kib(&self) -> u64 {
        match self {
            Self::Argon2 { params, .. } => params.m_cost().into(),
            Self::Scrypt { params, .. } => params.memory_kib(),
            Self::Firebase { parameters, .. } => parameters.memory_kib(),
            Self::Bcrypt { .. } | Self::Pbkdf2 { .. } => 0,
        }
    }

    /// Whether this password makes it, as the octets that were typed.
    pub(super) fn verify(&self, password: &str, space: &mut Workspace) -> bool {
        let password = password.as_bytes();
        match self {
            Self::Argon2 { algorithm, version, params, salt, key } => {
                let mut made = vec![0; key.len()];
                let computed = hash::compute((*algorithm, *version, params), password, salt, &mut made, space);
                computed.is_ok() && made.ct_eq(key).into()
            }
            Self::Bcrypt { text, sha256: false } => bcrypt::verify(password, text).unwrap_or(false),
            Self::Bcrypt { text, sha256: true } => {
                let digest = Digest::sha256(password);
                let hexadecimal =
                    digest.as_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
                bcrypt::verify(hexadecimal, text).unwrap_or(false)
            }
            Self::Pbkdf2 { function, iterations, salt, key } => {
                pbkdf2::verify(*function, *iterations, salt, password, key)
            }
            Self::Scrypt { params, salt, key } => {
                // It makes memory of its own.
                space.give_back();
                let mut made = vec![0; key.len()];
                params.derive(password, salt, &mut made).is_some() && made.ct_eq(key).into()
            }
            Self::Firebase { parameters, salt, key } => {
                space.give_back();
                parameters.verify(password, salt, key)
            }
        }
    }
}

/// What a document says of a hash: a text, or a credential as Keycloak exports it.
pub fn of_document(said: &Value) -> Result<Secret<String>, HashRejected> {
    match said {
        Value::String(text) => parse(text),
        other => of_credential(&Credential::deserialize(other).map_err(|_| HashRejected::Unknown)?),
    }
}

pub use keycloak::Credential;
