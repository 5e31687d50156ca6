//! The second factors of an account: adding, renaming and removing them, and its recovery codes.

use super::codes::binding;
use super::{Accounts, RecentProof};
use crate::identity::second_factor::{RecoveryCode, TotpSecret, TypedCode, draw_recovery_codes};
use crate::model::User;
use crate::model::audit_event::AuditKind;
use crate::model::factor::{Factor, FactorKind, MAX_FACTORS};
use crate::model::policy::FactorPolicy;
use crate::model::user_edit::UserEdit;
use crate::store::{ActingAccount, Change, Conflict, Ground, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{FactorId, UserId};
use crate::support::line::{self, LineRejected};

/// The longest name of a factor, in characters.
const MAX_NAME_CHARS: usize = 60;

/// Why the factors of an account stay as they are.
#[derive(Debug)]
pub enum FactorRejected {
    /// The code is not one of the app that is to be added.
    WrongCode,
    /// The name cannot be one.
    Name(LineRejected),
    /// It has as many as it may have.
    Full {
        /// How many that is.
        max: u32,
    },
    /// Nobody adds any.
    SwitchedOff,
    /// It is the last one, and the account must have one.
    Needed,
    /// There is none of this id, or the account or the sign-in was ended meanwhile.
    Gone,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for FactorRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Taken) => Self::Full { max: MAX_FACTORS },
            StoreError::Conflict(Conflict::Stale | Conflict::Ended) => Self::Gone,
            other => Self::Store(other),
        }
    }
}

/// An app that is to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewFactor<'a> {
    /// What it shares with the server.
    pub secret: &'a TotpSecret,
    /// What its end-user calls it.
    pub name: &'a str,
    /// A code of it, which shows that it works.
    pub code: &'a str,
}

/// By what an account gets a factor in a second step. A factor is a way in, so there is a proof of the account in each: a sign-in alone adds none.
#[derive(Clone, Debug)]
pub enum Adder {
    /// A login that waits for the account's first one: it began with the proof of what the account had.
    Login,
    /// A sign-in whose account must have one, and has none.
    Enrols(RecentProof),
    /// A sign-in that adds one of its own accord.
    Adds(RecentProof),
}

impl Adder {
    /// Who acts.
    pub(crate) fn acting(&self, user: &User) -> ActingAccount {
        match self {
            Self::Login => ActingAccount { id: user.id, epochs: user.epochs(), sign_in: None, roles: None },
            Self::Enrols(proof) | Self::Adds(proof) => proof.acting(),
        }
    }

    /// What is added rests on that, and the first one on there being none: of two who add it at once, one does. Where browsers have no passkeys for the issuer
    /// (`passkeys`), one that the account has is none.
    pub(crate) fn grounds(&self, user: &User, passkeys: bool) -> Vec<Change> {
        let acts = Change::Holds(Ground::Account(self.acting(user)));
        match self {
            Self::Login | Self::Enrols(_) => vec![acts, Change::Holds(Ground::NoFactor { user: user.id, passkeys })],
            Self::Adds(_) => vec![acts],
        }
    }
}

/// An account to which a factor was added.
#[derive(Debug)]
pub struct AddedFactor {
    /// The account as it is now: with its first factor everything that was signed in without it has ended.
    pub user: User,
    /// The recovery codes, which are shown this once: with the first factor there are some.
    pub codes: Vec<RecoveryCode>,
}

impl Accounts {
    /// A secret for an app that is to be added.
    pub fn draw_totp_secret(&self) -> TotpSecret {
        TotpSecret::draw(&*self.random)
    }

