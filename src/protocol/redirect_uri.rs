//! Redirect URIs: what may be registered, and what matches a registered one.
//!
//! RFC 9700 section 2.1: "authorization servers MUST utilize exact string matching except for port numbers in localhost
//! redirection URIs of native apps". [`RedirectTarget`] can only be made by that comparison, so a holder of one may
//! redirect to it.

use serde::{Deserialize, Serialize};
use url::Url;

/// The longest redirect URI, in bytes.
pub const MAX_BYTES: usize = 2000;

/// Query parameters that an authorization answer uses; a registered URI that already has one could fake an answer.
const ANSWER_PARAMS: &[&str] =
    &["code", "state", "iss", "error", "error_description", "error_uri", "id_token", "access_token", "response"];

/// Why a URI may not be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriRejected {
    /// Not an absolute URI of printable ASCII, or too long.
    #[error(
        "must be an absolute URI such as https://app.example/callback, of printable ASCII characters, without wildcards, at most 2000 bytes"
    )]
    Malformed,
    /// RFC 6749 section 3.1.2: "The endpoint URI MUST NOT include a fragment component."
    #[error("must not have a fragment: leave # and what follows out")]
    Fragment,
    /// A user name or password before the host.
    #[error("must not have a user name or password")]
    Userinfo,
    /// `http` to anything but this machine.
    #[error("must use https: http is for this machine only, at 127.0.0.1, [::1] or localhost")]
    PlainHttp,
    /// RFC 8252 section 7.1: a private-use scheme is a reversed domain name, so it has a period.
    #[error(
        "must use https, http on a loopback address, or a private-use scheme with a period, such as com.example.app:/callback"
    )]
    SchemeWithoutPeriod,
    /// A scheme that a browser would run or that names nothing to return to.
    #[error("must use https: only a native client may have a private-use scheme, such as com.example.app:/callback")]
    ForbiddenScheme,
    /// The query holds a parameter of the answer itself.
    #[error("must not have a query with a parameter of the authorization answer, such as code or state")]
    AnswerParameter,
}

/// Which port a loopback redirect URI may have in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopbackPort {
    /// The registered one.
    Registered,
    /// Any: a native app listens where the system lets it. RFC 8252 section 7.3: "The authorization server MUST allow any port to be
    /// specified at the time of the request for loopback IP redirect URIs". `localhost` is "NOT RECOMMENDED" (section 8.3), and what exists
    /// uses it in the same manner.
    Any,
}

/// A redirect URI that passed the rules of registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RegisteredRedirectUri(String);

impl RegisteredRedirectUri {
    /// Checks a URI for registration. `native` allows private-use schemes (RFC 8252 section 7.1).
    pub fn parse(text: &str, native: bool) -> Result<Self, RedirectUriRejected> {
        let url = parse_strictly(text)?;
        if text.contains('#') {
            return Err(RedirectUriRejected::Fragment);
        }
        if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
            return Err(RedirectUriRejected::Userinfo);
        }
        check_scheme(&url, native)?;
        if url.query_pairs().any(|(name, _)| ANSWER_PARAMS.contains(&name.as_ref())) {
            return Err(RedirectUriRejected::AnswerParameter);
        }
        Ok(Self(text.to_owned()))
    }

    /// Compares with what a request sent, byte for byte; only the port of a loopback URI may differ, where `ports` lets it.
    pub fn matches(&self, requested: &str, ports: LoopbackPort) -> Option<RedirectTarget> {
        let but_for_port =
            || matches!((Loopback::split(&self.0), Loopback::split(requested)), (Some(a), Some(b)) if a == b);
        let equal = self.0 == requested || (ports == LoopbackPort::Any && but_for_port());
        equal.then(|| RedirectTarget(requested.to_owned()))
    }

    /// The URI as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its origin, for CORS and CSP; `None` for a private-use scheme.
    pub fn origin(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
    }
}

