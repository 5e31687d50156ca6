//! Making an account by its first passkey.
//!
//! The account is made with its passkey or not at all. Its id is drawn with the question, as the passkey names it, and comes back in the ticket: whoever answers does not choose it.

use serde::{Deserialize, Serialize};
use webauthn_rs_core::proto::RegistrationState;

use super::ceremony::Purpose;
use super::{Asked, Ceremony, PasskeyRejected, Passkeys};
use crate::identity::accounts::{NewPerson, Origin, SignUpRejected, admit};
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::policy::SignInRules;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::UserId;

/// What the authenticator is asked to call an account whose address is not known yet: the page says the address instead.
const NOBODY: &str = "-";

/// What a ticket to a new account holds.
#[derive(Serialize, Deserialize)]
struct Newcomer {
    account: UserId,
    registration: RegistrationState,
}

/// Why no account was made.
#[derive(Debug)]
pub enum NotSignedUp {
    /// What is wrong with the account, as where it is made by password.
    Account(SignUpRejected),
    /// What is wrong with the passkey.
    Passkey(PasskeyRejected),
}

impl From<SignUpRejected> for NotSignedUp {
    fn from(rejected: SignUpRejected) -> Self {
        match rejected {
            SignUpRejected::Store(error @ StoreError::Conflict(Conflict::TokenSpent)) => Self::Passkey(error.into()),
            other => Self::Account(other),
        }
    }
}

impl From<PasskeyRejected> for NotSignedUp {
    fn from(rejected: PasskeyRejected) -> Self {
        Self::Passkey(rejected)
    }
}

impl From<StoreError> for NotSignedUp {
    fn from(error: StoreError) -> Self {
        SignUpRejected::from(error).into()
    }
}

impl Passkeys {
    /// Asks a browser to make a passkey for an account that is not there yet. `None` where nobody makes an account so.
    pub async fn ask_to_sign_up(&self, browser: Digest) -> StoreResult<Option<Ceremony>> {
        let accounts = &self.accounts;
        let Some(party) = self.party().await? else { return Ok(None) };
        if accounts.policies.sign_in().await?.sign_up.is_closed() {
            return Ok(None);
        }
        let account = UserId::new(accounts.clock.now(), &*accounts.random);
        let (options, registration) = self.creation(party, (account, NOBODY, NOBODY), Vec::new())?;
        let asked = Asked { browser, account: None };
        let ticket = self.seal(Purpose::SignUp, asked, Newcomer { account, registration });
        Ok(ticket.map(|ticket| Ceremony { options, ticket }))
    }

    /// Makes an account that is signed in to by the passkey which a browser made for it. Whether the address is free shows only at the end, and each try counts,
    /// as where an account is made by password.
    pub async fn sign_up(
        &self,
        new: NewPerson<'_>,
        (from, browser): (&Origin, Digest),
        (ticket, answer): (&str, &str),
    ) -> Result<User, NotSignedUp> {
        let accounts = &self.accounts;
        let rules = accounts.policies.sign_in().await?;
        if rules.sign_up.is_closed() {
            return Err(SignUpRejected::SwitchedOff.into());
        }
        let party = self.asking_party().await?;
        let person = new.check().map_err(SignUpRejected::from)?;
        admit(&rules, &person.email)?;
        let opened = self.open::<Newcomer>(Purpose::SignUp, Asked { browser, account: None }, ticket)?;
        accounts.throttle.admit_sign_up(from.address).await.map_err(SignUpRejected::from)?;
        let account = opened.state.account;
        let passkey = self.made((party, &opened.state.registration), account, None, answer)?;
        if accounts.stores.passkeys.find(&passkey.credential_id).await?.is_some() {
            return Err(PasskeyRejected::Taken.into());
        }
        let user = accounts.new_user(person.email, person.name, person.locale).await?;
        let user = User { id: account, ..user };
        let now = passkey.created_at;
        let event = AuditEvent::new(AuditKind::UserCreated, Actor::User(account), now, &*accounts.random);
        let changes = vec![
            opened.used(now),
            Change::InsertUser(user.clone()),
            Change::InsertPasskey(Box::new(passkey)),
            Change::Audit(event.to_user(account).saying("passkey")),
        ];
        accounts.commit_sign_up((&rules, SignInRules::signs_up_by_passkey), &user, changes).await?;
        accounts.throttle.now_known(account, from).await;
        Ok(user)
    }
}
