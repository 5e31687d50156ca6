//! Accounts without pages: what tests of the layers below HTTP do with a [`TestApp`].

use std::net::IpAddr;
use std::time::Duration;

use haechi::identity::accounts::{NewAccount, Origin, RecentProof, SignInRejected};
use haechi::model::audit_event::AuditEvent;
use haechi::model::client::ClientId;
use haechi::model::epoch::{AccountEpochs, GrantEpochs};
use haechi::model::policy::SignInPolicy;
use haechi::model::session::SignIn;
use haechi::model::user::User;
use haechi::support::id::{GrantId, SignInId, UserId};
use haechi::support::{Digest, Secret};

use super::app::TestApp;
use super::builders;

pub use super::app::PASSWORD;

impl TestApp {
    /// Decides how people sign in, whatever administrators could decide; this node knows it at once.
    pub async fn decide_sign_in(&self, change: impl FnOnce(&mut SignInPolicy)) {
        let mut policy = self.stores.policy.policy().await.unwrap();
        change(&mut policy.sign_in);
        self.commit(vec![haechi::store::Change::PutPolicy(Box::new(policy))]).await;
        self.policies.read().await.unwrap();
    }

    /// Makes an account with [`PASSWORD`], as its user does.
    pub async fn sign_up(&self, email: &str) -> User {
        // From an address of its own, so that many accounts of one test do not throttle each other.
        let bytes: [u8; 4] = haechi::support::random::bytes(&*self.random);
        self.accounts.sign_up(new_account(email, PASSWORD), &from(IpAddr::from(bytes))).await.unwrap()
    }

    /// Proves a password, as the login page does, without a session.
    pub async fn log_in(&self, email: &str, password: &str, origin: &Origin) -> Result<User, SignInRejected> {
        self.accounts.sign_in(email, &Secret::from(password), origin).await
    }

    /// The proof that a fresh sign-in of an account is, in the epoch that the account is in here.
    pub fn proof_of(&self, user: &User) -> RecentProof {
        let now = self.app.clock.now();
        let sign_in = SignIn {
            proved_at: Some(now),
            ..SignIn::new(SignInId::new(now, &*self.random), user.id, user.epochs(), now)
        };
        self.accounts.recent_proof(&sign_in).unwrap()
    }

    /// The epochs that a grant is made in now.
    pub async fn epochs(&self, user: UserId, client: &ClientId) -> GrantEpochs {
        let AccountEpochs { account: user, server } = self.stores.users.find(user).await.unwrap().unwrap().epochs();
        let client = self.stores.clients.find(client).await.unwrap().unwrap().epoch;
        GrantEpochs { user, server, client, ..GrantEpochs::default() }
    }

    /// Stores a grant, as if the user had let the client in.
    pub async fn grant(&self, user: UserId, client: &ClientId) -> GrantId {
        let mut grant = builders::grant(user, client.as_str(), "openid", self.app.clock.now(), &*self.random);
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
        let of_server = backed.user.server_epoch == backed.grant.epochs.server;
        let of_account = backed.user.honours(backed.grant.epochs.user);
        backed.grant.revoked_at.is_none() && of_client && of_server && of_account
    }

    /// Lets a moment pass: what is noted in one and the same moment has no order.
    pub fn tick(&self) {
        self.clock.advance(Duration::from_millis(1));
    }

    /// The audit log, the newest entry first.
    pub async fn audit_log(&self) -> Vec<AuditEvent> {
        self.stores.audit.list(None, 200).await.unwrap().items
    }
}

/// A browser at an address, without a cookie.
pub fn from(address: impl Into<IpAddr>) -> Origin {
    Origin { address: address.into(), browser: None, worked: false }
}

/// A browser at an address, with a cookie.
pub fn browser(address: impl Into<IpAddr>, name: &str) -> Origin {
    Origin { browser: Some(Digest::of("browser", name.as_bytes())), ..from(address) }
}

/// What an end-user types to sign up.
pub fn new_account(email: &str, password: &str) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        name: Some("Test Person".to_owned()),
        password: Secret::from(password),
        locale: Some("ko".to_owned()),
    }
}
