//! The way to a provider: the authorization request, and what is remembered of it.

use std::time::Duration;

use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet};
use openidconnect::{AuthenticationContextClass, IssuerUrl, LanguageTag, LoginHint, Nonce};
use url::Url;

use super::login_purpose::LoginPurpose;
use super::login_state::{self, LoginState};
use super::provider::{Oidc, Provider};
use super::{Reason, Upstream, UpstreamFailed};
use crate::model::Locale;
use crate::model::connection::Connection;
use crate::protocol::response_mode::ResponseMode;
use crate::sessions::Visitor;

/// What an app's request means for the provider: passed on where the provider has a parameter for it.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Whom the app thinks it deals with.
    pub login_hint: Option<String>,
    /// How old the authentication may be.
    pub max_age: Option<Duration>,
    /// The user has to authenticate again.
    pub login: bool,
    /// The user wants to choose an account there.
    pub select_account: bool,
    /// The language of our pages.
    pub locale: Option<Locale>,
    /// The `acr` values that the app would like.
    pub acr_values: Vec<String>,
}

impl Hints {
    /// The same, and the user authenticates again, now: OpenID Connect Core 1.0 section 3.1.2.1 for both parameters.
    fn at_once(self) -> Self {
        Self { login: true, max_age: Some(Duration::ZERO), ..self }
    }
}

/// A login that begins.
#[derive(Debug)]
pub struct Begin<'a> {
    /// What the browser is sent to the provider for.
    pub purpose: LoginPurpose,
    /// What to pass on.
    pub hints: Hints,
    /// The browser, whose secret the record is bound to.
    pub visitor: &'a Visitor,
}

impl Upstream {
    /// Begins a login: remembers it for this browser and says where to send the user.
    pub async fn start(&self, connection: &Connection, begin: Begin<'_>) -> Result<Url, UpstreamFailed> {
        let purpose = begin.purpose.clone();
        self.begin(connection, begin).await.map_err(|reason| UpstreamFailed {
            reason,
            connection: Some(Box::new(connection.clone())),
            purpose: Some(purpose),
            answers: Vec::new(),
        })
    }

    async fn begin(&self, connection: &Connection, begin: Begin<'_>) -> Result<Url, Reason> {
        if !connection.enabled && !matches!(begin.purpose, LoginPurpose::Test { .. }) {
            return Err(Reason::NoConnection);
        }
        let provider = self.provider(connection).await?;
        let state = login_state::draw(self.random.as_ref());
        let hints = if begin.purpose.proves() { begin.hints.at_once() } else { begin.hints };
        let asked_age = provider.oidc.as_ref().filter(|oidc| oidc.auth_time).and(hints.max_age);
        let pending = LoginState {
            connection: connection.id,
            connection_epoch: connection.epoch,
            purpose: begin.purpose,
            browser: login_state::browser(&begin.visitor.browser),
            nonce: login_state::draw(self.random.as_ref()),
            verifier: if provider.preset.pkce { login_state::draw(self.random.as_ref()) } else { String::new() },
            max_age: asked_age.map(|age| age.as_secs()),
            expires_at: self.clock.now().plus(self.login_lifetime),
        };
        let mut url = match &provider.oidc {
            Some(oidc) => self.oidc_request(&provider, oidc, connection, &hints, (&state, &pending))?,
            None => self.oauth2_request(&provider, connection, (&state, &pending))?,
        };
        if provider.preset.response_mode == ResponseMode::FormPost {
            url.query_pairs_mut().append_pair("response_mode", "form_post");
        }
        url.query_pairs_mut().extend_pairs(provider.preset.parameters);
        self.remember(&state, &pending).await?;
        Ok(url)
    }

    /// OpenID Connect Core 1.0 section 3.1.2.1.
    fn oidc_request(
        &self,
        provider: &Provider,
        oidc: &Oidc,
        connection: &Connection,
        hints: &Hints,
        (state, pending): (&str, &LoginState),
    ) -> Result<Url, Reason> {
        let wrong = |_| Reason::Misconfigured("the issuer is no URL");
        let issuer = oidc.issuer.discovered(oidc.named.as_deref()).unwrap_or_default();
        let id = ClientId::new(connection.client_id.clone());
        let client = CoreClient::new(id, IssuerUrl::new(issuer).map_err(wrong)?, CoreJsonWebKeySet::new(Vec::new()))
            .set_auth_uri(AuthUrl::from_url(provider.authorization.clone()))
            .set_redirect_uri(self.redirect_url(connection)?);
        let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(pending.nonce.clone()));
        let mut request = client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce);
        // The crate asks for `openid` by itself.
        for scope in scopes(connection, provider).filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        if let Some(challenge) = challenge(pending) {
            request = request.set_pkce_challenge(challenge);
        }
        if let Some(hint) = &hints.login_hint {
            request = request.set_login_hint(LoginHint::new(hint.clone()));
        }
        if let Some(seconds) = pending.max_age {
            request = request.set_max_age(Duration::from_secs(seconds));
        }
        if hints.login {
            request = request.add_prompt(CoreAuthPrompt::Login);
        } else if hints.select_account {
            request = request.add_prompt(CoreAuthPrompt::SelectAccount);
        }
        if let Some(locale) = hints.locale {
            request = request.add_ui_locale(LanguageTag::new(locale.as_str().to_owned()));
        }
        for acr in self.acr_values(connection, oidc, hints) {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.to_owned()));
        }
        Ok(request.url().0)
    }

    /// What is asked of the provider: the values of its own that count as what the app asks for, where an administrator said which do. What comes back is held
    /// to the same, and what is missing then is asked for here. A provider of which nothing is said is told what the app said, if it may know such values.
    fn acr_values<'a>(&self, connection: &'a Connection, oidc: &Oidc, hints: &'a Hints) -> Vec<&'a str> {
        if connection.two_factors.is_empty() && connection.phishing_resistant.is_empty() {
            return hints.acr_values.iter().filter(|_| oidc.is_generic()).map(String::as_str).collect();
        }
        connection.asked_for(&hints.acr_values, &self.classes)
    }

    /// RFC 6749 section 4.1.1.
    fn oauth2_request(
        &self,
        provider: &Provider,
        connection: &Connection,
        (state, pending): (&str, &LoginState),
    ) -> Result<Url, Reason> {
        let client = oauth2::basic::BasicClient::new(ClientId::new(connection.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(provider.authorization.clone()))
            .set_redirect_uri(self.redirect_url(connection)?);
        let mut request = client.authorize_url(|| CsrfToken::new(state.to_owned()));
        for scope in scopes(connection, provider) {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        if let Some(challenge) = challenge(pending) {
            request = request.set_pkce_challenge(challenge);
        }
        Ok(request.url().0)
    }

    pub(super) fn redirect_url(&self, connection: &Connection) -> Result<RedirectUrl, Reason> {
        RedirectUrl::new(self.redirect_uri(&connection.slug)).map_err(|_| Reason::Misconfigured("the issuer is no URL"))
    }
}

fn scopes<'a>(connection: &'a Connection, provider: &Provider) -> impl Iterator<Item = &'a str> {
    let own = connection.scopes.iter().map(String::as_str);
    let preset = if connection.scopes.is_empty() { provider.preset.scopes } else { &[] };
    own.chain(preset.iter().copied())
}

fn challenge(pending: &LoginState) -> Option<PkceCodeChallenge> {
    let verifier = (!pending.verifier.is_empty()).then(|| PkceCodeVerifier::new(pending.verifier.clone()));
    verifier.map(|verifier| PkceCodeChallenge::from_code_verifier_sha256(&verifier))
}
