//! The way back from a provider: whose answer it is, the tokens for its code, and the profile in them.

use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, ExtraTokenFields, PkceCodeVerifier, RequestTokenError,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::id_token::{self, Authentication, Expected};
use super::login_purpose::LoginPurpose;
use super::login_state::LoginState;
use super::presets::{ClientAuthentication, Quirk};
use super::profile::{self, UpstreamProfile};
use super::provider::{self, Oidc, Provider};
use super::provider_http::{CallFailed, ProviderHttp};
use super::provider_tokens::TokenResponseReceived;
use super::{Reason, Upstream, UpstreamFailed, apple, claims, secrets};
use crate::keys::foreign::{self, Kind};
use crate::model::connection::{Connection, Slug};
use crate::protocol::Params;
use crate::sessions::Visitor;
use crate::support::Secret;

/// The longest code that is passed on.
const MAX_CODE: usize = 8 * 1024;
/// The longest error code of a provider that is repeated.
const MAX_ERROR: usize = 60;
/// How providers say that the user refused: RFC 6749 section 4.1.2.1, and Apple and LinkedIn in their own words.
const REFUSALS: &[&str] =
    &["access_denied", "user_cancelled_authorize", "user_cancelled_login", "consent_required", "ACCESS_DENIED"];
/// How providers say that it is the code that they do not take: RFC 6749 section 5.2, GitHub, Slack. Any other refusal may be about our
/// secret: many have words of their own for that, or none.
const WRONG_CODE: &[&str] = &["invalid_grant", "bad_verification_code", "invalid_code"];

/// An answer of a provider that was verified: the user's profile there, and how they authenticated.
#[derive(Debug)]
pub struct Returned {
    /// The connection whose redirect URI the answer came to.
    pub connection: Connection,
    /// What the browser was sent to the provider for, as kept with the login state.
    pub purpose: LoginPurpose,
    /// The user as the provider describes them.
    pub profile: UpstreamProfile,
    /// How they authenticated there.
    pub authentication: Authentication,
    /// What the provider answered: for the administrator's test.
    pub answers: Vec<Value>,
    /// The tokens, where the connection keeps them.
    pub tokens: Option<TokenResponseReceived>,
}

/// What a token answer has besides RFC 6749 section 5.1.
#[derive(Debug, Deserialize, Serialize)]
struct WithIdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for WithIdToken {}

type TokenAnswer = StandardTokenResponse<WithIdToken, BasicTokenType>;
type TokenClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// The tokens, and the secret that redeemed the code.
struct RedeemedCode {
    answer: TokenAnswer,
    access_token: Secret<String>,
    secret: Secret<String>,
}

impl Upstream {
    /// Takes a provider's answer: of the login that its `state` stands for, in the browser that began it, once.
    pub async fn finish(&self, slug: &str, params: &Params, visitor: &Visitor) -> Result<Returned, UpstreamFailed> {
        let none = || UpstreamFailed::early(Reason::NoConnection);
        let slug = Slug::parse(slug).map_err(|_| none())?;
        let connection = self.stores.connections.find_by_slug(&slug).await?.ok_or_else(none)?;
        let state = params.get("state").unwrap_or_default();
        let pending = match self.take(state, &connection, visitor).await {
            Ok(pending) => pending,
            Err(reason) => {
                return Err(UpstreamFailed { connection: Some(Box::new(connection)), ..UpstreamFailed::early(reason) });
            }
        };
        let mut answers = Vec::new();
        match self.read(&connection, params, &pending, &mut answers).await {
            Ok((profile, authentication, tokens)) => {
                Ok(Returned { connection, purpose: pending.purpose, profile, authentication, answers, tokens })
            }
            Err(reason) => Err(UpstreamFailed {
                reason,
                connection: Some(Box::new(connection)),
                purpose: Some(pending.purpose),
                answers,
            }),
        }
    }

    async fn read(
        &self,
        connection: &Connection,
        params: &Params,
        pending: &LoginState,
        answers: &mut Vec<Value>,
    ) -> Result<(UpstreamProfile, Authentication, Option<TokenResponseReceived>), Reason> {
        if !connection.enabled && !matches!(pending.purpose, LoginPurpose::Test { .. }) {
            return Err(Reason::NoConnection);
        }
        let provider = self.provider(connection).await?;
        check_issuer(&provider, params)?;
        let code = code(params)?;
        let wire = self.wire(&provider, connection);
        let redeemed = self.redeem(&wire, &provider, connection, (code, params, pending)).await?;
        let authentication = match &provider.oidc {
            Some(oidc) => {
                let (claims, authentication) = self.id_token(&provider, oidc, connection, (&redeemed, pending)).await?;
                answers.push(claims);
                authentication
            }
            None => Authentication::default(),
        };
        for url in &provider.profile {
            answers.push(wire.profile(url, &redeemed.access_token).await.map_err(call_failed)?);
        }
        if provider.preset.has(Quirk::UnsignedUser) {
            answers.extend(params.get("user").and_then(apple::user));
        }
        let profile = profile::map(&provider.preset.mapping(claims::places(connection)), answers)?;
        let tokens = connection.keep_tokens.then(|| TokenResponseReceived::of(&redeemed.answer, self.clock.now()));
        Ok((profile, authentication, tokens))
    }

