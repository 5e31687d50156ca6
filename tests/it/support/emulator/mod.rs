//! Every provider that there is a preset for, played by one small HTTPS server.
//!
//! Owns a table of endpoints and answers for each provider ([`providers`]), written from its documentation and not from our presets, so
//! that a preset which is wrong about a provider fails; and the endpoints that read it. They are as strict as the real ones: what a
//! provider refuses is refused here. What it may do wrong is a [`Mischief`]. Leaves signing somebody in to the tests.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use haechi::outgoing::Lookup;
use haechi::support::{Clock, ManualClock, Timestamp};
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

mod authorization;
mod id_token;
mod mischief;
pub mod providers;
mod server;
#[cfg(test)]
mod tests;
mod token;

pub use mischief::{Mischief, Odd};
use providers::{Person, Provider};

use super::jose::Party;
use super::keys;
use super::tls::{Certified, Served, leading_to};

/// A place where a provider answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    Discovery,
    Authorization,
    Token,
    Jwks,
    /// What an access token opens: the profile is the first, what it leaves out is the second.
    Answer(usize),
}

/// Something that a provider says, which a test may have otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Said {
    Discovery,
    IdToken,
    Token,
    Answer(usize),
    /// Apple's `user` field.
    User,
}

/// An app that is registered with a provider.
#[derive(Clone, Debug)]
pub struct Registration {
    pub provider: &'static str,
    pub id: String,
    pub redirect_uri: String,
    pub proof: Proof,
}

/// How an app proves who it is.
#[derive(Clone, Debug)]
pub enum Proof {
    Secret(String),
    /// By JWTs under this key: Apple.
    Apple {
        team_id: String,
        key_id: String,
        point: Vec<u8>,
    },
}

/// What a person agreed to.
#[derive(Clone)]
struct Login {
    provider: &'static Provider,
    asked: BTreeMap<String, String>,
    used: bool,
}

#[derive(Default)]
struct State {
    clock: Option<Arc<ManualClock>>,
    registrations: Vec<Registration>,
    /// By code, and by access token.
    logins: HashMap<String, Login>,
    mischief: Option<Mischief>,
    said: Vec<(Said, Value)>,
    people: HashMap<&'static str, Person>,
    /// Who agreed before: provider and subject.
    agreed: HashSet<(&'static str, &'static str)>,
    algorithms: HashMap<&'static str, &'static str>,
    keys: HashMap<(&'static str, &'static str), (String, Arc<Party>)>,
    heard: Vec<(&'static str, Endpoint)>,
    /// Calls to addresses that nobody has.
    strayed: Vec<String>,
    drawn: u32,
}

/// What the endpoints share.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<State>>);

/// The server.
pub struct Emulator {
    shared: Shared,
    router: Router,
    certified: Certified,
    served: Served,
}

/// Where a provider sends a browser back to: with the answer in the URL, or in fields that the browser posts there.
#[derive(Clone, Debug)]
pub struct Answered {
    pub to: Url,
    pub posted: Option<Vec<(String, String)>>,
}

impl Answered {
    /// The parameters of the answer.
    pub fn parameters(&self) -> Vec<(String, String)> {
        self.posted.clone().unwrap_or_else(|| self.to.query_pairs().into_owned().collect())
    }

    /// One of them.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The same with a parameter that is another one, or none.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        let mut pairs = self.parameters();
        pairs.retain(|(known, _)| known != name);
        pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        if self.posted.is_some() {
            self.posted = Some(pairs);
        } else {
            self.to.query_pairs_mut().clear().extend_pairs(pairs);
        }
        self
    }
}

impl Emulator {
    /// Starts it on a free port of this machine.
    pub async fn start() -> Self {
        let certified = Certified::new(providers::hosts());
        let shared = Shared::default();
        let router = server::router(shared.clone());
        let served = certified.serve(router.clone()).await;
        Self { shared, router, certified, served }
    }

    /// The certificate of the authority that vouches for every host here.
    pub fn authorities(&self) -> PathBuf {
        self.certified.authorities()
    }

    /// The port that it really is at.
    pub fn port(&self) -> u16 {
        self.served.address.port()
    }

    /// Finds every host here.
    pub fn lookup(&self) -> Arc<dyn Lookup> {
        leading_to(self.served.address)
    }

    /// Tells the time as this clock does.
    pub fn follow(&self, clock: Arc<ManualClock>) {
        self.state().clock = Some(clock);
    }

