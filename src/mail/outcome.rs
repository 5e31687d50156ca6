//! What comes of sending a mail.

use std::path::PathBuf;

/// Why mail cannot be set up as configured.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A file that cannot be read.
    #[error("{}: {why}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The authorities, or the name of the mail server.
    #[error("TLS to the mail server: {0}")]
    Tls(String),
    /// An address that is none.
    #[error("{0} is no address that mail can come from")]
    Address(String),
}

/// A mail that arrived where it was sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The code that the mail server answered; `None` where there is none.
    pub code: Option<u16>,
    /// What it said.
    pub said: String,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// Mail does not leave this server.
    #[error("mail is switched off")]
    Off,
    /// The mail server answered with a code of 4 or 5.
    #[error("{said}")]
    Refused {
        /// The code: RFC 5321 section 4.2.
        code: u16,
        /// What it said.
        said: String,
    },
    /// It did not answer, or not as a mail server does.
    #[error("{0}")]
    Unreached(String),
    /// Nobody wants it any more.
    #[error("it was not sent in time")]
    Stale,
    /// What is sealed does not open: another key-encryption key.
    #[error("what it says cannot be read: was the key-encryption key changed?")]
    Unreadable,
    /// It cannot be written down as a mail.
    #[error("{0}")]
    Unwritable(String),
}

impl Unsent {
    /// Whether another attempt may go better.
    pub(super) const fn may_pass(&self) -> bool {
        match self {
            // RFC 4954 section 6: with these it will not have this server as its client, which says nothing of the mail.
            Self::Refused { code, .. } => *code < 500 || matches!(*code, 530 | 534 | 535 | 538),
            Self::Unreached(_) | Self::Off => true,
            Self::Stale | Self::Unreadable | Self::Unwritable(_) => false,
        }
    }

    /// The code of the mail server.
    pub const fn code(&self) -> Option<u16> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}
