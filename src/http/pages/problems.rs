//! What is wrong with a form, in the user's language, beside the field it is about.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Frame, with_status};
use crate::http::error::{PageError, put_retry_after};
use crate::http::problem::{Problem, ProblemKind};
use crate::i18n::{Key, Texts, keys};
use crate::identity::accounts::{
    AccountRejected, AskRejected, ChangeAddressRejected, ChangePasswordRejected, ClaimRejected, CodeRejected,
    FactorRejected, LinkRejected, MAX_NAME_CHARS, ResetRejected, SignInRejected, SignUpRejected,
};
use crate::identity::password::PasswordRejected;
use crate::support::line::LineRejected;

/// The texts beside the fields; empty where nothing is wrong.
#[derive(Debug, Default)]
pub(super) struct FieldTexts {
    /// Above the form; read first.
    pub(super) summary: Option<String>,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) current: String,
}

impl FieldTexts {
    /// Says beside its field what is wrong with a new account. The language comes from the page, and stands beside the name if it is ever refused.
    fn mark(&mut self, t: &Texts, rejected: AccountRejected) {
        match rejected {
            AccountRejected::Email => self.email = t.get(keys::form::PROBLEM_EMAIL),
            AccountRejected::Name(_) | AccountRejected::Locale => self.name = name(t),
            AccountRejected::Password(why) => self.password = password(t, why),
        }
    }
}

/// A form shown again.
#[derive(Debug)]
pub(super) struct Shown {
    texts: FieldTexts,
    /// Whether the summary is about what was typed: the fields then point at it.
    pub(super) typed_wrong: bool,
    /// Whether the browser has to work for the next try.
    pub(super) asks_work: bool,
    manner: Manner,
}

/// How a page is answered on which a form is shown, for the first time or again.
#[derive(Debug)]
pub(super) struct Manner {
    status: StatusCode,
    retry_after: Option<Duration>,
}

impl Manner {
    /// The page, answered in this manner.
    pub(super) fn answer(self, template: &impl askama::Template, frame: &Frame) -> Response {
        let mut response = with_status(self.status, template, frame);
        put_retry_after(response.headers_mut(), self.retry_after);
        response
    }

    /// Another page, answered in this manner.
    pub(super) fn status_of(self, mut response: Response) -> Response {
        *response.status_mut() = self.status;
        put_retry_after(response.headers_mut(), self.retry_after);
        response
    }
}

impl Shown {
    /// What a page says of its form, and how it is answered.
    pub(super) fn parts(problem: Option<Self>) -> (FieldTexts, Manner) {
        let fine = Manner { status: StatusCode::OK, retry_after: None };
        problem.map_or_else(|| (FieldTexts::default(), fine), |shown| (shown.texts, shown.manner))
    }

    fn summary(status: StatusCode, text: String) -> Self {
        let texts = FieldTexts { summary: Some(text), ..FieldTexts::default() };
        Self { texts, typed_wrong: false, asks_work: false, manner: Manner { status, retry_after: None } }
    }

    /// A text above the form, and nothing beside its fields.
    pub(super) fn saying(status: StatusCode, text: String) -> Self {
        Self::summary(status, text)
    }

    /// Fields are marked, by the page itself.
    pub(super) fn marked(t: &Texts) -> Self {
        Self::field(t, |_| ())
    }

    /// The field of the address is marked, with what is wrong with it.
    pub(super) fn beside_email(t: &Texts, text: String) -> Self {
        Self::field(t, |texts| texts.email = text)
    }

    /// A page that asks for a proof: nothing is wrong, and nothing was done.
    pub(super) fn asking() -> Self {
        let manner = Manner { status: StatusCode::FORBIDDEN, retry_after: None };
        Self { texts: FieldTexts::default(), typed_wrong: false, asks_work: false, manner }
    }

    fn after(mut self, span: Duration) -> Self {
        self.manner.retry_after = Some(span);
        self
    }