    /// Makes an app known to a provider.
    pub fn register(&self, registration: Registration) {
        self.state().registrations.push(registration);
    }

    /// Misbehaves from now on, or no longer.
    pub fn misbehave(&self, mischief: impl Into<Option<Mischief>>) {
        self.state().mischief = mischief.into();
    }

    /// Changes what is said from now on: RFC 7396, a null takes a member away.
    pub fn say(&self, what: Said, patch: Value) {
        self.state().said.push((what, patch));
    }

    /// Has another person sit before the browser at this provider.
    pub fn seat(&self, provider: &'static str, person: Person) {
        self.state().people.insert(provider, person);
    }

    /// Signs with another algorithm from now on.
    pub fn sign_with(&self, provider: &'static str, algorithm: &'static str) {
        self.state().algorithms.insert(provider, algorithm);
    }

    /// Takes new keys and forgets the old ones.
    pub fn rotate_keys(&self) {
        self.state().keys.clear();
    }

    /// A provider's word that somebody signed out there: OpenID Connect Back-Channel Logout 1.0 section 2.4, with claims changed.
    pub fn logout_token(&self, provider: &'static str, change: &Value) -> String {
        let provider = providers::named(provider);
        let mut state = self.state();
        let token = id_token::of_logout(&mut state, provider, change);
        state.logins.insert(token.clone(), Login { provider, asked: BTreeMap::new(), used: true });
        token
    }

    /// A person goes where the app sent them, and agrees.
    pub async fn visit(&self, url: &Url) -> Answered {
        let uri = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let host = url.host_str().unwrap();
        let request = Request::get(uri).header(header::HOST, host).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body);
        if let Some(location) = parts.headers.get(header::LOCATION) {
            return Answered { to: location.to_str().unwrap().parse().unwrap(), posted: None };
        }
        assert_eq!(parts.status, 200, "{host} refuses the request: {body}\n{url}");
        let html = Html::parse_document(&body);
        let form = html.select(&Selector::parse("form").unwrap()).next().unwrap();
        let input = Selector::parse("input").unwrap();
        let field = |input: scraper::ElementRef<'_>, name| input.value().attr(name).unwrap().to_owned();
        let fields = form.select(&input).map(|input| (field(input, "name"), field(input, "value"))).collect();
        Answered { to: form.value().attr("action").unwrap().parse().unwrap(), posted: Some(fields) }
    }

    /// What a provider was asked since the last time, in order.
    pub fn heard(&self, provider: &str) -> Vec<Endpoint> {
        let mut state = self.state();
        let (theirs, others) = std::mem::take(&mut state.heard).into_iter().partition(|(name, _)| *name == provider);
        state.heard = others;
        let theirs: Vec<(&str, Endpoint)> = theirs;
        theirs.into_iter().map(|(_, endpoint)| endpoint).collect()
    }

    /// Calls to addresses that no provider has.
    pub fn strayed(&self) -> Vec<String> {
        self.state().strayed.clone()
    }

    /// Everything secret that went over the wire so far: codes and tokens.
    pub fn secrets(&self) -> Vec<String> {
        self.state().logins.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn now(&self) -> Timestamp {
        self.clock.as_ref().map_or(keys::START, |clock| clock.now())
    }

    /// A value that was never there before.
    fn draw(&mut self, what: &str) -> String {
        self.drawn += 1;
        format!(
            "{what}-{}-{:032x}",
            self.drawn,
            u128::from(self.drawn).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
        )
    }

    fn person(&self, provider: &Provider) -> Person {
        self.people.get(provider.name).copied().unwrap_or(provider.person)
    }

    /// What is said, as the test wants it.
    fn saying(&self, what: Said, mut value: Value) -> Value {
        for (_, patch) in self.said.iter().filter(|(said, _)| *said == what) {
            merge(&mut value, patch);
        }
        value
    }

    /// The key that a provider signs with by this algorithm, and its name.
    fn key(&mut self, provider: &'static str, algorithm: &'static str) -> (String, Arc<Party>) {
        if let Some(known) = self.keys.get(&(provider, algorithm)) {
            return known.clone();
        }
        let made = (self.draw("kid"), Arc::new(Party::new(algorithm)));
        self.keys.insert((provider, algorithm), made.clone());
        made
    }
}

/// RFC 7396 section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let members = target.as_object_mut().unwrap();
    for (name, value) in patch {
        if value.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}
