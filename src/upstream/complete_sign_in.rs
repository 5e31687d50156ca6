//! What comes of an upstream sign-in: whose account it is, by the rules of [`link`](super::link), and the change that follows.
//!
//! What has to wait for the user (a proof, an address) is [`pending_link`](super::pending_link)'s, and what a new account is made of [`newcomer`](super::newcomer)'s.
//! Beginning a session is the caller's.

use super::link::{self, Facts, KnownEmail, LinkDecision, ProviderEmail};
use super::login_purpose::LoginPurpose;
use super::login_state;
use super::presets;
use super::profile::UpstreamProfile;
use super::provider_tokens::{self, TokenResponseReceived};
use super::{Authentication, PendingLink, Returned, Upstream};
use crate::identity::accounts::{Accounts, LinkOutcome};
use crate::identity::{Origin, RecentProof};
use crate::model::connection::Connection;
use crate::model::session::SignIn;
use crate::model::upstream_link::{UpstreamAccount, UpstreamIdentity, UpstreamLink};
use crate::model::user::{EmailAddress, User};
use crate::model::{Locale, Session};
use crate::policy::SignInRules;
use crate::sessions::{Means, Visitor};
use crate::store::StoreResult;
use crate::support::Timestamp;
use crate::support::id::{OneTimeTokenId, SignInId, UserId};

/// How often it is decided whose account it is, where others take the address of a new one in the same moment.
const ATTEMPTS: usize = 3;

/// What comes of a return.
#[derive(Debug)]
pub enum ReturnOutcome {
    /// The user is in: begin the session.
    In {
        /// The account to sign in.
        user: Box<User>,
        /// How the user authenticated, for `amr`, `acr` and the provider's own session.
        means: Means,
    },
    /// The link was added to the account that asked for it.
    Linked,
    /// The link was there before.
    AlreadyLinked,
    /// Another account has the identity.
    LinkedElsewhere,
    /// The account that asked for it is no longer the one that is signed in.
    SessionEnded,
    /// The account that is signed in proved itself, for what waits for that.
    Confirmed {
        /// Its sign-in.
        sign_in: SignInId,
        /// The handle of what waits.
        kept: String,
        /// When its end-user authenticated at the provider.
        at: Timestamp,
    },
    /// The provider does not say that its user authenticated there just now, so that nothing was proved.
    NotProved,
    /// The account proved itself too long ago to add a link now.
    ProofEnded,
    /// An account has the address: its owner has to prove to be that first.
    ProveFirst {
        /// What waits for the proof.
        waiting: String,
    },
    /// Whoever has the address was mailed: the user is asked for the code of that, which this finds again.
    ProveAddress(OneTimeTokenId),
    /// The provider names no address: the user is asked for one.
    AskEmail {
        /// What waits for the address.
        waiting: String,
    },
    /// There is no account, and none is made this way.
    NoAccount,
    /// The connection is for users of other domains.
    OtherDomain,
    /// The account is switched off.
    Disabled,
    /// Too many new accounts from one address.
    Throttled(std::time::Duration),
    /// What was proved is another account than the one that the link waits for.
    NotTheOwner,
}

/// Where the sign-in is completed, and in which language.
#[derive(Debug)]
pub struct ReturnContext<'a> {
    /// Makes accounts and links, and proves passwords.
    pub accounts: &'a Accounts,
    /// The browser that the answer came through.
    pub visitor: &'a Visitor,
    /// Who is signed in there.
    pub session: Session,
    /// Where they ask from.
    pub origin: Origin,
    /// The language of their pages.
    pub locale: Locale,
}

impl ReturnContext<'_> {
    /// The sign-in that asked for something, where it still is the one in use: another account that signed in meanwhile is in use in the
    /// browser now, and perhaps was at the provider.
    pub(super) fn still(&self, user: UserId, sign_in: SignInId) -> Option<&SignIn> {
        self.session.current().filter(|known| known.id == sign_in && known.user == user)
    }
}

