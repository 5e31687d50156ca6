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
        let mut held = Self::default();
        for (server, account) in changes.iter().map(taken_by) {
            held.server |= server;
            held.accounts.extend(account);
        }
        held
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

/// Whether a change takes the server's row, because it may end what other accounts rest on, or rests on what only such changes end; and whose row it takes, because
/// that account's document or ways in change, or it rests on them.
#[allow(clippy::too_many_lines, reason = "a table, a line each")]
fn taken_by(change: &Change) -> (bool, Option<UserId>) {
    match change {
        Change::Holds(ground) => match ground {
            // What rests on somebody's roles, or on a client's, is what administrators do.
            Ground::Account(acting) => (acting.roles.is_some(), Some(acting.id)),
            Ground::Client(_) => (true, None),
            Ground::Consent { user, .. } | Ground::NoFactor { user, .. } => (false, Some(*user)),
            Ground::Policy(_) | Ground::Unlinked(_) => (false, None),
        },
        Change::InsertUser(user) => (user.is_administrator() || !user.affiliations.is_empty(), None),
        Change::UpdateUser(user) => (user.is_administrator(), Some(user.id)),
        Change::EditUser(edit) => {
            (edit.roles.is_some() || !edit.joins.is_empty() || !edit.leaves.is_empty(), Some(edit.id))
        }
        Change::InsertDelegation(user, _) | Change::DeleteDelegation(user, _) => (true, Some(*user)),
        Change::DeleteUser(edit) => (false, Some(edit.id)),
        Change::InsertFactor(factor) => (false, Some(factor.user)),
        Change::InsertPasskey(passkey) => (false, Some(passkey.user)),
        Change::PutConsent(consent) => (false, Some(consent.user)),
        Change::DeletePassword(user)
        | Change::DeleteFactor(user, _)
        | Change::DeleteFactors(user)
        | Change::PutRecoveryCodes(user, ..)
        | Change::DeleteUpstreamLink(_, user)
        | Change::DeleteWaysInSince { user, .. }
        | Change::DeletePasskey(_, user)
        | Change::DeletePasskeys(user)
        | Change::WithdrawConsent(user, _) => (false, Some(*user)),
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
        | Change::InsertClientDelegation(..)
        | Change::DeleteClientDelegation(..)
        | Change::InsertClaimRule(_)
        | Change::UpdateClaimRule(_)
        | Change::DeleteClaimRule(_)
        | Change::InsertClient(_)
        | Change::UpdateClient(_)
        | Change::DeleteClient(_)
        | Change::ForgetConsents(_)
        | Change::InsertConnection(_)
        | Change::UpdateConnection(_)
        | Change::DeleteConnection { .. }
        | Change::PutPolicy(_)
        // The version of the ring is in that row.
        | Change::ReplaceKeys { .. }
        // So that no two add the last one that there is room for.
        | Change::InsertWebhook(_) => (true, None),
        // The document of their owner goes along, which takes what there is to take.
        Change::PutLogo(..)
        | Change::DeleteLogo(_)
        | Change::PutPassword(_)
        | Change::RenameFactor(..)
        | Change::SpendCode { .. }
        | Change::OfferFactor(..)
        | Change::UseOnce { .. }
        | Change::InsertUpstreamLink(..)
        | Change::TouchUpstreamLink { .. }
        | Change::RenamePasskey { .. }
        | Change::DeclinePasskey(..)
        | Change::UsePasskey(_)
        | Change::RevokeGrants(..)
        | Change::EndSignIn { .. }
        | Change::SignOut { .. }
        | Change::InsertOneTimeToken(_)
        | Change::DropOneTimeTokens(_)
        | Change::DropOneTimeTokensOf(..)
        | Change::PutMail(_)
        | Change::PutAskedMail { .. }
        | Change::RetryMail { .. }
        | Change::DropMail { .. }
        | Change::TakeOneTimeToken { .. }
        | Change::RenewOneTimeToken { .. }
        | Change::TryCode { .. }
        | Change::EndTriedOut { .. }
        | Change::ClaimServer(_)
        | Change::ChangeIssuer { .. }
        | Change::UpdateWebhook(_)
        | Change::DeleteWebhook(_)
        | Change::PutMessage(_)
        | Change::RefuseKey { .. }
        | Change::Audit(_)
        | Change::TakeBack => (false, None),
    }
}
