//! What is wrong with a form, in the person's language, beside the field it is about.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::http::error::PageError;
use crate::http::problem::{Problem, ProblemKind};
use crate::i18n::Texts;
use crate::identity::accounts::{
    ChangePasswordRejected, ChangeProfileRejected, MAX_NAME_CHARS, SignInRejected, SignUpRejected,
};
use crate::identity::password::PasswordRejected;

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

/// A form shown again.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: StatusCode,
    pub(super) texts: FieldTexts,
    /// Whether the summary is about what was typed: the fields then point at it.
    pub(super) typed_wrong: bool,
    pub(super) retry_after: Option<Duration>,
}

impl Shown {
    fn summary(status: StatusCode, text: String) -> Self {
        let texts = FieldTexts { summary: Some(text), ..FieldTexts::default() };
        Self { status, texts, typed_wrong: false, retry_after: None }
    }

    fn field(t: &Texts, set: impl FnOnce(&mut FieldTexts)) -> Self {
        let mut shown = Self::summary(StatusCode::UNPROCESSABLE_ENTITY, t.get("problem-summary"));
        set(&mut shown.texts);
        shown
    }

    fn throttled(t: &Texts, key: &str, span: Duration) -> Self {
        let text = t.with(key, "wait", &t.wait(span));
        Self { retry_after: Some(span), ..Self::summary(StatusCode::TOO_MANY_REQUESTS, text) }
    }

    fn busy(t: &Texts, key: &str, span: Duration) -> Self {
        Self { retry_after: Some(span), ..Self::summary(StatusCode::SERVICE_UNAVAILABLE, t.get(key)) }
    }
}

/// Why somebody is not signed in.
pub(super) fn of_sign_in(t: &Texts, rejected: SignInRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        // Which of the two is wrong is nobody's business: both are marked.
        SignInRejected::WrongCredentials => {
            Shown { typed_wrong: true, ..Shown::summary(StatusCode::UNPROCESSABLE_ENTITY, t.get("login-wrong")) }
        }
        SignInRejected::Disabled => Shown::summary(StatusCode::FORBIDDEN, t.get("login-disabled")),
        SignInRejected::Throttled { retry_after } => Shown::throttled(t, "login-throttled", retry_after),
        SignInRejected::Busy { retry_after } => Shown::busy(t, "login-busy", retry_after),
        SignInRejected::Store(error) => return Err(error.into()),
    })
}

/// Why no account was made.
pub(super) fn of_sign_up(t: &Texts, rejected: SignUpRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        SignUpRejected::SwitchedOff => return Err(Problem::new(ProblemKind::Forbidden).into()),
        SignUpRejected::Email => Shown::field(t, |texts| texts.email = t.get("problem-email")),
        SignUpRejected::EmailTaken => Shown::field(t, |texts| texts.email = t.get("problem-email-taken")),
        SignUpRejected::Name(_) | SignUpRejected::Locale => name(t),
        SignUpRejected::Password(why) => Shown::field(t, |texts| texts.password = password(t, why)),
        SignUpRejected::Throttled { retry_after } => Shown::throttled(t, "problem-throttled", retry_after),
        SignUpRejected::Busy { retry_after } => Shown::busy(t, "problem-busy", retry_after),
        SignUpRejected::Store(error) => return Err(error.into()),
    })
}

/// Why a password was not changed.
pub(super) fn of_change_password(t: &Texts, rejected: ChangePasswordRejected) -> Result<Shown, PageError> {
    Ok(match rejected {
        ChangePasswordRejected::WrongPassword => {
            Shown::field(t, |texts| texts.current = t.get("problem-password-wrong"))
        }
        ChangePasswordRejected::Password(why) => Shown::field(t, |texts| texts.password = password(t, why)),
        ChangePasswordRejected::NoAccount => return Err(ProblemKind::Forbidden.into()),
        ChangePasswordRejected::Throttled { retry_after } => Shown::throttled(t, "problem-throttled", retry_after),
        ChangePasswordRejected::Busy { retry_after } => Shown::busy(t, "problem-busy", retry_after),
        ChangePasswordRejected::Store(error) => return Err(error.into()),
    })
}

/// Why a profile was not changed.
pub(super) fn of_change_profile(t: &Texts, rejected: ChangeProfileRejected) -> Result<Shown, PageError> {
    match rejected {
        ChangeProfileRejected::Claim("name") => Ok(name(t)),
        other => Err(other.into()),
    }
}

fn name(t: &Texts) -> Shown {
    Shown::field(t, |texts| texts.name = t.with("problem-name", "max", &MAX_NAME_CHARS.to_string()))
}

fn password(t: &Texts, why: PasswordRejected) -> String {
    match why {
        PasswordRejected::TooShort { min } => t.with("problem-password-short", "min", &min.to_string()),
        PasswordRejected::TooLong { max } => t.with("problem-password-long", "max", &max.to_string()),
        PasswordRejected::ControlCharacter => t.get("problem-password-characters"),
        PasswordRejected::Common => t.get("problem-password-common"),
        PasswordRejected::ContainsIdentity => t.get("problem-password-identity"),
    }
}

/// Adds `Retry-After`, in whole seconds, rounded up.
pub(super) fn retry_after(mut response: Response, span: Option<Duration>) -> Response {
    if let Some(span) = span {
        let seconds = span.as_millis().div_ceil(1000).max(1);
        if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
    response
}
