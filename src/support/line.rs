//! One line of text that a user typed and other users will read: a name.

use unicode_normalization::UnicodeNormalization;

/// Why a text is no such line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineRejected {
    /// Nothing is left of it without the spaces around it.
    #[error("must not be empty")]
    Empty,
    /// It has more characters than allowed.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// It has a character that is invisible, breaks the line or turns the direction of the text around it.
    #[error("must not have control characters, invisible characters or characters that change the text's direction")]
    IllegalCharacter,
}

/// Reads a line of at most `max` characters: trimmed, in normalization form C, without anything that would let it pass
/// for something else on a page or forge an entry in a log (Unicode Technical Report 36 section 3.2).
pub fn parse(text: &str, max: usize) -> Result<String, LineRejected> {
    // Normalizing never shortens a text more than threefold, so a far longer one need not be looked at.
    if text.len() > max.saturating_mul(16) {
        return Err(LineRejected::TooLong { max });
    }
    let line: String = text.trim().nfc().collect();
    if line.is_empty() {
        return Err(LineRejected::Empty);
    }
    if line.chars().any(is_deceptive) {
        return Err(LineRejected::IllegalCharacter);
    }
    if line.chars().count() > max { Err(LineRejected::TooLong { max }) } else { Ok(line) }
}

/// Controls, line breaks, direction marks, and what has no width. The joiners U+200C and U+200D stay: Persian and many
/// emoji need them.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_scripts_pass() {
        for good in ["홍길동", "O'Brien-Smith, Jr.", "محمد", "👩‍👩‍👧", "  padded "] {
            assert_eq!(parse(good, 100).as_deref(), Ok(good.trim()), "{good}");
        }
    }

    #[test]
    fn what_deceives_is_refused() {
        for bad in ["a\u{202E}b", "a\nb", "a\0", "\u{200B}x", "x\u{2066}y", "\u{feff}", "a\u{2028}b"] {
            assert_eq!(parse(bad, 100), Err(LineRejected::IllegalCharacter), "{bad:?}");
        }
        assert_eq!(parse(" \t ", 100), Err(LineRejected::Empty));
    }

    #[test]
    fn the_length_counts_characters_not_bytes() {
        assert!(parse("해치해치", 4).is_ok());
        assert_eq!(parse("해치해치해", 4), Err(LineRejected::TooLong { max: 4 }));
        assert_eq!(parse(&"x".repeat(5000), 100), Err(LineRejected::TooLong { max: 100 }));
    }

    proptest::proptest! {
        #[test]
        fn a_line_is_one_line_of_bounded_length(text in ".{0,200}") {
            if let Ok(line) = parse(&text, 50) {
                proptest::prop_assert!(line.chars().count() <= 50 && !line.chars().any(char::is_control));
                proptest::prop_assert_eq!(parse(&line, 50), Ok(line.clone()));
            }
        }
    }
}
