//! The only mint: access tokens and ID tokens are signed here and nowhere else.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::claims::{AccessTokenClaims, Audience, AuthenticationClaims, IdTokenClaims};
use super::end_user_claims::Told;
use super::validity::ValidGrant;
use super::{TokenForm, TokenService, end_user_claims, jti};
use crate::keys::{KeyError, LONGEST_TOKEN_LIFETIME, TokenType};
use crate::model::client::{AccessTokenType, Client, SigningAlgorithm};
use crate::protocol::ScopeSet;
use crate::protocol::confirmation::{self, Confirmation};
use crate::protocol::resource::Resource;
use crate::protocol::scope::standard;
use crate::support::{Digest, Timestamp};

/// Whom an access token speaks for.
#[derive(Clone, Debug)]
pub enum TokenSubject {
    /// The client itself: RFC 9068 section 2.2, `sub` is then "an identifier the authorization server uses to indicate the client
    /// application".
    Client,
    /// An end-user, whose account is the `sub`.
    EndUser {
        /// The grant behind it, which counts.
        valid: Box<ValidGrant>,
        /// The generation of the refresh token beside it.
        generation: u32,
        /// Whether this is the answer to the sign-in itself: its ID token repeats the nonce. One that comes with a refresh "SHOULD NOT have
        /// a nonce Claim" (OpenID Connect Core 1.0 section 12.2).
        first: bool,
    },
}

/// What the tokens of an answer shall say.
#[derive(Clone, Debug)]
pub struct TokenOrder {
    /// Whom the tokens are about.
    pub subject: TokenSubject,
    /// What it allows. `openid` brings an ID token.
    pub scope: ScopeSet,
    /// Where it is good.
    pub audience: Audience,
    /// The key that it is bound to: RFC 7800 section 3.1.
    pub cnf: Option<Confirmation>,
    /// How the access token names its type, and how long it lives.
    pub form: TokenForm,
}

/// The signed tokens of an answer.
#[derive(Clone, Debug)]
pub struct Minted {
    access_token: String,
    id_token: Option<String>,
    expires_in: Duration,
    token_type: confirmation::TokenType,
}

/// The answer of the token endpoint: RFC 6749 section 5.1, OpenID Connect Core 1.0 section 3.1.3.3.
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: confirmation::TokenType,
    #[serde(serialize_with = "seconds")]
    expires_in: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "ScopeSet::is_empty")]
    scope: ScopeSet,
}

impl TokenResponse {
    /// Puts an answer together.
    pub fn new(minted: Minted, refresh_token: Option<String>, scope: ScopeSet) -> Self {
        Self {
            access_token: minted.access_token,
            token_type: minted.token_type,
            expires_in: minted.expires_in,
            refresh_token,
            id_token: minted.id_token,
            scope,
        }
    }
}

fn seconds<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(span.as_secs())
}

/// The audience of an access token: the resources asked for now; else those that were granted, and the issuer (UserInfo) beside
/// them when there is something to ask it; else the issuer.
pub fn audience(issuer: &str, requested: &[Resource], granted: &[Resource], scope: &ScopeSet) -> Audience {
    let of = |resources: &[Resource]| resources.iter().map(|r| r.as_str().to_owned()).collect::<Vec<_>>();
    if !requested.is_empty() {
        return Audience::of(of(requested));
    }
    let mut values = of(granted);
    if values.is_empty() || scope.contains(standard::OPENID) {
        values.push(issuer.to_owned());
    }
    Audience::of(values)
}

/// Mints what was ordered.
pub fn mint(tokens: &TokenService, client: &Client, order: &TokenOrder) -> Result<Minted, KeyError> {
    let expires_in = order.form.lifetime;
    let now = tokens.now();
    let token_type = order.cnf.as_ref().map_or(confirmation::TokenType::Bearer, Confirmation::token_type);
    match &order.subject {
        TokenSubject::Client => {
            let signer = Signer { tokens, client, order, subject: client.id.as_str(), now };
            let access_token = signer.access_token(&jti::free(client.epoch, tokens.random.as_ref()), None)?;
            Ok(Minted { access_token, id_token: None, expires_in, token_type })
        }
        TokenSubject::EndUser { valid, generation, first } => {
            let subject = valid.user.id.to_string();
            let signer = Signer { tokens, client, order, subject: &subject, now };
            let origin = jti::Origin { grant: valid.grant.id, generation: *generation };
            let jti = jti::granted(origin, tokens.random.as_ref());
            let access_token = signer.access_token(&jti, Some(valid))?;
            let openid = order.scope.contains(standard::OPENID);
            let id_token = openid.then(|| signer.id_token(valid, &access_token, *first)).transpose()?;
            Ok(Minted { access_token, id_token, expires_in, token_type })
        }
    }
}

