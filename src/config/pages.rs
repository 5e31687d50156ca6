//! `[pages]`

use serde::{Deserialize, Serialize};

/// What people see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// The name of the service that people sign in to.
    pub service_name: String,
    /// The language of pages where neither the app, the person nor the browser asks for one that Haechi speaks: `en` or `ko`.
    pub default_locale: String,
    /// Where people can ask for help: a URL or a `mailto:` address, shown on error pages.
    pub support_url: Option<String>,
}

impl Default for Pages {
    fn default() -> Self {
        Self { service_name: "Haechi".to_owned(), default_locale: "en".to_owned(), support_url: None }
    }
}
