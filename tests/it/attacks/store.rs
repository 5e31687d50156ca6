//! Attacks that only the store can stop: races for what works once, and what is typed into a search.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use haechi::config::database::DatabaseConfig;
use haechi::model::user::{User, UserStatus};
use haechi::store::sql::SqlStore;
use haechi::store::{Change, CodeRedemption, Conflict, StoreError, Stores, UserQuery};
use haechi::support::Digest;

use crate::store::grants::{self, grant, race, slot};
use crate::store::users::{administrator, user};
use crate::store::{NOW, patient, sqlite_in};
use crate::support::folder::Folder;
use crate::support::servers;

/// Several nodes on one database, each with connections of its own.
async fn nodes(config: &DatabaseConfig, count: usize) -> Vec<Stores> {
    let mut nodes = Vec::new();
    for _ in 0..count {
        let store = SqlStore::connect(config).await.unwrap();
        store.migrate().await.unwrap();
        nodes.push(Arc::new(store).into());
    }
    nodes
}

/// Makes an attack a test on each database.
macro_rules! against_each_database {
    ($nodes:ident: $count:literal; $(async fn $case:ident() $body:block)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let folder = super::Folder::new();
                    super::$case(super::nodes(&super::sqlite_in(&folder), $count).await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some(url) = super::servers::postgres_url() {
                        super::$case(super::nodes(&super::patient(url), $count).await).await;
                    }
                }
            )*
        }
        $(async fn $case($nodes: Vec<Stores>) $body)*
    };
}

