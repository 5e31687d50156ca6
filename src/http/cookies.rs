//! Cookies: their names, their attributes, and reading them.
//!
//! RFC 6265bis section 4.1.3.2: `__Host-` cookies are Secure, for the whole host and for no other. A browser would drop such a cookie on
//! plain http, so an http issuer (which can only be this machine) goes without the prefix.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::protocol::issuer::Issuer;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Which browser this is: binds pending logins and forms to it.
    Browser,
    /// Who is signed in.
    Session,
    /// That a request to the console began here: see `console_cookie`.
    Console,
    /// The language that the user chose.
    Locale,
    /// The page that was asked for before signing in.
    Next,
}

/// How long a sign-in may take that leads back to a page.
const SHORT: u64 = 600;
/// A year: as long as a browser keeps any cookie that is not renewed (RFC 6265bis section 5.5 caps it at 400 days).
const LONG: u64 = 365 * 86_400;

impl Cookie {
    /// The cookie's name under this issuer.
    pub const fn name(self, issuer: &Issuer) -> &'static str {
        match (self, issuer.is_https()) {
            (Self::Browser, true) => "__Host-haechi-browser",
            (Self::Browser, false) => "haechi-browser",
            (Self::Session, true) => "__Host-haechi-session",
            (Self::Session, false) => "haechi-session",
            (Self::Console, true) => "__Host-haechi-console",
            (Self::Console, false) => "haechi-console",
            (Self::Locale, true) => "__Host-haechi-locale",
            (Self::Locale, false) => "haechi-locale",
            (Self::Next, true) => "__Host-haechi-next",
            (Self::Next, false) => "haechi-next",
        }
    }

    /// Reads the cookie. One that was sent twice counts as absent: another site planted the other one. What stands beside it is a stranger's,
    /// in any bytes (RFC 6265 section 5.2 has browsers keep octets) and on any number of lines (RFC 9113 section 8.2.3 lets HTTP/2 split
    /// them), and changes nothing.
    pub fn read<'a>(self, headers: &'a HeaderMap, issuer: &Issuer) -> Option<&'a str> {
        let mut values = values(headers, self.name(issuer));
        let value = values.next().filter(|_| values.next().is_none())?;
        std::str::from_utf8(value).ok()
    }

    /// Which requests another site may begin that bring it: links, forms that ask for a page, and redirects (`Lax`), or none at all (`Strict`).
    const fn same_site(self) -> &'static str {
        match self {
            Self::Console => "Strict",
            Self::Browser | Self::Session | Self::Locale | Self::Next => "Lax",
        }
    }

    /// The header that sets the cookie. The session's cookies end with the browser, unless its end-user wants them kept; what they stand for ends on
    /// the server.
    pub fn set(self, value: &str, issuer: &Issuer) -> HeaderValue {
        let age = match self {
            Self::Session | Self::Console => None,
            Self::Browser | Self::Locale => Some(LONG),
            Self::Next => Some(SHORT),
        };
        self.set_for(value, age, issuer)
    }

    /// The header that sets the cookie for so many seconds; for as long as the browser is open, where there are none.
    pub fn set_for(self, value: &str, age: Option<u64>, issuer: &Issuer) -> HeaderValue {
        let secure = if issuer.is_https() { "; Secure" } else { "" };
        let age = age.map_or_else(String::new, |seconds| format!("; Max-Age={}", seconds.min(LONG)));
        let (name, site) = (self.name(issuer), self.same_site());
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{secure}{age}");
        // Values are base64url, language tags or checked paths, which are always legal here.
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The header that makes a browser forget the cookie.
    pub fn forget(self, issuer: &Issuer) -> HeaderValue {
        self.set_for("", Some(0), issuer)
    }
}

/// Makes a browser forget its session, and all that goes with it.
pub fn forget_session(headers: &mut HeaderMap, issuer: &Issuer) {
    for cookie in [Cookie::Session, Cookie::Console] {
        headers.append(header::SET_COOKIE, cookie.forget(issuer));
    }
}

/// Every value of a cookie, in the order they came: RFC 6265 section 4.2.1, as octets.
pub fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let pairs = headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| {
        let pair = pair.trim_ascii();
        pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(text: &str) -> Issuer {
        Issuer::parse(text).unwrap()
    }

    #[test]
    fn cookies_are_bound_to_the_host() {
        let set = Cookie::Session.set("x", &issuer("https://id.example"));
        assert_eq!(set, "__Host-haechi-session=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        let plain = Cookie::Browser.set("x", &issuer("http://localhost:8080"));
        assert_eq!(plain, "haechi-browser=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
        let strict = Cookie::Console.set("x", &issuer("https://id.example"));
        assert_eq!(strict, "__Host-haechi-console=x; Path=/; HttpOnly; SameSite=Strict; Secure");
        let gone = Cookie::Console.forget(&issuer("https://id.example"));
        assert_eq!(gone, "__Host-haechi-console=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
    }

    #[test]
    fn a_cookie_that_came_twice_counts_as_absent() {
        let issuer = issuer("https://id.example");
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; __Host-haechi-session=s; b=2"));
        assert_eq!(Cookie::Session.read(&headers, &issuer), Some("s"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-haechi-session=t"));
        assert_eq!(Cookie::Session.read(&headers, &issuer), None);
    }

    #[test]
    fn what_stands_beside_ours_changes_nothing() {
        let issuer = issuer("https://id.example");
        for beside in [&b"name=\xed\x99\x8d"[..], b"\xff\xfe", b"=", b";;", b"a=\x80; b", b"x__Host-haechi-session=t"] {
            for line in
                [[beside, b"; __Host-haechi-session=s"].concat(), [b"__Host-haechi-session=s;", beside].concat()]
            {
                let mut headers = HeaderMap::new();
                headers.append(header::COOKIE, HeaderValue::from_bytes(&line).unwrap());
                headers.append(header::COOKIE, HeaderValue::from_bytes(beside).unwrap());
                assert_eq!(Cookie::Session.read(&headers, &issuer), Some("s"), "{line:?}");
            }
        }
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"__Host-haechi-session=\xff").unwrap());
        assert_eq!(Cookie::Session.read(&headers, &issuer), None);
    }

    #[test]
    fn an_unprefixed_cookie_is_not_taken_for_ours() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("haechi-session=s"));
        assert_eq!(Cookie::Session.read(&headers, &issuer("https://id.example")), None);
    }
}
