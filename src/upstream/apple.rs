//! What only Apple wants: a client secret that is a signed JWT, and the name that comes once.
//!
//! Owns what goes into that JWT and what of the posted `user` field is kept. Leaves the signature to `keys`. Source:
//! <https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret>; read 2026-11-23.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::keys::{AssertionKey, ImportRejected, KeyError};
use crate::model::client::SigningAlgorithm;
use crate::model::user::EmailAddress;
use crate::support::{Secret, Timestamp};

/// Who issues Apple's ID tokens, and whom client secrets are for.
pub const ISSUER: &str = "https://appleid.apple.com";

/// The domain of addresses that forward to the one that a user keeps to themselves.
pub const RELAY_DOMAIN: &str = "privaterelay.appleid.com";

/// Apple allows six months. A secret is made for each call, so that none has to be kept or renewed, and a stolen one is soon worth
/// nothing.
const LIFETIME: Duration = Duration::from_mins(5);

/// How far Apple's clock may be behind ours.
const SKEW: Duration = Duration::from_secs(30);

/// The longest `user` field that is read.
const MAX_USER_FIELD: usize = 4096;

/// The claims of a client secret.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    exp: i64,
    aud: &'static str,
    sub: &'a str,
}

/// What proves who we are to Apple.
#[derive(Debug)]
pub struct AppleApp {
    team_id: String,
    client_id: String,
    key: AssertionKey,
}

impl AppleApp {
    /// Reads what an administrator copied from Apple's console: the team's id, the Services ID, the id of the key and its `.p8` file.
    pub fn new(team_id: &str, client_id: &str, key_id: &str, p8: &Secret<String>) -> Result<Self, ImportRejected> {
        let key = AssertionKey::from_pem(SigningAlgorithm::ES256, key_id, p8)?;
        Ok(Self { team_id: team_id.to_owned(), client_id: client_id.to_owned(), key })
    }

    /// A client secret that is good for the next call.
    pub fn client_secret(&self, now: Timestamp) -> Result<Secret<String>, KeyError> {
        let claims = Claims {
            iss: &self.team_id,
            iat: now.minus(SKEW).seconds(),
            exp: now.plus(LIFETIME).seconds(),
            aud: ISSUER,
            sub: &self.client_id,
        };
        self.key.sign(&claims)
    }
}

/// Whether mail to this address goes through Apple's relay.
pub fn is_relay(address: &EmailAddress) -> bool {
    address.domain() == RELAY_DOMAIN
}

/// What is kept of the form's `user` field: how the user is called. The address in it is as unsigned as the rest, and the ID token
/// has a signed one.
pub fn user(field: &str) -> Option<Value> {
    let parsed: Value = serde_json::from_str(Some(field).filter(|text| text.len() <= MAX_USER_FIELD)?).ok()?;
    let name = parsed.get("name")?.as_object()?;
    let kept: Map<String, Value> = ["firstName", "lastName"]
        .into_iter()
        .filter_map(|part| Some((part.to_owned(), name.get(part).filter(|value| value.is_string())?.clone())))
        .collect();
    Some(Value::Object(Map::from_iter([("name".to_owned(), Value::Object(kept))])))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn p8() -> (rcgen::KeyPair, Secret<String>) {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let pem = pair.serialize_pem();
        (pair, Secret::from(pem))
    }

    fn part(token: &str, n: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_client_secret_says_what_apple_wants_and_is_renewed_by_itself() {
        let (_, pem) = p8();
        let app = AppleApp::new("TEAM123456", "com.example.web", "KEY1234567", &pem).unwrap();
        let now = Timestamp::from_seconds(1_800_000_000);
        let secret = app.client_secret(now).unwrap();
        assert_eq!(part(secret.expose(), 0), json!({ "alg": "ES256", "kid": "KEY1234567", "typ": "JWT" }));
        let claims = json!({
            "iss": "TEAM123456", "iat": 1_799_999_970, "exp": 1_800_000_300,
            "aud": "https://appleid.apple.com", "sub": "com.example.web",
        });
        assert_eq!(part(secret.expose(), 1), claims);
        let half_a_year_later = now.plus(Duration::from_hours(24 * 183));
        let later = app.client_secret(half_a_year_later).unwrap();
        assert_eq!(part(later.expose(), 1)["exp"], json!(half_a_year_later.plus(LIFETIME).seconds()));
    }

    #[test]
    fn only_a_key_of_apple_s_kind_is_taken() {
        let ed25519 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap().serialize_pem();
        for bad in [ed25519.as_str(), "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
            assert!(AppleApp::new("T", "c", "K", &Secret::from(bad)).is_err(), "{bad}");
        }
        let (_, pem) = p8();
        let app = AppleApp::new("T", "c", "K", &pem).unwrap();
        assert!(!format!("{app:?}").contains("PRIVATE"));
    }

    #[test]
    fn of_the_posted_user_only_the_name_is_kept() {
        let posted =
            r#"{"name":{"firstName":"길동","lastName":"홍","middleName":"x"},"email":"victim@example.com","sub":"1"}"#;
        assert_eq!(user(posted).unwrap(), json!({ "name": { "firstName": "길동", "lastName": "홍" } }));
        assert_eq!(user(r#"{"name":{"firstName":{"a":1}}}"#).unwrap(), json!({ "name": {} }));
        for bad in ["", "[]", "{}", r#"{"name":"x"}"#, &format!(r#"{{"name":{{"firstName":"{}"}}}}"#, "x".repeat(5000))]
        {
            assert_eq!(user(bad), None, "{bad}");
        }
    }
}
