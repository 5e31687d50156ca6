//! How a mail reads: what each letter is filled in with, in the words of its language.
//!
//! Owns the subject, and what of the words depends on the letter. Leaves how they stand to [`messages`](super::messages): a file for HTML and one for text each.

use super::letter::{Letter, Link, useful_for};
use super::messages::{self, Parts, Writing};
use super::notice::{Happened, Notice};
use crate::i18n::{Key, Texts, keys};
use crate::model::Locale;
use crate::model::branding::{Accent, Color, Scheme};
use crate::model::mail::MailPurpose;
use crate::model::user::EmailAddress;
use crate::protocol::issuer::Issuer;
use crate::support::Timestamp;

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
    let [light, dark] = accent.of_both().unwrap_or(ACCENTS);
    let writing = Writing {
        t,
        service,
        issuer: issuer.as_str(),
        subject: subject(letter, locale, service),
        light: Scheme::Light.palette(light),
        dark: Scheme::Dark.palette(dark),
        foot: t.with_two(foot_of(letter), "address", to.as_str(), "service", service),
    };
    let Parts { html, text } = Composing { w: &writing, issuer }.written(letter);
    Rendered { service: service.to_owned(), subject: writing.subject, html, text }
}

/// The subject of a mail.
pub(super) fn subject(letter: &Letter, locale: Locale, service: &str) -> String {
    Texts::of(locale).with(subject_of(letter), "service", service)
}

/// A message that is filled in.
struct Composing<'a> {
    w: &'a Writing<'a>,
    issuer: &'a Issuer,
}

impl Composing<'_> {
    fn written(&self, letter: &Letter) -> Parts {
        use keys::mail as text;
        let Self { w, .. } = *self;
        match letter {
            Letter::Test => messages::test(w),
            Letter::VerifyAddress(link) => {
                self.by_link(link, MailPurpose::VerifyAddress, (text::VERIFY, text::VERIFY_ACTION))
            }
            Letter::NewAddress(link) => {
                self.by_link(link, MailPurpose::NewAddress, (text::NEW_ADDRESS, text::NEW_ADDRESS_ACTION))
            }
            Letter::AddressChanged { now, undo } => {
                let days = useful_for(MailPurpose::AddressChanged).as_secs() / 3600 / 24;
                let until = w.t.counted(text::ADDRESS_CHANGED_UNDO, "n", days);
                let now = [(w.t.get(text::FACT_ADDRESS), now.clone())];
                messages::address_changed(w, &now, &undo.as_ref().map(|undo| self.url(undo)), &until)
            }
            Letter::ResetPassword(link) => {
                self.by_link(link, MailPurpose::ResetPassword, (text::RESET, text::RESET_ACTION))
            }
            Letter::ResetByAdministrator(link) => {
                self.by_link(link, MailPurpose::ResetPassword, (text::RESET_BY_ADMINISTRATOR, text::RESET_ACTION))
            }
            Letter::Invitation(link) => {
                self.by_link(link, MailPurpose::Invitation, (text::INVITATION, text::INVITATION_ACTION))
            }
            Letter::SignUp { link, code } => {
                messages::sign_up(w, &self.url(link), code, &self.lasts(MailPurpose::SignUp))
            }
            Letter::SignUpTaken => {
                let (said, action) = (w.said(text::SIGN_UP_TAKEN), w.t.get(text::SIGN_IN_ACTION));
                messages::link(w, &said, &action, &self.issuer.url("/login"), &w.t.get(text::SIGN_UP_TAKEN_FORGOT))
            }
            Letter::SignIn { link, code } => {
                messages::sign_in(w, &self.url(link), code, &self.lasts(MailPurpose::SignIn))
            }
            Letter::Code { code } => messages::code(w, code, &self.lasts(MailPurpose::Code)),
            Letter::Notice(notice) => self.notice(notice),
        }
    }

    fn by_link(&self, link: &Link, purpose: MailPurpose, (said, action): (Key, Key)) -> Parts {
        let Self { w, .. } = *self;
        messages::link(w, &w.said(said), &w.t.get(action), &self.url(link), &self.lasts(purpose))
    }

    /// Where a link leads. Its origin is the configured issuer's, whatever host was asked for.
    fn url(&self, link: &Link) -> String {
        self.issuer.url(&link.local())
    }

    /// For how long what is mailed for this works.
    fn lasts(&self, purpose: MailPurpose) -> String {
        let minutes = useful_for(purpose).as_secs() / 60;
        let (key, n) = match (purpose, minutes) {
            (MailPurpose::Code, minutes) => (keys::mail::CODE_LASTS, minutes),
            (MailPurpose::SignIn | MailPurpose::SignUp, minutes) => (keys::mail::SIGN_IN_LASTS, minutes),
            (_, minutes @ 0..=59) => (keys::mail::LASTS_MINUTES, minutes),
            (_, minutes @ 60..=2880) => (keys::mail::LASTS_HOURS, minutes / 60),
            (_, minutes) => (keys::mail::LASTS_DAYS, minutes / 60 / 24),
        };
        self.w.t.counted(key, "n", n)
    }

    fn notice(&self, notice: &Notice) -> Parts {
        let Self { w, issuer } = *self;
        let mut facts = vec![(w.t.get(keys::mail::FACT_WHEN), moment(notice.at))];
        facts.extend(notice.address.as_ref().map(|address| (w.t.get(keys::mail::FACT_FROM), address.clone())));
        let by_others = notice.by_others.then(|| w.t.get(keys::mail::BY_ADMINISTRATOR));
        // Who can still sign in can look; to an account that is gone nothing leads.
        let gone = matches!(notice.happened, Happened::Deleted | Happened::Disabled);
        let security = (!gone).then(|| issuer.url("/account/security"));
        let small = match notice.happened {
            _ if notice.by_others => keys::mail::ASK_FOR_HELP,
            Happened::PasswordsHeldBack => keys::mail::HELD_BACK_ADVICE,
            _ => keys::mail::WAS_IT_YOU,
        };
        let said = w.said(texts_of(notice.happened).1);
        messages::notice(w, &said, &by_others, &facts, &security, &w.t.get(small))
    }
}

