//! A maker of authenticators with an authority of its own, which attests them: packed attestation with certificates (Web Authentication Level 3 section 8.2).
#![allow(clippy::disallowed_methods, reason = "ring wants its own randomness to make and use a key")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::config::passkeys::{AttestationPolicy, PasskeysConfig};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use serde_json::json;
use uuid::Uuid;

use super::folder::Folder;

/// `id-fido-gen-ce-aaguid`.
const AAGUID: [u64; 10] = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];

/// The maker.
pub struct Attesting {
    certificate: Vec<u8>,
    authority: Issuer<'static, KeyPair>,
}

/// What an authenticator has of it.
pub struct Attestation {
    pub certificate: Vec<u8>,
    key: EcdsaKeyPair,
}

impl Attesting {
    /// One that is new.
    pub fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = named("Authority of the tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        Self { certificate, authority: Issuer::new(params, key) }
    }

    /// The certificate of its authority, as DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Attests authenticators of a kind: section 8.2.1.
    pub fn attest(&self, aaguid: [u8; 16]) -> Attestation {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = named("Key of the tests");
        params.is_ca = IsCa::ExplicitNoCa;
        let octets = [[0x04, 0x10].as_slice(), &aaguid].concat();
        params.custom_extensions = vec![CustomExtension::from_oid_content(&AAGUID, octets)];
        let certificate = params.signed_by(&key, &self.authority).unwrap().der().to_vec();
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key.serialize_der(), &random).unwrap();
        Attestation { certificate, key }
    }
}

impl Attestation {
    /// Signs what is attested.
    pub fn sign(&self, data: &[u8]) -> Vec<u8> {
        self.key.sign(&SystemRandom::new(), data).unwrap().as_ref().to_vec()
    }
}

/// A folder with the metadata of the one kind of authenticators that this authority attests, and the settings that list it. Where its keys are it does not say.
pub fn metadata(authority: &Attesting, aaguid: Uuid) -> (Folder, PasskeysConfig) {
    metadata_of(authority, &[(aaguid, &[])])
}

/// The same of several kinds, each with what protects its keys (`keyProtection`).
pub fn metadata_of(authority: &Attesting, kinds: &[(Uuid, &[&str])]) -> (Folder, PasskeysConfig) {
    let folder = Folder::new();
    let entry = |(aaguid, protection): &(Uuid, &[&str])| {
        let statement = json!({
            "description": "A key of the tests", "keyProtection": protection,
            "attestationRootCertificates": [STANDARD.encode(authority.certificate())],
        });
        json!({
            "aaguid": aaguid.to_string(), "metadataStatement": statement,
            "statusReports": [{ "status": "FIDO_CERTIFIED" }],
        })
    };
    let entries = json!({ "no": 1, "entries": kinds.iter().map(entry).collect::<Vec<_>>() });
    let file = folder.write("metadata.json", entries.to_string());
    let config = PasskeysConfig {
        attestation: AttestationPolicy::Listed,
        metadata_file: Some(file),
        allowed_aaguids: kinds.iter().map(|(aaguid, _)| aaguid.to_string()).collect(),
        ..PasskeysConfig::default()
    };
    (folder, config)
}

fn named(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "KR");
    name.push(DnType::OrganizationName, "Tests");
    name.push(DnType::OrganizationalUnitName, "Authenticator Attestation");
    name.push(DnType::CommonName, common);
    name
}
