//! Making the first administrator: a link that works once, and never again once there is one.
//!
//! There is no default password and no setup page: the operator, who can read the server's output or run its command line, gets the link.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use super::{Administration, Permission, ProvenAuthority, Rejected};
use crate::identity::RecentProof;
use crate::identity::accounts::{AccountRejected, NewAccount, NotTaken, Origin, SignInRejected, SignUpRejected};
use crate::identity::one_time::{self, Drawn};
use crate::identity::password::{Asker, HashingFailed};
use crate::identity::throttling::Throttled;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::user::{EmailAddress, PasswordCredential, Role};
use crate::model::user_edit::UserEdit;
use crate::model::{AuditEvent, User};
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::OneTimeTokenId;
use crate::support::{Digest, Secret, Timestamp};

/// How long a claim link works.
pub const LINK_LIFETIME: Duration = Duration::from_hours(1);
/// How often a node that knows of no administrator looks for one, where pages ask.
const LOOK_EVERY: Duration = Duration::from_secs(5);
pub use crate::identity::one_time::TOKEN_PREFIX;

/// A token for a claim link, as it is shown once.
#[derive(Debug)]
pub struct ClaimToken {
    /// The value of the link's `token` parameter.
    pub text: Secret<String>,
    /// From when it no longer works.
    pub expires_at: Timestamp,
}

/// Why no account became administrator.
#[derive(Debug)]
pub enum ClaimRejected {
    /// The server has, or had, an administrator.
    AlreadyClaimed,
    /// The link was used, has expired, was replaced by a newer one, or never was.
    LinkSpent,
    /// What is wrong with the account, as at sign-up.
    Account(SignUpRejected),
    /// An account has this address, and did not prove itself by this password.
    Password(SignInRejected),
    /// The account has a second factor, which it did not prove.
    SecondFactor(Box<User>),
}

/// What a claim link is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It makes the first administrator.
    Open,
    /// It was used, has expired, was replaced by a newer one, or never was.
    Spent,
    /// The server has, or had, an administrator.
    Claimed,
}

/// What is known of whether the server waits for its first administrator. Once it has one, that stays.
#[derive(Debug, Default)]
pub(super) struct Known {
    claimed: AtomicBool,
    open: AtomicBool,
    /// When the database was asked last, in milliseconds.
    asked_at: AtomicI64,
}

impl From<StoreError> for ClaimRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::AlreadyClaimed) => Self::AlreadyClaimed,
            StoreError::Conflict(Conflict::TokenSpent) => Self::LinkSpent,
            other => Self::Account(other.into()),
        }
    }
}

impl From<Vec<AccountRejected>> for ClaimRejected {
    fn from(rejected: Vec<AccountRejected>) -> Self {
        Self::Account(rejected.into())
    }
}

impl From<Throttled> for ClaimRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Account(throttled.into())
    }
}

impl From<HashingFailed> for ClaimRejected {
    fn from(failed: HashingFailed) -> Self {
        Self::Account(failed.into())
    }
}

impl From<NotTaken> for ClaimRejected {
    fn from(not_taken: NotTaken) -> Self {
        Self::Account(not_taken.into())
    }
}

/// Whether the server still waits for its first administrator.
pub async fn is_open(admin: &Administration) -> StoreResult<bool> {
    let known = &admin.claim;
    if known.claimed.load(Ordering::Relaxed) {
        return Ok(false);
    }
    let claimed = admin.stores().users.is_claimed().await?;
    known.claimed.store(claimed, Ordering::Relaxed);
    known.open.store(!claimed, Ordering::Relaxed);
    Ok(!claimed)
}

/// Whether pages are to say that the server is not claimed yet: as of a few seconds ago.
pub fn is_known_open(admin: &Administration) -> bool {
    admin.claim.open.load(Ordering::Relaxed)
}

/// Asks again, if that was some seconds ago, and there is still something to learn. A database that is away leaves it at what was known.
pub async fn look(admin: &Administration) {
    let known = &admin.claim;
    let now = admin.clock().now();
    let due = Timestamp::from_millis(known.asked_at.load(Ordering::Relaxed)).plus(LOOK_EVERY);
    if known.claimed.load(Ordering::Relaxed) || now < due {
        return;
    }
    known.asked_at.store(now.millis(), Ordering::Relaxed);
    if let Err(error) = is_open(admin).await {
        tracing::debug!(%error, "whether the server is claimed is not known");
    }
}

/// What a link is worth now. Looking spends nothing.
pub async fn link_state(admin: &Administration, token: &Secret<String>) -> StoreResult<LinkState> {
    if !is_open(admin).await? {
        return Ok(LinkState::Claimed);
    }
    let Some((id, digest)) = read(token) else { return Ok(LinkState::Spent) };
    let stands = admin.stores().one_time_tokens.find(id, digest, admin.clock().now()).await?;
    Ok(if stands.is_some() { LinkState::Open } else { LinkState::Spent })
}

