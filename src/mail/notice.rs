//! What of the audit log people are told by mail: one table, so that no function can forget to tell them.

use serde::{Deserialize, Serialize};

use crate::model::audit_event::{Actor, AuditEvent, AuditKind, PREPARED_ENDED};
use crate::support::Timestamp;

/// What happened to an account that its end-user is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// It has another password.
    PasswordChanged,
    /// It was given another password by a mailed link.
    PasswordReset,
    /// An account elsewhere signs in to it from now on.
    LinkAdded,
    /// An account elsewhere does not any more.
    LinkRemoved,
    /// A passkey signs in to it from now on.
    PasskeyAdded,
    /// A passkey does not any more.
    PasskeyRemoved,
    /// A passkey of it was refused, as there may be a copy of it.
    PasskeySuspected,
    /// It has a second factor more.
    FactorAdded,
    /// It has one less.
    FactorRemoved,
    /// An administrator took away its second factors.
    FactorsReset,
    /// A recovery code of it was used.
    RecoveryCodeUsed,
    /// It has other recovery codes.
    RecoveryCodesRenewed,
    /// Whoever runs the server gave it back to its owner.
    Recovered,
    /// Its address was proved by mail, and what it had before went: somebody else may have prepared that.
    PreparedEnded,
    /// A change of its address was taken back.
    AddressRestored,
    /// An administrator switched it off.
    Disabled,
    /// An administrator switched it on again.
    Enabled,
    /// An administrator signed it out everywhere.
    SignedOut,
    /// Somebody signed in to it from a browser that it did not know.
    NewSignIn,
    /// Its password was guessed at so often that guesses are held back.
    PasswordsHeldBack,
    /// The same of the codes of its second factors: whoever does that knows the first.
    CodesHeldBack,
    /// It was deleted. Told by the unit of work that deletes it, as nobody knows the address afterwards.
    Deleted,
}

/// What happened, when, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub happened: Happened,
    /// When.
    pub at: Timestamp,
    /// The address that the request came from, where one caused it.
    pub address: Option<String>,
    /// An administrator did it, and not the end-user.
    #[serde(default)]
    pub by_others: bool,
}

impl Notice {
    /// Of an entry of the audit log.
    pub fn of(happened: Happened, event: &AuditEvent) -> Self {
        let own = event.user.is_some_and(|user| event.actor == Actor::User(user)) || event.actor == Actor::Anonymous;
        Self {
            happened,
            at: event.at,
            // Where an administrator sits is none of the end-user's business.
            address: event.address.clone().filter(|_| own),
            by_others: !own,
        }
    }
}

/// What the account of an entry is told; `None` where it is told nothing.
pub fn of(event: &AuditEvent) -> Option<Happened> {
    let by_themselves = event.user.is_some_and(|user| event.actor == Actor::User(user));
    // Whichever link it was: this says more than that it was used.
    if by_themselves && event.detail.as_deref() == Some(PREPARED_ENDED) {
        return Some(Happened::PreparedEnded);
    }
    match of_kind(event.kind)? {
        // Whoever signs out everywhere knows.
        Happened::SignedOut if by_themselves => None,
        happened => Some(happened),
    }
}

