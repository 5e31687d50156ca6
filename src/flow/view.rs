//! What a page is told about a pending authorization.

use std::sync::Arc;

use super::Flow;
use super::next_step::{LoginReason, Question, Step, candidate};
use crate::model::Epoch;
use crate::model::authorization::Authorization;
use crate::model::client::Client;
use crate::model::factor::Kinds;
use crate::model::session::{Session, SignIn};
use crate::model::user::User;
use crate::protocol::prompt::Display;
use crate::store::StoreResult;

/// A pending authorization as its pages see it.
#[derive(Clone, Debug)]
pub struct FlowView {
    /// What the client asks for, and what the end-user did about it so far.
    pub authorization: Authorization,
    /// The client that asks.
    pub client: Arc<Client>,
    /// The accounts that are signed in to this browser.
    pub session: Session,
    /// What comes next, as of when the view was made.
    pub step: Step,
    /// The second factors that are enough for all that the client cannot do without.
    pub enough: Kinds,
    /// How often the candidate's account withdrew what it had allowed the client.
    pub(super) consent_epoch: Epoch,
}

impl FlowView {
    /// The value of the `flow` parameter and field.
    pub fn id(&self) -> String {
        self.authorization.id.to_string()
    }

    /// The page that comes next; `None` when the client is answered next.
    pub const fn page(&self) -> Option<super::Page> {
        self.step.page()
    }

    /// Whether the end-user is asked to authenticate again, although an account is signed in.
    pub fn is_asked_again(&self) -> bool {
        self.step == Step::Ask(Question::Login(LoginReason::Again))
    }

    /// The sign-in that the request would be answered for.
    pub fn candidate(&self) -> Option<&SignIn> {
        candidate(&self.authorization, &self.session)
    }

    /// The languages that the client asked for (`ui_locales`).
    pub fn ui_locales(&self) -> &[String] {
        &self.authorization.request.ui_locales
    }

    /// The name or address of the end-user that the client expects.
    pub fn login_hint(&self) -> Option<&str> {
        self.authorization.request.login_hint.as_deref()
    }

    /// Whether the client asked for its pages in a popup.
    pub fn is_popup(&self) -> bool {
        self.authorization.request.display == Display::Popup
    }

    /// Where, besides here, the page's forms may lead in the end: for the content security policy.
    pub fn form_action(&self) -> String {
        self.authorization.request.redirect.csp_source()
    }
}

/// An account that the end-user may choose.
#[derive(Clone, Debug)]
pub struct AccountChoice {
    /// The sign-in of the account in this browser.
    pub sign_in: SignIn,
    /// The signed-in account.
    pub user: User,
}

impl Flow {
    /// The accounts that are signed in to a session.
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
