//! What a grant still allows: what was granted, as far as its client is registered for it now.
//!
//! Owns that nothing is issued which an administrator took from the client after an end-user agreed to it, and that a request can only ask
//! for less. Leaves whether the grant counts at all to `tokens::validity`.

use crate::model::client::Client;
use crate::model::grant::GrantTerms;
use crate::protocol::resource::Resource;
use crate::protocol::scope::standard;
use crate::protocol::{ErrorCode, OAuthError, Params, ScopeSet};
use crate::tokens::Audience;
use crate::tokens::issue::audience;
use crate::tokens::validity::ValidGrant;

/// What of a grant its client may still have.
pub(super) struct Granted<'a> {
    terms: &'a GrantTerms,
    client: &'a Client,
    resources: Vec<Resource>,
}

impl<'a> Granted<'a> {
    /// Of a grant that counts, to the client as it is registered now.
    pub(super) fn of(valid: &'a ValidGrant) -> Self {
        Self::to(&valid.client, &valid.grant.terms)
    }

    fn to(client: &'a Client, terms: &'a GrantTerms) -> Self {
        let registered = |resource: &&Resource| resource.among(&client.policy.resources).is_some();
        Self { terms, client, resources: terms.resources.iter().filter(registered).cloned().collect() }
    }

    /// The whole scope.
    pub(super) fn scope(&self) -> ScopeSet {
        self.registered(&self.terms.scope)
    }

    /// RFC 6749 section 6: "The requested scope MUST NOT include any scope not originally granted by the resource owner, and if omitted is
    /// treated as equal to the scope originally granted". Scopes that the client may no longer have are left out.
    pub(super) fn narrowed_scope(&self, params: &Params) -> Result<ScopeSet, OAuthError> {
        let Some(asked) = params.get("scope") else { return Ok(self.scope()) };
        let asked = ScopeSet::parse(asked)?;
        if !asked.is_subset(&self.terms.scope) {
            return Err(OAuthError::new(ErrorCode::InvalidScope, "scope goes beyond what was granted"));
        }
        Ok(self.registered(&asked))
    }

    /// The audience of an access token with this scope: what the request names of the resources, or all of them.
    pub(super) fn audience(&self, issuer: &str, params: &Params, scope: &ScopeSet) -> Result<Audience, OAuthError> {
        Ok(audience(issuer, &self.requested_resources(issuer, params)?, &self.resources, scope))
    }

    /// RFC 8707 section 2.2: the resources a token is asked for, which must be among those that were granted. UserInfo, which the issuer
    /// stands for, is among them where there is something to ask it. What comes out is spelled as it was granted.
    fn requested_resources(&self, issuer: &str, params: &Params) -> Result<Vec<Resource>, OAuthError> {
        let asked = Resource::requested(params)?;
        let mut granted = self.resources.clone();
        if granted.is_empty() || self.terms.scope.contains(standard::OPENID) {
            granted.extend(Resource::parse(issuer));
        }
        let found: Option<Vec<Resource>> = asked.iter().map(|resource| resource.among(&granted).cloned()).collect();
        found.ok_or(OAuthError::new(ErrorCode::InvalidTarget, "resource goes beyond what was granted"))
    }

    fn registered(&self, scope: &ScopeSet) -> ScopeSet {
        scope.filtered(|scope| self.client.policy.scopes.contains(scope))
    }
}
