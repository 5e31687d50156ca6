//! Where the secrets of a declaration are, which are in none of its files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::admin::declared::SECRETS;

/// Where a secret is that a file does not hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Reference {
    /// An environment variable.
    Env(String),
    /// A file, from the folder of the declaration on. A line break at its end is no part of the secret.
    File(PathBuf),
    /// A program that prints it, with its arguments; no shell reads them.
    Command(Vec<String>),
}

/// Puts secrets in place of the references to them.
pub(super) fn resolve(value: &mut Value, file: &Path) -> Result<(), String> {
    let lists = value.as_object_mut().into_iter().flat_map(Map::values_mut);
    let entries = lists.filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut);
    let members = entries.flat_map(Map::iter_mut).filter(|(name, _)| SECRETS.contains(&name.as_str()));
    for (name, secret) in members.filter(|(_, secret)| secret.is_object()) {
        let reference: Reference = serde_json::from_value(secret.take())
            .map_err(|_| format!("{name} is a text, or one of env, file and command"))?;
        *secret = json!(reference.read(name, file)?);
    }
    Ok(())
}

impl Reference {
    fn read(&self, name: &str, declared_in: &Path) -> Result<String, String> {
        let text = match self {
            Self::Env(variable) => read_variable(variable)?,
            Self::File(path) => {
                let path = declared_in.parent().unwrap_or(Path::new("")).join(path);
                std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?
            }
            Self::Command(words) => printed_by(words)?,
        };
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() { Err(format!("{name} is empty where it was referred to")) } else { Ok(secret.to_owned()) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the file names the variable: it is no setting")]
fn read_variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("the variable {name} is not set"))
}

fn printed_by(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program} printed what is no text"))
}
