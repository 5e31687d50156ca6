//! What the shop says to the server: discovery, login, code exchange, refresh, `UserInfo`, logout. With the openidconnect crate, as any app
//! in Rust would.

use std::pin::Pin;

use openidconnect::core::CoreTokenResponse;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdToken, CoreIdTokenClaims,
    CoreIdTokenVerifier, CoreJsonWebKeySet,
};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyAdditionalClaims,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, LanguageTag, LogoutRequest,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, RefreshToken, Scope, TokenResponse, UserInfoClaims,
};
use url::Url;

use super::CLIENT_ID;
use super::register::SCOPES;
use crate::model::client::SigningAlgorithm;
use crate::support::Secret;

/// A server that was discovered, and the shop as its client.
type Discovered =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What the server answers about a user.
pub(super) type EndUser = UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim>;

/// What to call a user.
pub(super) fn name_of(user: &EndUser) -> String {
    let name = user.name().and_then(|name| name.get(None)).map(|name| name.as_str());
    name.or_else(|| user.email().map(|email| email.as_str())).unwrap_or(user.subject().as_str()).to_owned()
}

/// Why the server did not do what the shop asked: a sentence for the user who tries this out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct ProviderError(String);

impl ProviderError {
    fn of(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

/// What must come back with the answer to a login, kept by the shop meanwhile.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// Where in the shop the user wanted to go.
    pub(super) then: String,
}

/// What a login, or a refresh, gave the shop.
#[derive(Clone)]
pub(super) struct TokenSet {
    pub(super) access: String,
    pub(super) id: CoreIdToken,
    pub(super) refresh: Option<String>,
    /// The nonce that the ID token must have; a refreshed one has that of the login, or none.
    pub(super) nonce: String,
    pub(super) claims: CoreIdTokenClaims,
    /// The keys of the server when the tokens came.
    pub(super) keys: CoreJsonWebKeySet,
}

/// The server.
pub(super) struct Provider {
    issuer: String,
    own: String,
    algorithm: SigningAlgorithm,
    secret: Secret<String>,
    http: Http,
}

impl Provider {
    /// The server of this issuer, for a shop that is at `own` and whose ID tokens are signed like this.
    pub(super) fn new(issuer: &str, own: &str, algorithm: SigningAlgorithm, http: reqwest::Client) -> Self {
        let (issuer, own) = (issuer.to_owned(), own.to_owned());
        Self { issuer, own, algorithm, secret: Secret::from(""), http: Http(http) }
    }

    /// How the shop's ID tokens are signed.
    pub(super) const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Where the shop is.
    pub(super) fn own(&self) -> &str {
        &self.own
    }

    /// The server's issuer.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Keeps the shop's secret.
    pub(super) fn keep(&mut self, secret: Secret<String>) {
        self.secret = secret;
    }

    /// Reads the server's metadata and keys, each time anew: this shop has few users, and the server may have been restarted.
    pub(super) async fn discover(&self) -> Result<ProviderMetadataWithLogout, ProviderError> {
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|e| ProviderError::of(&e))?;
        ProviderMetadataWithLogout::discover_async(issuer, &self.http).await.map_err(|e| ProviderError::of(&e))
    }

    async fn client(&self) -> Result<(Discovered, CoreJsonWebKeySet), ProviderError> {
        let metadata = self.discover().await?;
        let keys = metadata.jwks().clone();
        let secret = ClientSecret::new(self.secret.expose().clone());
        let redirect = RedirectUrl::new(format!("{}/callback", self.own)).map_err(|e| ProviderError::of(&e))?;
        let id = ClientId::new(CLIENT_ID.to_owned());
        Ok((CoreClient::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(redirect), keys))
    }

