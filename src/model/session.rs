//! A browser's session: the accounts that are signed in there.

use serde::{Deserialize, Serialize};

use super::epoch::{ConnectionEpoch, Epoch};
use crate::support::Timestamp;
use crate::support::id::{ConnectionId, SignInId, UserId};

/// The most accounts that one browser holds at once; the one unused for longest makes room.
pub const MAX_ACCOUNTS: usize = 5;

/// How strongly somebody authenticated: the values of `acr` that Haechi answers with and advertises.
pub mod acr {
    /// One factor: a password.
    pub const ONE_FACTOR: &str = "urn:haechi:acr:1fa";
    /// Every value, the strongest first.
    pub const ALL: &[&str] = &[ONE_FACTOR];
}

/// What an upstream provider says of a sign-in that rests on its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamSignIn {
    /// The connection that the end-user authenticated through.
    pub connection: ConnectionId,
    /// The connection's epoch then.
    #[serde(default)]
    pub epoch: Epoch,
    /// The provider's session, which its logout tokens name.
    pub sid: Option<String>,
    /// When the person authenticated there, where it says so.
    pub auth_time: Option<Timestamp>,
}

/// One person signed in to one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// `sid`.
    pub id: SignInId,
    /// Who.
    pub user: UserId,
    /// The account's epoch when the end-user last authenticated: the sign-in counts as long as that is the account's.
    #[serde(default)]
    pub epoch: Epoch,
    /// When the end-user last authenticated here.
    pub auth_time: Timestamp,
    /// Where else, if that was the proof.
    #[serde(default)]
    pub upstream: Option<UpstreamSignIn>,
    /// How strongly.
    pub acr: String,
    /// By which means: RFC 8176.
    pub amr: Vec<String>,
    /// When the sign-in began.
    pub created_at: Timestamp,
    /// When it was last used for an app.
    pub used_at: Timestamp,
    /// From which browser, in a few words.
    pub browser: String,
}

impl SignIn {
    /// The epoch of the connection that the end-user authenticated through, where it was one.
    pub fn connection_epoch(&self) -> Option<ConnectionEpoch> {
        self.upstream
            .as_ref()
            .map(|upstream| ConnectionEpoch { connection: upstream.connection, epoch: upstream.epoch })
    }

    /// When the person last authenticated, wherever that was: `auth_time`. A provider's word that it was earlier than today's visit
    /// counts; that it was later does not.
    pub fn authenticated_at(&self) -> Timestamp {
        let there = self.upstream.as_ref().and_then(|upstream| upstream.auth_time);
        there.map_or(self.auth_time, |there| there.min(self.auth_time))
    }
}

/// What a browser's session cookie stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The accounts, the one used last first.
    pub sign_ins: Vec<SignIn>,
}

impl Session {
    /// The account used last.
    pub fn current(&self) -> Option<&SignIn> {
        self.sign_ins.first()
    }

    /// The sign-in of a person in this browser.
    pub fn of_user(&self, user: UserId) -> Option<&SignIn> {
        self.sign_ins.iter().find(|s| s.user == user)
    }

    /// Adds a sign-in, or renews the one that the person has, and makes it the current one.
    #[must_use]
    pub fn with(mut self, sign_in: SignIn) -> Self {
        self.sign_ins.retain(|s| s.user != sign_in.user);
        self.sign_ins.insert(0, sign_in);
        self.sign_ins.truncate(MAX_ACCOUNTS);
        self
    }

    /// Leaves one sign-in out.
    #[must_use]
    pub fn without(mut self, id: SignInId) -> Self {
        self.sign_ins.retain(|s| s.id != id);
        self
    }
}