against_each_database! {
    nodes: 2;

    // Not even a second caller who writes exactly what is there already counts as the first.
    async fn code_003_writing_the_same_values_again_does_not_count_as_redeeming() {
        grants::add(&nodes[0], grant(1)).await;
        let redeem = |node: &Stores| {
            let grants = node.grants.clone();
            async move { grants.redeem_code(grant(1).id, NOW, Some(slot(0, None)), NOW).await.unwrap() }
        };
        assert_eq!(redeem(&nodes[0]).await, CodeRedemption::Fresh);
        for node in &nodes {
            assert_eq!(redeem(node).await, CodeRedemption::AlreadyUsed);
        }
    }

    async fn code_003_a_code_is_redeemed_once_across_nodes() {
        for seed in 0..3 {
            grants::add(&nodes[0], grant(seed)).await;
            let fresh = race(|n| {
                let grants = nodes[n as usize % nodes.len()].grants.clone();
                async move { grants.redeem_code(grant(seed).id, NOW, None, NOW).await.unwrap() == CodeRedemption::Fresh }
            });
            assert_eq!(fresh.await, 1);
        }
    }

    async fn race_004_administrators_who_disable_each_other_leave_one() {
        let both = [administrator(1), administrator(2)];
        nodes[0].work.commit(both.iter().cloned().map(Change::InsertUser).collect()).await.unwrap();
        for _ in 0..20 {
            let mut attempts = Vec::new();
            for (admin, node) in both.iter().zip(&nodes) {
                let stored = node.users.find(admin.id).await.unwrap().unwrap();
                let (work, disabled) = (node.work.clone(), User { status: UserStatus::Disabled, ..stored });
                attempts.push(tokio::spawn(async move { work.commit(vec![Change::UpdateUser(disabled)]).await }));
            }
            let mut refused = 0;
            for attempt in attempts {
                match attempt.await.unwrap() {
                    Ok(()) => {}
                    Err(StoreError::Conflict(Conflict::LastAdministrator)) => refused += 1,
                    other => panic!("{other:?}"),
                }
            }
            let stored = nodes[0].users.list(&UserQuery::default(), 10).await.unwrap().items;
            let (left, disabled): (Vec<_>, Vec<_>) = stored.into_iter().partition(User::is_active);
            assert_eq!((refused, left.len()), (1, 1));
            let enabled = User { status: UserStatus::Active, ..disabled[0].clone() };
            nodes[0].work.commit(vec![Change::UpdateUser(enabled)]).await.unwrap();
        }
    }

    async fn race_010_two_hundred_writers_never_meet_a_busy_database() {
        let later = NOW.plus(Duration::from_hours(1));
        grants::add(&nodes[0], grant(0)).await;
        let writers: Vec<_> = (0..200_u32).map(|n| {
            let node = nodes[n as usize % nodes.len()].clone();
            tokio::spawn(async move {
                let fresh = node.grants.redeem_code(grant(0).id, NOW, None, later).await;
                grants::add(&node, grant(u64::from(n) + 1)).await;
                node.work.commit(vec![Change::InsertUser(user(n))]).await.unwrap();
                node.grants.find(grant(0).id).await.unwrap().unwrap();
                let used = node.replays.first_use(Digest::sha256(&(n / 2).to_be_bytes()), later, NOW).await.unwrap();
                (fresh.unwrap() == CodeRedemption::Fresh, n / 2, used)
            })
        }).collect();
        let (mut fresh, mut first_uses) = (0, HashMap::<u32, u32>::new());
        for writer in writers {
            let (redeemed, value, used) = writer.await.unwrap();
            fresh += u32::from(redeemed);
            *first_uses.entry(value).or_default() += u32::from(used);
        }
        assert_eq!(fresh, 1, "no single use was lost");
        assert!(first_uses.len() == 100 && first_uses.values().all(|&n| n == 1), "{first_uses:?}");
        assert_eq!(nodes[1].users.list(&UserQuery::default(), 500).await.unwrap().items.len(), 200 + 201, "nothing was lost");
    }

    async fn inj_001_what_is_searched_for_means_itself() {
        for (seed, name) in [(1, "100% Kim"), (2, "under_score"), (3, r"back\slash"), (4, "quote' OR 1=1 --")] {
            let named = User { profile: [("name".to_owned(), name.into())].into(), ..user(seed) };
            nodes[0].work.commit(vec![Change::InsertUser(named)]).await.unwrap();
        }
        for (search, expected) in [
            ("%", 1),
            ("_", 1),
            (r"\", 1),
            (r"\%", 0),
            ("100% kim", 1),
            ("1__%", 0),
            ("' OR 1=1 --", 1),
            ("'; DROP TABLE users; --", 0),
            ("(select document from users)", 0),
        ] {
            let found = nodes[0].users.list(&UserQuery::searching(Some(search)), 10).await.unwrap().items;
            assert_eq!(found.len(), expected, "{search}");
        }
    }

    async fn inj_004_nul_and_oversized_text_are_no_defect() {
        let named = User { profile: [("name".to_owned(), "a\0b \u{202e}\u{feff}".into())].into(), ..user(1) };
        nodes[0].work.commit(vec![Change::InsertUser(named.clone())]).await.unwrap();
        assert_eq!(nodes[0].users.find(named.id).await.unwrap(), Some(named));
        for search in ["\0", "a\0b", "\0'; --"] {
            nodes[0].users.list(&UserQuery::searching(Some(search)), 10).await.unwrap();
        }
        let endless = "x".repeat(1 << 20);
        assert!(nodes[0].users.list(&UserQuery::searching(Some(&endless)), 10).await.unwrap().items.is_empty());
    }
}

/// Somebody in the way to PostgreSQL, who answers the wish for TLS with `answer`, and then speaks it with a certificate of their own. Tells
/// whether anything came after it.
async fn in_the_way(answer: u8) -> (String, tokio::task::JoinHandle<bool>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    // Not a loopback address by its number, and this machine all the same.
    let url = format!("postgres://haechi:canary@0.0.0.0:{}/haechi", listener.local_addr().unwrap().port());
    let made = rcgen::generate_simple_self_signed(vec!["db.internal".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let trap = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut wish = [0; 8];
        stream.read_exact(&mut wish).await.unwrap();
        // "SSLRequest": its length, and the number that stands for it.
        assert_eq!(wish, [0, 0, 0, 8, 4, 210, 22, 47], "something else than the wish for TLS was sent");
        stream.write_all(&[answer]).await.unwrap();
        if answer == b'S' {
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
            return match acceptor.accept(stream).await {
                Ok(mut stream) => stream.read_u8().await.is_ok(),
                Err(_) => false,
            };
        }
        stream.read_u8().await.is_ok()
    });
    (url, trap)
}

#[tokio::test]
async fn key_005_a_database_elsewhere_that_cannot_prove_its_name_is_told_nothing() {
    for answer in [b'N', b'S'] {
        for more in ["", "?sslmode=verify-full"] {
            let (url, trap) = in_the_way(answer).await;
            let refused = SqlStore::connect(&DatabaseConfig { url: url + more, ..DatabaseConfig::default() }).await;
            assert!(matches!(refused, Err(StoreError::Misconfigured(_) | StoreError::Unavailable(_))), "{refused:?}");
            assert!(!trap.await.unwrap(), "a password was sent to a stranger");
        }
    }
}
