//! The composition root: puts the house together, once, for production and for tests.

use std::sync::Arc;

use crate::admin::Administration;
use crate::audit_chain::AuditChain;
use crate::client_auth::{self, Authenticator};
use crate::clients::ClientCache;
use crate::config::Config;
use crate::counts::Counts;
use crate::flow::{self, Flow};
use crate::identity::passkeys::MetadataError;
use crate::identity::password::breached::BreachedError;
use crate::identity::{Accounts, Passkeys, PasswordHasher, Throttle};
use crate::keys::{Absent, KeyEncryptionKey, KeyError, KeyRing, KeyTimes, MacKey, Sealer};
use crate::mail::{self, MailError, Mailer};
use crate::outgoing::{Lookup, Outgoing, OutgoingError};
use crate::policy::Policies;
use crate::protocol::issuer::{Issuer, IssuerRejected};
use crate::refusals::{self, Refusals};
use crate::sealed::SealedRecords;
use crate::store::{StoreError, StoreResult, Stores};
use crate::support::{Clock, Random, SharedClock};
use crate::tokens::{SeenLogins, Settling, TokenService};
use crate::upstream::{self, Upstream};
use crate::webhooks::{self, Webhooks};

mod clock;
mod identity;
mod mark;
mod people;
mod start;

pub use clock::look_at_clock;
pub use identity::GENERATION;
pub use mark::{Missing, look_at_mark};
use people::{accounts, passkeys};
pub use start::{
    DatabaseState, Migration, RedisState, begin, build, build_for_any_issuer, database_state, keep_house, migrate,
    overdue, purge, redis_state, shorten_audit_log, take_up,
};

/// Why Haechi did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The issuer cannot be one.
    #[error("server.issuer {0}")]
    Issuer(#[from] IssuerRejected),
    /// The key-encryption key or the signing keys.
    #[error("keys: {0}")]
    Keys(#[from] KeyError),
    /// There is no database, and only a server that starts makes one.
    #[error(
        "there is no database of Haechi at {place}. Only `haechi serve` makes one: start it there first, or let --config or database.url say \
         where the server's is"
    )]
    NoDatabase {
        /// Where it was looked for.
        place: String,
    },
    /// The schema is older than this program, which was told to leave it alone.
    #[error(
        "the schema of the database is not up to date, and database.migrate_on_start is false: run `haechi migrate up` first"
    )]
    Schema,
    /// The database is another server's.
    #[error(
        "the database belongs to the server {database}, and server.issuer is {configured}: correct server.issuer or database.url. To move \
         the server to {configured} for good, with what that ends, run `haechi issuer change {configured}`"
    )]
    OtherIssuer {
        /// The issuer that the database says.
        database: String,
        /// The issuer of the configuration.
        configured: String,
    },
    /// A release that is too new for this one worked on the database.
    #[error(
        "Haechi {newer} worked on the database, which this release ({ours}) is too old for: only neighbouring releases work on the same \
         one (docs/upgrading.md). Start that release or the one before it, or bring back a backup from before it"
    )]
    NewerDatabase {
        /// The newer release.
        newer: String,
        /// This one.
        ours: &'static str,
    },
    /// The database, or Redis, refused or did not answer.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The client for calls to the outside.
    #[error("{0}")]
    Outgoing(#[from] OutgoingError),
    /// How mail is to be sent.
    #[error("mail: {0}")]
    Mail(#[from] MailError),
    /// The passwords that were stolen elsewhere.
    #[error("{0}")]
    Breached(#[from] BreachedError),
    /// Which authenticators may make passkeys.
    #[error("passkeys.metadata_file: {0}")]
    Metadata(#[from] MetadataError),
    /// The threads that hash passwords.
    #[error("the password threads did not start: {0}")]
    Hasher(std::io::Error),
}

/// Everything a handler, a subcommand or a background task works with.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct App {
    pub config: Arc<Config>,
    pub issuer: Issuer,
    /// The time that all nodes share.
    pub clock: Arc<dyn Clock>,
    /// How that time comes about.
    pub shared_clock: Arc<SharedClock>,
    pub random: Arc<dyn Random>,
    pub stores: Stores,
    pub keys: Arc<KeyRing>,
    /// The authorize side, and who is signed in to which browser.
    pub flow: Flow,
    /// Logins through upstream providers.
    pub upstream: Upstream,
    /// Makes the anti-CSRF value of every form of a page.
    pub csrf: MacKey,
    /// Makes the cookie that goes with a session in the console.
    pub console: MacKey,
    /// Proves that who asks how a request arrived holds the key-encryption key.
    pub probe: MacKey,
    pub clients: Arc<ClientCache>,
    /// What administrators decided for the whole server.
    pub policies: Arc<Policies>,
    pub outgoing: Arc<Outgoing>,
    pub authenticator: Authenticator,
    pub tokens: TokenService,
    /// How often what happens.
    pub counts: Arc<Counts>,
    /// What operators hear of refused requests.
    pub refusals: Refusals,
    pub throttle: Arc<Throttle>,
    pub hasher: Arc<PasswordHasher>,
    pub accounts: Accounts,
    pub passkeys: Passkeys,
    /// Shows whether an entry of the audit log was changed.
    pub audit: Arc<AuditChain>,
    pub admin: Administration,
    /// Tells other programs what happens.
    pub webhooks: Arc<Webhooks>,
    /// Tells people what happens, and how to get back in.
    pub mailer: Arc<Mailer>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}

/// Whether a house may begin: make what there is not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// For a server that starts: a database, and on one in which nothing is sealed yet a key-encryption key.
    Allowed,
    /// For everything else: whoever is in another folder than the server is told so, instead of getting a server of their own.
    Refused,
}

/// What the house takes from the machine that it runs on; tests bring their own.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct World {
    pub beginning: Beginning,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub lookup: Arc<dyn Lookup>,
}

