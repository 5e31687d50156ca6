//! What is told about a user: by scope, by the `claims` parameter (OpenID Connect Core 1.0 sections 5.4 and 5.5), and by the rules of administrators.
//! All of it only as far as the client is registered for the scope that stands for a claim: now, and not when the grant was made.
//!
//! Owns which claims are told where, and why each is: tokens are made of the one, the preview of a token says the other.
//!
//! Section 5.4 has UserInfo answer what scopes stand for wherever there is an access token, as there always is here. A client that reads it from
//! the ID token says so: [`IdTokenClaims::Profile`]. A rule says itself where its claim is told.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::claim_rule::{Derived, Ruled, TokenPlace};
use crate::model::client::{Client, IdTokenClaims};
use crate::model::grant::GrantTerms;
use crate::model::user::User;
use crate::protocol::ScopeSet;
use crate::protocol::claims::{ClaimRequest, Requested, may_know, of_scopes, scope_of};

/// The most bytes that the claims by rules take of a token together, as JSON: what would be more is left out, in the order of the rules.
pub const MAX_RULED_BYTES: usize = 8 * 1024;

/// An end-user, as one client may be told of them.
#[derive(Clone, Copy, Debug)]
pub struct EndUser<'a> {
    /// The account.
    pub user: &'a User,
    /// What the client may be told of it besides its own claims.
    pub derived: &'a Derived,
}

/// What is told in one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Each claim, by its name.
    pub claims: BTreeMap<String, ToldClaim>,
    /// The rules whose claims are for this place and are not told here, with their claims.
    pub left_out: Vec<(String, String, LeftOut)>,
}

/// A claim that is told.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldClaim {
    /// Its value.
    pub value: Value,
    /// Why it is told.
    pub why: Why,
}

/// Why a claim is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It says whom the others are about: OpenID Connect Core 1.0 section 5.3.2.
    Subject,
    /// This scope stands for it.
    Scope(&'static str),
    /// It was asked for by name: section 5.5.
    Asked,
    /// A rule says it.
    Rule(String),
}

/// Why a claim of a rule that is for a place is not told there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The scope that brings it was not granted.
    NotGranted(String),
    /// Another value was asked for.
    OtherValueWanted,
    /// The rules before it take what room there is.
    NoRoom,
}

impl EndUser<'_> {
    /// The value of a claim. Who has no group and no role is told so: a claim that was asked for and is not there could also be one that is not known.
    fn claim(self, name: &str) -> Option<Value> {
        match name {
            "groups" => Some(self.derived.held.groups.as_slice().into()),
            "roles" => Some(self.derived.held.roles.as_slice().into()),
            _ => self.user.claim(name),
        }
    }
}

impl Told {
    /// The claims as they are written.
    pub fn written(self) -> Map<String, Value> {
        self.claims.into_iter().map(|(name, told)| (name, told.value)).collect()
    }

    fn put(&mut self, name: String, value: Value, why: Why) {
        self.claims.insert(name, ToldClaim { value, why });
    }
}

/// What UserInfo answers to a token with this scope, of a client that is registered for `registered`.
pub fn for_userinfo(of: EndUser<'_>, terms: &GrantTerms, scope: &ScopeSet, registered: &ScopeSet) -> Told {
    let mut told = Told::default();
    let teller = Teller { of, registered, locales: &terms.claims_locales };
    teller.add(&mut told, of_scopes(scope), &terms.claims.userinfo);
    teller.add_ruled(&mut told, TokenPlace::Userinfo, scope, &terms.claims.userinfo);
    told.put("sub".to_owned(), of.user.id.to_string().into(), Why::Subject);
    told
}

