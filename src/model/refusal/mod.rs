//! A request that was refused: why, by which client, and which two values should have been equal.
//!
//! Owns the stable codes of reasons, and what of a request may be written down at all. A value of a request only gets into a [`Refusal`] through
//! [`harmless`](crate::support::harmless), so that no secret reaches the log or the store, whatever a client put where. Leaves logging and keeping it to `refusals`, and
//! what an administrator can do about it to `admin`.

use serde::{Deserialize, Serialize};

use super::client::{Client, ClientId};
use crate::protocol::resource::Resource;
use crate::protocol::{OAuthError, Params};
use crate::support::Timestamp;
use crate::support::harmless::harmless;
use crate::support::id::RefusalId;

mod reason;

pub use reason::{Reason, Weight};

/// The most values that one is compared with.
const MAX_EXPECTED: usize = 10;
/// Why a request was refused, as an operator hears of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The client that asked, as the request named it; `None` where it named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The connection to a provider that it came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The parameter that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// What would have been right: what is registered, or was said before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
    /// What the client was told, or what was found: a sentence of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Whether the client had proved who it is: then the client itself caused it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub authenticated: bool,
}

/// What refusals have in common that differ in their values only. There are so many kinds as this code can make, whatever is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RefusalKind {
    endpoint: String,
    reason: Reason,
    parameter: Option<String>,
    authenticated: bool,
}

impl std::fmt::Display for RefusalKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { endpoint, reason, parameter, authenticated } = self;
        let by = if *authenticated { "client" } else { "anybody" };
        write!(f, "{endpoint} {} {} {by}", reason.code(), parameter.as_deref().unwrap_or("-"))
    }
}

impl Refusal {
    /// A refusal of which nothing is known but why.
    pub const fn new(reason: Reason) -> Self {
        Self {
            reason,
            client: None,
            connection: None,
            parameter: None,
            sent: None,
            expected: Vec::new(),
            detail: None,
            authenticated: false,
        }
    }

    /// A refusal that the client is told by this error.
    pub fn of_error(error: &OAuthError) -> Self {
        Self::new(error.code.into()).because(&error.description)
    }

    /// Says which client asked: a registered one.
    #[must_use]
    pub fn by(mut self, client: &ClientId) -> Self {
        self.client = Some(client.to_string());
        self
    }

    /// Says that the client had authenticated.
    #[must_use]
    pub const fn authenticated(mut self) -> Self {
        self.authenticated = true;
        self
    }

    /// Its kind, where an endpoint refuses so.
    pub fn kind(&self, endpoint: &str) -> RefusalKind {
        let Self { reason, parameter, authenticated, .. } = self;
        let (reason, authenticated) = (*reason, *authenticated);
        RefusalKind { endpoint: endpoint.to_owned(), reason, parameter: parameter.clone(), authenticated }
    }

    /// Says which client the request names, whatever that is.
    #[must_use]
    pub fn naming(mut self, client: &str) -> Self {
        self.client = Some(harmless(client));
        self
    }

    /// Says through which connection it came.
    #[must_use]
    pub fn through(mut self, slug: &str) -> Self {
        self.connection = Some(harmless(slug));
        self
    }

    /// Says which parameter is wrong, and what was sent in it.
    #[must_use]
    pub fn at(mut self, parameter: &'static str, sent: Option<&str>) -> Self {
        self.parameter = Some(parameter.to_owned());
        self.sent = sent.map(harmless);
        self
    }

    /// Says what would have been right.
    #[must_use]
    pub fn expecting<T: AsRef<str>>(mut self, right: impl IntoIterator<Item = T>) -> Self {
        self.expected = right.into_iter().take(MAX_EXPECTED).map(|one| harmless(one.as_ref())).collect();
        self
    }

    /// Adds what was found, in a sentence of ours.
    #[must_use]
    pub fn because(mut self, detail: &str) -> Self {
        self.detail = Some(harmless(detail));
        self
    }

    /// Adds what the request and the client's registration say, where it is not known yet.
    #[must_use]
    pub fn of_request(mut self, params: &Params, client: Option<&Client>) -> Self {
        if self.client.is_none() {
            self.client = client.map(|client| client.id.to_string()).or_else(|| params.get("client_id").map(harmless));
        }
        let filled = match self.reason {
            Reason::InvalidScope => self.beside("scope", params, client, |c| c.policy.scopes.iter().collect()),
            Reason::InvalidTarget => {
                self.beside("resource", params, client, |c| c.policy.resources.iter().map(Resource::as_str).collect())
            }
            Reason::UnauthorizedClient | Reason::UnsupportedGrantType => {
                self.beside("grant_type", params, client, |c| {
                    c.policy.grant_types.iter().map(|one| one.as_str()).collect()
                })
            }
            Reason::UnsupportedResponseType => self.beside("response_type", params, client, |_| vec!["code"]),
            _ => self,
        };
        Self { sent: filled.sent_in(params), ..filled }
    }

    fn beside<'c>(
        self,
        parameter: &'static str,
        params: &Params,
        client: Option<&'c Client>,
        right: impl FnOnce(&'c Client) -> Vec<&'c str>,
    ) -> Self {
        if self.sent.is_some() || !self.expected.is_empty() {
            return self;
        }
        let sent = params.all(parameter).collect::<Vec<_>>().join(" ");
        self.at(parameter, Some(sent.as_str()).filter(|sent| !sent.is_empty()))
            .expecting(client.map(right).unwrap_or_default())
    }

    /// What was sent in the parameter, where it is one whose values are no secrets.
    fn sent_in(&self, params: &Params) -> Option<String> {
        let open = |parameter: &&str| OPEN.contains(parameter);
        self.sent.clone().or_else(|| params.get(self.parameter.as_deref().filter(open)?).map(harmless))
    }
}

/// The parameters whose values say how a client is set up, and nothing of an end-user or a session.
const OPEN: &[&str] = &[
    "response_type",
    "response_mode",
    "grant_type",
    "code_challenge_method",
    "prompt",
    "display",
    "max_age",
    "client_assertion_type",
    "token_type_hint",
];

/// A refusal that is kept for administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedRefusal {
    /// Sorts by time.
    pub id: RefusalId,
    /// When the request came.
    pub at: Timestamp,
    /// The request's id: what its page, its answer and the log say.
    pub request: String,
    /// The endpoint that refused it.
    pub endpoint: String,
    /// Whether there is a client of this id.
    pub registered: bool,
    /// Why, and what was compared.
    #[serde(flatten)]
    pub refusal: Refusal,
}

/// What was refused, once or again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRefusal {
    /// The last time.
    pub last: NotedRefusal,
    /// How often it was noted.
    pub count: u32,
    /// When it was noted first.
    pub first_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parameters_that_say_how_a_client_is_set_up_are_repeated() {
        let params = Params::from_pairs([("state", "s3cret"), ("response_mode", "fragmented")]).unwrap();
        let at = |parameter| Refusal::new(Reason::InvalidRequest).at(parameter, None).of_request(&params, None).sent;
        assert_eq!(at("state"), None);
        assert_eq!(at("response_mode").as_deref(), Some("fragmented"));
    }
}
