//! The token endpoint: RFC 6749 section 4.1.3, RFC 7636 section 4.6, and each provider's way of answering.

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use haechi::support::Timestamp;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;

use super::providers::{Authentication, Granted, Pkce, Provider};
use super::server::Asked;
use super::{Proof, Registration, Said, Shared, State, id_token};
use crate::support::jose::base64url;

/// Apple: "not greater than 15777000 (6 months in seconds)".
const LONGEST_SECRET: i64 = 15_777_000;

pub(super) fn answer(shared: &Shared, provider: &'static Provider, asked: &Asked) -> (u16, Value) {
    let mut state = shared.state();
    match grant(&mut state, provider, asked) {
        Ok(granted) => {
            let answer = (provider.granted)(&granted);
            (200, state.saying(Said::Token, answer))
        }
        Err(error) => (provider.refused)(error),
    }
}

fn grant(state: &mut State, provider: &'static Provider, asked: &Asked) -> Result<Granted, &'static str> {
    let field = |name: &str| asked.form.get(name).map_or("", String::as_str);
    let form = asked.header("content-type").starts_with("application/x-www-form-urlencoded");
    if asked.method != Method::POST || !form || field("grant_type") != "authorization_code" {
        return Err("invalid_request");
    }
    if provider.json_on_demand && !asked.header("accept").contains("application/json") {
        return Err("not_acceptable");
    }
    let app = authenticated(state, provider, asked).ok_or("invalid_client")?;
    let now = state.now();
    let login = state.logins.get_mut(field("code")).filter(|login| std::ptr::eq(login.provider, provider));
    let login = login.ok_or("invalid_grant")?;
    let authorized = |name: &str| login.asked.get(name).map_or("", String::as_str);
    if login.used || authorized("client_id") != app.id || authorized("redirect_uri") != field("redirect_uri") {
        return Err("invalid_grant");
    }
    if provider.state_at_token && field("state") != authorized("state") {
        return Err("invalid_request");
    }
    match provider.pkce {
        Pkce::Checked
            if base64url(digest(&SHA256, field("code_verifier").as_bytes())) != authorized("code_challenge") =>
        {
            return Err("invalid_grant");
        }
        // What LinkedIn does where PKCE was not switched on for the app.
        Pkce::Refused if !field("code_verifier").is_empty() => return Err("invalid_client"),
        _ => {}
    }
    login.used = true;
    let login = login.clone();
    let access_token = state.draw("access");
    state.logins.insert(access_token.clone(), login.clone());
    let id_token =
        id_token::made(state, provider, &id_token::For { login: &login, app: &app, access_token: &access_token, now });
    let scope = login.asked.get("scope").cloned().unwrap_or_default();
    Ok(Granted { access_token, id_token, scope })
}

fn authenticated(state: &State, provider: &Provider, asked: &Asked) -> Option<Registration> {
    let field = |name: &str| asked.form.get(name).map_or("", String::as_str);
    let (id, secret) = match provider.authentication {
        Authentication::Basic => basic(asked.header("authorization"))?,
        Authentication::Post if asked.headers.contains_key("authorization") => return None,
        Authentication::Post => (field("client_id").to_owned(), field("client_secret").to_owned()),
    };
    let app = state.registrations.iter().find(|app| app.provider == provider.name && app.id == id)?;
    let proven = match &app.proof {
        Proof::Secret(known) => *known == secret,
        Proof::Apple { team_id, key_id, point } => {
            apple_s(&secret, &AppleKey { team_id, key_id, point, client_id: &id }, state.now()).is_some()
        }
    };
    proven.then(|| app.clone())
}

/// RFC 6749 section 2.3.1: both halves are form-encoded first.
fn basic(header: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| Some(form_urlencoded::parse(text.as_bytes()).next()?.0.into_owned());
    Some((plain(id)?, plain(secret)?))
}

struct AppleKey<'a> {
    team_id: &'a str,
    key_id: &'a str,
    point: &'a [u8],
    client_id: &'a str,
}

/// Whether this is a client secret as Apple wants it:
/// <https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret>.
fn apple_s(secret: &str, key: &AppleKey<'_>, now: Timestamp) -> Option<()> {
    let (signed, signature) = secret.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let open = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (header, claims) = (open(header)?, open(claims)?);
    let named = header["alg"] == "ES256" && header["kid"] == key.key_id;
    let about =
        claims["iss"] == key.team_id && claims["sub"] == key.client_id && claims["aud"] == "https://appleid.apple.com";
    let (iat, exp) = (claims["iat"].as_i64()?, claims["exp"].as_i64()?);
    let timely = iat <= now.seconds() && now.seconds() < exp && exp - iat <= LONGEST_SECRET;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.point).verify(signed.as_bytes(), &signature).ok()?;
    (named && about && timely).then_some(())
}
