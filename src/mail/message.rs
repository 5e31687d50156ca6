//! A mail as it is written down: RFC 5322 with the parts of RFC 2046.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::compose::Rendered;
use super::outcome::Unsent;
use crate::model::user::EmailAddress;
use crate::support::Timestamp;
use crate::support::id::MailId;

/// Whom mail comes from.
pub(super) struct Sender {
    pub(super) from: EmailAddress,
    pub(super) reply_to: Option<EmailAddress>,
    /// The name of this server, for the ids of mails.
    pub(super) host: String,
}

/// A mail that can be sent.
pub(super) struct Built {
    pub(super) id: MailId,
    pub(super) message: Message,
}

/// Writes a mail down. What is in a header is an address that was checked, or a text without line breaks that the library encodes (RFC 2047): nothing in it
/// can end the header.
pub(super) fn build(
    sender: &Sender,
    name: &str,
    (id, to): (MailId, &EmailAddress),
    rendered: &Rendered,
    now: Timestamp,
) -> Result<Built, Unsent> {
    let mut message = Message::builder()
        .from(Mailbox::new(Some(one_line(name)), address(&sender.from)?))
        .to(Mailbox::new(None, address(to)?))
        .subject(one_line(&rendered.subject))
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).unwrap_or_default()))
        // The same however often it is sent, so that a mailbox may know it again.
        .message_id(Some(format!("<{id}@{}>", sender.host)));
    if let Some(reply_to) = &sender.reply_to {
        message = message.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    // RFC 3834 section 5: no program is to answer it.
    for (name, value) in [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")] {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(unwritable)?;
        message = message.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    let parts = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
    Ok(Built { id, message: message.multipart(parts).map_err(unwritable)? })
}

fn address(email: &EmailAddress) -> Result<Address, Unsent> {
    email.as_str().parse().map_err(unwritable)
}

fn unwritable(why: impl std::fmt::Display) -> Unsent {
    Unsent::Unwritable(why.to_string())
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
