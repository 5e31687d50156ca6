//! Mail, as administrators see it: what waits, what became of it, and whether the mail server takes any.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::config::mail::MailTransport;
use crate::mail::{Delivery, Rendered, Unsent};
use crate::model::Locale;
use crate::model::audit_event::AuditKind;
use crate::model::mail::{Mail, MailCounts, MailPurpose, MailQuery, MailState};
use crate::model::user::EmailAddress;
use crate::store::{Change, Conflict, Page, StoreError};
use crate::support::Timestamp;
use crate::support::clock::rfc3339;
use crate::support::id::{MailId, UserId};

/// A mail as it is shown. What it says is not: a link in it signs in.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView<'a> {
    /// Its id, the same however often it is sent.
    #[schema(value_type = String)]
    pub id: MailId,
    /// What it is for.
    #[serde(rename = "for")]
    pub purpose: MailPurpose,
    /// Where it goes.
    pub to: &'a str,
    /// The account that it is about, where it is about one.
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// What became of it.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it came about.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it is tried next, where it waits.
    pub next_attempt_at: Option<String>,
    /// When it was tried last.
    pub last_attempt_at: Option<String>,
    /// The code that the mail server answered then: RFC 5321 section 4.2.
    pub code: Option<u16>,
    /// What was wrong then, in the words of the mail server where it had some.
    pub problem: Option<&'a str>,
}

impl<'a> From<&'a Mail> for MailView<'a> {
    fn from(mail: &'a Mail) -> Self {
        let last = mail.last.as_ref();
        Self {
            id: mail.id,
            purpose: mail.purpose,
            to: mail.to.as_str(),
            user: mail.user,
            state: mail.state,
            attempts: mail.attempts,
            created_at: mail.created_at,
            next_attempt_at: (mail.state == MailState::Waiting).then(|| mail.next_at.to_string()),
            last_attempt_at: last.map(|last| last.at.to_string()),
            code: last.and_then(|last| last.code),
            problem: last.and_then(|last| last.problem.as_deref()),
        }
    }
}

/// What came of a mail that says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailTest {
    /// A mail server took it.
    Delivered(Delivery),
    /// None did.
    NotDelivered(Unsent),
    /// It was only tried whether it would be sent.
    NotSent,
}

/// How many mails wait, and how many were given up.
pub async fn counts(admin: &Administration, authority: &Authority) -> Result<MailCounts, Rejected> {
    authority.require(Permission::ReadUsers)?;
    Ok(admin.stores().mails.counts().await?)
}

/// The mails of the last two weeks that are asked for, the newest first.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    query: &MailQuery,
    before: Option<MailId>,
    limit: u32,
) -> Result<Page<Mail>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    Ok(admin.stores().mails.list(query, before, limit).await?)
}

/// A mail.
pub async fn find(admin: &Administration, authority: &Authority, id: MailId) -> Result<Option<Mail>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    Ok(admin.stores().mails.find(id).await?)
}

/// What a mail says, where it goes nowhere but into the console: the links of mail that leaves sign in, and are nobody's but its reader's. Of an account that
/// may do more than the administrator none is shown.
pub async fn read(
    admin: &Administration,
    authority: &ProvenAuthority,
    id: MailId,
) -> Result<Option<Rendered>, Rejected> {
    authority.require(Permission::WriteUsers)?;
    let mail = admin.stores().mails.find(id).await?.ok_or(Rejected::NotFound(Aggregate::Mail))?;
    if let Some(user) = mail.user
        && let Some(user) = admin.stores().users.find(user).await?
    {
        authority.require_over(&user)?;
    }
    let mailer = &admin.accounts.mailer;
    Ok((mailer.transport() == MailTransport::File).then(|| mailer.rendered(&mail)).flatten())
}

/// Sends a mail that says nothing, at once, and answers what came of it in the words of the mail server.
pub async fn test(
    admin: &Administration,
    authority: &ProvenAuthority,
    to: &str,
    locale: Option<Locale>,
) -> Result<MailTest, Rejected> {
    authority.require(Permission::WriteSettings)?;
    let to = EmailAddress::parse(to).map_err(|_| Rejected::Invalid(vec![FieldError::Email.of("to")]))?;
    let now = admin.clock().now();
    let event = admin.event(AuditKind::MailTested, authority, now);
    admin.commit(authority, Aggregate::Mail, vec![Change::Audit(event)]).await?;
    if authority.tries() {
        return Ok(MailTest::NotSent);
    }
    let mailer = &admin.accounts.mailer;
    let sent = mailer.test(&to, mailer.locale_of(None, locale)).await;
    Ok(sent.map_or_else(MailTest::NotDelivered, MailTest::Delivered))
}

/// Sends mails again that were given up, from the beginning. Says how many: what is in another state by now stays as it is.
pub async fn retry(admin: &Administration, authority: &ProvenAuthority, mails: &[MailId]) -> Result<u64, Rejected> {
    let now = admin.clock().now();
    each(admin, authority, mails, AuditKind::MailRetried, |id| Change::RetryMail { id, now }).await
}

/// Gives mails up that were not sent: what they say is forgotten. Says how many.
pub async fn give_up(admin: &Administration, authority: &ProvenAuthority, mails: &[MailId]) -> Result<u64, Rejected> {
    let now = admin.clock().now();
    each(admin, authority, mails, AuditKind::MailDropped, |id| Change::DropMail { id, now }).await
}

async fn each(
    admin: &Administration,
    authority: &ProvenAuthority,
    mails: &[MailId],
    kind: AuditKind,
    change: impl Fn(MailId) -> Change,
) -> Result<u64, Rejected> {
    authority.require(Permission::WriteUsers)?;
    let mut done = 0;
    for id in mails {
        let event = admin.event(kind, authority, admin.clock().now()).saying(id.to_string());
        match admin.commit_by(authority, vec![change(*id), Change::Audit(event)]).await {
            Ok(()) => done += 1,
            Err(StoreError::Conflict(Conflict::Stale)) => {}
            Err(error) => return Err(Rejected::of_commit(error, Aggregate::Mail)),
        }
    }
    Ok(done)
}
