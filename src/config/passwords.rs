//! `[passwords]`

use std::path::PathBuf;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use url::Url;

use super::problems::Findings;

/// Passwords that were stolen from other services. What new passwords have to be besides is decided in the policy and by `accounts.password_min_chars`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordsConfig {
    /// A list of stolen passwords that no new one may be in: a file that `haechi passwords import` made. One in a thousand other passwords is refused along with them.
    pub breached: Option<PathBuf>,
    /// A service that new passwords are asked about, below whose address the answers for five digits of a SHA-1 digest are: it learns neither the password nor its digest.
    /// Where it does not answer within two seconds, passwords go by it.
    pub breached_api: Option<String>,
}

impl PasswordsConfig {
    /// Checks that the service can be asked.
    pub(super) fn validate(&self, found: &mut Findings) {
        let is_web = |url: &Url| matches!(url.scheme(), "https" | "http") && url.query().is_none();
        if self.breached_api.as_deref().is_some_and(|text| !Url::parse(text).is_ok_and(|url| is_web(&url))) {
            found.wrong("breached_api", "must be an https URL, such as https://api.pwnedpasswords.com/range");
        }
    }
}
