//! Why a login through a provider did not work: precise for the log and for administrators, a few kinds for the end-user.

use serde_json::Value;

use super::id_token::IdTokenRejected;
use super::login_purpose::LoginPurpose;
use super::profile::ProfileRejected;
use crate::keys::{KeyError, TokenRejected};
use crate::model::connection::Connection;
use crate::remote_keys::RemoteKeysRejected;
use crate::store::StoreError;

/// What went wrong on the way to a provider or back.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// There is no such connection, or it is switched off.
    #[error("no such connection, or switched off")]
    NoConnection,
    /// The answer belongs to no login under way: too late, used, or made up.
    #[error("no login under way has this state")]
    UnknownState,
    /// The login began in another browser.
    #[error("the login began in another browser")]
    OtherBrowser,
    /// The answer came to the redirect URI of another connection, or names another issuer: RFC 9700 section 4.4.
    #[error("the answer is not of this connection's provider")]
    MixUp,
    /// The user said no there.
    #[error("the user denied the request")]
    Refused,
    /// The provider answered with an error code.
    #[error("the provider answered {0}")]
    Provider(String),
    /// The provider cannot be asked.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// A call to one of the provider's endpoints failed, or its answer could not be read.
    #[error("{0}")]
    Call(String),
    /// What an administrator set does not work.
    #[error("{0}")]
    Misconfigured(&'static str),
    /// The ID token is missing.
    #[error("no ID token came")]
    NoIdToken,
    /// The ID token's signature.
    #[error("ID token: {0}")]
    Signature(#[from] TokenRejected),
    /// The ID token's claims.
    #[error("ID token: {0}")]
    IdToken(#[from] IdTokenRejected),
    /// The answers make no profile.
    #[error("profile: {0}")]
    Profile(#[from] ProfileRejected),
    /// Our own key cannot sign.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// A store did not answer.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<RemoteKeysRejected> for Reason {
    fn from(rejected: RemoteKeysRejected) -> Self {
        match rejected {
            RemoteKeysRejected::Unreachable => Self::Unreachable,
            RemoteKeysRejected::Token(why) => Self::Signature(why),
        }
    }
}

impl Reason {
    /// Whether trying again later may help: the provider, not the user or the settings, is at fault.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable | Self::Call(_) => true,
            // RFC 6749 section 4.1.2.1: what a server says when the trouble is its own.
            Self::Provider(code) => matches!(code.as_str(), "server_error" | "temporarily_unavailable"),
            _ => false,
        }
    }
}

/// A login that did not work, with what is known of it.
#[derive(Debug)]
pub struct UpstreamFailed {
    /// Why it failed: for the log, and for the page in fewer kinds.
    pub reason: Reason,
    /// Through which connection, where there is one.
    pub connection: Option<Box<Connection>>,
    /// What it was for, where that is known: the browser goes on there.
    pub purpose: Option<LoginPurpose>,
    /// What the provider had said by then: for the administrator's test.
    pub answers: Vec<Value>,
}

impl UpstreamFailed {
    /// A failure before anything is known.
    pub(super) const fn early(reason: Reason) -> Self {
        Self { reason, connection: None, purpose: None, answers: Vec::new() }
    }
}

impl From<StoreError> for UpstreamFailed {
    fn from(error: StoreError) -> Self {
        Self::early(error.into())
    }
}
