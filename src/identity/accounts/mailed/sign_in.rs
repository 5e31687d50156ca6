//! Signing in by mail: a link for whoever reads the mail where they sign in, and a code for whoever reads it elsewhere.
//!
//! Both are one token. It is good in the browser that asked and in no other, so a link that somebody sends to another signs nobody in to an account that is not theirs,
//! and a code that is read over a shoulder is worth nothing elsewhere. What it proves is one factor: what else the account needs is asked for as after a password.

use super::asked::AskRejected;
use super::{Accounts, Asked, Attempt, CodeRejected, Entered, LinkRejected, Origin, Presented, nothing_stays};
use crate::identity::one_time::{self, BrowserKey};
use crate::identity::throttling::GuessedCode;
use crate::mail::{Letter, Link};
use crate::model::audit_event::{AuditKind, PREPARED_ENDED};
use crate::model::count::{Counted, LoginMethod, LoginOutcome};
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::session::SignIn;
use crate::model::user::{EmailAddress, User};
use crate::model::user_edit::UserEdit;
use crate::store::{ActingAccount, Change, Ground, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{OneTimeTokenId, UserId};

/// The page of the link.
const PATH: &str = "/login/link";
/// The links that sign in.
pub const SIGNS_IN: &[OneTimeTokenPurpose] = &[OneTimeTokenPurpose::SignIn];

impl Accounts {
    /// Whether accounts are signed in to by mail.
    pub async fn signs_in_by_mail(&self) -> StoreResult<bool> {
        Ok(self.mailer.is_on() && self.policies.sign_in().await?.by_mail)
    }

    /// Mails a link and a code to sign in by. Takes the same steps, and answers the same, whether there is such an account or not, and whether it gets a mail. The answer
    /// is what finds the code again, in this browser.
    pub async fn ask_to_sign_in(
        &self,
        email: &EmailAddress,
        (from, key): (&Origin, &BrowserKey),
        asked: Asked,
    ) -> Result<OneTimeTokenId, AskRejected> {
        if !self.signs_in_by_mail().await? {
            return Err(AskRejected::SwitchedOff);
        }
        // Who administers the server, with an address that nobody proved, would lose their other ways in by it: they prove it first.
        let helps = |user: &User, ways: super::asked::Ways| {
            ways.go_with_the_address(user) && (user.email_verified || !user.has_roles())
        };
        let to = self.addressee(email, from, helps).await?;
        let (drawn, code) = self.draw_code(OneTimeTokenPurpose::SignIn, MailPurpose::SignIn, key);
        let id = drawn.token.id;
        // As it was typed: the page says it again.
        let token = OneTimeToken { address: Some(email.clone()), ..drawn.token };
        let link = Link { flow: asked.flow, ..Link::to(PATH, drawn.text.expose()) };
        let letter = Letter::SignIn { link, code };
        self.send_asked(&to, (token, letter), (AuditKind::SignInAsked, asked.page)).await?;
        Ok(id)
    }

    /// The address that a code for this was asked for with in this browser, and what counts as its account, as long as it can be typed.
    pub async fn code_waits_for(
        &self,
        purpose: OneTimeTokenPurpose,
        id: OneTimeTokenId,
        key: &BrowserKey,
    ) -> StoreResult<Option<(EmailAddress, UserId)>> {
        let browser = one_time::browser_of(key);
        let found = self.stores.one_time_tokens.find_in_browser(id, browser, self.clock.now()).await?;
        let token = found.filter(|token| token.purpose == purpose);
        Ok(token.and_then(|token| token.address.zip(token.user)))
    }

    /// Signs in by a link, in the browser that asked for it. `here` is the sign-in that the account has there.
    pub async fn sign_in_by_link(
        &self,
        presented: &Presented,
        key: &BrowserKey,
        here: Option<&SignIn>,
    ) -> Result<Entered, LinkRejected> {
        if !presented.is_of(key) || !self.signs_in_by_mail().await? {
            return Err(LinkRejected::Spent);
        }
        self.enter(presented, here).await
    }

    /// Signs in by a code, in the browser that asked for it. `here` is the browser's sign-ins.
    pub async fn sign_in_by_code(
        &self,
        id: OneTimeTokenId,
        (key, attempt): (&BrowserKey, &Attempt<'_>),
        here: &[SignIn],
    ) -> Result<Entered, CodeRejected> {
        if !self.signs_in_by_mail().await? {
            return Err(CodeRejected::Spent);
        }
        let typed = self.right_code((OneTimeTokenPurpose::SignIn, None), id, (key, attempt)).await;
        if matches!(typed, Err(CodeRejected::Wrong | CodeRejected::Spent)) {
            self.counts.note(Counted::Login(LoginMethod::Mail, LoginOutcome::Failed));
        }
        let (token, admission) = typed?;
        let user = match token.user {
            Some(user) => self.stores.users.find(user).await?,
            None => None,
        };
        let presented = user.map(|user| Presented { token, user }).filter(Presented::still_fits);
        let presented = presented.ok_or(CodeRejected::Spent)?;
        let here = here.iter().find(|sign_in| sign_in.user == presented.user.id);
        let entered = self.enter(&presented, here).await.map_err(|why| match why {
            LinkRejected::Store(error) => error.into(),
            LinkRejected::Spent | LinkRejected::Taken => CodeRejected::Spent,
        })?;
        self.throttle.code_was_right((entered.user.id, GuessedCode::Mailed), &admission, attempt.from).await;
        Ok(entered)
    }

    /// Uses the token up: its address is proved by it. Where it was not before, what somebody else prepared with it goes, unless whoever reads the mail is signed in to the
    /// account in the same browser, and so made it.
    async fn enter(&self, presented: &Presented, here: Option<&SignIn>) -> Result<Entered, LinkRejected> {
        let (user, now) = (presented.user(), self.clock.now());
        let prepared = !user.email_verified && here.is_none();
        let prepared_ended = prepared && self.has_prepared(presented, true).await?;
        let kind = if prepared { AuditKind::SignedIn } else { self.kind_of_first_factor(user).await? };
        let sign_in = here.filter(|one| one.epochs() == user.epochs()).map(|one| one.id);
        let acting = ActingAccount { id: user.id, epochs: user.epochs(), sign_in, roles: None };
        let mut changes = vec![Change::Holds(Ground::Account(acting))];
        if !user.email_verified {
            changes.extend(self.proving(presented, (prepared, prepared_ended), now));
        }
        changes.push(Change::Audit(self.own_event(kind, user.id).saying("mail")));
        changes.push(presented.take(now));
        self.stores.work.commit(changes).await?;
        if user.email_verified {
            return Ok(Entered { user: user.clone(), prepared_ended });
        }
        let edited = User { email_verified: true, version: user.version + 1, ..user.clone() };
        let user = if prepared { edited.with_everything_ended(now) } else { edited };
        Ok(Entered { user, prepared_ended })
    }

    fn proving(&self, presented: &Presented, (prepared, prepared_ended): (bool, bool), now: Timestamp) -> Vec<Change> {
        let user = presented.user();
        let edit = UserEdit {
            decided_in: Some(user.epochs()),
            version_seen: Some(user.version),
            proved_address: Some(user.email.clone()),
            ends_everything: prepared,
            ..UserEdit::new(user.id, now)
        };
        let mut changes = vec![Change::EditUser(edit)];
        if prepared {
            changes.push(Change::DeletePassword(user.id));
            changes.push(nothing_stays(user.id));
        }
        let event = self.own_event(AuditKind::AddressVerified, user.id);
        changes.push(Change::Audit(if prepared_ended { event.saying(PREPARED_ENDED) } else { event }));
        changes
    }
}
