//! One parsed key of each algorithm.

use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde::Serialize;

/// The signing keys, and where their random bytes come from.
pub(crate) struct Keys {
    es256: EcdsaKeyPair,
    eddsa: Ed25519KeyPair,
    rs256: RsaKeyPair,
    random: ring::rand::SystemRandom,
    random_of_rsa: aws_lc_rs::rand::SystemRandom,
}

/// The process's generator.
#[allow(clippy::disallowed_methods, reason = "the floor injects nothing")]
fn generator() -> ring::rand::SystemRandom {
    ring::rand::SystemRandom::new()
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    generator().fill(&mut bytes).expect("randomness");
    bytes
}

impl Keys {
    /// Fresh elliptic-curve keys; the RSA key (2048 bit, PKCS#8 DER) comes from the file that `FLOOR_RSA_KEY` names.
    #[allow(clippy::disallowed_methods, reason = "the floor has no configuration")]
    pub(crate) fn generate() -> Self {
        let (random, random_of_rsa) = (generator(), aws_lc_rs::rand::SystemRandom::new());
        let es256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let eddsa = Ed25519KeyPair::generate_pkcs8(&random_of_rsa).expect("a key");
        let rsa = std::fs::read(std::env::var("FLOOR_RSA_KEY").expect("FLOOR_RSA_KEY")).expect("a key file");
        Self {
            es256: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, es256.as_ref(), &random).expect("a key"),
            eddsa: Ed25519KeyPair::from_pkcs8(eddsa.as_ref()).expect("a key"),
            rs256: RsaKeyPair::from_pkcs8(&rsa).expect("a key"),
            random,
            random_of_rsa,
        }
    }

    /// A compact JWS.
    pub(crate) fn sign(&self, algorithm: &str, claims: &impl Serialize) -> String {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"at+jwt","kid":"floor"}}"#);
        let mut token = URL_SAFE_NO_PAD.encode(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims).expect("claims are JSON"), &mut token);
        let signature = self.signature(algorithm, token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        token
    }

    /// What an access token says that is signed with the ES256 key.
    pub(crate) fn verify(&self, token: &str) -> Option<Vec<u8>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, payload) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.es256.public_key());
        key.verify(signed.as_bytes(), &signature).ok()?;
        URL_SAFE_NO_PAD.decode(payload).ok()
    }

    fn signature(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        match algorithm {
            "EdDSA" => self.eddsa.sign(message).as_ref().to_vec(),
            "RS256" => {
                let mut signature = vec![0; self.rs256.public_modulus_len()];
                self.rs256.sign(&RSA_PKCS1_SHA256, &self.random_of_rsa, message, &mut signature).expect("a signature");
                signature
            }
            _ => self.es256.sign(&self.random, message).expect("a signature").as_ref().to_vec(),
        }
    }
}
