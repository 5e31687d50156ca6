//! What a unit of work rests on.

use crate::model::client::ClientId;
use crate::model::delegation::HeldRights;
use crate::model::epoch::{AccountEpochs, Epoch};
use crate::support::id::{ConnectionId, SignInId, UserId};

/// What the changes of a unit of work were decided by, and must still be so when they are committed: the account, the sign-in or the consent
/// that they rest on may have ended since.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    /// An account acts, and may still: `Ended` otherwise.
    Account(ActingAccount),
    /// What an account allowed a client was withdrawn no oftener than was seen, by a client that may be used and is in the epoch that was
    /// seen: `Ended` otherwise.
    Consent {
        /// The account.
        user: UserId,
        /// The client.
        client: ClientId,
        /// The client's epoch.
        client_epoch: Epoch,
        /// How often it was withdrawn.
        withdrawn: Epoch,
    },
    /// A client acts for itself, and may still: `Ended` otherwise.
    Client(ActingClient),
    /// The policy is in this version: `Stale` otherwise.
    Policy(i64),
    /// No account is linked through a connection: `Stale` otherwise.
    Unlinked(ConnectionId),
    /// An account has no second factor, and no passkey that counts: `Stale` otherwise.
    NoFactor {
        /// The account.
        user: UserId,
        /// Browsers have passkeys for the issuer, which no database knows: where they have none, no passkey counts, whatever is decided.
        passkeys: bool,
    },
}

/// An account in whose name something is done, as it was when that was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ActingAccount {
    /// The account, which may be used.
    pub id: UserId,
    /// The epochs of it and of the server in which it signed in, or proved itself.
    pub epochs: AccountEpochs,
    /// The sign-in that it acts in, which has not ended; `None` where it proved itself without one.
    pub sign_in: Option<SignInId>,
    /// The roles that it had, and what it managed, where what it does rests on them.
    pub roles: Option<HeldRights>,
}

/// A client in whose own name something is done, as it was when that was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ActingClient {
    /// The client, which may be used.
    pub id: ClientId,
    /// The epoch of it in which it authenticated.
    pub epoch: Epoch,
    /// The roles that it had, and what it managed.
    pub rights: HeldRights,
}
