//! What is told about a user: by scope, and by the `claims` parameter (OpenID Connect Core 1.0 sections 5.4 and 5.5). Both only as far as
//! the client is registered for the scope that stands for a claim: now, and not when the grant was made.

use serde_json::{Map, Value};

use crate::model::grant::GrantTerms;
use crate::model::user::User;
use crate::protocol::ScopeSet;
use crate::protocol::claims::{ClaimRequest, may_know};

/// What UserInfo answers to a token with this scope, of a client that is registered for `registered`; `sub` first.
pub fn for_userinfo(user: &User, terms: &GrantTerms, scope: &ScopeSet, registered: &ScopeSet) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), user.id.to_string().into());
    for name in terms.claims.userinfo_names(scope).filter(|name| may_know(registered, name)) {
        let asked = terms.claims.userinfo.get(name).and_then(Option::as_ref);
        add(&mut claims, user, name, asked, &terms.claims_locales);
    }
    claims
}

/// What the `claims` parameter asked to have in the ID token of a client that is registered for `registered`, without what the ID token
/// itself says.
pub fn for_id_token(user: &User, terms: &GrantTerms, registered: &ScopeSet) -> Map<String, Value> {
    let mut claims = Map::new();
    let told = |name: &str| name != "sub" && may_know(registered, name);
    for (name, asked) in terms.claims.id_token.iter().filter(|(name, _)| told(name)) {
        add(&mut claims, user, name, asked.as_ref(), &terms.claims_locales);
    }
    claims
}

/// Adds a claim that the user has and that answers what was asked for. Section 5.5.1: where a value was asked for that the
/// user does not have, the claim is left out.
fn add(claims: &mut Map<String, Value>, user: &User, name: &str, asked: Option<&ClaimRequest>, locales: &[String]) {
    let accepted = |value: &Value| asked.is_none_or(|asked| asked.accepts(value));
    if let Some(value) = user.claim(name).filter(accepted) {
        claims.insert(name.to_owned(), value);
    }
    if let Some((tagged, value)) = user.claim_in(name, locales).filter(|(_, value)| accepted(value)) {
        claims.insert(tagged, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::session::SignIn;
    use crate::model::user::EmailAddress;
    use crate::protocol::claims::ClaimsRequest;
    use crate::support::id::{SignInId, UserId};
    use crate::support::{SeededRandom, Timestamp};

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn alice() -> User {
        let profile =
            json!({"name": "Alice", "name#ko": "앨리스", "iss": "evil", "sub": "mallory", "phone_number": "+82"});
        let email = EmailAddress::parse("alice@example.com").unwrap();
        User {
            email_verified: true,
            profile: serde_json::from_value(profile).unwrap(),
            locale: Some("ko".to_owned()),
            ..User::new(UserId::new(NOW, &SeededRandom::new(1)), email, NOW)
        }
    }

    fn terms(claims: &str, locales: &[&str]) -> GrantTerms {
        let (id, user) = (SignInId::new(NOW, &SeededRandom::new(2)), alice());
        let sign_in = SignIn::new(id, user.id, user.epochs(), NOW);
        GrantTerms {
            claims: ClaimsRequest::parse(claims).unwrap(),
            claims_locales: locales.iter().map(|&tag| tag.to_owned()).collect(),
            ..GrantTerms::new(ScopeSet::parse("openid").unwrap(), &sign_in)
        }
    }

    fn everything() -> ScopeSet {
        ScopeSet::parse("openid profile email address phone").unwrap()
    }

    fn names(claims: &Map<String, Value>) -> Vec<&str> {
        claims.keys().map(String::as_str).collect()
    }

    #[test]
    fn a_scope_brings_its_claims_and_no_others() {
        let scope = ScopeSet::parse("openid email").unwrap();
        let claims = for_userinfo(&alice(), &terms("{}", &[]), &scope, &everything());
        assert_eq!(
            Value::from(claims),
            json!({
                "sub": alice().id.to_string(), "email": "alice@example.com", "email_verified": true,
            })
        );
    }

    #[test]
    fn tok_009_a_profile_cannot_speak_for_the_server() {
        let asked = r#"{"id_token":{"iss":null,"sub":null,"exp":null,"name":null},"userinfo":{"iss":null,"sub":null}}"#;
        let terms = terms(asked, &[]);
        assert_eq!(names(&for_id_token(&alice(), &terms, &everything())), ["name"]);
        let claims = for_userinfo(&alice(), &terms, &ScopeSet::parse("openid").unwrap(), &everything());
        assert_eq!(Value::from(claims), json!({"sub": alice().id.to_string()}));
    }

    #[test]
    fn what_the_client_is_not_registered_for_is_told_neither_by_scope_nor_by_name() {
        let asked = r#"{"id_token":{"email":null,"name":null},"userinfo":{"email":null,"name":null}}"#;
        let terms = terms(asked, &["ko"]);
        let (openid, profile) = (ScopeSet::parse("openid").unwrap(), ScopeSet::parse("openid profile").unwrap());
        assert!(names(&for_id_token(&alice(), &terms, &openid)).is_empty());
        assert_eq!(names(&for_userinfo(&alice(), &terms, &everything(), &openid)), ["sub"]);
        assert_eq!(names(&for_id_token(&alice(), &terms, &profile)), ["name", "name#ko"]);
    }

    #[test]
    fn a_value_that_was_asked_for_and_is_not_there_is_left_out() {
        let terms = terms(r#"{"userinfo":{"name":{"value":"Bob"},"phone_number":{"values":["+1","+82"]}}}"#, &[]);
        let claims = for_userinfo(&alice(), &terms, &ScopeSet::parse("openid").unwrap(), &everything());
        assert_eq!(names(&claims), ["phone_number", "sub"]);
    }

    #[test]
    fn claims_come_in_the_wished_for_language_too() {
        let scope = ScopeSet::parse("profile").unwrap();
        let claims = for_userinfo(&alice(), &terms("{}", &["fr", "KO"]), &scope, &everything());
        assert_eq!((&claims["name"], &claims["name#ko"]), (&json!("Alice"), &json!("앨리스")));
    }
}
