//! Mail: what people are told and led back in by, and getting it to a mail server.
//!
//! A mail is put into the outbox by the unit of work that it tells of, so nothing is told that did not happen and nothing that happened is forgotten. It says
//! there, sealed, what is to be said ([`Letter`]); how that looks is decided when it is sent. A node takes a mail before it sends it, in one conditional
//! update which puts the next attempt off; what a node that stopped had taken is due again by itself. So a crash sends a mail twice at most once an attempt,
//! and loses none. What happened to an account is told by the audit log ([`notice`]), in the way in which webhooks follow it.
//!
//! Owns the outbox, what mails say, and the only way to a mail server. Leaves what a link is good for to `identity`, and who may look at all of this to `admin`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::config::Config;
use crate::config::mail::MailTransport;
use crate::keys::Sealer;
use crate::model::Locale;
use crate::model::audit_event::AuditEvent;
use crate::model::branding::Branding;
use crate::model::mail::{Mail, MailAttempt, MailPurpose, MailState};
use crate::model::user::{EmailAddress, User};
use crate::policy::Policies;
use crate::protocol::issuer::Issuer;
use crate::store::{AuditLog, Change, MailStore, StoreResult, UserStore};
use crate::support::id::{MailId, UserId};
use crate::support::{Clock, Random, Timestamp};

mod compose;
mod letter;
mod message;
mod messages;
pub mod notice;
mod outcome;
mod sample;
mod schedule;
mod transport;

pub use compose::Rendered;
pub use letter::{Letter, Link};
pub use notice::{Happened, Notice};
pub use outcome::{Delivery, MailError, Unsent};

use letter::Envelope;
use transport::Transport;

/// How often a node looks for mail that is to be sent.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The most entries that are made notices of at a time.
const ENTRIES: u32 = 200;
/// How many mails a node sends at once.
const AT_ONCE: usize = 8;
/// After how long an attempt that nobody ended is made again: longer than any may take, each answer of the mail server included.
const GIVEN_UP_AFTER: Duration = Duration::from_mins(10);

/// What mail rests on.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub store: Arc<dyn MailStore>,
    pub log: Arc<dyn AuditLog>,
    pub users: Arc<dyn UserStore>,
    pub policies: Arc<Policies>,
    pub sealer: Arc<Sealer>,
    pub issuer: Issuer,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// The outbox, and the way to the mail server.
pub struct Mailer {
    parts: Parts,
    transport: Transport,
    kind: MailTransport,
    default_locale: Locale,
    service_name: String,
    /// How many attempts this node is making.
    under_way: AtomicUsize,
}

impl Mailer {
    /// The mail of a server of this configuration.
    pub fn new(parts: Parts, config: &Config) -> Result<Self, MailError> {
        let kind = config.mail.transport(&parts.issuer);
        Ok(Self {
            transport: Transport::of(kind, &config.mail, &parts.issuer)?,
            kind,
            default_locale: Locale::of_tag(&config.pages.default_locale).unwrap_or_default(),
            service_name: config.pages.service_name.clone(),
            under_way: AtomicUsize::new(0),
            parts,
        })
    }

    /// Whether mail leaves this server: what rests on it is offered nowhere else.
    pub const fn is_on(&self) -> bool {
        !matches!(self.kind, MailTransport::None)
    }

    /// How it leaves.
    pub const fn transport(&self) -> MailTransport {
        self.kind
    }

    /// The language to write to somebody in: their own, or the one of the page that they are on, or that of the server.
    pub fn locale_of(&self, user: Option<&User>, page: Option<Locale>) -> Locale {
        let own = user.and_then(|user| user.locale.as_deref()).and_then(Locale::of_tag);
        own.or(page).unwrap_or(self.default_locale)
    }

    /// A mail that is to be sent, for the unit of work that it tells of; none where mail does not leave this server.
    pub fn put(&self, to: &EmailAddress, user: Option<UserId>, locale: Locale, letter: Letter) -> Option<Change> {
        self.is_on().then(|| Change::PutMail(Box::new(self.mail(to, user, locale, letter))))
    }

