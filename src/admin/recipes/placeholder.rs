//! What differs from one installation to the next: `{issuer}` and the like in the texts of a recipe.

use super::app_url::AppUrl;
use crate::protocol::issuer::Issuer;
use crate::support::{Random, Secret, random};

/// What one installation of a software has of its own.
pub struct Installation<'a> {
    /// This server.
    pub issuer: &'a Issuer,
    /// The client that was registered for it.
    pub client_id: &'a str,
    /// Its secret, where it has one.
    pub client_secret: Option<&'a Secret<String>>,
    /// Where the app is.
    pub url: &'a AppUrl,
    /// For secrets that the software wants to be given.
    pub random: &'a dyn Random,
}

/// A name between braces that stands for nothing here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", why(.0))]
pub struct UnknownPlaceholder(pub String);

fn why(name: &str) -> String {
    if name == CLIENT_SECRET {
        "this recipe needs a client with a secret (kind web)".to_owned()
    } else {
        format!("{{{name}}} stands for nothing")
    }
}

/// The placeholder that only a client with a secret has something for.
const CLIENT_SECRET: &str = "client_secret";

impl Installation<'_> {
    /// What a placeholder stands for. `{random}` is 256 bits in base64url (RFC 4648 section 5), other ones each time.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        match name {
            "issuer" => Some(self.issuer.as_str().to_owned()),
            "issuer_host" => Some(self.issuer.authority().to_owned()),
            "client_id" => Some(self.client_id.to_owned()),
            CLIENT_SECRET => self.client_secret.map(|secret| secret.expose().clone()),
            "url" => Some(self.url.to_string()),
            "random" => Some(random::text(self.random)),
            _ => None,
        }
    }
}

/// The text with what its placeholders stand for. A placeholder is a word of `a-z` and `_` between braces without spaces; other braces are the
/// text's own, and so are double ones: `{{token}}` is a placeholder of the software itself.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, UnknownPlaceholder> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        if let Some(behind) = after.strip_prefix('{') {
            filled.push_str("{{");
            rest = behind;
        } else if let Some((name, behind)) = placeholder(after) {
            filled.push_str(&value(name).ok_or_else(|| UnknownPlaceholder(name.to_owned()))?);
            rest = behind;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The name that a placeholder begins with, and what follows it.
fn placeholder(after_brace: &str) -> Option<(&str, &str)> {
    let (name, behind) = after_brace.split_once('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_name.then_some((name, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, UnknownPlaceholder> {
        fill(text, |name| (name == "url").then(|| "https://app.example/{issuer}".to_owned()))
    }

    #[test]
    fn placeholders_are_filled_in_and_other_braces_stay() {
        assert_eq!(filled("a {url}/cb").unwrap(), "a https://app.example/{issuer}/cb");
        for text in
            ["server { listen 80; }", "{\"a\": 1}", "${URL}", "{ url }", "{", "}", "{}", "{{ .Values.x }}", "{{token}}"]
        {
            assert_eq!(filled(text).unwrap(), text);
        }
    }

    #[test]
    fn a_placeholder_that_stands_for_nothing_is_named() {
        let unknown = filled("{url} {client_name}").unwrap_err();
        assert_eq!(unknown, UnknownPlaceholder("client_name".to_owned()));
        assert_eq!(unknown.to_string(), "{client_name} stands for nothing");
        let public = filled("{client_secret}").unwrap_err().to_string();
        assert_eq!(public, "this recipe needs a client with a secret (kind web)");
    }
}
