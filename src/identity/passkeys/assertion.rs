//! Using a passkey: to sign in, or to prove an account that is signed in.

use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AuthenticationResult, AuthenticationState, Credential, PublicKeyCredential, UserVerificationPolicy,
};

use super::ceremony::{Opened, Page, Purpose, is_from_our_own_page, read_answer};
use super::{Asked, Ceremony, PasskeyRejected, Passkeys};
use crate::identity::RecentProof;
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::count::{Counted, LoginMethod, LoginOutcome};
use crate::model::factor::Second;
use crate::model::passkey::{Backup, CredentialId, KeyProtection, Passkey, PasskeyUse};
use crate::store::{Change, Conflict, StoreError};
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

/// What an answer was found to be.
struct Checked {
    passkey: Passkey,
    used: PasskeyUse,
    opened: Opened<AuthenticationState>,
}

impl Passkeys {
    /// Asks a browser for any passkey: whoever uses one says by it who they are. `None` where there are none.
    pub async fn ask(&self, browser: Digest) -> Result<Option<Ceremony>, StoreError> {
        self.ask_anybody((browser, Page::opened(self.accounts.clock.now(), None))).await
    }

    pub(super) async fn ask_anybody(&self, at: (Digest, Page)) -> Result<Option<Ceremony>, StoreError> {
        let party = self.party().await?;
        Ok(party.and_then(|party| self.question(party, at, Vec::new())))
    }

    /// Asks a browser for a passkey of an account: whichever there are, or one whose key is proved to be in hardware. `None` where it has none that a browser could use.
    pub async fn ask_of(
        &self,
        user: &User,
        protection: KeyProtection,
        browser: Digest,
    ) -> Result<Option<Ceremony>, StoreError> {
        let page = Page::opened(self.accounts.clock.now(), Some(user)).asking_for(protection);
        self.ask_one((browser, page), user.id).await
    }

    pub(super) async fn ask_one(&self, at: (Digest, Page), account: UserId) -> Result<Option<Ceremony>, StoreError> {
        let Some(party) = self.party().await? else { return Ok(None) };
        let mut passkeys = self.of(account).await?;
        passkeys.retain(|passkey| !at.1.asks_for_hardware() || self.protection(passkey).is_hardware());
        let known: Vec<Credential> = passkeys.iter().filter_map(|passkey| credential_of(passkey).ok()).collect();
        Ok(if known.is_empty() { None } else { self.question(party, at, known) })
    }

    fn question(&self, party: &WebauthnCore, at: (Digest, Page), known: Vec<Credential>) -> Option<Ceremony> {
        // Section 5.4.6: the authenticator has to make sure of its user, or refuse.
        let builder = party.new_challenge_authenticate_builder(known, Some(UserVerificationPolicy::Required)).ok()?;
        let (question, mut state) = party.generate_challenge_authenticate(builder).ok()?;
        state.set_allowed_credentials(Vec::new());
        let options = serde_json::to_string(&question.public_key).ok()?;
        Some(Ceremony { options, ticket: self.seal(Purpose::Use, at, state)? })
    }

    /// Signs in whoever used a passkey, of which is said where its key is.
    pub async fn sign_in(
        &self,
        asked: Asked,
        ticket: &str,
        answer: &str,
    ) -> Result<(User, KeyProtection), PasskeyRejected> {
        let checked = self.check(asked, ticket, answer).await?;
        let accounts = &self.accounts;
        let user = accounts.find(checked.passkey.user).await?.ok_or(PasskeyRejected::Unknown)?;
        if !user.is_active() {
            let event = self.failure(&checked.passkey).saying("the account is disabled");
            accounts.stores.work.commit(vec![Change::Audit(event)]).await?;
            return Err(PasskeyRejected::Disabled);
        }
        let event = self.event(AuditKind::SignedIn, &checked.passkey).saying("passkey");
        let protection = self.protection(&checked.passkey);
        self.use_up(checked, event).await?;
        Ok((user, protection))
    }

    /// Proves the account that is signed in, by a passkey of it.
    pub async fn prove(
        &self,
        (user, browser): (&User, Digest),
        ticket: &str,
        answer: &str,
    ) -> Result<(Second, RecentProof), PasskeyRejected> {
        let checked = self.check(Asked { browser, account: Some(user.id) }, ticket, answer).await?;
        let event = self.event(AuditKind::SignedIn, &checked.passkey).saying("passkey");
        let protection = self.protection(&checked.passkey);
        self.use_up(checked, event).await?;
        Ok((Second::Passkey(protection), self.accounts.proof_by_passkey(user, protection)))
    }

    /// Web Authentication Level 3 section 7.2, "Verifying an Authentication Assertion".
    async fn check(&self, asked: Asked, ticket: &str, answer: &str) -> Result<Checked, PasskeyRejected> {
        let party = self.asking_party().await?;
        let opened = self.open::<AuthenticationState>(Purpose::Use, asked, ticket)?;
        let answer: PublicKeyCredential = read_answer(answer)?;
        let id = CredentialId::parse(&answer.raw_id).map_err(|_| PasskeyRejected::Malformed)?;
        let passkey = self.accounts.stores.passkeys.find(&id).await?.ok_or(PasskeyRejected::Unknown)?;
        is_of(&passkey, &answer, asked)?;
        is_from_our_own_page(&answer.response.client_data_json)?;
        let known = credential_of(&passkey)?;
        match verified(party, &answer, &opened.state, &known) {
            Ok(result) => {
                let used = used(&passkey, &result, self.accounts.clock.now())?;
                Ok(Checked { passkey, used, opened })
            }
            Err(why) => Err(self.refused((&passkey, &opened), why.into()).await),
        }
    }

