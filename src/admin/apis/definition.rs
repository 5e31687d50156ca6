//! What the document of an API says, read into the model.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::resource::{ApiResource, DESCRIPTION, NAME, ScopeResource};
use crate::admin::url::{check_https, url};
use crate::admin::{FieldError, FieldProblem};
use crate::keys::LONGEST_TOKEN_LIFETIME;
use crate::model::Api;
use crate::model::api::ApiScope;
use crate::model::manager::Manager;
use crate::protocol::ScopeSet;
use crate::protocol::issuer::Issuer;
use crate::protocol::own_api;
use crate::protocol::resource::Resource;
use crate::protocol::scope::{ScopeRejected, standard};
use crate::support::line;

/// The most scopes of an API.
const MAX_SCOPES: usize = 50;
/// The shortest lifetime of access tokens: that of a client's.
const SHORTEST_LIFETIME: Duration = Duration::from_mins(1);

impl ApiResource {
    /// The resource of a new one. What is this server's own is nobody's to declare.
    pub(super) fn chosen(&self, issuer: &Issuer) -> Result<Resource, FieldProblem> {
        let text = self.resource.as_deref().unwrap_or_default().trim();
        if text.is_empty() {
            return Err(FieldError::Missing.of("resource"));
        }
        let resource = Resource::parse(text).map_err(|_| FieldError::Resource(0).at("resource", text))?;
        let own = [issuer.as_str().to_owned(), own_api::resource(issuer.as_str())];
        if own.iter().any(|own| resource.names(own)) {
            return Err(FieldError::OwnResource.at("resource", text));
        }
        Ok(resource)
    }

    /// The API with what the document says; its resource is chosen once.
    pub(super) fn apply(&self, was: Api, found: &mut Vec<FieldProblem>) -> Api {
        let mut api = was;
        NAME.take((&mut api.name, &mut api.names), self.resource_name.as_deref(), &self.names, found);
        match self.resource_documentation.as_deref().map(documentation) {
            Some(Ok(said)) => api.documentation = said,
            Some(Err(problem)) => found.push(problem),
            None => {}
        }
        if let Some(said) = &self.scopes {
            api.scopes = scopes(said, found);
        }
        if let Some(said) = self.access_token_type {
            api.access_token_type = said.chosen();
        }
        match self.access_token_lifetime.map(Duration::from_secs) {
            Some(Duration::ZERO) => api.access_token_lifetime = None,
            Some(said) if (SHORTEST_LIFETIME..=LONGEST_TOKEN_LIFETIME).contains(&said) => {
                api.access_token_lifetime = Some(said);
            }
            Some(_) => {
                let bounds = FieldError::Lifetime(SHORTEST_LIFETIME, LONGEST_TOKEN_LIFETIME);
                found.push(bounds.of("access_token_lifetime"));
            }
            None => {}
        }
        api
    }

    /// Refuses other values of what an update cannot change.
    pub(super) fn check_unchanged(&self, is: &Api, found: &mut Vec<FieldProblem>) {
        let same = |said: Option<bool>| said.unwrap_or(true);
        let resource = |text: &str| Resource::parse(text).is_ok_and(|said| said.names_same(&is.resource));
        let manager = is.managed_by.as_ref().map(Manager::as_str);
        let fields = [
            ("id", same(self.id.as_ref().map(|id| *id == is.id.to_string()))),
            ("resource", same(self.resource.as_deref().map(resource))),
            ("created_at", same(self.created_at.as_ref().map(|at| *at == is.created_at.to_string()))),
            ("managed_by", same(self.managed_by.as_deref().map(|said| Some(said) == manager))),
        ];
        found.extend(fields.into_iter().filter(|(_, same)| !same).map(|(field, _)| FieldError::ReadOnly.of(field)));
    }
}

/// What one is called of which nothing is said.
pub(super) fn name_of(resource: &Resource) -> String {
    let host = Url::parse(resource.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| resource.as_str().to_owned()).chars().take(NAME.longest).collect()
}

/// A page that developers are led to: pages make links of it.
fn documentation(said: &str) -> Result<Option<Url>, FieldProblem> {
    const FIELD: &str = "resource_documentation";
    if said.is_empty() {
        return Ok(None);
    }
    let said = url(FIELD, said)?;
    check_https(FIELD, &said, false)?;
    Ok(Some(said))
}

fn scopes(said: &[ScopeResource], found: &mut Vec<FieldProblem>) -> Vec<ApiScope> {
    if said.len() > MAX_SCOPES {
        found.push(FieldError::TooMany(MAX_SCOPES).of("scopes"));
        return Vec::new();
    }
    let mut scopes: Vec<ApiScope> = Vec::new();
    for (at, said) in said.iter().enumerate() {
        let known = scopes.iter().any(|known| known.scope == said.scope);
        if let Err(error) = if known { Err(FieldError::Repeated) } else { check_scope(&said.scope) } {
            found.push(error.at(&format!("scopes.{at}.scope"), &said.scope));
        }
        scopes.push(scope(at, said, found));
    }
    scopes
}

fn scope(at: usize, said: &ScopeResource, found: &mut Vec<FieldProblem>) -> ApiScope {
    let place = format!("scopes.{at}.");
    let description = match said.description.trim() {
        "" => String::new(),
        text => line::parse(text, DESCRIPTION.longest).unwrap_or_else(|why| {
            found.push(FieldError::Line(why).of(format!("{place}description")));
            String::new()
        }),
    };
    let mut descriptions = BTreeMap::new();
    DESCRIPTION.take_in_languages(&place, &mut descriptions, &said.descriptions, found);
    ApiScope { scope: said.scope.clone(), description, descriptions }
}

/// One scope, which means nothing yet: what this server has words of its own for is not an API's to describe.
fn check_scope(scope: &str) -> Result<(), FieldError> {
    if scope.contains(',') {
        return Err(FieldError::ScopeSeparator);
    }
    if ScopeSet::parse(scope).map_err(FieldError::Scope)?.iter().ne([scope]) {
        let why =
            if scope.is_empty() { FieldError::Missing } else { FieldError::Scope(ScopeRejected::IllegalCharacter) };
        return Err(why);
    }
    let own = standard::ALL.contains(&scope) || [own_api::READ, own_api::WRITE].contains(&scope);
    if own { Err(FieldError::OwnScope) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_has_scopes_that_mean_nothing_elsewhere() {
        for good in ["read", "orders:read", "https://api.example/orders.read"] {
            assert_eq!(check_scope(good), Ok(()), "{good}");
        }
        for own in standard::ALL.iter().chain(&[own_api::READ, own_api::WRITE]) {
            assert_eq!(check_scope(own), Err(FieldError::OwnScope), "{own}");
        }
        for (bad, code) in [("", "missing"), ("a b", "not_a_scope"), (" a", "not_a_scope"), ("a,b", "not_a_scope")] {
            assert_eq!(check_scope(bad).unwrap_err().code(), code, "{bad}");
        }
        assert!(check_scope("\"").is_err() && check_scope(&"x".repeat(201)).is_err());
    }

    #[test]
    fn one_of_which_nothing_is_said_is_called_by_its_host() {
        let name = |text: &str| name_of(&Resource::parse(text).unwrap());
        assert_eq!(name("https://api.example:8443/orders"), "api.example");
        assert_eq!(name("urn:example:orders"), "urn:example:orders");
        assert_eq!(name(&format!("urn:{}", "x".repeat(300))).len(), 100);
    }
}
