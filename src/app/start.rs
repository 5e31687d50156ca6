//! From a configuration to a working house: opens the stores, brings the schema up to date, and does the chores that recur.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::clock::ClockWatch;
use super::mark::{self, Loss, Missing};
use super::{App, Beginning, StartError, World, assemble, identity};
use crate::audit_chain::{ChainError, SEAL_EVERY};
use crate::config::Config;
use crate::config::show::without_password;
use crate::counts::WRITE_EVERY;
use crate::mail;
use crate::outgoing::SystemLookup;
use crate::protocol::issuer::Issuer;
use crate::store::redis::{RedisMarks, RedisStore};
use crate::store::sql::SqlStore;
use crate::store::{DatabaseClock, MarkStore, Noted, RecordStore, ServerIdentity, StoreResult, Stores};
use crate::support::shared_clock::TOLERANCE;
use crate::support::{Clock, Random, Timestamp};
use crate::webhooks::LOOK_EVERY;

/// How often a node looks whether another changed a client or the policy: a change holds everywhere within this time.
const LOOK_FOR_CHANGES: Duration = Duration::from_millis(250);
/// How often the signing keys are looked after.
const TEND_KEYS: Duration = Duration::from_secs(1);
/// How often a node looks at the database's clock: a machine's clock that jumps is out of step for so long.
const LOOK_AT_CLOCK: Duration = Duration::from_secs(1);
/// How often rows that have expired are deleted; at once again while there were any.
const TIDY: Duration = Duration::from_secs(60);
/// How often the audit log is shortened, likewise.
const SHORTEN_AUDIT_LOG: Duration = Duration::from_mins(10);
/// How often a node looks whether the database still has what was committed to it, and notes how far it is.
const LOOK_AT_MARK: Duration = Duration::from_secs(2);
/// The rest between two deletions, so that they never crowd out the rest.
const TIDY_REST: Duration = Duration::from_millis(200);
/// How often it is looked whether the sweeps keep up, and how late they may be.
const LOOK_FOR_OVERDUE: Duration = Duration::from_mins(5);
const MAY_BE_LATE: Duration = Duration::from_hours(1);

/// Opens the stores of the configuration, which must be this server's, makes what there is not yet, and puts the house together: for a server
/// that starts. Nothing recurs until [`keep_house`].
pub async fn begin(
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    build_on(config, (Whose::Ours, Beginning::Allowed), clock, random).await
}

/// The same on stores that a server began.
pub async fn build(
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    build_on(config, (Whose::Ours, Beginning::Refused), clock, random).await
}

/// The same on stores that may be those of another issuer: for moving them to this one.
pub async fn build_for_any_issuer(
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    build_on(config, (Whose::Any, Beginning::Refused), clock, random).await
}

async fn build_on(
    config: Arc<Config>,
    (whose, beginning): (Whose, Beginning),
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    let issuer = Issuer::parse(&config.server.issuer)?;
    let (stores, loss) = open(&config, &issuer, (whose, beginning)).await?;
    let app = assemble(config, stores, World { beginning, clock, random, lookup: Arc::new(SystemLookup) }).await?;
    mark::report(&app, loss).await?;
    Ok(app)
}

/// Whose a database may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Ours,
    Any,
}

/// The stores of a configuration, their schema up to date where that is wanted at the start, and what is missing from them.
async fn open(
    config: &Config,
    issuer: &Issuer,
    (whose, beginning): (Whose, Beginning),
) -> Result<(Stores, Option<Loss>), StartError> {
    let sql = Arc::new(match beginning {
        Beginning::Allowed => SqlStore::connect(&config.database).await?,
        Beginning::Refused => begun(config).await?,
    });
    let redis = match &config.redis {
        Some(redis) => Some(Arc::new(RedisStore::connect(redis).await?)),
        None => None,
    };
    let marks = marks(config, issuer, &sql, redis.as_ref());
    let noted = mark::noted(marks.as_ref()).await;
    // Before the schema is moved: that of another server is none of ours. And before anything is written: that would be taken for what was lost.
    let said = sql.identity_if_said().await?;
    check_identity(said.as_ref(), (whose == Whose::Ours).then_some(issuer))?;
    let loss = Loss::of(noted.as_ref(), &said.unwrap_or_default());
    if config.database.migrate_on_start {
        sql.migrate().await?;
    } else if sql.migrations().await?.iter().any(|(_, applied)| !applied) {
        return Err(StartError::Schema);
    }
    let mut stores = Stores { marks, ..Stores::from(sql) };
    if let Some(redis) = redis {
        stores.records = redis.clone();
        stores.throttles = redis;
    }
    Ok((stores, loss))
}

/// A database that a server began.
async fn begun(config: &Config) -> Result<SqlStore, StartError> {
    let sql = there(config).await?;
    let empty = sql.migrations().await?.iter().all(|(_, applied)| !applied);
    if empty { Err(no_database(config)) } else { Ok(sql) }
}

