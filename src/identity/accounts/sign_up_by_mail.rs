//! Making an account oneself where addresses are proved first: whoever asks hears the same whether the address has an account or not, and there is none before its mail was read.
//!
//! What somebody signed up with waits, sealed, in the row of a token that is good in their browser and in no other: so nobody is signed in, by a mail that somebody else had sent,
//! to an account with a password of theirs. Where the address has an account, its owner is told instead, nothing of it changes, and the token is one whose text and code nobody has. The work is
//! the same: the same statements, in one unit of work. So is what follows: neither the password that was typed, nor the passkey that was made, nor the account elsewhere that
//! somebody came from signs in to anything before.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::mailed::newcomer;
use super::sign_up::{Admitted, SignUpRejected, admit};
use super::{Accounts, Asked, Attempt, CodeRejected, JoinRejected, LinkRejected, NewAccount, Newcomer, Origin};
use crate::identity::one_time::{self, BrowserKey};
use crate::identity::throttling::GuessedCode;
use crate::mail::{Letter, Link};
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::epoch::Epoch;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::passkey::{Backup, CredentialId, KeyProtection, Passkey, StoredCredential};
use crate::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamLink};
use crate::model::user::{EmailAddress, PasswordCredential, Profile, User};
use crate::policy::SignInRules;
use crate::store::{Change, StoreError, StoreResult};
use crate::support::id::{LinkId, OneTimeTokenId, PasskeyId, UserId};
use crate::support::{Secret, Timestamp};

/// The page of the link.
const PATH: &str = "/signup/link";

/// Somebody who signs up, as far as it is known before their address is.
#[derive(Serialize, Deserialize)]
pub(in crate::identity) struct Draft {
    /// The id that the account will have: a passkey names it.
    pub(in crate::identity) account: UserId,
    pub(in crate::identity) name: Option<String>,
    pub(in crate::identity) locale: Option<String>,
    pub(in crate::identity) way_in: FirstWayIn,
}

/// By what the account will be signed in to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::identity) enum FirstWayIn {
    /// A password: its hash.
    Password(String),
    /// A passkey.
    Passkey(Box<WaitingPasskey>),
    /// An account at a provider.
    Link(Box<WaitingLink>),
}

/// A passkey of an account that there is not yet.
#[derive(Serialize, Deserialize)]
pub(in crate::identity) struct WaitingPasskey {
    id: PasskeyId,
    credential_id: Vec<u8>,
    credential: StoredCredential,
    name: String,
    aaguid: [u8; 16],
    sign_count: u32,
    backup_eligible: bool,
    backed_up: bool,
    #[serde(default)]
    protection: KeyProtection,
    made_at: Timestamp,
}

/// An account at a provider, of an account that there is not here yet.
#[derive(Serialize, Deserialize)]
pub(in crate::identity) struct WaitingLink {
    account: UpstreamAccount,
    connection_epoch: Epoch,
    profile: Profile,
}

impl From<Passkey> for FirstWayIn {
    fn from(passkey: Passkey) -> Self {
        Self::Passkey(Box::new(WaitingPasskey {
            id: passkey.id,
            credential_id: passkey.credential_id.as_bytes().to_vec(),
            credential: passkey.credential,
            name: passkey.name,
            aaguid: passkey.aaguid.into_bytes(),
            sign_count: passkey.sign_count,
            backup_eligible: passkey.backup.is_eligible(),
            backed_up: passkey.backup.is_backed_up(),
            protection: passkey.protection,
            made_at: passkey.created_at,
        }))
    }
}

impl WaitingPasskey {
    /// As the passkey of an account; `None` where what was sealed is none.
    fn of(self, user: UserId) -> Option<Passkey> {
        Some(Passkey {
            id: self.id,
            user,
            credential_id: CredentialId::parse(&self.credential_id).ok()?,
            credential: self.credential,
            name: self.name,
            aaguid: Uuid::from_bytes(self.aaguid),
            sign_count: self.sign_count,
            backup: Backup::of(self.backup_eligible, self.backed_up)?,
            protection: self.protection,
            created_at: self.made_at,
            last_used_at: None,
        })
    }
}

impl FirstWayIn {
    /// The door that must be open for it, and what the audit log says of it.
    pub(super) fn door(&self) -> (fn(&SignInRules) -> bool, Option<&'static str>) {
        match self {
            Self::Password(_) => (SignInRules::signs_up_by_password, None),
            Self::Passkey(_) => (SignInRules::signs_up_by_passkey, Some("passkey")),
            Self::Link(_) => (SignInRules::signs_up_elsewhere, None),
        }
    }
}

/// A sign-up whose link was opened, as of when it was looked at.
#[derive(Debug)]
pub struct WaitingSignUp(OneTimeToken);

impl WaitingSignUp {
    /// The address that it would prove.
    pub fn address(&self) -> String {
        self.0.address.as_ref().map(EmailAddress::to_string).unwrap_or_default()
    }

    /// Whether it is good in this browser.
    pub fn is_of(&self, browser: &BrowserKey) -> bool {
        self.0.browser == Some(one_time::browser_of(browser))
    }
}

