//! What a new password must be: NIST SP 800-63B-4 section 3.1.1.2. A length, no composition rules, and nothing that a guesser
//! tries first.

use super::common::{self, fold};
use super::estimate::{self, Guessable};
use super::{MAX_CHARS, NotAPassword, Password};
use crate::support::Secret;

/// What must be left of a password when the words about its owner are taken out.
const MIN_OWN_CHARS: usize = 8;
/// Words about the owner that are shorter than this turn up in passwords by chance.
const MIN_WORD_CHARS: usize = 3;

/// Why a new password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRejected {
    /// It has fewer characters than `min`.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The fewest characters that are allowed.
        min: usize,
    },
    /// It has more characters than `max`.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The most characters that are allowed.
        max: usize,
    },
    /// It has a control character, which no keyboard types.
    #[error("must not have control characters")]
    ControlCharacter,
    /// Guessers try it among the first.
    #[error("is among the first that guessers try")]
    Common,
    /// It is made of what guessers try first, in a way that they know.
    #[error("is made of common words, names, dates or keys in a row, and guessed quickly")]
    Predictable,
    /// It is in collections of passwords that were stolen elsewhere.
    #[error("is in collections of passwords that were stolen from other services")]
    Breached,
    /// It is little more than the owner's address or name, or the service's name.
    #[error("is little more than the e-mail address, the name or the service's name")]
    ContainsIdentity,
}

/// The words that a password must not lean on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity<'a> {
    /// The owner's e-mail address.
    pub email: &'a str,
    /// The account's `name`, which a password must not contain.
    pub name: Option<&'a str>,
    /// What the service is called.
    pub service: &'a str,
}

/// Checks a new password, and normalizes it.
pub fn check_new_password(
    typed: &Secret<String>,
    min_chars: usize,
    identity: &Identity<'_>,
) -> Result<Password, PasswordRejected> {
    let password = Password::parse(typed).map_err(|why| match why {
        NotAPassword::TooLong => PasswordRejected::TooLong { max: MAX_CHARS },
        NotAPassword::ControlCharacter => PasswordRejected::ControlCharacter,
    })?;
    // "Each Unicode code point SHALL be counted as a single character".
    if password.expose().chars().count() < min_chars {
        return Err(PasswordRejected::TooShort { min: min_chars });
    }
    let about = words_about(identity);
    if leans_on(password.expose(), &about) {
        return Err(PasswordRejected::ContainsIdentity);
    }
    match estimate::guessable(password.expose(), &about) {
        Some(Guessable::Listed) => Err(PasswordRejected::Common),
        _ if common::is_common(password.expose()) => Err(PasswordRejected::Common),
        Some(Guessable::Predictable) => Err(PasswordRejected::Predictable),
        None => Ok(password),
    }
}

/// What is known of the owner and of the service, folded, the longest first.
fn words_about(identity: &Identity<'_>) -> Vec<String> {
    let mut words: Vec<String> = identity
        .email
        .split(['@', '.', '+', '_', '-'])
        .chain([identity.email.split('@').next().unwrap_or_default(), identity.email, identity.service])
        .chain(identity.name)
        .chain(identity.name.unwrap_or_default().split_whitespace())
        .chain(identity.service.split_whitespace())
        .map(fold)
        .filter(|word| word.chars().count() >= MIN_WORD_CHARS || !(word.is_ascii() || word.is_empty()))
        .collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

/// Whether too little is left when the words about the owner are taken out.
fn leans_on(password: &str, about: &[String]) -> bool {
    let mut rest = fold(password);
    let before = rest.chars().count();
    for word in about {
        rest = rest.replace(word.as_str(), "");
    }
    let left = rest.chars().count();
    left < before && left < MIN_OWN_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOH: Identity<'_> = Identity { email: "mirae.noh@example.com", name: Some("노 미래"), service: "Haechi" };

    fn check(text: &str) -> Result<(), PasswordRejected> {
        check_new_password(&Secret::from(text), 10, &NOH).map(|_| ())
    }

    #[test]
    fn length_is_the_only_form_asked_for() {
        for good in ["vulgar tortoise umbrella", "열두 마리 두루미가 논다", "xkqzvwjmpr", "7391 0482 6650"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        assert_eq!(check("xkqzvwjmp"), Err(PasswordRejected::TooShort { min: 10 }));
        assert_eq!(check(&"ab cd".repeat(100)), Err(PasswordRejected::TooLong { max: 256 }));
        assert_eq!(check("with a \u{7} bell in it"), Err(PasswordRejected::ControlCharacter));
    }

    #[test]
    fn what_guessers_try_first_is_refused() {
        for bad in [
            "password123!",
            "P@ssw0rd2024",
            "aaaaaaaaaaaa",
            "passwordpassword",
            "christopher",
            "volleyball",
            "a123456789",
            "qwertyuiop",
            "1234567890",
            "dkssudgktpdy1",
            "비밀번호123456",
        ] {
            assert_eq!(check(bad), Err(PasswordRejected::Common), "{bad}");
        }
        for bad in ["blink182blink", "Christopher22", "volleyballvolleyball", "19871204kim"] {
            assert_eq!(check(bad), Err(PasswordRejected::Predictable), "{bad}");
        }
    }

    #[test]
    fn what_is_known_about_the_owner_is_refused() {
        for bad in ["mirae.noh@example.com", "mirae2024!", "M1raeNoh77", "haechi-noh1", "내이름은노미래123"] {
            assert_eq!(check(bad), Err(PasswordRejected::ContainsIdentity), "{bad}");
        }
        assert_eq!(check("mirae rides a blue tandem"), Ok(()));
    }
}
