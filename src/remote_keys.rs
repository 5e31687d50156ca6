//! JWK Sets (RFC 7517 section 5) behind URLs that a client or an administrator named, and tokens verified by them.
//!
//! Owns when a set is fetched: when it is first needed, and once more when a token names a key that the set lacks, as its owner may have
//! begun to use a new one (OpenID Connect Core 1.0 section 10.1.1). Leaves how long documents are kept, and how often hosts are asked, to
//! [`outgoing`](crate::outgoing), and what makes a token valid to [`keys::foreign`](crate::keys::foreign).

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::keys::{TokenRejected, foreign};
use crate::outgoing::{Caller, Documents, Outgoing};
use crate::support::Timestamp;

/// The most keys that a provider's set may have.
const MOST_KEYS_OF_PROVIDERS: usize = 100;

/// Why a token is not verified by a remote set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteKeysRejected {
    /// The set was not fetched, and none that was fetched before may still be used.
    #[error("the keys are out of reach")]
    Unreachable,
    /// The set is there, and the token is refused.
    #[error("{0}")]
    Token(#[from] TokenRejected),
}

/// The sets of one kind of owner.
#[derive(Debug)]
pub struct RemoteKeySets(Documents);

impl RemoteKeySets {
    /// The sets behind the `jwks_uri` of clients (RFC 7591 section 2), held to the bounds of a registered set.
    pub fn of_clients(outgoing: Arc<Outgoing>) -> Self {
        Self(Documents::new(outgoing, |keys| foreign::check_jwks(keys).is_ok()))
    }

    /// The sets behind the `jwks_uri` of providers (OpenID Connect Discovery 1.0 section 3). They hold keys of any kind; those that
    /// verify nothing here are passed over.
    pub fn of_providers(outgoing: Arc<Outgoing>) -> Self {
        Self(Documents::new(outgoing, |document| {
            document.get("keys").and_then(Value::as_array).is_some_and(|keys| keys.len() <= MOST_KEYS_OF_PROVIDERS)
        }))
    }

    /// The set behind a URL.
    pub fn at<'a>(&'a self, caller: Caller, url: &'a Url) -> RemoteKeySet<'a> {
        RemoteKeySet { documents: &self.0, caller, url }
    }
}

/// The set behind one URL.
#[derive(Clone, Copy, Debug)]
pub struct RemoteKeySet<'a> {
    documents: &'a Documents,
    caller: Caller,
    url: &'a Url,
}

impl RemoteKeySet<'_> {
    /// Verifies a token by the set and, where it names a key that the set lacks, by a newer one.
    pub async fn verify<T>(
        self,
        now: Timestamp,
        verify: impl Fn(&Value) -> Result<T, TokenRejected>,
    ) -> Result<T, RemoteKeysRejected> {
        let known = self.documents.get(self.caller, self.url, now).await.ok_or(RemoteKeysRejected::Unreachable)?;
        match verify(&known) {
            Err(TokenRejected::UnknownKey) => {
                let newer = self.documents.newer_than(&known, self.caller, self.url, now).await;
                let newer = newer.ok_or(TokenRejected::UnknownKey)?;
                Ok(verify(&newer)?)
            }
            outcome => Ok(outcome?),
        }
    }
}

#[cfg(test)]
mod tests;
