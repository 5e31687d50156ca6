//! What a token costs: to mint, and to verify, by algorithm.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use haechi::config::keys::KeysConfig;
use haechi::keys::{KeyEncryptionKey, KeyRing, KeyTimes, MacKey, Sealer, TokenType, foreign};
use haechi::model::client::SigningAlgorithm;
use haechi::model::signing_key::SigningKeyRecord;
use haechi::store::{Change, SigningKeyStore, StoreResult};
use haechi::support::{Digest, SystemClock, SystemRandom};
use serde_json::{Value, json};

/// One node's store.
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

/// A ring with a key of every algorithm.
fn ring() -> Arc<KeyRing> {
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

/// The claims of an access token as RFC 9068 wants them.
fn claims() -> Value {
    json!({
        "iss": "https://id.example.com",
        "sub": "usr_01890a5d2f3b7c4e8d9f0a1b2c3d4e5f",
        "aud": "https://api.example.com",
        "client_id": "shop",
        "scope": "openid profile email",
        "iat": 1_750_000_000,
        "exp": 1_750_000_600,
        "jti": "AZASm2Xk-2YZc3kq3vKxY1oAAAABq83vEjRWeJA",
    })
}

fn tokens(criterion: &mut Criterion) {
    let (ring, claims) = (ring(), claims());
    let jwks: Value = serde_json::from_slice(&ring.jwks().body).unwrap();
    for &algorithm in SigningAlgorithm::ALL {
        let name = algorithm.as_str();
        let token = ring.sign(algorithm, TokenType::AccessToken, &claims).unwrap();
        let assertion = ring.sign(algorithm, TokenType::IdToken, &claims).unwrap();
        criterion.bench_function(&format!("mint/{name}"), |bencher| {
            bencher.iter(|| ring.sign(algorithm, TokenType::AccessToken, black_box(&claims)).unwrap());
        });
        criterion.bench_function(&format!("verify/{name}"), |bencher| {
            bencher.iter(|| ring.verify::<Value>(black_box(&token), TokenType::AccessToken).unwrap());
        });
        criterion.bench_function(&format!("verify foreign/{name}"), |bencher| {
            bencher.iter(|| foreign::verify(black_box(&assertion), &jwks, &[algorithm]).unwrap());
        });
    }
}

fn sealing(criterion: &mut Criterion) {
    let (kek, random) = (KeyEncryptionKey::from_bytes([7; 32]), SystemRandom::new());
    let (sealer, mac) = (Sealer::new(&kek, "records"), MacKey::new(&kek, "csrf"));
    let plain = vec![7; 1024];
    let sealed = sealer.seal(&random, b"session", &plain);
    let mut group = criterion.benchmark_group("1 KiB");
    group.throughput(Throughput::Bytes(plain.len() as u64));
    group.bench_function("seal", |bencher| bencher.iter(|| sealer.seal(&random, b"session", black_box(&plain))));
    group.bench_function("unseal", |bencher| bencher.iter(|| sealer.unseal(b"session", black_box(&sealed)).unwrap()));
    group.finish();
    criterion.bench_function("mac of 60 bytes", |bencher| bencher.iter(|| mac.tag(black_box(&[&plain[..60]]))));
}

criterion_group!(benches, tokens, sealing);
criterion_main!(benches);
