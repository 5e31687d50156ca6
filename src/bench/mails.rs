//! The outbox: what was mailed in the last days, and what became of it. None of it waits: nobody who was drawn has a mailbox.

use std::time::Duration;

use super::draw::{Draw, For, spread};
use super::people::People;
use super::{Plan, SeedRejected};
use crate::model::mail::{Mail, MailAttempt, MailPurpose, MailState};
use crate::support::Timestamp;
use crate::support::id::MailId;

const DAY: Duration = Duration::from_hours(24);
/// Over how many days they are spread: the outbox keeps them a little longer.
const DAYS: u32 = 13;
/// What they are for.
const PURPOSES: &[MailPurpose] = &[
    MailPurpose::Notice,
    MailPurpose::SignIn,
    MailPurpose::VerifyAddress,
    MailPurpose::ResetPassword,
    MailPurpose::Notice,
    MailPurpose::Code,
];
/// One in so many had become stale before a mail server took it.
const DROPPED: u64 = 20;
/// RFC 5321 section 4.2.3: "Requested mail action okay, completed".
const TAKEN: u16 = 250;

/// The mails of a plan.
pub(super) struct Mails<'a> {
    pub(super) plan: &'a Plan,
    pub(super) people: &'a People,
    pub(super) now: Timestamp,
}

impl Mails<'_> {
    /// One of them: those that came about later come later.
    pub(super) fn one(&self, number: u64) -> Result<Mail, SeedRejected> {
        let draw = Draw::of(self.plan.seed, For::Mail, number);
        let at = spread((self.now.minus(DAY * DAYS), self.now), number, self.plan.mails);
        let person = draw.below(self.people.count());
        let dropped = draw.is_one_in(DROPPED);
        Ok(Mail {
            id: MailId::new(at, draw.chance()),
            purpose: draw.one_of(PURPOSES),
            user: Some(self.people.id(person)),
            to: self.people.address(person)?,
            // Nobody is to send it any more.
            sealed: Vec::new(),
            state: if dropped { MailState::Dropped } else { MailState::Sent },
            attempts: u32::from(!dropped),
            created_at: at,
            next_at: at,
            stale_at: at.plus(DAY),
            last: (!dropped).then_some(MailAttempt { at, code: Some(TAKEN), problem: None }),
        })
    }
}
