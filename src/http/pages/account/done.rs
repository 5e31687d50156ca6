//! What was done before a section is shown again, and which section says so.

use axum::response::Response;

use super::super::context::Context;
use super::super::section::Section;
use crate::i18n::{Key, Texts, keys};
use crate::protocol::Params;

/// What was done, or could not be.
#[derive(Clone, Copy)]
pub(in super::super) enum Done {
    ProfileSaved,
    LanguageSaved,
    PasswordChanged,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    AddressAsked,
    AddressMailed,
    AddressProved,
    Linked,
    AlreadyLinked,
    LinkedElsewhere,
    ProofEnded,
    Unlinked,
    LastWayIn,
    SignedOut,
    SignedOutElsewhere,
    Withdrawn,
    DownloadReady,
    FactorRenamed,
    FactorRemoved,
    BrowserForgotten,
}

impl Done {
    const ALL: &[Self] = &[
        Self::ProfileSaved,
        Self::LanguageSaved,
        Self::PasswordChanged,
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
        Self::AddressAsked,
        Self::AddressMailed,
        Self::AddressProved,
        Self::Linked,
        Self::AlreadyLinked,
        Self::LinkedElsewhere,
        Self::ProofEnded,
        Self::Unlinked,
        Self::LastWayIn,
        Self::SignedOut,
        Self::SignedOutElsewhere,
        Self::Withdrawn,
        Self::DownloadReady,
        Self::FactorRenamed,
        Self::FactorRemoved,
        Self::BrowserForgotten,
    ];

    /// Its name in the address, the section that says it, and what that says.
    const fn parts(self) -> (&'static str, Section, Key) {
        use keys::account as text;
        match self {
            Self::ProfileSaved => ("saved", Section::Profile, text::SAVED),
            Self::LanguageSaved => ("saved", Section::Preferences, text::SAVED),
            Self::PasswordChanged => ("password-changed", Section::Security, text::PASSWORD_CHANGED),
            Self::PasskeyAdded => ("passkey-added", Section::Security, keys::passkey::DONE_ADDED),
            Self::PasskeyRenamed => ("passkey-renamed", Section::Security, keys::passkey::DONE_RENAMED),
            Self::PasskeyRemoved => ("passkey-removed", Section::Security, keys::passkey::DONE_REMOVED),
            Self::AddressAsked => ("address-asked", Section::Security, text::ADDRESS_ASKED),
            Self::AddressMailed => ("address-mailed", Section::Security, text::ADDRESS_MAILED),
            Self::AddressProved => ("address-proved", Section::Security, text::ADDRESS_PROVED),
            Self::Linked => ("linked", Section::Security, text::LINKED),
            Self::AlreadyLinked => ("already-linked", Section::Security, text::ALREADY_LINKED),
            Self::LinkedElsewhere => ("linked-elsewhere", Section::Security, text::LINKED_ELSEWHERE),
            Self::ProofEnded => ("proof-ended", Section::Security, text::PROOF_ENDED),
            Self::Unlinked => ("unlinked", Section::Security, text::UNLINKED),
            Self::LastWayIn => ("last-way-in", Section::Security, text::LAST_WAY_IN),
            Self::SignedOut => ("signed-out", Section::Sessions, text::SESSION_ENDED),
            Self::SignedOutElsewhere => ("signed-out-elsewhere", Section::Sessions, text::SESSIONS_ENDED),
            Self::Withdrawn => ("withdrawn", Section::Apps, text::WITHDRAWN),
            Self::DownloadReady => ("ready", Section::Data, text::DOWNLOAD_READY),
            Self::FactorRenamed => ("factor-renamed", Section::Security, text::SAVED),
            Self::FactorRemoved => ("factor-removed", Section::Security, keys::two_step::REMOVED),
            Self::BrowserForgotten => ("browser-forgotten", Section::Sessions, keys::two_step::FORGOTTEN),
        }
    }

    /// Back to the section, which will say so.
    pub(in super::super) fn go(self, context: &Context) -> Response {
        let (name, section, _) = self.parts();
        context.go(&format!("{}?done={name}", section.path()))
    }

    /// What a section says that was opened with these parameters.
    pub(super) fn said(t: &Texts, section: Section, params: &Params) -> Option<String> {
        let asked = params.get("done")?;
        let parts = Self::ALL.iter().map(|done| done.parts());
        parts.into_iter().find(|(name, of, _)| *name == asked && *of == section).map(|(.., text)| t.get(text))
    }
}