impl Upstream {
    /// Decides whose account it is and does what follows, other than beginning a session.
    pub async fn complete_sign_in(&self, returned: Returned, with: &ReturnContext<'_>) -> StoreResult<ReturnOutcome> {
        let Returned { connection, purpose, profile, authentication, tokens, .. } = returned;
        if !admits(&connection, &profile) {
            return Ok(ReturnOutcome::OtherDomain);
        }
        let account = self.account(&connection, &profile, tokens);
        let waiting = self.described(&connection, (account, &profile), authentication, with.visitor, &purpose);
        match purpose {
            LoginPurpose::SignIn { .. } => self.decide(&connection, waiting, None, with).await,
            // A test is looked at, and nothing comes of it: a caller that asks all the same signs nothing in.
            LoginPurpose::Test { .. } => Ok(ReturnOutcome::SessionEnded),
            LoginPurpose::Prove { waiting: handle, .. } => self.proved_by_link(&handle, &waiting, with).await,
            LoginPurpose::Link { user, sign_in } => match with.still(user, sign_in) {
                None => Ok(ReturnOutcome::SessionEnded),
                Some(sign_in) => match with.accounts.proof_in(sign_in).await? {
                    Some(proof) => self.decide(&connection, waiting, Some(&proof), with).await,
                    None => Ok(ReturnOutcome::ProofEnded),
                },
            },
            LoginPurpose::Confirm { user, sign_in, kept } => match with.still(user, sign_in) {
                None => Ok(ReturnOutcome::SessionEnded),
                Some(sign_in) => self.confirmed(sign_in, kept, &waiting, with).await,
            },
        }
    }

    /// What would come of this answer if it were a sign-in: for the administrator's test. Changes nothing.
    pub async fn foresee(
        &self,
        connection: &Connection,
        profile: &UpstreamProfile,
    ) -> StoreResult<Option<LinkDecision>> {
        if !admits(connection, profile) {
            return Ok(None);
        }
        let identity = identity(connection, profile);
        let email = profile.email.as_ref().map(|email| &email.address);
        let rules = self.policies.sign_in().await?;
        let facts = self.facts((connection, &rules), &identity, email, said(connection, profile), None).await?;
        Ok(Some(link::decide(&facts)))
    }

    /// The user of a provider that names no address typed one. It counts as not verified.
    pub async fn with_email(
        &self,
        handle: &str,
        email: EmailAddress,
        with: &ReturnContext<'_>,
    ) -> StoreResult<Option<ReturnOutcome>> {
        let Some(pending) = self.take_pending_link(handle, with.visitor).await? else { return Ok(None) };
        // That it may be used was asked before the link was taken, and is again by the statement that makes it.
        let Some(connection) = self.stores.connections.find(pending.connection).await? else { return Ok(None) };
        let pending = PendingLink { email: Some(email), email_verified: false, ..pending };
        self.decide(&connection, pending, None, with).await.map(Some)
    }

    /// Decides, and once more where another request took the address or the identity in between: what holds then counts.
    async fn decide(
        &self,
        connection: &Connection,
        pending: PendingLink,
        adding: Option<&RecentProof>,
        with: &ReturnContext<'_>,
    ) -> StoreResult<ReturnOutcome> {
        let mut rules = self.policies.sign_in().await?;
        for _ in 0..ATTEMPTS {
            if let Some(outcome) = self.decide_once((connection, &rules), pending.clone(), adding, with).await? {
                return Ok(outcome);
            }
            // It may have been something else that was decided meanwhile.
            rules = self.policies.read().await?.sign_in.clone();
        }
        Ok(ReturnOutcome::SessionEnded)
    }

