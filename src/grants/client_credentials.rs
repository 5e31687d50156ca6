//! `client_credentials`: a client acts for itself (RFC 6749 section 4.4). Touches no store.

use async_trait::async_trait;

use super::single_use::SingleUse;
use super::{Approved, GrantHandler, GrantRejected, TokenRequest};
use crate::model::Client;
use crate::protocol::confirmation::Confirmation;
use crate::protocol::grant_type::GrantType;
use crate::protocol::resource::Resource;
use crate::protocol::scope::standard;
use crate::protocol::{ErrorCode, OAuthError, Params, ScopeSet};
use crate::tokens::issue::{TokenOrder, TokenSubject, audience};

pub(super) struct ClientCredentials;

#[async_trait]
impl GrantHandler for ClientCredentials {
    fn grant_type(&self) -> GrantType {
        GrantType::ClientCredentials
    }

    async fn check(&self, request: &TokenRequest<'_>) -> Result<Approved, GrantRejected> {
        let client: &Client = request.client;
        // Section 4.4: "The client credentials grant type MUST only be used by confidential clients."
        if client.is_public() {
            return Err(GrantRejected::NotAllowed);
        }
        let scope = scope(client, request.params)?;
        let requested = resources(client, request.params)?;
        let cnf = Confirmation::of_tokens(None, request.sender_key)?;
        let audience = audience(&request.tokens.issuer, &requested, &client.policy.resources, &scope);
        Ok(Approved {
            order: TokenOrder { subject: TokenSubject::Client, scope, audience, cnf },
            single_use: SingleUse::Nothing,
        })
    }
}

/// What was asked for, or, where nothing was, everything the client may have. The scopes of OpenID Connect are about
/// end-users, and there is none.
fn scope(client: &Client, params: &Params) -> Result<ScopeSet, OAuthError> {
    let may_have = |scope: &str| client.policy.scopes.contains(scope) && !standard::ALL.contains(&scope);
    let Some(asked) = params.get("scope") else { return Ok(client.policy.scopes.filtered(may_have)) };
    let asked = ScopeSet::parse(asked)?;
    if asked.iter().all(may_have) {
        Ok(asked)
    } else {
        Err(OAuthError::new(ErrorCode::InvalidScope, "the client may not have a scope that it asks for"))
    }
}

fn resources(client: &Client, params: &Params) -> Result<Vec<Resource>, OAuthError> {
    let asked = Resource::parse_all(params.all("resource"))?;
    if asked.iter().all(|resource| client.policy.resources.contains(resource)) {
        Ok(asked)
    } else {
        Err(OAuthError::new(ErrorCode::InvalidTarget, "the client may not have a token for a resource that it names"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::{ClientId, ClientKind};
    use crate::support::Timestamp;

    fn client() -> Client {
        let id = ClientId::parse("worker").unwrap();
        let mut client = Client::new(id, "Worker".to_owned(), ClientKind::Service, Timestamp::from_seconds(0));
        client.policy.scopes = ScopeSet::parse("read write openid").unwrap();
        client.policy.resources = vec![Resource::parse("https://api.example").unwrap()];
        client
    }

    fn scope_of(form: &str) -> Result<String, ErrorCode> {
        let params = Params::parse(form.as_bytes()).unwrap();
        scope(&client(), &params).map(|scope| scope.to_string()).map_err(|error| error.code)
    }

    #[test]
    fn a_client_has_its_own_scopes_and_those_of_people_never() {
        assert_eq!(scope_of(""), Ok("read write".to_owned()));
        assert_eq!(scope_of("scope=write"), Ok("write".to_owned()));
        for bad in ["scope=admin", "scope=read+admin", "scope=openid", "scope=read+offline_access", "scope=%22"] {
            assert_eq!(scope_of(bad), Err(ErrorCode::InvalidScope), "{bad}");
        }
    }

    #[test]
    fn a_token_is_for_a_registered_resource_only() {
        let parsed = |form: &str| resources(&client(), &Params::parse(form.as_bytes()).unwrap()).map_err(|e| e.code);
        assert_eq!(parsed("resource=https://api.example").unwrap().len(), 1);
        assert_eq!(parsed("resource=https://other.example"), Err(ErrorCode::InvalidTarget));
        assert_eq!(parsed("resource=https://api.example&resource=x"), Err(ErrorCode::InvalidTarget));
    }
}
