//! Signing out on both sides: the way to a provider's own sign-out, and its word that a session ended there.
//!
//! The latter is OpenID Connect Back-Channel Logout 1.0, received. Which sign-ins a token names is found here; ending them is the
//! caller's.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::provider::{self, Oidc};
use super::{Reason, Upstream, complete_sign_in, presets, profile, secrets};
use crate::keys::TokenRejected;
use crate::keys::foreign::{self, Kind};
use crate::model::connection::{Connection, Slug};
use crate::model::session::{UpstreamSignIn, end_mark_of};
use crate::protocol::Params;
use crate::remote_keys::RemoteKeysRejected;
use crate::sealed::RecordLabel;
use crate::store::{Change, Conflict, RecordKind, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Digest, Secret, Timestamp};

/// Section 2.4: the event that makes a JWT a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How far a provider's clock may be from ours.
const SKEW: Duration = Duration::from_mins(1);
/// How old a logout token may be. Section 2.4: "no more than two minutes in the future" is recommended for `exp`.
const OLDEST: Duration = Duration::from_mins(5);
/// The longest `sid` or `jti`, in bytes.
const MAX_TEXT: usize = 255;

/// Whom a provider's logout token names.
#[derive(Clone, Debug)]
pub struct SignedOutThere {
    /// The connection whose provider sent the token.
    pub connection: crate::support::id::ConnectionId,
    /// The account that the token's subject is linked to; `None` where there is no such link.
    pub user: Option<UserId>,
    /// The session that ended (`sid`); `None` where all of the subject's sessions did.
    pub sid: Option<String>,
    /// To be committed with what it ends, so that a token that was put off is as good as before: it is used up, and the end of the session that
    /// it names is remembered, as a sign-in that rests on it may just be beginning.
    pub noted: Vec<Change>,
}

impl SignedOutThere {
    /// Whether a sign-in rests on what ended.
    pub fn names(&self, upstream: &UpstreamSignIn) -> bool {
        let same = |sid: &String| upstream.sid.as_ref() == Some(sid);
        upstream.connection == self.connection && self.sid.as_ref().is_none_or(same)
    }
}

/// Why a logout token is refused: section 2.6.
#[derive(Debug, thiserror::Error)]
pub enum LogoutTokenRejected {
    /// There is no such connection, it is switched off, or it is of no OpenID provider.
    #[error("no such connection")]
    NoConnection,
    /// There is no token.
    #[error("logout_token is missing")]
    Missing,
    /// Its signature, its header, or the key it names.
    #[error("logout_token: {0}")]
    Signature(#[from] TokenRejected),
    /// A claim, by its name, is missing or not what section 2.6 asks for.
    #[error("logout_token: {0} is not as it must be")]
    Claim(&'static str),
    /// The token was here before.
    #[error("logout_token was used before")]
    Replayed,
    /// The provider's keys cannot be had, or a store did not answer.
    #[error("{0}")]
    Unavailable(Reason),
}

impl From<RemoteKeysRejected> for LogoutTokenRejected {
    fn from(rejected: RemoteKeysRejected) -> Self {
        match rejected {
            RemoteKeysRejected::Unreachable => Self::Unavailable(Reason::Unreachable),
            RemoteKeysRejected::Token(why) => Self::Signature(why),
        }
    }
}

impl From<StoreError> for LogoutTokenRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::TokenSpent) => Self::Replayed,
            other => Self::Unavailable(other.into()),
        }
    }
}

impl Upstream {
    /// Where the user signs out at the provider, if it has such a place: RP-Initiated Logout 1.0 section 2. It comes back to `back`.
    pub async fn sign_out_url(&self, slug: &Slug, back: &str) -> StoreResult<Option<(Connection, Url)>> {
        let connection = self.stores.connections.find_by_slug(slug).await?.filter(|connection| connection.enabled);
        let Some(connection) = connection else { return Ok(None) };
        let found = self.provider(&connection).await.ok().and_then(|provider| provider.oidc?.end_session);
        Ok(found.map(|mut url| {
            url.query_pairs_mut()
                .append_pair("client_id", &connection.client_id)
                .append_pair("post_logout_redirect_uri", back);
            (connection, url)
        }))
    }

