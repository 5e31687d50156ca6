//! The settings of this server, as administrators see them. They are changed where they are, in the file or the environment.

use serde::Serialize;
use toml::Value;

use super::{Authority, Permission, Rejected};
use crate::config::Config;
use crate::config::fields::{self, Field, sections};
use crate::config::origins::{Origin, Origins};

/// A section of the settings.
#[derive(Clone, Debug, Serialize)]
pub struct SettingSection {
    /// Its name, as in `[name]`.
    pub name: &'static str,
    /// Its settings.
    pub settings: Vec<Setting>,
}

/// One setting.
#[derive(Clone, Debug, Serialize)]
pub struct Setting {
    /// Where it is: `server.issuer`.
    pub path: String,
    /// The variable of the environment that sets it.
    pub variable: String,
    /// What it is for, in English.
    pub doc: &'static str,
    /// Its value; of a secret, that there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What it is where nothing sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// What set it.
    #[serde(skip)]
    pub origin: Origin,
}

/// Every setting in force, without secrets.
pub fn list(authority: &Authority, config: &Config, origins: &Origins) -> Result<Vec<SettingSection>, Rejected> {
    authority.require(Permission::ReadSettings)?;
    let shown = config.masked();
    let section = |fields::Section { name, fields, .. }| {
        let values = shown.get(name).and_then(Value::as_table);
        let setting = |field: Field| {
            let path = format!("{name}.{}", field.name);
            let origin = origins.of(&path).clone();
            Setting {
                value: values.and_then(|values| values.get(field.name)).cloned(),
                default: (!field.is_example).then_some(field.value),
                variable: field.variable,
                doc: field.doc,
                origin,
                path,
            }
        };
        SettingSection { name, settings: fields.into_iter().map(setting).collect() }
    };
    Ok(sections().into_iter().map(section).collect())
}