    fn field(t: &Texts, set: impl FnOnce(&mut FieldTexts)) -> Self {
        let mut shown = Self::summary(StatusCode::UNPROCESSABLE_ENTITY, t.get(keys::form::PROBLEM_SUMMARY));
        set(&mut shown.texts);
        shown
    }

    pub(super) fn throttled(t: &Texts, key: Key, span: Duration) -> Self {
        let text = t.with(key, "wait", &t.wait(span));
        Self::summary(StatusCode::TOO_MANY_REQUESTS, text).after(span)
    }

    fn for_work(t: &Texts, key: Key) -> Self {
        Self { asks_work: true, ..Self::summary(StatusCode::FORBIDDEN, t.get(key)) }
    }

    /// Whether nobody looked at what was sent, because too many wait.
    pub(super) fn is_busy(&self) -> bool {
        self.manner.status == StatusCode::SERVICE_UNAVAILABLE
    }

    fn busy(t: &Texts, key: Key, span: Duration) -> Self {
        Self::summary(StatusCode::SERVICE_UNAVAILABLE, t.get(key)).after(span)
    }
}

/// Why a sign-in is refused.
pub(super) fn of_sign_in(t: &Texts, rejected: SignInRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        // Which of the two is wrong is not told: both are marked.
        SignInRejected::WrongCredentials => {
            Shown { typed_wrong: true, ..Shown::summary(StatusCode::UNPROCESSABLE_ENTITY, t.get(keys::sign_in::WRONG)) }
        }
        SignInRejected::SwitchedOff => Shown::summary(StatusCode::FORBIDDEN, t.get(keys::sign_in::NO_PASSWORDS)),
        SignInRejected::Disabled => Shown::summary(StatusCode::FORBIDDEN, t.get(keys::sign_in::DISABLED)),
        SignInRejected::Throttled { retry_after } => Shown::throttled(t, keys::sign_in::THROTTLED, retry_after),
        SignInRejected::Work => Shown::for_work(t, keys::work::PASSWORD),
        SignInRejected::Busy { retry_after } => Shown::busy(t, keys::sign_in::BUSY, retry_after),
        SignInRejected::Store(error) => return Err(error.into()),
    })
}

/// Why the account that a pending link is for was not proved.
pub(super) fn of_proof(t: &Texts, rejected: SignInRejected) -> Result<Shown, PageError> {
    match rejected {
        SignInRejected::WrongCredentials => {
            let text = t.get(keys::upstream::CONFIRM_WRONG);
            Ok(Shown { typed_wrong: true, ..Shown::summary(StatusCode::UNPROCESSABLE_ENTITY, text) })
        }
        other => of_sign_in(t, other),
    }
}

/// Why an account that there is did not become administrator.
pub(super) fn of_claim(t: &Texts, rejected: SignInRejected) -> Result<Shown, PageError> {
    match rejected {
        SignInRejected::WrongCredentials => {
            Ok(Shown::field(t, |texts| texts.password = t.get(keys::claim::PASSWORD_WRONG)))
        }
        other => of_sign_in(t, other),
    }
}

/// Why a signed-in user did not authenticate once more.
pub(super) fn of_confirmation(t: &Texts, rejected: SignInRejected) -> Result<Shown, PageError> {
    match rejected {
        SignInRejected::WrongCredentials => {
            Ok(Shown::field(t, |texts| texts.current = t.get(keys::form::PROBLEM_PASSWORD_WRONG)))
        }
        other => of_sign_in(t, other),
    }
}

/// Why a code does not prove an account.
pub(super) fn of_code(t: &Texts, recovery: bool, rejected: CodeRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        CodeRejected::Wrong => {
            let key = if recovery { keys::second_step::WRONG_RECOVERY } else { keys::second_step::WRONG };
            Shown::field(t, |texts| texts.current = t.get(key))
        }
        CodeRejected::Throttled { retry_after } => Shown::throttled(t, keys::second_step::THROTTLED, retry_after),
        CodeRejected::Work => Shown::for_work(t, keys::work::CODE),
        CodeRejected::Spent => Shown::summary(StatusCode::GONE, t.get(keys::by_mail::CODE_SPENT)),
        CodeRejected::Ended => return Err(ProblemKind::FlowGone.into()),
        CodeRejected::Store(error) => return Err(error.into()),
    })
}