    /// Remembers whose a session of a provider's is, so that a logout token that names only the session finds the account: for as long
    /// as a session here can rest on it.
    pub async fn note_session(&self, user: UserId, upstream: &UpstreamSignIn) -> StoreResult<()> {
        let Some(sid) = &upstream.sid else { return Ok(()) };
        let now = self.clock.now();
        let expires_at = now.plus(self.session_lifetime);
        let key = session_key(upstream.connection.as_bytes(), sid);
        let label = RecordLabel { kind: RecordKind::UpstreamLogin, key, owners: Vec::new(), expires_at };
        self.records.put(label, &user, now).await
    }

    /// Reads a logout token: section 2.6.
    pub async fn signed_out_there(&self, slug: &str, params: &Params) -> Result<SignedOutThere, LogoutTokenRejected> {
        let slug = Slug::parse(slug).map_err(|_| LogoutTokenRejected::NoConnection)?;
        let connection = self.stores.connections.find_by_slug(&slug).await?.filter(|connection| connection.enabled);
        let connection = connection.ok_or(LogoutTokenRejected::NoConnection)?;
        let provider = self.provider(&connection).await.map_err(LogoutTokenRejected::Unavailable)?;
        let oidc = provider.oidc.as_ref().ok_or(LogoutTokenRejected::NoConnection)?;
        let token = params.get("logout_token").ok_or(LogoutTokenRejected::Missing)?;
        let claims = self.logout_claims(token, oidc, &connection).await?;
        let now = self.clock.now();
        let (jti, sid) = check(&claims, oidc, &connection.client_id, now)?;
        let once = [connection.id.as_bytes().as_slice(), jti.as_bytes()].concat();
        let value = Digest::of("logout_token", &once);
        let mut noted = vec![Change::UseOnce { value, until: now.plus(OLDEST + SKEW), now }];
        noted.extend(sid.as_deref().map(|sid| {
            let id = end_mark_of(connection.id, sid);
            Change::EndSignIn { id, until: now.plus(self.session_lifetime) }
        }));
        let user = self.person_of(&connection, &claims, sid.as_deref()).await?;
        Ok(SignedOutThere { connection: connection.id, user, sid, noted })
    }

    async fn logout_claims(
        &self,
        token: &str,
        oidc: &Oidc,
        connection: &Connection,
    ) -> Result<Value, LogoutTokenRejected> {
        let now = self.clock.now();
        let secret = secrets::open(&self.sealer, connection, now).into_iter().next();
        let secret = secret.unwrap_or_else(|| Secret::from(""));
        let verify =
            |keys: &Value| foreign::verify_upstream(Kind::LogoutToken, token, keys, (&secret, &oidc.algorithms));
        let verified = self.keys.at(provider::caller(connection), &oidc.jwks).verify(now, verify).await?;
        Ok(Value::Object(verified.claims))
    }

    async fn person_of(
        &self,
        connection: &Connection,
        claims: &Value,
        sid: Option<&str>,
    ) -> StoreResult<Option<UserId>> {
        let preset = presets::find(&connection.preset);
        let mapping = preset.map(|preset| preset.mapping(super::claims::places(connection)));
        let named = mapping.and_then(|mapping| profile::map(&mapping, std::slice::from_ref(claims)).ok());
        if let Some(profile) = named {
            let identity = complete_sign_in::identity(connection, &profile);
            return Ok(self.link_of(&identity).await?.map(|link| link.user));
        }
        let Some(sid) = sid else { return Ok(None) };
        let key = session_key(connection.id.as_bytes(), sid);
        self.records.get(RecordKind::UpstreamLogin, key, self.clock.now()).await
    }
}

fn session_key(connection: &[u8; 16], sid: &str) -> Digest {
    Digest::of("upstream session", &[connection.as_slice(), sid.as_bytes()].concat())
}

