//! Firebase's modified scrypt: the key that scrypt derives encrypts the project's signer key, by AES-256 in counter mode, and that is the hash.

use aes::Aes256;
use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use super::{ForeignHash, HashRejected, ScryptParams, decoded, parameter, parts};
use crate::support::Secret;

/// What its hashes begin with where they are stored.
pub(super) const FORM: &str = "firebase-scrypt";
const AES_BLOCK: usize = 16;
/// The bytes of the signer key that are taken.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

/// The password hash parameters of a Firebase project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirebaseParameters {
    signer_key: Vec<u8>,
    salt_separator: Vec<u8>,
    params: ScryptParams,
}

impl FirebaseParameters {
    /// As Firebase's console shows them: two values in base64, and two numbers.
    pub fn new(signer_key: &str, salt_separator: &str, rounds: u32, mem_cost: u32) -> Result<Self, HashRejected> {
        let log_n = u8::try_from(mem_cost).map_err(|_| HashRejected::Unknown)?;
        let params = ScryptParams::new(log_n, rounds, 1)?;
        let parameters = Self { signer_key: decoded(signer_key)?, salt_separator: decoded(salt_separator)?, params };
        let fine = KEY_BYTES.contains(&parameters.signer_key.len()) && parameters.salt_separator.len() <= 64;
        if fine { Ok(parameters) } else { Err(HashRejected::Unknown) }
    }

    /// The hash of one account, with its salt, as it is stored.
    pub fn hash(&self, password_hash: &str, salt: &str) -> Result<Secret<String>, HashRejected> {
        let [separator, signer] = [&self.salt_separator, &self.signer_key].map(|bytes| STANDARD.encode(bytes));
        let [salt, key] = [decoded(salt)?, decoded(password_hash)?].map(|bytes| STANDARD.encode(bytes));
        let ScryptParams { log_n, r, .. } = self.params;
        super::parse(&format!("${FORM}$ln={log_n},r={r}${separator}${signer}${salt}${key}"))
    }

    pub(super) fn memory_kib(&self) -> u64 {
        self.params.memory_kib()
    }

    pub(super) fn verify(&self, password: &[u8], salt: &[u8], key: &[u8]) -> bool {
        let salted = [salt, &self.salt_separator].concat();
        let mut derived = [0; 64];
        if self.params.derive(password, &salted, &mut derived).is_none() {
            return false;
        }
        let mut made = self.signer_key.clone();
        let (first, _) = derived.split_at(32);
        let Ok(cipher) = Aes256::new_from_slice(first) else { return false };
        for (at, chunk) in made.chunks_mut(AES_BLOCK).enumerate() {
            // NIST SP 800-38A section 6.5: the counter begins at 0.
            let mut block = Block::<Aes256>::from((at as u128).to_be_bytes());
            cipher.encrypt_block(&mut block);
            chunk.iter_mut().zip(block.iter()).for_each(|(byte, stream)| *byte ^= stream);
        }
        made.ct_eq(key).into()
    }
}

/// What follows the form in a stored hash.
pub(super) fn read(rest: &str) -> Result<ForeignHash, HashRejected> {
    let [numbers, separator, signer, salt, key] = parts(rest)?;
    let of = |name| parameter(numbers, name).ok_or(HashRejected::Unknown);
    let parameters = FirebaseParameters::new(signer, separator, of("r")?, of("ln")?)?;
    let (salt, key) = (decoded(salt)?, decoded(key)?);
    super::check_lengths(&salt, &key)?;
    Ok(ForeignHash::Firebase { parameters, salt, key })
}
