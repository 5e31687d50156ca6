//! Units of work: changes that are committed together.

use sea_orm::ConnectionTrait;

use super::held::Held;
use crate::store::sql::statements::policy::WaysIn;
use crate::store::sql::statements::sign_in::End;
use crate::store::sql::statements::write::{Extent, Key, Single};
use crate::store::sql::statements::{
    affiliation, api, attribute, audit_event, claim_rule, client, connection, consent, ending, factor, grant, ground,
    logo, mail, manager, one_time_token, passkey, policy, server, service_account, sign_in, signing_key, spent_value,
    upstream_link, user, way_in, webhook,
};
use crate::store::{Change, Conflict, StoreError, StoreResult};

/// Makes all the changes, in order, or none.
#[derive(Debug)]
pub(crate) struct CommitUnit(pub(crate) Vec<Change>);

impl Single for CommitUnit {
    type Output = ();

    const EXTENT: Extent = Extent::Unit;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let holds_server = Held::by(&self.0).take(db, self.0.iter().any(is_cached_somewhere)).await?;
        let may_shut_out = holds_server && self.0.iter().any(may_take_a_way_in);
        // A server that shut its administrators out already is not kept from anything by that.
        let before = if may_shut_out { policy::ways_in(db).await? } else { WaysIn::None };
        for change in &self.0 {
            apply_one(db, change).await?;
        }
        if may_end(before, &self.0) && policy::ways_in(db).await? == WaysIn::None {
            return Err(StoreError::Conflict(Conflict::LockedOut));
        }
        Ok(())
    }
}

/// Whether the ways in that there were may be none after these changes. Passwords are switched off by a policy alone.
fn may_end(before: WaysIn, changes: &[Change]) -> bool {
    match before {
        WaysIn::None => false,
        WaysIn::Passwords => changes.iter().any(|change| matches!(change, Change::PutPolicy(_))),
        WaysIn::Others => true,
    }
}

/// Whether those who administer the server may have a way in less by this.
const fn may_take_a_way_in(change: &Change) -> bool {
    matches!(
        change,
        Change::PutPolicy(_)
            | Change::UpdateUser(_)
            | Change::EditUser(_)
            | Change::DeleteUser(_)
            | Change::UpdateConnection(_)
            | Change::DeleteConnection { .. }
            | Change::DeleteUpstreamLink(..)
            | Change::DeletePasskey(..)
            | Change::DeletePasskeys(_)
            | Change::DeleteWaysInSince { .. }
    )
}

/// Whether nodes may have cached what this changes: clients, and the APIs that they ask tokens for. Other kinds that are remembered have counts of their own.
const fn is_cached_somewhere(change: &Change) -> bool {
    matches!(
        change,
        Change::InsertClient(_)
            | Change::UpdateClient(_)
            | Change::DeleteClient(_)
            | Change::InsertClientDelegation(..)
            | Change::DeleteClientDelegation(..)
            | Change::InsertApi(_)
            | Change::UpdateApi(_)
            | Change::DeleteApi(_)
    )
}

