//! `none`: a public client, which only says who it is (RFC 6749 section 3.2.1).

use super::{Credentials, Method, Presented, Proof};

/// The method.
pub const METHOD: Method = Method {
    name: "none",
    read: |credentials| {
        let client_id = credentials.params.get("client_id").filter(|_| !proves_something(credentials))?;
        Some(Ok(Presented { client_id: client_id.into(), proof: Proof::Nothing }))
    },
};

/// `client_id` accompanies the other methods, too.
fn proves_something(credentials: &Credentials<'_>) -> bool {
    let params = credentials.params;
    !credentials.authorization.is_empty()
        || ["client_secret", "client_assertion", "client_assertion_type"].iter().any(|name| params.get(name).is_some())
}
