//! A sign-in that came back and needs the proof of an account, or an e-mail address, first: a sealed record of this browser, taken once.

use serde::{Deserialize, Serialize};

use super::{Upstream, login_state};
use crate::model::acr::Acr;
use crate::model::epoch::Epoch;
use crate::model::session::UpstreamSignIn;
use crate::model::upstream_link::UpstreamAccount;
use crate::model::user::{EmailAddress, Profile};
use crate::sealed::RecordLabel;
use crate::sessions::{Means, Visitor};
use crate::store::{RecordKind, StoreResult};
use crate::support::id::{AuthorizationId, ConnectionId, LinkId, UserId};
use crate::support::{Digest, Timestamp};

/// A link that is not made yet, as the user is asked something first: kept until they answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingLink {
    /// The connection that the end-user came through.
    pub connection: ConnectionId,
    /// The connection's epoch then.
    #[serde(default)]
    pub(super) connection_epoch: Epoch,
    /// The account at the provider, with its tokens where the connection keeps them.
    pub account: UpstreamAccount,
    /// The account that has the address, where one has.
    pub owner: Option<UserId>,
    /// The address: the provider's, or the one that was typed.
    pub email: Option<EmailAddress>,
    /// Whether the address counts as verified.
    pub email_verified: bool,
    /// The `name` claim, as the provider sent it.
    pub name: Option<String>,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    pub(super) picture: Option<String>,
    /// Further standard claims, as far as the provider's are what their rules allow.
    #[serde(default)]
    pub(super) claims: Profile,
    /// The methods that the provider says it used, as far as they count here.
    pub(super) amr: Vec<String>,
    /// What its word amounts to here.
    #[serde(default, skip_serializing_if = "Acr::is_of_one_factor")]
    pub(super) reached: Acr,
    pub(super) sid: Option<String>,
    pub(super) auth_time: Option<Timestamp>,
    #[serde(default)]
    pub(super) proved_at: Option<Timestamp>,
    /// The pending authorization that it is for.
    pub flow: Option<AuthorizationId>,
    pub(super) browser: Digest,
    pub(super) expires_at: Timestamp,
}

impl PendingLink {
    /// How the end-user authenticated there, where this link led to the account.
    pub(super) fn means(&self, link: LinkId) -> Means {
        let sign_in = UpstreamSignIn { link: Some(link), ..self.word() };
        Means::Upstream { amr: self.amr.clone(), reached: self.reached.clone(), sign_in }
    }

    /// What the provider says of it.
    pub(super) fn word(&self) -> UpstreamSignIn {
        UpstreamSignIn {
            connection: self.connection,
            epoch: self.connection_epoch,
            link: None,
            sid: self.sid.clone(),
            auth_time: self.auth_time,
            proved_at: self.proved_at,
        }
    }
}

impl Upstream {
    /// The link that is pending in this browser under this handle, as long as its connection is in the epoch that it came in.
    pub async fn pending_link(&self, handle: &str, visitor: &Visitor) -> StoreResult<Option<PendingLink>> {
        let found: Option<PendingLink> =
            self.records.get(RecordKind::UpstreamLogin, pending_link_key(handle), self.clock.now()).await?;
        let Some(pending) = found.filter(|pending| self.is_of(pending, visitor)) else { return Ok(None) };
        // What came through a connection goes no further once that is switched off, deleted or ended.
        let connection = self.stores.connections.find(pending.connection).await?;
        let holds = connection.is_some_and(|found| found.enabled && found.epoch == pending.connection_epoch);
        Ok(holds.then_some(pending))
    }

    pub(super) async fn take_pending_link(&self, handle: &str, visitor: &Visitor) -> StoreResult<Option<PendingLink>> {
        if self.pending_link(handle, visitor).await?.is_none() {
            return Ok(None);
        }
        self.records.take(RecordKind::UpstreamLogin, pending_link_key(handle), self.clock.now()).await
    }

    fn is_of(&self, pending: &PendingLink, visitor: &Visitor) -> bool {
        pending.browser == login_state::browser(&visitor.browser) && self.clock.now() < pending.expires_at
    }

    pub(super) async fn keep_pending_link(&self, pending: PendingLink) -> StoreResult<String> {
        let handle = login_state::draw(self.random.as_ref());
        let label = RecordLabel {
            kind: RecordKind::UpstreamLogin,
            key: pending_link_key(&handle),
            owners: Vec::new(),
            expires_at: pending.expires_at,
        };
        self.records.put(label, &pending, self.clock.now()).await?;
        Ok(handle)
    }
}

fn pending_link_key(handle: &str) -> Digest {
    Digest::of("upstream waiting", handle.as_bytes())
}
