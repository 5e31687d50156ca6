//! Browser sessions: which accounts are signed in to a browser, and for how long that counts.
//!
//! Owns the secrets that a browser holds ([`BrowserSecret`], [`SessionSecret`]), beginning, finding and ending sign-ins, and the methods an end-user
//! authenticated by ([`Means`]). Leaves checking a credential to `identity` and `upstream`, and cookies to `http`.
//!
//! A session is a sealed record that the cookie's digest finds. The store of records may lose it, or bring an old one back: whether a
//! sign-in still counts is asked of the user store each time, which remembers what was ended and from when on an account counts.

use std::sync::Arc;
use std::time::Duration;

use crate::counts::Counts;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind, AuditTarget};
use crate::model::client::ClientId;
use crate::model::count::{Counted, LoginMethod, LoginOutcome};
use crate::model::epoch::AccountEpochs;
use crate::model::factor::Second;
use crate::model::session::{Leave, Session, SignIn, network_of};
use crate::model::user::{User, UserStatus};
use crate::policy::{Policies, SignInRules};
use crate::sealed::{RecordLabel, SealedRecords};
use crate::store::{Change, GrantFilter, RecordKind, SignInStatus, StoreResult, Stores, UnitOfWork, UserStore};
use crate::support::id::{SignInId, UserId};
use crate::support::{Clock, Random, Timestamp};

mod browser;
mod means;
mod pending;
mod trusted;

pub use browser::{BrowserSecret, SessionCookie, SessionSecret, Visitor};
pub use means::Means;
pub use pending::{Adding, Onward, PendingLogin, Then};
pub use trusted::TrustedBrowser;

/// How stale the time of last use may get before it is written again: not every click is worth a write.
const TOUCH_AFTER: Duration = Duration::from_mins(5);

/// Finds, begins and ends the sign-ins of browsers.
pub struct Sessions {
    records: SealedRecords,
    users: Arc<dyn UserStore>,
    work: Arc<dyn UnitOfWork>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    counts: Arc<Counts>,
    policies: Arc<Policies>,
    /// How long a session lasts at most, whatever is decided: for so long it is remembered that one ended.
    longest: Duration,
}

/// Which sign-ins of a browser end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The sign-in with this id.
    One(SignInId),
    /// Every sign-in of the browser.
    All,
}

impl Sessions {
    /// The sessions that these stores hold, which last as long as the policy says.
    pub fn new(
        stores: &Stores,
        records: SealedRecords,
        policies: Arc<Policies>,
        (clock, random): (Arc<dyn Clock>, Arc<dyn Random>),
        counts: Arc<Counts>,
    ) -> Self {
        Self {
            records,
            users: stores.users.clone(),
            work: stores.work.clone(),
            clock,
            random,
            counts,
            longest: Duration::from_hours(policies.bounds().absolute_hours.into()),
            policies,
        }
    }

    /// What a cookie stands for: the sign-ins that still count. Empty where it stands for nothing.
    pub async fn load(&self, cookie: Option<&SessionSecret>) -> StoreResult<Session> {
        let Some(secret) = cookie else { return Ok(Session::default()) };
        let now = self.clock.now();
        let found: Option<Session> = self.records.get(RecordKind::Session, secret.digest(), now).await?;
        let rules = self.policies.sign_in().await?;
        let mut session = Session::default();
        for sign_in in found.unwrap_or_default().sign_ins {
            if now < end_of(&rules, &sign_in) && self.counts(&sign_in).await? {
                session.sign_ins.push(sign_in);
            }
        }
        if session.current().is_some_and(|current| now.since(current.used_at) > TOUCH_AFTER) {
            session.sign_ins[0].used_at = now;
            if !self.renew(secret, &session).await? {
                // The browser signed in or out in this moment: the cookie stands for nothing any more.
                return Ok(Session::default());
            }
        }
        Ok(session)
    }

    /// Adds an account whose end-user has just authenticated, and gives the browser a new cookie: a session planted before the sign-in is
    /// worth nothing after it. An account that was signed in already keeps its sign-in.
    pub async fn sign_in(&self, visitor: &Visitor, user: &User, means: Means) -> StoreResult<(SignIn, SessionCookie)> {
        self.sign_in_with(visitor, user, (means, None)).await
    }

