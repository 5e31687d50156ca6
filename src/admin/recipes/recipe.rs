//! One recipe: what a file of the catalogue says.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::app_url::{AppUrl, AppUrlRejected};
use super::placeholder::{Installation, UnknownPlaceholder, fill};
use crate::admin::clients::ClientResource;
use crate::admin::document::{self, DocumentRejected};

/// How one software is connected to this server.
#[derive(Clone, Debug, Serialize)]
pub struct Recipe {
    /// What it is asked for by.
    pub name: &'static str,
    /// What the software calls itself.
    pub title: String,
    /// What it is listed under.
    pub group: String,
    /// The software and the version that this was written for.
    pub tried_with: String,
    /// The page of the software's own documentation.
    pub docs: String,
    /// How it is known to work.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Where the software is, unless said otherwise.
    pub default_url: String,
    /// Whether the software can live below the root of its host.
    pub under_path: bool,
    /// The client, a document of RFC 7591 with placeholders.
    pub client: Value,
    /// The files that the software is configured by, with placeholders.
    pub configuration: Vec<Configuration>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The same in Korean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes_ko: Option<String>,
}

/// How a recipe is known to work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// It is run from this folder of the repository.
    Runs(String),
    /// It is written from the software's documentation, and this is why it is not run.
    NotRun(String),
}

/// A file that the software is configured by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Where it goes.
    pub file: String,
    /// What language it is in: `env`, `yaml`, `python`.
    pub format: String,
    /// What is in it.
    pub text: String,
    /// The names between braces that are placeholders of the software itself, and stay.
    #[serde(default, skip_serializing)]
    pub stays: Vec<String>,
}

/// What is wrong with a recipe, or with what it was given.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeProblem {
    /// No TOML, or other members than a recipe has.
    #[error("{0}")]
    Toml(String),
    /// Neither a folder that runs it nor a reason why it is not run, or both.
    #[error("has one of runs and not_run")]
    Evidence,
    /// A placeholder that there is not.
    #[error(transparent)]
    Placeholder(#[from] UnknownPlaceholder),
    /// The client is no document of a client.
    #[error("client: {0}")]
    Client(#[from] DocumentRejected),
}

/// A file of the catalogue.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    group: String,
    tried_with: String,
    docs: String,
    runs: Option<String>,
    not_run: Option<String>,
    default_url: String,
    #[serde(default)]
    under_path: bool,
    client: Value,
    configuration: Vec<Configuration>,
    notes: Option<String>,
    notes_ko: Option<String>,
}

impl Recipe {
    /// Reads a file of the catalogue.
    pub(super) fn read(name: &'static str, text: &str) -> Result<Self, RecipeProblem> {
        let file: File = toml::from_str(text).map_err(|error| RecipeProblem::Toml(error.to_string()))?;
        let evidence = match (file.runs, file.not_run) {
            (Some(folder), None) => Evidence::Runs(folder),
            (None, Some(why)) => Evidence::NotRun(why),
            _ => return Err(RecipeProblem::Evidence),
        };
        Ok(Self {
            name,
            title: file.title,
            group: file.group,
            tried_with: file.tried_with,
            docs: file.docs,
            evidence,
            default_url: file.default_url,
            under_path: file.under_path,
            client: file.client,
            configuration: file.configuration,
            notes: file.notes,
            notes_ko: file.notes_ko,
        })
    }

    /// Where the software is: as said, or where it is by default.
    pub fn url(&self, said: Option<&str>) -> Result<AppUrl, AppUrlRejected> {
        AppUrl::parse(said.unwrap_or(&self.default_url), self.under_path)
    }

    /// The client that the software wants, for an installation there.
    pub fn client(&self, url: &AppUrl) -> Result<ClientResource, RecipeProblem> {
        let here = |name: &str| (name == "url").then(|| url.to_string());
        let filled = filled(&self.client, &here)?;
        Ok(document::read(&filled.to_string())?)
    }

    /// What the software is configured by, for this installation.
    pub fn configuration(&self, of: &Installation<'_>) -> Result<Vec<Configuration>, UnknownPlaceholder> {
        let file = |file: &Configuration| Ok(Configuration { text: file.filled(of)?, ..file.clone() });
        self.configuration.iter().map(file).collect()
    }
}

impl Configuration {
    /// The text with what its placeholders stand for.
    fn filled(&self, of: &Installation<'_>) -> Result<String, UnknownPlaceholder> {
        let stays = |name: &str| self.stays.iter().any(|own| own == name).then(|| format!("{{{name}}}"));
        fill(&self.text, |name| stays(name).or_else(|| of.value(name)))
    }
}

/// The document with what the placeholders in its texts stand for.
fn filled(document: &Value, value: &impl Fn(&str) -> Option<String>) -> Result<Value, UnknownPlaceholder> {
    match document {
        Value::String(text) => Ok(Value::String(fill(text, value)?)),
        Value::Array(items) => {
            Ok(Value::Array(items.iter().map(|item| filled(item, value)).collect::<Result<_, _>>()?))
        }
        Value::Object(members) => {
            let member = |(name, item): (&String, &Value)| Ok((name.clone(), filled(item, value)?));
            Ok(Value::Object(members.iter().map(member).collect::<Result<_, _>>()?))
        }
        other => Ok(other.clone()),
    }
}
