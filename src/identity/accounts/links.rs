//! Accounts and the identities elsewhere that sign in to them.

use std::time::Duration;

use serde_json::Value;

use super::{Accounts, Origin, RecentProof, SignUpRejected};
use crate::identity::throttling::Throttled;
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind, AuditTarget};
use crate::model::epoch::Epoch;
use crate::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink};
use crate::model::user::{EmailAddress, Profile, Role};
use crate::store::{Change, Conflict, Ground, StoreError, StoreResult};
use crate::support::id::LinkId;

/// An end-user who has no account yet, as a provider described them.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who they are there.
    pub account: UpstreamAccount,
    /// The connection's epoch when they did.
    pub connection_epoch: Epoch,
    /// The e-mail address that the account gets.
    pub email: EmailAddress,
    /// Whether it counts as verified.
    pub email_verified: bool,
    /// The `name` claim.
    pub name: Option<String>,
    /// Further claims, by their standard names.
    pub profile: Profile,
    /// The language of the page that they came from.
    pub locale: Option<String>,
    /// What the account may do to Haechi itself.
    pub roles: Vec<Role>,
    /// The version of the policy by which they may have an account.
    pub policy: i64,
}

/// Why no account was made.
#[derive(Debug)]
pub enum JoinRejected {
    /// Another account has the address, or the identity, since it was asked, or something else was decided about who may have one.
    Taken,
    /// The connection was switched off, deleted or ended since.
    Ended,
    /// Too many new accounts from one address.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The store did not answer.
    Store(StoreError),
}

impl From<Throttled> for JoinRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl From<StoreError> for JoinRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Taken | Conflict::Stale) => Self::Taken,
            StoreError::Conflict(Conflict::Ended) => Self::Ended,
            other => Self::Store(other),
        }
    }
}

impl From<SignUpRejected> for JoinRejected {
    fn from(rejected: SignUpRejected) -> Self {
        match rejected {
            SignUpRejected::Throttled { retry_after } | SignUpRejected::Busy { retry_after } => {
                Self::Throttled { retry_after }
            }
            SignUpRejected::Store(error) => error.into(),
            // Something else was decided meanwhile about who may have an account.
            SignUpRejected::SwitchedOff
            | SignUpRejected::OtherDomain
            | SignUpRejected::Fields(_)
            | SignUpRejected::EmailTaken => Self::Taken,
        }
    }
}

/// What became of a wish to add or remove a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkOutcome {
    /// The link was added.
    Done,
    /// An account has the identity already.
    Taken,
    /// It was the last way in to the account, and stays.
    LastWayIn,
    /// What it was about is gone.
    Gone,
}

impl LinkOutcome {
    fn of(committed: StoreResult<()>) -> StoreResult<Self> {
        match committed {
            Ok(()) => Ok(Self::Done),
            Err(StoreError::Conflict(Conflict::Taken)) => Ok(Self::Taken),
            Err(StoreError::Conflict(Conflict::LastWayIn | Conflict::LockedOut)) => Ok(Self::LastWayIn),
            Err(StoreError::Conflict(Conflict::Stale | Conflict::Ended)) => Ok(Self::Gone),
            Err(other) => Err(other),
        }
    }
}

impl Accounts {
    /// Makes an account without a password, for an end-user whom a provider described.
    pub async fn join(&self, newcomer: Newcomer, from: &Origin) -> Result<(User, LinkId), JoinRejected> {
        self.throttle.admit_sign_up(from.address).await?;
        let now = self.clock.now();
        let mut user = self.new_user(newcomer.email, newcomer.name, newcomer.locale).await?;
        user.email_verified = newcomer.email_verified;
        user.roles = newcomer.roles;
        user.profile.extend(newcomer.profile);
        let created =
            AuditEvent::new(AuditKind::UserCreated, Actor::User(user.id), now, &*self.random).to_user(user.id);
        let link = UpstreamLink::new(LinkId::new(now, &*self.random), newcomer.account, user.id, now);
        let (id, linked) = (link.id, self.linked(&link));
        let epochs = LinkEpochs { user: user.epochs(), connection: newcomer.connection_epoch };
        let changes = vec![
            Change::Holds(Ground::Policy(newcomer.policy)),
            Change::InsertUser(user.clone()),
            Change::InsertUpstreamLink(link, epochs),
            Change::Audit(created),
            Change::Audit(linked),
        ];
        self.stores.work.commit(changes).await?;
        self.throttle.now_known(user.id, from).await;
        Ok((user, id))
    }

    /// Adds a link to the account that proved itself, unless the account or the connection was ended since. Nothing comes of a proof that is weaker than the
    /// account's own ways: who has a second factor connects accounts once they are signed in.
    pub async fn link(
        &self,
        proof: &RecentProof,
        account: UpstreamAccount,
        connection_epoch: Epoch,
    ) -> StoreResult<LinkOutcome> {
        if !self.is_by_the_strongest_way(proof).await? {
            return Ok(LinkOutcome::Gone);
        }
        let now = self.clock.now();
        let link = UpstreamLink::new(LinkId::new(now, &*self.random), account, proof.account(), now);
        let epochs = LinkEpochs { user: proof.epochs(), connection: connection_epoch };
        let event = self.linked(&link);
        let added = Change::InsertUpstreamLink(link, epochs);
        let changes = vec![Change::Holds(proof.ground()), added, Change::Audit(event)];
        LinkOutcome::of(self.stores.work.commit(changes).await)
    }

    /// Removes a link of the account that proved itself, unless it is the last way in.
    pub async fn unlink(&self, proof: &RecentProof, identity: UpstreamIdentity) -> StoreResult<LinkOutcome> {
        let user = proof.account();
        let event = AuditEvent::new(AuditKind::UpstreamUnlinked, Actor::User(user), self.clock.now(), &*self.random)
            .to_user(user)
            .to(AuditTarget::Connection(identity.connection))
            .saying(identity.connection.to_string());
        let removed = Change::DeleteUpstreamLink(identity, user);
        LinkOutcome::of(
            self.stores.work.commit(vec![Change::Holds(proof.ground()), removed, Change::Audit(event)]).await,
        )
    }

    /// Notes that a link signed its user in, and how the account there is now.
    pub async fn used_link(
        &self,
        user: &User,
        link: UpstreamLink,
        account: UpstreamAccount,
    ) -> StoreResult<LinkOutcome> {
        let now = self.clock.now();
        let event = self
            .own_event(self.kind_of_first_factor(user).await?, link.user)
            .to(AuditTarget::Connection(link.identity.connection))
            .saying(link.identity.connection.to_string());
        let was = link.identity.subject.clone();
        let used = Change::TouchUpstreamLink { was, link: link.used(account, now) };
        LinkOutcome::of(self.stores.work.commit(vec![used, Change::Audit(event)]).await)
    }

    pub(super) fn linked(&self, link: &UpstreamLink) -> AuditEvent {
        AuditEvent::new(AuditKind::UpstreamLinked, Actor::User(link.user), self.clock.now(), &*self.random)
            .to_user(link.user)
            .to(AuditTarget::Connection(link.identity.connection))
            .saying(link.identity.connection.to_string())
    }
}

/// The claims of a user that a provider's profile fills, by their standard names.
pub fn claims<'a>(found: impl IntoIterator<Item = (&'static str, Option<&'a str>)>) -> Profile {
    let filled = found.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))));
    filled.collect()
}
