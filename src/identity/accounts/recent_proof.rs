//! That an account proved itself a moment ago: what a session alone is not enough for.
//!
//! Whatever administers this server, or adds, removes or changes a way in, takes a [`RecentProof`]. Only this module makes one: of what a
//! sign-in remembers, of a provider's word that it was held to, or of a password that was checked just now. Coming back from a provider whose
//! user did nothing there is none.
//!
//! Owns, too, how strong it has to be, in one place for pages, the console, the administration API, linking and enrolment: whoever has a second factor, a passkey
//! that counts among them, proves the account by no less than two factors ([`Accounts::is_by_the_strongest_way`]).

use super::{Accounts, Attempt, CodeRejected, Origin, SignInRejected};
use crate::model::User;
use crate::model::acr::Acr;
use crate::model::epoch::{AccountEpochs, GrantEpochs};
use crate::model::factor::{Kinds, Second};
use crate::model::grant::Grant;
use crate::model::passkey::KeyProtection;
use crate::model::session::{FEDERATED, MULTIPLE, SignIn, UpstreamSignIn};
use crate::store::{ActingAccount, Ground, StoreResult};
use crate::support::id::{SignInId, UserId};
use crate::support::{Secret, Timestamp};

/// This account proved itself, this strongly, at this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentProof {
    account: UserId,
    epochs: AccountEpochs,
    acr: Acr,
    at: Timestamp,
    /// The sign-in whose end-user gave it; `None` where it is of none.
    sign_in: Option<SignInId>,
}

impl RecentProof {
    /// The account that proved itself.
    pub const fn account(&self) -> UserId {
        self.account
    }

    /// The epochs of the account and of the server in which it did: what rests on the proof holds in no others.
    pub const fn epochs(&self) -> AccountEpochs {
        self.epochs
    }

    /// What is done by the proof rests on it: the account may still be used, it and the server are in those epochs, and the sign-in has not ended.
    pub(crate) const fn ground(&self) -> Ground {
        Ground::Account(self.acting())
    }

    /// Who acts by it.
    pub(crate) const fn acting(&self) -> ActingAccount {
        ActingAccount { id: self.account, epochs: self.epochs, sign_in: self.sign_in, roles: None }
    }

    /// The same, given in a sign-in: it is worth nothing once that has ended.
    #[must_use]
    pub(crate) fn given_in(self, sign_in: &SignIn) -> Self {
        Self { sign_in: Some(sign_in.id), ..self }
    }

    /// How strongly: the value of `acr`.
    pub const fn acr(&self) -> &Acr {
        &self.acr
    }

    /// When the account proved itself.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl Accounts {
    /// The proof that a sign-in remembers, where it is as strong as its account takes; `None` where its end-user never gave one, or too long ago.
    pub async fn proof_in(&self, sign_in: &SignIn) -> StoreResult<Option<RecentProof>> {
        self.by_the_strongest_way(self.recent_proof(sign_in)).await
    }

    /// The same however strong it is.
    pub fn recent_proof(&self, sign_in: &SignIn) -> Option<RecentProof> {
        let (account, epochs, acr) = (sign_in.user, sign_in.epochs(), sign_in.acr.clone());
        self.recent(RecentProof { account, epochs, acr, at: sign_in.proved_at?, sign_in: Some(sign_in.id) })
    }

    /// The proof that a provider's word is, of an account whose link it is about; `None` where it was not held to it, or it is too old.
    pub fn proof_elsewhere(
        &self,
        (account, epochs): (UserId, AccountEpochs),
        word: &UpstreamSignIn,
    ) -> Option<RecentProof> {
        self.recent(RecentProof { account, epochs, acr: Acr::ONE_FACTOR, at: word.proved_at?, sign_in: None })
    }

    /// Whether a proof is by the strongest way that its account has: whoever has a second factor proves the account by no less. A passkey is one as soon as there is
    /// one, whether a policy asks for it at sign-ins or not: otherwise whoever learns the password takes away what does not rest on it.
    pub async fn is_by_the_strongest_way(&self, proof: &RecentProof) -> StoreResult<bool> {
        Ok(proof.acr.is_of_two_factors() || !self.second_factors(proof.account).await?.any())
    }

