//! Mail that anybody can ask for who knows an address.
//!
//! Whether there is an account, and whether it gets a mail, shows nowhere, so nothing is done for one that is not done for nobody: an address that no account has, or
//! whose account gets none, stands for an id that no account has. Under that its mails are counted, its tokens are made and replaced, and its mail is written, sealed and put
//! by the same statement, which finds no account.

use super::{Accounts, Origin};
use crate::identity::throttling::Throttled;
use crate::mail::Letter;
use crate::model::Locale;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::one_time_token::OneTimeToken;
use crate::model::user::{EmailAddress, User};
use crate::store::{Change, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::UserId;

use std::time::Duration;

/// Why no mail was asked for.
#[derive(Debug)]
pub enum AskRejected {
    /// It is not offered here, or mail does not leave this server.
    SwitchedOff,
    /// The network asks too often.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for AskRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Throttled> for AskRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

/// By what an account is signed in to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) password: bool,
    pub(super) linked: bool,
}

impl Ways {
    /// Whether a mail to the address of an account says whose account it is: one that is only signed in to elsewhere, an address that nobody proved does not say.
    pub(super) const fn go_with_the_address(self, user: &User) -> bool {
        user.email_verified || self.password || !self.linked
    }
}

/// Whom a mail goes to: an account, or nobody.
pub(super) struct Addressee {
    /// Of nobody one that no account has.
    pub(super) id: UserId,
    pub(super) email: EmailAddress,
    pub(super) user: Option<User>,
}

impl Accounts {
    /// Whom a mail goes to that was asked for with an address. Takes the same steps whoever has it.
    pub(super) async fn addressee(
        &self,
        email: &EmailAddress,
        from: &Origin,
        helps: impl Fn(&User, Ways) -> bool + Send,
    ) -> Result<Addressee, AskRejected> {
        let found = self.stores.users.find_by_email(email).await?;
        let id = found.as_ref().map_or_else(|| nobody(email), |user| user.id);
        let password = self.stores.users.password(id).await?.is_some();
        let linked = !self.stores.upstream_links.of_user(id).await?.is_empty();
        let may_mail = self.may_mail(&id.to_string(), Some(email), from).await?;
        let user = found.filter(|user| may_mail && user.is_active() && helps(user, Ways { password, linked }));
        Ok(Addressee {
            id: user.as_ref().map_or_else(|| nobody(email), |user| user.id),
            email: user.as_ref().map_or_else(|| email.clone(), |user| user.email.clone()),
            user,
        })
    }

    /// Makes a token count and puts the mail that it is in: it ends those of its purpose before it.
    pub(super) async fn send_asked(
        &self,
        to: &Addressee,
        (token, letter): (OneTimeToken, Letter),
        (kind, page): (AuditKind, Option<Locale>),
    ) -> StoreResult<()> {
        let event = AuditEvent::new(kind, Actor::Anonymous, self.clock.now(), &*self.random);
        let event = AuditEvent { user: to.user.as_ref().map(|user| user.id), ..event };
        let epoch = to.user.as_ref().map(|user| user.epoch).unwrap_or_default();
        let locale = self.mailer.locale_of(to.user.as_ref(), page);
        let mut changes = vec![
            Change::Audit(event),
            Change::DropOneTimeTokensOf(token.purpose, to.id),
            Change::InsertOneTimeToken(OneTimeToken { user: Some(to.id), epoch: Some(epoch), ..token }),
        ];
        changes.extend(self.put_asked((Some(to.id), &to.email), locale, letter));
        self.stores.work.commit(changes).await
    }

    /// A mail that anybody can ask for, about an account or none yet: no account and no address is mailed more of them than may be.
    pub(in super::super) fn put_asked(
        &self,
        (user, to): (Option<UserId>, &EmailAddress),
        locale: Locale,
        letter: Letter,
    ) -> Option<Change> {
        let most = self.throttle.most_mails_of_account();
        match self.mailer.put(to, user, locale, letter) {
            Some(Change::PutMail(mail)) => Some(Change::PutAskedMail { mail, most }),
            other => other,
        }
    }

    /// Counts a mail that somebody asks for, under what it is about and under where it goes: `Err` where their network asks too often, which says nothing of the account; `false`
    /// where the account is mailed too often, or the address is by whichever accounts, which nobody is told.
    pub(in super::super) async fn may_mail(
        &self,
        name: &str,
        to: Option<&EmailAddress>,
        from: &Origin,
    ) -> Result<bool, Throttled> {
        let target = to.map_or_else(|| name.to_owned(), EmailAddress::lookup_key);
        self.throttle.admit_mail((name, &target), from.address).await
    }
}

/// The id that an address stands for which no account has: the same each time, and that of no account, as those begin with the time that they were made.
pub(in super::super) fn nobody(email: &EmailAddress) -> UserId {
    stand_in("nobody", email)
}

/// The same for an address that somebody signs up with, whether an account has it or not. What is counted of it shows nothing where codes of accounts are asked for.
pub(in super::super) fn newcomer(email: &EmailAddress) -> UserId {
    stand_in("newcomer", email)
}

fn stand_in(domain: &str, email: &EmailAddress) -> UserId {
    let whole = Digest::of(domain, email.lookup_key().as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&whole.as_bytes()[..16]);
    UserId::from_bytes(bytes)
}
