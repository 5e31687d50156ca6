//! Adding a passkey to an account.

use serde::Deserialize;
use uuid::Uuid;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{
    COSEAlgorithm, Credential, ExtnState, RegisterPublicKeyCredential, Registration, RegistrationState,
    RequestRegistrationExtensions, UserVerificationPolicy,
};

use super::authenticators::kind_of;
use super::ceremony::{Page, Purpose, is_from_our_own_page, read_answer};
use super::{Asked, Ceremony, PasskeyRejected, Passkeys};
use crate::identity::RecentProof;
use crate::identity::accounts::Adder;
use crate::model::audit_event::AuditKind;
use crate::model::passkey::{Backup, CredentialId, KeyProtection, Passkey, StoredCredential, passkey_name};
use crate::model::user_edit::UserEdit;
use crate::model::{Locale, User};
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::{PasskeyId, UserId};

/// The algorithms of keys that are taken, the preferred first. Section 5.4 names EdDSA, ES256 and RS256 for "a wide range of authenticators"; the library that
/// verifies takes no EdDSA keys, and an authenticator that has one of the others makes that.
const ALGORITHMS: [COSEAlgorithm; 3] = [COSEAlgorithm::ES256, COSEAlgorithm::ES384, COSEAlgorithm::RS256];

impl Passkeys {
    /// Asks a browser to make a passkey for an account, in an authenticator that has none of it yet. `None` where nobody is given any.
    pub async fn ask_to_register(&self, user: &User, browser: Digest) -> StoreResult<Option<Ceremony>> {
        let page = Page::opened(self.accounts.clock.now(), Some(user));
        self.ask_to_make(Purpose::Register, user, (browser, page)).await
    }

    /// The same, for what a passkey of an account is made for.
    pub(super) async fn ask_to_make(
        &self,
        purpose: Purpose,
        user: &User,
        at: (Digest, Page),
    ) -> StoreResult<Option<Ceremony>> {
        let Some(party) = self.party().await? else { return Ok(None) };
        // Those that a new one takes the place of are in nobody's way.
        let passkeys = if purpose == Purpose::Recovery { Vec::new() } else { self.of(user.id).await? };
        let known = passkeys.iter().map(|passkey| passkey.credential_id.as_bytes().to_vec()).collect();
        let (options, state) = self.creation(party, (user.id, user.email.as_str(), &shown_name(user)), known)?;
        Ok(self.seal(purpose, at, state).map(|ticket| Ceremony { options, ticket }))
    }

    /// What `navigator.credentials.create()` is asked for an account of this id, address and name, and what its answer is checked by.
    pub(super) fn creation(
        &self,
        party: &WebauthnCore,
        (account, address, name): (UserId, &str, &str),
        known: Vec<Vec<u8>>,
    ) -> StoreResult<(String, RegistrationState)> {
        let question = party.new_challenge_register_builder(account.as_bytes(), address, name).map(|builder| {
            builder
                .attestation(self.attestation.asked())
                .credential_algorithms(ALGORITHMS.to_vec())
                .require_resident_key(true)
                .user_verification_policy(UserVerificationPolicy::Required)
                .exclude_credentials(Some(known))
                .extensions(Some(RequestRegistrationExtensions { cred_props: Some(true), ..Default::default() }))
        });
        let made = question.and_then(|builder| party.generate_challenge_register(builder));
        let (mut question, state) = made.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        // As the pages are called: some browsers show it. How a page looks is worth no look at the database.
        if let Some(name) = self.accounts.policies.seen_last().policy.branding.product_name.read_in(Locale::default()) {
            name.clone_into(&mut question.public_key.rp.name);
        }
        let options =
            serde_json::to_string(&question.public_key).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok((options, state))
    }

    /// Adds the passkey that a browser made to the account that proved itself. Without a name it is called by its kind.
    pub async fn register(
        &self,
        (proof, browser): (&RecentProof, Digest),
        name: Option<&str>,
        ticket: &str,
        answer: &str,
    ) -> Result<Passkey, PasskeyRejected> {
        let asked = Asked { browser, account: Some(proof.account()) };
        let (passkey, changes) = self.adding(asked, proof.account(), name, (ticket, answer)).await?;
        let changes = [vec![Change::Holds(proof.ground())], changes].concat();
        self.accounts.stores.work.commit(changes).await?;
        Ok(passkey)
    }

