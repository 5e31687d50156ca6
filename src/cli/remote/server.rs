//! Which server: its issuer, as the operator typed it.

use std::fmt;

use url::{Host, Url};

/// The issuer of a server (RFC 8414 section 2), without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) struct Server(String);

impl Server {
    /// Reads one. What is said to it is worth a server: it goes over TLS, unless it does not leave this machine.
    pub(in crate::cli) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|why| format!("{text} is no URL: {why}"))?;
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || url.query().is_some() || url.fragment().is_some() {
            return Err("must be the issuer alone, such as https://id.example.com".to_owned());
        }
        match url.scheme() {
            "https" if url.host().is_some() => {}
            "http" if is_this_machine(&url) => {}
            _ => return Err("must be https, unless it is on this machine (localhost, 127.0.0.1)".to_owned()),
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// The issuer.
    pub(in crate::cli) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is at this path below it.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether a URL leads to this server, and nowhere else.
    pub(super) fn has(&self, url: &str) -> bool {
        match (Url::parse(url), Url::parse(&self.0)) {
            (Ok(other), Ok(own)) => other.origin() == own.origin(),
            _ => false,
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// RFC 8252 section 8.3 for what stays on this machine; `localhost` is an operator's own word for it.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_issuer_over_tls_or_on_this_machine() {
        for (text, issuer) in [
            ("https://id.example", "https://id.example"),
            ("https://id.example/", "https://id.example"),
            ("https://id.example:8443/tenant/", "https://id.example:8443/tenant"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(Server::parse(text).unwrap().as_str(), issuer);
        }
        for wrong in [
            "id.example",
            "http://id.example",
            "http://10.0.0.1",
            "http://localhost.example",
            "https://kim:secret@id.example",
            "https://id.example/?x",
            "https://id.example/#x",
            "ftp://localhost",
            "",
        ] {
            assert!(Server::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_its_own_origin_is_it() {
        let server = Server::parse("https://id.example/tenant").unwrap();
        assert!(server.has("https://id.example/token") && server.has("https://id.example:443/tenant/token"));
        for other in ["https://id.example.evil/token", "http://id.example/token", "https://id.example:8443/", "/token"]
        {
            assert!(!server.has(other), "{other}");
        }
    }
}