impl<'de> Deserialize<'de> for RegisteredRedirectUri {
    /// Reads a stored URI. Whether the client is native was decided when it was stored, and is not asked again.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text, true).map_err(serde::de::Error::custom)
    }
}

/// Where a browser may be sent: a requested URI that matched a registered one of the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectTarget(String);

impl RedirectTarget {
    /// The URI as it was requested.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds the answer's parameters to the query (RFC 6749 section 4.1.2), keeping the query that the URI came with
    /// (section 3.1.2: "which MUST be retained when adding additional query parameters").
    pub fn with_query(&self, params: &[(&str, &str)]) -> String {
        let mut answer = form_urlencoded::Serializer::new(String::new());
        answer.extend_pairs(params);
        let separator = match self.0.find('?') {
            None => "?",
            Some(at) if at + 1 == self.0.len() => "",
            Some(_) => "&",
        };
        format!("{}{separator}{}", self.0, answer.finish())
    }

    /// Adds a fragment with the answer's parameters: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1. There was none: a
    /// registered URI has no fragment.
    pub fn with_fragment(&self, params: &[(&str, &str)]) -> String {
        let mut answer = form_urlencoded::Serializer::new(String::new());
        answer.extend_pairs(params);
        format!("{}#{}", self.0, answer.finish())
    }

    /// The source that a page's `form-action` must allow for an answer to reach this URI.
    pub fn csp_source(&self) -> String {
        match Url::parse(&self.0) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => url.origin().ascii_serialization(),
            Ok(url) => format!("{}:", url.scheme()),
            Err(_) => "'none'".to_owned(),
        }
    }
}

/// A loopback URI without its port: what RFC 8252 section 7.3 leaves to compare.
#[derive(PartialEq, Eq)]
struct Loopback<'a> {
    host: &'a str,
    rest: &'a str,
}

impl<'a> Loopback<'a> {
    /// Takes `http://127.0.0.1[:port]rest`, and the same of `[::1]` and `localhost`, apart, by bytes and not by a URL parser that would
    /// forgive other spellings.
    fn split(uri: &'a str) -> Option<Self> {
        let after_scheme = uri.strip_prefix("http://")?;
        let host = ["127.0.0.1", "[::1]", "localhost"].into_iter().find(|host| after_scheme.starts_with(host))?;
        let after_host = &after_scheme[host.len()..];
        let (port, rest) = match after_host.strip_prefix(':') {
            Some(with_port) => with_port.split_at(with_port.find(['/', '?']).unwrap_or(with_port.len())),
            None => ("80", after_host),
        };
        let port_is_number =
            !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
        let rest_is_path = rest.is_empty() || rest.starts_with(['/', '?']);
        (port_is_number && rest_is_path).then_some(Self { host, rest })
    }
}

/// A URI without anything that two parsers could read differently.
fn parse_strictly(text: &str) -> Result<Url, RedirectUriRejected> {
    let clean = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`' | b'*'));
    if text.len() > MAX_BYTES || !clean {
        return Err(RedirectUriRejected::Malformed);
    }
    let url = Url::parse(text).map_err(|_| RedirectUriRejected::Malformed)?;
    // The parser forgives `https:/host` and `https:///host`; a browser may read them otherwise.
    let web = matches!(url.scheme(), "http" | "https");
    if web && authority(text).is_empty() { Err(RedirectUriRejected::Malformed) } else { Ok(url) }
}

/// The bytes between `://` and the next `/`, `?` or `#`.
fn authority(text: &str) -> &str {
    let after = text.split_once("://").map_or("", |(_, after)| after);
    &after[..after.find(['/', '?', '#']).unwrap_or(after.len())]
}

fn check_scheme(url: &Url, native: bool) -> Result<(), RedirectUriRejected> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback_host(url) => Ok(()),
        "http" => Err(RedirectUriRejected::PlainHttp),
        scheme if native && scheme.contains('.') => Ok(()),
        _ if native => Err(RedirectUriRejected::SchemeWithoutPeriod),
        _ => Err(RedirectUriRejected::ForbiddenScheme),
    }
}

