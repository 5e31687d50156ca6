//! A certificate for every provider's hosts, and the authority that vouches for it.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};

use super::providers;
use crate::support::folder::Folder;

/// Writes `ca.crt`, `tls.crt` and `tls.key`.
pub(super) fn write(folder: &Folder) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    folder.write("ca.crt", ca.self_signed(&ca_key).unwrap().pem());
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(providers::hosts()).unwrap();
    let signed = certificate.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    folder.write("tls.crt", signed.pem());
    folder.write("tls.key", key.serialize_pem());
}