    /// Commits the use of an answer with what the audit log says of it: the second one of a challenge, and of two copies of a key, fails.
    async fn use_up(&self, checked: Checked, event: AuditEvent) -> Result<(), PasskeyRejected> {
        let Checked { passkey, used, opened } = checked;
        let changes = vec![opened.used(used.at), Change::UsePasskey(used), Change::Audit(event)];
        match self.accounts.stores.work.commit(changes).await {
            Err(StoreError::Conflict(Conflict::Stale)) => {
                Err(self.refused((&passkey, &opened), PasskeyRejected::Suspected).await)
            }
            other => Ok(other?),
        }
    }

    /// Writes down that a passkey was refused, and says why. A suspicion uses the challenge up, as a use does: an answer that is sent once more has a counter that did not count
    /// up, and is a replay and no second key.
    async fn refused(
        &self,
        (passkey, opened): (&Passkey, &Opened<AuthenticationState>),
        why: PasskeyRejected,
    ) -> PasskeyRejected {
        let changes = match why {
            PasskeyRejected::Suspected => {
                let event = self.event(AuditKind::PasskeySuspected, passkey);
                let event = AuditEvent { actor: Actor::Anonymous, ..event }.saying(passkey.name.clone());
                vec![opened.used(self.accounts.clock.now()), Change::Audit(event)]
            }
            _ => vec![Change::Audit(self.failure(passkey).saying("passkey"))],
        };
        match self.accounts.stores.work.commit(changes).await {
            Ok(()) => why,
            Err(error) => error.into(),
        }
    }

    fn failure(&self, passkey: &Passkey) -> AuditEvent {
        self.accounts.counts.note(Counted::Login(LoginMethod::Passkey, LoginOutcome::Failed));
        let now = self.accounts.clock.now();
        AuditEvent::new(AuditKind::SignInFailed, Actor::Anonymous, now, &*self.accounts.random).to_user(passkey.user)
    }

    pub(super) fn event(&self, kind: AuditKind, passkey: &Passkey) -> AuditEvent {
        let now = self.accounts.clock.now();
        AuditEvent::new(kind, Actor::User(passkey.user), now, &*self.accounts.random).to_user(passkey.user)
    }
}

/// Section 7.2 step 6: where it was not known who signs in, the answer has to name the user, "and that the user identified by this value is the owner of the credential";
/// where it was known, a name that it gives is theirs.
fn is_of(passkey: &Passkey, answer: &PublicKeyCredential, asked: Asked) -> Result<(), PasskeyRejected> {
    let named = answer.response.user_handle.as_deref().filter(|handle| !handle.is_empty());
    match (asked.account, named) {
        (Some(account), _) if account != passkey.user => Err(PasskeyRejected::OtherAccount),
        (_, Some(handle)) if handle != passkey.user.as_bytes() => Err(PasskeyRejected::Unknown),
        (None, None) => Err(PasskeyRejected::Unknown),
        _ => Ok(()),
    }
}

/// Section 7.2 steps 7 to 22. Whether the flag changed that says if a key may be copied is asked by webauthn-rs before the signature, so whoever knows the id of a credential could
/// say that another's had: it has changed where all the rest is right by what the answer says of it.
fn verified(
    party: &WebauthnCore,
    answer: &PublicKeyCredential,
    state: &AuthenticationState,
    known: &Credential,
) -> Result<AuthenticationResult, WebauthnError> {
    match party.authenticate_single_credential(answer, state, known) {
        Err(changed @ WebauthnError::CredentialBackupEligibilityInconsistent) => {
            let as_said = Credential { backup_eligible: !known.backup_eligible, ..known.clone() };
            Err(party.authenticate_single_credential(answer, state, &as_said).err().unwrap_or(changed))
        }
        found => found,
    }
}

/// The credential as it is now: the counter and the flags are columns of their own.
fn credential_of(passkey: &Passkey) -> Result<Credential, PasskeyRejected> {
    let stored: Credential = serde_json::from_str(&passkey.credential.0)
        .map_err(|error| StoreError::Corrupt(format!("passkey {}: {error}", passkey.id)))?;
    Ok(Credential { counter: passkey.sign_count, backup_state: passkey.backup.is_backed_up(), ..stored })
}

fn used(passkey: &Passkey, result: &AuthenticationResult, at: Timestamp) -> Result<PasskeyUse, PasskeyRejected> {
    let backup = Backup::of(result.backup_eligible(), result.backup_state()).ok_or(PasskeyRejected::Malformed)?;
    Ok(PasskeyUse { id: passkey.id, user: passkey.user, sign_count: result.counter(), backup, at })
}