/// Section 2.6, steps 3 to 7: the token's `jti`, and its `sid` where it has one.
fn check(
    claims: &Value,
    oidc: &Oidc,
    client_id: &str,
    now: Timestamp,
) -> Result<(String, Option<String>), LogoutTokenRejected> {
    use LogoutTokenRejected::Claim;
    if !oidc.issuer.issued(oidc.named.as_deref(), claims) {
        return Err(Claim("iss"));
    }
    if !super::id_token::may_be_used(claims, now) {
        return Err(Claim("nbf"));
    }
    let ours = |value: &Value| value.as_str() == Some(client_id);
    let audience = claims.get("aud").is_some_and(|aud| match aud {
        Value::Array(all) => !all.is_empty() && all.iter().all(ours),
        one => ours(one),
    });
    if !audience {
        return Err(Claim("aud"));
    }
    let time = |name: &'static str| claims.get(name).and_then(Value::as_i64).map(Timestamp::from_seconds);
    let iat = time("iat").filter(|iat| *iat <= now.plus(SKEW) && now.since(*iat) <= OLDEST).ok_or(Claim("iat"))?;
    // Draft implementations leave exp out; where it is there, it counts.
    if claims.get("exp").is_some() && time("exp").is_none_or(|exp| exp <= now.minus(SKEW) || exp < iat) {
        return Err(Claim("exp"));
    }
    if !claims.pointer("/events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return Err(Claim("events"));
    }
    // "Verify that the Logout Token does not contain a nonce Claim", so that no ID token is taken for one.
    if claims.get("nonce").is_some() {
        return Err(Claim("nonce"));
    }
    let text = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if (1..=MAX_TEXT).contains(&text.len()) => Ok(Some(text.clone())),
        Some(_) => Err(Claim(name)),
    };
    let (sub, sid) = (text("sub")?, text("sid")?);
    if sub.is_none() && sid.is_none() {
        return Err(Claim("sub"));
    }
    Ok((text("jti")?.ok_or(Claim("jti"))?, sid))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::connection::UpstreamAlgorithm;
    use crate::upstream::presets::Issuer;

    const NOW: i64 = 1_800_000_000;

    fn checked(change: &Value) -> Result<(String, Option<String>), String> {
        let mut claims = json!({
            "iss": "https://idp.example", "aud": "us", "iat": NOW, "exp": NOW + 120, "jti": "j", "sub": "1", "sid": "s",
            "events": { EVENT: {} },
        });
        for (name, value) in change.as_object().unwrap() {
            let members = claims.as_object_mut().unwrap();
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.clone(), value.clone());
            }
        }
        let oidc = Oidc {
            issuer: Issuer::Fixed("https://idp.example"),
            named: None,
            jwks: "https://idp.example/jwks".parse().unwrap(),
            algorithms: vec![UpstreamAlgorithm::RS256],
            iss_in_answers: false,
            auth_time: false,
            end_session: None,
        };
        check(&claims, &oidc, "us", Timestamp::from_seconds(NOW)).map_err(|error| error.to_string())
    }

    #[test]
    fn back_channel_logout_section_2_6_each_rule_refuses_on_its_own() {
        assert_eq!(checked(&json!({})).unwrap(), ("j".to_owned(), Some("s".to_owned())));
        assert_eq!(checked(&json!({ "sid": null })).unwrap().1, None);
        assert!(checked(&json!({ "sub": null })).is_ok(), "sid alone will do");
        for (change, claim) in [
            (json!({ "iss": "https://other.example" }), "iss"),
            (json!({ "aud": "them" }), "aud"),
            (json!({ "aud": [] }), "aud"),
            (json!({ "iat": NOW - 301 }), "iat"),
            (json!({ "iat": NOW + 61 }), "iat"),
            (json!({ "iat": null }), "iat"),
            (json!({ "nbf": NOW + 61 }), "nbf"),
            (json!({ "nbf": "soon" }), "nbf"),
            (json!({ "exp": NOW - 60 }), "exp"),
            (json!({ "exp": "never" }), "exp"),
            (json!({ "events": {} }), "events"),
            (json!({ "events": null }), "events"),
            (json!({ "nonce": "n" }), "nonce"),
            (json!({ "sub": null, "sid": null }), "sub"),
            (json!({ "sub": 1 }), "sub"),
            (json!({ "jti": null }), "jti"),
        ] {
            let refused = checked(&change).unwrap_err();
            assert!(refused.contains(&format!(" {claim} ")), "{change}: {refused}");
        }
    }
}
