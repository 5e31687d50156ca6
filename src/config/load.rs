//! Reading the configuration: defaults, the file over them, the environment over both; then checking it.
//!
//! The only place that reads the environment. Finds everything that is wrong in one pass.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::value::{Dict, Value};
use serde::de::DeserializeOwned;

use super::layers::{Environment, File, origin};
use super::problems::{ConfigError, Findings, Problem};
use super::{Config, fields};

/// The file that is read when nothing names another.
const USUAL_FILE: &str = "haechi.toml";

/// What the configuration is made from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// The variables of the environment.
    pub variables: Vec<(String, String)>,
}

impl Sources {
    /// Those of this process: the file is the one named on the command line, else the one in `HAECHI_CONFIG`, else `haechi.toml`
    /// in the working directory where there is one.
    pub fn of_process(named: Option<PathBuf>) -> Self {
        let text = |s: std::ffi::OsString| s.to_string_lossy().into_owned();
        let variables: Vec<_> = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
        let from_variable = variables.iter().find(|(name, _)| name == "HAECHI_CONFIG");
        let file = named
            .or_else(|| from_variable.map(|(_, path)| PathBuf::from(path)))
            .or_else(|| Some(PathBuf::from(USUAL_FILE)).filter(|path| path.exists()));
        Self { file, variables }
    }

    /// Reads and checks the configuration.
    pub fn load(&self) -> Result<Config, ConfigError> {
        let (figment, mut problems) = self.layers();
        problems.extend(unknown_settings(&figment));
        let mut config = Config::default();
        let read = &mut Reader { figment: &figment, problems: &mut problems };
        read.section("server", &mut config.server);
        read.section("database", &mut config.database);
        read.section("keys", &mut config.keys);
        read.section("tokens", &mut config.tokens);
        read.section("sessions", &mut config.sessions);
        read.section("accounts", &mut config.accounts);
        read.section("throttling", &mut config.throttling);
        read.section("network", &mut config.network);
        read.section("pages", &mut config.pages);
        read.section("log", &mut config.log);
        if figment.contains("redis") {
            read.section("redis", config.redis.get_or_insert_default());
        }
        // A section that could not be read is at its defaults here, which are in order: nothing is reported twice.
        problems.extend(config.problems().into_iter().map(|(path, message)| Problem {
            source: origin(figment.find_metadata(&path), &path),
            path: Some(path),
            message,
        }));
        if problems.is_empty() { Ok(config) } else { Err(ConfigError(problems)) }
    }

    fn layers(&self) -> (Figment, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut figment = Figment::new();
        if let Some(path) = &self.file {
            match File::read(path) {
                Ok(file) => figment = figment.merge(file),
                Err(message) => problems.push(whole_file(path, message)),
            }
        }
        let environment = Environment::read(self.variables.iter().cloned());
        problems.extend(environment.misspelt.iter().map(|(name, meant)| Problem {
            path: None,
            message: format!("no setting is called so; {meant} is (two underscores after the section)"),
            source: Some(name.clone()),
        }));
        (figment.merge(environment), problems)
    }
}

fn whole_file(path: &Path, message: String) -> Problem {
    Problem { path: None, message, source: Some(path.display().to_string()) }
}

/// Takes sections out of the merged layers.
struct Reader<'a> {
    figment: &'a Figment,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// Fills a section in; leaves it at its defaults where it is not set or cannot be read.
    fn section<T: DeserializeOwned>(&mut self, name: &str, section: &mut T) {
        if !self.figment.contains(name) {
            return;
        }
        match self.figment.extract_inner(name) {
            Ok(read) => *section = read,
            Err(errors) => {
                let errors = errors.into_iter().filter(|e| !matches!(e.kind, figment::error::Kind::UnknownField(..)));
                self.problems.extend(errors.map(|error| {
                    let path = error.path.join(".");
                    let source = origin(error.metadata.as_ref(), &path);
                    Problem { path: Some(path), message: error.kind.to_string(), source }
                }));
            }
        }
    }
}

/// Every setting of file and environment that nothing reads.
fn unknown_settings(figment: &Figment) -> Vec<Problem> {
    let known = fields::sections();
    let mut found = Vec::new();
    let root = figment.find_value("").ok().and_then(Value::into_dict).unwrap_or_default();
    for (name, value) in &root {
        match known.iter().find(|section| section.name == name) {
            None => found.push(unknown(figment, name, value, "no section is called so", known.iter().map(|s| s.name))),
            Some(section) => {
                for (field, value) in value.as_dict().unwrap_or(&Dict::new()) {
                    if !section.fields.iter().any(|f| f.name == field) {
                        let names = section.fields.iter().map(|f| f.name);
                        let path = format!("{name}.{field}");
                        found.push(unknown(figment, &path, value, "no setting is called so", names));
                    }
                }
            }
        }
    }
    found
}

fn unknown<'a>(
    figment: &Figment,
    path: &str,
    value: &Value,
    what: &str,
    known: impl Iterator<Item = &'a str>,
) -> Problem {
    let known = known.collect::<Vec<_>>().join(", ");
    // A variable always sets a value inside of a section, so that is where its name is read off.
    let inside = value.as_dict().and_then(|fields| fields.iter().next());
    let (leaf, tag) = inside.map_or((path.to_owned(), value.tag()), |(k, v)| (format!("{path}.{k}"), v.tag()));
    let source = origin(figment.get_metadata(tag), &leaf);
    Problem { path: Some(path.to_owned()), message: format!("{what}; there are {known}"), source }
}

/// What `validate` of one section finds.
pub(super) fn findings(section: &'static str, validate: impl FnOnce(&mut Findings)) -> Vec<(String, String)> {
    let mut findings = Findings::new(section);
    validate(&mut findings);
    findings.into_found()
}
