//! A ledger of what the server acknowledged.
//!
//! Owns a load of writes, [`AT_ONCE`] at a time and so in batches, what was answered to each, and the comparison with what the database holds
//! and with what the server says of it. Leaves breaking things to the tests. A 2xx is a promise; a 503 promises nothing, either way.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::sqlx::{Connection, PgConnection, Row, SqliteConnection, query, sqlite::SqliteConnectOptions};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::setup::Setup;
use crate::support::binary::over_http;
use crate::support::browser::Browser;
use crate::support::folder::Folder;

/// How many writes of each kind are under way at once.
pub(super) const AT_ONCE: usize = 64;

/// A grant that is refreshed again and again.
struct Chain {
    refresh_token: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Live,
    /// Its revocation was acknowledged.
    Ended,
    /// Its revocation was asked for, and not acknowledged.
    Unknown,
}

/// How many of something were acknowledged, and how many may have happened besides.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    acknowledged: u64,
    unknown: u64,
}

impl Count {
    fn note(&mut self, answer: Option<u16>) {
        match answer {
            Some(200) => self.acknowledged += 1,
            Some(503) | None => self.unknown += 1,
            Some(other) => panic!("answered {other}"),
        }
    }

    /// How many the database may hold.
    fn range(self) -> RangeInclusive<u64> {
        self.acknowledged..=self.acknowledged + self.unknown
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcome {
    pub(super) acknowledged: u64,
    pub(super) put_off: u64,
    pub(super) slowest: Duration,
}

/// Where the database can be looked into beside the server: in a process of its own.
pub(super) enum Reader {
    Sqlite(PathBuf),
    /// A file that another mount namespace has: a copy of it and its log is what a crash would leave.
    Copied(PathBuf),
    Postgres(String),
}

/// What the database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rows {
    revoked_tokens: u64,
    /// Of all grants together.
    generations: u64,
    revoked_grants: u64,
}

impl Reader {
    /// Of the database that a setup has.
    pub(super) fn of(setup: &Setup) -> Self {
        let url = setup.haechi.database_url();
        match url.strip_prefix("sqlite:") {
            Some(file) => Self::Sqlite(setup.haechi.folder.path().join(file)),
            None => Self::Postgres(url.to_owned()),
        }
    }

    /// Counts in a connection of its own, made for it, so that only what is committed shows.
    async fn rows(&self) -> Rows {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM revoked_tokens), \
                           (SELECT CAST(COALESCE(SUM(refresh_generation), 0) AS BIGINT) FROM grants), \
                           (SELECT COUNT(*) FROM grants WHERE revoked_at IS NOT NULL)";
        let [tokens, generations, grants]: [i64; 3] = match self {
            Self::Sqlite(file) => count_in_file(file, SQL).await,
            Self::Copied(file) => {
                let folder = Folder::new();
                let copy = folder.path().join("copy.db");
                for companion in ["", "-wal"] {
                    let name = |file: &Path| PathBuf::from(format!("{}{companion}", file.display()));
                    fs::copy(name(file), name(&copy)).unwrap();
                }
                count_in_file(&copy, SQL).await
            }
            Self::Postgres(url) => {
                let mut db = PgConnection::connect(url).await.unwrap();
                let row = query(SQL).fetch_one(&mut db).await.unwrap();
                db.close().await.unwrap();
                [row.get(0), row.get(1), row.get(2)]
            }
        };
        let count = |number: i64| u64::try_from(number).unwrap();
        Rows { revoked_tokens: count(tokens), generations: count(generations), revoked_grants: count(grants) }
    }
}

async fn count_in_file(file: &Path, sql: &'static str) -> [i64; 3] {
    let mut db = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap();
    let row = query(sql).fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    [row.get(0), row.get(1), row.get(2)]
}

/// What was asked of a server and acknowledged by it.
pub(super) struct Ledger<'a> {
    setup: &'a Setup,
    reader: Reader,
    chains: Vec<Chain>,
    /// Access tokens whose revocation was acknowledged.
    revoked: Vec<String>,
    revocations: Count,
    refreshes: Count,
    endings: Count,
    /// What the database held before.
    first: Rows,
}

impl<'a> Ledger<'a> {
    /// Opens a ledger on a server that runs, with as many chains as are refreshed at once.
    pub(super) async fn open(setup: &'a Setup, reader: Reader) -> Self {
        let mut browser = Browser::new(over_http(setup.haechi.port), &setup.haechi.issuer());
        let mut codes = vec![setup.code(&mut browser).await];
        for _ in 1..AT_ONCE {
            codes.push(setup.code(&mut browser).await);
        }
        let refresh_tokens = join_all(codes.iter().map(|code| redeemed(setup, code))).await;
        let chain = |refresh_token| Chain { refresh_token, state: State::Live };
        Self {
            setup,
            first: reader.rows().await,
            reader,
            chains: refresh_tokens.into_iter().map(chain).collect(),
            revoked: Vec::new(),
            revocations: Count::default(),
            refreshes: Count::default(),
            endings: Count::default(),
        }
    }

