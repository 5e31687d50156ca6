//! What a client's document says, read into the model.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Map, Value};

use super::guessable::is_guessable;
use super::members::is_name_in_language;
use super::parse::{acr_values, redirect_uris, resources, without_repeats};
use super::resource::{ClientResource, response_types};
use super::values::{ApplicationType, AuthenticationMethod};
use crate::admin::url::url;
use crate::admin::{FieldError, FieldProblem};
use crate::keys::foreign::check_jwks;
use crate::model::client::{
    AccessPolicy, AssertionAudience, Authentication, Client, ClientAuthentication, ClientId, ClientKeys, ClientKind,
    ClientLinks, ClientSecret, PkcePolicy, Presentation, Redirects, SigningAlgorithm, TokenLifetimes, TokenPolicy,
};
use crate::protocol::ScopeSet;
use crate::protocol::grant_type::GrantType;
use crate::protocol::scope::standard;
use crate::support::{Secret, Timestamp, line};

/// How long a secret may be that a client brings along. Only its digest is kept, which must not be worth guessing for.
const SECRET_BYTES: RangeInclusive<usize> = 16..=512;
/// The longest name of a client, in characters.
const MAX_NAME_CHARS: usize = 100;
/// The scopes of a new client with end-users that names none.
const DEFAULT_SCOPES: &[&str] = &[standard::OPENID, standard::PROFILE, standard::EMAIL];

impl ClientResource {
    /// The kind that a new client is of: as said, or as the rest of the document tells.
    pub(super) fn kind_of_new(&self) -> ClientKind {
        let only_service = self.grant_types.as_deref() == Some(&[GrantType::ClientCredentials]);
        match (self.kind, self.application_type, self.token_endpoint_auth_method) {
            (Some(kind), _, _) => kind,
            (None, Some(ApplicationType::Native), _) => ClientKind::Native,
            (None, _, Some(AuthenticationMethod::None)) => ClientKind::Browser,
            _ if only_service => ClientKind::Service,
            _ => ClientKind::Web,
        }
    }

    /// What the document is read into: a new client with its defaults. RFC 7591 section 2: where `scope` is omitted, "an authorization server MAY
    /// register a client with a default set of scopes". One with end-users may learn who they are, which most are registered for.
    pub(super) fn blank(&self, id: ClientId, now: Timestamp) -> Client {
        let mut blank = Client::new(id, String::new(), self.kind_of_new(), now);
        blank.enabled = self.enabled.unwrap_or(blank.enabled);
        let grants = self.grant_types.as_deref().unwrap_or(&blank.policy.grant_types);
        if grants.contains(&GrantType::AuthorizationCode) {
            blank.policy.scopes = ScopeSet::of(DEFAULT_SCOPES);
        }
        blank
    }

    /// The client with what the document says. What only the server sets stays: see [`ClientResource::check_unchanged`].
    pub(super) fn apply(&self, client: Client) -> Result<Client, FieldProblem> {
        let native = client.kind == ClientKind::Native;
        let changed = Client {
            id: client.id,
            kind: client.kind,
            enabled: client.enabled,
            presentation: self.presentation(client.presentation)?,
            software: self.software(client.software)?,
            authentication: self.authentication(client.authentication)?,
            redirects: self.redirects(client.redirects, native)?,
            policy: self.policy(client.policy)?,
            tokens: self.tokens(&client.tokens),
            managed_by: client.managed_by,
            created_at: client.created_at,
            updated_at: client.updated_at,
            version: client.version,
            epoch: client.epoch,
        };
        self.check_derived(&changed).map(|()| changed)
    }