/// Why somebody gets a mail: of who signed up it is not known yet whether the address is theirs.
const fn foot_of(letter: &Letter) -> Key {
    match letter {
        Letter::SignUp { .. } => keys::mail::FOOT_SIGN_UP,
        _ => keys::mail::FOOT,
    }
}

const fn subject_of(letter: &Letter) -> Key {
    use keys::mail as text;
    match letter {
        Letter::Test => text::TEST_SUBJECT,
        Letter::VerifyAddress(_) => text::VERIFY_SUBJECT,
        Letter::NewAddress(_) => text::NEW_ADDRESS_SUBJECT,
        Letter::AddressChanged { .. } => text::ADDRESS_CHANGED_SUBJECT,
        Letter::ResetPassword(_) | Letter::ResetByAdministrator(_) => text::RESET_SUBJECT,
        Letter::Invitation(_) => text::INVITATION_SUBJECT,
        Letter::SignUp { .. } => text::SIGN_UP_SUBJECT,
        Letter::SignUpTaken => text::SIGN_UP_TAKEN_SUBJECT,
        Letter::SignIn { .. } => text::SIGN_IN_SUBJECT,
        Letter::Code { .. } => text::CODE_SUBJECT,
        Letter::Notice(notice) => texts_of(notice.happened).0,
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
        Happened::PreparedEnded => (text::PREPARED_ENDED_SUBJECT, text::PREPARED_ENDED),
        Happened::AddressRestored => (text::ADDRESS_RESTORED_SUBJECT, text::ADDRESS_RESTORED),
        Happened::Disabled => (text::DISABLED_SUBJECT, text::DISABLED),
        Happened::Enabled => (text::ENABLED_SUBJECT, text::ENABLED),
        Happened::SignedOut => (text::SIGNED_OUT_SUBJECT, text::SIGNED_OUT),
        Happened::NewSignIn => (text::NEW_SIGN_IN_SUBJECT, text::NEW_SIGN_IN),
        Happened::PasswordsHeldBack => (text::PASSWORDS_HELD_BACK_SUBJECT, text::PASSWORDS_HELD_BACK),
        Happened::CodesHeldBack => (text::CODES_HELD_BACK_SUBJECT, text::CODES_HELD_BACK),
        Happened::Deleted => (text::DELETED_SUBJECT, text::DELETED),
    }
}

/// A moment as everybody can read it: the day and the minute, in UTC.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or(time))
}
