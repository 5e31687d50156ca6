//! What a page is told about a pending authorization.

use std::sync::Arc;

use super::Flow;
use super::next_step::{Step, candidate};
use crate::model::Locale;
use crate::model::authorization::Authorization;
use crate::model::client::Client;
use crate::model::session::{Session, SignIn};
use crate::model::user::User;
use crate::protocol::prompt::Display;
use crate::store::StoreResult;

/// A pending authorization as its pages see it.
#[derive(Clone, Debug)]
pub struct FlowView {
    /// What is asked, and what happened so far.
    pub authorization: Authorization,
    /// Who asks.
    pub client: Arc<Client>,
    /// Who is signed in to this browser.
    pub session: Session,
    /// What comes next.
    pub step: Step,
}

impl FlowView {
    /// The value of the `flow` parameter and field.
    pub fn id(&self) -> String {
        self.authorization.id.to_string()
    }

    /// The page that comes next; `None` when the app is answered next.
    pub const fn page(&self) -> Option<super::Page> {
        super::steps::page_of(&self.step)
    }

    /// The sign-in that the request would be answered for.
    pub fn candidate(&self) -> Option<&SignIn> {
        candidate(&self.authorization, &self.session)
    }

    /// The languages that the app asked for.
    pub fn ui_locales(&self) -> &[String] {
        &self.authorization.request.ui_locales
    }

    /// The language that the person switched to, or the first of the app's wishes that Haechi speaks.
    pub fn wanted_locale(&self) -> Option<Locale> {
        self.authorization.progress.locale.or_else(|| Locale::first_of(self.ui_locales().iter().map(String::as_str)))
    }

    /// Whom the app thinks it deals with.
    pub fn login_hint(&self) -> Option<&str> {
        self.authorization.request.login_hint.as_deref()
    }

    /// Whether the app asked for its pages in a popup.
    pub fn is_popup(&self) -> bool {
        self.authorization.request.display == Display::Popup
    }

    /// Where, besides here, the page's forms may lead in the end: for the content security policy.
    pub fn form_action(&self) -> String {
        self.authorization.request.redirect.csp_source()
    }
}

/// An account to choose.
#[derive(Clone, Debug)]
pub struct AccountChoice {
    /// Its sign-in.
    pub sign_in: SignIn,
    /// Whose it is.
    pub user: User,
}

impl Flow {
    /// The accounts of a session with the people behind them.
    pub async fn accounts(&self, session: &Session) -> StoreResult<Vec<AccountChoice>> {
        let mut choices = Vec::new();
        for sign_in in &session.sign_ins {
            if let Some(user) = self.stores.users.find(sign_in.user).await? {
                choices.push(AccountChoice { sign_in: sign_in.clone(), user });
            }
        }
        Ok(choices)
    }
}