    fn mail(&self, to: &EmailAddress, user: Option<UserId>, locale: Locale, letter: Letter) -> Mail {
        let now = self.parts.clock.now();
        let id = MailId::new(now, &*self.parts.random);
        let purpose = letter.purpose();
        let envelope = Envelope { locale, letter };
        Mail {
            id,
            purpose,
            user,
            to: to.clone(),
            sealed: envelope.seal(&self.parts.sealer, &*self.parts.random, id),
            state: MailState::Waiting,
            attempts: 0,
            created_at: now,
            next_at: now,
            stale_at: now.plus(letter::useful_for(purpose)),
            last: None,
        }
    }

    /// Makes notices of what happened, and begins to send what is due. Says how many attempts it began.
    pub async fn look(self: &Arc<Self>) -> StoreResult<u32> {
        self.pass_on().await?;
        let mut begun = 0;
        for mail in self.due().await? {
            if self.under_way.fetch_add(1, Ordering::SeqCst) >= AT_ONCE {
                self.under_way.fetch_sub(1, Ordering::SeqCst);
                break;
            }
            let node = Place(Arc::clone(self));
            tokio::spawn(async move {
                if let Err(error) = node.0.attempt(mail).await {
                    tracing::warn!(%error, "what became of a mail cannot be noted: it is sent again");
                }
            });
            begun += 1;
        }
        Ok(begun)
    }

    /// Does the same, and waits for every attempt. Says how many there were.
    pub async fn look_and_wait(&self) -> StoreResult<u32> {
        self.pass_on().await?;
        let mut made = 0;
        for mail in self.due().await? {
            made += u32::from(self.attempt(mail).await?);
        }
        Ok(made)
    }

    async fn due(&self) -> StoreResult<Vec<Mail>> {
        if !self.is_on() {
            return Ok(Vec::new());
        }
        let limit = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        self.parts.store.due(self.parts.clock.now(), limit).await
    }

    /// Makes notices of the entries that have their place in the log's chain since the last look.
    async fn pass_on(&self) -> StoreResult<()> {
        let Some(after) = self.parts.store.behind().await? else { return Ok(()) };
        let entries = self.parts.log.chained(after, ENTRIES).await?;
        let Some(until) = entries.last().and_then(|entry| entry.link).map(|link| link.seq) else { return Ok(()) };
        let mut notices = Vec::new();
        if self.is_on() {
            // An entry that cannot be read is the business of `haechi audit verify`.
            for event in entries.iter().filter_map(|entry| serde_json::from_str::<AuditEvent>(&entry.document).ok()) {
                notices.extend(self.notice_of(&event).await?);
            }
        }
        // Where the place moved meanwhile, another node passes them on.
        self.parts.store.pass_on(after, until, notices).await?;
        Ok(())
    }

    /// The mail that tells somebody of an entry: to the address that the account has by now, if it is there still.
    async fn notice_of(&self, event: &AuditEvent) -> StoreResult<Option<Mail>> {
        let (Some(happened), Some(id)) = (notice::of(event), event.user) else { return Ok(None) };
        let Some(user) = self.parts.users.find(id).await? else { return Ok(None) };
        // What was there from the beginning happened to nobody.
        if user.created_at == event.at {
            return Ok(None);
        }
        let letter = Letter::Notice(Notice::of(happened, event));
        Ok(Some(self.mail(&user.email, Some(id), self.locale_of(Some(&user), None), letter)))
    }

    /// Makes an attempt, unless another node does; says whether it was made.
    async fn attempt(&self, mail: Mail) -> StoreResult<bool> {
        let now = self.parts.clock.now();
        if !self.parts.store.take(&mail, now.plus(GIVEN_UP_AFTER)).await? {
            return Ok(false);
        }
        let taken = Mail { attempts: mail.attempts + 1, ..mail };
        let sent = if taken.stale_at <= now { Err(Unsent::Stale) } else { self.send(&taken).await };
        let noted = self.noted(taken, sent, self.parts.clock.now());
        self.parts.store.note(&noted).await?;
        Ok(true)
    }

    async fn send(&self, mail: &Mail) -> Result<Delivery, Unsent> {
        let rendered = self.rendered(mail).ok_or(Unsent::Unreadable)?;
        self.deliver(mail.id, &mail.to, &rendered).await
    }

    async fn deliver(&self, id: MailId, to: &EmailAddress, rendered: &Rendered) -> Result<Delivery, Unsent> {
        let name = self.transport.senders_name().map_or_else(|| rendered.service.clone(), str::to_owned);
        let message = message::build(self.transport.sender(), &name, (id, to), rendered, self.parts.clock.now())?;
        self.transport.send(message).await
    }

