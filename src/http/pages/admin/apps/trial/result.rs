//! What came of a trial, taken apart.

use axum::extract::Path;
use axum::response::Response;
use serde_json::Value;

use super::super::super::super::context::Context;
use super::super::super::super::frame::{Frame, page};
use super::super::super::Administrator;
use super::super::super::head::Head;
use super::super::super::setup::{Place, Way};
use super::super::super::shell::Shell;
use super::super::app::{Tab, head_of, named, shell};
use super::super::reasons;
use super::decoded::{Decoded, Members, members, parts};
use super::path;
use super::run::{self, Failure, Outcome};
use crate::admin::{Permission, clients, problems};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::client::Client;

#[derive(askama::Template)]
#[template(path = "admin/apps/tried.html")]
struct ResultPage {
    frame: Frame,
    shell: Shell,
    way: Option<Way>,
    head: Head,
    failure: Option<FailureView>,
    /// What an app would look at first, and does not have to take anybody's word for.
    checks: Vec<Check>,
    tokens: Vec<Decoded>,
    userinfo: Members,
    userinfo_failure: Option<FailureView>,
    /// What the first refresh came to; empty where there is no refresh token.
    refreshed: String,
    /// The scopes that were asked for and not granted.
    left_out: String,
    request: String,
    token_request: String,
    again: String,
}

struct FailureView {
    error: String,
    description: String,
    /// What it means, and what mends it.
    words: String,
    mend: String,
}

struct Check {
    text: String,
    good: bool,
}

/// `GET /admin/apps/{id}/try/{trial}`: what came of it is shown once.
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path((id, trial)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    if !administrator.may_in_app(Permission::WriteClients, &client.id) {
        return Err(ProblemKind::Forbidden.into());
    }
    clients::require_to_see(&context.app.admin, &administrator.authority, &client.id).await?;
    let found = context.app.flow.tried(&trial, administrator.user.id, &context.visitor).await?;
    let trial = found.filter(|trial| trial.client == client.id).ok_or(ProblemKind::FlowGone)?;
    let outcome = run::login(&context, &trial).await?;
    let mut checks = vec![
        check(&context, keys::trial::CHECK_STATE, trial.answered("state") == trial.asked("state")),
        check(&context, keys::trial::CHECK_ISS, trial.answered("iss") == Some(context.app.issuer.as_str())),
    ];
    let nonce = trial.asked("nonce").filter(|_| outcome.tokens.is_some());
    checks.extend(nonce.map(|nonce| {
        let said = outcome.tokens.as_ref().and_then(|tokens| parts(tokens["id_token"].as_str()?));
        let same = said.is_some_and(|(_, claims)| claims.get("nonce").and_then(Value::as_str) == Some(nonce));
        check(&context, keys::trial::CHECK_NONCE, same)
    }));
    page_of(&context, &administrator, &client, &outcome, checks).await
}

/// The same of what an app got for itself.
pub(super) async fn show(
    context: &Context,
    administrator: &Administrator,
    client: &Client,
    outcome: &Outcome,
) -> Result<Response, PageError> {
    page_of(context, administrator, client, outcome, Vec::new()).await
}

fn check(context: &Context, text: Key, good: bool) -> Check {
    Check { text: context.texts(None).get(text), good }
}

async fn page_of(
    context: &Context,
    administrator: &Administrator,
    client: &Client,
    outcome: &Outcome,
    mut checks: Vec<Check>,
) -> Result<Response, PageError> {
    let again = path(&client.id);
    let mut frame = Frame::of(context, context.locale.0);
    // What is shown once has no address to come back to.
    frame.here.clone_from(&again);
    let t = frame.t;
    if let Some(tokens) = &outcome.tokens {
        let signed = tokens["access_token"].as_str().is_some_and(|token| is_signed(context, token));
        checks.push(check(context, keys::trial::CHECK_SIGNED, signed));
    }
    let (userinfo, userinfo_failure) = match &outcome.userinfo {
        Some(Ok(claims)) => (claims.as_object().map(|claims| members(t, claims)).unwrap_or_default(), None),
        Some(Err(failure)) => (Members::default(), Some(FailureView::of(t, failure, client))),
        None => (Members::default(), None),
    };
    let shown = ResultPage {
        way: Way::at(context, administrator, Place::Login).await?,
        shell: shell(context, administrator, client),
        head: head_of(t, administrator, client, Tab::Trial),
        failure: outcome.failure.as_ref().map(|failure| FailureView::of(t, failure, client)),
        // Before there was an answer there is nothing to look at.
        checks: if outcome.failure.is_some() { Vec::new() } else { checks },
        tokens: outcome.tokens.as_ref().map(|tokens| decoded(t, tokens)).unwrap_or_default(),
        userinfo,
        userinfo_failure,
        refreshed: match &outcome.refreshed {
            Some(Ok(_)) => t.get(keys::trial::REFRESHED),
            Some(Err(failure)) => t.with(keys::trial::NOT_REFRESHED, "error", &failure.error),
            None => String::new(),
        },
        left_out: left_out(outcome),
        request: asked(&context.app.issuer.url("/authorize"), &outcome.request),
        token_request: asked(&context.app.issuer.url("/token"), &outcome.token_request),
        again,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// The scopes that were asked for and not granted. RFC 6749 section 3.3: the server may "fully or partially ignore the scope requested", and says
/// in its answer what it granted.
fn left_out(outcome: &Outcome) -> String {
    let Some(tokens) = &outcome.tokens else { return String::new() };
    let mut requests = outcome.request.iter().chain(&outcome.token_request);
    let asked = requests.find(|(name, _)| name == "scope").map_or("", |(_, scope)| scope.as_str());
    let granted: Vec<&str> = tokens["scope"].as_str().unwrap_or_default().split(' ').collect();
    asked.split(' ').filter(|scope| !granted.contains(scope)).collect::<Vec<_>>().join(" ")
}

/// Whether the published keys verify it, as they would for whoever is sent it.
fn is_signed(context: &Context, access_token: &str) -> bool {
    crate::tokens::validity::verify(&context.app.tokens, access_token).is_ok()
}

/// The tokens of an answer, the ID token first: it says who signed in.
fn decoded(t: &Texts, tokens: &Value) -> Vec<Decoded> {
    let all = [
        ("id_token", keys::trial::ID_TOKEN, keys::trial::ID_TOKEN_HINT),
        ("access_token", keys::trial::ACCESS_TOKEN, keys::trial::ACCESS_TOKEN_HINT),
    ];
    let one = |(id, title, hint): (&'static str, Key, Key)| {
        let (header, claims) = parts(tokens[id].as_str()?)?;
        Some(Decoded {
            id,
            title: t.get(title),
            hint: t.get(hint),
            header: members(t, &header),
            claims: members(t, &claims),
        })
    };
    all.into_iter().filter_map(one).collect()
}

/// A request, a parameter a line; nothing where it was not made.
fn asked(endpoint: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let lines = pairs.iter().map(|(name, value)| format!("  {name}={value}"));
    std::iter::once(endpoint.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

impl FailureView {
    fn of(t: &Texts, Failure { error, description, refusal }: &Failure, client: &Client) -> Self {
        let told = refusal.as_ref().map(|refusal| {
            let (now, mend) = problems::as_of_now(refusal, client);
            (reasons::in_words(t, &now), mend.map(|mend| mend.read(t)).unwrap_or_default())
        });
        let (words, mend) = told.unwrap_or_default();
        Self { error: error.clone(), description: description.clone(), words, mend }
    }
}
