//! Making an account by its first passkey.
//!
//! The account is made with its passkey or not at all. Its id is drawn with the question, as the passkey names it, and comes back in the ticket: whoever answers does not choose it. The question
//! is the same for everybody, as it is asked before an address is typed: nothing in it, no credential that is excluded either, says who has an account.

use serde::{Deserialize, Serialize};
use webauthn_rs_core::proto::RegistrationState;

use super::ceremony::{Page, Purpose};
use super::{Asked, Ceremony, PasskeyRejected, Passkeys};
use crate::identity::accounts::{
    Asked as AskedFor, CheckedPerson, Draft, FirstWayIn, NewPerson, Origin, SignUpRejected, admit,
};
use crate::identity::one_time::BrowserKey;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::passkey::KeyProtection;
use crate::model::{Passkey, User};
use crate::policy::SignInRules;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::{OneTimeTokenId, UserId};

/// What the authenticator is asked to call an account whose address is not known yet: the page says the address instead.
const NOBODY: &str = "-";

/// What a ticket to a new account holds.
#[derive(Serialize, Deserialize)]
struct Newcomer {
    account: UserId,
    registration: RegistrationState,
}

/// Somebody who may have an account, the passkey that a browser made for it, and the use of its ticket.
struct Admitted {
    rules: SignInRules,
    person: CheckedPerson,
    passkey: Passkey,
    used: Change,
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
        self.ask_newcomer((browser, Page::opened(self.accounts.clock.now(), None))).await
    }

    pub(super) async fn ask_newcomer(&self, at: (Digest, Page)) -> StoreResult<Option<Ceremony>> {
        let accounts = &self.accounts;
        let Some(party) = self.party().await? else { return Ok(None) };
        if accounts.policies.sign_in().await?.sign_up.is_closed() {
            return Ok(None);
        }
        let account = UserId::new(accounts.clock.now(), &*accounts.random);
        let (options, registration) = self.creation(party, (account, NOBODY, NOBODY), Vec::new())?;
        let ticket = self.seal(Purpose::SignUp, at, Newcomer { account, registration });
        Ok(ticket.map(|ticket| Ceremony { options, ticket }))
    }

    /// Makes an account at once that is signed in to by the passkey which a browser made for it, of which is said where its key is. Whether the address is free shows only at the end, and each try counts,
    /// as where an account is made by password.
    pub async fn sign_up(
        &self,
        new: NewPerson<'_>,
        (from, browser): (&Origin, Digest),
        (ticket, answer): (&str, &str),
    ) -> Result<(User, KeyProtection), NotSignedUp> {
        let accounts = &self.accounts;
        let Admitted { rules, person, passkey, used } = self.admitted(new, (from, browser), (ticket, answer)).await?;
        let (account, now, protection) = (passkey.user, passkey.created_at, passkey.protection);
        let user = accounts.new_user(person.email, person.name, person.locale).await?;
        let user = User { id: account, ..user };
        let event = AuditEvent::new(AuditKind::UserCreated, Actor::User(account), now, &*accounts.random);
        let mut changes = vec![
            used,
            Change::InsertUser(user.clone()),
            Change::InsertPasskey(Box::new(passkey)),
            Change::Audit(event.to_user(account).saying("passkey")),
        ];
        changes.extend(accounts.verification_at_sign_up(&rules, &user));
        accounts.commit_sign_up((&rules, SignInRules::signs_up_by_passkey), &user.email, changes).await?;
        accounts.throttle.now_known(account, from).await;
        Ok((user, protection))
    }

    /// The same where addresses are proved first: whoever has this one is mailed, the passkey waits for that, and nobody is told whether the address has an account. The answer
    /// is what finds the code of the mail again, in this browser.
    pub async fn sign_up_by_mail(
        &self,
        new: NewPerson<'_>,
        (from, browser, key): (&Origin, Digest, &BrowserKey),
        mailed: AskedFor,
        (ticket, answer): (&str, &str),
    ) -> Result<OneTimeTokenId, NotSignedUp> {
        let Admitted { rules, person, passkey, used } = self.admitted(new, (from, browser), (ticket, answer)).await?;
        let CheckedPerson { email, name, locale } = person;
        let draft = Draft { account: passkey.user, name, locale, way_in: FirstWayIn::from(passkey) };
        Ok(self.accounts.ask_to_prove(&rules, (&email, draft), (from, key, mailed), vec![used]).await?)
    }

    /// Holds a new account and its passkey to the rules, and counts the try: whoever has the address.
    async fn admitted(
        &self,
        new: NewPerson<'_>,
        (from, browser): (&Origin, Digest),
        (ticket, answer): (&str, &str),
    ) -> Result<Admitted, NotSignedUp> {
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
        let passkey = self.made((party, &opened.state.registration), opened.state.account, None, answer)?;
        if accounts.stores.passkeys.find(&passkey.credential_id).await?.is_some() {
            return Err(PasskeyRejected::Taken.into());
        }
        let used = opened.used(passkey.created_at);
        Ok(Admitted { rules, person, passkey, used })
    }
}