/// The table. A new kind of entry has to say whether anybody is told.
#[allow(clippy::too_many_lines, reason = "a table, a line each")]
const fn of_kind(kind: AuditKind) -> Option<Happened> {
    use AuditKind as Kind;
    match kind {
        Kind::PasswordChanged => Some(Happened::PasswordChanged),
        Kind::PasswordReset => Some(Happened::PasswordReset),
        Kind::UpstreamLinked => Some(Happened::LinkAdded),
        Kind::UpstreamUnlinked => Some(Happened::LinkRemoved),
        Kind::PasskeyAdded => Some(Happened::PasskeyAdded),
        Kind::PasskeyRemoved => Some(Happened::PasskeyRemoved),
        Kind::PasskeySuspected => Some(Happened::PasskeySuspected),
        Kind::FactorAdded => Some(Happened::FactorAdded),
        Kind::FactorRemoved => Some(Happened::FactorRemoved),
        Kind::FactorsReset => Some(Happened::FactorsReset),
        Kind::RecoveryCodeUsed => Some(Happened::RecoveryCodeUsed),
        Kind::RecoveryCodesRenewed => Some(Happened::RecoveryCodesRenewed),
        Kind::AccountRecovered => Some(Happened::Recovered),
        Kind::AddressRestored => Some(Happened::AddressRestored),
        Kind::UserDisabled => Some(Happened::Disabled),
        Kind::UserEnabled => Some(Happened::Enabled),
        Kind::SessionsRevoked => Some(Happened::SignedOut),
        // An entry a day at most: nobody floods a mailbox by guessing.
        Kind::PasswordsHeldBack => Some(Happened::PasswordsHeldBack),
        Kind::CodesHeldBack => Some(Happened::CodesHeldBack),
        // Told by their own units of work: the address is gone afterwards, or is another.
        Kind::UserDeleted
        | Kind::AddressChanged
        // The mail itself says so.
        | Kind::PasswordResetAsked
        | Kind::SignUpAsked
        | Kind::SignInAsked
        | Kind::AddressChangeAsked
        | Kind::AddressVerified
        | Kind::UserInvited
        // Its address has an account: whoever invited it learned that, and it is told nothing.
        | Kind::InvitationRefused
        | Kind::InvitationAccepted
        | Kind::InvitationWithdrawn
        | Kind::MailTested
        | Kind::MailRetried
        | Kind::MailDropped
        // Nobody's account, or what its end-user did and sees.
        | Kind::ServerClaimed
        | Kind::IssuerChanged
        | Kind::EverythingEnded
        | Kind::CommitsLost
        | Kind::UserCreated
        | Kind::UserChanged
        | Kind::AttributeDeclared
        | Kind::AttributeChanged
        | Kind::AttributeDeleted
        | Kind::ClaimRuleCreated
        | Kind::ClaimRuleChanged
        | Kind::ClaimRuleDeleted
        | Kind::GroupCreated
        | Kind::GroupChanged
        | Kind::GroupDeleted
        | Kind::RoleCreated
        | Kind::RoleChanged
        | Kind::RoleDeleted
        | Kind::MembershipsChanged
        | Kind::DelegationGiven
        | Kind::DelegationTaken
        | Kind::PeopleExported
        | Kind::PersonalDataRead
        | Kind::SignedIn
        | Kind::FirstFactorProved
        | Kind::SecondFactorFailed
        | Kind::FactorRenamed
        | Kind::BrowserTrusted
        | Kind::BrowserForgotten
        | Kind::SignInFailed
        | Kind::GuessingSeen
        | Kind::SignedOut
        | Kind::ConsentGiven
        | Kind::ConsentWithdrawn
        | Kind::ClientCreated
        | Kind::ClientChanged
        | Kind::ClientDisabled
        | Kind::ClientEnabled
        | Kind::ClientDeleted
        | Kind::ApiDeclared
        | Kind::ApiChanged
        | Kind::ApiDeleted
        | Kind::ClientSecretRotated
        | Kind::ClientTried
        | Kind::CodeReplayed
        | Kind::CodeBurned
        | Kind::RefreshTokenReused
        | Kind::TokenRevoked
        | Kind::KeysRotated
        | Kind::PolicyChanged
        | Kind::ConnectionCreated
        | Kind::ConnectionChanged
        | Kind::ConnectionEnabled
        | Kind::ConnectionDisabled
        | Kind::ConnectionDeleted
        | Kind::ConnectionSecretRotated
        | Kind::UpstreamTokensRead
        | Kind::WebhookCreated
        | Kind::WebhookChanged
        | Kind::WebhookEnabled
        | Kind::WebhookDisabled
        | Kind::WebhookDeleted
        | Kind::WebhookSecretRotated
        | Kind::WebhookMessageSent
        | Kind::RedirectUriMismatch => None,
    }
}
