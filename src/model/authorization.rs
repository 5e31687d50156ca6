//! An authorization request that waits for its person.

use serde::{Deserialize, Serialize};

use super::Locale;
use super::client::ClientId;
use crate::protocol::ScopeSet;
use crate::protocol::authorize::AuthorizationRequest;
use crate::support::id::{AuthorizationId, SignInId};
use crate::support::{Digest, Timestamp};

/// What the person did about the request so far. Each page records one of these and returns to the dispatcher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The account that was chosen, or signed in, for this request.
    pub account: Option<SignInId>,
    /// The person wants to sign in with an account that is not there yet.
    pub another_account: bool,
    /// When the person last authenticated on this request's behalf.
    pub authenticated_at: Option<Timestamp>,
    /// What the person agreed to on this request's consent page.
    pub consented: Option<ScopeSet>,
    /// The language that the person switched to, whatever the app asked for.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// The person was sent to an upstream provider without being asked, once: whoever comes back without a sign-in chooses.
    #[serde(default)]
    pub sent_upstream: bool,
    /// The person said no.
    pub refused: bool,
}

impl Progress {
    /// The request goes on as this account. What another one agreed to does not count for it.
    pub fn go_on_as(&mut self, account: SignInId) {
        if self.account != Some(account) {
            self.consented = None;
        }
        self.account = Some(account);
        self.another_account = false;
    }

    /// The request goes on as an account that is not there yet.
    pub fn go_on_as_another(&mut self) {
        self.account = None;
        self.another_account = true;
        self.consented = None;
    }
}

/// A pending authorization. The browser carries its id only; the id works only beside the browser cookie it is bound to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authorization {
    /// Its id.
    pub id: AuthorizationId,
    /// Who asks.
    pub client: ClientId,
    /// What is asked.
    pub request: AuthorizationRequest,
    /// The digest of the browser cookie that began it.
    pub browser: Digest,
    /// What happened so far.
    pub progress: Progress,
    /// When it began.
    pub created_at: Timestamp,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
}
