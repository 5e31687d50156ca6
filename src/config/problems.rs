//! What is wrong with a configuration, each with the path of its field and where the value came from.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The path of the field, such as `server.issuer`; `None` where the whole source is wrong.
    pub path: Option<String>,
    /// What is wrong, without repeating a value that may be secret.
    pub message: String,
    /// The file or the variable the value came from; `None` for a default.
    pub source: Option<String>,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.message)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, " (from {source})"))
    }
}

/// Everything that is wrong with a configuration, found in one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<ConfigProblem>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigError {}

/// Collects what a section's `validate` finds.
#[derive(Debug)]
pub struct Findings {
    section: &'static str,
    found: Vec<(String, String)>,
}

impl Findings {
    /// Nothing found yet in this section.
    pub(super) const fn new(section: &'static str) -> Self {
        Self { section, found: Vec::new() }
    }

    /// Notes that a field is wrong.
    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.found.push((format!("{}.{field}", self.section), message.into()));
    }

    /// Notes a field that lies outside of its range.
    pub fn range<T: PartialOrd + fmt::Display>(&mut self, field: &str, value: &T, least: &T, most: &T) {
        if value < least || value > most {
            self.wrong(field, format!("must be between {least} and {most}, not {value}"));
        }
    }

    /// The paths and messages.
    pub(super) fn into_found(self) -> Vec<(String, String)> {
        self.found
    }
}
