//! Which apps have access to an account: those it was asked about, and the operator's own.

use super::Accounts;
use crate::model::Client;
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

impl Accounts {
    /// The apps that have access to an account. Of the operator's own, about which the end-user was not asked, those whose grants outlive a
    /// session.
    pub async fn apps_with_access(&self, user: UserId) -> StoreResult<Vec<AppAccess>> {
        let mut apps: Vec<AppAccess> = Vec::new();
        for consent in self.stores.consents.of_user(user).await? {
            let Some(client) = self.stores.clients.find(&consent.client).await? else { continue };
            apps.push(AppAccess { client, scope: consent.scope, since: consent.granted_at, asked: true });
        }
        for grant in self.stores.grants.offline_of_user(user, self.clock.now()).await? {
            let listed = apps.iter().any(|app| app.client.id == grant.client);
            let Some(client) = self.stores.clients.find(&grant.client).await?.filter(|_| !listed) else { continue };
            apps.push(AppAccess { client, scope: grant.terms.scope, since: grant.created_at, asked: false });
        }
        Ok(apps)
    }
}
