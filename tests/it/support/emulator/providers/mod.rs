//! The providers: where each is, what it insists on, and what it says about a person. Each file names the documentation it was written
//! from.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Value, json};
use url::Url;

use super::Endpoint;

mod apple;
mod discord;
mod entra;
mod facebook;
mod github;
mod gitlab;
mod google;
mod kakao;
mod line;
mod linkedin;
mod naver;
mod other;
mod slack;
mod twitch;
mod x;

/// A provider.
pub struct Provider {
    pub name: &'static str,
    pub authorization: &'static str,
    pub token: &'static str,
    /// Scopes that exist. Asking for another one is refused.
    pub scopes: &'static [&'static str],
    /// Parameters that the authorization endpoint insists on, for what our presets promise.
    pub parameters: &'static [(&'static str, &'static str)],
    pub authentication: Authentication,
    pub pkce: Pkce,
    /// Whether the token endpoint answers JSON only to those who ask for it.
    pub json_on_demand: bool,
    /// Whether the token endpoint wants `state`.
    pub state_at_token: bool,
    /// The error of somebody who does not agree.
    pub refusal: &'static str,
    pub granted: fn(&Granted) -> Value,
    pub refused: fn(&'static str) -> (u16, Value),
    /// What comes through the browser when somebody agrees for the first time.
    pub posted_once: Option<fn(&Person) -> Value>,
    pub openid: Option<OpenId>,
    pub answers: &'static [Answer],
    /// Who usually sits before the browser.
    pub person: Person,
    /// An id that somebody else has.
    pub somebody_else: &'static str,
}

/// How an app proves who it is at the token endpoint.
#[derive(Clone, Copy)]
pub enum Authentication {
    Basic,
    Post,
}

/// RFC 7636.
#[derive(Clone, Copy)]
pub enum Pkce {
    Checked,
    Ignored,
    Refused,
}

/// What makes an OAuth 2 server an OpenID provider.
pub struct OpenId {
    pub issuer: &'static str,
    /// `None` where nobody should rely on it.
    pub discovery: Option<&'static str>,
    pub jwks: &'static str,
    pub algorithm: &'static str,
    /// Further members of the discovery document.
    pub announced: fn() -> Value,
    /// What its keys have besides, or lack: RFC 7396.
    pub keys: fn() -> Value,
    pub claims: fn(&Person) -> Value,
    pub echoes_nonce: bool,
    pub hashes_access_token: bool,
    /// RFC 9207.
    pub names_itself: bool,
}

/// What an access token opens.
pub struct Answer {
    pub url: &'static str,
    /// What must be in the query.
    pub query: &'static [(&'static str, &'static str)],
    pub agent_wanted: bool,
    pub shape: fn(&Person) -> Value,
}

/// A person, as far as providers know one.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub id: &'static str,
    pub email: &'static str,
    pub verified: bool,
    pub name: &'static str,
    pub given: &'static str,
    pub family: &'static str,
    pub picture: &'static str,
}

/// What a code was redeemed for.
pub struct Granted {
    pub access_token: String,
    pub id_token: Option<String>,
    pub scope: String,
}

/// What most providers have in common: a provider names what is different.
const USUAL: Provider = Provider {
    name: "",
    authorization: "",
    token: "",
    scopes: &[],
    parameters: &[],
    authentication: Authentication::Post,
    pkce: Pkce::Checked,
    json_on_demand: false,
    state_at_token: false,
    refusal: "access_denied",
    granted: rfc6749_granted,
    refused: rfc6749_refused,
    posted_once: None,
    openid: None,
    answers: &[],
    person: Person { id: "", email: "", verified: true, name: "", given: "", family: "", picture: "" },
    somebody_else: "somebody-else",
};

/// The same for what makes it an OpenID provider.
const USUAL_OPENID: OpenId = OpenId {
    issuer: "",
    discovery: None,
    jwks: "",
    algorithm: "RS256",
    announced: || json!({}),
    keys: || json!({}),
    claims: |_| json!({}),
    echoes_nonce: true,
    hashes_access_token: true,
    names_itself: false,
};

const USUAL_ANSWER: Answer = Answer { url: "", query: &[], agent_wanted: false, shape: |_| json!({}) };

/// RFC 6749 section 5.1.
fn rfc6749_granted(granted: &Granted) -> Value {
    let mut answer = json!({
        "access_token": granted.access_token, "token_type": "Bearer", "expires_in": 3599, "scope": granted.scope,
    });
    if let Some(id_token) = &granted.id_token {
        answer["id_token"] = json!(id_token);
    }
    answer
}

/// RFC 6749 section 5.2.
fn rfc6749_refused(error: &'static str) -> (u16, Value) {
    (
        if error == "invalid_client" { 401 } else { 400 },
        json!({ "error": error, "error_description": "canary-described" }),
    )
}

/// Every provider.
pub static ALL: &[Provider] = &[
    google::PROVIDER,
    apple::PROVIDER,
    kakao::PROVIDER,
    naver::PROVIDER,
    line::PROVIDER,
    github::PROVIDER,
    gitlab::PROVIDER,
    entra::ANY_TENANT,
    entra::ONE_TENANT,
    entra::CONSUMERS,
    facebook::PROVIDER,
    x::PROVIDER,
    linkedin::PROVIDER,
    discord::PROVIDER,
    slack::PROVIDER,
    twitch::PROVIDER,
    other::OPENID,
    other::OAUTH,
];

/// The provider of that name.
pub fn named(name: &str) -> &'static Provider {
    ALL.iter().find(|provider| provider.name == name).unwrap_or_else(|| panic!("no provider {name}"))
}

type Places = HashMap<(String, String), (&'static Provider, Endpoint)>;

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let mut places = Places::new();
    for provider in ALL {
        let openid = provider.openid.iter();
        let documents = openid.flat_map(|openid| {
            let discovery = openid.discovery.map(|url| (url, Endpoint::Discovery));
            discovery.into_iter().chain([(openid.jwks, Endpoint::Jwks)])
        });
        let answers = provider.answers.iter().enumerate().map(|(n, answer)| (answer.url, Endpoint::Answer(n)));
        let own = [(provider.authorization, Endpoint::Authorization), (provider.token, Endpoint::Token)];
        for (url, endpoint) in own.into_iter().chain(documents).chain(answers) {
            let url = Url::parse(url).unwrap();
            let place = (url.host_str().unwrap().to_owned(), url.path().to_owned());
            let before = places.insert(place, (provider, endpoint));
            assert!(before.is_none(), "two answer at {url}");
        }
    }
    places
});

/// Who answers there.
pub(super) fn find(host: &str, path: &str) -> Option<(&'static Provider, Endpoint)> {
    PLACES.get(&(host.to_owned(), path.to_owned())).copied()
}

/// Every host, among them one where nobody should ever call.
pub(super) fn hosts() -> Vec<String> {
    let mut hosts: Vec<String> = PLACES.keys().map(|(host, _)| host.clone()).collect();
    hosts.push("elsewhere.example".to_owned());
    hosts.sort();
    hosts.dedup();
    hosts
}
