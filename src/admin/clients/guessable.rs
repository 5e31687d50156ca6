//! Which secrets that clients bring along are plainly none.
//!
//! RFC 6749 section 10.10: "The probability of an attacker guessing generated tokens (and other credentials not intended for handling by end-users)
//! MUST be less than or equal to 2^(-128)". That cannot be seen from a text. What can be seen is that it was typed instead of drawn: that little is
//! left of it without the words that everybody would try, and without what only counts on. Secrets that are made here are drawn, and not looked at.

use std::collections::BTreeSet;

/// What is typed where a secret should be, in lower case. The longer ones come before what they contain.
const WORDS: &[&str] = &[
    "qwertyuiop",
    "placeholder",
    "replaceme",
    "changeme",
    "changeit",
    "password",
    "insecure",
    "example",
    "replace",
    "default",
    "sample",
    "secret",
    "client",
    "change",
    "super",
    "dummy",
    "test",
    "demo",
    "this",
    "your",
    "the",
    "app",
    "key",
];
/// As many different characters are left of whatever was drawn: of sixteen decimal digits in 9,999 of 10,000 cases, of anything longer or wider
/// practically always.
const MIN_DISTINCT: usize = 5;
/// The shortest part of a client's own id or name that is left out: shorter ones are in any text by chance.
const MIN_OWN: usize = 3;

/// Whether a secret can be guessed from the client's id and name.
pub(super) fn is_guessable(secret: &str, id: &str, name: &str) -> bool {
    let lower = secret.to_ascii_lowercase();
    let own =
        [id, name].into_iter().flat_map(|text| std::iter::once(text).chain(text.split(|c: char| !c.is_alphanumeric())));
    let own = own.map(str::to_ascii_lowercase).filter(|part| part.len() >= MIN_OWN);
    let without_own = own.fold(lower, |left, part| left.replace(&part, " "));
    let left = WORDS.iter().fold(without_own, |left, word| left.replace(word, " "));
    counting_left_out(&left).filter(char::is_ascii_alphanumeric).collect::<BTreeSet<_>>().len() < MIN_DISTINCT
}

/// The characters but those that repeat the one before, or count on from it: of `aaaa` and of `1234`, the first.
fn counting_left_out(text: &str) -> impl Iterator<Item = char> {
    let before = std::iter::once(None).chain(text.chars().map(Some));
    let counts_on = |was: char, is: char| (0..=1).contains(&(i64::from(u32::from(is)) - i64::from(u32::from(was))));
    text.chars().zip(before).filter_map(move |(is, was)| (!was.is_some_and(|was| counts_on(was, is))).then_some(is))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_would_try_is_no_secret() {
        for secret in [
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "0000000000000001",
            "1234567890123456",
            "0123456789abcdefghijklmnopqrstuvwxyz",
            "secretsecretsecret",
            "changeme-changeme",
            "CHANGE_ME_CHANGE_ME",
            "your-client-secret-here",
            "PasswordPassword123",
            "my-super-secret-key",
            "client_secret_of_app",
            "shop-backend-secret",
            "shop-backend-shop-backend",
            "Kim's Shop Kim's Shop",
            "----------------",
        ] {
            assert!(is_guessable(secret, "shop-backend", "Kim's Shop"), "{secret}");
        }
    }

    #[test]
    fn what_was_drawn_is_a_secret_whatever_it_is_made_of() {
        for secret in [
            "kT0nXxq3Hk5QZ1c7c0f3bB2dYw9vUe8R",
            "n0t-made-here_ZJYCqe3GGRvdrudKy",
            "3f1c2a90-7b1e-4a55-9c0d-1f2e3d4c5b6a",
            "8061749923350718",
            "9f86d081884c7d65",
            "secret-XhQ29vLmWq81",
            "three cranes over a paddy field",
        ] {
            assert!(!is_guessable(secret, "shop", "Shop"), "{secret}");
        }
    }

    #[test]
    fn a_short_id_takes_nothing_away() {
        assert!(!is_guessable("a1b2c3d4e5f6a1b2", "a", "b2"));
    }
}
