//! What coming back from an upstream provider costs, without the network: the ID token, the profile, and whose account it is.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use haechi::config::keys::KeysConfig;
use haechi::keys::foreign::{self, Kind};
use haechi::keys::{KeyEncryptionKey, KeyRing, KeyTimes, TokenType};
use haechi::model::client::SigningAlgorithm;
use haechi::model::connection::UpstreamAlgorithm;
use haechi::model::signing_key::SigningKeyRecord;
use haechi::store::{Change, SigningKeyStore, StoreResult};
use haechi::support::{Clock, Digest, Secret, SystemClock, SystemRandom, Timestamp};
use haechi::upstream::id_token::{self, Expected};
use haechi::upstream::link::{self, Facts, KnownEmail, ProviderEmail};
use haechi::upstream::presets::{self, Issuer};
use haechi::upstream::profile;
use serde_json::{Value, json};

const ISSUER: &str = "https://accounts.google.com";
const CLIENT: &str = "1234567890-abcdefghijklmnop.apps.googleusercontent.com";
const NONCE: &str = "bm9uY2Vub25jZW5vbmNlbm9uY2Vub25jZW5vbmNl";
const ACCESS_TOKEN: &str = "ya29.a0AfH6SMBx-an-access-token-of-the-usual-length";

/// The provider's keys.
#[derive(Default)]
struct Memory(Mutex<(u64, Vec<SigningKeyRecord>)>);

#[async_trait]
impl SigningKeyStore for Memory {
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>, _: Vec<Change>) -> StoreResult<()> {
        *self.0.lock().unwrap() = (expected + 1, keys);
        Ok(())
    }

    async fn is_refused(&self, _: Digest) -> StoreResult<bool> {
        Ok(false)
    }
}

fn provider() -> Arc<KeyRing> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom::new()));
        let kek = KeyEncryptionKey::from_bytes([7; 32]);
        let config = KeysConfig { algorithms: SigningAlgorithm::ALL.to_vec(), ..KeysConfig::default() };
        let times = KeyTimes { config: &config, longest_session: Duration::from_hours(24) };
        let ring = KeyRing::open(Arc::new(Memory::default()), &kek, times, clock, random).await.unwrap();
        ring.tend().await.unwrap();
        ring
    })
}

/// The claims of an ID token as Google signs it.
fn claims(now: Timestamp) -> Value {
    json!({
        "iss": ISSUER, "azp": CLIENT, "aud": CLIENT, "sub": "110169484474386276334", "hd": "example.com",
        "email": "hong@example.com", "email_verified": true, "nonce": NONCE, "name": "홍길동", "given_name": "길동",
        "family_name": "홍", "picture": "https://lh3.googleusercontent.com/a/photo=s96-c", "locale": "ko",
        "iat": now.seconds(), "exp": now.seconds() + 3600,
    })
}

fn expected(now: Timestamp) -> Expected<'static> {
    Expected {
        issuer: Issuer::Fixed(ISSUER),
        named: None,
        client_id: CLIENT,
        nonce: NONCE,
        nonce_may_lack: false,
        access_token: ACCESS_TOKEN,
        algorithm: UpstreamAlgorithm::RS256,
        max_age: None,
        now,
    }
}

fn verification(criterion: &mut Criterion) {
    let (ring, now) = (provider(), SystemClock.now());
    let jwks: Value = serde_json::from_slice(&ring.jwks().body).unwrap();
    let (secret, expected) = (Secret::from(""), expected(now));
    let mut group = criterion.benchmark_group("ID token");
    for (algorithm, allowed) in [
        (SigningAlgorithm::RS256, UpstreamAlgorithm::RS256),
        (SigningAlgorithm::ES256, UpstreamAlgorithm::ES256),
        (SigningAlgorithm::EdDSA, UpstreamAlgorithm::EdDSA),
    ] {
        let token = ring.sign(algorithm, TokenType::IdToken, &claims(now)).unwrap();
        group.bench_function(format!("signature and claims/{}", algorithm.as_str()), |bencher| {
            bencher.iter(|| {
                let keys = (&secret, &[allowed][..]);
                let verified = foreign::verify_upstream(Kind::IdToken, black_box(&token), &jwks, keys).unwrap();
                id_token::check(&Value::Object(verified.claims), &expected).unwrap()
            });
        });
    }
    group.finish();
}

fn callback(criterion: &mut Criterion) {
    let (ring, now) = (provider(), SystemClock.now());
    let jwks: Value = serde_json::from_slice(&ring.jwks().body).unwrap();
    let token = ring.sign(SigningAlgorithm::RS256, TokenType::IdToken, &claims(now)).unwrap();
    let (secret, expected) = (Secret::from(""), expected(now));
    let google = presets::find("google").unwrap();
    let mut group = criterion.benchmark_group("callback");
    group.bench_function("ID token, profile and decision", |bencher| {
        bencher.iter(|| {
            let keys = (&secret, &[UpstreamAlgorithm::RS256][..]);
            let verified = foreign::verify_upstream(Kind::IdToken, black_box(&token), &jwks, keys).unwrap();
            let claims = Value::Object(verified.claims);
            id_token::check(&claims, &expected).unwrap();
            let profile = profile::map(&google.mapping([]), &[claims]).unwrap();
            let email = profile.email.as_ref().unwrap();
            let trusted = email.is_trusted(google.email_trust, true);
            let said = if trusted { ProviderEmail::VerifiedTrusted } else { ProviderEmail::VerifiedUntrusted };
            let known = KnownEmail::Unknown;
            link::decide(&Facts { link: None, known, email: said, sign_up: true, proves_first: false, adding_to: None })
        });
    });
    let kakao = presets::find("kakao").unwrap();
    let answers = [
        json!({ "sub": "123456789", "nickname": "홍길동" }),
        json!({ "id": 123_456_789, "kakao_account": {
            "email": "hong@kakao.com", "is_email_valid": true, "is_email_verified": true,
            "profile": { "nickname": "홍길동", "profile_image_url": "https://k.kakaocdn.net/dn/photo.jpg" } } }),
    ];
    group.bench_function("profile of two answers", |bencher| {
        bencher.iter(|| profile::map(&kakao.mapping([]), black_box(&answers)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, verification, callback);
criterion_main!(benches);
