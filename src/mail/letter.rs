//! What a mail is to say, as it waits in the outbox: sealed, as it may hold a link that signs in.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::notice::Notice;
use crate::keys::Sealer;
use crate::model::Locale;
use crate::model::mail::MailPurpose;
use crate::support::Random;
use crate::support::id::MailId;

/// What a mail says. Nothing that somebody typed is in it but addresses, which are checked: a stranger cannot have us mail words of theirs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "snake_case")]
pub enum Letter {
    /// That mail arrives.
    Test,
    /// How to prove the address of an account.
    VerifyAddress(Link),
    /// How to prove the address that an account is to have.
    NewAddress(Link),
    /// That the account has another address now, and how to take that back.
    AddressChanged {
        /// The address that it has now.
        now: String,
        /// The way back; none for an address that was never proved.
        undo: Option<Link>,
    },
    /// How to set a new password.
    ResetPassword(Link),
    /// The same, where an administrator wanted it.
    ResetByAdministrator(Link),
    /// How to accept an account that was made for somebody.
    Invitation(Link),
    /// How to prove the address that somebody signs up with.
    SignUp {
        /// Where the mail is read in the browser in which they did.
        link: Link,
        /// Where it is read elsewhere.
        code: String,
    },
    /// That somebody signed up with an address that has an account.
    SignUpTaken,
    /// How to sign in.
    SignIn {
        /// Where the mail is read in the browser that asked.
        link: Link,
        /// Where it is read elsewhere.
        code: String,
    },
    /// How to prove a login once more.
    Code {
        /// What is typed.
        code: String,
    },
    /// What happened to an account.
    Notice(Notice),
}

/// A link of ours: a path, and the token that it works by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The path, without the issuer's.
    pub path: String,
    /// The token.
    pub token: String,
    /// The pending login that it comes from, where it is one: it goes on in the browser in which it began, and in no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
}

impl Link {
    /// The link of a page.
    pub fn to(path: &str, token: &str) -> Self {
        Self { path: path.to_owned(), token: token.to_owned(), flow: None }
    }

    /// The path with its query. A token is base64url, and a flow an id: neither needs escaping, and what is neither is left out.
    pub(super) fn local(&self) -> String {
        let plain = |text: &&String| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        let flow = self.flow.as_ref().filter(plain).map(|flow| format!("&flow={flow}")).unwrap_or_default();
        format!("{}?token={}{flow}", self.path, self.token)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Codes and links are not for the log.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("purpose", &self.purpose()).finish_non_exhaustive()
    }
}

impl Letter {
    /// What it is for.
    pub const fn purpose(&self) -> MailPurpose {
        match self {
            Self::Test => MailPurpose::Test,
            Self::VerifyAddress(_) => MailPurpose::VerifyAddress,
            Self::NewAddress(_) => MailPurpose::NewAddress,
            Self::AddressChanged { .. } => MailPurpose::AddressChanged,
            Self::ResetPassword(_) | Self::ResetByAdministrator(_) => MailPurpose::ResetPassword,
            Self::Invitation(_) => MailPurpose::Invitation,
            Self::SignUp { .. } | Self::SignUpTaken => MailPurpose::SignUp,
            Self::SignIn { .. } => MailPurpose::SignIn,
            Self::Code { .. } => MailPurpose::Code,
            Self::Notice(_) => MailPurpose::Notice,
        }
    }
}

/// How long a link of this purpose works, and so how long its mail is worth sending; for mail without one, how long it is news.
pub(super) const fn useful_for(purpose: MailPurpose) -> Duration {
    match purpose {
        // NIST SP 800-63B-4 section 3.1.3.2 has secrets that are sent out of band work for ten minutes at most.
        MailPurpose::SignIn | MailPurpose::Code => Duration::from_mins(10),
        // OWASP ASVS 5.0, 6.4.1 and 6.5.5 ask for short lives: whoever comes late asks for another.
        MailPurpose::ResetPassword | MailPurpose::Test => Duration::from_mins(30),
        // Until then there is no account: whoever comes late signs up again. Its code is tried five times at most, in one browser.
        MailPurpose::SignUp => Duration::from_hours(1),
        MailPurpose::VerifyAddress | MailPurpose::NewAddress => Duration::from_hours(24),
        MailPurpose::AddressChanged | MailPurpose::Notice => Duration::from_hours(72),
        MailPurpose::Invitation => Duration::from_hours(24 * 7),
    }
}

/// A letter with the language that it is to be written in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    pub(super) locale: Locale,
    pub(super) letter: Letter,
}

impl Envelope {
    /// Seals it to its mail: moved to another one it does not open.
    pub(super) fn seal(&self, sealer: &Sealer, random: &dyn Random, id: MailId) -> Vec<u8> {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        sealer.seal(random, &binding(id), &plain)
    }

    pub(super) fn open(sealer: &Sealer, id: MailId, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&sealer.unseal(&binding(id), sealed)?).ok()
    }
}

fn binding(id: MailId) -> Vec<u8> {
    [b"mail ".as_slice(), id.as_bytes()].concat()
}
