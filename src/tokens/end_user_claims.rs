//! What is told about a user: by scope, and by the `claims` parameter (OpenID Connect Core 1.0 sections 5.4 and 5.5). Both only as far as
//! the client is registered for the scope that stands for a claim: now, and not when the grant was made.
//!
//! Section 5.4 has UserInfo answer what scopes stand for wherever there is an access token, as there always is here. A client that reads it from
//! the ID token says so: [`IdTokenClaims::Profile`].

use serde_json::{Map, Value};

use crate::model::affiliation::Held;
use crate::model::client::{Client, IdTokenClaims};
use crate::model::grant::GrantTerms;
use crate::model::user::User;
use crate::protocol::ScopeSet;
use crate::protocol::claims::{ClaimRequest, Requested, may_know, of_scopes};

/// An end-user, as one client may be told of them.
#[derive(Clone, Copy, Debug)]
pub struct EndUser<'a> {
    /// The account.
    pub user: &'a User,
    /// The groups and roles of it that the client may hear of.
    pub held: &'a Held,
}

impl EndUser<'_> {
    /// The value of a claim. Who has no group and no role is told so: a claim that was asked for and is not there could also be one that is not known.
    fn claim(self, name: &str) -> Option<Value> {
        match name {
            "groups" => Some(self.held.groups.as_slice().into()),
            "roles" => Some(self.held.roles.as_slice().into()),
            _ => self.user.claim(name),
        }
    }
}

/// What UserInfo answers to a token with this scope, of a client that is registered for `registered`; `sub` first.
pub fn for_userinfo(
    of: EndUser<'_>,
    terms: &GrantTerms,
    scope: &ScopeSet,
    registered: &ScopeSet,
) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), of.user.id.to_string().into());
    let told = Told { of, registered, locales: &terms.claims_locales };
    told.add(&mut claims, of_scopes(scope), &terms.claims.userinfo);
    claims
}

/// What the ID token of a client says about a user besides what it always says: what the `claims` parameter asked to have there, and what the
/// scope stands for where the client wants that.
pub fn for_id_token(of: EndUser<'_>, terms: &GrantTerms, scope: &ScopeSet, client: &Client) -> Map<String, Value> {
    let mut claims = Map::new();
    let told = Told { of, registered: &client.policy.scopes, locales: &terms.claims_locales };
    let of_scopes = of_scopes(scope).filter(|_| client.tokens.id_token_claims == IdTokenClaims::Profile);
    told.add(&mut claims, of_scopes, &terms.claims.id_token);
    claims.remove("sub");
    claims
}

/// Whom claims are about, and which of them may be told.
struct Told<'a> {
    of: EndUser<'a>,
    registered: &'a ScopeSet,
    locales: &'a [String],
}

