//! `client_secret_post`: the secret in the form (RFC 6749 section 2.3.1).

use super::{ClientAuthRejected, Method, Presented, Proof};

/// The method.
pub const METHOD: Method = Method {
    name: "client_secret_post",
    read: |credentials| {
        let proof = Proof::PostedSecret(credentials.params.get("client_secret")?);
        let client_id = credentials.params.get("client_id").ok_or(ClientAuthRejected::Missing);
        Some(client_id.map(|id| Presented { client_id: id.into(), proof }))
    },
};
