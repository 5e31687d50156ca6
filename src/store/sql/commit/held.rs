//! What a unit of work takes before it looks at anything, so that of two units which rest on the same the later one sees what the earlier one did.
//!
//! What people do for themselves takes the rows of their accounts: nobody waits for anybody else. What may end what others rest on (clients, connections, the
//! policy, what administrators do, the accounts of those who administer) takes the server's row besides, and takes it first. SQLite has one writer at a time and
//! needs neither.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbBackend};

use crate::store::sql::statements::{server, user};
use crate::store::{Change, Conflict, Ground, StoreError, StoreResult};
use crate::support::id::UserId;

/// The rows that a unit of work takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    server: bool,
    accounts: BTreeSet<UserId>,
}

impl Held {
    /// What these changes take.
    pub(super) fn by(changes: &[Change]) -> Self {
        Self { server: changes.iter().any(holds_the_server), accounts: changes.iter().filter_map(account_of).collect() }
    }

    /// Takes it, and counts the revision up where that is due. Answers whether the server's row is held: whether what all rest on may change.
    pub(super) async fn take<C: ConnectionTrait>(self, db: &C, counts_up: bool) -> StoreResult<bool> {
        let locks = db.get_database_backend() == DbBackend::Postgres;
        let server = self.server || user::any_administers(db, &self.accounts).await?;
        if counts_up || (server && locks) {
            server::hold(db, counts_up).await?;
        }
        // One that was made an administrator in this instant would be changed without the row that guards those.
        if locks && user::hold(db, &self.accounts).await? && !server {
            return Err(StoreError::Conflict(Conflict::Stale));
        }
        Ok(server)
    }
}

/// Whether a change may end what other accounts rest on, or rests on what only such changes end.
fn holds_the_server(change: &Change) -> bool {
    match change {
        Change::InsertUser(user) => user.is_administrator() || !user.affiliations.is_empty(),
        Change::UpdateUser(user) => user.is_administrator(),
        Change::EditUser(edit) => edit.roles.is_some() || !edit.joins.is_empty() || !edit.leaves.is_empty(),
        // What rests on somebody's roles, or on a client's, is what administrators do.
        Change::Holds(ground) => match ground {
            Ground::Account(acting) => acting.roles.is_some(),
            Ground::Client(_) => true,
            Ground::Consent { .. } | Ground::Policy(_) | Ground::Unlinked(_) => false,
        },
        Change::EndEverything(_)
        | Change::InsertAttribute(_)
        | Change::UpdateAttribute(_)
        | Change::DeleteAttribute(_)
        | Change::InsertAffiliation(_)
        | Change::UpdateAffiliation(_)
        | Change::DeleteAffiliation(_)
        | Change::InsertApi(_)
        | Change::UpdateApi(_)
        | Change::DeleteApi(_)
        | Change::InsertClaimRule(_)
        | Change::UpdateClaimRule(_)
        | Change::DeleteClaimRule(_)
        | Change::InsertClient(_)
        | Change::UpdateClient(_)
        | Change::DeleteClient(_)
        | Change::InsertConnection(_)
        | Change::UpdateConnection(_)
        | Change::DeleteConnection { .. }
        | Change::PutPolicy(_)
        // So that no two add the last one that there is room for.
        | Change::InsertWebhook(_) => true,
        _ => false,
    }
}

/// The account whose row a change takes: whose document or ways in it changes, or on which it rests.
fn account_of(change: &Change) -> Option<UserId> {
    match change {
        Change::UpdateUser(user) => Some(user.id),
        Change::EditUser(edit) | Change::DeleteUser(edit) => Some(edit.id),
        Change::Holds(Ground::Account(acting)) => Some(acting.id),
        Change::Holds(Ground::Consent { user, .. })
        | Change::DeleteUpstreamLink(_, user)
        | Change::DeleteWaysInSince(user, _)
        | Change::DeletePasskey(_, user)
        | Change::WithdrawConsent(user, _) => Some(*user),
        Change::InsertFactor(factor) => Some(factor.user),
        Change::InsertPasskey(passkey) => Some(passkey.user),
        Change::PutConsent(consent) => Some(consent.user),
        _ => None,
    }
}
