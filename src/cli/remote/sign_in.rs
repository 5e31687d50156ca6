//! Signing in by a browser: the authorization code grant with PKCE, as RFC 8252 has it for programs of an operator's own machine.

use std::process::{Command, Stdio};

use url::Url;

use super::http::Http;
use super::loopback::{Loopback, Visitor};
use super::oauth::{self, Endpoints, Granted};
use super::server::Server;
use crate::cli::failure::{Failure, Outcome, note};
use crate::protocol::own_api;
use crate::protocol::pkce::CodeChallenge;
use crate::support::{Secret, SystemRandom, random};

/// What `haechi login` may do: what the account may, for as long as it is not signed out. `openid` says which account it is.
const SCOPE: &str = "openid haechi:read haechi:write offline_access";

/// How an operator signs in.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Asked {
    /// Which client this program is to the server.
    pub(in crate::cli) client_id: String,
    /// Whether the browser is opened; the URL is printed all the same.
    pub(in crate::cli) browser: bool,
    /// RFC 9470 section 4: how long ago they may have authenticated, in seconds.
    pub(super) max_age: Option<String>,
    /// RFC 9470 section 4: how strongly.
    pub(super) acr_values: Option<String>,
}

impl Asked {
    /// Signing in to this client.
    pub(in crate::cli) fn of(client_id: String, browser: bool) -> Self {
        Self { client_id, browser, ..Self::default() }
    }
}

/// Signs the operator in: prints a URL, opens it, and waits for the browser to come back.
pub(in crate::cli) async fn sign_in(
    http: &Http,
    server: &Server,
    endpoints: &Endpoints,
    asked: &Asked,
) -> Outcome<Granted> {
    let chance = SystemRandom::new();
    let (state, verifier) = (Secret::new(random::text(&chance)), Secret::new(random::text(&chance)));
    let loopback = Loopback::open().await?;
    let redirect_uri = loopback.redirect_uri();
    let url = url(server, endpoints, asked, (&redirect_uri, state.expose(), verifier.expose()))?;
    note(format!("sign in here, within 5 minutes:\n\n  {url}\n"));
    if asked.browser {
        open(url.as_str());
    }
    let visitor = loopback.visitor(&state).await?;
    let granted = match code(&visitor, server) {
        Ok(code) => {
            let resource = own_api::resource(server.as_str());
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code.expose().as_str()),
                ("redirect_uri", redirect_uri.as_str()),
                ("client_id", asked.client_id.as_str()),
                ("code_verifier", verifier.expose().as_str()),
                ("resource", resource.as_str()),
            ];
            oauth::ask(http, &endpoints.token_endpoint, &form).await
        }
        Err(why) => Err(why),
    };
    visitor.tell(granted.is_ok()).await;
    granted
}

/// RFC 6749 section 4.1.1, RFC 7636 section 4.3, RFC 8707 section 2.
fn url(
    server: &Server,
    endpoints: &Endpoints,
    asked: &Asked,
    (redirect_uri, state, verifier): (&str, &str, &str),
) -> Outcome<Url> {
    let mut url = Url::parse(&endpoints.authorization_endpoint).map_err(Failure::of)?;
    let (resource, challenge) = (own_api::resource(server.as_str()), CodeChallenge::of(verifier));
    let mut query = url.query_pairs_mut();
    query.extend_pairs([
        ("response_type", "code"),
        ("client_id", asked.client_id.as_str()),
        ("redirect_uri", redirect_uri),
        ("scope", SCOPE),
        ("resource", resource.as_str()),
        ("state", state),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    query.extend_pairs(asked.max_age.iter().map(|seconds| ("max_age", seconds)));
    query.extend_pairs(asked.acr_values.iter().map(|classes| ("acr_values", classes)));
    drop(query);
    Ok(url)
}

/// The code in an answer, where it is one of this server.
fn code(visitor: &Visitor, server: &Server) -> Outcome<Secret<String>> {
    // RFC 9207 section 2.4: clients "MUST compare the result to the issuer identifier of the authorization server where the authorization request was sent to".
    if visitor.parameter("iss") != Some(server.as_str()) {
        return Err(Failure::told(
            "issuer_differs",
            format!("the answer is not one of {server}: nobody was signed in"),
        ));
    }
    if let Some(error) = visitor.parameter("error") {
        let detail = visitor.parameter("error_description").map_or_else(String::new, |said| format!(": {said}"));
        return Err(Failure::told(error.to_owned(), format!("the server refuses ({error}){detail}")));
    }
    let code = visitor.parameter("code").filter(|code| !code.is_empty());
    code.map(Secret::<String>::from).ok_or_else(|| Failure::of("the server answers without a code"))
}

/// Opens the browser of the desktop, where there is one. Where there is none, the URL that was printed is enough.
fn open(url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let _ = Command::new(program).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}