/// This machine by name or number: RFC 8252 section 8.3 only advises against `localhost`.
fn is_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(text: &str) -> RegisteredRedirectUri {
        RegisteredRedirectUri::parse(text, true).unwrap()
    }

    #[test]
    fn only_the_very_same_bytes_match() {
        let uri = registered("https://app.example/cb?tenant=1");
        assert!(uri.matches("https://app.example/cb?tenant=1", LoopbackPort::Any).is_some());
        for other in
            ["https://app.example/cb", "https://app.example/cb?tenant=1&x=1", "https://APP.example/cb?tenant=1"]
        {
            assert!(uri.matches(other, LoopbackPort::Any).is_none(), "{other}");
        }
    }

    #[test]
    fn only_a_loopback_port_varies_and_only_where_it_may() {
        let uri = registered("http://127.0.0.1/cb");
        for same in ["http://127.0.0.1:49152/cb", "http://127.0.0.1/cb"] {
            assert!(uri.matches(same, LoopbackPort::Any).is_some(), "{same}");
        }
        assert!(uri.matches("http://127.0.0.1/cb", LoopbackPort::Registered).is_some());
        assert!(uri.matches("http://127.0.0.1:49152/cb", LoopbackPort::Registered).is_none());
        for other in [
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1:5000/cb?foo=bar",
            "http://[::1]:5000/cb",
            "http://localhost:1/cb",
            "https://127.0.0.1:1/cb",
        ] {
            assert!(uri.matches(other, LoopbackPort::Any).is_none(), "{other}");
        }
        let named = registered("http://localhost:3000/cb");
        assert!(named.matches("http://localhost:3001/cb", LoopbackPort::Any).is_some());
        assert!(named.matches("http://localhost:3001/cb", LoopbackPort::Registered).is_none());
        for other in ["http://localhost.evil.example/cb", "http://localhost:1@evil.example/cb", "http://LOCALHOST:1/cb"]
        {
            assert!(named.matches(other, LoopbackPort::Any).is_none(), "{other}");
        }
    }

    #[test]
    fn what_may_not_be_registered() {
        use RedirectUriRejected::*;
        for (text, why) in [
            ("https://app.example/cb#x", Fragment),
            ("https://user@app.example/cb", Userinfo),
            ("https://@app.example/cb", Userinfo),
            ("http://app.example/cb", PlainHttp),
            ("https://app.example/c b", Malformed),
            ("https:///evil.example/cb", Malformed),
            ("https:/evil.example/cb", Malformed),
            ("https://evil.example\\@app.example/", Malformed),
            ("https://*.example/cb", Malformed),
            ("/cb", Malformed),
            ("https://app.example/cb?code=1", AnswerParameter),
            ("myapp:/cb", SchemeWithoutPeriod),
            ("JaVaScRiPt:alert(1)", SchemeWithoutPeriod),
        ] {
            assert_eq!(RegisteredRedirectUri::parse(text, true), Err(why), "{text}");
        }
        assert_eq!(RegisteredRedirectUri::parse("com.example.app:/cb", false), Err(ForbiddenScheme));
        assert!(RegisteredRedirectUri::parse("com.example.app:/cb", true).is_ok());
    }

    #[test]
    fn the_answer_joins_the_query_that_was_there() {
        let target = |text: &str| registered(text).matches(text, LoopbackPort::Registered).unwrap();
        let go = |text: &str| target(text).with_query(&[("code", "a b"), ("state", "&")]);
        assert_eq!(go("https://a.example/cb"), "https://a.example/cb?code=a+b&state=%26");
        assert_eq!(go("https://a.example/cb?x=1"), "https://a.example/cb?x=1&code=a+b&state=%26");
        assert_eq!(go("https://a.example/cb?"), "https://a.example/cb?code=a+b&state=%26");
    }
}
