//! How a mail reads: one description of what it says, from which its two parts are made, so that they cannot say different things.

use askama::Template;

use super::letter::{Letter, Link, useful_for};
use super::notice::{Happened, Notice};
use crate::i18n::{Key, Texts, keys};
use crate::model::Locale;
use crate::model::branding::{Accent, Color, Palette, Scheme};
use crate::model::mail::MailPurpose;
use crate::model::user::EmailAddress;
use crate::protocol::issuer::Issuer;
use crate::support::Timestamp;

/// What a mail says, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The subject, which is the headline, too.
    pub subject: String,
    /// What comes first.
    pub paragraphs: Vec<String>,
    /// The button: its label, and where it leads.
    pub action: Option<(String, String)>,
    /// What is known of it, as names and values.
    pub facts: Vec<(String, String)>,
    /// What comes last, in small print.
    pub small: Vec<String>,
}

/// A mail as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// What the service is called.
    pub service: String,
    /// The subject.
    pub subject: String,
    /// The part in HTML.
    pub html: String,
    /// The part in text.
    pub text: String,
}

#[derive(Template)]
#[template(path = "mail/mail.html")]
struct HtmlPart<'a> {
    t: &'static Texts,
    service: &'a str,
    said: &'a Composed,
    light: Palette,
    dark: Palette,
    /// Why somebody gets this mail, and from where.
    foot: String,
    issuer: &'a str,
}

#[derive(Template)]
#[template(path = "mail/mail.txt", escape = "none")]
struct TextPart<'a> {
    service: &'a str,
    said: &'a Composed,
    foot: String,
    issuer: &'a str,
}

/// The accents of a service that chose none: those of its pages.
const ACCENTS: [Color; 2] = [Color::of(0x0f, 0x76, 0x6e), Color::of(0x2f, 0xb8, 0xa6)];

/// A mail as it is sent. A template that does not render has no part: the other one is sent.
pub(super) fn render(
    letter: &Letter,
    (locale, to): (Locale, &EmailAddress),
    issuer: &Issuer,
    (service, accent): (&str, Accent),
) -> Rendered {
    let t = Texts::of(locale);
    let said = Letter::compose(letter, t, issuer, service);
    let [light, dark] = accent.of_both().unwrap_or(ACCENTS);
    let foot = t.with_two(keys::mail::FOOT, "address", to.as_str(), "service", service);
    let html = HtmlPart {
        t,
        service,
        said: &said,
        light: Scheme::Light.palette(light),
        dark: Scheme::Dark.palette(dark),
        foot: foot.clone(),
        issuer: issuer.as_str(),
    };
    let text = TextPart { service, said: &said, foot, issuer: issuer.as_str() };
    Rendered {
        html: html.render().unwrap_or_default(),
        text: text.render().unwrap_or_default(),
        service: service.to_owned(),
        subject: said.subject,
    }
}

impl Letter {
    /// What the letter says. The origin of every link is the configured issuer's, whatever host was asked for.
    fn compose(&self, t: &Texts, issuer: &Issuer, service: &str) -> Composed {
        let mail = Writing { t, issuer, service };
        match self {
            Self::Test => mail.plain(keys::mail::TEST_SUBJECT, keys::mail::TEST),
            Self::VerifyAddress(link) => mail.leading(
                (keys::mail::VERIFY_SUBJECT, keys::mail::VERIFY),
                link,
                keys::mail::VERIFY_ACTION,
                MailPurpose::VerifyAddress,
            ),
            Self::NewAddress(link) => mail.leading(
                (keys::mail::NEW_ADDRESS_SUBJECT, keys::mail::NEW_ADDRESS),
                link,
                keys::mail::NEW_ADDRESS_ACTION,
                MailPurpose::NewAddress,
            ),
            Self::AddressChanged { now, undo } => mail.address_changed(now, undo.as_ref()),
            Self::ResetPassword(link) => mail.leading(
                (keys::mail::RESET_SUBJECT, keys::mail::RESET),
                link,
                keys::mail::RESET_ACTION,
                MailPurpose::ResetPassword,
            ),
            Self::ResetByAdministrator(link) => mail.leading(
                (keys::mail::RESET_SUBJECT, keys::mail::RESET_BY_ADMINISTRATOR),
                link,
                keys::mail::RESET_ACTION,
                MailPurpose::ResetPassword,
            ),
            Self::Invitation(link) => mail.leading(
                (keys::mail::INVITATION_SUBJECT, keys::mail::INVITATION),
                link,
                keys::mail::INVITATION_ACTION,
                MailPurpose::Invitation,
            ),
            Self::Notice(notice) => mail.notice(notice),
        }
    }
}

/// What every letter is written with.
struct Writing<'a> {
    t: &'a Texts,
    issuer: &'a Issuer,
    service: &'a str,
}

