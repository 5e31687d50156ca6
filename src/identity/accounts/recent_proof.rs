//! That an account proved itself a moment ago: what a session alone is not enough for.
//!
//! Whatever leads to secrets, or adds, removes or changes a way in, takes a [`RecentProof`]. Only this module makes one: of a sign-in
//! that is recent enough, or of a password that was checked just now.

use std::time::Duration;

use super::{Accounts, Origin, SignInRejected};
use crate::model::User;
use crate::model::session::{Acr, SignIn};
use crate::support::id::UserId;
use crate::support::{Secret, Timestamp};

/// For how long having signed in is a recent proof.
const RECENT: Duration = Duration::from_mins(15);
/// A page that asks for a proof later asks at once where the one at hand ends within this time: reading and typing take time too.
const ALMOST: Duration = Duration::from_mins(5);

/// This account proved itself, this strongly, at this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentProof {
    account: UserId,
    acr: Acr,
    at: Timestamp,
}

impl RecentProof {
    /// The proof that a sign-in is; `None` where it is too old for one.
    pub fn of(sign_in: &SignIn, now: Timestamp) -> Option<Self> {
        let proof = Self { account: sign_in.user, acr: sign_in.acr.clone(), at: sign_in.auth_time };
        (now.since(proof.at) <= RECENT).then_some(proof)
    }

    /// Whether a sign-in is no such proof any more, or soon will not be.
    pub fn ends_soon(sign_in: &SignIn, now: Timestamp) -> bool {
        now.since(sign_in.auth_time) + ALMOST > RECENT
    }

    /// The account that proved itself.
    pub const fn account(&self) -> UserId {
        self.account
    }

    /// How strongly: the value of `acr`.
    pub const fn acr(&self) -> &Acr {
        &self.acr
    }

    /// When the account proved itself.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl Accounts {
    /// The proof that an account's password is. It counts, and is slowed down, as signing in is.
    pub async fn prove(
        &self,
        user: &User,
        password: &Secret<String>,
        from: &Origin,
    ) -> Result<(User, RecentProof), SignInRejected> {
        let proved = self.sign_in(user.email.as_str(), password, from).await?;
        // The address could be another account's by now.
        if proved.id != user.id {
            return Err(SignInRejected::WrongCredentials);
        }
        let proof = RecentProof { account: proved.id, acr: Acr::ONE_FACTOR, at: self.clock.now() };
        Ok((proved, proof))
    }
}
