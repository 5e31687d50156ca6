//! What proving an account costs, in processor time: by a passkey, by a code, by a password. Waiting for a disk is not in it.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "ring wants its own randomness to make and use a key")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, criterion_group, criterion_main};
use haechi::app::{self, App};
use haechi::config::Config;
use haechi::identity::Origin;
use haechi::identity::accounts::{NewAccount, NewPerson};
use haechi::identity::passkeys::{Asked, Ceremony};
use haechi::identity::second_factor::TotpSecret;
use haechi::support::{Clock, Digest, Secret, SystemClock, SystemRandom};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom as RingRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const ISSUER: &str = "https://id.example.com";
const RP_ID: &str = "id.example.com";
const EMAIL: &str = "kim@example.com";
const PASSWORD: &str = "seven quiet herons at dawn";

fn from() -> Origin {
    Origin { address: [192, 0, 2, 1].into(), browser: Some(browser()), worked: false }
}

fn browser() -> Digest {
    Digest::of("browser", b"of a bench")
}

/// The processor time of every thread of this process so far.
fn spent() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let of_one = |task: std::io::Result<std::fs::DirEntry>| -> Option<u64> {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    Duration::from_nanos(tasks.filter_map(of_one).sum())
}

/// An authenticator with one passkey.
struct Device {
    keys: EcdsaKeyPair,
    user: Vec<u8>,
}

impl Device {
    fn new() -> Self {
        let random = RingRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let keys = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        Self { keys, user: Vec::new() }
    }

    /// Web Authentication Level 3 section 6.1: the user is there, and was verified.
    fn data(flags: u8) -> Vec<u8> {
        [digest(&SHA256, RP_ID.as_bytes()).as_ref(), &[flags], &[0; 4]].concat()
    }

    fn client(kind: &str, options: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": options["challenge"], "origin": ISSUER}).to_string().into_bytes()
    }

    fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.user = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let point = self.keys.public_key().as_ref();
        let key = [
            (1, Cbor::Integer(2)),
            (3, Cbor::Integer(-7)),
            (-1, Cbor::Integer(1)),
            (-2, Cbor::Bytes(point[1..33].to_vec())),
            (-3, Cbor::Bytes(point[33..].to_vec())),
        ];
        let key = serde_cbor_2::to_vec(&Cbor::Map(key.map(|(name, value)| (Cbor::Integer(name), value)).into()));
        let data = [Self::data(0x45), vec![0; 16], vec![0, 1, 7], key.unwrap()].concat();
        let members = [
            ("fmt", Cbor::Text("none".to_owned())),
            ("attStmt", Cbor::Map(BTreeMap::new())),
            ("authData", Cbor::Bytes(data)),
        ];
        let object = Cbor::Map(members.map(|(name, value)| (Cbor::Text(name.to_owned()), value)).into());
        answer(&json!({
            "attestationObject": URL_SAFE_NO_PAD.encode(serde_cbor_2::to_vec(&object).unwrap()),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(Self::client("webauthn.create", &options)),
        }))
    }

    fn get(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let (data, client) = (Self::data(0x05), Self::client("webauthn.get", &options));
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.keys.sign(&RingRandom::new(), &signed).unwrap();
        answer(&json!({
            "authenticatorData": URL_SAFE_NO_PAD.encode(data), "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "signature": URL_SAFE_NO_PAD.encode(signature), "userHandle": URL_SAFE_NO_PAD.encode(&self.user),
        }))
    }
}

fn answer(response: &Value) -> String {
    let id = URL_SAFE_NO_PAD.encode([7]);
    json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}}).to_string()
}

/// A server on a SQLite file, with an account that has a passkey and one that has a password.
fn house(runtime: &Runtime, file: &std::path::Path) -> (Arc<App>, Device) {
    let mut config = Config::default();
    ISSUER.clone_into(&mut config.server.issuer);
    config.database.url = format!("sqlite:{}", file.display());
    config.keys.key_encryption_key = Some("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned());
    runtime.block_on(async {
        let app = app::begin(Arc::new(config), Arc::new(SystemClock), Arc::new(SystemRandom::new())).await.unwrap();
        let mut device = Device::new();
        let Ceremony { options, ticket } = app.passkeys.ask_to_sign_up(browser()).await.unwrap().unwrap();
        let new = NewPerson { email: EMAIL, name: None, locale: None };
        let made = device.create(&options);
        app.passkeys.sign_up(new, (&from(), browser()), (&ticket, &made)).await.unwrap();
        let email = "lee@example.com".to_owned();
        let new = NewAccount { email, name: None, password: Secret::from(PASSWORD), locale: None };
        app.accounts.sign_up(new, &from()).await.unwrap();
        (app, device)
    })
}

/// How many log in at the same time where that many do.
const TOGETHER: u64 = 16;

/// Logins by passkey: what asks the browser, and what its answer leads to. What the authenticator does is not in it. `together` are on their way at once, each on
/// a thread of the runtime, where requests are answered.
async fn by_passkey(app: &Arc<App>, device: &Device, (times, together): (u64, u64)) -> Duration {
    let asked = Asked { browser: browser(), account: None };
    let mut taken = Duration::ZERO;
    for _ in 0..times {
        let began = spent();
        let ask = || {
            let app = app.clone();
            async move { app.passkeys.ask(browser()).await.unwrap().unwrap() }
        };
        let questions = at_once((0..together).map(|_| ask())).await;
        taken += spent().saturating_sub(began);
        let answers = questions.into_iter().map(|question| (device.get(&question.options), question.ticket));
        let answers: Vec<(String, String)> = answers.collect();
        let began = spent();
        let sign_in = |(answer, ticket): (String, String)| {
            let app = app.clone();
            async move { drop(black_box(app.passkeys.sign_in(asked, &ticket, &answer).await.unwrap())) }
        };
        at_once(answers.into_iter().map(sign_in)).await;
        taken += spent().saturating_sub(began);
    }
    taken / u32::try_from(together).unwrap()
}

/// What some come to that are on their way at once.
async fn at_once<F>(all: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let running: Vec<_> = all.map(tokio::spawn).collect();
    let mut done = Vec::with_capacity(running.len());
    for one in running {
        done.push(one.await.unwrap());
    }
    done
}

async fn by_password(app: &App, times: u64) -> Duration {
    let began = spent();
    for _ in 0..times {
        black_box(app.accounts.sign_in("lee@example.com", &Secret::from(PASSWORD), &from()).await.unwrap());
    }
    spent().saturating_sub(began)
}

fn proofs(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = std::env::temp_dir().join(format!("haechi-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (app, device) = house(&runtime, &folder.join("haechi.db"));
    let mut group = criterion.benchmark_group("proofs");
    for (name, together) in [("a login by passkey", 1), ("a login by passkey, sixteen at once", TOGETHER)] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| runtime.block_on(by_passkey(&app, &device, (times, together))));
        });
    }
    group.sample_size(10);
    group.bench_function("a login by password", |bencher| {
        bencher.iter_custom(|times| runtime.block_on(by_password(&app, times)));
    });
    group.finish();
    let (secret, now) = (TotpSecret::draw(&SystemRandom::new()), SystemClock.now());
    let code = secret.code_at(now);
    criterion.bench_function("proofs/a code of an app", |bencher| {
        bencher.iter(|| black_box(secret.step_of(black_box(&code), now, i64::MIN)));
    });
    drop(app);
    std::fs::remove_dir_all(&folder).unwrap();
}

criterion_group!(benches, proofs);
criterion_main!(benches);
