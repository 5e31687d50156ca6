//! Making an account oneself.

use std::time::Duration;

use super::draft::CheckedAccount;
use super::{AccountRejected, Accounts, Asked, NewAccount, NotTaken, Origin};
use crate::identity::password::{Asker, HashingFailed};
use crate::identity::throttling::Throttled;
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::policy::Verification;
use crate::model::user::{EmailAddress, PasswordCredential};
use crate::policy::SignInRules;
use crate::store::{Change, Conflict, Ground, StoreError};
use crate::support::Secret;

/// How often an account is admitted anew, where something else was decided in the same moment.
const RETRIES: u32 = 3;

/// Why no account was made.
#[derive(Debug)]
pub enum SignUpRejected {
    /// The operator makes the accounts here.
    SwitchedOff,
    /// Accounts are made with addresses of other domains only.
    OtherDomain,
    /// Fields break rules: each that does, once.
    Fields(Vec<AccountRejected>),
    /// An account signs in with this address already.
    EmailTaken,
    /// Too many new accounts from one address.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// Too many logins at once.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The store did not answer.
    Store(StoreError),
}

impl From<Vec<AccountRejected>> for SignUpRejected {
    fn from(rejected: Vec<AccountRejected>) -> Self {
        Self::Fields(rejected)
    }
}

impl From<Throttled> for SignUpRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl From<HashingFailed> for SignUpRejected {
    fn from(failed: HashingFailed) -> Self {
        match failed {
            HashingFailed::Busy { retry_after } => Self::Busy { retry_after },
            HashingFailed::Unreadable => Self::Store(StoreError::Corrupt("argon2 refused its parameters".to_owned())),
        }
    }
}

impl From<NotTaken> for SignUpRejected {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Rejected(why) => Self::Fields(vec![AccountRejected::Password(why)]),
            NotTaken::Hashing(failed) => failed.into(),
        }
    }
}

impl From<StoreError> for SignUpRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Taken) => Self::EmailTaken,
            other => Self::Store(other),
        }
    }
}

/// Somebody who may have an account that is signed in to by a password.
pub(super) struct Admitted {
    pub(super) rules: SignInRules,
    pub(super) email: EmailAddress,
    pub(super) name: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) phc: Secret<String>,
}

impl Accounts {
    /// Makes an account at once. Whether the address is free shows only at the end, after the same work, and each try counts. Where addresses are proved first, nobody is
    /// told at all: [`sign_up_by_mail`](Self::sign_up_by_mail).
    pub async fn sign_up(&self, new: NewAccount, from: &Origin) -> Result<User, SignUpRejected> {
        let Admitted { rules, email, name, locale, phc } = self.admitted(new, from).await?;
        let now = self.clock.now();
        let user = self.new_user(email, name, locale).await?;
        let event = AuditEvent::new(AuditKind::UserCreated, Actor::User(user.id), now, &*self.random).to_user(user.id);
        let credential = PasswordCredential { user: user.id, phc, changed_at: now };
        let mut changes = vec![Change::InsertUser(user.clone()), Change::PutPassword(credential), Change::Audit(event)];
        changes.extend(self.verification_at_sign_up(&rules, &user));
        self.commit_sign_up((&rules, SignInRules::signs_up_by_password), &user.email, changes).await?;
        self.throttle.now_known(user.id, from).await;
        Ok(user)
    }

    /// Holds a new account to the rules, counts the try, and hashes the password: whoever has the address.
    pub(super) async fn admitted(&self, new: NewAccount, from: &Origin) -> Result<Admitted, SignUpRejected> {
        let rules = self.rules().await?;
        if !rules.sign_in.signs_up_by_password() {
            return Err(SignUpRejected::SwitchedOff);
        }
        let CheckedAccount { email, name, password, locale } = new.check(&rules)?;
        admit(&rules.sign_in, &email)?;
        // Where nothing can be hashed now, it is no try.
        let asker = Asker::new(email.as_str(), from.address);
        drop(self.hasher.reserve(&asker)?);
        self.throttle.admit_sign_up(from.address).await?;
        let phc = self.take_password(password, &asker).await?;
        Ok(Admitted { rules: rules.sign_in, email, name, locale, phc })
    }

    /// The mail that asks whose address it is, where that is ever asked.
    pub(in crate::identity) fn verification_at_sign_up(&self, rules: &SignInRules, user: &User) -> Vec<Change> {
        if rules.verification == Verification::NotAsked {
            Vec::new()
        } else {
            self.verification_of(user, Asked::default())
        }
    }

    /// Commits what becomes of a sign-up by the rules that it was admitted by, through a door that must be open. Where something else was decided meanwhile, that is asked
    /// instead.
    pub(in crate::identity) async fn commit_sign_up(
        &self,
        (rules, is_open): (&SignInRules, fn(&SignInRules) -> bool),
        email: &EmailAddress,
        changes: Vec<Change>,
    ) -> Result<(), SignUpRejected> {
        let mut version = rules.version;
        for _ in 0..RETRIES {
            let decided_by = Change::Holds(Ground::Policy(version));
            match self.stores.work.commit([vec![decided_by], changes.clone()].concat()).await {
                Err(StoreError::Conflict(Conflict::Stale)) => {
                    let rules = self.policies.read().await?.sign_in.clone();
                    if !is_open(&rules) {
                        return Err(SignUpRejected::SwitchedOff);
                    }
                    admit(&rules, email)?;
                    version = rules.version;
                }
                done => return Ok(done?),
            }
        }
        Err(StoreError::Unavailable("the policy changes all the time".to_owned()).into())
    }
}

/// Refuses an address that nobody may make an account with.
pub(in crate::identity) fn admit(rules: &SignInRules, email: &EmailAddress) -> Result<(), SignUpRejected> {
    if rules.sign_up.admits(email) { Ok(()) } else { Err(SignUpRejected::OtherDomain) }
}
