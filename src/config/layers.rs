//! Where settings come from: the TOML file, and the environment over it. Each is a figment provider, so that every value
//! remembers its origin.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::fields::{PREFIX, sections, variable};
use super::origins::Origin;

/// The settings of one TOML file.
pub(super) struct File {
    path: PathBuf,
    table: toml::Table,
}

impl File {
    /// Reads a file. The error names the line, and never shows its text, which may hold a secret.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("cannot be read: {e}"))?;
        let table = toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            format!("line {line} is no TOML: {}", e.message())
        })?;
        Ok(Self { path: path.to_owned(), table })
    }
}

impl Provider for File {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.path.display().to_string())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let value = Value::serialize(&self.table)?;
        Ok(Profile::Default.collect(value.into_dict().unwrap_or_default()))
    }
}

/// The settings of the environment.
#[derive(Default)]
pub(super) struct Environment {
    data: Dict,
    /// Variables that cannot be settings but look as if one was meant: name, and what was meant.
    pub(super) misspelt: Vec<(String, String)>,
}

impl Environment {
    /// The name of its source, by which [`origin`] knows it.
    const NAME: &'static str = "environment";

    /// Picks the settings out of all variables: `HAECHI_` and the path with `__` between section and field.
    ///
    /// Other variables that begin with `HAECHI_` are not ours: an orchestrator sets `HAECHI_PORT` and the like for a service of
    /// that name. Only one that is a setting but for its second underscore is reported.
    pub(super) fn read(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut read = Self::default();
        for (name, text) in variables {
            let Some(path) = name.strip_prefix(PREFIX).map(str::to_ascii_lowercase) else { continue };
            match path.split_once("__") {
                Some((section, field)) => read.set(section, field, &text),
                None => {
                    if let Some(meant) = meant_by(&path) {
                        read.misspelt.push((name, meant));
                    }
                }
            }
        }
        read
    }

    fn set(&mut self, section: &str, field: &str, text: &str) {
        let entry = self.data.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new()));
        if let Value::Dict(_, fields) = entry {
            fields.insert(field.to_owned(), typed(section, field, text));
        }
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named(Self::NAME)
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.data.clone()))
    }
}

/// The text of a variable as the type of its setting; as text where it is none, which the section then refuses.
fn typed(section: &str, field: &str, text: &str) -> Value {
    let kind = sections()
        .into_iter()
        .find(|s| s.name == section)
        .and_then(|s| s.fields.into_iter().find(|f| f.name == field))
        .map(|f| f.value);
    let read = match kind {
        Some(toml::Value::Integer(_)) => text.trim().parse::<i64>().ok().map(Value::from),
        Some(toml::Value::Boolean(_)) => text.trim().parse::<bool>().ok().map(Value::from),
        Some(toml::Value::Array(_)) => Some(list(text)),
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

/// A list: `["a", "b"]` as in TOML, or without the quotes, or without the brackets too.
fn list(text: &str) -> Value {
    let toml = text.trim().starts_with('[').then(|| text.parse::<toml::Value>().ok()).flatten();
    if let Some(value) = toml.and_then(|value| Value::serialize(value).ok()) {
        return value;
    }
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Value::from(items.map(Value::from).collect::<Vec<_>>())
}

/// The variable that was meant by a path with one underscore too few.
fn meant_by(path: &str) -> Option<String> {
    sections().iter().find_map(|section| {
        let field = path.strip_prefix(section.name)?.strip_prefix('_')?;
        section.fields.iter().any(|f| f.name == field).then(|| variable(&format!("{}.{field}", section.name)))
    })
}

/// What set a value.
pub(super) fn origin_of(metadata: &Metadata, path: &str) -> Origin {
    if metadata.name == Environment::NAME {
        Origin::Variable(variable(path))
    } else {
        Origin::File(metadata.name.to_string())
    }
}

/// Whether a value came from a variable.
pub(super) fn is_of_environment(metadata: Option<&Metadata>) -> bool {
    metadata.is_some_and(|metadata| metadata.name == Environment::NAME)
}

/// Where a value came from, in words: the file, or the variable.
pub(super) fn origin(metadata: Option<&Metadata>, path: &str) -> Option<String> {
    let name = &metadata?.name;
    Some(if name == Environment::NAME { variable(path) } else { name.to_string() })
}
