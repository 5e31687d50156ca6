//! An authorization request that waits for its end-user.

use serde::{Deserialize, Serialize};

use super::Locale;
use super::client::ClientId;
use crate::protocol::ScopeSet;
use crate::protocol::authorize::AuthorizationRequest;
use crate::support::id::{AuthorizationId, SignInId};
use crate::support::{Digest, Timestamp};

/// What the end-user did about the request so far. Each page records one of these and returns to the dispatcher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The account that was chosen, or signed in, for this request.
    pub account: Option<SignInId>,
    /// The end-user wants to sign in with an account that is not there yet.
    pub another_account: bool,
    /// When the end-user last authenticated on this request's behalf.
    pub authenticated_at: Option<Timestamp>,
    /// The scopes that the end-user agreed to on this request's consent page.
    pub consented: Option<ScopeSet>,
    /// The language that the end-user switched to while the login waited. Nothing is decided by it any more, as the browser's own choice goes before
    /// every app's wish; nodes of a release before that read it.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// The end-user was sent to an upstream provider without being asked, once: one who comes back without a sign-in chooses.
    #[serde(default)]
    pub sent_upstream: bool,
    /// The end-user denied the request.
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

/// Where an authorization began: what its pages are shown to, and what its answer goes to. Stored as a field of the [`Authorization`] that is
/// named as the variant; authorizations that begin at a device (RFC 8628) or in a back channel (OpenID CIBA) come here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// In a browser at the authorization endpoint: the digest of the secret in its cookie.
    Browser(Digest),
}

impl Origin {
    /// Whether it began in the browser with a secret of this digest.
    pub fn is_browser(&self, secret: Digest) -> bool {
        match self {
            Self::Browser(began) => *began == secret,
        }
    }
}

/// A pending authorization. The browser carries its id only; the id works only beside the browser cookie it is bound to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authorization {
    /// The `flow` of its pages.
    pub id: AuthorizationId,
    /// The client that asks.
    pub client: ClientId,
    /// What the client asks for, once every rule was kept.
    pub request: AuthorizationRequest,
    /// Where it began, and so who may go on with it.
    #[serde(flatten)]
    pub origin: Origin,
    /// What the end-user did about it so far.
    pub progress: Progress,
    /// When the client's request came in.
    pub created_at: Timestamp,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
    /// What finds the trial whose login it is: its answer goes there, and to no client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A login under way, as the version before this enum stored it.
    fn stored() -> serde_json::Value {
        serde_json::json!({
            "id": "azn_00000000000000000000000000000001",
            "client": "app",
            "request": {
                "redirect": "https://app.example/cb",
                "redirect_uri_param": "https://app.example/cb",
                "response_type": "code",
                "response_mode": "query",
                "scope": "openid email",
                "state": "xyz",
                "nonce": null,
                "code_challenge": null,
                "prompt": {
                    "none": false, "login": true, "consent": false, "select_account": false, "create": false,
                },
                "max_age": null,
                "acr_values": [],
                "claims": {},
                "ui_locales": ["ko"],
                "claims_locales": [],
                "login_hint": null,
                "hinted_subject": null,
                "connection_hint": null,
                "display": "page",
                "resources": [],
            },
            "browser": vec![7; 32],
            "progress": {
                "account": null, "another_account": false, "authenticated_at": null, "consented": null, "locale": null,
                "sent_upstream": false, "refused": false,
            },
            "created_at": 1,
            "expires_at": 2,
        })
    }

    #[test]
    fn a_login_under_way_is_read_as_it_was_stored_before_and_stored_as_it_was() {
        let text = stored().to_string();
        let read: Authorization = serde_json::from_str(&text).unwrap();
        let Origin::Browser(digest) = &read.origin;
        assert_eq!(serde_json::to_value(digest).unwrap(), serde_json::json!(vec![7; 32]));
        assert!(read.request.prompt.login);
        assert_eq!(serde_json::to_value(&read).unwrap(), stored());
    }
}
