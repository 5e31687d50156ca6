//! What a stranger's bytes are read by, part by part: what a browser says of a passkey, and the metadata that an operator fetched.
//!
//! An answer goes through all of it on its way, but only after its challenge was found to be one that was asked. So this is where a fuzzer comes in, which knows no challenge. Owns
//! nothing: each function is a part of that way.

use std::path::Path;

use uuid::Uuid;
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{Authentication, PublicKeyCredential, RegisterPublicKeyCredential};

use super::attestation::vouched;
use super::ceremony::{is_from_our_own_page, read_answer};
use super::registration::aaguid_of;
use super::{MetadataError, PasskeyRejected};
use crate::model::passkey::CredentialId;

/// Reads the answer of a browser that made a passkey, all parts of it: in which kind of authenticator.
pub fn registration(answer: &str) -> Result<Uuid, PasskeyRejected> {
    let answer: RegisterPublicKeyCredential = read_answer(answer)?;
    client_data(&answer.response.client_data_json)?;
    attestation_object(&answer.response.attestation_object)
}

/// The same of one that used a passkey: which.
pub fn assertion(answer: &str) -> Result<CredentialId, PasskeyRejected> {
    let answer: PublicKeyCredential = read_answer(answer)?;
    let id = CredentialId::parse(&answer.raw_id).map_err(|_| PasskeyRejected::Malformed)?;
    client_data(&answer.response.client_data_json)?;
    authenticator_data(&answer.response.authenticator_data)?;
    Ok(id)
}

/// Reads what the browser says of the page: Web Authentication Level 3 section 5.8.1.
pub fn client_data(bytes: &[u8]) -> Result<(), PasskeyRejected> {
    is_from_our_own_page(bytes)
}

/// Reads what an authenticator says of the passkey that it made (section 6.5.4): which kind it is.
pub fn attestation_object(bytes: &[u8]) -> Result<Uuid, PasskeyRejected> {
    aaguid_of(bytes)
}

/// Reads what an authenticator says as it uses a passkey: section 6.1.
pub fn authenticator_data(bytes: &[u8]) -> Result<(), PasskeyRejected> {
    AuthenticatorData::<Authentication>::try_from(bytes)?;
    Ok(())
}

/// Reads metadata of the FIDO Metadata Service, for the authorities of one kind of authenticators.
pub fn metadata(bytes: &[u8], aaguid: [u8; 16]) -> Result<(), MetadataError> {
    vouched((Path::new("metadata.json"), bytes), &[Uuid::from_bytes(aaguid)]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seeds of the fuzzers lead it past the first bracket.
    #[test]
    fn what_the_fuzzers_begin_with_is_read() {
        let text = |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap();
        let made = text(include_bytes!("../../../fuzz/seeds/passkey/registration"));
        assert_eq!(registration(made).unwrap(), Uuid::from_bytes([7; 16]));
        let used = text(include_bytes!("../../../fuzz/seeds/passkey/assertion"));
        assert_eq!(assertion(used).unwrap().as_bytes(), [9; 16]);
        client_data(include_bytes!("../../../fuzz/seeds/passkey/client_data")).unwrap();
        let object = include_bytes!("../../../fuzz/seeds/passkey/attestation_object");
        assert_eq!(attestation_object(object).unwrap(), Uuid::from_bytes([7; 16]));
        authenticator_data(include_bytes!("../../../fuzz/seeds/passkey/authenticator_data")).unwrap();
        let refused = metadata(include_bytes!("../../../fuzz/seeds/passkey/metadata"), [7; 16]);
        assert!(matches!(refused, Err(MetadataError::Certificate { .. })), "{refused:?}");
    }

    #[test]
    fn what_no_browser_says_is_refused_and_breaks_nothing() {
        for bad in ["", "{", "[]", "{\"type\":\"public-key\"}", "{\"type\":\"public-key\",\"response\":{}}"] {
            assert!(matches!(registration(bad), Err(PasskeyRejected::Malformed)), "{bad}");
            assert!(matches!(assertion(bad), Err(PasskeyRejected::Malformed)), "{bad}");
        }
        for bad in [&b""[..], b"\xa0", b"\xbf", &[0xff; 37]] {
            assert!(attestation_object(bad).is_err());
        }
        assert!(authenticator_data(&[0; 36]).is_err());
    }
}