/// What the ID token of a client says about a user besides what it always says: what the `claims` parameter asked to have there, what rules say
/// there, and what the scope stands for where the client wants that.
pub fn for_id_token(of: EndUser<'_>, terms: &GrantTerms, scope: &ScopeSet, client: &Client) -> Told {
    let mut told = Told::default();
    let teller = Teller { of, registered: &client.policy.scopes, locales: &terms.claims_locales };
    let of_scopes = of_scopes(scope).filter(|_| client.tokens.id_token_claims == IdTokenClaims::Profile);
    teller.add(&mut told, of_scopes, &terms.claims.id_token);
    teller.add_ruled(&mut told, TokenPlace::IdToken, scope, &terms.claims.id_token);
    told.claims.remove("sub");
    told
}

/// What rules say in an access token with this scope. The `claims` parameter asks for nothing there.
pub fn for_access_token(of: EndUser<'_>, terms: &GrantTerms, scope: &ScopeSet, client: &Client) -> Told {
    let mut told = Told::default();
    let teller = Teller { of, registered: &client.policy.scopes, locales: &terms.claims_locales };
    teller.add_ruled(&mut told, TokenPlace::AccessToken, scope, &Requested::default());
    told
}

/// Whom claims are about, and which of them may be told.
struct Teller<'a> {
    of: EndUser<'a>,
    registered: &'a ScopeSet,
    locales: &'a [String],
}