/// A database that is there, whatever is in it: to open a SQLite file that is not would make it.
async fn there(config: &Config) -> Result<SqlStore, StartError> {
    if config.database.file().is_some_and(|file| !file.exists()) {
        return Err(no_database(config));
    }
    Ok(SqlStore::connect(&config.database).await?)
}

fn no_database(config: &Config) -> StartError {
    let file = config.database.file().map(|file| std::path::absolute(&file).unwrap_or(file).display().to_string());
    StartError::NoDatabase { place: file.unwrap_or_else(|| without_password(&config.database.url)) }
}

/// Where it is noted how far the database is: beside a SQLite file; otherwise in Redis, and where there is none in this process.
fn marks(config: &Config, issuer: &Issuer, sql: &Arc<SqlStore>, redis: Option<&Arc<RedisStore>>) -> Arc<dyn MarkStore> {
    match redis {
        Some(redis) if !config.database.is_sqlite() => Arc::new(RedisMarks::of_issuer(issuer.as_str(), redis.clone())),
        _ => sql.clone(),
    }
}

/// Refuses a database that this release cannot work on, or that is not the issuer's where one is named.
fn check_identity(said: Option<&ServerIdentity>, issuer: Option<&Issuer>) -> Result<(), StartError> {
    let Some(said) = said else { return Ok(()) };
    identity::check_generation(said)?;
    issuer.map_or(Ok(()), |issuer| identity::check_issuer(said, issuer))
}

/// Makes the database this server's. For a node that is about to serve.
pub async fn take_up(app: &App) -> Result<(), StartError> {
    let said = identity::adopt(&app.stores, &app.issuer, app.random.as_ref()).await?;
    // Another server may have started on it a moment ago.
    identity::check_issuer(&said, &app.issuer)
}

/// Which way to move the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migration {
    /// To what this version needs.
    Up,
    /// To nothing: every table goes, with what is in it.
    Down,
}

/// Moves the schema of the database, which must be there, and be this server's. On PostgreSQL it may be empty.
pub async fn migrate(config: &Config, direction: Migration) -> Result<(), StartError> {
    let issuer = Issuer::parse(&config.server.issuer)?;
    let sql = there(config).await?;
    check_identity(sql.identity_if_said().await?.as_ref(), Some(&issuer))?;
    match direction {
        Migration::Up => sql.migrate().await?,
        Migration::Down => {
            sql.unmigrate().await?;
            // What it says was deleted on purpose.
            sql.forget_mark();
        }
    }
    Ok(())
}

/// What a database says of itself.
#[derive(Debug)]
pub struct DatabaseState {
    /// The steps of the schema in order, and whether each is applied.
    pub steps: Vec<(String, bool)>,
    /// The server's clock.
    pub now: Timestamp,
    /// Why a server of this configuration would not start on it.
    pub refused: Option<StartError>,
    /// What it lacks of what was committed to it.
    pub missing: Option<Missing>,
    /// How many connections it takes from programs that are no superusers; `None` of a file.
    pub connections: Option<u32>,
}

/// Asks the database of a configuration. Changes nothing.
pub async fn database_state(config: &Config) -> Result<DatabaseState, StartError> {
    let sql = Arc::new(there(config).await?);
    // Where it is none, the check of the configuration says so.
    let issuer = Issuer::parse(&config.server.issuer).ok();
    let noted = match &issuer {
        Some(issuer) => noted(config, issuer, &sql).await,
        None => None,
    };
    let said = sql.identity_if_said().await?;
    let (steps, now, connections) = (sql.migrations().await?, sql.shows().await?, sql.connections().await?);
    Ok(DatabaseState {
        steps,
        now,
        refused: check_identity(said.as_ref(), issuer.as_ref()).err(),
        missing: Loss::of(noted.as_ref(), &said.unwrap_or_default()).map(Loss::missing),
        connections,
    })
}

/// What was noted of a database, where a server of this configuration notes it.
async fn noted(config: &Config, issuer: &Issuer, sql: &Arc<SqlStore>) -> Option<Noted> {
    let redis = match &config.redis {
        Some(redis) => Some(Arc::new(RedisStore::connect(redis).await.ok()?)),
        None => None,
    };
    mark::noted(marks(config, issuer, sql, redis.as_ref()).as_ref()).await
}

/// What a Redis that answers says of itself.
#[derive(Clone, Debug)]
pub struct RedisState {
    /// What it deletes when its memory is full (`maxmemory-policy`); `None` where it does not say.
    pub policy: Option<String>,
    /// Its time; `None` where it does not say.
    pub now: Option<Timestamp>,
}

/// Asks the Redis of a configuration.
pub async fn redis_state(config: &crate::config::redis::RedisConfig) -> StoreResult<RedisState> {
    let redis = RedisStore::connect(config).await?;
    redis.ping().await?;
    Ok(RedisState { policy: redis.eviction_policy().await, now: redis.time().await.ok() })
}

