//! The sections of an account: where each is, what it is called, and which of them has the form that posts to a path.

use crate::i18n::{Key, keys};

/// A section: a page with a name in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Who I am, what deserves attention, and where things are.
    Overview,
    /// What I say about myself.
    Profile,
    /// The address, the password, and the accounts elsewhere that sign in to this one.
    Security,
    /// Where I am signed in.
    Sessions,
    /// Which apps have access.
    Apps,
    /// The language of pages and mail.
    Preferences,
    /// Taking what is stored along, and ending the account.
    Data,
}

impl Section {
    /// Every section, in the order of the navigation.
    pub(super) const ALL: &[Self] =
        &[Self::Overview, Self::Profile, Self::Security, Self::Sessions, Self::Apps, Self::Preferences, Self::Data];

    /// Where it is.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/account",
            Self::Profile => "/account/profile",
            Self::Security => "/account/security",
            Self::Sessions => "/account/sessions",
            Self::Apps => "/account/apps",
            Self::Preferences => "/account/preferences",
            Self::Data => "/account/data",
        }
    }

    /// Its name.
    pub(super) const fn title(self) -> Key {
        use keys::account as text;
        match self {
            Self::Overview => text::OVERVIEW,
            Self::Profile => text::PROFILE,
            Self::Security => text::SECURITY,
            Self::Sessions => text::SESSIONS,
            Self::Apps => text::APPS,
            Self::Preferences => text::LANGUAGE,
            Self::Data => text::DATA,
        }
    }
}

/// The page that asks whether to delete the account.
pub(super) const DELETE: &str = "/account/delete";

/// Whether a path is that of a page of an account: one that can be opened by its address.
pub(super) fn is_page(path: &str) -> bool {
    path == DELETE || Section::ALL.iter().any(|section| section.path() == path)
}

/// The page that has the form which posts to a path: where its end-user goes who does not go through with it.
pub(super) fn page_of(path: &str) -> &'static str {
    if path == DELETE {
        return DELETE;
    }
    let section = match path {
        "/account/password"
        | "/account/two-step"
        | "/account/second-step"
        | "/account/links"
        | "/account/confirm"
        | "/account/passkeys"
        | "/account/passkeys/new"
        | "/account/passkeys/change"
        | "/account/passkeys/offer"
        | "/account/email"
        | "/account/email/verify" => Section::Security,
        "/account/language" => Section::Preferences,
        "/account/data/download" => Section::Data,
        _ => Section::ALL.iter().copied().find(|section| section.path() == path).unwrap_or(Section::Overview),
    };
    section.path()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_the_page_that_has_it() {
        for (form, page) in [
            ("/account/password", "/account/security"),
            ("/account/links", "/account/security"),
            ("/account/two-step", "/account/security"),
            ("/account/profile", "/account/profile"),
            ("/account/language", "/account/preferences"),
            ("/account/data/download", "/account/data"),
            ("/account/delete", "/account/delete"),
            ("/account/claim", "/account"),
        ] {
            assert_eq!(page_of(form), page);
            assert!(is_page(page));
        }
        assert!(!is_page("/account/password") && !is_page("/account/x") && !is_page("/accounts"));
    }
}
