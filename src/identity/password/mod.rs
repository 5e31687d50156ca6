//! Passwords: what may be one, and how one is hashed and verified.
//!
//! Owns the normalization of what users type ([`Password`]), the rules for new ones ([`check_new_password`], and [`Breached`] for those that were stolen
//! elsewhere) and the threads that hash ([`PasswordHasher`]). Leaves counting guesses to `throttling`.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroize;

use crate::support::Secret;

pub mod breached;
mod common;
mod estimate;
pub mod foreign;
mod hash;
mod pool;
mod rules;

pub use breached::Breached;
pub use pool::{Asker, HashingFailed, PasswordHasher, Place, Verdict};
pub use rules::{Identity, PasswordRejected, check_new_password};

/// The longest password, in characters. A longer one is refused, never cut (NIST SP 800-63B-4 section 3.1.1.2).
pub const MAX_CHARS: usize = 256;

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAPassword {
    /// More than [`MAX_CHARS`] characters.
    TooLong,
    /// It has a control character (RFC 8265 section 4.2: they are disallowed in the `OpaqueString` profile).
    ControlCharacter,
}

/// A password as it is hashed: what was typed, normalized so that another keyboard's way to spell the same characters makes
/// the same password.
#[derive(Clone, Debug)]
pub struct Password {
    normalized: Secret<String>,
    /// What was typed, which hashes that others made are of.
    typed: Secret<String>,
}

impl Password {
    /// Normalizes what was typed by RFC 8265 section 4.2.2: every space becomes U+0020, then normalization form C. Nothing is
    /// trimmed, and upper and lower case stay apart.
    pub fn parse(typed: &Secret<String>) -> Result<Self, NotAPassword> {
        let (as_typed, typed) = (typed.clone(), typed.expose());
        // Form C has at most three times as many characters as it was given, and a character has at most four bytes.
        if typed.len() > MAX_CHARS * 4 * 3 {
            return Err(NotAPassword::TooLong);
        }
        let mut normalized = String::with_capacity(typed.len() * 3);
        normalized.extend(typed.chars().map(|c| if is_space(c) { ' ' } else { c }).nfc());
        let rejected = if normalized.chars().count() > MAX_CHARS {
            Some(NotAPassword::TooLong)
        } else if normalized.chars().any(char::is_control) {
            Some(NotAPassword::ControlCharacter)
        } else {
            None
        };
        match rejected {
            None => Ok(Self { normalized: Secret::new(normalized), typed: as_typed }),
            Some(why) => {
                normalized.zeroize();
                Err(why)
            }
        }
    }

    /// The normalized text.
    pub(crate) fn expose(&self) -> &str {
        self.normalized.expose()
    }

    /// What was typed, as it was typed.
    pub(crate) fn as_typed(&self) -> &str {
        self.typed.expose()
    }
}

/// Unicode's space separators (general category Zs).
const fn is_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Password, NotAPassword> {
        Password::parse(&Secret::from(text))
    }

    #[test]
    fn two_spellings_of_the_same_characters_are_one_password() {
        let composed = parse("비밀번호\u{3000}é").unwrap();
        let decomposed = parse("\u{1107}\u{1175}밀번호 e\u{301}").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn case_and_outer_spaces_count() {
        assert_ne!(parse("Secret ").unwrap().expose(), parse("secret").unwrap().expose());
    }

    #[test]
    fn a_long_one_is_refused_and_never_cut() {
        assert!(parse(&"한".repeat(MAX_CHARS)).is_ok());
        assert_eq!(parse(&"x".repeat(MAX_CHARS + 1)).unwrap_err(), NotAPassword::TooLong);
        assert_eq!(parse(&"x".repeat(100_000)).unwrap_err(), NotAPassword::TooLong);
    }

    #[test]
    fn control_characters_are_refused() {
        for bad in ["a\0b", "tab\tbed", "line\nfeed", "\u{7f}"] {
            assert_eq!(parse(bad).unwrap_err(), NotAPassword::ControlCharacter, "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_normalized_once_stays_as_it_is(text in "\\PC{0,300}") {
            if let Ok(once) = parse(&text) {
                let twice = parse(once.expose()).unwrap();
                proptest::prop_assert_eq!(once.expose(), twice.expose());
            }
        }

        #[test]
        fn no_text_upsets_the_rules(text in ".{0,400}") {
            let identity = Identity { email: "kim@example.com", name: Some("김 Kim"), service: "Haechi" };
            if let Ok(password) = check_new_password(&Secret::from(text), 10, &identity) {
                let chars = password.expose().chars().count();
                proptest::prop_assert!((10..=MAX_CHARS).contains(&chars));
            }
        }
    }
}
