//! A login that waits for its second factor: nothing of it counts before that is proved.
//!
//! It is a sealed record of the browser that began it, for a short time and as long as nothing of the account is ended. It is no session: it finds
//! nothing and opens nothing but the page that asks for the factor. Taking it is what ends it, so it leads to one sign-in at most.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Means, Sessions, Visitor};
use crate::model::epoch::AccountEpochs;
use crate::model::factor::Kinds;
use crate::model::user::User;
use crate::sealed::RecordLabel;
use crate::store::{RecordKind, StoreResult};
use crate::support::id::{AuthorizationId, SignInId, UserId};
use crate::support::{Digest, Timestamp, random};

/// How long a person may take to find their phone.
const LIFETIME: Duration = Duration::from_mins(10);

/// What the second factor leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// A sign-in begins, whose first factor was proved by these means.
    Begin(Means),
    /// A sign-in that there is becomes as strong.
    Raise(SignInId),
}

/// Where the browser goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Onward {
    /// To an app that waits.
    Flow(AuthorizationId),
    /// To one of our own pages: its path.
    Page(String),
}

/// What is kept of a login until its second factor is proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The account whose first factor was proved.
    pub user: UserId,
    /// The epochs that it was proved in.
    pub epochs: AccountEpochs,
    /// What the second factor leads to.
    pub then: Then,
    /// Where the browser goes on.
    pub onward: Onward,
    /// The secret of the app that is to be added, where the account has none.
    pub adding: Option<Vec<u8>>,
    /// Whether it has to add a second factor, as it has none that is enough: a passkey will do as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub enrols: bool,
    /// The kinds of second factors that are enough for where it leads.
    #[serde(default)]
    pub kinds: Kinds,
    /// Whether its end-user wants to stay signed in once the browser was closed.
    pub remember: bool,
    /// Whether the browser said that it can make a passkey.
    #[serde(default)]
    pub makes_passkeys: bool,
    browser: Digest,
    expires_at: Timestamp,
}

/// What a login waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adding {
    /// The secret of the app that the account adds by it; `None` where it adds nothing.
    pub secret: Option<Vec<u8>>,
    /// It has to add a second factor.
    pub enrols: bool,
    /// The kinds of second factors that are enough.
    pub kinds: Kinds,
}

impl Sessions {
    /// Keeps a login of this browser; the answer is what finds it again.
    pub async fn keep_pending(
        &self,
        visitor: &Visitor,
        user: &User,
        (then, onward): (Then, Onward),
        Adding { secret, enrols, kinds }: Adding,
    ) -> StoreResult<String> {
        let handle = random::text(self.random.as_ref());
        let now = self.clock.now();
        let pending = PendingLogin {
            user: user.id,
            epochs: user.epochs(),
            then,
            onward,
            adding: secret,
            enrols,
            kinds,
            remember: visitor.remember,
            makes_passkeys: visitor.makes_passkeys,
            browser: visitor.browser.digest(),
            expires_at: now.plus(LIFETIME),
        };
        let label = RecordLabel {
            kind: RecordKind::PendingLogin,
            key: key(&handle),
            owners: Vec::new(),
            expires_at: pending.expires_at,
        };
        self.records.put(label, &pending, now).await?;
        Ok(handle)
    }

    /// The login that waits under a handle, in the browser that began it.
    pub async fn pending(&self, visitor: &Visitor, handle: &str) -> StoreResult<Option<PendingLogin>> {
        let now = self.clock.now();
        let found: Option<PendingLogin> = self.records.get(RecordKind::PendingLogin, key(handle), now).await?;
        Ok(found.filter(|pending| pending.browser == visitor.browser.digest() && now < pending.expires_at))
    }

    /// Takes it away: of several who go on with it at once, one does.
    pub async fn take_pending(&self, visitor: &Visitor, handle: &str) -> StoreResult<Option<PendingLogin>> {
        if self.pending(visitor, handle).await?.is_none() {
            return Ok(None);
        }
        self.records.take(RecordKind::PendingLogin, key(handle), self.clock.now()).await
    }
}

fn key(handle: &str) -> Digest {
    Digest::of("pending login", handle.as_bytes())
}
