//! Where each setting comes from: the file, a variable of the environment, or nowhere, so that it is at its default.

use std::collections::BTreeMap;

/// What set a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing: it is at its default.
    Default,
    /// The file of this path.
    File(String),
    /// This variable of the environment.
    Variable(String),
}

/// The origins of the settings that something set, by their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    pub(super) fn new(set: impl IntoIterator<Item = (String, Origin)>) -> Self {
        Self(set.into_iter().collect())
    }

    /// What set the setting of this path, such as `server.issuer`.
    pub fn of(&self, path: &str) -> &Origin {
        self.0.get(path).unwrap_or(&Origin::Default)
    }
}