/// Puts the house together on stores that are ready.
pub async fn assemble(
    config: Arc<Config>,
    stores: Stores,
    World { beginning, clock: machine, random, lookup }: World,
) -> Result<Arc<App>, StartError> {
    // Before anything is done by it: keys are made, and their times noted, in a moment.
    let shared_clock = shared_clock(machine, &stores).await?;
    let clock: Arc<dyn Clock> = shared_clock.clone();
    let issuer = Issuer::parse(&config.server.issuer)?;
    let kek = KeyEncryptionKey::load(&config.keys, absent(beginning, &stores).await?, random.as_ref())?;
    let keys = key_ring(&config, &stores, &kek, (&clock, &random)).await?;
    let counts = Arc::new(Counts::new(stores.counts.clone(), clock.clone()));
    let policies = Arc::new(Policies::new(stores.policy.clone(), &config, clock.clone()));
    let mailer = mailer(&config, &stores, (&kek, &issuer, &policies), (&clock, &random))?;
    let outgoing = Arc::new(Outgoing::with_lookup(&config.network, &lookup)?);
    let accounts = accounts((&config, &outgoing), &stores, (&counts, &policies, &kek, &mailer), (&clock, &random))?;
    let upstream_sealer = Arc::new(Sealer::new(&kek, "upstream"));
    let audit = Arc::new(AuditChain::new(stores.audit.clone(), MacKey::new(&kek, "audit")));
    let admin = administration((&accounts, &keys, &audit), &config, &issuer, &upstream_sealer);
    let clients = Arc::new(client_cache(&stores, &clock));
    let tokens = TokenService {
        stores: stores.clone(),
        clients: clients.clone(),
        affiliations: accounts.affiliations.clone(),
        keys: keys.clone(),
        refresh_mac: MacKey::new(&kek, "refresh"),
        issuer: issuer.as_str().into(),
        settings: config.tokens.clone(),
        counts: counts.clone(),
        settling: Settling::start(stores.grants.clone()),
        seen_logins: SeenLogins::start(stores.clients.clone()),
        clock: clock.clone(),
        random: random.clone(),
    };
    let records = SealedRecords::new(stores.records.clone(), Arc::new(Sealer::new(&kek, "records")), random.clone());
    let passkeys = passkeys(&accounts, (&config, &issuer), &kek)?;
    let parts = flow_parts((&accounts, &policies, &passkeys), (&tokens, &issuer), records);
    Ok(Arc::new(App {
        passkeys,
        authenticator: authenticator((&clients, &stores, &outgoing), tokens.issuer.clone(), &clock, &config),
        refusals: refusals(&stores, (&clients, &counts), (&clock, &random)),
        webhooks: webhooks((&stores, &outgoing, &upstream_sealer), (&clock, &random)),
        mailer,
        upstream: upstream(&parts, upstream_sealer.clone(), &outgoing, &config),
        flow: Flow::new(parts, &config),
        outgoing,
        tokens,
        counts,
        clients,
        policies,
        issuer,
        keys,
        csrf: MacKey::new(&kek, "csrf"),
        console: MacKey::new(&kek, "console"),
        probe: MacKey::new(&kek, "probe"),
        config,
        clock,
        shared_clock,
        random,
        stores,
        throttle: accounts.throttle.clone(),
        hasher: accounts.hasher.clone(),
        admin,
        audit,
        accounts,
    }))
}

/// What logins are made of.
fn flow_parts(
    (accounts, policies, passkeys): (&Accounts, &Arc<Policies>, &Passkeys),
    (tokens, issuer): (&TokenService, &Issuer),
    records: SealedRecords,
) -> flow::Parts {
    flow::Parts {
        stores: tokens.stores.clone(),
        policies: policies.clone(),
        affiliations: accounts.affiliations.clone(),
        clients: tokens.clients.clone(),
        keys: tokens.keys.clone(),
        throttle: accounts.throttle.clone(),
        records,
        counts: tokens.counts.clone(),
        hardware: passkeys.hardware().clone(),
        issuer: issuer.clone(),
        clock: tokens.clock.clone(),
        random: tokens.random.clone(),
    }
}

