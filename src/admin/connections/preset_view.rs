//! A preset as it is listed.

use serde::Serialize;

use super::resource::field_of_setting;
use crate::upstream::presets::{Preset, Setting};

/// A preset as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the preset")]
pub struct PresetView {
    pub id: &'static str,
    pub name: &'static str,
    pub settings: Vec<SettingView>,
    pub scopes: &'static [&'static str],
    pub trusts_email: bool,
    /// Where apps are registered.
    pub console: &'static str,
}

/// A setting as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the setting")]
pub struct SettingView {
    /// The field of a connection's document that says it.
    pub field: &'static str,
    pub name: &'static str,
    pub required: bool,
    pub example: &'static str,
}

impl From<&Preset> for PresetView {
    fn from(preset: &Preset) -> Self {
        let setting = |setting: &Setting| SettingView {
            field: field_of_setting(setting.name),
            name: setting.name,
            required: setting.required,
            example: setting.example,
        };
        Self {
            id: preset.id,
            name: preset.label.en,
            settings: preset.settings.iter().map(setting).collect(),
            scopes: preset.scopes,
            trusts_email: preset.email_trust.by_default(),
            console: preset.console,
        }
    }
}
