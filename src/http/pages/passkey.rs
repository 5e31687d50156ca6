//! The part of a page that asks the browser for a passkey, and what it says of one that was refused.
//!
//! Owns what `static/passkeys.mjs` is given, in attributes of the form that it fills in. Leaves what an answer is worth to `identity`.

use axum::http::StatusCode;

use super::context::Context;
use super::moments::day;
use super::problems::Shown;
use super::view::Form;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};
use crate::identity::passkeys::{Ceremony, PasskeyRejected, kind_of};
use crate::model::passkey::{Backup, Passkey};
use crate::protocol::Params;

/// Where a sign-in by passkey is sent.
pub(super) const PATH: &str = "/login/passkey";
/// The fields of an answer.
const TICKET_FIELD: &str = "ticket";
const ANSWER_FIELD: &str = "answer";

/// A form that the script fills in with what the browser answers.
pub(super) struct Prompt {
    pub(super) action: String,
    pub(super) form: Form,
    /// The options of the browser's question.
    pub(super) options: String,
    pub(super) ticket: String,
    /// What the button says.
    pub(super) label: String,
    /// The passkeys that this browser should forget, or all that it should know: the Signal API (section 5.1.10), as JSON.
    pub(super) signal: String,
}

impl Prompt {
    /// The one of the login page; `None` where browsers have no passkeys for the issuer.
    pub(super) fn to_sign_in(context: &Context, flow: Option<&FlowView>, signal: Option<String>) -> Option<Self> {
        let asked = context.app.passkeys.ask(context.visitor.browser.digest())?;
        let t = context.texts(flow);
        let form = context.form(PATH, flow);
        Some(Self {
            signal: signal.unwrap_or_default(),
            ..Self::of(asked, context.app.issuer.local(PATH), form, t.get(keys::passkey::SIGN_IN))
        })
    }

    /// The one that asks this, and sends the answer there.
    pub(super) fn of(asked: Ceremony, action: String, form: Form, label: String) -> Self {
        Self { action, form, options: asked.options, ticket: asked.ticket, label, signal: String::new() }
    }
}

/// What the script sent: the ticket, and what the browser answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) ticket: String,
    pub(super) answer: String,
}

impl Answer {
    /// Of a form; `None` where it has none.
    pub(super) fn of(params: &Params) -> Option<Self> {
        let text = |name| params.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
        Some(Self { ticket: text(TICKET_FIELD)?, answer: text(ANSWER_FIELD)? })
    }
}

/// A passkey, as a page shows it.
pub(super) struct PasskeyRow {
    pub(super) id: String,
    pub(super) name: String,
    /// What kind it is, where its name does not say so.
    pub(super) kind: Option<&'static str>,
    pub(super) backup: String,
    pub(super) added: String,
    pub(super) used: Option<String>,
}

impl PasskeyRow {
    pub(super) fn of(t: &Texts, passkey: &Passkey) -> Self {
        let backup = match passkey.backup {
            Backup::DeviceBound => keys::passkey::DEVICE_BOUND,
            Backup::Eligible => keys::passkey::NOT_SYNCED,
            Backup::BackedUp => keys::passkey::SYNCED,
        };
        Self {
            id: passkey.id.to_string(),
            name: passkey.name.clone(),
            kind: kind_of(passkey.aaguid).filter(|kind| *kind != passkey.name),
            backup: t.get(backup),
            added: t.with(keys::passkey::ADDED, "when", &day(passkey.created_at)),
            used: passkey.last_used_at.map(|at| t.with(keys::passkey::USED, "when", &day(at))),
        }
    }
}

/// What a page says of a passkey that was not used, or not added.
pub(super) fn refused(t: &Texts, why: PasskeyRejected) -> Result<Shown, PageError> {
    let (status, text): (StatusCode, Key) = match why {
        PasskeyRejected::Store(error) => return Err(error.into()),
        PasskeyRejected::Impossible => (StatusCode::CONFLICT, keys::passkey::IMPOSSIBLE),
        PasskeyRejected::TooLate | PasskeyRejected::Ticket | PasskeyRejected::Replayed => {
            (StatusCode::CONFLICT, keys::passkey::TOO_LATE)
        }
        PasskeyRejected::Unknown => (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::UNKNOWN),
        PasskeyRejected::OtherAccount => (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::OTHER_ACCOUNT),
        PasskeyRejected::NotVerified => (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::NOT_VERIFIED),
        PasskeyRejected::Malformed => (StatusCode::BAD_REQUEST, keys::passkey::WRONG),
        PasskeyRejected::Wrong(error) => {
            tracing::warn!(%error, "a passkey was refused");
            (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::WRONG)
        }
        PasskeyRejected::Suspected => (StatusCode::FORBIDDEN, keys::passkey::SUSPECTED),
        PasskeyRejected::Disabled => (StatusCode::FORBIDDEN, keys::sign_in::DISABLED),
        PasskeyRejected::Taken => (StatusCode::CONFLICT, keys::passkey::TAKEN),
        PasskeyRejected::Full => (StatusCode::CONFLICT, keys::passkey::FULL),
        PasskeyRejected::NotDiscoverable => (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::NOT_DISCOVERABLE),
        PasskeyRejected::Ended => (StatusCode::CONFLICT, keys::passkey::ENDED),
    };
    Ok(Shown::saying(status, t.get(text)))
}
