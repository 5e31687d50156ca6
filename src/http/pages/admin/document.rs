//! An object of the console as programs see it: its document, and the commands that show and change it.

use serde::Serialize;

/// What the tab of the document shows.
pub(super) struct Document {
    /// The document, as the command line prints it.
    pub(super) json: String,
    pub(super) commands: Vec<String>,
}

impl Document {
    /// The document of an object.
    pub(super) fn of(resource: &impl Serialize, commands: impl IntoIterator<Item = String>) -> Self {
        Self {
            json: serde_json::to_string_pretty(resource).unwrap_or_default(),
            commands: commands.into_iter().collect(),
        }
    }
}
