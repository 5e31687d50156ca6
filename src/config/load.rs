//! Reading the configuration: defaults, the file over them, the environment over both; then checking it.
//!
//! The only place that reads the environment. Finds everything that is wrong in one pass.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::value::{Dict, Value};
use serde::de::DeserializeOwned;

use super::layers::{Environment, File, is_of_environment, origin, origin_of};
use super::origins::Origins;
use super::problems::{ConfigError, ConfigProblem, Findings};
use super::{Config, fields};
use crate::support::{machine, typo};

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

    /// What a variable is set to that is no setting of the server's. One that is set to nothing is not set.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let set = self.variables.iter().find(|(known, _)| known == name);
        set.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Reads and checks the configuration, for a command that may run beside the server in a container of its own: how much memory that has says nothing of
    /// what the server has.
    pub fn load(&self) -> Result<Config, ConfigError> {
        self.load_within(None)
    }

    /// The same for the server, and for who asks whether it is in order: its threads must fit into the memory of this machine or container.
    pub fn load_to_serve(&self) -> Result<Config, ConfigError> {
        self.load_within(machine::memory_limit())
    }

    /// The same for a process that may have so many bytes of memory.
    pub fn load_within(&self, memory: Option<u64>) -> Result<Config, ConfigError> {
        let (figment, mut problems) = self.layers();
        let known = fields::sections();
        problems.extend(unknown_settings(&figment, &known));
        let mut config = Config::default();
        let read = &mut Reader { figment: &figment, known: &known, problems: &mut problems };
        read.section("server", &mut config.server);
        read.section("database", &mut config.database);
        read.section("keys", &mut config.keys);
        read.section("tokens", &mut config.tokens);
        read.section("sessions", &mut config.sessions);
        read.section("accounts", &mut config.accounts);
        read.section("acr", &mut config.acr);
        read.section("passwords", &mut config.passwords);
        read.section("throttling", &mut config.throttling);
        read.section("audit", &mut config.audit);
        read.section("mail", &mut config.mail);
        read.section("network", &mut config.network);
        read.section("passkeys", &mut config.passkeys);
        read.section("pages", &mut config.pages);
        read.section("log", &mut config.log);
        if figment.contains("redis") {
            read.section("redis", config.redis.get_or_insert_default());
        }
        // A field that could not be read is at its default here, which is in order: nothing is reported twice.
        let too_large = findings("accounts", |f| config.accounts.check_memory(memory, f));
        problems.extend(config.problems().into_iter().chain(too_large).map(|(path, message)| ConfigProblem {
            source: origin(figment.find_metadata(&path), &path),
            path: Some(path),
            message,
        }));
        if !problems.is_empty() {
            return Err(ConfigError(problems));
        }
        if let Some(folder) = self.file.as_deref().and_then(Path::parent) {
            config.move_paths(folder, |path| is_of_environment(figment.find_metadata(path)));
        }
        Ok(config)
    }

    /// What sets each setting that something sets.
    pub fn origins(&self) -> Origins {
        let (figment, _) = self.layers();
        let paths = fields::sections().into_iter().flat_map(|section| {
            section.fields.into_iter().map(move |field| format!("{}.{}", section.name, field.name))
        });
        Origins::new(paths.filter_map(|path| {
            let origin = origin_of(figment.find_metadata(&path)?, &path);
            Some((path, origin))
        }))
    }

    fn layers(&self) -> (Figment, Vec<ConfigProblem>) {
        let mut problems = Vec::new();
        let mut figment = Figment::new();
        if let Some(path) = &self.file {
            match File::read(path) {
                Ok(file) => figment = figment.merge(file),
                Err(message) => problems.push(whole_file(path, message)),
            }
        }
        let environment = Environment::read(self.variables.iter().cloned());
        problems.extend(environment.misspelt.iter().map(|(name, meant)| ConfigProblem {
            path: None,
            message: format!("no setting is called so; {meant} is (two underscores after the section)"),
            source: Some(name.clone()),
        }));
        (figment.merge(environment), problems)
    }
}

fn whole_file(path: &Path, message: String) -> ConfigProblem {
    ConfigProblem { path: None, message, source: Some(path.display().to_string()) }
}

/// Takes sections out of the merged layers.
struct Reader<'a> {
    figment: &'a Figment,
    known: &'a [fields::Section],
    problems: &'a mut Vec<ConfigProblem>,
}

impl Reader<'_> {
    /// Fills a section in, field by field, so that one wrong field hides no other. A wrong field stays at its default.
    fn section<T: DeserializeOwned>(&mut self, name: &str, section: &mut T) {
        let Ok(value) = self.figment.find_value(name) else { return };
        let Some(set) = value.as_dict() else {
            return self.wrong(name.to_owned(), "must be a section with settings".to_owned(), &value);
        };
        let mut right = Dict::new();
        for field in self.known.iter().filter(|s| s.name == name).flat_map(|s| &s.fields) {
            let Some(value) = set.get(field.name) else { continue };
            let alone = Dict::from([(field.name.to_owned(), value.clone())]);
            match Value::from(alone).deserialize::<T>() {
                Ok(_) => drop(right.insert(field.name.to_owned(), value.clone())),
                Err(error) => self.wrong(format!("{name}.{}", field.name), in_words(&error.kind.to_string()), value),
            }
        }
        if let Ok(read) = Value::from(right).deserialize() {
            *section = read;
        }
    }

    fn wrong(&mut self, path: String, message: String, value: &Value) {
        let source = origin(self.figment.get_metadata(value.tag()), &path);
        self.problems.push(ConfigProblem { path: Some(path), message, source });
    }
}

/// What a library says of a value, in words for who wrote it.
fn in_words(said: &str) -> String {
    let wanted = said.rsplit_once("expected ").map_or(said, |(_, wanted)| wanted);
    match wanted {
        "invalid socket address syntax" => "must be an address and a port, such as 127.0.0.1:8080".to_owned(),
        "u16" | "u32" | "u64" | "usize" | "i64" => "must be a whole number".to_owned(),
        "a boolean" => "must be true or false".to_owned(),
        _ => said.to_owned(),
    }
}

/// Every setting of file and environment that nothing reads.
fn unknown_settings(figment: &Figment, known: &[fields::Section]) -> Vec<ConfigProblem> {
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
) -> ConfigProblem {
    let name = path.rsplit('.').next().unwrap_or(path);
    let known: Vec<_> = known.collect();
    let similar = known.iter().find(|other| typo::distance(name, other).is_some());
    let hint =
        similar.map_or_else(|| format!("there are {}", known.join(", ")), |other| format!("did you mean {other}?"));
    // A variable always sets a value inside of a section, so that is where its name is read off.
    let inside = value.as_dict().and_then(|fields| fields.iter().next());
    let (leaf, tag) = inside.map_or((path.to_owned(), value.tag()), |(k, v)| (format!("{path}.{k}"), v.tag()));
    let source = origin(figment.get_metadata(tag), &leaf);
    ConfigProblem { path: Some(path.to_owned()), message: format!("{what}; {hint}"), source }
}

/// What `validate` of one section finds.
pub(super) fn findings(section: &'static str, validate: impl FnOnce(&mut Findings)) -> Vec<(String, String)> {
    let mut findings = Findings::new(section);
    validate(&mut findings);
    findings.into_found()
}
