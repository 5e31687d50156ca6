//! Recovery codes: what stands for a second factor once, where that is lost.

use super::{base32, grouped};
use crate::model::factor::RECOVERY_CODES;
use crate::support::id::UserId;
use crate::support::{Digest, Random, random};

/// 120 bits. NIST SP 800-63B-4 section 3.1.2.2 and OWASP ASVS 6.5.2 ask for a slow hash below 112: above, nobody finds a code by its digest.
const CODE_BYTES: usize = 15;
/// What that is in base32.
pub(super) const CODE_CHARS: usize = 24;

/// A recovery code, in capitals and without what stands between its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// Reads one as people type it; `None` where it cannot be one. Digits that the alphabet has not are taken for the letters that they look like.
    pub fn read(typed: &str) -> Option<Self> {
        let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let text: String = kept.map(|c| like_a_letter(c.to_ascii_uppercase())).collect();
        let is_one = text.len() == CODE_CHARS && text.bytes().all(|byte| super::ALPHABET.contains(&byte));
        is_one.then_some(Self(text))
    }

    /// As it is shown and printed.
    pub fn shown(&self) -> String {
        grouped(&self.0, "-")
    }

    /// What is stored of it. The code of one account is none of another's.
    pub fn digest(&self, user: UserId) -> Digest {
        Digest::of("recovery code", &[user.as_bytes().as_slice(), self.0.as_bytes()].concat())
    }
}

/// Draws a set.
pub fn draw(random: &dyn Random) -> Vec<RecoveryCode> {
    (0..RECOVERY_CODES).map(|_| RecoveryCode(base32(&random::bytes::<CODE_BYTES>(random)))).collect()
}

const fn like_a_letter(c: char) -> char {
    match c {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = draw(&SeededRandom::new(1)).remove(0);
        let shown = code.shown();
        assert_eq!(shown.len(), CODE_CHARS + 5);
        for typed in
            [shown.clone(), shown.replace('-', ""), shown.to_lowercase(), format!("  {} ", shown.replace('-', " "))]
        {
            assert_eq!(RecoveryCode::read(&typed), Some(code.clone()), "{typed}");
        }
        for bad in ["", "123456", &shown[1..], &format!("{shown}A"), &shown.replace('-', "_")] {
            assert_eq!(RecoveryCode::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_set_has_ten_that_differ_and_each_is_of_one_account() {
        let mut codes: Vec<String> = draw(&SeededRandom::new(2)).iter().map(RecoveryCode::shown).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 10);
        let code = RecoveryCode::read(&codes[0]).unwrap();
        assert_ne!(code.digest(UserId::from_bytes([1; 16])), code.digest(UserId::from_bytes([2; 16])));
    }
}