    /// `None` where a new account's address or identity was taken in this moment.
    async fn decide_once(
        &self,
        (connection, rules): (&Connection, &SignInRules),
        pending: PendingLink,
        adding: Option<&RecentProof>,
        with: &ReturnContext<'_>,
    ) -> StoreResult<Option<ReturnOutcome>> {
        let adding_to = adding.map(RecentProof::account);
        let said = match (&pending.email, pending.email_verified) {
            (None, _) => ProviderEmail::Absent,
            (Some(_), true) => ProviderEmail::VerifiedTrusted,
            (Some(_), false) => ProviderEmail::Unverified,
        };
        let identity = &pending.account.identity;
        let facts = self.facts((connection, rules), identity, pending.email.as_ref(), said, adding_to).await?;
        Ok(Some(match (link::decide(&facts), adding) {
            (LinkDecision::SignIn(user), _) => self.sign_in(user, pending, with).await?,
            (LinkDecision::Link(_), Some(proof)) => {
                let epoch = pending.connection_epoch;
                match with.accounts.link(proof, pending.account, epoch).await? {
                    LinkOutcome::Done => ReturnOutcome::Linked,
                    LinkOutcome::Gone => ReturnOutcome::SessionEnded,
                    LinkOutcome::Taken | LinkOutcome::LastWayIn => ReturnOutcome::LinkedElsewhere,
                }
            }
            (LinkDecision::AlreadyLinked, _) => ReturnOutcome::AlreadyLinked,
            (LinkDecision::LinkedElsewhere, _) => ReturnOutcome::LinkedElsewhere,
            (LinkDecision::ProveFirst(owner), _) => {
                let waiting = self.keep_pending_link(PendingLink { owner: Some(owner), ..pending }).await?;
                ReturnOutcome::ProveFirst { waiting }
            }
            (LinkDecision::AskEmail, _) => ReturnOutcome::AskEmail { waiting: self.keep_pending_link(pending).await? },
            (LinkDecision::SignUp { email_verified }, _) => {
                return self.sign_up((connection, rules), pending, email_verified, with).await;
            }
            (LinkDecision::ProveAddress, _) => {
                return self.sign_up_by_mail((connection, rules), pending, with).await;
            }
            // Without an account that asks for it no link is decided on.
            (LinkDecision::Link(_), None) | (LinkDecision::NoAccount, _) => ReturnOutcome::NoAccount,
        }))
    }

    async fn facts(
        &self,
        (connection, rules): (&Connection, &SignInRules),
        identity: &UpstreamIdentity,
        email: Option<&EmailAddress>,
        said: ProviderEmail,
        adding_to: Option<UserId>,
    ) -> StoreResult<Facts> {
        let link = self.link_of(identity).await?.map(|link| link.user);
        let holder = match email {
            Some(email) if link.is_none() && adding_to.is_none() => self.stores.users.find_by_email(email).await?,
            _ => None,
        };
        let known = holder.map_or(KnownEmail::Unknown, |user| {
            if user.email_verified { KnownEmail::Verified(user.id) } else { KnownEmail::Unverified(user.id) }
        });
        // Where there is no address yet, it is asked for first.
        let admitted = email.map_or(!rules.sign_up.is_closed(), |email| rules.sign_up.admits(email));
        let (sign_up, proves_first) = (connection.sign_up && admitted, rules.proves_addresses_first());
        Ok(Facts { link, known, email: said, sign_up, proves_first, adding_to })
    }

    /// The link of an identity; one from before types of subjects were told apart is of whichever comes first, and its use settles it.
    pub(super) async fn link_of(&self, identity: &UpstreamIdentity) -> StoreResult<Option<UpstreamLink>> {
        let found = self.stores.upstream_links.find(identity).await?;
        match identity.subject.untyped() {
            Some(subject) if found.is_none() => {
                self.stores.upstream_links.find(&UpstreamIdentity { subject, ..identity.clone() }).await
            }
            _ => Ok(found),
        }
    }

    async fn sign_in(&self, id: UserId, pending: PendingLink, with: &ReturnContext<'_>) -> StoreResult<ReturnOutcome> {
        let Some(user) = with.accounts.find(id).await? else { return Ok(ReturnOutcome::NoAccount) };
        if !user.is_active() {
            return Ok(ReturnOutcome::Disabled);
        }
        let link = self.link_of(&pending.account.identity).await?.filter(|link| link.user == id);
        // Removed in this moment: it leads nowhere any more.
        let Some(link) = link else { return Ok(ReturnOutcome::SessionEnded) };
        let means = pending.means(link.id);
        self.used((&user, link), &pending.account, with).await?;
        Ok(ReturnOutcome::In { user: Box::new(user), means })
    }

