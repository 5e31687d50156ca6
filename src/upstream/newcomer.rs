//! Somebody whom a provider described and who has no account here yet.
//!
//! Owns what their account is made of, and whether they wait for a mail before. Leaves whether they may have one to [`link`](super::link), and making it to `identity`.

use super::complete_sign_in::{ReturnContext, ReturnOutcome};
use super::{PendingLink, Upstream};
use crate::identity::accounts::{Asked, JoinRejected, Newcomer, claims};
use crate::model::connection::Connection;
use crate::policy::SignInRules;
use crate::store::StoreResult;

impl Upstream {
    /// Makes the account at once. `None` where its address or identity was taken in this moment.
    pub(super) async fn sign_up(
        &self,
        (connection, rules): (&Connection, &SignInRules),
        pending: PendingLink,
        email_verified: bool,
        with: &ReturnContext<'_>,
    ) -> StoreResult<Option<ReturnOutcome>> {
        let Some(newcomer) = described((connection, rules), &pending, email_verified, with) else {
            return Ok(Some(ReturnOutcome::NoAccount));
        };
        match with.accounts.join(newcomer, &with.origin).await {
            Ok((user, link)) => Ok(Some(ReturnOutcome::In { user: Box::new(user), means: pending.means(link) })),
            Err(rejected) => refused(rejected),
        }
    }

    /// Mails whoever has the address that the account would have, and does the same whether an account has it or not. `None` where something else was decided meanwhile.
    pub(super) async fn sign_up_by_mail(
        &self,
        (connection, rules): (&Connection, &SignInRules),
        pending: PendingLink,
        with: &ReturnContext<'_>,
    ) -> StoreResult<Option<ReturnOutcome>> {
        let Some(newcomer) = described((connection, rules), &pending, false, with) else {
            return Ok(Some(ReturnOutcome::NoAccount));
        };
        let asked = Asked { page: Some(with.locale), flow: pending.flow.map(|flow| flow.to_string()) };
        let here = (&with.origin, with.visitor.browser.bytes());
        match with.accounts.join_by_mail(newcomer, here, asked).await {
            Ok(id) => Ok(Some(ReturnOutcome::ProveAddress(id))),
            Err(rejected) => refused(rejected),
        }
    }
}

/// What is known of them. `None` without an address.
fn described(
    (connection, rules): (&Connection, &SignInRules),
    pending: &PendingLink,
    email_verified: bool,
    with: &ReturnContext<'_>,
) -> Option<Newcomer> {
    let mut profile = claims([
        ("given_name", pending.given_name.as_deref()),
        ("family_name", pending.family_name.as_deref()),
        ("picture", pending.picture.as_deref()),
    ]);
    profile.extend(pending.claims.clone());
    Some(Newcomer {
        account: pending.account.clone(),
        connection_epoch: pending.connection_epoch,
        email: pending.email.clone()?,
        email_verified,
        name: pending.name.clone(),
        profile,
        locale: Some(with.locale.as_str().to_owned()),
        roles: connection.default_roles.clone(),
        policy: rules.version,
    })
}

fn refused(rejected: JoinRejected) -> StoreResult<Option<ReturnOutcome>> {
    match rejected {
        JoinRejected::Ended => Ok(Some(ReturnOutcome::SessionEnded)),
        JoinRejected::Throttled { retry_after } => Ok(Some(ReturnOutcome::Throttled(retry_after))),
        JoinRejected::Taken => Ok(None),
        JoinRejected::Store(error) => Err(error),
    }
}
