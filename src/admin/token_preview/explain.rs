//! Why each claim is where it is, and what is not.

use serde_json::{Map, Value};

use super::undrawn;
use super::view::{ClaimView, DocumentView, HeaderView, LeftOutView, Missing, Origin, Reason};
use crate::affiliations::Defined;
use crate::model::affiliation::{Affiliation, AffiliationKind};
use crate::model::attribute::AttributeValue;
use crate::model::claim_rule::{ClaimRule, ClaimSource, NotTold};
use crate::model::client::IdTokenClaims;
use crate::protocol::ScopeSet;
use crate::protocol::claims::{of_scopes, scope_of};
use crate::protocol::scope::standard;
use crate::tokens::end_user_claims::{LeftOut, Told, Why};
use crate::tokens::issue::Unsigned;
use crate::tokens::validity::ValidGrant;

/// How a claim that specifications define comes about.
#[derive(Clone, Copy)]
enum Of {
    Protocol,
    SignIn,
    Drawn,
}

/// What every access token says, and where that is said.
const OF_ACCESS_TOKENS: &[(&str, Of, &str)] = &[
    ("iss", Of::Protocol, "RFC 9068 section 2.2"),
    ("sub", Of::Protocol, "RFC 9068 section 2.2"),
    ("aud", Of::Protocol, "RFC 9068 sections 2.2 and 3, RFC 8707 section 2"),
    ("exp", Of::Protocol, "RFC 9068 section 2.2"),
    ("iat", Of::Protocol, "RFC 9068 section 2.2"),
    ("jti", Of::Drawn, "RFC 9068 section 2.2"),
    ("client_id", Of::Protocol, "RFC 9068 section 2.2"),
    ("scope", Of::Protocol, "RFC 9068 section 2.2.3"),
    ("cnf", Of::SignIn, "RFC 7800 section 3.1"),
    ("auth_time", Of::SignIn, "RFC 9068 section 2.2.1"),
    ("acr", Of::SignIn, "RFC 9068 section 2.2.1"),
    ("amr", Of::SignIn, "RFC 9068 section 2.2.1"),
];

/// The same of ID tokens.
const OF_ID_TOKENS: &[(&str, Of, &str)] = &[
    ("iss", Of::Protocol, "OpenID Connect Core 1.0 section 2"),
    ("sub", Of::Protocol, "OpenID Connect Core 1.0 section 2"),
    ("aud", Of::Protocol, "OpenID Connect Core 1.0 section 2"),
    ("exp", Of::Protocol, "OpenID Connect Core 1.0 section 2"),
    ("iat", Of::Protocol, "OpenID Connect Core 1.0 section 2"),
    ("auth_time", Of::SignIn, "OpenID Connect Core 1.0 section 2"),
    ("nonce", Of::SignIn, "OpenID Connect Core 1.0 section 2"),
    ("acr", Of::SignIn, "OpenID Connect Core 1.0 section 2"),
    ("amr", Of::SignIn, "OpenID Connect Core 1.0 section 2"),
    ("at_hash", Of::Drawn, "OpenID Connect Core 1.0 section 3.1.3.6"),
    ("sid", Of::Drawn, "OpenID Connect Front-Channel Logout 1.0 section 3"),
];

/// Explains the documents of one account for one client.
pub(super) struct Explainer<'a> {
    pub(super) defined: &'a Defined,
    pub(super) valid: &'a ValidGrant,
    pub(super) scope: &'a ScopeSet,
}

/// What the request asks for in vain, and the rules that give the client nothing.
pub(super) fn of_request(ignored: &ScopeSet, silent: Vec<(String, String, NotTold)>) -> Vec<LeftOutView> {
    let scope = |scope: &str| {
        let why = Missing::ScopeNotRegistered { scope: scope.to_owned() };
        LeftOutView { name: scope.to_owned(), rule: None, why }
    };
    let rule = |(rule, claim, why): (String, String, NotTold)| {
        let why = match why {
            NotTold::OtherApp(client) => Missing::OtherApp { client_id: client.to_string() },
            NotTold::Overridden(by) => Missing::Overridden { by },
            NotTold::ScopeNotRegistered(scope) => Missing::ScopeNotRegistered { scope },
            NotTold::NoValue => Missing::NoValue,
        };
        LeftOutView { name: claim, rule: Some(rule), why }
    };
    ignored.iter().map(scope).chain(silent.into_iter().map(rule)).collect()
}

