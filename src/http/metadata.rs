//! The server's metadata (RFC 8414, OpenID Connect Discovery 1.0), written down from what is really registered.

use bytes::Bytes;

use super::document::Document;
use crate::model::Locale;
use crate::model::acr::Classes;
use crate::model::client::SigningAlgorithm;
use crate::protocol::discovery::{Metadata, MetadataInput};
use crate::protocol::issuer::Issuer;
use crate::{client_auth, grants};

/// Seconds that the document may be cached.
const MAX_AGE: u64 = 600;

/// The document. `hardware` is whether anything proves that keys are in hardware.
pub(super) fn document(
    issuer: &Issuer,
    signing: &[SigningAlgorithm],
    (classes, hardware): (&Classes, bool),
) -> Document {
    let names = |algorithms: &[SigningAlgorithm]| algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
    let metadata = Metadata::new(&MetadataInput {
        issuer: issuer.as_str(),
        grant_types: grants::ALL.iter().map(|grant| grant.grant_type().as_str()).collect(),
        authentication_methods: client_auth::ALL.iter().map(|method| method.name()).collect(),
        assertion_algorithms: names(SigningAlgorithm::ALL),
        signing_algorithms: names(signing),
        acr_values: classes.reachable(hardware).map(str::to_owned).collect(),
        ui_locales: Locale::ALL.iter().map(|locale| locale.as_str()).collect(),
    });
    Document::new(Bytes::from(serde_json::to_vec(&metadata).unwrap_or_default()), MAX_AGE)
}
