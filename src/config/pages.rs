//! `[pages]`

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use url::Url;

use super::problems::Findings;
use crate::model::Locale;

/// What end-users see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct PagesConfig {
    /// The name of the service that end-users sign in to.
    pub service_name: String,
    /// The language of pages where neither the app, the account nor the browser asks for one that Haechi speaks: `en` or `ko`.
    pub default_locale: String,
    /// Where end-users can ask for help: a URL or a `mailto:` address, shown on error pages.
    pub support_url: Option<String>,
}

impl Default for PagesConfig {
    fn default() -> Self {
        Self { service_name: "Haechi".to_owned(), default_locale: "en".to_owned(), support_url: None }
    }
}

impl PagesConfig {
    /// Checks the name, the language and the link.
    pub(super) fn validate(&self, found: &mut Findings) {
        let length = self.service_name.trim().chars().count();
        if !(1..=100).contains(&length) || self.service_name.chars().any(char::is_control) {
            found.wrong("service_name", "must be 1 to 100 characters without control characters");
        }
        let tags: Vec<&str> = Locale::ALL.iter().map(|locale| locale.as_str()).collect();
        if !tags.contains(&self.default_locale.as_str()) {
            found.wrong("default_locale", format!("must be {}", tags.join(" or ")));
        }
        let link = self.support_url.as_deref().map(Url::parse);
        if link.is_some_and(|url| !url.is_ok_and(|url| ["https", "http", "mailto"].contains(&url.scheme()))) {
            found.wrong("support_url", "must begin with https:, http: or mailto:");
        }
    }
}
