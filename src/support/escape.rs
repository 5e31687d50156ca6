//! Text from strangers on its way to a log or a terminal, where a control character could end or rewrite a line.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Control characters, line and paragraph separators, and those that turn the direction of writing.
pub fn can_forge(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with every such character written out, as in `\n`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(can_forge) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    // Writing to a String does not fail.
    let _ = Escaping(&mut safe).write_str(text);
    Cow::Owned(safe)
}

/// Passes on what is written to it, escaped.
#[derive(Debug)]
pub struct Escaping<'a, W: Write>(pub &'a mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some((at, bad)) = rest.char_indices().find(|(_, c)| can_forge(*c)) {
            self.0.write_str(&rest[..at])?;
            write!(self.0, "{}", bad.escape_default())?;
            rest = &rest[at + bad.len_utf8()..];
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_line_is_written_out() {
        assert_eq!(escaped("김 Kim"), "김 Kim");
        assert_eq!(escaped("a\nb\u{1b}[2J\u{2028}\u{202e}"), "a\\nb\\u{1b}[2J\\u{2028}\\u{202e}");
    }
}
