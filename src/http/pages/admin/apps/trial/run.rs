//! What the app would do with its answer: redeem the code, refresh, ask UserInfo. All of it happens here, and ends here.

use serde_json::Value;

use super::super::super::super::context::Context;
use crate::client_auth::{AuthenticatedClient, stand_in};
use crate::flow::Trial;
use crate::grants::{self, TokenRequest};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::model::Refusal;
use crate::model::client::Client;
use crate::protocol::Params;
use crate::tokens::{revoke, userinfo};

/// What came of a trial. The tokens go no further than to be taken apart.
#[derive(Default)]
pub(super) struct Outcome {
    /// The authorization request, where there was one.
    pub(super) request: Vec<(String, String)>,
    /// The token request, without what the client proves itself by.
    pub(super) token_request: Vec<(String, String)>,
    pub(super) tokens: Option<Value>,
    /// What the first refresh answered, where there is a refresh token.
    pub(super) refreshed: Option<Result<Value, Failure>>,
    pub(super) userinfo: Option<Result<Value, Failure>>,
    /// What went wrong before there were tokens.
    pub(super) failure: Option<Failure>,
}

/// What an app would be refused, and what the operator hears of it.
pub(super) struct Failure {
    pub(super) error: String,
    pub(super) description: String,
    pub(super) refusal: Option<Refusal>,
}

/// Goes through the rest of a login whose answer is there, and ends what it was granted.
pub(super) async fn login(context: &Context, trial: &Trial) -> Result<Outcome, PageError> {
    let outcome = redeemed(context, trial).await;
    // Whatever became of it, and before anything is shown.
    context.app.flow.end_trial(trial).await?;
    outcome
}

async fn redeemed(context: &Context, trial: &Trial) -> Result<Outcome, PageError> {
    let mut outcome = Outcome { request: trial.request.clone(), ..Outcome::default() };
    let Some(code) = trial.answered("code") else {
        outcome.failure = Some(Failure {
            error: trial.answered("error").unwrap_or_default().to_owned(),
            description: trial.answered("error_description").unwrap_or_default().to_owned(),
            refusal: trial.refusal.clone(),
        });
        return Ok(outcome);
    };
    let client = standing_in(context, trial.client.as_str()).await?;
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", trial.asked("redirect_uri").unwrap_or_default()),
        ("code_verifier", &trial.code_verifier),
    ];
    outcome.token_request = shown(&pairs);
    let tokens = match token(context, &client, &pairs).await? {
        Ok(tokens) => tokens,
        Err(failure) => return Ok(Outcome { failure: Some(failure), ..outcome }),
    };
    if let Some(access_token) = tokens["access_token"].as_str().filter(|_| tokens["id_token"].is_string()) {
        outcome.userinfo = Some(ask_userinfo(context, access_token).await);
    }
    if let Some(refresh_token) = tokens["refresh_token"].as_str() {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        outcome.refreshed = Some(token(context, &client, &pairs).await?);
    }
    Ok(Outcome { tokens: Some(tokens), ..outcome })
}

/// Gets a token for the app itself, and revokes it.
pub(super) async fn by_itself(
    context: &Context,
    client: &Client,
    scope: &str,
    resource: Option<&str>,
) -> Result<Outcome, PageError> {
    let client = standing_in(context, client.id.as_str()).await?;
    let mut pairs = vec![("grant_type", "client_credentials")];
    let scope = scope.split_whitespace().collect::<Vec<_>>().join(" ");
    pairs.extend(Some(("scope", scope.as_str())).filter(|_| !scope.is_empty()));
    pairs.extend(resource.map(|resource| ("resource", resource)));
    let mut outcome = Outcome { token_request: shown(&pairs), ..Outcome::default() };
    match token(context, &client, &pairs).await? {
        Ok(tokens) => {
            let access_token = tokens["access_token"].as_str().unwrap_or_default();
            revoke::revoke(&context.app.tokens, &client, access_token).await?;
            outcome.tokens = Some(tokens);
        }
        Err(failure) => outcome.failure = Some(failure),
    }
    Ok(outcome)
}

/// The client as it is registered now, whose place the server takes.
async fn standing_in(context: &Context, id: &str) -> Result<AuthenticatedClient, PageError> {
    let client = context.app.clients.find(id).await?.ok_or(ProblemKind::NotFound)?;
    stand_in::of(client).map_err(|_| ProblemKind::NotFound.into())
}

/// What the token endpoint would answer.
async fn token(
    context: &Context,
    client: &AuthenticatedClient,
    pairs: &[(&str, &str)],
) -> Result<Result<Value, Failure>, PageError> {
    let app = &context.app;
    let params = Params::from_pairs(pairs.iter().copied()).map_err(|_| ProblemKind::BadRequest)?;
    let request = TokenRequest { tokens: &app.tokens, client, params: &params, sender_key: None };
    let refused = match grants::find(&params) {
        Ok(grant) => match grants::redeem(grant, &request).await {
            Ok(tokens) => return Ok(Ok(serde_json::to_value(tokens).map_err(|error| PageError::internal(&error))?)),
            Err(rejected) => rejected,
        },
        Err(error) => error.into(),
    };
    let refusal = refused.refusal(&request);
    match refused.outward() {
        Some(error) => Ok(Err(Failure {
            error: error.code.as_str().to_owned(),
            description: error.description.to_string(),
            refusal: Some(refusal),
        })),
        None => Err(PageError::internal(&refused)),
    }
}

async fn ask_userinfo(context: &Context, access_token: &str) -> Result<Value, Failure> {
    match userinfo::userinfo(&context.app.tokens, access_token).await {
        Ok(claims) => Ok(Value::Object(claims)),
        Err(not_answered) => Err(Failure {
            error: "invalid_token".to_owned(),
            description: not_answered.why.to_string(),
            refusal: Some(*not_answered.refusal),
        }),
    }
}

/// A request as it may be shown: what is worth something is left out.
fn shown(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let value = |name: &str, value: &str| match name {
        "code" | "code_verifier" | "refresh_token" => "…".to_owned(),
        _ => value.to_owned(),
    };
    pairs.iter().map(|(name, said)| ((*name).to_owned(), value(name, said))).collect()
}
