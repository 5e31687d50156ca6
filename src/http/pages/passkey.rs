//! The part of a page that asks the browser for a passkey, and what it says of one that was refused.
//!
//! Owns what `static/passkeys.mjs` is given, in attributes of the form that it fills in. Leaves what an answer is worth to `identity`.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::context::Context;
use super::moments::day;
use super::passkey_mark::mark_of;
use super::problems::Shown;
use super::view::Form;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};
use crate::identity::accounts::Presented;
use crate::identity::passkeys::{CHALLENGE, Ceremony, PasskeyRejected, kind_of};
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::passkey::{Backup, Passkey};
use crate::protocol::Params;
use crate::store::StoreResult;

/// Where a sign-in by passkey is sent.
const PATH: &str = "/login/passkey";
/// Where an account that is made by one is.
const SIGN_UP_PATH: &str = "/signup/passkey";
/// Where an invitation is accepted by one.
const INVITATION_PATH: &str = "/reset/passkey";
/// Where the script of a page that stood open for long asks for another question.
const QUESTION_PATH: &str = "/passkeys/question";
/// The fields of an answer.
pub(super) const TICKET_FIELD: &str = "ticket";
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
    /// A hidden field that goes along; without one the tick that asks to stay signed in does.
    pub(super) along: Option<(&'static str, String)>,
    /// There is no other way on the page.
    pub(super) alone: bool,
    /// Where another question is asked for once this one counts no more.
    pub(super) question: String,
    /// The hidden token of what asks for it.
    pub(super) question_csrf: String,
    /// For how many seconds it counts.
    pub(super) lives: u64,
}

impl Prompt {
    /// The one of the login page; `None` where nobody signs in by passkey.
    pub(super) async fn to_sign_in(
        context: &Context,
        flow: Option<&FlowView>,
        signal: Option<String>,
    ) -> StoreResult<Option<Self>> {
        let asked = context.app.passkeys.ask(context.visitor.browser.digest()).await?;
        Ok(asked.map(|asked| Self::in_flow(context, flow, asked, (PATH, keys::passkey::SIGN_IN), signal)))
    }

    /// The one of the sign-up page; `None` where nobody makes an account by passkey.
    pub(super) async fn to_sign_up(
        context: &Context,
        flow: Option<&FlowView>,
        signal: Option<String>,
    ) -> StoreResult<Option<Self>> {
        let asked = context.app.passkeys.ask_to_sign_up(context.visitor.browser.digest()).await?;
        Ok(asked.map(|asked| Self::in_flow(context, flow, asked, (SIGN_UP_PATH, keys::passkey::SIGN_UP), signal)))
    }

    /// The one of a link that a passkey is made by; `None` where the link is another, or nobody is given a passkey.
    pub(super) async fn to_accept(
        context: &Context,
        presented: &Presented,
        signal: Option<String>,
    ) -> StoreResult<Option<Self>> {
        let asked = context.app.passkeys.ask_to_accept(presented, context.visitor.browser.digest()).await?;
        let label = match presented.purpose() {
            OneTimeTokenPurpose::Recovery => keys::passkey::CREATE,
            _ => keys::passkey::ACCEPT,
        };
        Ok(asked.map(|asked| Self::in_flow(context, None, asked, (INVITATION_PATH, label), signal)))
    }

    fn in_flow(
        context: &Context,
        flow: Option<&FlowView>,
        asked: Ceremony,
        (path, label): (&str, Key),
        signal: Option<String>,
    ) -> Self {
        let prompt = Self::of(context, asked, (path, context.form(path, flow)), context.texts(flow).get(label));
        Self { signal: signal.unwrap_or_default(), ..prompt }
    }

    /// The one that asks this, and sends the answer to one of our paths.
    pub(super) fn of(context: &Context, asked: Ceremony, (path, form): (&str, Form), label: String) -> Self {
        Self {
            action: context.app.issuer.local(path),
            form,
            options: asked.options,
            ticket: asked.ticket,
            label,
            signal: String::new(),
            along: None,
            alone: false,
            question: context.app.issuer.local(QUESTION_PATH),
            question_csrf: context.csrf(QUESTION_PATH),
            lives: CHALLENGE.as_secs(),
        }
    }

    /// The same, with a hidden field.
    pub(super) fn with(self, name: &'static str, value: String) -> Self {
        Self { along: Some((name, value)), ..self }
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

/// "This passkey signs in to nothing here": section 5.1.10.1, so that the browser no longer offers it.
pub(super) fn unknown(context: &Context, sent: &Answer) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_str(&sent.answer).ok()?;
    let id = answer.get("id")?.as_str()?;
    let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
    let rp_id = context.app.passkeys.rp_id();
    Some(json!({"signalUnknownCredential": {"rpId": rp_id, "credentialId": URL_SAFE_NO_PAD.encode(bytes)}}).to_string())
}

/// Why nobody uses a passkey here, where nobody does: browsers have none for the issuer, or it was decided so.
pub(super) async fn why_none(context: &Context) -> StoreResult<Option<Key>> {
    let passkeys = &context.app.passkeys;
    let why = if passkeys.are_possible() { keys::passkey::OFF } else { keys::passkey::IMPOSSIBLE };
    Ok((!passkeys.are_offered().await?).then_some(why))
}

/// A passkey, as a page shows it.
pub(super) struct PasskeyRow {
    pub(super) id: String,
    pub(super) name: String,
    /// What kind it is, where its name does not say so.
    pub(super) kind: Option<&'static str>,
    /// What is drawn beside it.
    pub(super) mark: String,
    pub(super) backup: String,
    /// That its key is in hardware, where that was proved when it was made.
    pub(super) hardware: Option<String>,
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
        let kind = kind_of(passkey.aaguid);
        Self {
            id: passkey.id.to_string(),
            name: passkey.name.clone(),
            kind: kind.map(|kind| kind.name).filter(|name| *name != passkey.name),
            mark: mark_of(kind.map(|kind| kind.family)),
            backup: t.get(backup),
            hardware: passkey.protection.is_hardware().then(|| t.get(keys::passkey::HARDWARE)),
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
        PasskeyRejected::SwitchedOff => (StatusCode::CONFLICT, keys::passkey::OFF),
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
        PasskeyRejected::NotListed(error) => {
            tracing::info!(%error, "a passkey was refused, as its authenticator is not listed");
            (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::NOT_LISTED)
        }
        PasskeyRejected::Ended => (StatusCode::CONFLICT, keys::passkey::ENDED),
    };
    Ok(Shown::saying(status, t.get(text)))
}