    /// The same where the account's second factor was not asked for: the sign-in says why.
    pub async fn sign_in_with(
        &self,
        visitor: &Visitor,
        user: &User,
        (means, leave): (Means, Option<Leave>),
    ) -> StoreResult<(SignIn, SessionCookie)> {
        let now = self.clock.now();
        let session = self.load(visitor.session.as_ref()).await?;
        let (before, acr) = (session.of_user(user.id), means.acr());
        let id = before.map_or_else(|| SignInId::new(now, self.random.as_ref()), |sign_in| sign_in.id);
        self.counts.note(Counted::Login(method_of(&means), LoginOutcome::SignedIn));
        self.counts.active(user.id);
        // An earlier proof counts for a sign-in that is no stronger than what was proved then.
        let proved_before = before.filter(|before| before.acr.satisfies(acr.as_str())).and_then(|one| one.proved_at);
        let sign_in = SignIn {
            acr,
            amr: means.amr(),
            leave,
            rests_on_mail: means.rests_on_mail(),
            upstream: means.upstream().cloned(),
            // In a browser that is trusted to go without it nothing was proved as strongly as the account can.
            proved_at: means.proved_at(now).filter(|_| leave != Some(Leave::TrustedBrowser)).max(proved_before),
            created_at: before.map_or(now, |sign_in| sign_in.created_at),
            browser: visitor.agent.clone(),
            network: network_of(visitor.address),
            remembered: visitor.remember,
            ..SignIn::new(id, user.id, user.epochs(), now)
        };
        let cookie = self.replace(visitor, &session.with(sign_in.clone())).await?;
        self.make_room(&sign_in).await?;
        Ok((sign_in, cookie))
    }

    /// Ends what of an account's sign-ins is more than may be at once: those that began first, and never this one.
    async fn make_room(&self, newest: &SignIn) -> StoreResult<()> {
        let Some(most) = self.policies.sign_in().await?.most_sessions else { return Ok(()) };
        let mut others = self.of_user(newest.user).await?;
        others.retain(|other| other.id != newest.id);
        others.sort_by_key(|other| std::cmp::Reverse(other.created_at));
        let ended = others.get(most.saturating_sub(1)..).unwrap_or_default();
        if ended.is_empty() { Ok(()) } else { self.revoke_together(&Actor::System, ended, Vec::new()).await }
    }

    /// Notes when the end-user of a sign-in proved the account once more, which is no new authentication: neither `auth_time` nor `amr` becomes
    /// another. The browser gets a new cookie, so that who holds a copy of the old one does not share the proof. `None` where the sign-in ended.
    pub async fn proved(&self, visitor: &Visitor, id: SignInId, at: Timestamp) -> StoreResult<Option<SessionCookie>> {
        let mut session = self.load(visitor.session.as_ref()).await?;
        let Some(sign_in) = session.sign_ins.iter_mut().find(|sign_in| sign_in.id == id) else { return Ok(None) };
        sign_in.proved_at = sign_in.proved_at.max(Some(at));
        self.replace(visitor, &session).await.map(Some)
    }

    /// Makes a sign-in as strong as its second factor, which was proved now, and carries it over from these epochs to those that the account is in. When its end-user
    /// authenticated stays as it is: only what was missing is asked for, which is our own rule. `None` where it ended.
    pub async fn raise(
        &self,
        visitor: &Visitor,
        (id, epochs): (SignInId, AccountEpochs),
        (user, second): (&User, Second),
    ) -> StoreResult<Option<SessionCookie>> {
        let found: Option<Session> = match &visitor.session {
            Some(secret) => self.records.get(RecordKind::Session, secret.digest(), self.clock.now()).await?,
            None => None,
        };
        // With its first factor the account is in another epoch than the sign-in that it was added in, which is carried over.
        let same = |one: &SignIn| one.id == id && one.user == user.id && one.epochs() == epochs;
        let Some(before) = found.unwrap_or_default().sign_ins.into_iter().find(same) else { return Ok(None) };
        // No factor, and no proof by itself: it is taken in the place of a factor that there is not.
        let mailed = second == Second::MailedCode;
        let raised = SignIn {
            epoch: user.epoch,
            server_epoch: user.server_epoch,
            acr: if before.acr.satisfies(second.acr().as_str()) { before.acr.clone() } else { second.acr() },
            amr: means::with_second(before.amr.clone(), second),
            leave: mailed.then_some(Leave::MailedCode),
            rests_on_mail: before.rests_on_mail && mailed,
            proved_at: if mailed { before.proved_at } else { Some(self.clock.now()) },
            ..before
        };
        let over = end_of(&self.policies.sign_in().await?, &raised) <= self.clock.now();
        if over || !self.counts(&raised).await? {
            return Ok(None);
        }
        let session = self.load(visitor.session.as_ref()).await?;
        self.replace(visitor, &session.with(raised)).await.map(Some)
    }

