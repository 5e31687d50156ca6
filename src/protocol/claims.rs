//! The claims that can be asked for, and the request that asks for them: OpenID Connect Core 1.0 section 5.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::OAuthError;
use super::scope::{ScopeSet, standard};

/// The longest `claims` parameter, in bytes.
pub const MAX_BYTES: usize = 8 * 1024;
/// The most claims one request may name per place.
pub const MAX_CLAIMS: usize = 100;

/// The claims behind `profile`: OpenID Connect Core 1.0 section 5.4.
pub const PROFILE: &[&str] = &[
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];
/// The claims behind `email`.
pub const EMAIL: &[&str] = &["email", "email_verified"];
/// The claims behind `address`.
pub const ADDRESS: &[&str] = &["address"];
/// The claims behind `phone`.
pub const PHONE: &[&str] = &["phone_number", "phone_number_verified"];

/// The claim behind `groups`.
pub const GROUPS: &[&str] = &["groups"];

/// The claim behind `roles`.
pub const ROLES: &[&str] = &["roles"];

/// The claims that one scope stands for.
pub fn of_scope(scope: &str) -> &'static [&'static str] {
    match scope {
        standard::PROFILE => PROFILE,
        standard::EMAIL => EMAIL,
        standard::ADDRESS => ADDRESS,
        standard::PHONE => PHONE,
        standard::GROUPS => GROUPS,
        standard::ROLES => ROLES,
        _ => &[],
    }
}

/// The scope that stands for a claim, in whichever language it is asked for (section 5.2, `name#ko`). `None` for what is no matter of
/// scopes: `sub`, and what is said of the authentication.
pub fn scope_of(claim: &str) -> Option<&'static str> {
    let name = claim.split_once('#').map_or(claim, |(name, _)| name);
    standard::ALL.iter().copied().find(|scope| of_scope(scope).contains(&name))
}

/// Whether a client that is registered for these scopes may know a claim.
pub fn may_know(scopes: &ScopeSet, claim: &str) -> bool {
    scope_of(claim).is_none_or(|scope| scopes.contains(scope))
}

/// One asked-for claim: section 5.5.1. A JSON `null` asks for it in the default manner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimRequest {
    /// "Indicates whether the Claim being requested is an Essential Claim."
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The one value that is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The values that are wanted, in order of preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
}

impl ClaimRequest {
    /// Whether an actual value answers what was asked.
    pub fn accepts(&self, actual: &Value) -> bool {
        let one = self.value.as_ref().is_none_or(|wanted| wanted == actual);
        let any = self.values.as_ref().is_none_or(|wanted| wanted.contains(actual));
        one && any
    }

    /// The texts that are wanted: of `value`, or of `values` in order of preference.
    pub fn wanted_texts(&self) -> impl Iterator<Item = &str> {
        self.value.iter().chain(self.values.iter().flatten()).filter_map(Value::as_str)
    }
}

/// Claims that are asked for by name.
pub type Requested = BTreeMap<String, Option<ClaimRequest>>;

/// The `claims` parameter: section 5.5.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// What the ID token should carry.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: Requested,
    /// What UserInfo should answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: Requested,
}

impl ClaimsRequest {
    /// Reads the parameter. Unknown members are ignored (section 5.5: "Other members MAY be present. Any members used
    /// that are not understood MUST be ignored").
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        const MALFORMED: OAuthError = OAuthError::invalid_request("claims is not a claims request");
        if text.len() > MAX_BYTES {
            return Err(OAuthError::invalid_request("claims is too long"));
        }
        let json: Value = serde_json::from_str(text).map_err(|_| MALFORMED)?;
        if !has_the_shape(&json) {
            return Err(MALFORMED);
        }
        let request: Self = serde_json::from_value(json).map_err(|_| MALFORMED)?;
        if request.id_token.len() > MAX_CLAIMS || request.userinfo.len() > MAX_CLAIMS {
            return Err(OAuthError::invalid_request("claims names too many claims"));
        }
        Ok(request)
    }

    /// What is left of it for a client that is registered for these scopes. Section 5.5 asks for claims one by one, and says nothing of who
    /// may have them; what the administrator did not allow by scope is not had by name either. Section 5.5.1 makes no error of a claim that is
    /// not returned: "the Authorization Server MUST NOT generate an error when Claims are not returned".
    #[must_use]
    pub fn within(mut self, scopes: &ScopeSet) -> Self {
        for place in [&mut self.id_token, &mut self.userinfo] {
            place.retain(|claim, _| may_know(scopes, claim));
        }
        self
    }

    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }
}

/// The claims that the scopes stand for.
pub fn of_scopes(scopes: &ScopeSet) -> impl Iterator<Item = &'static str> {
    scopes.iter().flat_map(|scope| of_scope(scope).iter().copied())
}

/// Objects where objects belong: the JSON reader would also take an array for a structure.
fn has_the_shape(json: &Value) -> bool {
    let claim = |claim: &Value| claim.is_null() || claim.is_object();
    let place = |place: &Value| place.as_object().is_some_and(|claims| claims.values().all(claim));
    json.is_object() && ["id_token", "userinfo"].iter().filter_map(|name| json.get(name)).all(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_section_5_5_is_understood() {
        let request = ClaimsRequest::parse(
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null},
                "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]}},"x":1}"#,
        )
        .unwrap();
        assert!(request.userinfo["given_name"].as_ref().unwrap().essential);
        assert!(request.userinfo["nickname"].is_none());
        assert!(request.id_token["acr"].as_ref().unwrap().accepts(&"urn:mace:incommon:iap:silver".into()));
    }

    #[test]
    fn what_a_scope_stands_for_is_asked_for_by_clients_that_have_the_scope() {
        let names = r#"{"email":null,"name":null,"name#ko":null,"phone_number":null,"acr":null,"sub":null}"#;
        let request = ClaimsRequest::parse(&format!(r#"{{"id_token":{names},"userinfo":{names}}}"#)).unwrap();
        for (scopes, left) in [
            ("openid", vec!["acr", "sub"]),
            ("openid email", vec!["acr", "email", "sub"]),
            ("openid profile phone", vec!["acr", "name", "name#ko", "phone_number", "sub"]),
        ] {
            let request = request.clone().within(&ScopeSet::parse(scopes).unwrap());
            for place in [request.id_token, request.userinfo] {
                assert_eq!(place.keys().collect::<Vec<_>>(), left, "{scopes}");
            }
        }
    }

    #[test]
    fn what_is_no_claims_request_is_refused() {
        for text in
            ["", "[]", "1", "{\"id_token\":[]}", "{\"id_token\":{\"acr\":7}}", "{\"id_token\":{\"acr\":[true]}}"]
        {
            assert!(ClaimsRequest::parse(text).is_err(), "{text}");
        }
    }
}