    /// What the shop asks of an ID token. The algorithm is the registered one, whatever the token says of itself.
    fn verifier<'a>(&self, client: &'a Discovered) -> CoreIdTokenVerifier<'a> {
        client.id_token_verifier().set_allowed_algs(super::tokens::named(self.algorithm.as_str()))
    }

    /// Where the browser goes to sign in: authorization code, PKCE, state and nonce.
    pub(super) async fn login_url(&self, login: &Login, language: &str, sign_up: bool) -> Result<Url, ProviderError> {
        let (client, _) = self.client().await?;
        let verifier = PkceCodeVerifier::new(login.verifier.clone());
        let (state, nonce) = (login.state.clone(), login.nonce.clone());
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || CsrfToken::new(state), || Nonce::new(nonce))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_ui_locale(LanguageTag::new(language.to_owned()));
        // The library asks for openid by itself.
        for scope in SCOPES.split(' ').filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        if sign_up {
            request = request.add_prompt(CoreAuthPrompt::Extension("create".to_owned()));
        }
        Ok(request.url().0)
    }

    /// Exchanges the code, and verifies the ID token that comes for it.
    pub(super) async fn exchange(&self, code: String, login: &Login) -> Result<TokenSet, ProviderError> {
        let (client, keys) = self.client().await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|e| ProviderError::of(&e))?
            .set_pkce_verifier(PkceCodeVerifier::new(login.verifier.clone()))
            .request_async(&self.http)
            .await
            .map_err(|e| ProviderError::of(&e))?;
        verified(&self.verifier(&client), keys, &answer, login.nonce.clone(), None)
    }

    /// Asks for new tokens.
    pub(super) async fn refresh(&self, old: &TokenSet) -> Result<TokenSet, ProviderError> {
        let refresh = old.refresh.clone().ok_or_else(|| ProviderError("there is no refresh token".to_owned()))?;
        let (client, keys) = self.client().await?;
        let answer = client
            .exchange_refresh_token(&RefreshToken::new(refresh))
            .map_err(|e| ProviderError::of(&e))?
            .request_async(&self.http)
            .await
            .map_err(|e| ProviderError::of(&e))?;
        verified(&self.verifier(&client), keys, &answer, old.nonce.clone(), Some(old))
    }

    /// What the server says about the user.
    pub(super) async fn user_info(&self, tokens: &TokenSet) -> Result<EndUser, ProviderError> {
        let (client, _) = self.client().await?;
        let access = AccessToken::new(tokens.access.clone());
        client
            .user_info(access, Some(tokens.claims.subject().clone()))
            .map_err(|e| ProviderError::of(&e))?
            .request_async(&self.http)
            .await
            .map_err(|e| ProviderError::of(&e))
    }

    /// Where the browser goes to sign out of the server too.
    pub(super) async fn logout_url(&self, tokens: &TokenSet, language: &str) -> Result<Url, ProviderError> {
        let metadata = self.discover().await?;
        let end = metadata.additional_metadata().end_session_endpoint.clone();
        let end = end.ok_or_else(|| ProviderError("the server has no end_session_endpoint".to_owned()))?;
        let back = PostLogoutRedirectUrl::new(format!("{}/", self.own)).map_err(|e| ProviderError::of(&e))?;
        Ok(LogoutRequest::from(end)
            .set_id_token_hint(&tokens.id)
            .set_client_id(ClientId::new(CLIENT_ID.to_owned()))
            .set_post_logout_redirect_uri(back)
            .set_state(CsrfToken::new("signed-out".to_owned()))
            .add_ui_locale(LanguageTag::new(language.to_owned()))
            .http_get_url())
    }
}

/// Verifies the ID token of an answer: signature, issuer, audience, times and nonce. A refresh may answer without one
/// (OpenID Connect Core 1.0 section 12.2): then the old one stays.
fn verified(
    verifier: &CoreIdTokenVerifier<'_>,
    keys: CoreJsonWebKeySet,
    answer: &CoreTokenResponse,
    nonce: String,
    old: Option<&TokenSet>,
) -> Result<TokenSet, ProviderError> {
    let expected = Nonce::new(nonce.clone());
    let (id, claims) = match (answer.id_token(), old) {
        (Some(id), None) => {
            let claims = id.claims(verifier, &expected).map_err(|e| ProviderError::of(&e))?;
            (id.clone(), claims.clone())
        }
        (Some(id), Some(old)) => {
            // Section 12.2: it "SHOULD NOT have a nonce Claim"; where it has one it must be that of the login.
            let same = |seen: Option<&Nonce>| match seen {
                Some(seen) if seen.secret() != expected.secret() => Err("another nonce".to_owned()),
                _ => Ok(()),
            };
            let claims = id.claims(verifier, same).map_err(|e| ProviderError::of(&e))?;
            if claims.subject() != old.claims.subject() {
                return Err(ProviderError("the new ID token is about another subject".to_owned()));
            }
            (id.clone(), claims.clone())
        }
        (None, Some(old)) => (old.id.clone(), old.claims.clone()),
        (None, None) => return Err(ProviderError("the server sent no ID token".to_owned())),
    };
    let refresh = answer.refresh_token().map(|token| token.secret().clone());
    Ok(TokenSet {
        access: answer.access_token().secret().clone(),
        id,
        refresh: refresh.or_else(|| old.and_then(|old| old.refresh.clone())),
        nonce,
        claims,
        keys,
    })
}

/// How the library sends its requests.
struct Http(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = SendFailed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SendFailed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.execute(request.try_into()?).await?;
            let mut response = HttpResponse::new(Vec::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await?.to_vec();
            Ok(response)
        })
    }
}

/// The server could not be reached.
#[derive(Debug, thiserror::Error)]
enum SendFailed {
    #[error("nothing listens there")]
    Connection,
    #[error("no answer came in time")]
    Timeout,
    #[error("the connection broke off")]
    Other,
}

impl From<reqwest::Error> for SendFailed {
    fn from(error: reqwest::Error) -> Self {
        match error {
            error if error.is_connect() => Self::Connection,
            error if error.is_timeout() => Self::Timeout,
            _ => Self::Other,
        }
    }
}