impl Told<'_> {
    /// Adds the claims of these names, and those that were asked for by name.
    fn add(&self, claims: &mut Map<String, Value>, names: impl Iterator<Item = &'static str>, asked: &Requested) {
        let by_name = asked.keys().map(String::as_str);
        for name in names.map(|name| -> &str { name }).chain(by_name).filter(|name| may_know(self.registered, name)) {
            self.add_one(claims, name, asked.get(name).and_then(Option::as_ref));
        }
    }

    /// Adds a claim that the user has and that answers what was asked for. Section 5.5.1: where a value was asked for that the
    /// user does not have, the claim is left out.
    fn add_one(&self, claims: &mut Map<String, Value>, name: &str, asked: Option<&ClaimRequest>) {
        let accepted = |value: &Value| asked.is_none_or(|asked| asked.accepts(value));
        if let Some(value) = self.of.claim(name).filter(accepted) {
            claims.insert(name.to_owned(), value);
        }
        if let Some((tagged, value)) = self.of.user.claim_in(name, self.locales).filter(|(_, value)| accepted(value)) {
            claims.insert(tagged, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::client::{ClientId, ClientKind};
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

    fn told_of(user: &User) -> EndUser<'_> {
        const NOTHING: &Held = &Held { groups: Vec::new(), roles: Vec::new() };
        EndUser { user, held: NOTHING }
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

    fn client(scopes: &ScopeSet) -> Client {
        let id = ClientId::parse("app").unwrap();
        let mut client = Client::new(id, "App".to_owned(), ClientKind::Web, NOW);
        client.policy.scopes = scopes.clone();
        client
    }

    /// What the `claims` parameter puts into the ID token of a client with these scopes, which asked for no other.
    fn in_id_token(terms: &GrantTerms, registered: &ScopeSet) -> Map<String, Value> {
        for_id_token(told_of(&alice()), terms, &everything(), &client(registered))
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
        let claims = for_userinfo(told_of(&alice()), &terms("{}", &[]), &scope, &everything());
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
        assert_eq!(names(&in_id_token(&terms, &everything())), ["name"]);
        let claims = for_userinfo(told_of(&alice()), &terms, &ScopeSet::parse("openid").unwrap(), &everything());
        assert_eq!(Value::from(claims), json!({"sub": alice().id.to_string()}));
    }

    #[test]
    fn what_the_client_is_not_registered_for_is_told_neither_by_scope_nor_by_name() {
        let asked = r#"{"id_token":{"email":null,"name":null},"userinfo":{"email":null,"name":null}}"#;
        let terms = terms(asked, &["ko"]);
        let (openid, profile) = (ScopeSet::parse("openid").unwrap(), ScopeSet::parse("openid profile").unwrap());
        assert!(names(&in_id_token(&terms, &openid)).is_empty());
        assert_eq!(names(&for_userinfo(told_of(&alice()), &terms, &everything(), &openid)), ["sub"]);
        assert_eq!(names(&in_id_token(&terms, &profile)), ["name", "name#ko"]);
    }

    #[test]
    fn a_client_that_wants_its_profile_in_the_id_token_has_there_what_its_granted_scopes_stand_for() {
        let wants = |registered: &ScopeSet| {
            let mut client = client(registered);
            client.tokens.id_token_claims = IdTokenClaims::Profile;
            client
        };
        let granted = ScopeSet::parse("openid email groups").unwrap();
        let registered = everything().union(&granted);
        let claims = for_id_token(told_of(&alice()), &terms("{}", &[]), &granted, &wants(&registered));
        assert_eq!(Value::from(claims), json!({"email": "alice@example.com", "email_verified": true, "groups": []}));
        let (all, openid) = (everything(), ScopeSet::parse("openid").unwrap());
        assert!(for_id_token(told_of(&alice()), &terms("{}", &[]), &all, &wants(&openid)).is_empty());
        assert!(for_id_token(told_of(&alice()), &terms("{}", &[]), &all, &client(&all)).is_empty());
    }

    #[test]
    fn groups_and_roles_are_told_to_a_client_that_is_registered_for_them_and_by_name_too() {
        let (alice, held) = (alice(), Held { groups: vec!["staff".to_owned()], roles: vec!["reader".to_owned()] });
        let of = EndUser { user: &alice, held: &held };
        let set = |text: &str| ScopeSet::parse(text).unwrap();
        let both = set("openid groups roles");
        let told = for_userinfo(of, &terms("{}", &[]), &both, &both);
        assert_eq!((&told["groups"], &told["roles"]), (&json!(["staff"]), &json!(["reader"])));
        assert_eq!(names(&for_userinfo(of, &terms("{}", &[]), &both, &set("openid roles"))), ["roles", "sub"]);
        let by_name = terms(r#"{"id_token":{"roles":null,"groups":{"value":["other"]}}}"#, &[]);
        assert_eq!(names(&for_id_token(of, &by_name, &set("openid"), &client(&both))), ["roles"]);
    }

    #[test]
    fn a_value_that_was_asked_for_and_is_not_there_is_left_out() {
        let terms = terms(r#"{"userinfo":{"name":{"value":"Bob"},"phone_number":{"values":["+1","+82"]}}}"#, &[]);
        let claims = for_userinfo(told_of(&alice()), &terms, &ScopeSet::parse("openid").unwrap(), &everything());
        assert_eq!(names(&claims), ["phone_number", "sub"]);
    }

    #[test]
    fn claims_come_in_the_wished_for_language_too() {
        let scope = ScopeSet::parse("profile").unwrap();
        let claims = for_userinfo(told_of(&alice()), &terms("{}", &["fr", "KO"]), &scope, &everything());
        assert_eq!((&claims["name"], &claims["name#ko"]), (&json!("Alice"), &json!("앨리스")));
    }
}
