//! What of a value from outside may be written down: in the log, and for administrators to read.

/// The longest value that is written down, in characters.
const MAX_CHARS: usize = 200;
/// From how many characters on a run without punctuation may be a token: of such a one only the beginning is written down.
const TOKEN_CHARS: usize = 40;
/// What stands for what is left out of a value.
pub const LEFT_OUT: char = '…';

/// A value from outside as it may be written down: bounded, on one line, without what may be secret. Of a URI the values of its query, its
/// fragment and whatever stands before an `@` are left out, so no address and no password is in it; of what may be a token, all but its beginning.
pub fn harmless(text: &str) -> String {
    let clean: String =
        text.chars().take(MAX_CHARS).map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect();
    let (head, query) = clean.split_once(['?', '#']).map_or((clean.as_str(), None), |(head, rest)| (head, Some(rest)));
    let shown = match query.filter(|_| head.contains("://")) {
        Some(query) => format!("{head}{}", names_of(query)),
        None => clean,
    };
    let shown = without_tokens(&without_users(&shown));
    if text.chars().count() > MAX_CHARS { format!("{shown}{LEFT_OUT}") } else { shown }
}

/// The names in a query, without their values. A fragment goes altogether.
fn names_of(query: &str) -> String {
    let query = query.split('#').next().unwrap_or_default();
    let names: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) => format!("{name}={LEFT_OUT}"),
            None => LEFT_OUT.to_string(),
        })
        .collect();
    format!("?{}", names.join("&"))
}

/// What stands before each `@`, back to the last separator, is left out.
fn without_users(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let begin = rest[..at].rfind([' ', '/', ',', '=', '&', '?']).map_or(0, |separator| separator + 1);
        shown.push_str(&rest[..begin]);
        shown.push(LEFT_OUT);
        shown.push('@');
        rest = &rest[at + 1..];
    }
    shown + rest
}

/// Of each long run of the characters that tokens are made of, only the beginning stays.
fn without_tokens(text: &str) -> String {
    const KEPT: usize = 8;
    let in_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '=' | '%');
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|c: char| !in_token(c)).unwrap_or(rest.len());
        if run >= TOKEN_CHARS {
            shown.push_str(&rest[..KEPT]);
            shown.push(LEFT_OUT);
        } else {
            shown.push_str(&rest[..run]);
        }
        let after = rest[run..].chars().next().map_or(0, char::len_utf8);
        shown.push_str(&rest[run..run + after]);
        rest = &rest[run + after..];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_down_without_what_may_be_secret() {
        for (sent, shown) in [
            ("http://localhost:4000/callback", "http://localhost:4000/callback"),
            ("https://app.example/cb?code=abc&state=xyz#frag", "https://app.example/cb?code=…&state=…"),
            ("https://kim:secret@app.example/cb", "https://…@app.example/cb"),
            ("kim@example.com", "…@example.com"),
            ("openid kim@example.com email", "openid …@example.com email"),
            ("a\nb\u{202e}c", "a?b?c"),
            ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl0123456789", "eyJhbGci…"),
            ("https://app.example/0123456789012345678901234567890123456789/cb", "https://app.example/01234567…/cb"),
            ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ] {
            assert_eq!(harmless(sent), shown, "{sent}");
        }
        assert!(harmless(&"x ".repeat(5000)).chars().count() <= MAX_CHARS + 1);
    }
}
