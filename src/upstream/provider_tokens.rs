//! The tokens that a provider issued for a user, where a connection keeps them: sealed with the link, to the identity they are of.
//!
//! Nothing in Haechi uses them. They are for what an operator runs beside it, which reads them with `haechi connections tokens`.

use oauth2::TokenResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::keys::Sealer;
use crate::model::upstream_link::{SealedTokens, UpstreamAccount, UpstreamIdentity, UpstreamLink};
use crate::support::{Random, Timestamp};

/// The one token that is not in every answer: providers issue it with the consent only, and go on honouring it.
const REFRESH_TOKEN: &str = "refresh_token";

/// A provider's token answer (RFC 6749 section 5.1), and when it came.
#[derive(Clone, Serialize, Deserialize)]
pub struct TokenResponseReceived {
    /// When it came: `expires_in` counts from here.
    pub received_at: Timestamp,
    /// The answer, as its parameters.
    pub answer: Map<String, Value>,
}

impl std::fmt::Debug for TokenResponseReceived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponseReceived").field("received_at", &self.received_at).finish_non_exhaustive()
    }
}

impl TokenResponseReceived {
    /// An answer that came now.
    pub(super) fn of(answer: &impl TokenResponse, now: Timestamp) -> Self {
        let answer = match serde_json::to_value(answer) {
            Ok(Value::Object(parameters)) => parameters.into_iter().filter(|(_, value)| !value.is_null()).collect(),
            _ => Map::new(),
        };
        Self { received_at: now, answer }
    }
}

/// What tokens are sealed to: moved to another link they do not open.
fn binding(identity: &UpstreamIdentity) -> Vec<u8> {
    let parts = [b"upstream tokens ".as_slice(), identity.connection.as_bytes(), identity.subject.as_str().as_bytes()];
    parts.concat()
}

/// Seals what came for an identity.
pub fn seal(
    sealer: &Sealer,
    random: &dyn Random,
    identity: &UpstreamIdentity,
    tokens: &TokenResponseReceived,
) -> SealedTokens {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(tokens).unwrap_or_default());
    SealedTokens(sealer.seal(random, &binding(identity), &plain))
}

/// What is kept with a link; `None` where nothing is, or nothing that opens (another key-encryption key).
pub fn open(sealer: &Sealer, link: &UpstreamLink) -> Option<TokenResponseReceived> {
    unseal(sealer, &link.identity, link.tokens.as_ref()?)
}

fn unseal(sealer: &Sealer, identity: &UpstreamIdentity, tokens: &SealedTokens) -> Option<TokenResponseReceived> {
    let plain = zeroize::Zeroizing::new(sealer.unseal(&binding(identity), &tokens.0)?);
    serde_json::from_slice(&plain).ok()
}

/// What is kept after a use of the link by `account`: the tokens that came with it, with the refresh token of before where it brought none
/// (RFC 6749 section 6 leaves it to the provider whether there is a new one). Sealed to the identity that the account has now.
pub fn renewed(
    sealer: &Sealer,
    random: &dyn Random,
    link: &UpstreamLink,
    account: &UpstreamAccount,
) -> Option<SealedTokens> {
    let came = account.tokens.clone()?;
    let (Some(mut now), Some(before)) = (unseal(sealer, &account.identity, &came), open(sealer, link)) else {
        return Some(came);
    };
    match before.answer.get(REFRESH_TOKEN) {
        Some(token) if !now.answer.contains_key(REFRESH_TOKEN) => {
            now.answer.insert(REFRESH_TOKEN.to_owned(), token.clone());
            Some(seal(sealer, random, &account.identity, &now))
        }
        _ => Some(came),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys::KeyEncryptionKey;
    use crate::model::upstream_link::UpstreamSubject;
    use crate::support::SeededRandom;
    use crate::support::id::{ConnectionId, LinkId, UserId};

    const AT: Timestamp = Timestamp::from_seconds(1);

    fn sealer() -> Sealer {
        Sealer::new(&KeyEncryptionKey::from_bytes([7; 32]), "upstream")
    }

    fn received(answer: &Value) -> TokenResponseReceived {
        TokenResponseReceived { received_at: AT, answer: answer.as_object().unwrap().clone() }
    }

    fn link(subject: &str, answer: Option<Value>) -> UpstreamLink {
        let random = SeededRandom::new(1);
        let identity = UpstreamIdentity {
            connection: ConnectionId::new(AT, &random),
            subject: UpstreamSubject::parse(subject).unwrap(),
        };
        let tokens = answer.map(|answer| seal(&sealer(), &random, &identity, &received(&answer)));
        let account = UpstreamAccount { identity, label: String::new(), tokens };
        UpstreamLink::new(LinkId::new(AT, &random), account, UserId::new(AT, &random), AT)
    }

    #[test]
    fn tokens_open_with_their_link_only() {
        let kept = link("1", Some(json!({ "access_token": "canary" })));
        assert_eq!(open(&sealer(), &kept).unwrap().answer["access_token"], "canary");
        let moved = UpstreamLink { tokens: kept.tokens, ..link("2", None) };
        assert!(open(&sealer(), &moved).is_none());
    }

    #[test]
    fn a_refresh_token_outlives_answers_without_one() {
        let sealer = sealer();
        let after = |before: Option<Value>, came: Option<Value>| {
            let link = link("1", before);
            let came = came.map(|came| seal(&sealer, &SeededRandom::new(2), &link.identity, &received(&came)));
            let account = UpstreamAccount { identity: link.identity.clone(), label: String::new(), tokens: came };
            let tokens = renewed(&sealer, &SeededRandom::new(3), &link, &account);
            open(&sealer, &UpstreamLink { tokens, ..link }).map(|kept| Value::Object(kept.answer))
        };
        let with = |access: &str, refresh: &str| json!({ "access_token": access, "refresh_token": refresh });
        assert_eq!(after(Some(with("a", "r")), Some(json!({ "access_token": "b" }))), Some(with("b", "r")));
        assert_eq!(after(Some(with("a", "r")), Some(with("b", "s"))), Some(with("b", "s")));
        assert_eq!(after(None, Some(with("b", "s"))), Some(with("b", "s")));
        // A connection that keeps tokens no longer.
        assert_eq!(after(Some(with("a", "r")), None), None);
    }
}
