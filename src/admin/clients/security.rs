//! What a client's registration does without: what a specification recommends and does not require.
//!
//! Owns the findings, one variant each, and the command that ends each where the registration alone tells it. Decides nothing: what a specification requires is in `rules`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Client;
use crate::model::client::{AssertionAudience, ClientAuthentication, ClientId, ClientKind, PkcePolicy};
use crate::protocol::grant_type::GrantType;

/// Something that a client does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// RFC 9700 section 2.1.1: "For confidential clients, the use of PKCE is RECOMMENDED".
    PkceWhenSent,
    /// RFC 9700 section 2.5: "It is RECOMMENDED to use asymmetric cryptography for client authentication".
    SharedSecret,
    /// RFC 6749 section 2.3.1: "Including the client credentials in the request-body using the two parameters is NOT RECOMMENDED".
    SecretMethodNotPinned,
    /// FAPI 2.0 Security Profile section 5.3.2.1: only the issuer as the audience of assertions.
    EndpointAsAudience,
    /// RFC 8252 section 8.3: "the use of "localhost" is NOT RECOMMENDED".
    LocalhostRedirect,
}

impl Finding {
    const ALL: [Self; 5] = [
        Self::PkceWhenSent,
        Self::SharedSecret,
        Self::SecretMethodNotPinned,
        Self::EndpointAsAudience,
        Self::LocalhostRedirect,
    ];

    /// What this client does without.
    pub(super) fn all(client: &Client) -> Vec<Self> {
        Self::ALL.into_iter().filter(|finding| finding.is_of(client)).collect()
    }

    fn is_of(self, client: &Client) -> bool {
        let method = &client.authentication.method;
        match self {
            Self::PkceWhenSent => {
                client.policy.pkce == PkcePolicy::WhenSent && client.may_use(GrantType::AuthorizationCode)
            }
            Self::SharedSecret => method.uses_secret(),
            Self::SecretMethodNotPinned => method.uses_secret() && !client.authentication.pinned,
            Self::EndpointAsAudience => {
                matches!(
                    method,
                    ClientAuthentication::PrivateKeyJwt { audience: AssertionAudience::IssuerOrEndpoint, .. }
                )
            }
            Self::LocalhostRedirect => {
                let named = |uri: &str| uri.starts_with("http://localhost:") || uri.starts_with("http://localhost/");
                client.kind == ClientKind::Native && client.redirects.uris.iter().any(|uri| named(uri.as_str()))
            }
        }
    }

    /// What programs tell findings apart by.
    const fn code(self) -> &'static str {
        match self {
            Self::PkceWhenSent => "pkce_when_sent",
            Self::SharedSecret => "shared_secret",
            Self::SecretMethodNotPinned => "secret_method_not_pinned",
            Self::EndpointAsAudience => "endpoint_as_audience",
            Self::LocalhostRedirect => "localhost_redirect",
        }
    }

    /// What it means, for operators.
    const fn detail(self) -> &'static str {
        match self {
            Self::PkceWhenSent => "authorization requests without PKCE are accepted; a challenge that is sent binds",
            Self::SharedSecret => "it authenticates with a shared secret and not with a key of its own",
            Self::SecretMethodNotPinned => "its secret is accepted by client_secret_basic and by client_secret_post",
            Self::EndpointAsAudience => {
                "its assertions may be made out to an endpoint's URL and not to the issuer alone"
            }
            Self::LocalhostRedirect => "a redirect URI names localhost, which other software may answer for",
        }
    }

    /// The options of `haechi clients update` that end it; `None` where that depends on what the client was seen doing, see
    /// [`RecentLogins`](super::RecentLogins).
    const fn options(self) -> Option<&'static str> {
        match self {
            Self::PkceWhenSent => Some("--pkce required"),
            Self::SharedSecret => Some("--auth private_key_jwt --jwks-uri URL"),
            Self::SecretMethodNotPinned => None,
            Self::EndpointAsAudience => Some("--assertion-audience issuer"),
            Self::LocalhostRedirect => {
                Some("--add-redirect-uri http://127.0.0.1/PATH --remove-redirect-uri http://localhost/PATH")
            }
        }
    }
}

/// A finding as a document has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityView {
    /// Which it is.
    pub finding: String,
    /// What it means.
    pub detail: String,
    /// The command that ends it, where it does without knowing how the client is built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl SecurityView {
    pub(super) fn of(finding: Finding, client: &ClientId) -> Self {
        Self {
            finding: finding.code().to_owned(),
            detail: finding.detail().to_owned(),
            command: finding.options().map(|options| format!("haechi clients update {client} {options}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::{ClientKeys, SigningAlgorithm};
    use crate::protocol::redirect_uri::RegisteredRedirectUri;
    use crate::support::Timestamp;

    fn client(kind: ClientKind) -> Client {
        Client::new(ClientId::parse("shop").unwrap(), "Shop".to_owned(), kind, Timestamp::from_seconds(0))
    }

    fn by_key(audience: AssertionAudience) -> ClientAuthentication {
        let keys = ClientKeys::JwksUri("https://app.example/jwks".parse().unwrap());
        ClientAuthentication::PrivateKeyJwt { keys, algorithm: SigningAlgorithm::ES256, audience }
    }

    #[test]
    fn what_a_client_does_without_is_found_and_ends_with_what_requires_it() {
        use Finding::*;
        let mut web = client(ClientKind::Web);
        assert_eq!(Finding::all(&web), [PkceWhenSent, SharedSecret, SecretMethodNotPinned]);
        web.policy.pkce = PkcePolicy::Required;
        web.authentication.pinned = true;
        assert_eq!(Finding::all(&web), [SharedSecret]);
        web.authentication.method = by_key(AssertionAudience::default());
        assert_eq!(Finding::all(&web), [EndpointAsAudience]);
        web.authentication.method = by_key(AssertionAudience::Issuer);
        assert_eq!(Finding::all(&web), []);
    }

    #[test]
    fn a_native_client_is_better_answered_at_an_address_than_at_a_name() {
        let mut native = client(ClientKind::Native);
        let at = |uri| vec![RegisteredRedirectUri::parse(uri, true).unwrap()];
        for (uri, found) in [
            ("http://localhost/cb", true),
            ("http://localhost:3000/cb", true),
            ("http://127.0.0.1/cb", false),
            ("https://localhost.example/cb", false),
        ] {
            native.redirects.uris = at(uri);
            assert_eq!(Finding::all(&native) == [Finding::LocalhostRedirect], found, "{uri}");
        }
    }
}