impl Explainer<'_> {
    pub(super) fn access_token(&self, token: Unsigned) -> DocumentView {
        self.token(token, OF_ACCESS_TOKENS)
    }

    pub(super) fn id_token(&self, token: Unsigned) -> DocumentView {
        let mut shown = self.token(token, OF_ID_TOKENS);
        let by_scope: Vec<&str> = self.scope.iter().filter(|scope| stands_for_claims(scope)).collect();
        if self.valid.client.tokens.id_token_claims == IdTokenClaims::Minimal && !by_scope.is_empty() {
            shown.left_out.push(LeftOutView { name: by_scope.join(" "), rule: None, why: Missing::Minimal });
        }
        shown
    }

    pub(super) fn userinfo(&self, told: &Told) -> DocumentView {
        let without = of_scopes(self.scope).filter(|name| !told.claims.contains_key(*name));
        let without: Vec<_> =
            without.map(|name| LeftOutView { name: name.to_owned(), rule: None, why: Missing::NoValue }).collect();
        let left_out = left_out(told).into_iter().chain(without).collect();
        let claims = self.claims(told.clone().written(), told, &[]);
        DocumentView { header: None, claims, left_out }
    }

    fn token(&self, token: Unsigned, protocol: &[(&str, Of, &str)]) -> DocumentView {
        let header = HeaderView { typ: token.typ.as_str().to_owned(), alg: token.algorithm.as_str().to_owned() };
        let claims = self.claims(undrawn(token.claims), &token.told, protocol);
        DocumentView { header: Some(header), claims, left_out: left_out(&token.told) }
    }

    fn claims(&self, claims: Map<String, Value>, told: &Told, protocol: &[(&str, Of, &str)]) -> Vec<ClaimView> {
        let claim = |(name, value): (String, Value)| {
            let reason = self.reason(&name, told, protocol);
            ClaimView { name, value, reason }
        };
        let mut all: Vec<_> = claims.into_iter().map(claim).collect();
        // What is told of the person first: the rest is in every token alike.
        all.sort_by_key(|claim| !matches!(claim.reason, Reason::Scope { .. } | Reason::Rule { .. }));
        all
    }

    fn reason(&self, name: &str, told: &Told, protocol: &[(&str, Of, &str)]) -> Reason {
        let by_scope = |scope: &str| Reason::Scope { scope: scope.to_owned(), from: self.roles_if(scope) };
        if let Some(told) = told.claims.get(name) {
            return match &told.why {
                Why::Subject => Reason::Protocol { section: "OpenID Connect Core 1.0 section 5.3.2".to_owned() },
                Why::Asked => Reason::Protocol { section: "OpenID Connect Core 1.0 section 5.5".to_owned() },
                Why::Scope(scope) => by_scope(scope),
                Why::Rule(rule) => self.by_rule(rule),
            };
        }
        let defined = protocol.iter().find(|(known, ..)| *known == name);
        match defined.map(|(_, of, section)| (of, (*section).to_owned())) {
            Some((Of::SignIn, section)) => Reason::SignIn { section },
            Some((Of::Drawn, section)) => Reason::Drawn { section },
            Some((Of::Protocol, section)) => Reason::Protocol { section },
            // RFC 9068 section 2.2.3.1: groups and roles are in access tokens by their scopes.
            None => by_scope(scope_of(name).unwrap_or(standard::OPENID)),
        }
    }

    fn by_rule(&self, name: &str) -> Reason {
        let Some(rule) = self.defined.rules.find(name) else {
            return Reason::Scope { scope: String::new(), from: Vec::new() };
        };
        let attribute = match &rule.source {
            ClaimSource::Attribute { name } => Some(name.clone()),
            ClaimSource::Groups | ClaimSource::Roles | ClaimSource::Constant { .. } => None,
        };
        Reason::Rule {
            rule: name.to_owned(),
            scope: rule.scope.clone(),
            source: rule.source.kind(),
            attribute,
            from: self.origins(rule),
        }
    }

    /// Where the values of a rule come from, where its words are not the account's own.
    fn origins(&self, rule: &ClaimRule) -> Vec<Origin> {
        let told = |name: &str| rule.word(name).filter(|word| *word != name).map(str::to_owned);
        let renamed =
            |name: &String| told(name).map(|told| Origin { name: name.clone(), told: Some(told), group: None });
        match &rule.source {
            ClaimSource::Roles => {
                let known = self.roles().into_iter().filter(|origin| rule.word(&origin.name).is_some());
                known.map(|origin| Origin { told: told(&origin.name), ..origin }).collect()
            }
            ClaimSource::Groups => self.valid.derived.held.groups.iter().filter_map(renamed).collect(),
            ClaimSource::Attribute { name } => match self.defined.attributes.value(&self.valid.user.attributes, name) {
                Some(AttributeValue::Text(text)) => renamed(text).into_iter().collect(),
                Some(AttributeValue::Texts(texts)) => texts.iter().filter_map(renamed).collect(),
                _ => Vec::new(),
            },
            ClaimSource::Constant { .. } => Vec::new(),
        }
    }

    fn roles_if(&self, scope: &str) -> Vec<Origin> {
        if scope == standard::ROLES { self.roles() } else { Vec::new() }
    }

    /// The roles that the app hears of, and the groups that bring them.
    fn roles(&self) -> Vec<Origin> {
        let (all, ids) = (&self.defined.catalogue, &self.valid.user.affiliations);
        let heard = |role: &&Affiliation| role.client().is_none_or(|of| *of == self.valid.client.id);
        let origin = |role: &Affiliation, group: Option<&Affiliation>| Origin {
            name: role.name.clone(),
            told: None,
            group: group.map(|group| group.name.clone()),
        };
        let own = all.known(AffiliationKind::Role, ids).into_iter().filter(heard).map(|role| origin(role, None));
        let brought = all.known(AffiliationKind::Group, ids).into_iter().flat_map(|group| {
            let roles = all.known(AffiliationKind::Role, group.roles()).into_iter().filter(heard);
            roles.map(|role| origin(role, Some(group))).collect::<Vec<_>>()
        });
        own.chain(brought).collect()
    }
}

fn stands_for_claims(scope: &str) -> bool {
    of_scopes(&ScopeSet::of(&[scope])).next().is_some()
}

fn left_out(told: &Told) -> Vec<LeftOutView> {
    let view = |(rule, claim, why): &(String, String, LeftOut)| {
        let why = match why {
            LeftOut::NotGranted(scope) => Missing::ScopeNotGranted { scope: scope.clone() },
            LeftOut::OtherValueWanted => Missing::OtherValueWanted,
            LeftOut::NoRoom => Missing::NoRoom,
        };
        LeftOutView { name: claim.clone(), rule: Some(rule.clone()), why }
    };
    told.left_out.iter().map(view).collect()
}
