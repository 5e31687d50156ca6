//! When a set is fetched, by a server that counts.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::outgoing::testing::{serve, to_loopback};

/// A host whose first answers are these; the last one it repeats.
struct Host {
    url: Url,
    hits: Arc<AtomicUsize>,
    sets: RemoteKeySets,
}

impl Host {
    async fn answering(answers: Vec<String>) -> Self {
        let (address, hits) = serve(answers.into_iter().map(String::into_bytes).collect()).await;
        let url = Url::parse(&format!("http://{address}/jwks")).unwrap();
        let sets = RemoteKeySets::of_providers(Arc::new(Outgoing::new(&to_loopback()).unwrap()));
        Self { url, hits, sets }
    }

    /// Verifies a token that names this key, so many seconds after the beginning.
    async fn verify(&self, kid: &str, at: i64) -> Result<(), RemoteKeysRejected> {
        let names = |keys: &Value| keys["keys"].as_array().unwrap().iter().any(|key| key["kid"] == kid);
        let verify = |keys: &Value| if names(keys) { Ok(()) } else { Err(TokenRejected::UnknownKey) };
        self.sets.at(Caller::Client, &self.url).verify(Timestamp::from_seconds(at), verify).await
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

fn set(kids: &[&str]) -> String {
    let keys: Vec<Value> = kids.iter().map(|kid| serde_json::json!({ "kid": kid })).collect();
    let body = serde_json::json!({ "keys": keys }).to_string();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn broken() -> String {
    "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()
}

const UNKNOWN: Result<(), RemoteKeysRejected> = Err(RemoteKeysRejected::Token(TokenRejected::UnknownKey));

#[tokio::test]
async fn a_known_key_fetches_nothing_again() {
    let host = Host::answering(vec![set(&["a"])]).await;
    for at in [0, 31, 59] {
        assert_eq!(host.verify("a", at).await, Ok(()));
    }
    assert_eq!(host.hits(), 1);
}

#[tokio::test]
async fn an_unknown_key_fetches_once_more() {
    let host = Host::answering(vec![set(&["a"]), set(&["a", "b"])]).await;
    assert_eq!(host.verify("a", 0).await, Ok(()));
    assert_eq!(host.verify("b", 31).await, Ok(()));
    assert_eq!(host.verify("b", 32).await, Ok(()));
    assert_eq!(host.hits(), 2);
}

#[tokio::test]
async fn a_key_that_stays_unknown_is_refused_and_does_not_fetch_for_every_token() {
    let host = Host::answering(vec![set(&["a"])]).await;
    assert_eq!(host.verify("a", 0).await, Ok(()));
    for at in [31, 32, 33] {
        assert_eq!(host.verify("c", at).await, UNKNOWN);
    }
    assert_eq!(host.hits(), 2);
}

#[tokio::test]
async fn any_other_refusal_fetches_nothing() {
    let host = Host::answering(vec![set(&["a"])]).await;
    let wrong = |_: &Value| Err::<(), _>(TokenRejected::Signature);
    let outcome = host.sets.at(Caller::Client, &host.url).verify(Timestamp::from_seconds(40), wrong).await;
    assert_eq!(outcome, Err(RemoteKeysRejected::Token(TokenRejected::Signature)));
    assert_eq!(host.hits(), 1);
}

#[tokio::test]
async fn keys_that_were_fetched_outlast_a_host_that_is_away() {
    let host = Host::answering(vec![set(&["a"]), broken()]).await;
    assert_eq!(host.verify("a", 0).await, Ok(()));
    assert_eq!(host.verify("a", 601).await, Ok(()));
    assert_eq!(host.verify("b", 602).await, UNKNOWN);
    assert_eq!(host.hits(), 2);
}

#[tokio::test]
async fn without_keys_nothing_is_verified() {
    let host = Host::answering(vec![broken()]).await;
    assert_eq!(host.verify("a", 0).await, Err(RemoteKeysRejected::Unreachable));
}