#[allow(clippy::too_many_lines, reason = "a table, a line each")]
async fn apply_one<C: ConnectionTrait>(db: &C, change: &Change) -> StoreResult<()> {
    match change {
        Change::Holds(ground) => ground::check(db, ground).await,
        Change::UseOnce { value, until, now } => spent_value::use_once(db, *value, *until, *now).await,
        Change::InsertUser(user) => user::insert(db, user).await,
        Change::UpdateUser(user) => user::update(db, user).await,
        Change::EditUser(edit) => user::edit(db, edit).await,
        Change::DeleteUser(edit) => user::delete(db, edit).await,
        Change::EndEverything(now) => ending::end_everything(db, *now).await,
        Change::PutPassword(password) => user::put_password(db, password).await,
        Change::DeletePassword(user) => user::delete_password(db, *user).await,
        Change::InsertFactor(one) => factor::insert(db, one).await,
        Change::RenameFactor(user, id, name) => factor::rename(db, *user, *id, name).await,
        Change::DeleteFactor(user, id) => factor::delete(db, *user, *id).await,
        Change::DeleteFactors(user) => factor::delete_all(db, *user).await,
        Change::SpendCode { user, code, now } => factor::spend(db, *user, *code, *now).await,
        Change::PutRecoveryCodes(user, codes, now) => factor::put_recovery_codes(db, *user, codes, *now).await,
        Change::OfferFactor(user, now) => factor::offer(db, *user, *now).await,
        Change::InsertAttribute(definition) => attribute::insert(db, definition).await,
        Change::UpdateAttribute(definition) => attribute::update(db, definition).await,
        Change::DeleteAttribute(name) => attribute::delete(db, name).await,
        Change::InsertAffiliation(one) => affiliation::insert(db, one).await,
        Change::UpdateAffiliation(one) => affiliation::update(db, one).await,
        Change::DeleteAffiliation(id) => affiliation::delete(db, *id).await,
        Change::InsertDelegation(user, of) => manager::insert(db, *user, of).await,
        Change::DeleteDelegation(user, of) => manager::delete(db, *user, of).await,
        Change::InsertClientDelegation(client, of) => service_account::give(db, client, of).await,
        Change::DeleteClientDelegation(client, of) => service_account::take(db, client, of).await,
        Change::InsertApi(api) => api::insert(db, api).await,
        Change::UpdateApi(api) => api::update(db, api).await,
        Change::DeleteApi(id) => api::delete(db, *id).await,
        Change::InsertClaimRule(rule) => claim_rule::insert(db, rule).await,
        Change::UpdateClaimRule(rule) => claim_rule::update(db, rule).await,
        Change::DeleteClaimRule(name) => claim_rule::delete(db, name).await,
        Change::InsertClient(client) => client::insert(db, client).await,
        Change::UpdateClient(client) => client::update(db, client).await,
        Change::DeleteClient(id) => client::delete(db, id).await,
        Change::ForgetConsents(id) => client::forget_consents(db, id).await,
        Change::InsertConnection(connection) => connection::insert(db, connection).await,
        Change::UpdateConnection(connection) => connection::update(db, connection).await,
        Change::DeleteConnection { id, ends } => connection::delete(db, *id, *ends).await,
        Change::PutPolicy(policy) => policy::put(db, policy).await,
        Change::PutLogo(owner, one) => logo::put(db, owner, one).await,
        Change::DeleteLogo(owner) => logo::delete(db, owner).await,
        Change::InsertUpstreamLink(link, epochs) => {
            upstream_link::insert(db, &connection::link_to_store(db, link).await?, *epochs).await
        }
        Change::TouchUpstreamLink { was, link } => {
            upstream_link::touch(db, was, &connection::link_to_store(db, link).await?).await
        }
        Change::DeleteUpstreamLink(identity, user) => upstream_link::delete(db, identity, *user).await,
        Change::InsertPasskey(passkey) => passkey::insert(db, passkey).await,
        Change::RenamePasskey { id, user, name } => passkey::rename(db, (*id, *user), name).await,
        Change::DeclinePasskey(user, at) => passkey::decline(db, *user, *at).await,
        Change::UsePasskey(used) => passkey::touch(db, used).await,
        Change::DeletePasskey(id, user) => passkey::delete(db, *id, *user).await,
        Change::DeletePasskeys(user) => passkey::delete_all(db, *user).await,
        Change::PutConsent(consent) => consent::put(db, consent).await,
        Change::WithdrawConsent(user, client) => consent::withdraw(db, *user, client).await,
        Change::RevokeGrants(filter, now) => Ok(grant::revoke(db, filter, *now).await.map(drop)?),
        Change::EndSignIn { id, until } => Ok(sign_in::end(db, *id, *until).await.map(drop)?),
        Change::SignOut { id, until, event } => match sign_in::end(db, *id, *until).await? {
            End::Fresh => audit_event::insert(db, event).await,
            End::Remembered => Ok(()),
        },
        Change::InsertOneTimeToken(token) => one_time_token::insert(db, token).await,
        Change::DropOneTimeTokens(purpose) => one_time_token::drop_unused(db, *purpose).await,
        Change::DropOneTimeTokensOf(purpose, user) => one_time_token::drop_unused_of(db, *purpose, *user).await,
        Change::DeleteWaysInSince { user, since } => way_in::delete_since(db, *user, *since).await,
        Change::PutMail(mail) => mail::insert(db, std::slice::from_ref(mail)).await,
        Change::PutAskedMail { mail, most } => mail::insert_asked(db, mail, *most).await,
        Change::RetryMail { id, now } => mail::retry(db, *id, *now).await,
        Change::DropMail { id, now } => mail::give_up(db, *id, *now).await,
        Change::TakeOneTimeToken { id, digest, now } => one_time_token::take(db, *id, *digest, *now).await,
        Change::RenewOneTimeToken { seen, token, now } => one_time_token::renew(db, *seen, token, *now).await,
        Change::TryCode { id, browser, now } => one_time_token::try_code(db, *id, *browser, *now).await,
        Change::EndTriedOut { id, now } => one_time_token::end_tried_out(db, *id, *now).await,
        Change::ClaimServer(now) => server::claim(db, *now).await,
        Change::ChangeIssuer { from, to } => server::change_issuer(db, from, to).await,
        Change::InsertWebhook(webhook) => webhook::insert(db, webhook).await,
        Change::UpdateWebhook(webhook) => webhook::update(db, webhook).await,
        Change::DeleteWebhook(id) => webhook::delete(db, *id).await,
        Change::PutMessage(message) => webhook::put_message(db, message).await,
        Change::ReplaceKeys { expected, keys } => signing_key::replace(db, *expected, keys).await,
        Change::RefuseKey { key, until } => spent_value::keep(db, *key, *until).await,
        Change::Audit(event) => audit_event::insert(db, event).await,
        Change::TakeBack => Err(StoreError::Conflict(Conflict::TakenBack)),
    }
}
