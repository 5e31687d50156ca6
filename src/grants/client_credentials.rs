//! `client_credentials`: a client acts for itself (RFC 6749 section 4.4). Touches no store that it has not touched since the last change.

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
        let form = request.form(&audience).await?;
        Ok(Approved {
            order: TokenOrder { subject: TokenSubject::Client, scope, audience, cnf, form },
            single_use: SingleUse::Nothing,
        })
    }
}

/// What was asked for as far as the client may have it, or, where nothing was, everything that it may have: section 3.3 holds for both
/// endpoints ("MAY fully or partially ignore the scope requested by the client"). The scopes about end-users are for none here: there is no
/// end-user.
fn scope(client: &Client, params: &Params) -> Result<ScopeSet, OAuthError> {
    let may_have = client.policy.scopes.filtered(|scope| !standard::ALL.contains(&scope));
    match params.get("scope") {
        Some(asked) => ScopeSet::parse(asked)?.within(&may_have),
        None => Ok(may_have),
    }
}

fn resources(client: &Client, params: &Params) -> Result<Vec<Resource>, OAuthError> {
    const NOT_FOR_THE_CLIENT: OAuthError =
        OAuthError::new(ErrorCode::InvalidTarget, "the client may not have a token for a resource that it names");
    let asked = Resource::requested(params)?;
    let found: Option<Vec<Resource>> =
        asked.iter().map(|resource| resource.among(&client.policy.resources).cloned()).collect();
    found.ok_or(NOT_FOR_THE_CLIENT)
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
        for asked in ["scope=write", "scope=write+admin", "scope=openid+write+offline_access"] {
            assert_eq!(scope_of(asked), Ok("write".to_owned()), "{asked}");
        }
        for bad in ["scope=admin", "scope=openid", "scope=offline_access+admin", "scope=read+%22"] {
            assert_eq!(scope_of(bad), Err(ErrorCode::InvalidScope), "{bad}");
        }
    }

    #[test]
    fn a_token_is_for_a_registered_resource_only() {
        let parsed = |form: &str| resources(&client(), &Params::parse(form.as_bytes()).unwrap()).map_err(|e| e.code);
        assert_eq!(parsed("resource=https://api.example").unwrap().len(), 1);
        assert_eq!(parsed("audience=https://api.example/").unwrap()[0].as_str(), "https://api.example");
        assert_eq!(parsed("resource=https://other.example"), Err(ErrorCode::InvalidTarget));
        assert_eq!(parsed("resource=https://api.example&resource=x"), Err(ErrorCode::InvalidTarget));
    }
}