impl Accounts {
    /// Whether an address is proved before there is an account with it.
    pub async fn proves_addresses_first(&self) -> StoreResult<bool> {
        Ok(self.policies.sign_in().await?.proves_addresses_first())
    }

    /// Mails whoever has an address that somebody signs up with. Takes the same steps, and answers the same, whether there is such an account or not. The answer is what finds the
    /// code again, in this browser.
    pub async fn sign_up_by_mail(
        &self,
        new: NewAccount,
        (from, key): (&Origin, &BrowserKey),
        asked: Asked,
    ) -> Result<OneTimeTokenId, SignUpRejected> {
        let Admitted { rules, email, name, locale, phc } = self.admitted(new, from).await?;
        let account = UserId::new(self.clock.now(), &*self.random);
        let draft = Draft { account, name, locale, way_in: FirstWayIn::Password(phc.expose().clone()) };
        self.ask_to_prove(&rules, (&email, draft), (from, key, asked), Vec::new()).await
    }

    /// The same for an end-user whom a provider described, with an address that its word does not count for.
    pub async fn join_by_mail(
        &self,
        newcomer: Newcomer,
        (from, key): (&Origin, &BrowserKey),
        asked: Asked,
    ) -> Result<OneTimeTokenId, JoinRejected> {
        self.throttle.admit_sign_up(from.address).await?;
        let rules = self.policies.sign_in().await?;
        let Newcomer { account, connection_epoch, email, name, profile, locale, .. } = newcomer;
        let link = WaitingLink { account, connection_epoch, profile };
        let id = UserId::new(self.clock.now(), &*self.random);
        let draft = Draft { account: id, name, locale, way_in: FirstWayIn::Link(Box::new(link)) };
        Ok(self.ask_to_prove(&rules, (&email, draft), (from, key, asked), Vec::new()).await?)
    }

    /// What follows once a sign-up is found to be right, together with what that takes.
    pub(in crate::identity) async fn ask_to_prove(
        &self,
        rules: &SignInRules,
        (email, draft): (&EmailAddress, Draft),
        (from, key, asked): (&Origin, &BrowserKey, Asked),
        also: Vec<Change>,
    ) -> Result<OneTimeTokenId, SignUpRejected> {
        let found = self.stores.users.find_by_email(email).await?;
        let (nobody, is_open) = (newcomer(email), draft.way_in.door().0);
        let may_mail = self.may_mail(&nobody.to_string(), Some(email), from).await?;
        let (drawn, code) = self.draw_code(OneTimeTokenPurpose::SignUp, MailPurpose::SignUp, key);
        let id = drawn.token.id;
        let plain = serde_json::to_vec(&draft).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let sealed = Some(self.sealer.seal(&*self.random, &binding(id), &plain));
        let token = OneTimeToken { user: Some(nobody), address: Some(email.clone()), sealed, ..drawn.token };
        let mailed = self.mailed_to_prove((email, found.as_ref()), may_mail, (&drawn.text, code), asked);
        let changes = [also, vec![Change::InsertOneTimeToken(token)], mailed].concat();
        self.commit_sign_up((rules, is_open), email, changes).await?;
        Ok(id)
    }

    /// The changes that mail whoever has the address of a sign-up, and note it: the way on where nobody has an account with it, and that there is one where somebody does.
    pub(super) fn mailed_to_prove(
        &self,
        (email, found): (&EmailAddress, Option<&User>),
        may_mail: bool,
        (text, code): (&Secret<String>, String),
        asked: Asked,
    ) -> Vec<Change> {
        let link = Link { flow: asked.flow, ..Link::to(PATH, text.expose()) };
        let (letter, to) = match found {
            Some(owner) => (Letter::SignUpTaken, &owner.email),
            None => (Letter::SignUp { link, code }, email),
        };
        // Whom no mail is sent stands for an account that there is not: the statement is the same.
        let about = match found {
            Some(owner) if may_mail && owner.is_active() => Some(owner.id),
            None if may_mail => None,
            _ => Some(newcomer(email)),
        };
        let event = AuditEvent::new(AuditKind::SignUpAsked, Actor::Anonymous, self.clock.now(), &*self.random);
        let event = AuditEvent { user: found.map(|owner| owner.id), ..event };
        let mut changes = vec![Change::Audit(event)];
        changes.extend(self.put_asked((about, to), self.mailer.locale_of(found, asked.page), letter));
        changes
    }

    /// The sign-up that a link is of, as long as it can be used. Looking uses nothing up.
    pub async fn waiting_sign_up(&self, text: &Secret<String>) -> StoreResult<Option<WaitingSignUp>> {
        let purpose = OneTimeTokenPurpose::SignUp;
        let Some((id, digest)) = one_time::read(purpose, text) else { return Ok(None) };
        let found = self.stores.one_time_tokens.find(id, digest, self.clock.now()).await?;
        Ok(found.filter(|token| token.purpose == purpose).map(WaitingSignUp))
    }

