//! The layouts of messages: a file for HTML and a file for text each, in a frame that all of them share. Messages of one shape, such as a sentence and a button, share a layout: which words
//! each has is in the tables of [`compose`](super::compose), and the words are in the locale files.
//!
//! Both files of a message get the same, and what they are put together of (`parts.html`, `parts.txt`) goes by the same names: so they do not say different things.

use askama::Template;

use crate::i18n::{Key, Texts, keys};
use crate::model::branding::Palette;

/// What every message is written with.
pub(super) struct Writing<'a> {
    pub(super) t: &'a Texts,
    pub(super) service: &'a str,
    pub(super) issuer: &'a str,
    /// The subject.
    pub(super) subject: String,
    pub(super) light: Palette,
    pub(super) dark: Palette,
    /// Why somebody gets this mail, and from where.
    pub(super) foot: String,
}

impl Writing<'_> {
    /// The subject as the headline has it, below the name of the service: without that.
    pub(super) fn headline(&self) -> String {
        let rest = self.subject.strip_prefix(self.service).and_then(|rest| rest.strip_prefix(": "));
        let mut letters = rest.unwrap_or(&self.subject).chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// A text that names the service.
    pub(super) fn said(&self, key: Key) -> String {
        self.t.with(key, "service", self.service)
    }
}

/// A message as it is sent.
pub(super) struct Parts {
    pub(super) html: String,
    pub(super) text: String,
}

macro_rules! message {
    ($(#[$doc:meta])* $name:ident($($field:ident: $kind:ty),*), $html:tt, $text:tt) => {
        $(#[$doc])*
        pub(super) fn $name(w: &Writing<'_>, $($field: &$kind),*) -> Parts {
            #[derive(Template)]
            #[template(path = $html)]
            struct Html<'a> {
                w: &'a Writing<'a>,
                $($field: &'a $kind),*
            }
            #[derive(Template)]
            #[template(path = $text, escape = "none")]
            struct Text<'a> {
                w: &'a Writing<'a>,
                $($field: &'a $kind),*
            }
            Parts {
                html: Html { w, $($field),* }.render().unwrap_or_default(),
                text: Text { w, $($field),* }.render().unwrap_or_default(),
            }
        }
    };
}

message!(
    /// That mail arrives.
    test(), "mail/test.html", "mail/test.txt"
);
message!(
    /// Something to be done by a link, and nothing else; and how long it works, or what else helps.
    link(said: str, action: str, url: str, lasts: str), "mail/link.html", "mail/link.txt"
);
message!(
    /// That the account has another address now, and how to take that back, where that can be.
    address_changed(now: [(String, String)], undo: Option<String>, until: str), "mail/address_changed.html", "mail/address_changed.txt"
);
message!(
    /// How to prove the address that somebody signs up with.
    sign_up(url: str, code: str, lasts: str), "mail/sign_up.html", "mail/sign_up.txt"
);
message!(
    /// How to sign in.
    sign_in(url: str, code: str, lasts: str), "mail/sign_in.html", "mail/sign_in.txt"
);
message!(
    /// How to prove a login once more.
    code(code: str, lasts: str), "mail/code.html", "mail/code.txt"
);
message!(
    /// What happened to an account.
    notice(
        said: str,
        by_others: Option<String>,
        facts: [(String, String)],
        security: Option<String>,
        small: str
    ),
    "mail/notice.html",
    "mail/notice.txt"
);
