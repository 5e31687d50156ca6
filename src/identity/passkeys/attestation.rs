//! Which authenticators may make passkeys: every one, or those that a file of metadata vouches for.
//!
//! Owns reading the file: entries of the FIDO Metadata Service, as its BLOB has them (FIDO Metadata Service 3.0 section 3.1) or by themselves in an array. Whoever brings it there vouches for
//! it: the signature of the BLOB is checked where it is fetched. Owns which of those keep keys in hardware, too. Leaves verifying an attestation statement against it to webauthn-rs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use uuid::Uuid;
use webauthn_rs_core::proto::{AttestationCaList, AttestationCaListBuilder, AttestationConveyancePreference};

use crate::config::passkeys::{AttestationPolicy, PasskeysConfig};
use crate::model::passkey::HardwareKinds;

/// Statuses of an authenticator that nobody should trust any more: FIDO Metadata Service 3.0 section 3.1.4.
const COMPROMISED: [&str; 5] = [
    "REVOKED",
    "ATTESTATION_KEY_COMPROMISE",
    "USER_KEY_REMOTE_COMPROMISE",
    "USER_KEY_PHYSICAL_COMPROMISE",
    "USER_VERIFICATION_BYPASS",
];

/// Why a file of metadata cannot be gone by.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// It cannot be read.
    #[error("{} cannot be read: {why}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{} is no metadata of the FIDO Metadata Service as JSON: {why}", .file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// Why.
        why: serde_json::Error,
    },
    /// It says nothing of an authenticator that is allowed.
    #[error("{} has no entry with metadata of {aaguid}, which passkeys.allowed_aaguids names", .file.display())]
    Unknown {
        /// The file.
        file: PathBuf,
        /// The authenticator.
        aaguid: Uuid,
    },
    /// It has no certificate that an authenticator could be verified by.
    #[error("{} has no certificate of {aaguid} that can be read (attestationRootCertificates: DER in base64)", .file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// The authenticator.
        aaguid: Uuid,
    },
    /// It says that the authenticator is compromised.
    #[error("{} says {status} of {aaguid}: take it from passkeys.allowed_aaguids", .file.display())]
    Compromised {
        /// The file.
        file: PathBuf,
        /// The authenticator.
        aaguid: Uuid,
        /// What the newest report of it is.
        status: String,
    },
}

/// Which authenticators may make passkeys.
#[derive(Debug, Default)]
pub(super) struct Attestation {
    /// The authorities that vouch for those that may; `None` where all may.
    trusted: Option<AttestationCaList>,
    /// Those of them that keep keys in hardware.
    hardware: HardwareKinds,
}

/// What a file says of the authenticators that are allowed.
#[derive(Debug)]
pub(super) struct Vouched {
    /// The authorities that attest them.
    authorities: AttestationCaList,
    /// Those that keep keys in hardware.
    hardware: Vec<Uuid>,
}

/// The BLOB, or its entries.
#[derive(Deserialize)]
#[serde(untagged)]
enum Metadata {
    Blob { entries: Vec<Entry> },
    Entries(Vec<Entry>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    aaguid: Option<Uuid>,
    #[serde(default)]
    metadata_statement: Option<Statement>,
    #[serde(default)]
    status_reports: Vec<Report>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(default)]
    description: String,
    #[serde(default)]
    attestation_root_certificates: Vec<String>,
    /// Texts since version 3; whatever else it is says nothing.
    #[serde(default)]
    key_protection: serde_json::Value,
}

impl Statement {
    /// Whether keys are in hardware and stay there: `keyProtection` of FIDO Metadata Statement 3.0, with the values that the FIDO Registry of Predefined Values 2.2 has under "Key Protection Types". Of
    /// `secure_element` and of `tee` it says that the "flag should be set in conjunction with" `hardware`, and all three are exclusive with `software`; with `remote_handle`
    /// the server keeps the wrapped key. `hardware` by itself does not say what keeps a key from being read: that it takes one of the two besides is our own rule.
    fn keeps_keys_in_hardware(&self) -> bool {
        let said = self.key_protection.as_array();
        let says = |value: &str| said.is_some_and(|all| all.iter().any(|one| one == value));
        says("hardware") && (says("secure_element") || says("tee")) && !says("software") && !says("remote_handle")
    }
}

#[derive(Deserialize)]
struct Report {
    status: String,
}

impl Attestation {
    /// What is configured.
    pub(super) fn of(config: &PasskeysConfig) -> Result<Self, MetadataError> {
        match (&config.attestation, &config.metadata_file) {
            (AttestationPolicy::Listed, Some(file)) => {
                let Vouched { authorities, hardware } = read(file, &config.aaguids().collect::<Vec<_>>())?;
                Ok(Self { trusted: Some(authorities), hardware: HardwareKinds::new(hardware) })
            }
            _ => Ok(Self::default()),
        }
    }

    /// What a browser is asked for: Web Authentication Level 3 section 5.4.7.
    pub(super) const fn asked(&self) -> AttestationConveyancePreference {
        match self.trusted {
            Some(_) => AttestationConveyancePreference::Direct,
            None => AttestationConveyancePreference::None,
        }
    }