    /// Goes on with a sign-in as it is, in the epochs that the account is in now: its end-user did what ended everything else, and did not authenticate anew
    /// by that.
    pub async fn carry_over(&self, visitor: &Visitor, sign_in: &SignIn, user: &User) -> StoreResult<SessionCookie> {
        let session = self.load(visitor.session.as_ref()).await?;
        self.replace(
            visitor,
            &session.with(SignIn { epoch: user.epoch, server_epoch: user.server_epoch, ..sign_in.clone() }),
        )
        .await
    }

    /// Stores a session under a new secret, in the place of the one that the browser holds.
    async fn replace(&self, visitor: &Visitor, session: &Session) -> StoreResult<SessionCookie> {
        let secret = SessionSecret::draw(self.random.as_ref());
        self.save(&secret, session).await?;
        if let Some(old) = &visitor.session {
            self.records.delete(RecordKind::Session, old.digest()).await?;
        }
        let rules = self.policies.sign_in().await?;
        let remembered = rules.remember_me && session.sign_ins.iter().any(|sign_in| sign_in.remembered);
        Ok(SessionCookie { secret, keep_for: remembered.then_some(rules.absolute) })
    }

    /// Remembers that a sign-in was used for an app, or chosen: it is the current one now. Does nothing where it is none of the session.
    pub async fn used(&self, cookie: Option<&SessionSecret>, session: &Session, id: SignInId) -> StoreResult<()> {
        let now = self.clock.now();
        let Some(used) = session.sign_ins.iter().find(|sign_in| sign_in.id == id) else { return Ok(()) };
        let current = session.current().is_some_and(|current| current.id == id);
        if let Some(secret) = cookie
            && (!current || now.since(used.used_at) > TOUCH_AFTER)
        {
            let used = SignIn { used_at: now, ..used.clone() };
            self.renew(secret, &session.clone().with(used)).await?;
        }
        Ok(())
    }

    /// Ends sign-ins of a browser for good, with the grants that do not outlive them. Says which ended and what is left.
    pub async fn end(&self, visitor: &Visitor, ending: Ending) -> StoreResult<(Vec<SignIn>, Session)> {
        let session = self.load(visitor.session.as_ref()).await?;
        let (ended, left): (Vec<SignIn>, Vec<SignIn>) =
            session.sign_ins.into_iter().partition(|sign_in| match ending {
                Ending::One(id) => sign_in.id == id,
                Ending::All => true,
            });
        let left = Session { sign_ins: left };
        if !ended.is_empty() {
            self.work.commit(ended.iter().flat_map(|sign_in| self.ending(sign_in)).collect()).await?;
        }
        if let Some(secret) = &visitor.session {
            // What was ended stays ended even if this write is lost.
            if left.sign_ins.is_empty() {
                self.records.delete(RecordKind::Session, secret.digest()).await?;
            } else if !ended.is_empty() {
                self.renew(secret, &left).await?;
            }
        }
        Ok((ended, left))
    }

    /// Ends one sign-in of an account wherever it is: "sign out that other browser". Does nothing where it is not the account's.
    pub async fn end_elsewhere(&self, user: UserId, id: SignInId) -> StoreResult<bool> {
        let Some(sign_in) = self.of_user(user).await?.into_iter().find(|sign_in| sign_in.id == id) else {
            return Ok(false);
        };
        self.work.commit(self.ending(&sign_in)).await?;
        Ok(true)
    }

    /// Ends one sign-in of an account as a client asks, which says by an ID token that it was there. Does nothing where it is not the account's,
    /// or is over.
    pub async fn end_for_client(&self, client: Option<ClientId>, user: UserId, id: SignInId) -> StoreResult<bool> {
        if !self.of_user(user).await?.iter().any(|sign_in| sign_in.id == id) {
            return Ok(false);
        }
        let now = self.clock.now();
        // The client did not authenticate itself: whoever has its ID token can ask.
        let event = AuditEvent::new(AuditKind::SignedOut, Actor::Anonymous, now, self.random.as_ref());
        let event = AuditEvent { client, ..event.to_user(user) };
        self.work.commit(self.end_of_one(id, event.saying(format!("id_token_hint of {id}")))).await?;
        Ok(true)
    }

    /// Ends sign-ins on behalf of another actor, together with what that takes: all of it or nothing.
    pub async fn revoke_together(&self, actor: &Actor, sign_ins: &[SignIn], also: Vec<Change>) -> StoreResult<()> {
        let mut changes = also;
        changes.extend(sign_ins.iter().flat_map(|one| self.revocation(actor.clone(), one.user, one.id)));
        self.work.commit(changes).await
    }