/// Begins the chores of a serving node: noticing changes of other nodes, looking after the keys, keeping the database's time, seeing that
/// it loses nothing, sealing the audit log, writing what was counted, deleting what has expired. They end when the answer is dropped.
pub fn keep_house(app: &Arc<App>) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    let node = Arc::clone(app);
    chores.spawn(every(LOOK_FOR_CHANGES, "changes of other nodes cannot be seen", async move || {
        node.clients.poll().await?;
        node.policies.poll().await
    }));
    let node = Arc::clone(app);
    chores.spawn(every(TEND_KEYS, "the signing keys cannot be looked after", async move || node.keys.tend().await));
    let watch = ClockWatch::new(Arc::clone(app));
    chores.spawn(every(LOOK_AT_CLOCK, "the database's clock cannot be seen", async move || watch.look().await));
    let node = Arc::clone(app);
    chores.spawn(sweep(TIDY, "what has expired cannot be deleted", async move || purge(&node).await));
    let node = Arc::clone(app);
    let unswept = "what has expired is deleted more slowly than more of it comes";
    chores.spawn(every(LOOK_FOR_OVERDUE, unswept, async move || match overdue(&node).await {
        Ok(None) => Ok(()),
        Ok(Some(late)) => Err(format!("some of it for {} minutes", late.as_secs() / 60)),
        Err(error) => Err(error.to_string()),
    }));
    let node = Arc::clone(app);
    let unshortened = "old entries of the audit log cannot be deleted";
    chores.spawn(sweep(SHORTEN_AUDIT_LOG, unshortened, async move || shorten_audit_log(&node).await));
    let node = Arc::clone(app);
    let unsealed = "entries of the audit log cannot be sealed";
    chores.spawn(every(SEAL_EVERY, unsealed, async move || node.audit.seal().await));
    let node = Arc::clone(app);
    let uncounted = "what was counted cannot be written";
    chores.spawn(every(WRITE_EVERY, uncounted, async move || node.counts.write().await));
    let node = Arc::clone(app);
    let untold = "webhooks cannot be told what happens";
    chores.spawn(every(LOOK_EVERY, untold, async move || node.webhooks.look().await));
    let node = Arc::clone(app);
    let unmailed = "mail cannot be sent";
    chores.spawn(every(mail::LOOK_EVERY, unmailed, async move || node.mailer.look().await));
    let node = Arc::clone(app);
    let unmarked = "whether the database has everything that was committed cannot be seen";
    chores.spawn(every(LOOK_AT_MARK, unmarked, async move || mark::look_at_mark(&node).await));
    chores
}

/// Does a chore again and again; one that was late does not catch up.
async fn every<T, E: std::fmt::Display>(span: Duration, trouble: &'static str, chore: impl AsyncFn() -> Result<T, E>) {
    let mut ticks = interval(span);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut noted = Trouble::default();
    loop {
        ticks.tick().await;
        noted.note(trouble, chore().await);
    }
}

/// Deletes what has expired, also for a node or a moment whose clock is a little behind: the id of an assertion that was used still protects
/// there. Says how many rows went.
pub async fn purge(app: &App) -> StoreResult<u64> {
    app.stores.housekeeping.purge(app.clock.now().minus(TOLERANCE)).await
}

/// For how long something that has expired waits for its deletion, where that is too long: the table grows, and with it what everything costs.
pub async fn overdue(app: &App) -> StoreResult<Option<Duration>> {
    let now = app.clock.now().minus(TOLERANCE);
    let oldest = app.stores.housekeeping.oldest_expired(now).await?;
    Ok(oldest.map(|oldest| now.since(oldest)).filter(|late| *late > MAY_BE_LATE))
}

/// Deletes what of the audit log is older, or more, than is to be kept. Says how many entries went.
pub async fn shorten_audit_log(app: &App) -> Result<u64, ChainError> {
    let config = &app.config.audit;
    app.audit.forget(app.clock.now().minus(config.keep()), config.keep_entries).await
}

/// Sweeps again and again; at once again while there was something to sweep.
async fn sweep<E: std::fmt::Display>(span: Duration, trouble: &'static str, chore: impl AsyncFn() -> Result<u64, E>) {
    let mut noted = Trouble::default();
    loop {
        let swept = chore().await;
        let more = swept.as_ref().is_ok_and(|count| *count > 0);
        noted.note(trouble, swept);
        sleep(if more { TIDY_REST } else { span }).await;
    }
}

/// Says once that a chore fails, and once that it works again: a database that is away fills no log.
#[derive(Default)]
struct Trouble(bool);

impl Trouble {
    fn note<T, E: std::fmt::Display>(&mut self, what: &'static str, outcome: Result<T, E>) {
        match outcome {
            Ok(_) if self.0 => {
                self.0 = false;
                tracing::info!("over: {what}");
            }
            Err(error) if !self.0 => {
                self.0 = true;
                tracing::warn!(%error, "{what}");
            }
            _ => {}
        }
    }
}