    /// Sends a mail that says nothing, at once and past the outbox: to hear what the mail server says of it.
    pub async fn test(&self, to: &EmailAddress, locale: Locale) -> Result<Delivery, Unsent> {
        let id = MailId::new(self.parts.clock.now(), &*self.parts.random);
        let rendered = self.render(&Letter::Test, locale, to);
        self.deliver(id, to, &rendered).await
    }

    /// Connects to the mail server and authenticates, and sends nothing. There is nothing to reach where mail goes to none.
    pub async fn reach(&self) -> Result<(), Unsent> {
        self.transport.reach().await
    }

    /// What a mail looks like; `None` where nothing is left of it.
    pub fn rendered(&self, mail: &Mail) -> Option<Rendered> {
        let envelope = Envelope::open(&self.parts.sealer, mail.id, &mail.sealed)?;
        Some(self.render(&envelope.letter, envelope.locale, &mail.to))
    }

    /// Every mail that there is, by its name, with the subject that it would have.
    pub fn samples(&self, locale: Locale, branding: &Branding) -> Vec<(&'static str, String)> {
        let service = branding.product_name.read_in(locale).unwrap_or(&self.service_name);
        let subject = |letter: &Letter| compose::subject(letter, locale, service);
        sample::all(self.parts.clock.now()).map(|(name, letter)| (name, subject(&letter))).collect()
    }

    /// One of them as it would read to somebody, by a branding that need not be saved. Its links lead to nothing.
    pub fn sample(&self, name: &str, (locale, to): (Locale, &EmailAddress), branding: &Branding) -> Option<Rendered> {
        let mut all = sample::all(self.parts.clock.now());
        let (_, letter) = all.find(|(known, _)| *known == name)?;
        Some(self.presenting(&letter, (locale, to), branding))
    }

    fn render(&self, letter: &Letter, locale: Locale, to: &EmailAddress) -> Rendered {
        self.presenting(letter, (locale, to), &self.parts.policies.seen_last().policy.branding)
    }

    fn presenting(&self, letter: &Letter, (locale, to): (Locale, &EmailAddress), branding: &Branding) -> Rendered {
        let service = branding.product_name.read_in(locale).unwrap_or(&self.service_name);
        compose::render(letter, (locale, to), &self.parts.issuer, (service, branding.accent))
    }

    /// A mail after an attempt. What it says is forgotten once nobody is to send it; where it went nowhere but into the console, it is kept to be read there.
    fn noted(&self, mail: Mail, sent: Result<Delivery, Unsent>, now: Timestamp) -> Mail {
        let kept = self.kind == MailTransport::File;
        let noted = noted(mail, sent, now);
        let over = matches!(noted.state, MailState::Sent | MailState::Dropped);
        Mail { sealed: if over && !kept { Vec::new() } else { noted.sealed.clone() }, ..noted }
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("transport", &self.kind).finish_non_exhaustive()
    }
}

/// Room for one attempt, until it is dropped.
struct Place(Arc<Mailer>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What became of a mail by an attempt. RFC 5321 section 4.2.1: 4yz, "the command was not accepted, and the requested action did not occur. However, the
/// error condition is temporary"; 5yz, "the SMTP client SHOULD NOT repeat the exact request".
fn noted(mail: Mail, sent: Result<Delivery, Unsent>, now: Timestamp) -> Mail {
    let (state, next_at) = match (&sent, schedule::pause_after(mail.attempts)) {
        (Ok(_), _) => (MailState::Sent, mail.next_at),
        (Err(Unsent::Stale), _) => (MailState::Dropped, mail.next_at),
        (Err(why), Some(pause)) if why.may_pass() => (MailState::Waiting, now.plus(pause)),
        (Err(_), _) => (MailState::Failed, mail.next_at),
    };
    let (code, problem) = match sent {
        Ok(delivery) => (delivery.code, None),
        Err(why) => (why.code(), Some(why.to_string())),
    };
    Mail { state, next_at, last: Some(MailAttempt { at: now, code, problem }), ..mail }
}

/// For how long after it is written a mail is worth sending.
pub const fn useful_for(purpose: MailPurpose) -> Duration {
    letter::useful_for(purpose)
}

#[cfg(test)]
mod tests;