/// Why a code that was mailed does not count.
pub(super) fn of_mailed_code(t: &Texts, rejected: CodeRejected) -> Result<Shown, PageError> {
    match rejected {
        CodeRejected::Wrong => Ok(Shown::field(t, |texts| texts.current = t.get(keys::by_mail::CODE_WRONG))),
        CodeRejected::Throttled { retry_after } => Ok(Shown::throttled(t, keys::by_mail::CODE_THROTTLED, retry_after)),
        other => of_code(t, false, other),
    }
}

/// Why an app was not added, renamed or removed.
pub(super) fn of_factor(t: &Texts, rejected: FactorRejected) -> Result<Shown, PageError> {
    let saying = |text| Shown::summary(StatusCode::CONFLICT, text);
    Ok(match rejected {
        FactorRejected::WrongCode => Shown::field(t, |texts| texts.current = t.get(keys::second_step::WRONG_NEW)),
        FactorRejected::Name(why) => Shown::field(t, |texts| texts.name = line(t, why)),
        FactorRejected::Full { max } => saying(t.with(keys::second_step::FULL, "max", &max.to_string())),
        FactorRejected::SwitchedOff => saying(t.get(keys::second_step::OFF)),
        FactorRejected::Needed => saying(t.get(keys::second_step::NEEDED)),
        FactorRejected::Gone => return Err(ProblemKind::FlowGone.into()),
        FactorRejected::Store(error) => return Err(error.into()),
    })
}

/// Why no account was made.
pub(super) fn of_sign_up(t: &Texts, rejected: SignUpRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        SignUpRejected::SwitchedOff => return Err(Problem::new(ProblemKind::Forbidden).into()),
        SignUpRejected::OtherDomain => Shown::field(t, |texts| texts.email = t.get(keys::form::PROBLEM_DOMAIN)),
        SignUpRejected::Fields(found) => Shown::field(t, |texts| found.into_iter().for_each(|one| texts.mark(t, one))),
        SignUpRejected::EmailTaken => Shown::field(t, |texts| texts.email = t.get(keys::form::PROBLEM_EMAIL_TAKEN)),
        SignUpRejected::Throttled { retry_after } => Shown::throttled(t, keys::form::PROBLEM_THROTTLED, retry_after),
        SignUpRejected::Busy { retry_after } => Shown::busy(t, keys::form::PROBLEM_BUSY, retry_after),
        SignUpRejected::Store(error) => return Err(error.into()),
    })
}

/// Why no mail was sent.
pub(super) fn of_asking(t: &Texts, rejected: AskRejected) -> Result<Shown, PageError> {
    match rejected {
        AskRejected::SwitchedOff => Ok(Shown::summary(StatusCode::FORBIDDEN, t.get(keys::recovery::OFF))),
        AskRejected::Throttled { retry_after } => Ok(Shown::throttled(t, keys::form::PROBLEM_THROTTLED, retry_after)),
        AskRejected::Store(error) => Err(error.into()),
    }
}

/// Why no password was set by a link.
pub(super) fn of_reset(t: &Texts, rejected: ResetRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        ResetRejected::Password(why) => Shown::field(t, |texts| texts.password = password(t, why)),
        ResetRejected::Busy { retry_after } => Shown::busy(t, keys::form::PROBLEM_BUSY, retry_after),
        ResetRejected::Link(LinkRejected::Store(error)) => return Err(error.into()),
        ResetRejected::Link(_) => Shown::summary(StatusCode::GONE, t.get(keys::recovery::SPENT)),
    })
}

