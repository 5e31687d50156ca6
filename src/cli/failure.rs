//! Why a subcommand did not do what was asked, and the exit status that says so.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use crate::admin::Rejected;
use crate::app::StartError;
use crate::config::problems::ConfigError;
use crate::keys::KeyError;
use crate::store::StoreError;

/// What a subcommand ends with.
pub(super) type Outcome<T = ()> = Result<T, Failure>;

/// What is printed to standard error before the process ends.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Something was refused, or failed.
    pub(super) fn of(cause: impl Display) -> Self {
        Self { message: cause.to_string(), code: 1 }
    }

    /// The arguments or the settings are wrong.
    pub(super) fn usage(cause: impl Display) -> Self {
        Self { message: cause.to_string(), code: 2 }
    }

    /// Says so on standard error.
    pub(super) fn print(&self) {
        if !self.message.is_empty() {
            note(&self.message);
        }
    }

    /// The status to end with.
    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

/// Tells the operator something, on standard error.
pub(super) fn note(message: impl Display) {
    // Where standard error is gone there is no way to tell.
    let _ = writeln!(std::io::stderr(), "haechi: {message}");
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) => Self::of(format!("{why}; `haechi doctor` says how to mend it")),
            other => Self::of(other),
        }
    }
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Store(error) => error.into(),
            other => Self::of(other),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) | StartError::Keys(KeyError::Store(error)) => error.into(),
            other => Self::of(other),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

macro_rules! failures {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::of(error)
            }
        }
    )*};
}

failures!(crate::keys::KeyError, std::io::Error,);
