//! What the store's verbs cost on each backend: one caller at a time (latency), and 64 at once (what group commit makes of them).
//!
//! SQLite always; PostgreSQL when `HAECHI_BENCH_POSTGRES` holds the URL of an empty database.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs, reason = "a benchmark fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use haechi::config::database::DatabaseConfig;
use haechi::model::client::{Client, ClientId, ClientKind};
use haechi::model::epoch::{AccountEpochs, Epoch};
use haechi::model::grant::{Grant, GrantTerms, RefreshSlot, Ticket};
use haechi::model::session::SignIn;
use haechi::model::user::{EmailAddress, User};
use haechi::protocol::ScopeSet;
use haechi::protocol::pkce::CodeChallenge;
use haechi::store::sql::SqlStore;
use haechi::store::{Adoption, Change, CodeRedemption, RecordKind, RefreshRotation, SealedRecord, Stores};
use haechi::support::id::{GrantId, SignInId, UserId};
use haechi::support::{Clock, Digest, SystemClock, SystemRandom, Timestamp};
use tokio::runtime::Runtime;

const DAY: Duration = Duration::from_hours(24);

fn grant() -> Grant {
    let (random, now) = (SystemRandom::new(), SystemClock.now());
    let id = GrantId::new(now, &random);
    let sign_in = SignIn::new(SignInId::new(now, &random), owner().0.id, AccountEpochs::default(), now);
    let terms = GrantTerms {
        nonce: Some("n-0S6_WzA2Mj".to_owned()),
        ..GrantTerms::new(ScopeSet::parse("openid profile email offline_access").unwrap(), &sign_in)
    };
    let code = Ticket::code(
        Digest::of("code", id.as_bytes()),
        Some("https://shop.example/callback".to_owned()),
        CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256")).ok(),
        now.plus(DAY),
    );
    Grant::new(id, (ClientId::parse("shop").unwrap(), Epoch::default()), &sign_in, terms, code, now)
}

fn slot(generation: u32) -> RefreshSlot {
    let (now, token) = (SystemClock.now(), |generation: u32| Digest::of("refresh", &generation.to_be_bytes()));
    let previous = generation.checked_sub(1).map(token);
    RefreshSlot { generation, current: token(generation), previous, rotated_at: now, expires_at: now.plus(30 * DAY) }
}

fn fresh_digest() -> Digest {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let process = u64::from(std::process::id()) << 32;
    Digest::of("bench", &(process + NEXT.fetch_add(1, Ordering::Relaxed)).to_be_bytes())
}