/// A token of an end-user before it is signed.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The `typ` of its header.
    pub typ: TokenType,
    /// The `alg` of its header.
    pub algorithm: SigningAlgorithm,
    /// Its claims.
    pub claims: Map<String, Value>,
    /// What is told of the end-user among them, and why.
    pub told: Told,
}

/// What [`mint`] would sign, with `drawn` in the place of what is drawn or computed for each token (`jti`, `at_hash`): the access token, and the ID token
/// where there is one. Nothing is signed, counted or stored.
pub fn unsigned(
    tokens: &TokenService,
    valid: &ValidGrant,
    order: &TokenOrder,
    drawn: &str,
) -> (Unsigned, Option<Unsigned>) {
    let (client, subject) = (&*valid.client, valid.user.id.to_string());
    let signer = Signer { tokens, client, order, subject: &subject, now: tokens.now() };
    let (algorithm, typ) = signer.access_token_header();
    let access_claims = written(&signer.access_token_claims(drawn, Some(valid)));
    let access_token = Unsigned { typ, algorithm, claims: access_claims, told: signer.by_rules(valid) };
    let id_token = order.scope.contains(standard::OPENID).then(|| Unsigned {
        typ: TokenType::IdToken,
        algorithm: client.tokens.id_token_algorithm,
        claims: written(&signer.id_token_claims(valid, drawn, true)),
        told: signer.about(valid),
    });
    (access_token, id_token)
}

/// What is signed, as an object: it is nothing else.
fn written(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(claims)) => claims,
        _ => Map::new(),
    }
}

struct Signer<'a> {
    tokens: &'a TokenService,
    client: &'a Client,
    order: &'a TokenOrder,
    subject: &'a str,
    now: Timestamp,
}

impl Signer<'_> {
    fn access_token(&self, jti: &str, valid: Option<&ValidGrant>) -> Result<String, KeyError> {
        let (algorithm, typ) = self.access_token_header();
        self.tokens.keys.sign(algorithm, typ, &self.access_token_claims(jti, valid))
    }

    const fn access_token_header(&self) -> (SigningAlgorithm, TokenType) {
        let typ = match self.order.form.token_type {
            AccessTokenType::AtJwt => TokenType::AccessToken,
            AccessTokenType::Jwt => TokenType::PlainAccessToken,
        };
        (self.client.tokens.access_token_algorithm, typ)
    }

    fn access_token_claims<'c>(&'c self, jti: &'c str, valid: Option<&'c ValidGrant>) -> AccessTokenClaims<'c> {
        AccessTokenClaims {
            iss: &self.tokens.issuer,
            sub: self.subject,
            aud: &self.order.audience,
            exp: self.now.plus(self.order.form.lifetime).seconds(),
            iat: self.now.seconds(),
            jti,
            client_id: self.client.id.as_str(),
            scope: &self.order.scope,
            cnf: self.order.cnf.as_ref(),
            groups: valid.and_then(|valid| self.told(standard::GROUPS, &valid.derived.held.groups)),
            roles: valid.and_then(|valid| self.told(standard::ROLES, &valid.derived.held.roles)),
            by_rules: valid.map(|valid| self.by_rules(valid).written()).unwrap_or_default(),
            authentication: valid.map(|valid| AuthenticationClaims {
                auth_time: valid.grant.terms.auth_time.seconds(),
                acr: &valid.grant.terms.acr,
                amr: &valid.grant.terms.amr,
            }),
        }
    }

    fn by_rules(&self, valid: &ValidGrant) -> Told {
        end_user_claims::for_access_token(valid.end_user(), &valid.grant.terms, &self.order.scope, self.client)
    }

    /// What the access token says of a claim that a scope stands for: where that was granted, and the client is registered for it now.
    fn told<'a>(&self, scope: &str, values: &'a [String]) -> Option<&'a [String]> {
        (self.order.scope.contains(scope) && self.client.policy.scopes.contains(scope)).then_some(values)
    }

    fn id_token(&self, valid: &ValidGrant, access_token: &str, first: bool) -> Result<String, KeyError> {
        let algorithm = self.client.tokens.id_token_algorithm;
        let at_hash = at_hash(algorithm, access_token);
        let claims = self.id_token_claims(valid, &at_hash, first);
        self.tokens.keys.sign(algorithm, TokenType::IdToken, &claims)
    }

    fn id_token_claims<'c>(&'c self, valid: &'c ValidGrant, at_hash: &'c str, first: bool) -> IdTokenClaims<'c> {
        let terms = &valid.grant.terms;
        let lifetime = self.client.tokens.lifetimes.access_token.min(LONGEST_TOKEN_LIFETIME);
        let auth_time_wanted = terms.auth_time_wanted || terms.claims.id_token.contains_key("auth_time");
        IdTokenClaims {
            iss: &self.tokens.issuer,
            sub: self.subject,
            aud: self.client.id.as_str(),
            exp: self.now.plus(lifetime).seconds(),
            iat: self.now.seconds(),
            auth_time: auth_time_wanted.then(|| terms.auth_time.seconds()),
            nonce: terms.nonce.as_deref().filter(|_| first),
            acr: &terms.acr,
            amr: &terms.amr,
            at_hash,
            sid: valid.grant.sign_in.map(|id| id.to_string()),
            about_the_end_user: self.about(valid).written(),
        }
    }

    fn about(&self, valid: &ValidGrant) -> Told {
        end_user_claims::for_id_token(valid.end_user(), &valid.grant.terms, &self.order.scope, self.client)
    }
}