    /// What ends a sign-in on behalf of another actor, for whoever commits it.
    pub fn revocation(&self, actor: Actor, user: UserId, id: SignInId) -> Vec<Change> {
        let now = self.clock.now();
        let event = AuditEvent::new(AuditKind::SessionsRevoked, actor, now, self.random.as_ref()).to_user(user);
        self.end_of_one(id, event.saying(id.to_string()))
    }

    /// The sign-ins of an account that still count, in all browsers, the one used last first.
    pub async fn of_user(&self, user: UserId) -> StoreResult<Vec<SignIn>> {
        let now = self.clock.now();
        let sessions: Vec<Session> = self.records.of_owner(RecordKind::Session, user, now).await?;
        let rules = self.policies.sign_in().await?;
        let mut found: Vec<SignIn> = Vec::new();
        for sign_in in sessions.into_iter().flat_map(|session| session.sign_ins) {
            let theirs = sign_in.user == user && !found.iter().any(|known| known.id == sign_in.id);
            if theirs && now < end_of(&rules, &sign_in) && self.counts(&sign_in).await? {
                found.push(sign_in);
            }
        }
        found.sort_by_key(|sign_in| std::cmp::Reverse(sign_in.used_at));
        Ok(found)
    }

    /// What ends a sign-in at the wish of its own browser.
    fn ending(&self, sign_in: &SignIn) -> Vec<Change> {
        let now = self.clock.now();
        let event = AuditEvent::new(AuditKind::SignedOut, Actor::User(sign_in.user), now, self.random.as_ref());
        self.end_of_one(sign_in.id, event.to_user(sign_in.user))
    }

    /// What ends a sign-in: remembered for as long as a store of records might bring it back, and told of once.
    fn end_of_one(&self, id: SignInId, event: AuditEvent) -> Vec<Change> {
        let (at, until) = (event.at, event.at.plus(self.longest));
        vec![
            Change::SignOut { id, until, event: Box::new(event.to(AuditTarget::Session(id))) },
            Change::RevokeGrants(GrantFilter::OfSignIn(id), at),
        ]
    }

    async fn counts(&self, sign_in: &SignIn) -> StoreResult<bool> {
        let status = self.users.sign_in_status(sign_in.user, sign_in.end_marks(), sign_in.connection_epoch()).await?;
        Ok(status.is_some_and(|status| counts(sign_in, &status)))
    }

    /// Stores a session under a secret that is new.
    async fn save(&self, secret: &SessionSecret, session: &Session) -> StoreResult<()> {
        self.records.put(self.label(secret, session).await?, session, self.clock.now()).await
    }

    /// Writes down how a session is now, if the secret still stands for one: a browser that signed in meanwhile has another secret, and a use
    /// of the old one, or of a copy of it, must not bring that back.
    async fn renew(&self, secret: &SessionSecret, session: &Session) -> StoreResult<bool> {
        self.records.renew(self.label(secret, session).await?, session, self.clock.now()).await
    }

    async fn label(&self, secret: &SessionSecret, session: &Session) -> StoreResult<RecordLabel> {
        let (now, rules) = (self.clock.now(), self.policies.sign_in().await?);
        let expires_at = session.sign_ins.iter().map(|sign_in| end_of(&rules, sign_in)).max().unwrap_or(now);
        let owners = session.sign_ins.iter().map(|sign_in| sign_in.user).collect();
        Ok(RecordLabel { kind: RecordKind::Session, key: secret.digest(), owners, expires_at })
    }
}

/// From when on a sign-in no longer counts, if it is not used again. Asked at each use: a limit that becomes shorter holds for sign-ins of before.
fn end_of(rules: &SignInRules, sign_in: &SignIn) -> Timestamp {
    sign_in.used_at.plus(rules.idle).min(sign_in.created_at.plus(rules.absolute))
}

/// What a login by these methods is counted as.
fn method_of(means: &Means) -> LoginMethod {
    match means {
        Means::Password | Means::PasswordByMail => LoginMethod::Password,
        Means::Mail => LoginMethod::Mail,
        Means::Passkey(_) => LoginMethod::Passkey,
        Means::Both { first, .. } => method_of(first),
        Means::Upstream { sign_in, .. } => LoginMethod::Upstream(sign_in.connection),
    }
}

/// Whether a sign-in counts: its account may be used, neither it nor everything of its account, its connection or the server was ended.
fn counts(sign_in: &SignIn, status: &SignInStatus) -> bool {
    let connection_holds = match (sign_in.connection_epoch(), status.connection_epoch) {
        (Some(then), Some(now)) => then.epoch == now,
        _ => true,
    };
    let way_in_holds = connection_holds && !status.unlinked;
    status.status == UserStatus::Active && sign_in.epochs() == status.epochs && way_in_holds && !status.ended
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("longest", &self.longest).finish_non_exhaustive()
    }
}
