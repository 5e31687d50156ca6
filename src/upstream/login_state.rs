//! A login under way at a provider: a sealed record that the `state` parameter finds, once, in the browser that began it.

use serde::{Deserialize, Serialize};

use super::{LoginPurpose, Reason, Upstream};
use crate::model::Epoch;
use crate::model::connection::Connection;
use crate::sealed::RecordLabel;
use crate::sessions::{BrowserSecret, Visitor};
use crate::store::{RecordKind, StoreResult};
use crate::support::id::ConnectionId;
use crate::support::{Digest, Timestamp, random};

/// What is remembered of the way to the provider, until its answer comes.
#[derive(Debug, Serialize, Deserialize)]
pub struct LoginState {
    pub(super) connection: ConnectionId,
    /// The connection's epoch when the end-user was sent there.
    #[serde(default)]
    pub(super) connection_epoch: Epoch,
    pub(super) purpose: LoginPurpose,
    /// The digest of the browser's secret.
    pub(super) browser: Digest,
    pub(super) nonce: String,
    /// RFC 7636 section 4.1; empty where the provider gets no challenge.
    pub(super) verifier: String,
    /// In seconds, where it was asked.
    pub(super) max_age: Option<u64>,
    pub(super) expires_at: Timestamp,
}

/// The `state` of a request, and what it stands for.
pub(super) fn draw(random: &dyn random::Random) -> String {
    random::text(random)
}

fn key(state: &str) -> Digest {
    Digest::of("upstream state", state.as_bytes())
}

impl Upstream {
    pub(super) async fn remember(&self, state: &str, pending: &LoginState) -> StoreResult<()> {
        let label = RecordLabel {
            kind: RecordKind::UpstreamLogin,
            key: key(state),
            owners: Vec::new(),
            expires_at: pending.expires_at,
        };
        self.records.put(label, pending, self.clock.now()).await
    }

    /// Takes the login that a `state` stands for: of several answers with it, one gets it. An answer in another browser, or to another
    /// connection's redirect URI, takes nothing away. One that began before everything of the connection was ended is over.
    pub(super) async fn take(
        &self,
        state: &str,
        connection: &Connection,
        visitor: &Visitor,
    ) -> Result<LoginState, Reason> {
        let now = self.clock.now();
        let found: Option<LoginState> = self.records.get(RecordKind::UpstreamLogin, key(state), now).await?;
        let found = found.filter(|pending| now < pending.expires_at).ok_or(Reason::UnknownState)?;
        if found.browser != browser(&visitor.browser) {
            return Err(Reason::OtherBrowser);
        }
        if found.connection != connection.id {
            return Err(Reason::MixUp);
        }
        let taken: Option<LoginState> = self.records.take(RecordKind::UpstreamLogin, key(state), now).await?;
        taken.filter(|taken| taken.connection_epoch == connection.epoch).ok_or(Reason::UnknownState)
    }
}

pub(super) fn browser(secret: &BrowserSecret) -> Digest {
    secret.digest()
}
