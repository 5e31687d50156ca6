//! What users know a provider by.

use crate::i18n::Texts;
use crate::model::connection::Connection;
use crate::upstream::presets;

/// The connection's own label or, where the administrator gave none, that of its preset.
pub(in super::super) fn label(connection: &Connection, t: &Texts) -> String {
    if !connection.label.is_empty() {
        return connection.label.clone();
    }
    presets::find(&connection.preset).map_or_else(|| connection.slug.to_string(), |p| p.label.of(t.locale()).to_owned())
}
