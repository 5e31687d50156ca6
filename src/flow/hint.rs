//! `id_token_hint`: an ID token of ours that a client sends back to say which end-user it means.

use serde::Deserialize;

use crate::keys::{KeyRing, TokenType};
use crate::protocol::issuer::Issuer;
use crate::support::id::{SignInId, UserId};
use crate::tokens::Audience;

/// What a genuine hint says. Whether it has expired does not matter: OpenID Connect Core 1.0 section 3.1.2.1 has the server accept it
/// even then, and so does RP-Initiated Logout 1.0 section 2 ("The OP SHOULD accept ID Tokens [...] even when the exp time has passed").
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Hint {
    iss: String,
    pub(super) sub: String,
    pub(super) aud: Audience,
    pub(super) sid: Option<String>,
    /// Only access tokens have one: RFC 9068 section 2.2.
    client_id: Option<String>,
}

impl Hint {
    /// Reads a hint; `None` when we did not sign it as an ID token. It must have a signature by a key that is known: a session
    /// outlives the keys that signed its tokens.
    pub(super) fn read(text: &str, keys: &KeyRing, issuer: &Issuer) -> Option<Self> {
        let hint: Self = keys.verify_past(text, TokenType::IdToken).ok()?;
        (hint.iss == issuer.as_str() && hint.client_id.is_none()).then_some(hint)
    }

    /// The sign-in that it names, and whose that is.
    pub(super) fn session(&self) -> Option<(SignInId, UserId)> {
        Some((self.sid.as_deref()?.parse().ok()?, self.sub.parse().ok()?))
    }

    /// Whether this client is one of those it was made for.
    pub(super) fn is_for(&self, client_id: &str) -> bool {
        self.aud.contains(client_id)
    }
}
