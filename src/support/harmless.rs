//! What of a value from outside may be written down: in the log, and for administrators to read.

/// The longest value that is written down, in characters.
const MAX_CHARS: usize = 200;
/// From how many characters on a run without punctuation may be a token: of such a one only the beginning is written down.
const TOKEN_CHARS: usize = 40;
/// What stands for what is left out of a value.
pub const LEFT_OUT: char = '…';

/// A value from outside as it may be written down: bounded, on one line, without what may be secret. What may be a fragment is left out, and so are the
/// values of what may be a query, whether the rest is a whole URI, one of an app's own scheme or a path; so is whatever stands before an `@`, so that no
/// address and no password is in it; of what may be a token, all but its beginning. It is cut at last: half of a token is one too.
pub fn harmless(text: &str) -> String {
    let (text, fragment) = text.split_once('#').map_or((text, ""), |(before, _)| (before, "#…"));
    let (head, query) = text.split_once('?').map_or((text, String::new()), |(head, query)| (head, names_of(query)));
    let clean: String = [head, &query, fragment].iter().flat_map(|part| part.chars()).map(on_one_line).collect();
    let shown = without_tokens(&without_users(&clean));
    match shown.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}{LEFT_OUT}", &shown[..end]),
        None => shown,
    }
}

fn on_one_line(c: char) -> char {
    if c == ' ' || c == LEFT_OUT || c.is_ascii_graphic() { c } else { '?' }
}

/// The names in a query, without their values.
fn names_of(query: &str) -> String {
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
            ("https://app.example/cb?code=abc&state=xyz#frag", "https://app.example/cb?code=…&state=…#…"),
            ("https://kim:secret@app.example/cb", "https://…@app.example/cb"),
            ("kim@example.com", "…@example.com"),
            ("openid kim@example.com email", "openid …@example.com email"),
            ("com.example.app:/cb?code=abc&state=xyz", "com.example.app:/cb?code=…&state=…"),
            ("/cb?code=abc", "/cb?code=…"),
            ("cb#access_token=abc", "cb#…"),
            ("https://app.example/콜백", "https://app.example/??"),
            ("a\nb\u{202e}c", "a?b?c"),
            ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl0123456789", "eyJhbGci…"),
            ("https://app.example/0123456789012345678901234567890123456789/cb", "https://app.example/01234567…/cb"),
            ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ] {
            assert_eq!(harmless(sent), shown, "{sent}");
        }
        assert!(harmless(&"x ".repeat(5000)).chars().count() <= MAX_CHARS + 1);
    }

    #[test]
    fn no_secret_is_shown_for_standing_where_a_value_is_cut() {
        let token = "hcs_0123456789abcdefghijABCDEFGHIJ0123456789xyz";
        let (user, domain) = ("kim.minji", "example.com");
        for before in 150..=200 {
            let shown = harmless(&format!("{} {token}", "x ".repeat(before / 2)));
            assert!(!shown.contains(&token[..12]), "{before}: {shown}");
            let shown = harmless(&format!("{} {user}@{domain}", "x ".repeat(before / 2)));
            assert!(!shown.contains("minji"), "{before}: {shown}");
        }
    }
}