/// Runs an operation `times` times with `callers` at once, on what `prepare` made for each time, and says how long that took.
async fn timed<P, T, O>(times: u64, callers: usize, prepare: impl AsyncFn() -> P, operation: O) -> Duration
where
    P: Send + 'static,
    T: Future<Output = ()> + Send + 'static,
    O: Fn(P) -> T + Clone + Send + 'static,
{
    let mut shares: Vec<Vec<P>> = (0..callers).map(|_| Vec::new()).collect();
    for n in 0..usize::try_from(times).unwrap() {
        shares[n % callers].push(prepare().await);
    }
    let begun = Instant::now();
    let callers: Vec<_> = shares
        .into_iter()
        .map(|share| {
            let operation = operation.clone();
            tokio::spawn(async move {
                for prepared in share {
                    operation(prepared).await;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    begun.elapsed()
}

/// A verb as a benchmark: `$prepare` makes what `$operation` uses up.
macro_rules! verb {
    ($criterion:ident, $runtime:ident, $backend:expr, $stores:ident, $name:literal, $prepare:expr, |$prepared:pat_param| $operation:expr) => {
        for callers in [1, 64] {
            let mut group = $criterion.benchmark_group(format!("{}/{}", $backend, $name));
            group.throughput(Throughput::Elements(1)).sample_size(10).warm_up_time(Duration::from_millis(500));
            group.bench_function(format!("{callers} at once"), |bencher| {
                bencher.to_async($runtime).iter_custom(|times| {
                    let $stores = $stores.clone();
                    async move {
                        let prepare = $prepare;
                        let stores = $stores.clone();
                        let operation = move |$prepared| {
                            let $stores = stores.clone();
                            async move { $operation }
                        };
                        timed(times, callers, prepare, operation).await
                    }
                });
            });
        }
    };
}

/// The account and the client that every grant rests on.
fn owner() -> (User, Client) {
    let (now, email) = (Timestamp::from_seconds(1_700_000_000), EmailAddress::parse("owner@example.com").unwrap());
    let user = User::new(UserId::from_bytes([7; 16]), email, now);
    (user, Client::new(ClientId::parse("shop").unwrap(), "Shop".to_owned(), ClientKind::Web, now))
}

fn verbs(criterion: &mut Criterion, runtime: &Runtime, backend: &str, stores: &Stores) {
    let (user, client) = owner();
    // A database that was measured before has them.
    let _ = runtime.block_on(stores.work.commit(vec![Change::InsertUser(user), Change::InsertClient(client)]));
    verb!(criterion, runtime, backend, stores, "insert grant", async || grant(), |grant| {
        stores.grants.insert(grant).await.unwrap();
    });
    let insert = async |stores: &Stores, grant: Grant| {
        stores.grants.insert(grant.clone()).await.unwrap();
        grant.id
    };
    verb!(criterion, runtime, backend, stores, "find grant", async || insert(&stores, grant()).await, |id| {
        stores.grants.find(id).await.unwrap().unwrap();
    });
    verb!(criterion, runtime, backend, stores, "redeem code", async || insert(&stores, grant()).await, |id| {
        let now = SystemClock.now();
        let redeemed = stores.grants.redeem_code(id, now, Some(slot(0)), now.plus(30 * DAY)).await.unwrap();
        assert_eq!(redeemed, CodeRedemption::Fresh);
    });
    let with_token = || Grant { refresh: Some(slot(0)), ..grant() };
    verb!(criterion, runtime, backend, stores, "rotate", async || insert(&stores, with_token()).await, |id| {
        let end = SystemClock.now().plus(30 * DAY);
        assert_eq!(stores.grants.rotate(id, &slot(0), slot(1), end).await.unwrap(), RefreshRotation::Fresh);
    });
    verb!(criterion, runtime, backend, stores, "first use", async || fresh_digest(), |value| {
        let now = SystemClock.now();
        assert!(stores.replays.first_use(value, now.plus(DAY), now).await.unwrap());
    });
    let session = || SealedRecord {
        key: fresh_digest(),
        owners: vec![grant().user],
        value: vec![7; 400],
        expires_at: SystemClock.now().plus(DAY),
    };
    verb!(criterion, runtime, backend, stores, "put session", async || session(), |session| {
        stores.records.put(RecordKind::Session, session, SystemClock.now()).await.unwrap();
    });
    let put = async |stores: &Stores| {
        let session = session();
        stores.records.put(RecordKind::Session, session.clone(), SystemClock.now()).await.unwrap();
        session.key
    };
    verb!(criterion, runtime, backend, stores, "get session", async || put(&stores).await, |key| {
        stores.records.get(RecordKind::Session, key, SystemClock.now()).await.unwrap().unwrap();
    });
}

fn open(runtime: &Runtime, url: String) -> Stores {
    let config =
        DatabaseConfig { url, acquire_timeout_ms: 60_000, statement_timeout_ms: 60_000, ..DatabaseConfig::default() };
    runtime.block_on(async {
        let store = SqlStore::connect(&config).await.unwrap();
        store.migrate().await.unwrap();
        let stores = Stores::from(Arc::new(store));
        // As a server that starts on it does: from then on commits are noted.
        let text = |text: &str| text.to_owned();
        let (issuer, instance, release) = (text("https://id.example"), text("a database for benches"), text("0.0.0"));
        stores.server.adopt(Adoption { issuer, instance, generation: 0, release }).await.unwrap();
        stores
    })
}

fn store(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = std::env::temp_dir().join(format!("haechi-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let stores = open(&runtime, format!("sqlite:{}", folder.join("bench.db").display()));
    verbs(criterion, &runtime, "sqlite", &stores);
    drop(stores);
    std::fs::remove_dir_all(&folder).unwrap();
    if let Ok(url) = std::env::var("HAECHI_BENCH_POSTGRES") {
        let stores = open(&runtime, url);
        verbs(criterion, &runtime, "postgres", &stores);
    }
}

criterion_group!(benches, store);
criterion_main!(benches);
