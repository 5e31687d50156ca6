//! Why a subcommand did not do what was asked: the words for the operator, the object for programs, and the exit status.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use crate::admin::{FieldProblem, Rejected};
use crate::app::StartError;
use crate::config::problems::{ConfigError, ConfigProblem};
use crate::keys::KeyError;
use crate::store::StoreError;
use crate::support::escape::escaped;

/// What a subcommand ends with.
pub(super) type Outcome<T = ()> = Result<T, Failure>;

/// What the process ends with. `--help` and docs/reference/cli.md list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Something was refused, or failed.
    Failed = 1,
    /// The arguments or the settings are wrong.
    Usage = 2,
    /// Nothing is wrong and nothing was done: it is too early.
    TooEarly = 3,
}

/// What is told on standard error before the process ends.
#[derive(Debug)]
pub(super) struct Failure {
    status: Status,
    /// What a program tells failures apart by.
    code: Cow<'static, str>,
    message: String,
    problems: Vec<Problem>,
}

/// One of the things that are wrong with a document or with the settings: as an error of the house's JSON interfaces, RFC 9457 style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    /// RFC 6901: where it is in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pointer: Option<String>,
    /// The argument that fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) option: Option<&'static str>,
    /// The file or the variable that it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<Cow<'static, str>>,
    pub(super) detail: String,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<&'static str>,
}

/// The object that `--json` has on standard error.
#[derive(Serialize)]
struct Told<'a> {
    code: &'a str,
    detail: &'a str,
    exit_status: u8,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Problem],
}

impl Failure {
    fn new(status: Status, code: impl Into<Cow<'static, str>>, cause: impl Display) -> Self {
        Self { status, code: code.into(), message: cause.to_string(), problems: Vec::new() }
    }

    /// Something was refused, or failed.
    pub(super) fn of(cause: impl Display) -> Self {
        Self::new(Status::Failed, "failed", cause)
    }

    /// The arguments or the settings are wrong.
    pub(super) fn usage(cause: impl Display) -> Self {
        Self::new(Status::Usage, "usage", cause)
    }

    /// What cannot be taken back was not agreed to.
    pub(super) fn unconfirmed(cause: impl Display) -> Self {
        Self::new(Status::Failed, "unconfirmed", cause)
    }

    /// It can be done later, and nothing was done now.
    pub(super) fn too_early(cause: impl Display) -> Self {
        Self::new(Status::TooEarly, "too_early", cause)
    }

    /// What was said of something is wrong: a line each.
    pub(super) fn invalid(problems: Vec<Problem>) -> Self {
        let lines = problems.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>().join("\n");
        Self { problems, ..Self::new(Status::Failed, "invalid", lines) }
    }

    /// A server elsewhere refused it, with a code of its own. What it says is escaped: no server moves the cursor of a terminal, or forges a line there.
    pub(super) fn told(code: impl Into<Cow<'static, str>>, cause: impl Display) -> Self {
        let code: Cow<'static, str> = code.into();
        let code = escaped(&code).into_owned();
        Self::new(Status::Failed, code, escaped(&cause.to_string()))
    }

    /// Whether it is the one of this code.
    pub(super) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// The same, with each of the things that are wrong said in other words.
    pub(super) fn in_words(self, words: impl Fn(Problem) -> Problem) -> Self {
        if self.problems.is_empty() {
            return self;
        }
        let problems = self.problems.into_iter().map(words).collect();
        Self { status: self.status, code: self.code, ..Self::invalid(problems) }
    }

    /// Says so on standard error.
    pub(super) fn print(&self, json: bool) {
        if self.message.is_empty() {
            return;
        }
        if json {
            let told = Told {
                code: &self.code,
                detail: &self.message,
                exit_status: self.status as u8,
                errors: &self.problems,
            };
            // Where standard error is gone there is no way to tell.
            let _ = writeln!(std::io::stderr(), "{}", serde_json::to_string(&told).unwrap_or_default());
        } else {
            note(&self.message);
        }
    }

    /// The status to end with.
    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(self.status as u8)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// Tells the operator something, on standard error.
pub(super) fn note(message: impl Display) {
    // Where standard error is gone there is no way to tell.
    let _ = writeln!(std::io::stderr(), "haechi: {message}");
}

/// RFC 6901: the pointer to a field that is named by its path.
pub(super) fn pointer(path: &str) -> String {
    format!("/{}", path.replace('~', "~0").replace('/', "~1").replace('.', "/"))
}

impl From<&FieldProblem> for Problem {
    fn from(problem: &FieldProblem) -> Self {
        Self {
            pointer: Some(pointer(&problem.field)),
            option: None,
            source: None,
            code: Some(problem.error.code().into()),
            detail: problem.to_string(),
            example: None,
        }
    }
}

impl From<&ConfigProblem> for Problem {
    fn from(problem: &ConfigProblem) -> Self {
        Self {
            pointer: problem.path.as_deref().map(pointer),
            option: None,
            source: problem.source.clone(),
            code: None,
            detail: problem.message.clone(),
            example: None,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) | StoreError::Misconfigured(why) => {
                Self::new(Status::Failed, "unavailable", format!("{why}; `haechi doctor` says how to mend it"))
            }
            other => Self::of(other),
        }
    }
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Store(error) => error.into(),
            Rejected::Invalid(problems) => Self::invalid(problems.iter().map(Problem::from).collect()),
            other => Self::new(Status::Failed, other.code(), &other),
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
        let problems = error.0.iter().map(Problem::from).collect();
        Self { problems, ..Self::new(Status::Usage, "settings", error) }
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