impl Writing<'_> {
    fn said(&self, key: Key) -> String {
        self.t.with(key, "service", self.service)
    }

    fn plain(&self, subject: Key, text: Key) -> Composed {
        Composed {
            subject: self.said(subject),
            paragraphs: vec![self.said(text)],
            action: None,
            facts: Vec::new(),
            small: Vec::new(),
        }
    }

    /// A letter with a link.
    fn leading(&self, (subject, text): (Key, Key), link: &Link, label: Key, purpose: MailPurpose) -> Composed {
        let hours = useful_for(purpose).as_secs() / 3600;
        let lasts = match hours {
            hours @ 0..=48 => self.t.counted(keys::mail::LASTS_HOURS, "n", hours.max(1)),
            hours => self.t.counted(keys::mail::LASTS_DAYS, "n", hours / 24),
        };
        Composed {
            action: Some((self.t.get(label), self.issuer.url(&link.local()))),
            small: vec![lasts, self.t.get(keys::mail::NOT_ME)],
            ..self.plain(subject, text)
        }
    }

    fn address_changed(&self, now: &str, undo: Option<&Link>) -> Composed {
        let told = self.plain(keys::mail::ADDRESS_CHANGED_SUBJECT, keys::mail::ADDRESS_CHANGED);
        let facts = vec![(self.t.get(keys::mail::FACT_ADDRESS), now.to_owned())];
        let Some(undo) = undo else {
            return Composed { facts, small: vec![self.t.get(keys::mail::ASK_FOR_HELP)], ..told };
        };
        let days = useful_for(MailPurpose::AddressChanged).as_secs() / 3600 / 24;
        Composed {
            facts,
            action: Some((self.t.get(keys::mail::ADDRESS_CHANGED_ACTION), self.issuer.url(&undo.local()))),
            small: vec![self.t.counted(keys::mail::ADDRESS_CHANGED_UNDO, "n", days)],
            ..told
        }
    }

    fn notice(&self, notice: &Notice) -> Composed {
        let (subject, text) = texts_of(notice.happened);
        let mut facts = vec![(self.t.get(keys::mail::FACT_WHEN), moment(notice.at))];
        facts.extend(notice.address.as_ref().map(|address| (self.t.get(keys::mail::FACT_FROM), address.clone())));
        let told = self.plain(subject, text);
        let by_others = notice.by_others.then(|| self.t.get(keys::mail::BY_ADMINISTRATOR));
        // Who can still sign in can look; to an account that is gone nothing leads.
        let gone = matches!(notice.happened, Happened::Deleted | Happened::Disabled);
        let security = || (self.t.get(keys::mail::TO_SECURITY), self.issuer.url("/account/security"));
        Composed {
            paragraphs: told.paragraphs.into_iter().chain(by_others).collect(),
            facts,
            action: (!gone).then(security),
            small: vec![self.t.get(if notice.by_others { keys::mail::ASK_FOR_HELP } else { keys::mail::WAS_IT_YOU })],
            subject: told.subject,
        }
    }
}

const fn texts_of(happened: Happened) -> (Key, Key) {
    use keys::mail as text;
    match happened {
        Happened::PasswordChanged => (text::PASSWORD_CHANGED_SUBJECT, text::PASSWORD_CHANGED),
        Happened::PasswordReset => (text::PASSWORD_RESET_SUBJECT, text::PASSWORD_RESET),
        Happened::LinkAdded => (text::LINK_ADDED_SUBJECT, text::LINK_ADDED),
        Happened::LinkRemoved => (text::LINK_REMOVED_SUBJECT, text::LINK_REMOVED),
        Happened::PasskeyAdded => (text::PASSKEY_ADDED_SUBJECT, text::PASSKEY_ADDED),
        Happened::PasskeyRemoved => (text::PASSKEY_REMOVED_SUBJECT, text::PASSKEY_REMOVED),
        Happened::PasskeySuspected => (text::PASSKEY_SUSPECTED_SUBJECT, text::PASSKEY_SUSPECTED),
        Happened::FactorAdded => (text::FACTOR_ADDED_SUBJECT, text::FACTOR_ADDED),
        Happened::FactorRemoved => (text::FACTOR_REMOVED_SUBJECT, text::FACTOR_REMOVED),
        Happened::FactorsReset => (text::FACTORS_RESET_SUBJECT, text::FACTORS_RESET),
        Happened::RecoveryCodeUsed => (text::RECOVERY_CODE_USED_SUBJECT, text::RECOVERY_CODE_USED),
        Happened::RecoveryCodesRenewed => (text::RECOVERY_CODES_RENEWED_SUBJECT, text::RECOVERY_CODES_RENEWED),
        Happened::Recovered => (text::RECOVERED_SUBJECT, text::RECOVERED),
        Happened::AddressRestored => (text::ADDRESS_RESTORED_SUBJECT, text::ADDRESS_RESTORED),
        Happened::Disabled => (text::DISABLED_SUBJECT, text::DISABLED),
        Happened::Enabled => (text::ENABLED_SUBJECT, text::ENABLED),
        Happened::SignedOut => (text::SIGNED_OUT_SUBJECT, text::SIGNED_OUT),
        Happened::NewSignIn => (text::NEW_SIGN_IN_SUBJECT, text::NEW_SIGN_IN),
        Happened::Deleted => (text::DELETED_SUBJECT, text::DELETED),
    }
}

/// A moment as everybody can read it: the day and the minute, in UTC.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or(time))
}
