//! The certificate beside a JWK, read just far enough to compare its key.
//!
//! RFC 7517 section 4.7: "The key in the first certificate MUST match the public key represented by other members of the JWK."
//! That is all that is asked of a certificate here; none is believed because of one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::DecodingKeyKind;
use serde_json::Value;

const LONGEST_CHAIN: usize = 10;
const LONGEST_CERTIFICATE: usize = 16 * 1024;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xa0;

/// Whether the first certificate of an `x5c` member is for this public key.
pub(super) fn matches(x5c: &Value, key: &DecodingKeyKind) -> bool {
    let Some(chain) = x5c.as_array().filter(|chain| (1..=LONGEST_CHAIN).contains(&chain.len())) else { return false };
    let certificate = chain[0].as_str().filter(|text| text.len() <= LONGEST_CERTIFICATE);
    let Some(certificate) = certificate.and_then(|text| STANDARD.decode(text).ok()) else { return false };
    subject_public_key(&certificate).is_some_and(|bits| match key {
        DecodingKeyKind::SecretOrDer(bytes) => bits == bytes,
        DecodingKeyKind::RsaModulusExponent { n, e } => rsa_numbers(bits) == Some((n.as_slice(), e.as_slice())),
    })
}

/// The bits of `subjectPublicKey`: RFC 5280 section 4.1.
fn subject_public_key(certificate: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (mut fields, _) = element(certificate, SEQUENCE)?;
    if let Some((_version, rest)) = element(fields, EXPLICIT_0) {
        fields = rest;
    }
    // Serial number, signature algorithm, issuer, validity, subject.
    for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        fields = element(fields, tag)?.1;
    }
    let (info, _) = element(fields, SEQUENCE)?;
    let (_algorithm, rest) = element(info, SEQUENCE)?;
    // The first byte counts unused bits; a key has none.
    element(rest, BIT_STRING)?.0.strip_prefix(&[0])
}

/// Modulus and exponent of an `RSAPublicKey`: RFC 8017 appendix A.1.1.
fn rsa_numbers(bits: &[u8]) -> Option<(&[u8], &[u8])> {
    let (numbers, _) = element(bits, SEQUENCE)?;
    let (modulus, rest) = element(numbers, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    Some((modulus.strip_prefix(&[0]).unwrap_or(modulus), exponent))
}

/// The content of the DER element that `input` begins with, if it has this tag, and what follows it.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = input.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81 => rest.split_first().map(|(length, rest)| (usize::from(*length), rest))?,
        0x82 => rest.split_first_chunk().map(|(length, rest)| (usize::from(u16::from_be_bytes(*length)), rest))?,
        _ => return None,
    };
    rest.split_at_checked(length)
}
