//! Where an app is, as the administrator who installs it says it.
//!
//! It is written into shell scripts, YAML, TOML, Python and the configurations of web servers, each with signs of its own that would mean something there.
//! So it has none of them: letters, digits and what RFC 3986 section 2.3 calls unreserved.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// The base of an app's URLs, without a slash at its end: redirect URIs and settings are put together from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUrl(String);

/// Why a text is no such base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppUrlRejected {
    /// Something else than a URL with a host.
    #[error("must be the app's URL, such as https://app.example.com")]
    NotAUrl,
    /// Something that a configuration file could read as its own.
    #[error(
        "must have a host of letters, digits, hyphens and periods, and a path of these, _ and ~ (a name of other letters as xn--…)"
    )]
    NotPlain,
    /// Another scheme than that of the web.
    #[error("must begin with https://, or with http:// where the app is on this machine")]
    Scheme,
    /// Codes would travel in the clear.
    #[error("must begin with https://: http:// is for an app on this machine")]
    NotHttps,
    /// More than a base.
    #[error("must have no user name, query or fragment")]
    MoreThanABase,
    /// The software can only be at the root of its host.
    #[error("must have no path: the recipe adds the paths of this software")]
    Path,
}

impl AppUrl {
    /// Reads one; `under_path` says whether the software can live below the root of its host.
    pub fn parse(text: &str, under_path: bool) -> Result<Self, AppUrlRejected> {
        let printable = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let url = Url::parse(text).ok().filter(|_| printable).ok_or(AppUrlRejected::NotAUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(AppUrlRejected::NotHttps),
            _ => return Err(AppUrlRejected::Scheme),
        }
        let user = !url.username().is_empty() || url.password().is_some() || text.contains('@');
        if user || url.query().is_some() || url.fragment().is_some() {
            return Err(AppUrlRejected::MoreThanABase);
        }
        let base = url.as_str().trim_end_matches('/');
        if !under_path && !url.path().trim_end_matches('/').is_empty() {
            return Err(AppUrlRejected::Path);
        }
        if !is_plain(&url) {
            return Err(AppUrlRejected::NotPlain);
        }
        Ok(Self(base.to_owned()))
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_plain(url: &Url) -> bool {
    let of = |text: &str, more: &[u8]| text.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b));
    let host = match url.host() {
        Some(Host::Domain(name)) => of(name, b"-."),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    };
    host && of(url.path(), b"-._~/") && !url.path().contains("//")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_has_no_slash_at_its_end() {
        for (text, base) in [
            ("https://app.example", "https://app.example"),
            ("https://App.example:443/", "https://app.example"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(AppUrl::parse(text, false).unwrap().as_str(), base, "{text}");
        }
        assert_eq!(AppUrl::parse("https://a.example/grafana/", true).unwrap().as_str(), "https://a.example/grafana");
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, why) in [
            ("app.example", AppUrlRejected::NotAUrl),
            ("https://", AppUrlRejected::NotAUrl),
            ("https://a.example\\@b.example", AppUrlRejected::NotAUrl),
            ("https://a.example\nb", AppUrlRejected::NotAUrl),
            ("ftp://a.example", AppUrlRejected::Scheme),
            ("javascript:alert(1)", AppUrlRejected::Scheme),
            ("http://app.example", AppUrlRejected::NotHttps),
            ("http://localhost.example", AppUrlRejected::NotHttps),
            ("https://me:secret@a.example", AppUrlRejected::MoreThanABase),
            ("https://a.example?x=1", AppUrlRejected::MoreThanABase),
            ("https://a.example#x", AppUrlRejected::MoreThanABase),
            ("https://a.example/callback", AppUrlRejected::Path),
        ] {
            assert_eq!(AppUrl::parse(text, false), Err(why), "{text}");
        }
    }

    #[test]
    fn nothing_in_it_means_anything_to_a_shell_or_a_configuration() {
        for text in [
            "https://a.example/$(reboot)",
            "https://$(reboot).example",
            "https://`reboot`.example",
            "https://a.example/`reboot`",
            "https://a.example/a;reboot",
            "https://a.example/a&reboot",
            "https://a.example/a|reboot",
            "https://a.example/${HOME}",
            "https://a.example/{url}",
            "https://a.example/%{ENV:HOME}",
            "https://a.example/a'b",
            "https://a.example/a\"b",
            "https://a.example/a:b",
            "https://a.example/*",
            "https://a.example/!x",
            "https://a.example/a,b=c",
            "https://a.example/%0Alisten",
            "https://a.example//b",
            "https://a_b.example",
        ] {
            let refused = AppUrl::parse(text, true);
            assert!(matches!(refused, Err(AppUrlRejected::NotPlain)), "{text}: {refused:?}");
        }
        for text in ["https://xn--bj0b.example/a-b/~kim", "https://[2001:db8::1]:8443/x", "http://127.0.0.1:3000"] {
            assert_eq!(AppUrl::parse(text, true).unwrap().as_str(), text);
        }
    }
}
