//! What a return from a provider proves of an account that is linked there, and what was waiting for that.
//!
//! Leaves whose account it is where no proof is waited for to [`complete_sign_in`](super::complete_sign_in), and what counts as recent to
//! `identity`.

use super::complete_sign_in::{ReturnContext, ReturnOutcome};
use super::{PendingLink, Upstream};
use crate::identity::RecentProof;
use crate::model::epoch::AccountEpochs;
use crate::model::session::SignIn;
use crate::store::StoreResult;
use crate::support::id::UserId;

impl Upstream {
    /// The account that is signed in proves itself by one of its links.
    pub(super) async fn confirmed(
        &self,
        sign_in: &SignIn,
        kept: String,
        there: &PendingLink,
        with: &ReturnContext<'_>,
    ) -> StoreResult<ReturnOutcome> {
        let found = self.link_of(&there.account.identity).await?;
        let Some(link) = found.filter(|link| link.user == sign_in.user) else { return Ok(ReturnOutcome::NotTheOwner) };
        let account = (sign_in.user, sign_in.epochs());
        // Who has a second factor proves the account by that, whatever a provider says.
        let proof = with.accounts.by_the_strongest_way(self.proof(account, there, with)).await?;
        let Some(proof) = proof else { return Ok(ReturnOutcome::NotProved) };
        let Some(user) = with.accounts.find(link.user).await? else { return Ok(ReturnOutcome::NotTheOwner) };
        self.used((&user, link), &there.account, with).await?;
        Ok(ReturnOutcome::Confirmed { sign_in: sign_in.id, kept, at: proof.at() })
    }

    /// The proof that an answer is of the account that it is linked to, in these epochs.
    fn proof(
        &self,
        account: (UserId, AccountEpochs),
        there: &PendingLink,
        with: &ReturnContext<'_>,
    ) -> Option<RecentProof> {
        let mut word = there.word();
        if word.auth_time.is_none() && self.return_proves {
            word.proved_at = Some(self.clock.now());
        }
        with.accounts.proof_elsewhere(account, &word)
    }

    /// A user who proves the owner's account, by a link or by the password, may add the pending link.
    pub(super) async fn proved_by_link(
        &self,
        handle: &str,
        proof: &PendingLink,
        with: &ReturnContext<'_>,
    ) -> StoreResult<ReturnOutcome> {
        let Some(found) = self.link_of(&proof.account.identity).await? else {
            return Ok(ReturnOutcome::NotTheOwner);
        };
        let Some(pending) = self.pending_link(handle, with.visitor).await? else {
            return Ok(ReturnOutcome::SessionEnded);
        };
        if pending.owner != Some(found.user) {
            return Ok(ReturnOutcome::NotTheOwner);
        }
        let Some(user) = with.accounts.find(found.user).await? else { return Ok(ReturnOutcome::NoAccount) };
        if !user.is_active() {
            return Ok(ReturnOutcome::Disabled);
        }
        let Some(proved) = self.proof((user.id, user.epochs()), proof, with) else {
            return Ok(ReturnOutcome::NotProved);
        };
        let means = proof.means(found.id);
        self.used((&user, found), &proof.account, with).await?;
        self.owner_proved(handle, &proved, with).await?;
        Ok(ReturnOutcome::In { user: Box::new(user), means })
    }

    /// The owner of the account proved to be that, by password or by another link: the link that waits is made, once, in this browser.
    pub async fn owner_proved(
        &self,
        handle: &str,
        proof: &RecentProof,
        with: &ReturnContext<'_>,
    ) -> StoreResult<Option<PendingLink>> {
        let taken = self.take_pending_link(handle, with.visitor).await?;
        let Some(pending) = taken.filter(|pending| pending.owner == Some(proof.account())) else { return Ok(None) };
        with.accounts.link(proof, pending.account.clone(), pending.connection_epoch).await?;
        Ok(Some(pending))
    }
}