    /// A proof where it is by the strongest way.
    pub async fn by_the_strongest_way(&self, proof: Option<RecentProof>) -> StoreResult<Option<RecentProof>> {
        match proof {
            Some(proof) if self.is_by_the_strongest_way(&proof).await? => Ok(Some(proof)),
            _ => Ok(None),
        }
    }

    /// The second factors that an account has, which it is proved by no less than. Where browsers have no passkeys for the issuer, or nobody uses any, they count for
    /// nothing.
    pub async fn second_factors(&self, account: UserId) -> StoreResult<Kinds> {
        let passkeys = self.policies.sign_in().await?.passkeys;
        Ok(Kinds::of(&self.factors(account).await?, passkeys))
    }

    /// The proof that a code of a second factor is, of an account that is signed in. It counts, and is slowed down, as signing in is.
    pub async fn prove_by_code(
        &self,
        user: &User,
        attempt: &Attempt<'_>,
    ) -> Result<(Second, RecentProof), CodeRejected> {
        let second = self.prove_code(user, attempt).await?;
        let (account, epochs, at) = (user.id, user.epochs(), self.clock.now());
        Ok((second, RecentProof { account, epochs, acr: Acr::TWO_FACTORS, at, sign_in: None }))
    }

    /// The proof that a grant is of its end-user: when it was made they authenticated here. `None` where that was too long ago, or where a
    /// provider said so, whose word may be of any age, or where its end-user has a second factor and did not prove it then.
    pub async fn proof_by_grant(&self, grant: &Grant) -> StoreResult<Option<RecentProof>> {
        let GrantEpochs { user: account, server, .. } = grant.epochs;
        let epochs = AccountEpochs { account, server };
        let proof = RecentProof {
            account: grant.user,
            epochs,
            acr: acr_of(grant),
            at: grant.terms.auth_time,
            sign_in: grant.sign_in,
        };
        let here = !grant.terms.amr.iter().any(|method| method == FEDERATED);
        self.by_the_strongest_way(self.recent(proof).filter(|_| here)).await
    }

    /// The proof that an account's password is. It counts, and is slowed down, as signing in is. Where nobody signs in by password it proves an
    /// account all the same that is signed in to by other means: not every provider says when its user authenticated, and who administers by
    /// such an account could not even bring passwords back.
    pub async fn prove(
        &self,
        user: &User,
        password: &Secret<String>,
        from: &Origin,
    ) -> Result<(User, RecentProof), SignInRejected> {
        let proved = self.check_password(user.email.as_str(), password, from).await?;
        // The address could be another account's by now.
        if proved.id != user.id {
            return Err(SignInRejected::WrongCredentials);
        }
        let (account, epochs, at) = (proved.id, proved.epochs(), self.clock.now());
        let proof = RecentProof { account, epochs, acr: Acr::ONE_FACTOR, at, sign_in: None };
        Ok((proved, proof))
    }

    /// The proof that the use of a passkey of an account is, at this moment.
    pub(crate) fn proof_by_passkey(&self, user: &User, protection: KeyProtection) -> RecentProof {
        let (account, epochs, at) = (user.id, user.epochs(), self.clock.now());
        RecentProof { account, epochs, acr: Second::Passkey(protection).acr(), at, sign_in: None }
    }

    /// The same where the account is signed in to by it: refused where nobody signs in by password.
    pub async fn prove_to_sign_in(
        &self,
        user: &User,
        password: &Secret<String>,
        from: &Origin,
    ) -> Result<(User, RecentProof), SignInRejected> {
        if !self.policies.sign_in().await?.passwords {
            return Err(SignInRejected::SwitchedOff);
        }
        self.prove(user, password, from).await
    }

    fn recent(&self, proof: RecentProof) -> Option<RecentProof> {
        (self.clock.now().since(proof.at) <= self.settings.proof).then_some(proof)
    }
}

/// How strongly the end-user of a grant authenticated here. What its tokens say may be less, where the client asked for that.
pub fn acr_of(grant: &Grant) -> Acr {
    let terms = &grant.terms;
    let federated = terms.amr.iter().any(|method| method == FEDERATED);
    let two = terms.amr.iter().any(|method| method == MULTIPLE) && !federated;
    let said = Acr::named(&terms.acr).is_some_and(|(acr, _)| acr.is_of_two_factors());
    if two || said { Acr::TWO_FACTORS } else { Acr::ONE_FACTOR }
}