    fn wire<'a>(&'a self, provider: &Provider, connection: &Connection) -> ProviderHttp<'a> {
        ProviderHttp {
            outgoing: &self.outgoing,
            breakers: &self.breakers,
            clock: self.clock.as_ref(),
            connection: connection.id,
            caller: provider::caller(connection),
            quirks: provider.preset.quirks,
        }
    }

    /// RFC 6749 section 4.1.3. While a secret is being rotated the older one is tried where the provider does not know the newer yet.
    async fn redeem(
        &self,
        wire: &ProviderHttp<'_>,
        provider: &Provider,
        connection: &Connection,
        (code, params, pending): (&str, &Params, &LoginState),
    ) -> Result<RedeemedCode, Reason> {
        let mut refusal = Reason::Misconfigured("the connection has no client secret");
        for secret in self.client_secrets(provider, connection)? {
            let client = TokenClient::new(ClientId::new(connection.client_id.clone()))
                .set_client_secret(ClientSecret::new(secret.expose().clone()))
                .set_auth_type(match provider.preset.client_authentication {
                    ClientAuthentication::SecretBasic => AuthType::BasicAuth,
                    _ => AuthType::RequestBody,
                })
                .set_token_uri(TokenUrl::from_url(provider.token.clone()))
                .set_redirect_uri(self.redirect_url(connection)?);
            let mut request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
            if !pending.verifier.is_empty() {
                request = request.set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
            }
            if provider.preset.has(Quirk::StateAtToken) {
                request = request.add_extra_param("state", params.get("state").unwrap_or_default().to_owned());
            }
            match request.request_async(wire).await {
                Ok(answer) => {
                    let access_token = Secret::from(answer.access_token().secret().clone());
                    return Ok(RedeemedCode { answer, access_token, secret });
                }
                Err(RequestTokenError::ServerResponse(answer)) => {
                    let error = answer.error().to_string();
                    refusal = Reason::Provider(printable(&error));
                    if WRONG_CODE.contains(&error.as_str()) {
                        break;
                    }
                }
                Err(RequestTokenError::Request(failure)) => return Err(call_failed(failure)),
                Err(RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => {
                    return Err(Reason::Call("the token answer has not the form of one".to_owned()));
                }
            }
        }
        Err(refusal)
    }

    fn client_secrets(&self, provider: &Provider, connection: &Connection) -> Result<Vec<Secret<String>>, Reason> {
        let now = self.clock.now();
        let opened = secrets::open(&self.sealer, connection, now);
        if provider.preset.client_authentication != ClientAuthentication::AppleSecret {
            return Ok(opened);
        }
        let setting = |name: &str| connection.settings.get(name).map(String::as_str).unwrap_or_default();
        let sign = |p8: &Secret<String>| {
            apple::AppleApp::new(setting("team_id"), &connection.client_id, setting("key_id"), p8)
                .map_err(|_| Reason::Misconfigured("the key is not one of Apple's .p8 files"))?
                .client_secret(now)
                .map_err(Reason::from)
        };
        opened.iter().map(sign).collect()
    }

    /// OpenID Connect Core 1.0 section 3.1.3.7.
    async fn id_token(
        &self,
        provider: &Provider,
        oidc: &Oidc,
        connection: &Connection,
        (redeemed, pending): (&RedeemedCode, &LoginState),
    ) -> Result<(Value, Authentication), Reason> {
        let token = redeemed.answer.extra_fields().id_token.as_deref().ok_or(Reason::NoIdToken)?;
        let now = self.clock.now();
        let verify =
            |keys: &Value| foreign::verify_upstream(Kind::IdToken, token, keys, (&redeemed.secret, &oidc.algorithms));
        let verified = self.keys.at(provider::caller(connection), &oidc.jwks).verify(now, verify).await?;
        let claims = Value::Object(verified.claims);
        let expected = Expected {
            issuer: oidc.issuer,
            named: oidc.named.as_deref(),
            client_id: &connection.client_id,
            nonce: &pending.nonce,
            nonce_may_lack: provider.preset.has(Quirk::NoNonce),
            access_token: redeemed.access_token.expose(),
            algorithm: verified.algorithm,
            max_age: pending.max_age.map(Duration::from_secs),
            now,
        };
        let authentication = id_token::check(&claims, &expected)?;
        Ok((claims, authentication))
    }
}

/// RFC 9207 section 2.4: where an answer names its issuer, it must be the one that was asked; where the provider says that it always
/// does, an answer that names none is not of it.
fn check_issuer(provider: &Provider, params: &Params) -> Result<(), Reason> {
    let Some(oidc) = &provider.oidc else { return Ok(()) };
    let expected = oidc.issuer.announced(oidc.named.as_deref());
    let matches = match params.get("iss") {
        None => !oidc.iss_in_answers,
        // A provider of many tenants names one of them, which the ID token is held to.
        Some(iss) => oidc.issuer.is_of_many() || expected.as_deref() == Some(iss),
    };
    if matches { Ok(()) } else { Err(Reason::MixUp) }
}

fn code(params: &Params) -> Result<&str, Reason> {
    match (params.get("error"), params.get("code")) {
        (Some(error), _) if REFUSALS.contains(&error) => Err(Reason::Refused),
        (Some(error), _) => Err(Reason::Provider(printable(error))),
        (None, Some(code)) if code.len() > MAX_CODE => Err(Reason::Provider("a code of an absurd length".to_owned())),
        (None, Some(code)) => Ok(code),
        (None, None) => Err(Reason::Provider("neither a code nor an error".to_owned())),
    }
}

fn call_failed(failure: CallFailed) -> Reason {
    Reason::Call(failure.to_string())
}

/// A provider's text, harmless in a log and short.
fn printable(text: &str) -> String {
    text.chars().take(MAX_ERROR).map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}
