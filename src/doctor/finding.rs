//! What the doctor found.

use serde::Serialize;

use crate::i18n::Said;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// Works, and could be better.
    Warn,
    /// Does not work, or is not safe.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// How serious it is.
    pub state: State,
    /// What was looked at.
    pub about: &'static str,
    /// What was found, in a sentence.
    pub found: Said,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<Said>,
}

impl Finding {
    /// It is in order.
    pub fn ok(about: &'static str, found: impl Into<Said>) -> Self {
        Self { state: State::Ok, about, found: found.into(), mend: None }
    }

    /// It works, and could be better.
    pub fn warn(about: &'static str, found: impl Into<Said>, mend: impl Into<Said>) -> Self {
        Self { state: State::Warn, about, found: found.into(), mend: Some(mend.into()) }
    }

    /// It does not work, or is not safe.
    pub fn fail(about: &'static str, found: impl Into<Said>, mend: impl Into<Said>) -> Self {
        Self { state: State::Fail, about, found: found.into(), mend: Some(mend.into()) }
    }
}
