//! `private_key_jwt`: an assertion signed with the client's own key (RFC 7523 section 2.2, OpenID Connect Core 1.0 section 9).

use std::borrow::Cow;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::assertion_claims::{self, ClaimsRejected, Expected};
use super::{
    Authenticator, ClaimedClient, ClientAuthRejected, Credentials, Evidence, Method, Presented, RegisteredClient,
};
use crate::keys::{TokenRejected, foreign};
use crate::model::Client;
use crate::model::client::{ClientAuthentication, ClientKeys, SigningAlgorithm};
use crate::outgoing::Caller;
use crate::remote_keys::RemoteKeysRejected;
use crate::support::Digest;

/// RFC 7523 section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest assertion that is looked at.
const MAX_BYTES: usize = 16 * 1024;

/// Why an assertion is refused.
#[derive(Debug, thiserror::Error)]
pub enum AssertionRejected {
    /// `client_assertion_type` is missing or another, or there is no assertion beside it.
    #[error("not a JWT assertion")]
    Type,
    /// It names no client.
    #[error("not a JWT with a subject")]
    Malformed,
    /// The client's keys cannot be had.
    #[error("the client's keys are out of reach")]
    NoKeys,
    /// The signature, its algorithm or its header.
    #[error("{0}")]
    Signature(TokenRejected),
    /// The assertion's claims break RFC 7523 section 3.
    #[error("{0}")]
    Claims(#[from] ClaimsRejected),
    /// It was used before.
    #[error("used before")]
    Replayed,
}

/// The method.
pub struct PrivateKeyJwt;

#[async_trait]
impl Method for PrivateKeyJwt {
    fn name(&self) -> &'static str {
        "private_key_jwt"
    }

    fn read<'a>(&self, credentials: &Credentials<'a>) -> Option<Result<Presented<'a>, ClientAuthRejected>> {
        let params = credentials.params;
        let (kind, assertion) = (params.get("client_assertion_type"), params.get("client_assertion"));
        let assertion = match (kind, assertion) {
            (None, None) => return None,
            (Some(ASSERTION_TYPE), Some(assertion)) => assertion,
            _ => return Some(Err(AssertionRejected::Type.into())),
        };
        let presented = |subject| Presented { client_id: Cow::Owned(subject), credential: assertion.into() };
        Some(unverified_subject(assertion).map(presented).ok_or(AssertionRejected::Malformed.into()))
    }

    async fn verify<'a>(
        &self,
        authenticator: &Authenticator,
        claimed: ClaimedClient<'a>,
        evidence: Evidence<'_>,
    ) -> Result<RegisteredClient<'a>, ClientAuthRejected> {
        let registered = claimed.registered()?;
        verify_assertion(authenticator, registered.client(), evidence).await?;
        Ok(registered)
    }
}

/// Whose keys to verify the assertion with. Nothing else of it is believed yet.
fn unverified_subject(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct UnverifiedClaims {
        sub: String,
    }
    let payload = assertion.split('.').nth(1).filter(|_| assertion.len() <= MAX_BYTES)?;
    let claims: UnverifiedClaims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Some(claims.sub)
}

/// Verifies an assertion of a client that is registered with this method.
async fn verify_assertion(
    auth: &Authenticator,
    client: &Client,
    evidence: Evidence<'_>,
) -> Result<(), ClientAuthRejected> {
    let ClientAuthentication::PrivateKeyJwt { keys, algorithm, audience } = &client.authentication.method else {
        return Err(ClientAuthRejected::WrongMethod);
    };
    let claims = verify_signature(auth, keys, *algorithm, evidence.credential).await?;
    let now = auth.clock.now();
    let called = format!("{}{}", auth.issuer, evidence.endpoint.path());
    let expected =
        Expected { client: client.id.as_str(), issuer: &auth.issuer, endpoint: &called, audience: *audience };
    let once = assertion_claims::check(&claims, &expected, now).map_err(AssertionRejected::Claims)?;
    // "The authorization server MAY ensure that JWTs are not replayed by maintaining the set of used jti values" (section 3):
    // it does, and last, so that a refused assertion is not used up.
    let value = [client.id.as_str().as_bytes(), &[0], once.jti.as_bytes()].concat();
    let fresh = auth.replays.first_use(Digest::of("client_assertion", &value), once.until, now).await?;
    if fresh { Ok(()) } else { Err(AssertionRejected::Replayed.into()) }
}

async fn verify_signature(
    auth: &Authenticator,
    keys: &ClientKeys,
    algorithm: SigningAlgorithm,
    assertion: &str,
) -> Result<Map<String, Value>, AssertionRejected> {
    let verify = |jwks: &Value| foreign::verify(assertion, jwks, &[algorithm]);
    match keys {
        ClientKeys::Jwks(jwks) => verify(jwks).map_err(AssertionRejected::Signature),
        ClientKeys::JwksUri(url) => {
            Ok(auth.remote_keys.at(Caller::Client, url).verify(auth.clock.now(), verify).await?)
        }
    }
}

impl From<RemoteKeysRejected> for AssertionRejected {
    fn from(rejected: RemoteKeysRejected) -> Self {
        match rejected {
            RemoteKeysRejected::Unreachable => Self::NoKeys,
            RemoteKeysRejected::Token(why) => Self::Signature(why),
        }
    }
}
