//! The identity and admin layers on stores of the test's own, with passwords that cost next to nothing.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use haechi::admin::Administration;
use haechi::config::Config;
use haechi::identity::accounts::{NewAccount, Origin, SignInRejected};
use haechi::identity::{Accounts, PasswordHasher, Throttle};
use haechi::keys::{KeyEncryptionKey, Sealer};
use haechi::model::audit_event::AuditEvent;
use haechi::model::client::ClientId;
use haechi::model::epoch::GrantEpochs;
use haechi::model::user::User;
use haechi::store::Stores;
use haechi::support::id::{GrantId, UserId};
use haechi::support::{Digest, ManualClock, Random, Secret, SeededRandom, Timestamp};

use super::folder::Folder;

/// A password that the rules allow.
pub const PASSWORD: &str = "a tandem for two herons";

/// Two houses must not make the same secrets.
static NEXT_SEED: AtomicU64 = AtomicU64::new(1);

/// The layers below `flow` and `http`, as production puts them together.
pub struct House {
    pub config: Config,
    pub clock: Arc<ManualClock>,
    pub random: Arc<dyn Random>,
    pub stores: Stores,
    pub accounts: Accounts,
    pub admin: Administration,
    folder: Option<Folder>,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A house with a changed configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.accounts.argon2_memory_kib = 64;
        config.accounts.argon2_passes = 1;
        config.accounts.hashing_queue = 1000;
        change(&mut config);
        let (stores, folder) = super::app::stores(&mut config).await;
        Self::on(stores, config, folder)
    }

    fn on(stores: Stores, config: Config, folder: Option<Folder>) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(1_800_000_000)));
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(NEXT_SEED.fetch_add(1, Ordering::Relaxed)));
        let throttle = Throttle::new(stores.throttles.clone(), clock.clone(), config.throttling.clone());
        let hasher = PasswordHasher::start(&config.accounts, random.clone()).unwrap();
        let accounts =
            Accounts::new(stores.clone(), hasher, Arc::new(throttle), clock.clone(), random.clone(), &config);
        let sealer = Arc::new(Sealer::new(&KeyEncryptionKey::from_bytes([7; 32]), "upstream"));
        let admin = Administration::new(accounts.clone(), &config, sealer);
        Self { config, clock, random, stores, accounts, admin, folder }
    }

    /// The same server after a restart with a changed configuration.
    pub fn restarted(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { mut config, stores, folder, .. } = self;
        change(&mut config);
        Self::on(stores, config, folder)
    }

    /// Makes an account with [`PASSWORD`].
    pub async fn sign_up(&self, email: &str) -> User {
        // From an address of its own, so that many accounts of one test do not throttle each other.
        let bytes: [u8; 4] = haechi::support::random::bytes(&*self.random);
        self.accounts.sign_up(new_account(email, PASSWORD), &from(IpAddr::from(bytes))).await.unwrap()
    }

    pub async fn sign_in(&self, email: &str, password: &str, origin: &Origin) -> Result<User, SignInRejected> {
        self.accounts.sign_in(email, &Secret::from(password), origin).await
    }

    /// The epochs that a grant is made in now.
    async fn epochs(&self, user: UserId, client: &ClientId) -> GrantEpochs {
        let user = self.stores.users.find(user).await.unwrap().unwrap().epoch;
        let client = self.stores.clients.find(client).await.unwrap().unwrap().epoch;
        GrantEpochs { user, client, connection: None }
    }

    /// Stores a grant, as if the person had let the client in.
    pub async fn grant(&self, user: UserId, client: &ClientId) -> GrantId {
        use haechi::support::Clock as _;
        let mut grant = super::builders::grant(user, client.as_str(), "openid", self.clock.now(), &*self.random);
        grant.epochs = self.epochs(user, client).await;
        let id = grant.id;
        self.stores.grants.insert(grant).await.unwrap();
        id
    }

    /// Whether a grant still counts.
    pub async fn is_live(&self, grant: GrantId) -> bool {
        let Some(backed) = self.stores.grants.find_backed(grant).await.unwrap() else { return false };
        let client = self.stores.clients.find(&backed.grant.client).await.unwrap();
        let of_client = client.is_some_and(|client| client.epoch == backed.grant.epochs.client);
        backed.grant.revoked_at.is_none() && of_client && backed.user.honours(backed.grant.epochs.user)
    }

    /// Lets a moment pass: what is noted in one and the same moment has no order.
    pub fn tick(&self) {
        self.clock.advance(Duration::from_millis(1));
    }

    /// The audit log, the newest entry first.
    pub async fn audit(&self) -> Vec<AuditEvent> {
        self.stores.audit.list(None, 200).await.unwrap().items
    }
}

/// Somebody at an address, in a browser without a cookie.
pub fn from(address: impl Into<IpAddr>) -> Origin {
    Origin { address: address.into(), browser: None }
}

/// Somebody at an address, in a browser with a cookie.
pub fn browser(address: impl Into<IpAddr>, name: &str) -> Origin {
    Origin { browser: Some(Digest::of("browser", name.as_bytes())), ..from(address) }
}

/// What a person types to sign up.
pub fn new_account(email: &str, password: &str) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        name: Some("Test Person".to_owned()),
        password: Secret::from(password),
        locale: Some("ko".to_owned()),
    }
}
