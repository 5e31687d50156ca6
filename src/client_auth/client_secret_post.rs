//! `client_secret_post`: the secret in the form (RFC 6749 section 2.3.1).

use async_trait::async_trait;

use super::{
    Authenticator, ClaimedClient, ClientAuthRejected, Credentials, Evidence, Method, Presented, RegisteredClient,
};

/// The method.
pub struct ClientSecretPost;

#[async_trait]
impl Method for ClientSecretPost {
    fn name(&self) -> &'static str {
        "client_secret_post"
    }

    fn read<'a>(&self, credentials: &Credentials<'a>) -> Option<Result<Presented<'a>, ClientAuthRejected>> {
        let secret = credentials.params.get("client_secret")?;
        let client_id = credentials.params.get("client_id").ok_or(ClientAuthRejected::Missing);
        Some(client_id.map(|id| Presented { client_id: id.into(), credential: secret.into() }))
    }

    async fn verify<'a>(
        &self,
        authenticator: &Authenticator,
        claimed: ClaimedClient<'a>,
        evidence: Evidence<'_>,
    ) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        claimed.verify_secret(evidence.credential, authenticator.clock.now())
    }
}
