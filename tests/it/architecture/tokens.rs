//! Rust text as words and signs, without comments, strings and lifetimes: enough to read paths off.

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An identifier or keyword.
    Word(String),
    /// `::`.
    PathSeparator,
    /// Any other sign.
    Sign(char),
}

impl Token {
    /// Whether it is this identifier or keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }
}

/// The tokens of a text that compiles.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest).unwrap_or_else(|| {
            if first.is_alphanumeric() || first == '_' {
                let word = word(rest);
                found.push(Token::Word(word.to_owned()));
                word.len()
            } else if rest.starts_with("::") {
                found.push(Token::PathSeparator);
                2
            } else {
                if !first.is_whitespace() {
                    found.push(Token::Sign(first));
                }
                first.len_utf8()
            }
        });
        rest = &rest[length..];
    }
    found
}

/// How many bytes of a comment, a string, a character or a lifetime the text begins with.
fn skipped(text: &str) -> Option<usize> {
    let end_of = |end: Option<usize>| Some(end.unwrap_or(text.len()));
    if text.starts_with("//") {
        return end_of(text.find('\n'));
    }
    if text.starts_with("/*") {
        return Some(block_comment(text));
    }
    // b"…", c"…", r#"…"#, br"…": only at the beginning of a word, which is where this is asked.
    let prefix = text.len() - text.trim_start_matches(['b', 'c', 'r']).len();
    let (letters, after) = text.split_at(prefix);
    if letters.ends_with('r') && letters.len() <= 2 {
        let hashes = after.len() - after.trim_start_matches('#').len();
        if after[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            return end_of(after[hashes + 1..].find(&close).map(|at| prefix + hashes + 1 + at + close.len()));
        }
    }
    if letters.len() <= 1 && after.starts_with('"') {
        return Some(prefix + quoted(after, '"'));
    }
    if letters.is_empty() || letters == "b" {
        let inside = after.strip_prefix('\'')?;
        let is_character = inside.starts_with('\\') || inside.chars().nth(1) == Some('\'');
        return Some(prefix + if is_character { quoted(after, '\'') } else { 1 + word(inside).len() });
    }
    None
}

/// How long a quoted text is, both quotes included.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// How long a block comment is; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

#[test]
fn comments_strings_and_lifetimes_are_no_code() {
    let text = r##"
        // crate::a
        /* crate::b /* crate::c */ crate::d */
        fn f<'a>(x: &'a str, c: char) -> bool { x == "crate::e \" crate::f" || c == '"' || c == '\'' || x == r#"crate::g"# }
        b'x'; b"crate::h"; cr::i
    "##;
    let words: Vec<_> = tokens(text).into_iter().filter(|t| t.is("crate") || t.is("cr") || t.is("i")).collect();
    assert_eq!(words, [Token::Word("cr".into()), Token::Word("i".into())]);
}
