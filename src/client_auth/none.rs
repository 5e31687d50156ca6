//! `none`: a public client, which only says who it is (RFC 6749 section 3.2.1).

use async_trait::async_trait;

use super::{
    Authenticator, ClaimedClient, ClientAuthRejected, Credentials, Evidence, Method, Presented, RegisteredClient,
};

/// The method.
pub struct PublicClient;

#[async_trait]
impl Method for PublicClient {
    fn name(&self) -> &'static str {
        "none"
    }

    fn read<'a>(&self, credentials: &Credentials<'a>) -> Option<Result<Presented<'a>, ClientAuthRejected>> {
        let client_id = credentials.params.get("client_id").filter(|_| !proves_something(credentials))?;
        Some(Ok(Presented { client_id: client_id.into(), credential: "".into() }))
    }

    async fn verify<'a>(
        &self,
        _authenticator: &Authenticator,
        claimed: ClaimedClient<'a>,
        _evidence: Evidence<'_>,
    ) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        claimed.registered()
    }
}

/// `client_id` accompanies the other methods, too.
fn proves_something(credentials: &Credentials<'_>) -> bool {
    let params = credentials.params;
    !credentials.authorization.is_empty()
        || ["client_secret", "client_assertion", "client_assertion_type"].iter().any(|name| params.get(name).is_some())
}