    fn described(
        &self,
        connection: &Connection,
        (account, profile): (UpstreamAccount, &UpstreamProfile),
        authentication: Authentication,
        visitor: &Visitor,
        purpose: &LoginPurpose,
    ) -> PendingLink {
        let flow = match purpose {
            LoginPurpose::SignIn { flow } | LoginPurpose::Prove { flow, .. } => *flow,
            LoginPurpose::Link { .. } | LoginPurpose::Confirm { .. } | LoginPurpose::Test { .. } => None,
        };
        PendingLink {
            connection: connection.id,
            connection_epoch: connection.epoch,
            account,
            owner: None,
            email: profile.email.as_ref().map(|email| email.address.clone()),
            email_verified: said(connection, profile) == ProviderEmail::VerifiedTrusted,
            name: profile.name.clone(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            picture: profile.picture.clone(),
            claims: profile.claims.clone(),
            reached: connection.reached(authentication.acr.as_deref(), &authentication.amr),
            amr: connection.counting(&authentication.amr),
            sid: authentication.sid,
            auth_time: authentication.auth_time,
            proved_at: authentication.proved_at,
            flow,
            browser: login_state::browser(&visitor.browser),
            expires_at: self.clock.now().plus(self.login_lifetime),
        }
    }

    /// The upstream account of this answer, its tokens sealed.
    fn account(
        &self,
        connection: &Connection,
        profile: &UpstreamProfile,
        tokens: Option<TokenResponseReceived>,
    ) -> UpstreamAccount {
        let email = profile.email.as_ref().map(|email| email.address.as_str());
        let label = email.or(profile.name.as_deref()).unwrap_or(profile.subject.as_sent()).to_owned();
        let identity = identity(connection, profile);
        let tokens = tokens.map(|tokens| provider_tokens::seal(&self.sealer, self.random.as_ref(), &identity, &tokens));
        UpstreamAccount { identity, label, tokens }
    }

    /// Notes that a link was used, with the tokens that came of it.
    pub(super) async fn used(
        &self,
        (user, link): (&User, UpstreamLink),
        account: &UpstreamAccount,
        with: &ReturnContext<'_>,
    ) -> StoreResult<()> {
        let mut account = account.clone();
        account.tokens = provider_tokens::renewed(&self.sealer, self.random.as_ref(), &link, &account);
        with.accounts.used_link(user, link, account).await?;
        Ok(())
    }
}

pub(super) fn identity(connection: &Connection, profile: &UpstreamProfile) -> UpstreamIdentity {
    UpstreamIdentity { connection: connection.id, subject: profile.subject.clone() }
}

/// What the provider says of the address, and whether that counts here.
fn said(connection: &Connection, profile: &UpstreamProfile) -> ProviderEmail {
    let Some(email) = &profile.email else { return ProviderEmail::Absent };
    let trust = presets::find(&connection.preset).map_or(presets::EmailTrust::Off, |preset| preset.email_trust);
    match email.verified {
        Some(true) if email.is_trusted(trust, connection.trust_email) => ProviderEmail::VerifiedTrusted,
        Some(true) => ProviderEmail::VerifiedUntrusted,
        _ => ProviderEmail::Unverified,
    }
}

/// Whether the connection is for this user: where it names domains, only a trusted address of one of them will do.
fn admits(connection: &Connection, profile: &UpstreamProfile) -> bool {
    let of_domain = |email: &EmailAddress| {
        connection.allowed_domains.iter().any(|domain| domain.eq_ignore_ascii_case(email.domain()))
    };
    connection.allowed_domains.is_empty()
        || (said(connection, profile) == ProviderEmail::VerifiedTrusted
            && profile.email.as_ref().is_some_and(|email| of_domain(&email.address)))
}
