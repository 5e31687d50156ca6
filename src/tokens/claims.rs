//! What is inside an access token (RFC 9068 section 2.2) and an ID token (OpenID Connect Core 1.0 section 2).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::protocol::ScopeSet;
use crate::protocol::confirmation::Confirmation;

/// `aud`: one text, or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// A single audience, as text.
    One(String),
    /// Several audiences, as an array.
    Several(Vec<String>),
}

impl Audience {
    /// An audience of these, written as one text where it is one.
    pub fn of(mut values: Vec<String>) -> Self {
        match values.pop() {
            Some(one) if values.is_empty() => Self::One(one),
            Some(last) => {
                values.push(last);
                Self::Several(values)
            }
            None => Self::Several(values),
        }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let (one, several) = match self {
            Self::One(one) => (Some(one.as_str()), [].as_slice()),
            Self::Several(several) => (None, several.as_slice()),
        };
        one.into_iter().chain(several.iter().map(String::as_str))
    }

    /// Whether it holds this text.
    pub fn contains(&self, wanted: &str) -> bool {
        self.iter().any(|value| value == wanted)
    }
}

/// The claims of an access token, as it is written.
#[derive(Debug, Serialize)]
pub(super) struct AccessTokenClaims<'a> {
    pub(super) iss: &'a str,
    pub(super) sub: &'a str,
    pub(super) aud: &'a Audience,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) jti: &'a str,
    pub(super) client_id: &'a str,
    #[serde(skip_serializing_if = "ScopeSet::is_empty")]
    pub(super) scope: &'a ScopeSet,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cnf: Option<&'a Confirmation>,
    /// RFC 9068 section 2.2.3.1: an authorization server that says such things "SHOULD use the `groups`, `roles`, and `entitlements` attributes of the `User`
    /// resource schema defined by Section 4.1.2 of [RFC7643] as claim types". Their values are texts, as in ID tokens and UserInfo: the `value` that each of the
    /// complex ones of SCIM has, which is what apps compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) groups: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) roles: Option<&'a [String]>,
    /// What rules say. Names of the claims here, and those of ID tokens, never occur there.
    #[serde(flatten)]
    pub(super) by_rules: Map<String, Value>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) authentication: Option<AuthenticationClaims<'a>>,
}

/// How the user authenticated: RFC 9068 section 2.2.1.
#[derive(Debug, Serialize)]
pub(super) struct AuthenticationClaims<'a> {
    pub(super) auth_time: i64,
    pub(super) acr: &'a str,
    pub(super) amr: &'a [String],
}

/// The claims of an access token that Haechi minted, as it is read back. `client_id` and `jti`, which RFC 9068 section 2.2 requires, tell it
/// from an ID token, which has neither, where the type does not.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AccessToken {
    /// The issuer identifier.
    pub iss: String,
    /// About whom it is: a user, or the client itself.
    pub sub: String,
    /// For whom it is.
    pub aud: Audience,
    /// Expiry, in seconds since the Unix epoch.
    pub exp: i64,
    /// Time of issue, in seconds since the Unix epoch.
    pub iat: i64,
    /// The token's id, from which its grant is known.
    pub jti: String,
    /// To whom it was given.
    pub client_id: String,
    /// The scope that was granted: RFC 8693 section 4.2.
    #[serde(default)]
    pub scope: ScopeSet,
    /// The key that its presenter must prove to hold: RFC 7800 section 3.1.
    #[serde(default)]
    pub cnf: Option<Confirmation>,
}

/// The claims of an ID token.
#[derive(Debug, Serialize)]
pub(super) struct IdTokenClaims<'a> {
    pub(super) iss: &'a str,
    pub(super) sub: &'a str,
    pub(super) aud: &'a str,
    pub(super) exp: i64,
    pub(super) iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<&'a str>,
    pub(super) acr: &'a str,
    pub(super) amr: &'a [String],
    pub(super) at_hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<String>,
    /// What the client is told of the user in the ID token. Names of the claims above never occur here, and neither do those by which an access
    /// token is known (`client_id`, `jti`).
    #[serde(flatten)]
    pub(super) about_the_end_user: Map<String, Value>,
}
