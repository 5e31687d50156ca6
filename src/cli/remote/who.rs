//! Who calls: an operator who signed in by a browser, or a service account.

use super::credentials::{Entry, Store};
use super::http::Http;
use super::oauth::{self, Endpoints, Granted};
use super::server::Server;
use super::sign_in::{Asked, sign_in};
use crate::cli::failure::{Failure, Outcome, note};
use crate::cli::prompt;
use crate::protocol::own_api;
use crate::support::{Clock, Secret, SystemClock};

/// Seconds before its end at which a token is renewed: the call that it is for takes a moment, and clocks differ.
const EARLY: i64 = 30;
const SCOPE: &str = "haechi:read haechi:write";
/// Why a proof does not count that another account gave.
const ANOTHER: &str = "another account signed in there than the one that this is done by: nothing was done; haechi login signs in as the other one";

/// Who calls.
pub(in crate::cli) enum Who {
    /// Who signed in with `haechi login`.
    Person(Store, Box<Entry>),
    /// A client that acts for itself.
    Service(Service),
}

/// A client with a secret, and the token that it has at the moment.
pub(in crate::cli) struct Service {
    client_id: String,
    secret: Secret<String>,
    token: Option<Secret<String>>,
}

impl Entry {
    /// What is kept of a sign-in that was just made.
    pub(in crate::cli) fn of(endpoints: &Endpoints, asked: &Asked, granted: Granted) -> Self {
        Self {
            client_id: asked.client_id.clone(),
            sub: granted.subject(endpoints, &asked.client_id),
            token_endpoint: endpoints.token_endpoint.clone(),
            revocation_endpoint: endpoints.revocation_endpoint.clone(),
            expires_at: end_of(&granted),
            access_token: granted.access_token,
            refresh_token: granted.refresh_token,
            browser: asked.browser,
        }
    }

    fn is_fresh(&self) -> bool {
        SystemClock.now().seconds() + EARLY < self.expires_at
    }
}

fn end_of(granted: &Granted) -> i64 {
    SystemClock.now().seconds() + i64::from(granted.expires_in)
}

impl Service {
    /// A client by its id and its secret.
    pub(in crate::cli) const fn new(client_id: String, secret: Secret<String>) -> Self {
        Self { client_id, secret, token: None }
    }

    /// RFC 6749 section 4.4.
    async fn ask(&mut self, http: &Http, server: &Server) -> Outcome<Secret<String>> {
        let endpoints = Endpoints::of(http, server).await?;
        let resource = own_api::resource(server.as_str());
        let form = [("grant_type", "client_credentials"), ("scope", SCOPE), ("resource", resource.as_str())];
        let pair = (self.client_id.as_str(), &self.secret);
        let token = oauth::ask_with(http, &endpoints.token_endpoint, &form, pair).await?.access_token;
        self.token = Some(token.clone());
        Ok(token)
    }
}

impl Who {
    /// A token to call with.
    pub(super) async fn token(&mut self, http: &Http, server: &Server) -> Outcome<Secret<String>> {
        match self {
            Self::Person(_, entry) if entry.is_fresh() => Ok(entry.access_token.clone()),
            Self::Person(..) => self.renewed(http, server).await,
            Self::Service(Service { token: Some(token), .. }) => Ok(token.clone()),
            Self::Service(service) => service.ask(http, server).await,
        }
    }

    /// Another token, as the one that there was does not count.
    pub(super) async fn renewed(&mut self, http: &Http, server: &Server) -> Outcome<Secret<String>> {
        match self {
            Self::Person(store, entry) => {
                let renewed = refreshed(http, server, store, entry).await?;
                **entry = renewed;
                Ok(entry.access_token.clone())
            }
            Self::Service(service) => service.ask(http, server).await,
        }
    }

    /// Has the operator sign in again, as recently and as strongly as the server asks for.
    pub(super) async fn proven(
        &mut self,
        http: &Http,
        server: &Server,
        (max_age, acr_values): (Option<String>, Option<String>),
    ) -> Outcome {
        let Self::Person(store, entry) = self else {
            return Err(Failure::told("proof_needed", "the server asks a service account for a recent proof"));
        };
        if !prompt::is_at_terminal() {
            let problem = "this needs a recent proof of who asks for it: run haechi login, and this again soon after";
            return Err(Failure::told("proof_needed", problem));
        }
        let endpoints = Endpoints::of(http, server).await?;
        let asked = Asked { max_age, acr_values, ..Asked::of(entry.client_id.clone(), entry.browser) };
        let granted = sign_in(http, server, &endpoints, &asked).await?;
        let proven = Entry::of(&endpoints, &asked, granted);
        if proven.sub.is_none() || proven.sub != entry.sub {
            end(http, &proven).await;
            return Err(Failure::told("another_account", ANOTHER));
        }
        let replaced = store.put(server, proven.clone())?;
        **entry = proven;
        if let Some(replaced) = &replaced {
            end(http, replaced).await;
        }
        Ok(())
    }
}

/// Has the server end a grant that is not used any more: RFC 7009. Where that fails it is said, and what goes on goes on.
pub(in crate::cli) async fn end(http: &Http, entry: &Entry) {
    let Some(token) = &entry.refresh_token else { return };
    if let Err(why) = oauth::revoke(http, &entry.revocation_endpoint, &entry.client_id, token).await {
        note(format!("the server was not told that a sign-in is over, so that it counts there until it ends: {why}"));
    }
}

/// What is kept once the token was renewed. Refresh tokens rotate: whoever renews one has the file to itself, and who waited takes what the other one got.
async fn refreshed(http: &Http, server: &Server, store: &Store, had: &Entry) -> Outcome<Entry> {
    let _held = store.hold()?;
    let kept = store.find(server)?.ok_or_else(|| signed_out(server))?;
    if kept.access_token != had.access_token && kept.is_fresh() {
        return Ok(kept);
    }
    let Some(refresh_token) = &kept.refresh_token else { return Err(signed_out(server)) };
    let resource = own_api::resource(server.as_str());
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose().as_str()),
        ("client_id", kept.client_id.as_str()),
        ("resource", resource.as_str()),
    ];
    let granted = oauth::ask(http, &kept.token_endpoint, &form).await.map_err(|why| ended(server, why))?;
    let expires_at = end_of(&granted);
    let Granted { access_token, refresh_token, .. } = granted;
    // RFC 6749 section 6: the server "MAY issue a new refresh token".
    let refresh_token = refresh_token.or_else(|| kept.refresh_token.clone());
    let renewed = Entry { access_token, expires_at, refresh_token, ..kept };
    store.put_held(server, renewed.clone())?;
    Ok(renewed)
}

/// RFC 6749 section 5.2: `invalid_grant`, the refresh token "is invalid, expired, revoked".
fn ended(server: &Server, why: Failure) -> Failure {
    if why.is("invalid_grant") { signed_out(server) } else { why }
}

/// Nobody is signed in to a server.
pub(super) fn signed_out(server: &Server) -> Failure {
    Failure::told("signed_out", format!("nobody is signed in to {server}: run haechi login --server {server}"))
}
