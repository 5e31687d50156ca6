//! Every setting: its value, where that comes from, and what it is for.

use axum::response::Response;
use toml::Value;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::room::Room;
use super::shell::Shell;
use crate::admin::settings::{self, Setting, SettingSection};
use crate::config::origins::Origin;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::{Texts, keys};
use crate::model::policy::SignUp;
use crate::policy::Holding;

#[derive(askama::Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    frame: Frame,
    shell: Shell,
    q: String,
    sections: Vec<Section>,
}

struct Section {
    name: &'static str,
    purpose: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    path: String,
    variable: String,
    purpose: String,
    /// The value in force; empty where there is none.
    value: String,
    /// The default, where the value is another.
    default: Option<String>,
    origin: String,
    set: bool,
    /// What was decided in its place, which is stricter and counts at once.
    narrowed: Option<String>,
}

/// `GET /admin/settings`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let app = &context.app;
    let all = settings::list(&administrator.authority, &app.config, app.origins())?;
    let q = params.get("q").unwrap_or_default().trim().to_owned();
    let decided = app.policies.current().await?;
    let frame = Frame::of(&context, context.locale.0);
    let section = |section: SettingSection| {
        let found = section.settings.iter().filter(|setting| is_about(frame.t, setting, &q));
        let rows: Vec<Row> = found.map(|setting| Row::of(setting, &decided, frame.t)).collect();
        let purpose = frame.t.setting(section.name);
        (!rows.is_empty()).then_some(Section { name: section.name, purpose, rows })
    };
    let shown = SettingsPage {
        shell: Shell::of(&context, &administrator, Room::Settings),
        sections: all.into_iter().filter_map(section).collect(),
        q,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// Whether a setting has everything of what is searched for, word by word: in its names, or in what the page says of it.
pub(super) fn is_about(t: &Texts, setting: &Setting, searched: &str) -> bool {
    let text = format!("{} {} {}", setting.path, setting.variable, t.setting(&setting.path)).to_lowercase();
    searched.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Where a setting is on the page.
pub(super) fn place_of(setting: &Setting) -> String {
    setting.path.replace('.', "-")
}

impl Row {
    fn of(setting: &Setting, decided: &Holding, t: &Texts) -> Self {
        let value = setting.value.as_ref().map(written).unwrap_or_default();
        let default = setting.default.as_ref().map(written);
        let origin = match &setting.origin {
            Origin::Default => t.get(keys::settings::DEFAULT),
            Origin::File(path) => t.with(keys::settings::FILE, "path", path),
            Origin::Variable(name) => t.with(keys::settings::VARIABLE, "name", name),
        };
        Self {
            id: place_of(setting),
            path: setting.path.clone(),
            variable: setting.variable.clone(),
            purpose: t.setting(&setting.path),
            default: default.filter(|default| *default != value),
            value,
            origin,
            set: setting.origin != Origin::Default,
            narrowed: narrowed(&setting.path, decided).map(|value| t.with(keys::policy::NARROWED, "value", &value)),
        }
    }
}

/// What holds in place of a setting, where something stricter was decided.
fn narrowed(path: &str, decided: &Holding) -> Option<String> {
    let (said, rules) = (&decided.policy.sign_in, &decided.sign_in);
    match path {
        "accounts.sign_up" => Some(said.sign_up.mode().as_str().to_owned()).filter(|_| said.sign_up != SignUp::Open),
        "accounts.password_min_chars" => said.password_min_chars.map(|_| rules.password_min_chars.to_string()),
        "sessions.idle_hours" => said.idle_hours.map(|_| (rules.idle.as_secs() / 3600).to_string()),
        "sessions.absolute_hours" => said.absolute_hours.map(|_| (rules.absolute.as_secs() / 3600).to_string()),
        _ => None,
    }
}

/// A value as the file has it, texts without their quotes.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Locale;

    #[test]
    fn a_search_looks_into_names_variables_and_what_settings_are_for_in_the_readers_language() {
        let setting = Setting {
            path: "keys.rotation_days".to_owned(),
            variable: "HAECHI_KEYS__ROTATION_DAYS".to_owned(),
            doc: "What programs are told.",
            value: None,
            default: None,
            origin: Origin::Default,
        };
        let (en, ko) = (Texts::of(Locale::En), Texts::of(Locale::Ko));
        for found in ["", "rotation", "HAECHI_KEYS", "signs days", "Key  NEXT"] {
            assert!(is_about(en, &setting, found), "{found}");
        }
        assert!(!is_about(en, &setting, "rotation hours") && !is_about(en, &setting, "서명"));
        for found in ["rotation", "HAECHI_KEYS", "서명 기간"] {
            assert!(is_about(ko, &setting, found), "{found}");
        }
        assert!(!is_about(ko, &setting, "takes over"));
    }
}