    /// What an answer has to be attested by; `None` where it need not be.
    pub(super) const fn trusted(&self) -> Option<&AttestationCaList> {
        self.trusted.as_ref()
    }

    /// Which of those that may keep keys in hardware; none where nobody has to be attested, as nothing is proved then.
    pub(super) const fn hardware(&self) -> &HardwareKinds {
        &self.hardware
    }
}

fn read(file: &Path, allowed: &[Uuid]) -> Result<Vouched, MetadataError> {
    match std::fs::read(file) {
        Ok(text) => vouched((file, &text), allowed),
        Err(why) => Err(MetadataError::Unreadable { file: file.to_path_buf(), why }),
    }
}

/// The authorities that vouch for the authenticators that are allowed, and for no others; and which of these keep keys in hardware.
pub(super) fn vouched((file, text): (&Path, &[u8]), allowed: &[Uuid]) -> Result<Vouched, MetadataError> {
    let path = || file.to_path_buf();
    let metadata = serde_json::from_slice(text).map_err(|why| MetadataError::Malformed { file: path(), why })?;
    let (Metadata::Blob { entries } | Metadata::Entries(entries)) = metadata;
    let (mut list, mut hardware) = (AttestationCaListBuilder::new(), Vec::new());
    for &aaguid in allowed {
        let entry = entries.iter().find(|entry| entry.aaguid == Some(aaguid));
        let entry = entry.and_then(|entry| Some((entry, entry.metadata_statement.as_ref()?)));
        let Some((entry, statement)) = entry else { return Err(MetadataError::Unknown { file: path(), aaguid }) };
        if let Some(report) = entry.status_reports.iter().find(|report| COMPROMISED.contains(&report.status.as_str())) {
            return Err(MetadataError::Compromised { file: path(), aaguid, status: report.status.clone() });
        }
        let certificates = &statement.attestation_root_certificates;
        let taken =
            certificates.iter().filter(|text| insert(&mut list, (aaguid, &statement.description), text)).count();
        if taken == 0 || taken < certificates.len() {
            return Err(MetadataError::Certificate { file: path(), aaguid });
        }
        if statement.keeps_keys_in_hardware() {
            hardware.push(aaguid);
        }
    }
    Ok(Vouched { authorities: list.build(), hardware })
}

/// Adds an authority to the list, for one kind of authenticators; `false` where it is no certificate.
fn insert(list: &mut AttestationCaListBuilder, (aaguid, description): (Uuid, &str), certificate: &str) -> bool {
    // The text may be broken into lines.
    let text: String = certificate.split_whitespace().collect();
    STANDARD
        .decode(text)
        .is_ok_and(|der| list.insert_device_der(&der, aaguid, description.to_owned(), BTreeMap::new()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AAGUID: Uuid = uuid::uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a");

    fn refused(text: &str) -> String {
        let error = vouched((Path::new("metadata.json"), text.as_bytes()), &[AAGUID]).unwrap_err().to_string();
        assert!(error.contains("metadata.json"), "{error}");
        error
    }

    #[test]
    fn a_key_is_in_hardware_where_the_statement_says_what_keeps_it() {
        for (said, hardware) in [
            (&["hardware", "secure_element"][..], true),
            (&["hardware", "tee"], true),
            (&["secure_element", "hardware"], true),
            (&["hardware"], false),
            (&["secure_element"], false),
            (&["tee"], false),
            (&["software"], false),
            (&["hardware", "secure_element", "software"], false),
            (&["hardware", "secure_element", "remote_handle"], false),
            (&["Hardware", "tee"], false),
            (&[], false),
        ] {
            let text = serde_json::json!({ "keyProtection": said });
            let statement: Statement = serde_json::from_value(text).unwrap();
            assert_eq!(statement.keeps_keys_in_hardware(), hardware, "{said:?}");
        }
        // What says nothing of it, or says it as version 2 did, proves nothing.
        for nothing in ["{}", "{\"keyProtection\":10}", "{\"keyProtection\":\"hardware\"}"] {
            assert!(!serde_json::from_str::<Statement>(nothing).unwrap().keeps_keys_in_hardware(), "{nothing}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_name() {
        let entry = |rest: &str| format!("[{{\"aaguid\":\"{AAGUID}\"{rest}}}]");
        for (text, said) in [
            ("{", "no metadata"),
            ("{\"entries\":{}}", "no metadata"),
            ("{\"entries\":[]}", "no entry"),
            ("[{\"aaid\":\"1234#5678\"}]", "no entry"),
            (&entry(""), "no entry"),
            (&entry(",\"metadataStatement\":{}"), "no certificate"),
            (&entry(",\"metadataStatement\":{\"attestationRootCertificates\":[\"AAAA\"]}"), "no certificate"),
            (&entry(",\"metadataStatement\":{},\"statusReports\":[{\"status\":\"REVOKED\"}]"), "REVOKED"),
        ] {
            let error = refused(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        let nowhere = read(Path::new("/nowhere/metadata.json"), &[AAGUID]).unwrap_err();
        assert!(nowhere.to_string().starts_with("/nowhere/metadata.json cannot be read"), "{nowhere}");
    }
}
