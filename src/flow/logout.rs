//! Signing out at a client's wish: OpenID Connect RP-Initiated Logout 1.0.
//!
//! Which accounts are signed out is decided here: only the one that the hint names is signed out without the end-user being asked, and only a
//! registered address is returned to.
//!
//! A request without a session of ours comes from an app's server, which has the ID token and no cookie, or from a browser that is signed out
//! already. There is no end-user to ask, and none whom a stranger's link could surprise: section 6 sees the danger in "logout requests without a
//! valid `id_token_hint` value". Who holds the ID token is the app or the browser that it was made for, so the session that it names ends. It ends
//! once: a session that is over is not ended again, however often the request comes.

use std::sync::Arc;

use super::Flow;
use super::hint::Hint;
use crate::model::client::Client;
use crate::model::refusal::{Reason, Refusal};
use crate::model::session::{Session, SignIn};
use crate::protocol::redirect_uri::{LoopbackPort, RedirectTarget, RegisteredRedirectUri};
use crate::protocol::{OAuthError, Params};
use crate::sessions::Ending;
use crate::store::{StoreError, StoreResult};
use crate::support::id::{SignInId, UserId};

/// The longest `state`, in bytes.
const MAX_STATE_BYTES: usize = 2048;

/// A logout request that makes sense.
#[derive(Clone, Debug)]
pub struct LogoutRequest {
    /// The client that asks, where that is known.
    pub client: Option<Arc<Client>>,
    /// Where the browser goes afterwards.
    pub back: Option<RedirectTarget>,
    /// What of the request was refused although it is answered: an address to return to that is not registered, a hint that is no ID token.
    pub refusal: Option<Box<Refusal>>,
    /// Returned to the client as it came.
    pub state: Option<String>,
    /// The languages that the client asked for.
    pub ui_locales: Vec<String>,
    /// The end-user and the sign-in that the `id_token_hint` names.
    hint: Option<Hint>,
}

/// What is to be done about a logout request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutStep {
    /// Ask the end-user: a link may have led here that they did not mean to follow.
    Confirm,
    /// End what the hint names.
    End(Ending),
    /// End what the hint names, which is in no browser that asks.
    EndElsewhere(SignInId, UserId),
    /// No account is signed in.
    Nothing,
}

/// Why a logout request is shown as an error.
#[derive(Debug)]
pub enum LogoutRejected {
    /// The request contradicts itself.
    Malformed(OAuthError),
    /// The hint was issued to another client than the one that asks.
    OtherClient(Box<Refusal>),
    /// A store did not answer.
    Store(StoreError),
}

impl From<StoreError> for LogoutRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl LogoutRequest {
    /// Where the browser goes afterwards, with the `state` that was sent: section 3, "If included in the logout request, the OP passes this
    /// value back to the RP using the state parameter".
    pub fn location(&self) -> Option<String> {
        let back = self.back.as_ref()?;
        let state = self.state.as_deref().map(|state| ("state", state));
        Some(match state {
            Some(pair) => back.with_query(&[pair]),
            None => back.as_str().to_owned(),
        })
    }

    /// The sign-in that the hint names, among those of this browser.
    fn named<'a>(&self, session: &'a Session) -> Option<&'a SignIn> {
        let hint = self.hint.as_ref()?;
        let sid = hint.sid.as_deref()?;
        session.sign_ins.iter().find(|s| s.id.to_string() == sid && s.user.to_string() == hint.sub)
    }

    /// What is to be done for a browser with this session.
    pub fn step(&self, session: &Session) -> LogoutStep {
        match (self.named(session), session.sign_ins.is_empty()) {
            (Some(sign_in), _) => LogoutStep::End(Ending::One(sign_in.id)),
            (None, true) if let Some((sign_in, user)) = self.hint.as_ref().and_then(Hint::session) => {
                LogoutStep::EndElsewhere(sign_in, user)
            }
            // Section 2: where no account is signed in, there is nothing to ask about, unless the address to return to is in doubt.
            (None, true) if self.hint.is_some() || self.back.is_none() => LogoutStep::Nothing,
            // Section 6: "The Logout Request [...] the OP SHOULD ask the End-User whether to log out" where the hint does not fit.
            (None, _) => LogoutStep::Confirm,
        }
    }
}

