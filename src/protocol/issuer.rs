//! The issuer: the one URL that everything Haechi says about itself is built from.
//!
//! It comes from the configuration and never from a request, so that no `Host` header can turn up in a link, a token or metadata.

use url::{Host, Url};

/// Why a text is no issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerRejected {
    /// RFC 8414 section 2: "The authorization server's issuer identifier, which is a URL that uses the "https" scheme and has no
    /// query or fragment components."
    #[error(
        "must be a URL such as https://id.example.com: without user name, query and fragment, and without a slash at its end"
    )]
    Malformed,
    /// `http` to anything but this machine.
    #[error("must use https (http is for localhost and loopback addresses only)")]
    PlainHttp,
}

/// The issuer identifier, taken apart once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    origin: String,
    authority: String,
    path: String,
    https: bool,
}

impl Issuer {
    /// Reads an issuer. It is compared as text everywhere, so it must be in the spelling that a URL parser would give it.
    pub fn parse(text: &str) -> Result<Self, IssuerRejected> {
        let url = Url::parse(text).map_err(|_| IssuerRejected::Malformed)?;
        let https = url.scheme() == "https";
        let origin = url.origin().ascii_serialization();
        let path = url.path().trim_end_matches('/').to_owned();
        // Only the issuer's own spelling remains the same when it is put together from its parts.
        if !matches!(url.scheme(), "http" | "https") || format!("{origin}{path}") != text {
            return Err(IssuerRejected::Malformed);
        }
        if !https && !is_loopback(&url) {
            return Err(IssuerRejected::PlainHttp);
        }
        let authority = origin.split_once("://").map(|(_, authority)| authority.to_owned()).unwrap_or_default();
        Ok(Self { text: text.to_owned(), origin, authority, path, https })
    }

    /// The issuer as it is in tokens.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its origin: what a browser puts into `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its host, with a port where that is not the scheme's own: what a browser puts into `Host`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether a `Host` is the issuer's name. The port may be left out, as nginx does with `$host`: no other name becomes the issuer's by that.
    pub fn is_named(&self, host: &str) -> bool {
        let host = host.strip_suffix(if self.is_https() { ":443" } else { ":80" }).unwrap_or(host);
        let own = self.authority();
        let end = own.rfind(':').filter(|&colon| own[colon + 1..].bytes().all(|octet| octet.is_ascii_digit()));
        [own, &own[..end.unwrap_or(own.len())]].iter().any(|name| host.eq_ignore_ascii_case(name))
    }

    /// The path below which everything lives; empty, or a slash and more without a slash at its end.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether users reach it by https.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// What browsers know its passkeys by, the RP ID (Web Authentication Level 3 section 4); `None` where they have none for it: section 5.1.3 asks for a domain, and
    /// passkeys are there in a secure context only, which is https unless it is this machine.
    pub fn rp_id(&self) -> Option<String> {
        let Host::Domain(domain) = Url::parse(&self.origin).ok()?.host()?.to_owned() else { return None };
        (self.https || is_localhost(&domain)).then_some(domain)
    }

    /// The absolute URL of one of our own paths.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// One of our own paths as a browser sees it: below the issuer's.
    pub fn local(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }
}

/// RFC 6761 section 6.3: the name, and any below it, is this machine.
fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_taken_apart() {
        let issuer = Issuer::parse("https://id.example:8443/auth").unwrap();
        assert_eq!(issuer.origin(), "https://id.example:8443");
        assert_eq!(issuer.authority(), "id.example:8443");
        assert_eq!(issuer.path(), "/auth");
        assert_eq!(issuer.url("/token"), "https://id.example:8443/auth/token");
        assert_eq!(Issuer::parse("http://localhost:8080").unwrap().path(), "");
    }

    #[test]
    fn passkeys_want_a_domain_in_a_secure_context() {
        let rp_id = |issuer: &str| Issuer::parse(issuer).unwrap().rp_id();
        for issuer in ["https://id.example.com", "https://id.example.com:8443/auth"] {
            assert_eq!(rp_id(issuer).as_deref(), Some("id.example.com"));
        }
        assert_eq!(rp_id("http://localhost:8080").as_deref(), Some("localhost"));
        assert_eq!((rp_id("http://127.0.0.1:8080"), rp_id("https://192.0.2.7")), (None, None));
    }

    #[test]
    fn an_issuer_has_one_spelling() {
        use IssuerRejected::{Malformed, PlainHttp};
        for (text, why) in [
            ("https://id.example/", Malformed),
            ("https://ID.example", Malformed),
            ("https://id.example:443", Malformed),
            ("https://id.example/a/../b", Malformed),
            ("https://id.example?x", Malformed),
            ("https://id.example/#", Malformed),
            ("https://me@id.example", Malformed),
            ("ftp://id.example", Malformed),
            ("id.example", Malformed),
            ("http://id.example", PlainHttp),
        ] {
            assert_eq!(Issuer::parse(text), Err(why), "{text}");
        }
    }
}
