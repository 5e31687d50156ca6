//! Which apps have access to an account: those it was asked about, and the operator's own.

use std::collections::BTreeMap;

use super::Accounts;
use crate::model::Client;
use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::model::grant::Grant;
use crate::protocol::ScopeSet;
use crate::store::StoreResult;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// An app, and what it may do.
#[derive(Clone, Debug)]
pub struct AppAccess {
    /// The app, as it is registered now.
    pub client: Client,
    /// What it was granted.
    pub scope: ScopeSet,
    /// Since when.
    pub since: Timestamp,
    /// Whether the end-user was asked; of the operator's own apps nobody is.
    pub asked: bool,
}

/// What one app has, by one source.
struct Access {
    scope: ScopeSet,
    since: Timestamp,
    asked: bool,
}

impl Access {
    /// Both of two: what either allows, since the first of them.
    fn and(&self, other: &Self) -> Self {
        Self {
            scope: self.scope.union(&other.scope),
            since: self.since.min(other.since),
            asked: self.asked || other.asked,
        }
    }
}

impl From<&Consent> for Access {
    fn from(consent: &Consent) -> Self {
        Self { scope: consent.scope.clone(), since: consent.granted_at, asked: true }
    }
}

impl From<&Grant> for Access {
    fn from(grant: &Grant) -> Self {
        Self { scope: grant.terms.scope.clone(), since: grant.created_at, asked: false }
    }
}

impl Accounts {
    /// The apps that have access to an account, by their ids: what was agreed to, and what was granted. About the operator's own apps end-users are not
    /// asked, so those are known by their live grants alone, among which those that outlive a session are never left out.
    pub async fn apps_with_access(&self, user: UserId) -> StoreResult<Vec<AppAccess>> {
        let now = self.clock.now();
        let consents = self.stores.consents.of_user(user).await?;
        let offline = self.stores.grants.offline_of_user(user, now).await?;
        let live = self.stores.grants.of_user(user, now).await?;
        let agreed = consents.iter().map(|consent| (&consent.client, Access::from(consent)));
        let granted = offline.iter().chain(&live).map(|grant| (&grant.client, Access::from(grant)));
        let mut found: BTreeMap<&ClientId, Access> = BTreeMap::new();
        for (client, access) in agreed.chain(granted) {
            let whole = match found.get(client) {
                Some(before) => before.and(&access),
                None => access,
            };
            found.insert(client, whole);
        }
        let mut apps = Vec::new();
        for (id, Access { scope, since, asked }) in found {
            let client = self.stores.clients.find(id).await?;
            apps.extend(client.map(|client| AppAccess { client, scope, since, asked }));
        }
        Ok(apps)
    }
}