    /// Makes the account of a sign-up, whose address is proved by its link, in the browser in which somebody signed up.
    pub async fn sign_up_by_link(
        &self,
        waiting: &WaitingSignUp,
        (from, key): (&Origin, &BrowserKey),
    ) -> Result<User, LinkRejected> {
        if waiting.is_of(key) { self.made_of(&waiting.0, from).await } else { Err(LinkRejected::Spent) }
    }

    /// The same by the code.
    pub async fn sign_up_by_code(
        &self,
        id: OneTimeTokenId,
        (key, attempt): (&BrowserKey, &Attempt<'_>),
    ) -> Result<User, CodeRejected> {
        let (token, admission) = self.right_code((OneTimeTokenPurpose::SignUp, None), id, (key, attempt)).await?;
        let user = self.made_of(&token, attempt.from).await.map_err(|why| match why {
            LinkRejected::Store(error) => error.into(),
            LinkRejected::Spent | LinkRejected::Taken => CodeRejected::Spent,
        })?;
        if let Some(nobody) = token.user {
            self.throttle.code_was_right((nobody, GuessedCode::Mailed), &admission, attempt.from).await;
        }
        Ok(user)
    }

    /// Makes the account that waits, by what is decided now: using the token up comes last.
    async fn made_of(&self, token: &OneTimeToken, from: &Origin) -> Result<User, LinkRejected> {
        let (Some(email), Some(draft)) = (token.address.clone(), self.draft_of(token)) else {
            return Err(LinkRejected::Spent);
        };
        let Draft { account, name, locale, way_in } = draft;
        let (is_open, said) = way_in.door();
        let rules = self.policies.sign_in().await?;
        if !is_open(&rules) || admit(&rules, &email).is_err() {
            return Err(LinkRejected::Spent);
        }
        let now = self.clock.now();
        let user = self.new_user(email, name, locale).await?;
        let user = User { id: account, email_verified: true, ..user };
        let Some((user, way_in)) = self.given(way_in, user, now).await? else { return Err(LinkRejected::Spent) };
        let created = self.own_event(AuditKind::UserCreated, account);
        let mut changes = vec![Change::InsertUser(user.clone())];
        changes.extend(way_in);
        changes.extend([
            Change::Audit(if let Some(said) = said { created.saying(said) } else { created }),
            Change::Audit(self.own_event(AuditKind::AddressVerified, account)),
            Change::TakeOneTimeToken { id: token.id, digest: token.digest, now },
        ]);
        match self.commit_sign_up((&rules, is_open), &user.email, changes).await {
            Ok(()) => {}
            Err(SignUpRejected::EmailTaken) => return Err(LinkRejected::Taken),
            Err(SignUpRejected::Store(error)) => return Err(error.into()),
            // What nobody may do by now.
            Err(_) => return Err(LinkRejected::Spent),
        }
        self.throttle.now_known(account, from).await;
        Ok(user)
    }

    /// An account with its first way in, and what adds that. `None` where it is none, or is none any more.
    async fn given(&self, way_in: FirstWayIn, user: User, now: Timestamp) -> StoreResult<Option<(User, Vec<Change>)>> {
        let added = match way_in {
            FirstWayIn::Password(phc) => {
                let phc = Secret::new(phc);
                Some(vec![Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now })])
            }
            FirstWayIn::Passkey(waiting) => {
                waiting.of(user.id).map(|passkey| vec![Change::InsertPasskey(Box::new(passkey))])
            }
            FirstWayIn::Link(waiting) => return self.given_link(*waiting, user, now).await,
        };
        Ok(added.map(|added| (user, added)))
    }

    /// The same of an account elsewhere, by what is decided now about the connection that leads there.
    async fn given_link(
        &self,
        waiting: WaitingLink,
        user: User,
        now: Timestamp,
    ) -> StoreResult<Option<(User, Vec<Change>)>> {
        let WaitingLink { account, connection_epoch, profile } = waiting;
        let found = self.stores.connections.find(account.identity.connection).await?;
        // One that names domains takes no address that its provider's word does not count for.
        let open = found.filter(|found| found.enabled && found.sign_up && found.allowed_domains.is_empty());
        let Some(connection) = open else { return Ok(None) };
        let mut user = User { roles: connection.default_roles, ..user };
        user.profile.extend(profile);
        let link = UpstreamLink::new(LinkId::new(now, &*self.random), account, user.id, now);
        let linked = self.linked(&link);
        let epochs = LinkEpochs { user: user.epochs(), connection: connection_epoch };
        Ok(Some((user, vec![Change::InsertUpstreamLink(link, epochs), Change::Audit(linked)])))
    }

    /// What waits, sealed, in the row of a token.
    pub(super) fn draft_of(&self, token: &OneTimeToken) -> Option<Draft> {
        let plain = self.sealer.unseal(&binding(token.id), token.sealed.as_deref()?)?;
        serde_json::from_slice(&plain).ok()
    }
}

/// What a draft is sealed to: moved to another token it does not open.
fn binding(token: OneTimeTokenId) -> Vec<u8> {
    [b"sign-up ".as_slice(), token.as_bytes()].concat()
}
