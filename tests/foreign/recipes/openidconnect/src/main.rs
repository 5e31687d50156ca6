//! axum with the crate openidconnect, as its documentation shows the authorization code flow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreTokenResponse, CoreUserInfoClaims};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse, reqwest,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Discovered = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What the app keeps of one browser.
enum Session {
    Begun { state: CsrfToken, nonce: Nonce, verifier: String },
    SignedIn { tokens: Box<CoreTokenResponse>, greeting: String },
}

struct App {
    http: reqwest::Client,
    metadata: ProviderMetadataWithLogout,
    client: Discovered,
    base: String,
    sessions: Mutex<HashMap<String, Session>>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    dotenvy::dotenv()?;
    let setting = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    // "Following redirects opens the client up to SSRF vulnerabilities."
    let http = reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none()).build()?;
    let metadata = ProviderMetadataWithLogout::discover_async(IssuerUrl::new(setting("ISSUER"))?, &http).await?;
    let base = setting("BASE_URL");
    let (id, secret) = (ClientId::new(setting("CLIENT_ID")), ClientSecret::new(setting("CLIENT_SECRET")));
    let client = CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret))
        .set_redirect_uri(RedirectUrl::new(format!("{base}/callback"))?);
    let app = Arc::new(App { http, metadata, client, base, sessions: Mutex::default() });
    let routes = Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/userinfo", get(userinfo))
        .route("/api", get(api))
        .route("/refresh", get(refresh))
        .route("/logout", get(logout))
        .with_state(app);
    let port = std::env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    Ok(axum::serve(listener, routes).await?)
}

async fn home(State(app): State<Arc<App>>, jar: CookieJar) -> String {
    match app.sessions.lock().unwrap().get(&key(&jar)) {
        Some(Session::SignedIn { greeting, .. }) => greeting.clone(),
        _ => "Nobody is signed in.".to_owned(),
    }
}

async fn login(State(app): State<Arc<App>>, jar: CookieJar) -> impl IntoResponse {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = ["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned()));
    let (url, state, nonce) = app
        .client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .url();
    let jar = app.begin(jar, Session::Begun { state, nonce, verifier: verifier.into_secret() });
    (jar, Redirect::to(url.as_str()))
}

async fn callback(
    State(app): State<Arc<App>>,
    Query(answer): Query<HashMap<String, String>>,
    jar: CookieJar,
) -> Result<Response, Refused> {
    let begun = app.sessions.lock().unwrap().remove(&key(&jar));
    let Some(Session::Begun { state, nonce, verifier }) = begun else { return Err("no sign-in was begun here".into()) };
    if answer.get("state") != Some(state.secret()) {
        return Err("the state is another".into());
    }
    let code = AuthorizationCode::new(answer.get("code").cloned().ok_or("no code")?);
    let request = app.client.exchange_code(code)?.set_pkce_verifier(PkceCodeVerifier::new(verifier));
    let tokens = request.request_async(&app.http).await?;
    let id_token = tokens.id_token().ok_or("no ID token")?;
    let claims = id_token.claims(&app.client.id_token_verifier(), &nonce)?;
    let name = claims.name().and_then(|name| name.get(None)).map_or("", |name| name.as_str());
    let email = claims.email().map_or("", |email| email.as_str());
    let greeting = format!("{name} {email}");
    // A session of a new name: one that was planted before is worth nothing after it.
    let jar = app.begin(jar, Session::SignedIn { tokens: Box::new(tokens), greeting });
    Ok((jar, Redirect::to("/")).into_response())
}

async fn userinfo(State(app): State<Arc<App>>, jar: CookieJar) -> Result<String, Refused> {
    let tokens = app.tokens(&jar)?;
    let claims: CoreUserInfoClaims =
        app.client.user_info(tokens.access_token().clone(), None)?.request_async(&app.http).await?;
    Ok(claims.email().map_or("", |email| email.as_str()).to_owned())
}

async fn api(State(app): State<Arc<App>>, jar: CookieJar) -> Result<String, Refused> {
    let tokens = app.tokens(&jar)?;
    let answer = app.http.get(std::env::var("API")?).bearer_auth(tokens.access_token().secret()).send().await?;
    Ok(answer.text().await?)
}

async fn refresh(State(app): State<Arc<App>>, jar: CookieJar) -> Result<&'static str, Refused> {
    let old = app.tokens(&jar)?;
    let token = old.refresh_token().ok_or("no refresh token")?;
    let fresh = app.client.exchange_refresh_token(token)?.request_async(&app.http).await?;
    if let Some(Session::SignedIn { tokens, .. }) = app.sessions.lock().unwrap().get_mut(&key(&jar)) {
        **tokens = fresh;
    }
    Ok("refreshed")
}

async fn logout(State(app): State<Arc<App>>, jar: CookieJar) -> Result<Redirect, Refused> {
    let tokens = app.tokens(&jar)?;
    app.sessions.lock().unwrap().remove(&key(&jar));
    let end = app.metadata.additional_metadata().end_session_endpoint.clone().ok_or("no end_session_endpoint")?;
    let url = LogoutRequest::from(end)
        .set_id_token_hint(tokens.id_token().ok_or("no ID token")?)
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(format!("{}/", app.base))?)
        .http_get_url();
    Ok(Redirect::to(url.as_str()))
}

impl App {
    fn begin(&self, jar: CookieJar, session: Session) -> CookieJar {
        let key = CsrfToken::new_random().secret().clone();
        self.sessions.lock().unwrap().insert(key.clone(), session);
        jar.add(Cookie::build(("session", key)).http_only(true).same_site(SameSite::Lax).path("/"))
    }

    fn tokens(&self, jar: &CookieJar) -> Result<CoreTokenResponse, Refused> {
        match self.sessions.lock().unwrap().get(&key(jar)) {
            Some(Session::SignedIn { tokens, .. }) => Ok((**tokens).clone()),
            _ => Err("nobody is signed in".into()),
        }
    }
}

fn key(jar: &CookieJar) -> String {
    jar.get("session").map_or_else(String::new, |cookie| cookie.value().to_owned())
}

/// Why something did not work, for whoever tries it.
struct Refused(Failure);

impl<E: Into<Failure>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, self.0.to_string()).into_response()
    }
}