impl Teller<'_> {
    /// Adds the claims of these names, and those that were asked for by name.
    fn add(&self, told: &mut Told, names: impl Iterator<Item = &'static str>, asked: &Requested) {
        let by_name = asked.keys().map(|name| (name.as_str(), Why::Asked));
        let by_scope = names.map(|name| (name, scope_of(name).map_or(Why::Asked, Why::Scope)));
        // What is there by scope and asked for besides is there by scope.
        for (name, why) in by_name.chain(by_scope).filter(|(name, _)| may_know(self.registered, name)) {
            self.add_one(told, name, asked.get(name).and_then(Option::as_ref), &why);
        }
    }

    /// Adds a claim that the user has and that answers what was asked for. Section 5.5.1: where a value was asked for that the
    /// user does not have, the claim is left out.
    fn add_one(&self, told: &mut Told, name: &str, asked: Option<&ClaimRequest>, why: &Why) {
        let accepted = |value: &Value| asked.is_none_or(|asked| asked.accepts(value));
        if let Some(value) = self.of.claim(name).filter(accepted) {
            told.put(name.to_owned(), value, why.clone());
        }
        if let Some((tagged, value)) = self.of.user.claim_in(name, self.locales).filter(|(_, value)| accepted(value)) {
            told.put(tagged, value, why.clone());
        }
    }

    /// Adds what rules say in a place: where the scope was granted that brings it, or it was asked for by name and would be told there.
    fn add_ruled(&self, told: &mut Told, place: TokenPlace, scope: &ScopeSet, asked: &Requested) {
        let mut left = MAX_RULED_BYTES;
        for ruled in self.of.derived.ruled.iter().filter(|ruled| ruled.tokens.contains(&place)) {
            match self.judge(ruled, scope, asked.get(&ruled.claim)) {
                Ok(()) if ruled.bytes <= left => {
                    left -= ruled.bytes;
                    told.put(ruled.claim.clone(), ruled.value.clone(), Why::Rule(ruled.rule.clone()));
                }
                Ok(()) => told.left_out.push((ruled.rule.clone(), ruled.claim.clone(), LeftOut::NoRoom)),
                Err(why) => told.left_out.push((ruled.rule.clone(), ruled.claim.clone(), why)),
            }
        }
    }

    fn judge(&self, ruled: &Ruled, scope: &ScopeSet, asked: Option<&Option<ClaimRequest>>) -> Result<(), LeftOut> {
        let granted = scope.contains(&ruled.scope) || asked.is_some();
        if !granted || !self.registered.contains(&ruled.scope) {
            return Err(LeftOut::NotGranted(ruled.scope.clone()));
        }
        match asked.and_then(Option::as_ref) {
            Some(asked) if !asked.accepts(&ruled.value) => Err(LeftOut::OtherValueWanted),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::affiliation::Held;
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
        const NOTHING: &Derived = &Derived { held: Held { groups: Vec::new(), roles: Vec::new() }, ruled: Vec::new() };
        EndUser { user, derived: NOTHING }
    }

    fn for_userinfo(of: EndUser<'_>, terms: &GrantTerms, scope: &ScopeSet, known: &ScopeSet) -> Map<String, Value> {
        super::for_userinfo(of, terms, scope, known).written()
    }

    fn for_id_token(of: EndUser<'_>, terms: &GrantTerms, scope: &ScopeSet, client: &Client) -> Map<String, Value> {
        super::for_id_token(of, terms, scope, client).written()
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
        let held = Held { groups: vec!["staff".to_owned()], roles: vec!["reader".to_owned()] };
        let (alice, derived) = (alice(), Derived { held, ruled: Vec::new() });
        let of = EndUser { user: &alice, derived: &derived };
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

    fn ruled(claim: &str, scope: &str, tokens: &[TokenPlace], value: Value) -> Ruled {
        let bytes = claim.len() + value.to_string().len();
        let (rule, claim, scope) = (format!("r-{claim}"), claim.to_owned(), scope.to_owned());
        Ruled { rule, claim, tokens: tokens.to_vec(), scope, value, bytes }
    }

    #[test]
    fn a_rule_is_told_where_it_says_by_its_scope_or_by_name() {
        use TokenPlace::{AccessToken, IdToken, Userinfo};
        let ruled = vec![
            ruled("level", "profile", &[IdToken, Userinfo], json!("gold")),
            ruled("cost", "shop", &[AccessToken], json!(7)),
        ];
        let (alice, derived) = (alice(), Derived { ruled, ..Derived::default() });
        let of = EndUser { user: &alice, derived: &derived };
        let set = |text: &str| ScopeSet::parse(text).unwrap();
        let (all, openid) = (client(&set("openid profile shop")), set("openid"));
        let plain = terms("{}", &[]);
        // A client with minimal ID tokens has it there, too: the rule says so.
        assert_eq!(names(&for_id_token(of, &plain, &set("openid profile"), &all)), ["level"]);
        assert!(names(&for_id_token(of, &plain, &openid, &all)).is_empty());
        assert_eq!(for_userinfo(of, &plain, &set("openid profile"), &all.policy.scopes)["level"], json!("gold"));
        let in_access = |scope: &str| for_access_token(of, &plain, &set(scope), &all).written();
        assert_eq!((names(&in_access("shop")), names(&in_access("profile"))), (vec!["cost"], vec![]));
        // By name: only in a place that the rule names, with a value that answers what was asked for.
        let asked =
            terms(r#"{"id_token":{"level":{"essential":true},"cost":null},"userinfo":{"level":{"value":"tin"}}}"#, &[]);
        assert_eq!(names(&for_id_token(of, &asked, &openid, &all)), ["level"]);
        assert_eq!(names(&for_userinfo(of, &asked, &openid, &all.policy.scopes)), ["sub"]);
        assert!(names(&for_id_token(of, &asked, &openid, &client(&openid))).is_empty(), "registered no more");
    }

    #[test]
    fn what_rules_say_takes_so_much_of_a_token_and_no_more() {
        let long = |n: usize| ruled(&format!("c{n}"), "profile", &[TokenPlace::AccessToken], "x".repeat(3000).into());
        let (alice, derived) = (alice(), Derived { ruled: (0..4).map(long).collect(), ..Derived::default() });
        let of = EndUser { user: &alice, derived: &derived };
        let told = for_access_token(of, &terms("{}", &[]), &everything(), &client(&everything()));
        assert_eq!(told.claims.keys().collect::<Vec<_>>(), ["c0", "c1"]);
        assert_eq!(told.left_out.iter().map(|(rule, ..)| rule.as_str()).collect::<Vec<_>>(), ["r-c2", "r-c3"]);
        assert!(told.left_out.iter().all(|(.., why)| *why == LeftOut::NoRoom));
    }
}
