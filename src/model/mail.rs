//! Mail that is to be sent, and what became of it.

use utoipa::ToSchema;

use serde::{Deserialize, Serialize};

use super::user::EmailAddress;
use crate::support::Timestamp;
use crate::support::id::{MailId, UserId};

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailPurpose {
    /// To see whether mail arrives.
    Test,
    /// To prove the address of an account.
    VerifyAddress,
    /// To prove the address that an account is to have.
    NewAddress,
    /// To tell the address that an account had.
    AddressChanged,
    /// To set a new password.
    ResetPassword,
    /// To accept an account that somebody else made.
    Invitation,
    /// To prove the address that somebody signs up with, or to tell who has it already.
    SignUp,
    /// To sign in.
    SignIn,
    /// To prove a login once more.
    Code,
    /// To tell what happened to an account.
    Notice,
}

impl MailPurpose {
    /// Every one.
    pub const ALL: &[Self] = &[
        Self::VerifyAddress,
        Self::ResetPassword,
        Self::Invitation,
        Self::SignUp,
        Self::SignIn,
        Self::Code,
        Self::NewAddress,
        Self::AddressChanged,
        Self::Notice,
        Self::Test,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::VerifyAddress => "verify_address",
            Self::NewAddress => "new_address",
            Self::AddressChanged => "address_changed",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::Code => "code",
            Self::Notice => "notice",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|purpose| purpose.as_str() == name)
    }

    /// Whether anybody has it sent who knows an address, or sits at a login: what an account, or an address, is sent no more than so often.
    pub const fn is_asked_for(self) -> bool {
        matches!(
            self,
            Self::ResetPassword | Self::VerifyAddress | Self::NewAddress | Self::SignUp | Self::SignIn | Self::Code
        )
    }
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It is yet to be sent, for the first time or again.
    Waiting,
    /// A mail server took it.
    Sent,
    /// It was refused for good, or too often: an administrator may send it again.
    Failed,
    /// It is not sent any more: it had become stale, or an administrator did not want it.
    Dropped,
}

impl MailState {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Waiting, Self::Failed, Self::Sent, Self::Dropped];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == name)
    }
}

/// A mail in the outbox.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id, the same however often it is sent.
    pub id: MailId,
    /// What it is for.
    pub purpose: MailPurpose,
    /// The account that it is about; `None` where it is about none.
    pub user: Option<UserId>,
    /// Where it goes.
    pub to: EmailAddress,
    /// What it says, sealed: it may hold a link that signs in. Empty once nobody is to send it any more.
    pub sealed: Vec<u8>,
    /// What became of it.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it came about.
    pub created_at: Timestamp,
    /// From when on it is sent, where it waits.
    pub next_at: Timestamp,
    /// From when on nobody wants it any more: what it leads to has expired by then.
    pub stale_at: Timestamp,
    /// How the last attempt went.
    pub last: Option<MailAttempt>,
}

/// How an attempt to send a mail went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAttempt {
    /// When it was made.
    pub at: Timestamp,
    /// The code that the mail server answered (RFC 5321 section 4.2); `None` where nothing was answered.
    pub code: Option<u16>,
    /// What was wrong, in the words of the mail server where it has some; `None` where nothing was.
    pub problem: Option<String>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("id", &self.id)
            .field("purpose", &self.purpose)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Which mails are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailQuery {
    /// Those in this state.
    pub state: Option<MailState>,
    /// Those for this.
    pub purpose: Option<MailPurpose>,
    /// Those to addresses that begin so.
    pub to: Option<String>,
    /// Those about this account.
    pub user: Option<UserId>,
}

/// How many mails are in which state, up to a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    /// Those that wait.
    pub waiting: u64,
    /// Those that were given up.
    pub failed: u64,
}
