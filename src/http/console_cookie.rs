//! The cookie that the console asks for beside the session's own.
//!
//! Browsers send it with nothing that another site began (`SameSite=Strict`): no link, form or script elsewhere reaches a page or a form of the console. The session's own
//! cookie stays `Lax`, as people come back with it from apps, providers and mails. It is given with the session, and its value is a keyed hash of the session's secret: nothing is stored,
//! none counts for another session, and with a new secret comes another.
//!
//! A page that is asked for with the session's cookie alone was asked for from elsewhere, or the browser never had this one: the session is from before it, or was kept while the browser
//! was closed. The answer is a page of ours that gives the cookie, and leads on to the same address from here. So nobody proves the account anew for it: who somebody is, the session's
//! cookie says; what this one says is where a request began, and a browser that holds it keeps it back from all that begins elsewhere, whenever it was given. A form without it is refused.
//!
//! Owns the value, and how a browser that did not send it is led on. Leaves the page to `pages::admin`.

use axum::http::HeaderValue;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cookies::Cookie;
use crate::app::App;
use crate::protocol::issuer::Issuer;
use crate::sessions::SessionSecret;

/// The length of its value, in bytes.
const LENGTH: usize = 32;
/// What marks an address to which a browser was led that does not say where its requests begin.
pub const MARK: &str = "led=1";

/// What a request brought of it.
pub struct ConsoleCookie {
    tag: Option<Vec<u8>>,
    leading: Leading,
}

/// How a browser that did not send it is led on: by itself once at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leading {
    /// By itself. With the next request the browser says that it began here.
    ByItself,
    /// By itself, to an address that says so: the browser does not say where its requests begin.
    Marked,
    /// By a link alone: this request began here already, and leading it on might never end.
    ByLink,
}

/// The value that belongs to a session.
pub fn value(app: &App, session: &SessionSecret) -> String {
    URL_SAFE_NO_PAD.encode(app.console.tag(&[&session.bytes()[..]]))
}

impl ConsoleCookie {
    /// That of a request.
    pub fn read(parts: &Parts, issuer: &Issuer) -> Self {
        let tag = Cookie::Console.read(&parts.headers, issuer).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        Self { tag: tag.filter(|tag| tag.len() == LENGTH), leading: Leading::of(parts) }
    }

    /// Whether it is the one of this session.
    pub fn is_of(&self, app: &App, session: &SessionSecret) -> bool {
        self.tag.as_deref().is_some_and(|tag| app.console.verify(&[&session.bytes()[..]], tag))
    }

    /// How the browser is led on where it is not.
    pub const fn leading(&self) -> Leading {
        self.leading
    }
}

impl Leading {
    /// Fetch Metadata Request Headers section 2.3: `Sec-Fetch-Site` says how the origin that began a request relates to ours.
    fn of(parts: &Parts) -> Self {
        let marked = || parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == MARK));
        match parts.headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
            Some(b"same-origin") => Self::ByLink,
            Some(_) => Self::ByItself,
            None if marked() => Self::ByLink,
            None => Self::Marked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn leading(address: &str, site: Option<&str>) -> Leading {
        let mut request = Request::builder().uri(address);
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        Leading::of(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_browser_is_led_on_by_itself_once() {
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(leading("/admin", Some(site)), Leading::ByItself);
        }
        assert_eq!(leading("/admin", Some("same-origin")), Leading::ByLink);
        assert_eq!(leading("/admin?q=kim", None), Leading::Marked);
        assert_eq!(leading("/admin?q=kim&led=1", None), Leading::ByLink);
        // What a stranger's link says of itself, a browser that speaks does not confirm.
        assert_eq!(leading("/admin?led=1", Some("cross-site")), Leading::ByItself);
    }
}
