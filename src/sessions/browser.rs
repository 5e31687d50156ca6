//! The end-user's browser: the secret that tells it from others, the secret of its session, and where a request of it comes from.
//!
//! Both are 32 random bytes in base64url. Neither is ever stored: records are found by, and bound to, their digests.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::random::{self, Random};
use crate::support::{Digest, Secret};

const BYTES: usize = 32;

macro_rules! cookie_secret {
    ($(#[$doc:meta])* $name:ident, $purpose:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Secret<[u8; BYTES]>);

        impl $name {
            /// Draws a new secret.
            pub fn draw(random: &dyn Random) -> Self {
                Self(Secret::new(random::bytes(random)))
            }

            /// Reads a cookie's value; `None` when it is not shaped like one.
            pub fn parse(text: &str) -> Option<Self> {
                URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(|bytes| Self(Secret::new(bytes)))
            }

            /// The text that the cookie holds.
            pub fn expose(&self) -> String {
                URL_SAFE_NO_PAD.encode(self.0.expose())
            }

            /// The bytes, for a caller that derives something else from them.
            pub fn bytes(&self) -> &[u8; BYTES] {
                self.0.expose()
            }

            /// What records are found by, or bound to.
            pub fn digest(&self) -> Digest {
                Digest::of($purpose, self.0.expose())
            }
        }
    };
}

cookie_secret!(
    /// Says which browser this is: binds pending logins and forms to it.
    BrowserSecret, "browser"
);
cookie_secret!(
    /// Finds a browser's session.
    SessionSecret, "session"
);

/// The cookie of a session that a browser is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    /// What it holds.
    pub secret: SessionSecret,
    /// For how long the browser is to keep it; `None` where it forgets it when it is closed.
    pub keep_for: Option<Duration>,
}

impl std::ops::Deref for SessionCookie {
    type Target = SessionSecret;

    fn deref(&self) -> &SessionSecret {
        &self.secret
    }
}

/// The user agent that sends a request, as far as the request shows.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The secret that tells this browser from others.
    pub browser: BrowserSecret,
    /// The session it claims to have.
    pub session: Option<SessionSecret>,
    /// The address that the request came from.
    pub address: IpAddr,
    /// The program, in a few words: from its `User-Agent` header.
    pub agent: String,
    /// Whether its end-user wants to stay signed in there once it was closed.
    pub remember: bool,
    /// Whether it said that it can make a passkey.
    pub makes_passkeys: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[test]
    fn a_secret_survives_its_cookie() {
        let secret = SessionSecret::draw(&SeededRandom::new(1));
        assert_eq!(SessionSecret::parse(&secret.expose()), Some(secret));
    }

    #[test]
    fn what_is_not_32_bytes_of_base64url_is_no_secret() {
        for text in ["", "AAAA", &"A".repeat(44), &"!".repeat(43), &format!("{}=", "A".repeat(43))] {
            assert_eq!(SessionSecret::parse(text), None, "{text}");
        }
    }
}
