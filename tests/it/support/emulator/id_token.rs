//! ID tokens, honest ones and others: OpenID Connect Core 1.0 section 2.

use haechi::support::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::providers::{OpenId, Provider};
use super::{Login, Mischief, Proof, Registration, Said, Shared, State, merge};
use crate::support::jose::{Party, base64url, hs256};

/// What an ID token is made for.
pub(super) struct For<'a> {
    pub(super) login: &'a Login,
    pub(super) app: &'a Registration,
    pub(super) access_token: &'a str,
    pub(super) now: Timestamp,
}

/// The ID token, where `openid` was asked for.
pub(super) fn made(state: &mut State, provider: &'static Provider, to: &For<'_>) -> Option<String> {
    let openid = provider.openid.as_ref()?;
    let scope = to.login.asked.get("scope").map_or("", String::as_str);
    if !scope.split(' ').any(|scope| scope == "openid") || state.mischief == Some(Mischief::NoIdToken) {
        return None;
    }
    let mut claims = honest(state, provider, openid, to);
    spoil(&mut claims, state.mischief, to.now);
    Some(signed(state, provider, openid, to, &claims))
}

fn honest(state: &State, provider: &Provider, openid: &OpenId, to: &For<'_>) -> Value {
    let now = to.now.seconds();
    let mut claims = json!({ "iss": openid.issuer, "aud": to.app.id, "iat": now, "exp": now + 600 });
    if openid.echoes_nonce {
        claims["nonce"] = json!(to.login.asked["nonce"]);
    }
    if openid.hashes_access_token {
        // Section 3.1.3.6: the left half.
        claims["at_hash"] = json!(base64url(&digest(&SHA256, to.access_token.as_bytes()).as_ref()[..16]));
    }
    merge(&mut claims, &(openid.claims)(&state.person(provider)));
    state.saying(Said::IdToken, claims)
}

fn spoil(claims: &mut Value, mischief: Option<Mischief>, now: Timestamp) {
    const DAY: i64 = 86_400;
    let now = now.seconds();
    match mischief {
        Some(Mischief::WrongIssuer) => claims["iss"] = json!("https://evil.example"),
        Some(Mischief::WrongAudience) => claims["aud"] = json!("another-app"),
        Some(Mischief::WrongAuthorizedParty) => {
            claims["aud"] = json!([claims["aud"], "another-app"]);
            claims["azp"] = json!("another-app");
        }
        Some(Mischief::WrongNonce) => claims["nonce"] = json!("the-nonce-of-another-request"),
        Some(Mischief::NoNonce) => merge(claims, &json!({ "nonce": null })),
        Some(Mischief::NoExpiry) => merge(claims, &json!({ "exp": null })),
        Some(Mischief::Expired) => merge(claims, &json!({ "iat": now - DAY, "exp": now - DAY + 600 })),
        Some(Mischief::FromTheFuture) => merge(claims, &json!({ "iat": now + DAY, "exp": now + DAY + 600 })),
        Some(Mischief::WrongAccessTokenHash) => claims["at_hash"] = json!(base64url([7; 16])),
        _ => {}
    }
}

fn signed(state: &mut State, provider: &'static Provider, openid: &OpenId, to: &For<'_>, claims: &Value) -> String {
    let algorithm = state.algorithms.get(provider.name).copied().unwrap_or(openid.algorithm);
    let secret = match &to.app.proof {
        Proof::Secret(secret) => secret.clone(),
        Proof::Apple { .. } => String::new(),
    };
    if algorithm == "HS256" && state.mischief != Some(Mischief::AlgorithmNone) {
        let key = if state.mischief == Some(Mischief::UnknownKey) { "another secret" } else { secret.as_str() };
        return broken(state.mischief, hs256(key.as_bytes(), &json!({ "typ": "JWT", "alg": "HS256" }), claims));
    }
    let (kid, party) = state.key(provider.name, published_algorithm(algorithm));
    let header = json!({ "typ": "JWT", "kid": kid });
    match state.mischief {
        Some(Mischief::AlgorithmNone) => {
            format!(
                "{}.{}.",
                base64url(json!({ "alg": "none", "typ": "JWT" }).to_string()),
                base64url(claims.to_string())
            )
        }
        Some(Mischief::MacUnderPublicKey) => {
            hs256(party.jwk().to_string().as_bytes(), &json!({ "alg": "HS256", "kid": kid }), claims)
        }
        Some(Mischief::MacUnderClientSecret) => hs256(secret.as_bytes(), &json!({ "alg": "HS256" }), claims),
        Some(Mischief::UnknownKey) => Party::new(algorithm).token(json!({ "kid": "a-key-of-nobody" }), claims),
        mischief => broken(mischief, party.token(header, claims)),
    }
}

/// A logout token for the app that is registered.
pub(super) fn of_logout(state: &mut State, provider: &'static Provider, change: &Value) -> String {
    let openid = provider.openid.as_ref().unwrap();
    let app = state.registrations.iter().find(|app| app.provider == provider.name).unwrap().id.clone();
    let now = state.now().seconds();
    let mut claims = json!({
        "iss": openid.issuer, "aud": app, "iat": now, "exp": now + 120, "jti": state.draw("jti"),
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    merge(&mut claims, change);
    let (kid, party) = state.key(provider.name, openid.algorithm);
    match state.mischief {
        Some(Mischief::UnknownKey) => Party::new(openid.algorithm).token(json!({ "kid": kid }), &claims),
        mischief => broken(mischief, party.token(json!({ "typ": "logout+jwt", "kid": kid }), &claims)),
    }
}

/// The token, with its signature changed where that is the mischief.
fn broken(mischief: Option<Mischief>, token: String) -> String {
    if mischief != Some(Mischief::BrokenSignature) {
        return token;
    }
    // The first letter of the signature: all its bits count.
    let at = token.rfind('.').unwrap() + 1;
    let other = if token[at..].starts_with('A') { 'E' } else { 'A' };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

/// What is published is a key, never a secret.
fn published_algorithm(algorithm: &'static str) -> &'static str {
    if algorithm == "HS256" { "ES256" } else { algorithm }
}

/// RFC 7517: the keys that a provider publishes.
pub(super) fn published(shared: &Shared, provider: &'static Provider) -> Value {
    let mut state = shared.state();
    let openid = provider.openid.as_ref().unwrap();
    let algorithm = state.algorithms.get(provider.name).copied().unwrap_or(openid.algorithm);
    let algorithm = published_algorithm(algorithm);
    let (kid, party) = state.key(provider.name, algorithm);
    // The key that signed before is still there, as everywhere.
    let keys = ["kid-of-before", kid.as_str()].map(|kid| {
        let mut key = party.jwk_with(json!({ "kid": kid, "use": "sig", "alg": algorithm }));
        merge(&mut key, &(openid.keys)());
        key
    });
    json!({ "keys": keys })
}