/// Why an account is not to have another address.
pub(super) fn of_change_address(t: &Texts, rejected: ChangeAddressRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        ChangeAddressRejected::NotAnAddress => Shown::beside_email(t, t.get(keys::form::PROBLEM_EMAIL)),
        ChangeAddressRejected::Same => Shown::beside_email(t, t.get(keys::account::ADDRESS_SAME)),
        ChangeAddressRejected::SwitchedOff => Shown::summary(StatusCode::FORBIDDEN, t.get(keys::recovery::OFF)),
        ChangeAddressRejected::Throttled { retry_after } => {
            Shown::throttled(t, keys::form::PROBLEM_THROTTLED, retry_after)
        }
        ChangeAddressRejected::Gone => return Err(ProblemKind::Forbidden.into()),
        ChangeAddressRejected::Store(error) => return Err(error.into()),
    })
}

/// Why a password was not changed.
pub(super) fn of_change_password(t: &Texts, rejected: ChangePasswordRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        ChangePasswordRejected::WrongPassword => {
            Shown::field(t, |texts| texts.current = t.get(keys::form::PROBLEM_PASSWORD_WRONG))
        }
        ChangePasswordRejected::Password(why) => Shown::field(t, |texts| texts.password = password(t, why)),
        ChangePasswordRejected::NoAccount => return Err(ProblemKind::Forbidden.into()),
        ChangePasswordRejected::Throttled { retry_after } => {
            Shown::throttled(t, keys::form::PROBLEM_THROTTLED, retry_after)
        }
        ChangePasswordRejected::Work => Shown::for_work(t, keys::work::PASSWORD),
        ChangePasswordRejected::Busy { retry_after } => Shown::busy(t, keys::form::PROBLEM_BUSY, retry_after),
        ChangePasswordRejected::Store(error) => return Err(error.into()),
    })
}

/// Why a claim about an end-user cannot have this value.
pub(super) fn claim(t: &Texts, why: ClaimRejected) -> String {
    match why {
        ClaimRejected::Line(why) => line(t, why),
        ClaimRejected::NotALink => t.get(keys::profile::PROBLEM_LINK),
        ClaimRejected::NotADate => t.get(keys::profile::PROBLEM_DATE),
        ClaimRejected::NotAZone { meant: Some(meant) } => t.with(keys::profile::PROBLEM_ZONE_MEANT, "zone", meant),
        ClaimRejected::NotAZone { meant: None } => t.get(keys::profile::PROBLEM_ZONE),
        ClaimRejected::NotAPhoneNumber => t.get(keys::profile::PROBLEM_PHONE),
    }
}

/// Why a line of text cannot be one.
pub(super) fn line(t: &Texts, why: LineRejected) -> String {
    match why {
        LineRejected::TooLong { max } => t.with(keys::profile::PROBLEM_LINE, "max", &max.to_string()),
        LineRejected::Empty => t.get(keys::connection::PROBLEM_MISSING),
        LineRejected::IllegalCharacter => t.get(keys::profile::PROBLEM_CHARACTER),
    }
}

fn name(t: &Texts) -> String {
    t.with(keys::form::PROBLEM_NAME, "max", &MAX_NAME_CHARS.to_string())
}

/// Why a password cannot be one.
pub(super) fn password(t: &Texts, why: PasswordRejected) -> String {
    match why {
        PasswordRejected::TooShort { min } => t.with(keys::form::PROBLEM_PASSWORD_SHORT, "min", &min.to_string()),
        PasswordRejected::TooLong { max } => t.with(keys::form::PROBLEM_PASSWORD_LONG, "max", &max.to_string()),
        PasswordRejected::ControlCharacter => t.get(keys::form::PROBLEM_PASSWORD_CHARACTERS),
        PasswordRejected::Common => t.get(keys::form::PROBLEM_PASSWORD_COMMON),
        PasswordRejected::Predictable => t.get(keys::form::PROBLEM_PASSWORD_PREDICTABLE),
        PasswordRejected::Breached => t.get(keys::form::PROBLEM_PASSWORD_BREACHED),
        PasswordRejected::ContainsIdentity => t.get(keys::form::PROBLEM_PASSWORD_IDENTITY),
    }
}