    /// Adds the passkey that a browser made to an account that must have a second factor and has none. As with a first app everything ends that was signed in without it,
    /// so of two who add one at once, the second has to sign in by the first's. The caller goes on with the account that this returns, and with what is proved of where the key is.
    pub async fn enrol(
        &self,
        (user, by): (&User, &Adder),
        browser: Digest,
        (ticket, answer): (&str, &str),
    ) -> Result<(User, KeyProtection), PasskeyRejected> {
        let asked = Asked { browser, account: Some(user.id) };
        let (passkey, changes) = self.adding(asked, user.id, None, (ticket, answer)).await?;
        let now = passkey.created_at;
        let decided_in = Some(by.acting(user).epochs);
        let end = UserEdit { decided_in, ..UserEdit::end_of_everything(user.id, now) };
        let all = [by.grounds(user, self.are_possible()), vec![Change::EditUser(end)], changes].concat();
        match self.accounts.stores.work.commit(all).await {
            Err(StoreError::Conflict(Conflict::Stale)) => return Err(PasskeyRejected::Ended),
            other => other?,
        }
        Ok((user.clone().with_everything_ended(now), passkey.protection))
    }

    /// The passkey that an answer is, and the changes that add it to an account.
    async fn adding(
        &self,
        asked: Asked,
        account: UserId,
        name: Option<&str>,
        (ticket, answer): (&str, &str),
    ) -> Result<(Passkey, Vec<Change>), PasskeyRejected> {
        let party = self.asking_party().await?;
        let opened = self.open::<RegistrationState>(Purpose::Register, asked, ticket)?;
        let passkey = self.made((party, &opened.state), account, name, answer)?;
        let event = self.event(AuditKind::PasskeyAdded, &passkey).saying(passkey.name.clone());
        let changes = vec![
            opened.used(passkey.created_at),
            Change::InsertPasskey(Box::new(passkey.clone())),
            Change::Audit(event),
        ];
        Ok((passkey, changes))
    }

    /// The passkey that an answer is, where it is one that may be used here: Web Authentication Level 3 section 7.1, "Registering a New Credential".
    pub(super) fn made(
        &self,
        (party, asked): (&WebauthnCore, &RegistrationState),
        account: UserId,
        name: Option<&str>,
        answer: &str,
    ) -> Result<Passkey, PasskeyRejected> {
        let answer: RegisterPublicKeyCredential = read_answer(answer)?;
        is_from_our_own_page(&answer.response.client_data_json)?;
        let credential = party.register_credential(&answer, asked, self.attestation.trusted())?;
        let aaguid = aaguid_of(&answer.response.attestation_object)?;
        if !is_discoverable(&credential) {
            return Err(PasskeyRejected::NotDiscoverable);
        }
        let backup = Backup::of(credential.backup_eligible, credential.backup_state);
        let backup = backup.ok_or(PasskeyRejected::Malformed)?;
        let now = self.accounts.clock.now();
        let stored = serde_json::to_string(&credential).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let name = name.and_then(passkey_name).or_else(|| kind_of(aaguid).map(|kind| kind.name.to_owned()));
        Ok(Passkey {
            id: PasskeyId::new(now, &*self.accounts.random),
            user: account,
            // Section 7.1 step 25: at most 1023 bytes.
            credential_id: CredentialId::parse(&credential.cred_id).map_err(|_| PasskeyRejected::Malformed)?,
            credential: StoredCredential(stored),
            name: name.unwrap_or_else(|| "Passkey".to_owned()),
            aaguid,
            sign_count: credential.counter,
            backup,
            // Where authenticators are listed, that it is of this kind was verified above.
            protection: self.attestation.hardware().attested(aaguid, backup),
            created_at: now,
            last_used_at: None,
        })
    }
}

/// What an authenticator shows of an account beside its address.
fn shown_name(user: &User) -> String {
    let name = user.profile.get("name").and_then(serde_json::Value::as_str).filter(|name| !name.is_empty());
    name.unwrap_or(user.email.as_str()).to_owned()
}

/// Section 10.1.3: where the browser says that the credential is no discoverable one, nobody could sign in by it.
fn is_discoverable(credential: &Credential) -> bool {
    match &credential.extensions.cred_props {
        ExtnState::Set(props) | ExtnState::Unsigned(props) | ExtnState::Unsolicited(props) => props.rk != Some(false),
        _ => true,
    }
}

/// The attestation object (section 6.5.4), as far as it is of interest here.
#[derive(Deserialize)]
struct Attested<'a> {
    #[serde(rename = "authData")]
    authenticator_data: &'a [u8],
}

/// The kind of authenticator, which is in the attested credential data (section 6.5.1).
pub(super) fn aaguid_of(object: &[u8]) -> Result<Uuid, PasskeyRejected> {
    let attested: Attested<'_> = serde_cbor_2::from_slice(object).map_err(|_| PasskeyRejected::Malformed)?;
    let data = AuthenticatorData::<Registration>::try_from(attested.authenticator_data)?;
    Ok(Uuid::from_bytes(data.acd.ok_or(PasskeyRejected::Malformed)?.aaguid))
}
