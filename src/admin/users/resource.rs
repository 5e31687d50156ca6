//! An account as a document: what is shown of it and what is said of it are one type, in the words of OpenID Connect Core 1.0 section 5.1
//! for everything that is a claim about the end-user.
//!
//! Owns the names and the way between the document and the model; a field of either that the other forgets does not compile. Leaves
//! reading it into the model to `apply`.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::admin::document::{Document, Verdict, never_shown};
use crate::identity::accounts::PostalAddress;
use crate::model::attribute::{AttributeValue, Attributes};
use crate::model::user::{Role, is_profile_claim};
use crate::model::{AccountState, User};
use crate::support::Secret;

/// An account as a document. A claim that is not there keeps its value, or is not there in a new account; an empty text takes it away.
/// Fields that only the server sets may be there as long as they say what is so; in a new account they are passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct UserResource {
    /// The account's id. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The address that signs in; every account needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the address is known to be the end-user's. A new address is not, unless this says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The first password. Read and never shown; an account without one cannot sign in by password, and `set-password` changes it.
    #[serde(skip_serializing_if = "never_shown::always", serialize_with = "never_shown::serialize")]
    #[schema(value_type = Option<String>, write_only, default = json!(null))]
    pub password: Option<Secret<String>>,
    /// The whole name, as the end-user writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The names that are given, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The names of the family, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The names between, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// A casual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The short name that the end-user wishes to be known by in apps. Two accounts may have the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// The URL of the end-user's profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The URL of a picture of the end-user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The URL of the end-user's own page or blog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// The gender, in the end-user's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `YYYY-MM-DD`, with the year 0000 where it is not told, or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// The name of a time zone in the IANA database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// BCP 47 tag of the language of pages and mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// A telephone number in the format of E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether the number is known to be the end-user's. A new number is not, unless this says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    /// The postal address: OpenID Connect Core 1.0 section 5.1.1. It is replaced as a whole; an empty one takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
    /// Custom attributes, by the names that they are declared under. One that is not named stays; `null` or an empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<BTreeMap<String, Value>>,
    /// When the account last changed, in seconds since 1970. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    /// Whether the account may be used, and whether whoever was invited to it has accepted. A new one may be made switched off; later `enable` and `disable` change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountState>,
    /// What the account may do to Haechi itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    /// When the account was made, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Claims in further languages: OpenID Connect Core 1.0 section 5.2, `name#ko-KR`.
    #[serde(flatten, deserialize_with = "in_languages")]
    #[schema(ignore)]
    pub in_languages: BTreeMap<String, Value>,
}

/// Reads what is left of a document once all other fields are taken: claims with a language, and nothing else.
fn in_languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Value>, D::Error> {
    let left = BTreeMap::<String, Value>::deserialize(deserializer)?;
    match left.keys().find(|name| !is_in_language(name)) {
        Some(unknown) => Err(D::Error::custom(format!("unknown field `{unknown}`"))),
        None => Ok(left),
    }
}

/// Whether a member is a claim in a language.
fn is_in_language(member: &str) -> bool {
    member.split_once('#').is_some_and(|(claim, tag)| is_profile_claim(claim) && !tag.is_empty())
}

impl Document for UserResource {
    const SECRETS: &'static [&'static str] = &["password"];

    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.iter().copied().filter(|name| *name != "in_languages").collect()
    }

    fn verdict(member: &str, _value: &Value) -> Verdict {
        let known = is_in_language(member) || Self::members().contains(&member);
        if known { Verdict::Known } else { Verdict::Unknown }
    }
}

impl From<&User> for UserResource {
    fn from(user: &User) -> Self {
        let User {
            id,
            status,
            email,
            email_verified,
            profile,
            attributes,
            locale,
            roles,
            // They have a document of their own.
            affiliations: _,
            delegations: _,
            definitions_version: _,
            // What was ended: nothing that an administrator says or reads.
            not_before: _,
            epoch: _,
            server_epoch: _,
            created_at,
            updated_at,
            version,
        } = user;
        let text = |name: &str| profile.get(name).and_then(Value::as_str).map(str::to_owned);
        let in_languages = profile.iter().filter(|(name, _)| is_in_language(name));
        Self {
            sub: Some(id.to_string()),
            email: Some(email.to_string()),
            email_verified: Some(*email_verified),
            password: None,
            name: text("name"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            middle_name: text("middle_name"),
            nickname: text("nickname"),
            preferred_username: text("preferred_username"),
            profile: text("profile"),
            picture: text("picture"),
            website: text("website"),
            gender: text("gender"),
            birthdate: text("birthdate"),
            zoneinfo: text("zoneinfo"),
            locale: locale.clone(),
            phone_number: text("phone_number"),
            phone_number_verified: profile.get("phone_number_verified").and_then(Value::as_bool),
            address: profile.get("address").and_then(|address| serde_json::from_value(address.clone()).ok()),
            attributes: Some(shown(attributes)).filter(|attributes| !attributes.is_empty()),
            updated_at: Some(updated_at.seconds()),
            status: Some((*status).into()),
            roles: Some(roles.clone()),
            created_at: Some(created_at.to_string()),
            version: Some(*version),
            in_languages: in_languages.map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }
}

fn shown(attributes: &Attributes) -> BTreeMap<String, Value> {
    let value = |value: &AttributeValue| serde_json::to_value(value).unwrap_or_default();
    attributes.iter().map(|(name, of)| (name.clone(), value(of))).collect()
}