    /// Refreshes the chains and revokes as many tokens, all at once, and ends two chains, which are units of work with an audit event.
    pub(super) async fn batch(&mut self) -> Outcome {
        let setup = self.setup;
        let tokens = join_all((0..AT_ONCE).map(|_| minted(setup))).await;
        let begun = Instant::now();
        let timed = |what: Option<(u16, Value)>| (what, begun.elapsed());
        let live: Vec<usize> = (0..self.chains.len()).filter(|at| self.chains[*at].state == State::Live).collect();
        let (refreshing, ending) = live.split_at(live.len() - if live.len() > AT_ONCE / 2 { 2 } else { 0 });
        let refreshes = refreshing.iter().map(async |at| timed(setup.refresh(&self.chains[*at].refresh_token).await));
        let endings = ending.iter().map(async |at| timed(setup.withdraw(&self.chains[*at].refresh_token).await));
        let revocations = tokens.iter().map(async |token| timed(setup.revoking(token).await));
        let (refreshed, ended, revoked) = tokio::join!(join_all(refreshes), join_all(endings), join_all(revocations));

        let mut outcome = Outcome::default();
        let mut status = |(answer, took): &(Option<(u16, Value)>, Duration)| {
            let status = answer.as_ref().map(|(status, _)| *status);
            outcome.slowest = outcome.slowest.max(*took);
            if status == Some(200) {
                outcome.acknowledged += 1;
            } else {
                outcome.put_off += 1;
            }
            status
        };
        for (at, answer) in refreshing.iter().zip(refreshed) {
            self.refreshes.note(status(&answer));
            if let (Some((200, body)), _) = answer {
                body["refresh_token"].as_str().unwrap().clone_into(&mut self.chains[*at].refresh_token);
            }
        }
        for (at, answer) in ending.iter().zip(ended) {
            let status = status(&answer);
            self.endings.note(status);
            self.chains[*at].state = if status == Some(200) { State::Ended } else { State::Unknown };
        }
        for (token, answer) in tokens.into_iter().zip(revoked) {
            let status = status(&answer);
            self.revocations.note(status);
            if status == Some(200) {
                self.revoked.push(token);
            }
        }
        outcome
    }

    /// Goes on until a batch is acknowledged as a whole.
    pub(super) async fn recovers(&mut self, within: Duration) {
        let begun = Instant::now();
        loop {
            let outcome = self.batch().await;
            if outcome.put_off == 0 {
                return;
            }
            assert!(begun.elapsed() < within, "it does not recover: {outcome:?}");
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// What was acknowledged is in the database, and nothing that was never asked.
    pub(super) async fn matches_the_database(&self) {
        let now = self.reader.rows().await;
        let differences = [
            ("revoked tokens", self.revocations, now.revoked_tokens - self.first.revoked_tokens),
            ("refreshes", self.refreshes, now.generations - self.first.generations),
            ("revoked grants", self.endings, now.revoked_grants - self.first.revoked_grants),
        ];
        for (what, count, held) in differences {
            assert!(count.range().contains(&held), "{what}: {held} are there of {count:?}");
        }
    }

    /// What was acknowledged is what the server says: each chain goes on, what ended stays ended.
    pub(super) async fn matches_the_server(&self) {
        let setup = self.setup;
        for token in &self.revoked {
            assert!(!setup.is_active(token).await, "a revocation is lost");
        }
        for (at, chain) in self.chains.iter().enumerate() {
            let (status, body) = setup.refresh(&chain.refresh_token).await.unwrap();
            let expected = match chain.state {
                State::Live => status == 200,
                State::Ended => status == 400 && body["error"] == "invalid_grant",
                State::Unknown => status == 200 || status == 400,
            };
            assert!(expected, "chain {at} is {:?} and answers {status} {body}", chain.state);
        }
    }
}

/// A refresh token for a code. The key of ID tokens may still be in the making.
async fn redeemed(setup: &Setup, code: &str) -> String {
    let begun = Instant::now();
    loop {
        let (status, body) = setup.redeem(code).await.unwrap();
        if status == 200 {
            return body["refresh_token"].as_str().unwrap().to_owned();
        }
        assert!(status == 503 && begun.elapsed() < Duration::from_secs(30), "{status} {body}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// An access token of the service. Minting writes nothing, but the client is read.
async fn minted(setup: &Setup) -> String {
    let begun = Instant::now();
    loop {
        match setup.minting().await {
            Some((200, body)) => return body["access_token"].as_str().unwrap().to_owned(),
            answer => assert!(begun.elapsed() < Duration::from_secs(20), "{answer:?}"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}
