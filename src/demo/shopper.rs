//! Who is in the shop: what it remembers of each browser, in memory and for as long as it runs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::provider::{Login, TokenSet};

/// The most browsers that are remembered; the one that came first is forgotten first.
const MOST: usize = 1000;
/// The most logins of a browser that are waited for.
const LOGINS: usize = 8;

/// What the shop remembers of a browser.
#[derive(Clone, Default)]
pub(super) struct Shopper {
    /// The logins under way, one for each tab: the last ones begun.
    pub(super) logins: Vec<Login>,
    /// What the last one gave.
    pub(super) tokens: Option<TokenSet>,
    /// What to call the user who is signed in.
    pub(super) name: String,
    /// How often the tokens were refreshed.
    pub(super) refreshed: u32,
}

impl Shopper {
    /// Remembers a login that begins.
    pub(super) fn begin(&mut self, login: Login) {
        let too_many = (self.logins.len() + 1).saturating_sub(LOGINS);
        self.logins.drain(..too_many);
        self.logins.push(login);
    }

    /// The login that an answer with this state belongs to; it is not waited for any more.
    pub(super) fn take(&mut self, state: &str) -> Option<Login> {
        let at = self.logins.iter().position(|login| login.state == state)?;
        Some(self.logins.remove(at))
    }
}

/// Every shopper.
#[derive(Default)]
pub(super) struct Shoppers(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    by_cookie: HashMap<String, Shopper>,
    order: std::collections::VecDeque<String>,
}

impl Shoppers {
    /// What is remembered of the browser with this cookie.
    pub(super) fn get(&self, cookie: &str) -> Option<Shopper> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_cookie.get(cookie).cloned()
    }

    /// Remembers a browser.
    pub(super) fn put(&self, cookie: &str, shopper: Shopper) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.by_cookie.insert(cookie.to_owned(), shopper).is_none() {
            all.order.push_back(cookie.to_owned());
        }
        while all.order.len() > MOST {
            if let Some(first) = all.order.pop_front() {
                all.by_cookie.remove(&first);
            }
        }
    }

    /// Forgets a browser.
    pub(super) fn forget(&self, cookie: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.by_cookie.remove(cookie);
        all.order.retain(|known| known != cookie);
    }
}