/// OpenID Connect Core 1.0 section 3.1.3.6: "the left-most half of the hash of the octets of the ASCII representation of the
/// `access_token` value, where the hash algorithm used is the hash algorithm used in the `alg` Header Parameter". Ed25519 hashes with
/// SHA-512 (RFC 8032 section 5.1).
fn at_hash(algorithm: SigningAlgorithm, access_token: &str) -> String {
    let bits = match algorithm {
        SigningAlgorithm::ES256 | SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => 256,
        SigningAlgorithm::ES384 => 384,
        SigningAlgorithm::EdDSA => 512,
    };
    URL_SAFE_NO_PAD.encode(Digest::left_half(bits, access_token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resources(texts: &[&str]) -> Vec<Resource> {
        texts.iter().map(|text| Resource::parse(text).unwrap()).collect()
    }

    fn audience_of(requested: &[&str], granted: &[&str], scope: &str) -> Vec<String> {
        let scope = ScopeSet::parse(scope).unwrap();
        let audience = audience("https://id.example", &resources(requested), &resources(granted), &scope);
        audience.iter().map(str::to_owned).collect()
    }

    #[test]
    fn the_audience_is_what_was_asked_for_or_granted_or_the_issuer() {
        let (a, b) = ("https://a.example", "https://b.example");
        assert_eq!(audience_of(&[a], &[a, b], "openid"), [a]);
        assert_eq!(audience_of(&[], &[a, b], "read"), [a, b]);
        assert_eq!(audience_of(&[], &[a], "openid"), [a, "https://id.example"]);
        assert_eq!(audience_of(&[], &[], "read"), ["https://id.example"]);
    }

    #[test]
    fn one_audience_is_written_as_text_and_several_as_an_array() {
        let json = |values: &[&str]| {
            serde_json::to_string(&Audience::of(values.iter().map(|&v| v.to_owned()).collect())).unwrap()
        };
        assert_eq!(json(&["a"]), "\"a\"");
        assert_eq!(json(&["a", "b"]), "[\"a\",\"b\"]");
    }

    #[test]
    fn at_hash_follows_the_algorithm() {
        // OpenID Connect Core 1.0 appendix A.3: the access token and its at_hash under RS256.
        assert_eq!(
            at_hash(SigningAlgorithm::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(at_hash(SigningAlgorithm::ES384, "x").len(), 32);
        assert_eq!(at_hash(SigningAlgorithm::EdDSA, "x").len(), 43);
    }
}