/// What of a logout request is refused although the request is answered.
fn refused_part(
    params: &Params,
    client: Option<&Client>,
    hint: Option<&Hint>,
    back: Option<&RedirectTarget>,
) -> Option<Refusal> {
    let refusal = match (params.get("post_logout_redirect_uri"), back) {
        (Some(requested), None) => {
            let registered = client.map(|client| client.redirects.post_logout_uris.as_slice()).unwrap_or_default();
            let right = registered.iter().map(RegisteredRedirectUri::as_str);
            Refusal::new(Reason::PostLogoutRedirectUri).at("post_logout_redirect_uri", Some(requested)).expecting(right)
        }
        _ if params.names("id_token_hint") && hint.is_none() => {
            Refusal::new(Reason::HintUnknown).at("id_token_hint", None)
        }
        _ => return None,
    };
    Some(refusal.of_request(params, client))
}

impl Flow {
    /// Reads a logout request, and finds the client that it comes from.
    pub async fn logout_request(&self, params: &Params) -> Result<LogoutRequest, LogoutRejected> {
        let hint_text = params.get("id_token_hint");
        let hint = hint_text.and_then(|text| Hint::read(text, &self.keys, &self.issuer));
        let client_id = params.get("client_id");
        // Section 2: "When both client_id and id_token_hint are present, the OP MUST verify that the Client Identifier matches the
        // one that was used as the audience of the ID Token".
        if let (Some(hint), Some(id)) = (&hint, client_id)
            && !hint.is_for(id)
        {
            let issued_to = hint.aud.iter();
            let refusal =
                Refusal::new(Reason::HintOfOtherClient).naming(id).at("client_id", Some(id)).expecting(issued_to);
            return Err(LogoutRejected::OtherClient(Box::new(refusal)));
        }
        let state = params.get("state").map(str::to_owned);
        if state.as_ref().is_some_and(|state| state.len() > MAX_STATE_BYTES) {
            return Err(LogoutRejected::Malformed(OAuthError::invalid_request("state is longer than 2048 bytes")));
        }
        let asking = client_id.or_else(|| hint.as_ref().and_then(|hint| hint.aud.iter().next()));
        let client = self.asking_client(asking).await?;
        let requested = params.get("post_logout_redirect_uri");
        // Section 3.1: "the OP MUST NOT perform post-logout redirection to [...] URIs [that] do not exactly match".
        let uris = || client.iter().flat_map(|client| &client.redirects.post_logout_uris);
        let registered = |text: &str| uris().find_map(|uri| uri.matches(text, LoopbackPort::Registered));
        let back = requested.and_then(registered);
        let locales = params.get("ui_locales").unwrap_or_default();
        Ok(LogoutRequest {
            refusal: refused_part(params, client.as_deref(), hint.as_ref(), back.as_ref()).map(Box::new),
            back,
            state,
            ui_locales: locales.split(' ').filter(|tag| !tag.is_empty()).take(10).map(str::to_owned).collect(),
            // A hint of a client that is gone counts for nothing.
            hint: hint.filter(|_| client.is_some()),
            client,
        })
    }

    /// Ends a sign-in that a client's hint names.
    pub async fn sign_out_elsewhere(
        &self,
        request: &LogoutRequest,
        (sign_in, user): (SignInId, UserId),
    ) -> StoreResult<bool> {
        let client = request.client.as_ref().map(|client| client.id.clone());
        self.sessions.end_for_client(client, user, sign_in).await
    }

    async fn asking_client(&self, id: Option<&str>) -> StoreResult<Option<Arc<Client>>> {
        match id {
            Some(id) => Ok(self.clients.find(id).await?.filter(|client| client.enabled)),
            None => Ok(None),
        }
    }
}
