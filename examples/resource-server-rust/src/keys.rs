//! The issuer's public keys, as long as its `Cache-Control` lets us keep them.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet};
use reqwest::{Client, Response, header, redirect};
use serde::Deserialize;
use tokio::sync::Mutex;

/// How often an unknown key, or an issuer that does not answer, may make us ask: a stranger can invent keys by the thousand.
const PATIENCE: Duration = Duration::from_secs(10);

/// No keys were ever fetched.
pub struct Unreachable;

pub struct Keys {
    http: Client,
    issuer: String,
    cache: Mutex<Cache>,
}

struct Cache {
    keys: JwkSet,
    fresh_until: Instant,
    unknown_may_ask_at: Instant,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl Keys {
    pub fn new(issuer: String) -> reqwest::Result<Self> {
        let http = Client::builder().redirect(redirect::Policy::none()).timeout(Duration::from_secs(5)).build()?;
        let now = Instant::now();
        let cache = Cache { keys: JwkSet { keys: Vec::new() }, fresh_until: now, unknown_may_ask_at: now };
        Ok(Self { http, issuer, cache: Mutex::new(cache) })
    }

    /// The key of this id, if the issuer has it.
    pub async fn find(&self, kid: &str) -> Result<Option<Jwk>, Unreachable> {
        // Held while fetching, so that a crowd fetches once.
        let mut cache = self.cache.lock().await;
        let now = Instant::now();
        let stale = now >= cache.fresh_until;
        // Rare: the issuer publishes a key well before it signs with it, unless somebody is in a hurry to rotate.
        let unknown = !stale && cache.keys.find(kid).is_none() && now >= cache.unknown_may_ask_at;
        if unknown {
            cache.unknown_may_ask_at = now + PATIENCE;
        }
        if stale || unknown {
            match self.fetch().await {
                Ok((keys, max_age)) => (cache.keys, cache.fresh_until) = (keys, now + max_age),
                // The keys we have are as good as they were: tokens stay verifiable while the issuer is away.
                Err(_) => cache.fresh_until = now + PATIENCE,
            }
        }
        if cache.keys.keys.is_empty() { Err(Unreachable) } else { Ok(cache.keys.find(kid).cloned()) }
    }

    async fn fetch(&self) -> Result<(JwkSet, Duration), Box<dyn std::error::Error + Send + Sync>> {
        let metadata = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let metadata: Metadata = self.get(&metadata).await?.json().await?;
        // OpenID Connect Discovery 1.0 section 4.3: it "MUST be identical to the Issuer URL" that was asked.
        if metadata.issuer != self.issuer {
            return Err("the metadata is of another issuer".into());
        }
        let answer = self.get(&metadata.jwks_uri).await?;
        let max_age = max_age(&answer);
        Ok((answer.json().await?, max_age))
    }

    async fn get(&self, url: &str) -> reqwest::Result<Response> {
        self.http.get(url).send().await?.error_for_status()
    }
}

/// The `max-age` of RFC 9111 section 5.2.2.1; five minutes where there is none, and never so short that every request fetches.
fn max_age(answer: &Response) -> Duration {
    let directives = answer.headers().get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or("");
    let seconds = directives.split(',').find_map(|directive| directive.trim().strip_prefix("max-age=")?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(300)).max(PATIENCE)
}
