//! Passwords that were stolen from other services: NIST SP 800-63B-4 section 3.1.1.2 has new passwords compared with "passwords obtained from previous
//! breach corpuses".
//!
//! Owns the file that `haechi passwords import` makes of such a collection (its form in `list`, the way there in `import`), and asking a service about a range of
//! digests (`range`), by which it learns neither the password nor its digest. Leaves who is asked for a new password to `accounts`. What cannot be asked refuses
//! nobody: a password is not stolen because a service is away.

use std::sync::Arc;

use super::Password;
use crate::config::passwords::PasswordsConfig;
use crate::outgoing::Outgoing;
use crate::support::digest::sha1;

mod import;
mod list;
mod range;

pub use import::{ImportFailed, Imported, import, is_something_else};
pub use list::{BreachedList, ListRejected};
use range::Ranges;

/// Why stolen passwords cannot be looked up as the configuration says.
#[derive(Debug, thiserror::Error)]
pub enum BreachedError {
    /// The file is none, or is damaged.
    #[error("passwords.breached: {path}: {why}")]
    List {
        /// Which file.
        path: String,
        /// What is wrong with it.
        why: ListRejected,
    },
    /// The address of the service is none.
    #[error("passwords.breached_api: {0}")]
    Api(url::ParseError),
}

/// The list that the configuration names, read once: whether the server would start with it.
///
/// # Errors
/// Where it cannot be read, is none, or is damaged.
pub fn list(config: &PasswordsConfig) -> Result<Option<BreachedList>, BreachedError> {
    let Some(path) = config.breached.as_deref() else { return Ok(None) };
    let opened = BreachedList::open(path);
    opened.map(Some).map_err(|why| BreachedError::List { path: path.display().to_string(), why })
}

/// What is known of stolen passwords. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Breached {
    list: Option<Arc<BreachedList>>,
    ranges: Option<Arc<Ranges>>,
}

impl Breached {
    /// As the configuration says. The whole file is read once, so that a damaged one is seen at the start.
    pub fn open(config: &PasswordsConfig, outgoing: &Arc<Outgoing>) -> Result<Self, BreachedError> {
        let list = list(config)?.map(Arc::new);
        let ranges = config
            .breached_api
            .as_deref()
            .map(|url| Ranges::new(url, outgoing.clone()).map(Arc::new).map_err(BreachedError::Api));
        Ok(Self { list, ranges: ranges.transpose()? })
    }

    /// Whether a password was stolen elsewhere, as far as that is known.
    pub(crate) async fn has(&self, password: &Password) -> bool {
        let digest = sha1(password.expose().as_bytes());
        if let Some(list) = self.list.clone() {
            let asked = tokio::task::spawn_blocking(move || list.has(&digest)).await;
            match asked {
                Ok(Ok(true)) => return true,
                Ok(Ok(false)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the list of stolen passwords cannot be read: none is refused by it");
                }
                Err(error) => tracing::warn!(%error, "the list of stolen passwords was not asked"),
            }
        }
        match &self.ranges {
            Some(ranges) => ranges.has(&digest).await,
            None => false,
        }
    }
}