    fn presentation(&self, was: Presentation) -> Result<Presentation, FieldProblem> {
        let Presentation { name, names, links: ClientLinks { client_uri, logo_uri, logo, policy_uri, tos_uri } } = was;
        let name = match &self.client_name {
            Some(said) => line::parse(said, MAX_NAME_CHARS).map_err(|why| FieldError::Line(why).of("client_name"))?,
            None => name,
        };
        let names = self.names(names)?;
        let link = |field, said: &Option<String>, was| match said.as_deref() {
            None => Ok(was),
            Some("") => Ok(None),
            Some(text) => url(field, text).map(Some),
        };
        // Said as it is shown, the address of a logo that was uploaded says that it stays; any other takes its place.
        let stays = self.logo_uri.as_deref().is_none_or(|said| logo.is_some_and(|logo| logo.is_at(said)));
        let (logo_uri, logo) = if stays { (logo_uri, logo) } else { (link("logo_uri", &self.logo_uri, None)?, None) };
        let links = ClientLinks {
            client_uri: link("client_uri", &self.client_uri, client_uri)?,
            logo_uri,
            logo,
            policy_uri: link("policy_uri", &self.policy_uri, policy_uri)?,
            tos_uri: link("tos_uri", &self.tos_uri, tos_uri)?,
        };
        Ok(Presentation { name, names, links })
    }

