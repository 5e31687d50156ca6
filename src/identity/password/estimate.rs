//! How many guesses a password takes, in the order in which programs guess.
//!
//! zxcvbn knows some 95,000 passwords, words and names by how common they are, and how they are dressed up: capitals, digits for letters, repetition, rows of
//! keys, dates. The whole password is looked at, never a word within it (NIST SP 800-63B-4 section 3.1.1.2).

use zxcvbn::zxcvbn;

/// The fewest guesses that a password must take: with fewer, zxcvbn calls it guessable against a service that slows guesses down.
const FEWEST_GUESSES: u64 = 100_000_000;
/// What is one common word takes no more.
const OF_ONE_WORD: u64 = 100_000;
/// What is looked at of a password costs by the square of its length. A longer one is looked at where it repeats something shorter, and is hard to guess
/// otherwise.
const MAX_CHARS: usize = 32;
/// Likewise of the words about its owner.
const MAX_WORDS: usize = 16;

/// How a password that takes too few guesses is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guessable {
    /// It is on the lists.
    Listed,
    /// It is put together of what is on them, repeats itself, or follows the keys or the calendar.
    Predictable,
}

/// Whether a password takes too few guesses, for who knows these words about its owner.
pub(super) fn guessable(password: &str, about: &[String]) -> Option<Guessable> {
    let chars: Vec<char> = password.to_lowercase().chars().map(unambiguous).collect();
    let piece = &chars[..period(&chars)];
    if piece.len() > MAX_CHARS {
        return None;
    }
    let about: Vec<&str> = about.iter().take(MAX_WORDS).map(String::as_str).collect();
    let found = zxcvbn(&String::from_iter(piece), &about);
    let repeated = piece.len() < chars.len();
    match found.guesses() {
        FEWEST_GUESSES.. => None,
        ..=OF_ONE_WORD if !repeated && found.sequence().len() == 1 => Some(Guessable::Listed),
        _ => Some(Guessable::Predictable),
    }
}

/// The signs that may stand for several letters, or one of several for a letter, are tried in all their combinations: that is what a stranger could make dear.
const fn unambiguous(c: char) -> char {
    match c {
        '@' => 'a',
        '$' => 's',
        '{' | '[' | '<' => '(',
        '|' => '1',
        '+' => 't',
        c => c,
    }
}

/// The length of the shortest piece that makes up the whole by being repeated; of all of it where there is none.
fn period(chars: &[char]) -> usize {
    let repeats = |piece: &usize| chars.iter().enumerate().all(|(at, c)| *c == chars[at % piece]);
    (1..=chars.len() / 2).find(repeats).unwrap_or(chars.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Option<Guessable> {
        guessable(password, &["mirae".to_owned()])
    }

    #[test]
    fn what_is_on_the_lists_is_told_from_what_is_made_of_it() {
        for listed in ["christopher", "volleyball", "a123456789", "QwertyUiop", "1234567890", "p@ssw0rd"] {
            assert_eq!(judged(listed), Some(Guessable::Listed), "{listed}");
        }
        for made in [
            "blink182blink",
            "Christopher1!",
            "volleyball22",
            "Summer2024!",
            "barcelona1899",
            "passwordpassword",
            "miraepassword",
            "19871204kim",
            "aaaaaaaaaaaa",
            "christopherchristopherchristopherchristopher",
        ] {
            assert_eq!(judged(made), Some(Guessable::Predictable), "{made}");
        }
    }

    #[test]
    fn phrases_and_chance_pass() {
        for good in ["vulgar tortoise umbrella", "k3j9-xx2q-7vhd", "xkqzvwjmpr", "열두 마리 두루미가 논다"] {
            assert_eq!(judged(good), None, "{good}");
        }
        assert_eq!(judged(&"a long verse of a song ".repeat(20)[..250]), None);
    }

    /// Work, not time: what is given to zxcvbn has at most one sign for a letter, and 32 of them.
    #[test]
    fn what_a_stranger_sends_is_cheap() {
        let dear: String = "4@8({[<3691!|1$5+7%20".repeat(50).chars().take(1000).collect();
        assert_eq!(judged(&dear), None);
        let signs: std::collections::BTreeSet<char> = "4@8({[<3691!|1$5+7%20".chars().map(unambiguous).collect();
        assert_eq!(signs.iter().filter(|c| "4@".contains(**c)).count(), 1);
        assert_eq!(signs.iter().filter(|c| "({[<".contains(**c)).count(), 1);
    }
}
