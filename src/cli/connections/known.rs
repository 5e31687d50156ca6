//! The providers that Haechi knows.

use crate::admin::connections::{PresetView, SettingView};
use crate::cli::failure::Outcome;
use crate::cli::output::Output;
use crate::upstream::presets;

/// What they are called.
pub(super) fn preset_ids() -> Vec<&'static str> {
    presets::ALL.iter().map(|preset| preset.id).collect()
}

/// Prints them, with what each needs.
pub(super) fn list_presets(output: &mut Output) -> Outcome {
    let views: Vec<PresetView> = presets::ALL.iter().map(|preset| PresetView::from(*preset)).collect();
    if output.is_json() {
        return output.json(&views);
    }
    let setting = |setting: &SettingView| {
        if setting.required { setting.name.to_owned() } else { format!("[{}]", setting.name) }
    };
    let row = |view: &PresetView| {
        let settings: Vec<String> = view.settings.iter().map(setting).collect();
        vec![view.id.to_owned(), view.name.to_owned(), settings.join(" "), view.console.to_owned()]
    };
    let rows: Vec<Vec<String>> = views.iter().map(row).collect();
    output.table(&["PRESET", "NAME", "SETTINGS", "WHERE APPS ARE REGISTERED"], &rows)
}
