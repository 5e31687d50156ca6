//! Why the browser is sent to a provider: kept with the login state, and what decides what its answer is used for.

use serde::{Deserialize, Serialize};

use crate::support::id::{AuthorizationId, SignInId, UserId};

/// What an end-user, or an administrator, is sent to the provider for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginPurpose {
    /// To sign in, on behalf of a pending authorization where there is one.
    SignIn {
        /// The pending authorization that the login answers; `None` from a page of Haechi's own.
        flow: Option<AuthorizationId>,
    },
    /// To prove to own an account, so that another link may be added to it.
    Prove {
        /// The pending authorization that goes on once the account is proved.
        flow: Option<AuthorizationId>,
        /// The handle of the pending link: see [`PendingLink`](super::PendingLink).
        waiting: String,
    },
    /// To add a link to the account of the user who is signed in.
    Link {
        /// The account that the link is added to.
        user: UserId,
        /// The sign-in that asked for it: the link is made only while it lasts.
        sign_in: SignInId,
    },
    /// To prove the account that is signed in, for a form that waits for it.
    Confirm {
        /// The account.
        user: UserId,
        /// The sign-in that asked for it, and that the proof is for.
        sign_in: SignInId,
        /// The handle of what waits.
        kept: String,
    },
    /// To try the connection out. It signs no account in.
    Test {
        /// The administrator who tests it.
        user: UserId,
    },
}

impl LoginPurpose {
    /// Whether the provider's answer is to prove an account: its user has to do something there, also if signed in to it already.
    pub const fn proves(&self) -> bool {
        matches!(self, Self::Prove { .. } | Self::Confirm { .. })
    }
}