/// Makes a claim link; earlier ones stop working.
pub async fn issue_link(admin: &Administration, authority: &ProvenAuthority) -> Result<ClaimToken, Rejected> {
    authority.require(Permission::AppointOwners)?;
    if !is_open(admin).await? {
        return Err(Rejected::AlreadyClaimed);
    }
    let now = admin.clock().now();
    let Drawn { text, token } = one_time::draw(OneTimeTokenPurpose::ClaimServer, LINK_LIFETIME, now, admin.random());
    let expires_at = token.expires_at;
    let changes = vec![Change::DropOneTimeTokens(OneTimeTokenPurpose::ClaimServer), Change::InsertOneTimeToken(token)];
    admin.commit_by(authority, changes).await?;
    Ok(ClaimToken { text, expires_at })
}

/// Makes the holder of the link the first administrator. The link is spent, the server claimed and the account made in one unit of
/// work: of many who try at once, one succeeds.
pub async fn claim(
    admin: &Administration,
    token: &Secret<String>,
    new: NewAccount,
    from: &Origin,
) -> Result<User, ClaimRejected> {
    if !is_open(admin).await? {
        return Err(ClaimRejected::AlreadyClaimed);
    }
    let (id, digest) = read(token).ok_or(ClaimRejected::LinkSpent)?;
    let accounts = &admin.accounts;
    if let Some(user) = already_there(admin, &new.email).await? {
        // Only a link that works tells whether there is such an account, and tries its password.
        return match link_state(admin, token).await? {
            LinkState::Open => {
                let proved = accounts.prove(&user, &new.password, from).await;
                let (_, proof) = proved.map_err(ClaimRejected::Password)?;
                claim_as(admin, token, &proof).await
            }
            LinkState::Spent => Err(ClaimRejected::LinkSpent),
            LinkState::Claimed => Err(ClaimRejected::AlreadyClaimed),
        };
    }
    let account = new.check(&accounts.rules().await?)?;
    let asker = Asker::new(account.email.as_str(), from.address);
    drop(accounts.hasher.reserve(&asker)?);
    // A well-formed link that never was costs a hash before it is noticed: so it counts as a new account does.
    accounts.throttle.admit_sign_up(from.address).await?;
    let phc = accounts.take_password(account.password, &asker).await?;
    let now = admin.clock().now();
    let user =
        User { roles: vec![Role::Owner], ..accounts.new_user(account.email, account.name, account.locale).await? };
    let event = AuditEvent::new(AuditKind::ServerClaimed, Actor::User(user.id), now, admin.random());
    let event = event.to_user(user.id);
    let changes = vec![
        Change::TakeOneTimeToken { id, digest, now },
        Change::ClaimServer(now),
        Change::InsertUser(user.clone()),
        Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now }),
        Change::Audit(event),
    ];
    admin.work().commit(changes).await?;
    admin.claim.taken();
    // Its first sign-in is no news.
    accounts.throttle.now_known(user.id, from).await;
    Ok(user)
}

/// Makes an account that there is the first administrator: of the one who holds the link, and has just proved the account.
pub async fn claim_as(
    admin: &Administration,
    token: &Secret<String>,
    proof: &RecentProof,
) -> Result<User, ClaimRejected> {
    if !is_open(admin).await? {
        return Err(ClaimRejected::AlreadyClaimed);
    }
    let (id, digest) = read(token).ok_or(ClaimRejected::LinkSpent)?;
    let found = admin.stores().users.find(proof.account()).await?;
    let user = found.ok_or(ClaimRejected::Password(SignInRejected::WrongCredentials))?;
    let now = admin.clock().now();
    let mut roles = user.roles.clone();
    if !admin.accounts.is_by_the_strongest_way(proof).await? {
        return Err(ClaimRejected::SecondFactor(Box::new(user)));
    }
    if !roles.contains(&Role::Owner) {
        roles.push(Role::Owner);
    }
    let edit = UserEdit {
        rights_seen: Some(user.rights()),
        roles: Some(roles.clone()),
        decided_in: Some(proof.epochs()),
        ..UserEdit::new(user.id, now)
    };
    let event = AuditEvent::new(AuditKind::ServerClaimed, Actor::User(user.id), now, admin.random());
    let changes = vec![
        Change::Holds(proof.ground()),
        Change::TakeOneTimeToken { id, digest, now },
        Change::ClaimServer(now),
        Change::EditUser(edit),
        Change::Audit(event.to_user(user.id)),
    ];
    admin.work().commit(changes).await?;
    admin.claim.taken();
    Ok(User { roles, ..user })
}

/// The account that signs in with an address.
async fn already_there(admin: &Administration, email: &str) -> StoreResult<Option<User>> {
    match EmailAddress::parse(email) {
        Ok(email) => admin.stores().users.find_by_email(&email).await,
        Err(_) => Ok(None),
    }
}

impl Known {
    fn taken(&self) {
        self.claimed.store(true, Ordering::Relaxed);
        self.open.store(false, Ordering::Relaxed);
    }
}

/// The id and the digest of a presented token; `None` for a text that is none.
fn read(token: &Secret<String>) -> Option<(OneTimeTokenId, Digest)> {
    one_time::read(OneTimeTokenPurpose::ClaimServer, token)
}
