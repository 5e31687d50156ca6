//! Codes that are mailed: how they are typed, and the one that stands for a second factor.
//!
//! A code is good in the browser that asked for it, for five tries in all and for ten minutes. It is a weak proof: NIST SP 800-63B-4 section 3.1.3 has no out-of-band authenticator
//! that is reached by e-mail. So it makes no authentication of two factors, it is offered only to who has no second factor and does not administer the server, and never
//! after a first factor that rested on mail itself, which whoever waits for the code has to see to.

use super::asked::AskRejected;
use super::{Accounts, Attempt, CodeRejected, Origin};
use crate::identity::one_time::{self, BrowserKey};
use crate::identity::second_factor::TypedCode;
use crate::identity::throttling::{Admission, GuessedCode, Window};
use crate::mail::{self, Letter};
use crate::model::Locale;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::factor::Second;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::user::User;
use crate::store::{ActingAccount, Change, Ground, StoreResult};
use crate::support::id::{OneTimeTokenId, UserId};

impl Accounts {
    /// Whether a code may be mailed to an account in place of a second factor.
    pub async fn may_be_mailed_a_code(&self, user: &User) -> StoreResult<bool> {
        let rules = self.policies.sign_in().await?;
        let allowed = self.mailer.is_on() && rules.mailed_codes;
        if !allowed || !user.email_verified || user.has_roles() {
            return Ok(false);
        }
        let factors = self.factors(user.id).await?;
        Ok(!factors.any_that_counts(rules.passkeys))
    }

    /// Mails a code to the account of a login that waits. Its end-user proved the first factor, and is told where it was mailed too often. The answer is what finds the
    /// code again.
    pub async fn mail_code(
        &self,
        user: &User,
        from: &Origin,
        (key, page): (&BrowserKey, Option<Locale>),
    ) -> Result<OneTimeTokenId, AskRejected> {
        if !self.may_be_mailed_a_code(user).await? {
            return Err(AskRejected::SwitchedOff);
        }
        if !self.may_mail(&user.id.to_string(), Some(&user.email), from).await? {
            return Err(AskRejected::Throttled { retry_after: Window::SIGN_UP.remaining(self.clock.now()) });
        }
        let (drawn, code) = self.draw_code(OneTimeTokenPurpose::SecondFactor, MailPurpose::Code, key);
        let (id, purpose) = (drawn.token.id, drawn.token.purpose);
        let token = OneTimeToken {
            user: Some(user.id),
            address: Some(user.email.clone()),
            epoch: Some(user.epoch),
            ..drawn.token
        };
        let locale = self.mailer.locale_of(Some(user), page);
        let mut changes = vec![Change::DropOneTimeTokensOf(purpose, user.id), Change::InsertOneTimeToken(token)];
        changes.extend(self.put_asked((Some(user.id), &user.email), locale, Letter::Code { code }));
        self.stores.work.commit(changes).await?;
        Ok(id)
    }

    /// Proves an account by the code that was mailed to it.
    pub async fn prove_mailed_code(
        &self,
        user: &User,
        id: OneTimeTokenId,
        (key, attempt): (&BrowserKey, &Attempt<'_>),
    ) -> Result<Second, CodeRejected> {
        if !self.may_be_mailed_a_code(user).await? {
            return Err(CodeRejected::Spent);
        }
        let (token, admission) =
            self.right_code((OneTimeTokenPurpose::SecondFactor, Some(user.id)), id, (key, attempt)).await?;
        let now = self.clock.now();
        let acting = ActingAccount { id: user.id, epochs: user.epochs(), sign_in: None, roles: None };
        let event = self.own_event(AuditKind::SignedIn, user.id).saying(Second::MailedCode.as_str());
        let changes = vec![
            Change::Holds(Ground::Account(acting)),
            Change::Audit(event),
            Change::TakeOneTimeToken { id, digest: token.digest, now },
        ];
        self.stores.work.commit(changes).await?;
        self.throttle.code_was_right((user.id, GuessedCode::Mailed), &admission, attempt.from).await;
        Ok(Second::MailedCode)
    }

    /// A token with a code, of nobody yet, which are good in one browser only.
    pub(in super::super) fn draw_code(
        &self,
        purpose: OneTimeTokenPurpose,
        mail: MailPurpose,
        key: &BrowserKey,
    ) -> (one_time::Drawn, String) {
        let drawn = one_time::draw(purpose, mail::useful_for(mail), self.clock.now(), &*self.random);
        self.with_code(drawn, key)
    }

    /// The same of a token that waits in the browser already: its text and its code are others from then on.
    pub(in super::super) fn redraw_code(
        &self,
        token: OneTimeToken,
        mail: MailPurpose,
        key: &BrowserKey,
    ) -> (one_time::Drawn, String) {
        let drawn = one_time::redraw(token, mail::useful_for(mail), self.clock.now(), &*self.random);
        self.with_code(drawn, key)
    }

    fn with_code(&self, drawn: one_time::Drawn, key: &BrowserKey) -> (one_time::Drawn, String) {
        let code = one_time::draw_code(&*self.random);
        let (browser, digest) = (one_time::browser_of(key), one_time::code_digest(drawn.token.id, key, &code));
        let token = OneTimeToken { browser: Some(browser), code: Some(digest), ..drawn.token };
        (one_time::Drawn { token, ..drawn }, code)
    }

    /// The token whose code was typed. Each try is counted before it is looked at, on every node, by the token and by the account that it is of; one that is of no
    /// account counts and fails the same.
    pub(in super::super) async fn right_code(
        &self,
        (purpose, whose): (OneTimeTokenPurpose, Option<UserId>),
        id: OneTimeTokenId,
        (key, attempt): (&BrowserKey, &Attempt<'_>),
    ) -> Result<(OneTimeToken, Admission), CodeRejected> {
        let (browser, now) = (one_time::browser_of(key), self.clock.now());
        let found = self.stores.one_time_tokens.find_in_browser(id, browser, now).await?;
        let found = found.filter(|token| token.purpose == purpose && whose.is_none_or(|one| token.user == Some(one)));
        let token = found.ok_or(CodeRejected::Spent)?;
        let owner = token.user.ok_or(CodeRejected::Spent)?;
        let Some(TypedCode::OfAnApp(typed)) = TypedCode::read(attempt.typed) else { return Err(CodeRejected::Wrong) };
        let admission = self.admit_code((owner, GuessedCode::Mailed), attempt).await?;
        let counted = self.stores.work.commit(vec![Change::TryCode { id, browser, now }]).await;
        counted.map_err(CodeRejected::of_mailed)?;
        if token.code == Some(one_time::code_digest(id, key, &typed)) {
            return Ok((token, admission));
        }
        self.wrong_code(&token, owner).await?;
        let left = self.stores.one_time_tokens.find_in_browser(id, browser, now).await?;
        Err(if left.is_some() { CodeRejected::Wrong } else { CodeRejected::Spent })
    }

    async fn wrong_code(&self, token: &OneTimeToken, owner: UserId) -> StoreResult<()> {
        let now = self.clock.now();
        let kind = match token.purpose {
            OneTimeTokenPurpose::SecondFactor => AuditKind::SecondFactorFailed,
            _ => AuditKind::SignInFailed,
        };
        // Where it is nobody's, nobody is in it.
        let user = self.stores.users.find(owner).await?.map(|user| user.id);
        let failed = AuditEvent::new(kind, Actor::Anonymous, now, &*self.random).saying("mailed code");
        let changes = vec![Change::Audit(AuditEvent { user, ..failed }), Change::EndTriedOut { id: token.id, now }];
        self.stores.work.commit(changes).await
    }
}