    /// RFC 5646 section 2.1.1: tags "are not case sensitive", so a name takes the place of one under another spelling of its tag.
    fn names(&self, mut names: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, FieldProblem> {
        for (member, said) in &self.names {
            let tag = member.strip_prefix("client_name#").filter(|_| is_name_in_language(member));
            let tag = tag.ok_or_else(|| FieldError::Locale.of(member.clone()))?;
            names.retain(|known, _| !known.eq_ignore_ascii_case(tag));
            if !said.is_empty() {
                let name = line::parse(said, MAX_NAME_CHARS).map_err(|why| FieldError::Line(why).of(member.clone()))?;
                names.insert(tag.to_owned(), name);
            }
        }
        Ok(names)
    }

    /// The secret that a new client brings along.
    pub(super) fn brought_secret(&self, client: &Client, now: Timestamp) -> Result<Option<ClientSecret>, FieldProblem> {
        let Some(text) = self.client_secret.as_ref().map(|secret| secret.expose().as_str()) else { return Ok(None) };
        if !client.authentication.method.uses_secret() {
            return Err(FieldError::SecretWithoutUse.of("client_secret"));
        }
        // RFC 6749 appendix A.2: `client-secret = *VSCHAR`.
        let legal = text.bytes().all(|b| (0x20..=0x7e).contains(&b));
        if !legal || !SECRET_BYTES.contains(&text.len()) {
            return Err(FieldError::ClientSecret(*SECRET_BYTES.start(), *SECRET_BYTES.end()).of("client_secret"));
        }
        if is_guessable(text, client.id.as_str(), &client.presentation.name) {
            return Err(FieldError::GuessableSecret.of("client_secret"));
        }
        Ok(Some(ClientSecret::of(text, now)))
    }

    fn authentication(&self, was: Authentication) -> Result<Authentication, FieldProblem> {
        let Authentication { method, pinned, secrets } = was;
        let method = self.method(method)?;
        let pinned = match self.token_endpoint_auth_method_pinned {
            Some(true) if !method.uses_secret() => {
                return Err(FieldError::PinWithoutSecret.of("token_endpoint_auth_method_pinned"));
            }
            said => method.uses_secret() && said.unwrap_or(pinned),
        };
        Ok(Authentication { method, pinned, secrets })
    }

    fn method(&self, was: ClientAuthentication) -> Result<ClientAuthentication, FieldProblem> {
        let field = "token_endpoint_auth_method";
        let method = self.token_endpoint_auth_method.unwrap_or(AuthenticationMethod::of(&was));
        let says_keys =
            self.jwks().is_some() || self.jwks_uri().is_some() || self.token_endpoint_auth_signing_alg.is_some();
        // Registrations have keys beside a method that is named and uses none, for encryption or request objects: there they rest.
        let misses =
            (says_keys && self.token_endpoint_auth_method.is_none()) || self.client_assertion_audience.is_some();
        match method {
            AuthenticationMethod::PrivateKeyJwt => self.private_key_jwt(was),
            _ if misses => Err(FieldError::KeysWithoutUse.of(field)),
            AuthenticationMethod::None => Ok(ClientAuthentication::None),
            AuthenticationMethod::ClientSecretBasic => Ok(ClientAuthentication::ClientSecretBasic),
            AuthenticationMethod::ClientSecretPost => Ok(ClientAuthentication::ClientSecretPost),
        }
    }

    fn private_key_jwt(&self, was: ClientAuthentication) -> Result<ClientAuthentication, FieldProblem> {
        let (old_keys, old_algorithm, old_audience) = match was {
            ClientAuthentication::PrivateKeyJwt { keys, algorithm, audience } => (Some(keys), algorithm, audience),
            _ => (None, SigningAlgorithm::ES256, AssertionAudience::default()),
        };
        let keys = match (self.jwks(), self.jwks_uri(), old_keys) {
            (Some(jwks), None, _) => {
                check_jwks(jwks).map_err(|why| FieldError::Jwks(why).of("jwks"))?;
                ClientKeys::Jwks(jwks.clone())
            }
            (None, Some(uri), _) => ClientKeys::JwksUri(url("jwks_uri", uri)?),
            (None, None, Some(keys)) => keys,
            // RFC 7591 section 2: "The "jwks_uri" and "jwks" parameters MUST NOT both be present".
            (Some(_), Some(_), _) | (None, None, None) => {
                return Err(FieldError::OneOfJwksAndJwksUri.of("token_endpoint_auth_method"));
            }
        };
        let algorithm = self.token_endpoint_auth_signing_alg.unwrap_or(old_algorithm);
        let audience = self.client_assertion_audience.unwrap_or(old_audience);
        Ok(ClientAuthentication::PrivateKeyJwt { keys, algorithm, audience })
    }

    /// The JWK Set; an empty one is none.
    fn jwks(&self) -> Option<&Value> {
        let empty = |set: &Value| match set.get("keys") {
            None => set.as_object().is_some_and(Map::is_empty),
            Some(keys) => keys.is_null() || keys.as_array().is_some_and(Vec::is_empty),
        };
        self.jwks.as_ref().filter(|set| !empty(set))
    }

    fn jwks_uri(&self) -> Option<&str> {
        self.jwks_uri.as_deref().filter(|uri| !uri.is_empty())
    }

    fn redirects(&self, was: Redirects, native: bool) -> Result<Redirects, FieldProblem> {
        let Redirects { uris, post_logout_uris } = was;
        let list = |field, said: &Option<Vec<String>>, was| match said {
            Some(said) => redirect_uris(field, said, native),
            None => Ok(was),
        };
        Ok(Redirects {
            uris: list("redirect_uris", &self.redirect_uris, uris)?,
            post_logout_uris: list("post_logout_redirect_uris", &self.post_logout_redirect_uris, post_logout_uris)?,
        })
    }

    fn policy(&self, was: AccessPolicy) -> Result<AccessPolicy, FieldProblem> {
        let list = |field, said: &Option<Vec<String>>, was| match said {
            Some(said) => resources(field, said),
            None => Ok(was),
        };
        Ok(AccessPolicy {
            grant_types: match &self.grant_types {
                Some(said) => without_repeats(said.iter().copied()),
                None => was.grant_types,
            },
            scopes: match &self.scope {
                Some(said) => scopes(said).map_err(|why| why.of("scope"))?,
                None => was.scopes,
            },
            resources: list("resources", &self.resources, was.resources)?,
            serves: list("serves", &self.serves, was.serves)?,
            consent: self.consent.unwrap_or(was.consent),
            pkce: self.pkce.map_or(was.pkce, PkcePolicy::from),
            nonce: self.nonce.unwrap_or(was.nonce),
            roles: self.roles.as_ref().map_or(was.roles, |said| without_repeats(said.iter().copied())),
            default_max_age: match self.default_max_age {
                Some(seconds) => (seconds > 0).then(|| Duration::from_secs(seconds)),
                None => was.default_max_age,
            },
            default_acr_values: match &self.default_acr_values {
                Some(said) => acr_values(said)?,
                None => was.default_acr_values,
            },
            second_factor_required: self.require_second_factor.unwrap_or(was.second_factor_required),
        })
    }

    fn tokens(&self, was: &TokenPolicy) -> TokenPolicy {
        let TokenPolicy { access_token_algorithm, id_token_algorithm, access_token_type, id_token_claims, lifetimes } =
            *was;
        let TokenLifetimes { access_token, refresh_token_idle, refresh_token_absolute } = lifetimes;
        let set = |seconds: Option<u64>, was| seconds.map_or(was, Duration::from_secs);
        TokenPolicy {
            access_token_algorithm: self.access_token_signed_response_alg.unwrap_or(access_token_algorithm),
            id_token_algorithm: self.id_token_signed_response_alg.unwrap_or(id_token_algorithm),
            access_token_type: self.access_token_type.unwrap_or(access_token_type),
            id_token_claims: self.id_token_claims.unwrap_or(id_token_claims),
            lifetimes: TokenLifetimes {
                access_token: set(self.access_token_lifetime, access_token),
                refresh_token_idle: set(self.refresh_token_idle_lifetime, refresh_token_idle),
                refresh_token_absolute: set(self.refresh_token_lifetime, refresh_token_absolute),
            },
        }
    }

    /// What follows from other fields must not say otherwise.
    fn check_derived(&self, client: &Client) -> Result<(), FieldProblem> {
        if self.application_type.is_some_and(|said| said != ApplicationType::of(client.kind)) {
            return Err(FieldError::OtherThanKind.of("application_type"));
        }
        // `none` gives a client nothing, so one that may ask for it is not kept from anything.
        let said = self.response_types.iter().flatten().filter(|kind| *kind != "none");
        let said: Vec<&String> = said.collect();
        if !said.is_empty() && said != response_types(client).iter().collect::<Vec<_>>() {
            return Err(FieldError::OtherThanGrantTypes.of("response_types"));
        }
        Ok(())
    }

    /// What an update cannot change must be left out or say what is so. Whether the version is the current one was asked before.
    pub(super) fn check_unchanged(&self, client: &Client) -> Result<(), FieldProblem> {
        fn same<T: PartialEq>(said: Option<&T>, is: Option<&T>) -> bool {
            said.is_none() || said == is
        }
        // What a finding is told with differs from one version of Haechi to the next.
        let found = |document: &Self| -> Vec<String> {
            document.security.iter().flatten().map(|view| view.finding.clone()).collect()
        };
        let is = Self::from(client);
        let fields = [
            ("client_id", same(self.client_id.as_ref(), is.client_id.as_ref())),
            ("client_id_issued_at", same(self.client_id_issued_at.as_ref(), is.client_id_issued_at.as_ref())),
            ("client_secret", self.client_secret.as_ref().is_none_or(|said| has_secret(client, said))),
            ("kind", same(self.kind.as_ref(), is.kind.as_ref())),
            ("enabled", same(self.enabled.as_ref(), is.enabled.as_ref())),
            ("secrets", same(self.secrets.as_ref(), is.secrets.as_ref())),
            ("security", self.security.is_none() || found(self) == found(&is)),
            ("managed_by", same(self.managed_by.as_ref(), is.managed_by.as_ref())),
            ("updated_at", same(self.updated_at.as_ref(), is.updated_at.as_ref())),
        ];
        match fields.into_iter().find(|(_, same)| !same) {
            Some((field, _)) => Err(FieldError::ReadOnly.of(field)),
            None => Ok(()),
        }
    }
}

/// The scopes of a registration. A comma may be part of a scope (RFC 6749 section 3.3); at the end of one it was meant to separate two.
fn scopes(said: &str) -> Result<ScopeSet, FieldError> {
    let scopes = ScopeSet::parse(said).map_err(FieldError::Scope)?;
    if scopes.iter().any(|scope| scope.ends_with(',')) { Err(FieldError::ScopeSeparator) } else { Ok(scopes) }
}

/// Whether a text is one of the client's secrets: a document that still has it says nothing new.
fn has_secret(client: &Client, text: &Secret<String>) -> bool {
    let digest = ClientSecret::digest_of(text.expose());
    client.authentication.secrets.iter().any(|secret| secret.digest == digest)
}
