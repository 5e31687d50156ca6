//! The passwords that guessers try first, however they are dressed up: beside what `estimate` knows, which is no Korean.
//!
//! `common.txt` holds folded words, sorted: English and Korean words, names and phrases (romanized, and as a Korean
//! word comes out of a keyboard that is left in Latin mode), keyboard walks and numbers. A password is common when nothing but
//! such words, digits and signs makes it up.

use std::sync::LazyLock;

/// Sorted, one folded word a line.
const LIST: &str = include_str!("common.txt");

static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// Whether a guesser would try it among the first.
pub(super) fn is_common(password: &str) -> bool {
    let plain = password.to_lowercase();
    let core = plain.trim_matches(|c: char| !c.is_alphabetic());
    let forms = [fold(&plain), fold(core), core.to_owned(), plain];
    forms.iter().any(|form| is_listed(form) || is_repetition(form) || is_run(form) || is_recited(form))
}

/// What people recite: syllables, letters, numbers and days.
const RECITED: &[&str] = &[
    "가나다라마바사아자차카타파하",
    "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "일이삼사오육칠팔구십",
    "하나둘셋넷다섯여섯일곱여덟아홉열",
    "월화수목금토일",
];

/// A piece of what is recited, however often over: `나다라마바`, `월화수목금토일월화`.
fn is_recited(text: &str) -> bool {
    let length = text.chars().count();
    length >= 5 && RECITED.iter().any(|whole| whole.repeat(length / whole.chars().count() + 2).contains(text))
}

/// Lower case, with the digits and signs that stand for letters turned back into them.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            c => c,
        })
        .collect()
}

fn is_listed(text: &str) -> bool {
    WORDS.binary_search(&text).is_ok()
}

/// A short piece again and again: `aaaaaaaa`, `abcabcabc`, `passwordpassword`.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|piece| {
        let repeats = chars.iter().enumerate().all(|(at, c)| *c == chars[at % piece]);
        repeats && (piece <= 4 || is_listed(&chars[..piece].iter().collect::<String>()))
    })
}

/// Characters that follow each other: `abcdefgh`, `98765432`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps = |by: i64| codes.windows(2).all(|pair| pair[1] - pair[0] == by);
    codes.len() >= 5 && (steps(1) || steps(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_folded() {
        assert!(WORDS.is_sorted());
        assert!(WORDS.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(WORDS.iter().all(|word| !word.is_empty() && **word == word.to_lowercase()));
        assert!(WORDS.len() > 2000, "{} words", WORDS.len());
    }

    #[test]
    fn disguises_are_seen_through() {
        for bad in [
            "password",
            "Password1!",
            "p@ssw0rd",
            "2024password",
            "PASSWORD!!!",
            "iloveyou123",
            "qwerty12345",
            "1q2w3e4r5t",
            "asdfghjkl;",
            "zaq12wsx",
            "0123456789",
            "letmein!!!",
            "abcabcabcabc",
            "zyxwvutsrq",
            "qlalfqjsgh",
            "dkssudgktpdy1",
            "saranghae123",
            "tkfkdgo1004",
            "비밀번호1234",
            "ㅁㄴㅇㄹㅁㄴㅇㄹ",
            "gksrnr2002",
            "11111111111",
            "가나다라마바사아자차",
            "하나둘셋넷다섯여섯일곱",
            "월화수목금토일월화수",
            "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊ12",
            "thequickbrownfox",
            "correct horse battery staple",
        ] {
            assert!(is_common(bad), "{bad}");
        }
    }

    #[test]
    fn phrases_and_random_texts_pass() {
        for good in [
            "vulgar tortoise umbrella",
            "k3j9-xx2q-7vhd",
            "password for my mother's cat",
            "무궁화 꽃이 피었습니다 열번",
        ] {
            assert!(!is_common(good), "{good}");
        }
    }
}