    /// Adds an app that showed a right code. With the first one the account gets its recovery codes, and everything ends that was signed in without.
    pub async fn add_factor(
        &self,
        (user, by): (&User, &Adder),
        new: NewFactor<'_>,
    ) -> Result<AddedFactor, FactorRejected> {
        if self.factor_policy(user).await? == FactorPolicy::Off {
            return Err(FactorRejected::SwitchedOff);
        }
        let now = self.clock.now();
        let name = checked_name(new.name)?;
        let Some(TypedCode::OfAnApp(code)) = TypedCode::read(new.code) else { return Err(FactorRejected::WrongCode) };
        let last_step = new.secret.step_of(&code, now, i64::MIN).ok_or(FactorRejected::WrongCode)?;
        let id = FactorId::new(now, &*self.random);
        let sealed = self.sealer.seal(&*self.random, &binding(id, user.id), new.secret.bytes());
        let kind = FactorKind::Totp;
        let factor =
            Factor { id, user: user.id, kind, name, sealed, last_step, created_at: now, last_used_at: Some(now) };
        let event = self.own_event(AuditKind::FactorAdded, user.id).saying(kind.as_str());
        let mut changes = by.grounds(user, self.policies.bounds().passkeys);
        let is_first = !self.factors(user.id).await?.any();
        let codes = if is_first { draw_recovery_codes(&*self.random) } else { Vec::new() };
        if is_first {
            let end = UserEdit::end_of_everything(user.id, now);
            changes.push(Change::EditUser(UserEdit { decided_in: Some(by.acting(user).epochs), ..end }));
            changes.push(put(user.id, &codes, now));
        }
        changes.extend([Change::InsertFactor(factor), Change::Audit(event)]);
        self.stores.work.commit(changes).await?;
        let user = if is_first { user.clone().with_everything_ended(now) } else { user.clone() };
        Ok(AddedFactor { user, codes })
    }

    /// Gives a factor of the account that proved itself another name.
    pub async fn rename_factor(&self, proof: &RecentProof, id: FactorId, name: &str) -> Result<(), FactorRejected> {
        let renamed = Change::RenameFactor(proof.account(), id, checked_name(name)?);
        let event = self.own_event(AuditKind::FactorRenamed, proof.account());
        Ok(self.stores.work.commit(vec![Change::Holds(proof.ground()), renamed, Change::Audit(event)]).await?)
    }

    /// Removes a factor of the account that proved itself: by it, another one or a recovery code, as who has any proves itself by no less. The last one
    /// stays where the account must have one, and has no passkey.
    pub async fn remove_factor(&self, proof: &RecentProof, id: FactorId) -> Result<(), FactorRejected> {
        let user = self.find(proof.account()).await?.ok_or(FactorRejected::Gone)?;
        let factors = self.factors(user.id).await?;
        let is_last = factors.all.len() == 1 && !(factors.passkey && self.policies.sign_in().await?.passkeys);
        if is_last && self.must_have_one(&user).await? {
            return Err(FactorRejected::Needed);
        }
        let event = self.own_event(AuditKind::FactorRemoved, user.id).saying(FactorKind::Totp.as_str());
        let removed = Change::DeleteFactor(user.id, id);
        Ok(self.stores.work.commit(vec![Change::Holds(proof.ground()), removed, Change::Audit(event)]).await?)
    }

    /// Whether a policy asks for a second factor of this account.
    pub async fn must_have_one(&self, user: &User) -> StoreResult<bool> {
        Ok(self.factor_policy(user).await? == FactorPolicy::Required)
    }

    /// What holds of second factors for an account: the strictest of what holds for everybody, for who administers, and by the roles that it has in apps.
    pub async fn factor_policy(&self, user: &User) -> StoreResult<FactorPolicy> {
        if self.affiliations.require_second_factor(user).await? {
            return Ok(FactorPolicy::Required);
        }
        let rules = self.policies.sign_in().await?;
        Ok(if user.has_roles() { rules.administrators_second_factor } else { rules.second_factor })
    }

    /// Replaces the recovery codes of the account that proved itself. They are shown this once.
    pub async fn renew_recovery_codes(&self, proof: &RecentProof) -> Result<Vec<RecoveryCode>, FactorRejected> {
        if !self.factors(proof.account()).await?.any() {
            return Err(FactorRejected::Gone);
        }
        let codes = draw_recovery_codes(&*self.random);
        let event = self.own_event(AuditKind::RecoveryCodesRenewed, proof.account());
        let replaced = put(proof.account(), &codes, self.clock.now());
        let changes = vec![Change::Holds(proof.ground()), replaced, Change::Audit(event)];
        self.stores.work.commit(changes).await?;
        Ok(codes)
    }
}

/// What puts a set of recovery codes in the place of the one before.
fn put(user: UserId, codes: &[RecoveryCode], now: Timestamp) -> Change {
    Change::PutRecoveryCodes(user, codes.iter().map(|code| code.digest(user)).collect(), now)
}

fn checked_name(name: &str) -> Result<String, FactorRejected> {
    line::parse(name, MAX_NAME_CHARS).map_err(FactorRejected::Name)
}