/// The outbox, and the way to the mail server.
fn mailer(
    config: &Config,
    stores: &Stores,
    (kek, issuer, policies): (&KeyEncryptionKey, &Issuer, &Arc<Policies>),
    (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
) -> Result<Arc<Mailer>, MailError> {
    let parts = mail::Parts {
        store: stores.mails.clone(),
        log: stores.audit.clone(),
        users: stores.users.clone(),
        policies: policies.clone(),
        sealer: Arc::new(Sealer::new(kek, "mail")),
        issuer: issuer.clone(),
        clock: clock.clone(),
        random: random.clone(),
    };
    Ok(Arc::new(Mailer::new(parts, config)?))
}

/// What is remembered of clients, and of what they ask tokens for.
fn client_cache(stores: &Stores, clock: &Arc<dyn Clock>) -> ClientCache {
    let (clients, apis) = (stores.clients.clone(), stores.apis.clone());
    ClientCache::new((clients, apis), stores.revision.clone(), clock.clone())
}

/// Who calls: clients by their credentials.
fn authenticator(
    (clients, stores, outgoing): (&Arc<ClientCache>, &Stores, &Arc<Outgoing>),
    issuer: Arc<str>,
    clock: &Arc<dyn Clock>,
    config: &Config,
) -> Authenticator {
    Authenticator::new(client_auth::Parts {
        clients: clients.clone(),
        replays: stores.replays.clone(),
        outgoing: outgoing.clone(),
        issuer,
        clock: clock.clone(),
        failures_per_minute: config.throttling.client_failures_per_address,
    })
}

/// What administrators do.
fn administration(
    (accounts, keys, audit): (&Accounts, &Arc<KeyRing>, &Arc<AuditChain>),
    config: &Config,
    issuer: &Issuer,
    sealer: &Arc<Sealer>,
) -> Administration {
    Administration::new((accounts.clone(), keys.clone(), audit.clone()), config, issuer.clone(), sealer.clone())
}

/// What is told to other programs.
fn webhooks(
    (stores, outgoing, sealer): (&Stores, &Arc<Outgoing>, &Arc<Sealer>),
    (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
) -> Arc<Webhooks> {
    Arc::new(Webhooks::new(webhooks::Parts {
        store: stores.webhooks.clone(),
        log: stores.audit.clone(),
        work: stores.work.clone(),
        outgoing: outgoing.clone(),
        sealer: sealer.clone(),
        clock: clock.clone(),
        random: random.clone(),
    }))
}

/// The log of what is refused.
fn refusals(
    stores: &Stores,
    (clients, counts): (&Arc<ClientCache>, &Arc<Counts>),
    (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
) -> Refusals {
    Refusals::new(refusals::Parts {
        store: stores.refusals.clone(),
        clients: clients.clone(),
        counts: counts.clone(),
        clock: clock.clone(),
        random: random.clone(),
    })
}

/// What to do where there is no key-encryption key: signing keys are the first thing that is ever sealed.
async fn absent(beginning: Beginning, stores: &Stores) -> StoreResult<Absent> {
    let begins = beginning == Beginning::Allowed && stores.signing_keys.load().await?.1.is_empty();
    Ok(if begins { Absent::Make } else { Absent::Refuse })
}

/// The machine's clock, which goes by the database's from the start.
async fn shared_clock(machine: Arc<dyn Clock>, stores: &Stores) -> StoreResult<Arc<SharedClock>> {
    let shared_clock = Arc::new(SharedClock::new(machine));
    look_at_clock(&shared_clock, stores.clock.as_ref()).await?;
    Ok(shared_clock)
}

/// The signing keys, which are known for as long as the sessions of this configuration may last.
async fn key_ring(
    config: &Config,
    stores: &Stores,
    kek: &KeyEncryptionKey,
    (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
) -> Result<Arc<KeyRing>, KeyError> {
    let times = KeyTimes { config: &config.keys, longest_session: config.sessions.absolute() };
    KeyRing::open(stores.signing_keys.clone(), kek, times, clock.clone(), random.clone()).await
}

/// Logins through upstream providers, on what the flow rests on.
fn upstream(parts: &flow::Parts, sealer: Arc<Sealer>, outgoing: &Arc<Outgoing>, config: &Config) -> Upstream {
    let parts = upstream::Parts {
        stores: parts.stores.clone(),
        policies: parts.policies.clone(),
        records: parts.records.clone(),
        sealer,
        outgoing: outgoing.clone(),
        issuer: parts.issuer.clone(),
        clock: parts.clock.clone(),
        random: parts.random.clone(),
    };
    Upstream::new(parts, config)
}
