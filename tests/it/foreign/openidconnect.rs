//! The `openidconnect` crate as a relying party: from discovery to logout.

use std::future::Future;
use std::pin::Pin;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
    CoreGrantType, CoreIdToken, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreSubjectIdentifierType, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndSessionUrl, HttpRequest,
    HttpResponse, IntrospectionUrl, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PostLogoutRedirectUrl, ProviderMetadata, RedirectUrl, RevocationUrl, Scope, TokenIntrospectionResponse,
    TokenResponse,
};
use serde::{Deserialize, Serialize};

use super::PASSWORD;
use super::server::{Registered, Server};
use crate::support::browser::{Browser, Page};

const EMAIL: &str = "minji@example.com";
const CALLBACK: &str = "http://127.0.0.1:9/callback";
const AFTER_LOGOUT: &str = "http://127.0.0.1:9/signed-out";

/// The members of the metadata that the crate leaves to its users.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[allow(clippy::struct_field_names, reason = "so they are called in the metadata")]
struct Endpoints {
    introspection_endpoint: IntrospectionUrl,
    revocation_endpoint: String,
    end_session_endpoint: EndSessionUrl,
}

impl AdditionalProviderMetadata for Endpoints {}

type Metadata = ProviderMetadata<
    Endpoints,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[tokio::test(flavor = "multi_thread")]
async fn the_openidconnect_crate() {
    let server = Server::start().await;
    server.sign_up(EMAIL);
    let registered = register(&server);
    let http = http(&server);

    // Discovery.
    let metadata = Metadata::discover_async(IssuerUrl::new(server.issuer.clone()).unwrap(), &http).await.unwrap();
    let endpoints = metadata.additional_metadata().clone();
    // The crate revokes over https only; `http` goes there without.
    let revocation = endpoints.revocation_endpoint.replacen("http://", "https://", 1);
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(registered.id.clone()),
        registered.secret.clone().map(ClientSecret::new),
    )
    .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap())
    .set_introspection_url(endpoints.introspection_endpoint)
    .set_revocation_url(RevocationUrl::new(revocation).unwrap());

    // Login and code.
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let mut browser = server.browser();
    let answer = sign_in(&mut browser, url.as_str()).await.answer();
    assert_eq!((&answer["state"], &answer["iss"]), (state.secret(), &server.issuer));

    // Tokens.
    let code = AuthorizationCode::new(answer["code"].clone());
    let request = client.exchange_code(code).unwrap().set_pkce_verifier(verifier);
    let tokens: CoreTokenResponse = request.request_async(&http).await.unwrap();
    let id_token: &CoreIdToken = tokens.id_token().unwrap();
    let claims = id_token.claims(&client.id_token_verifier(), &nonce).unwrap();

    // UserInfo: the crate compares the subjects.
    let request = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).unwrap();
    let user: CoreUserInfoClaims = request.request_async(&http).await.unwrap();
    assert_eq!(user.email().unwrap().as_str(), EMAIL);

    // Refresh, introspection, revocation.
    let request = client.exchange_refresh_token(tokens.refresh_token().unwrap()).unwrap();
    let refreshed: CoreTokenResponse = request.request_async(&http).await.unwrap();
    let seen = client.introspect(refreshed.access_token()).request_async(&http).await.unwrap();
    assert!(seen.active());
    assert_eq!(seen.sub(), Some(claims.subject().as_str()));
    let revocable = CoreRevocableToken::from(refreshed.refresh_token().unwrap());
    client.revoke_token(revocable).unwrap().request_async(&http).await.unwrap();
    assert!(!client.introspect(refreshed.access_token()).request_async(&http).await.unwrap().active());

    // Logout.
    let end = LogoutRequest::from(endpoints.end_session_endpoint)
        .set_id_token_hint(id_token)
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(AFTER_LOGOUT.to_owned()).unwrap())
        .http_get_url();
    assert_eq!(browser.get(end.as_str()).await.location().unwrap(), AFTER_LOGOUT);
}

fn register(server: &Server) -> Registered {
    let uris = ["--redirect-uri", CALLBACK, "--post-logout-redirect-uri", AFTER_LOGOUT];
    let scope = ["--scope", "openid profile email offline_access"];
    server.register(&[&["--kind", "web", "--name", "Crate"], &uris[..], &scope].concat())
}

/// Fills in the pages, as a person would, until the answer leaves for the app.
async fn sign_in(browser: &mut Browser, url: &str) -> Page {
    let login = browser.get(url).await;
    let consent = browser.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    browser.submit(&consent, "consent", &[("decision", "allow")]).await
}

/// The HTTP client that the crate asks for.
fn http(
    server: &Server,
) -> impl Fn(HttpRequest) -> Pin<Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send>> + use<> {
    let http = server.http.clone();
    move |request| {
        let http = http.clone();
        Box::pin(async move {
            let url = request.uri().to_string().replacen("https://127.0.0.1", "http://127.0.0.1", 1);
            let (parts, body) = request.into_parts();
            let answer = http.request(parts.method, url).headers(parts.headers).body(body).send().await?;
            let mut response = HttpResponse::new(Vec::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await?.to_vec();
            Ok(response)
        })
    }
}
