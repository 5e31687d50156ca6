//! Claim rules, and the preview of what an account's tokens say in an app.

use axum::response::Response;

use super::answer::{self, Answered};
use super::body::members;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use super::users;
use crate::admin::claim_rules::{self, ClaimRuleResource};
use crate::admin::token_preview::{self, Asked};
use crate::admin::{Authority, Rejected, Target};
use crate::http::AppState;
use crate::model::claim_rule::ClaimRule;
use crate::model::client::ClientId;
use crate::model::slug::Slug;

pub(super) async fn list(reading: Reading) -> Answered {
    let rules = claim_rules::list(&reading.app.admin, &reading.by).await?;
    answer::whole(&reading, &rules.iter().map(ClaimRuleResource::from).collect::<Vec<_>>())
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = claim_rules::create(&changing.app.admin, &changing.by, &changing.body.document()?).await?;
        let document = members(&ClaimRuleResource::from(&made))?;
        Ok(Made { path: format!("/claim-rules/{}", made.name), document, version: made.version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let rule = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &ClaimRuleResource::from(&rule), rule.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&ClaimRuleResource::from(&was))?;
    answered(&changing, claim_rules::update(&changing.app.admin, &changing.by, target, &patch).await)
}

pub(super) async fn release(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    answered(&changing, claim_rules::release(&changing.app.admin, &changing.by, target).await)
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let deleted = claim_rules::delete(&changing.app.admin, &changing.by, target).await;
    changing.conditional(deleted).map(|()| answer::done())
}

/// What the tokens of an account say in an app.
pub(super) async fn preview(reading: Reading) -> Answered {
    let user = users::find(&reading.app, &reading.by, &reading.names).await?;
    let client = reading.query.preview.client_id.as_deref();
    let client = client.ok_or_else(|| ApiProblem::malformed("client_id must be there"))?;
    let client = ClientId::parse(client).map_err(|_| ApiProblem::NOT_FOUND)?;
    let preview = &reading.query.preview;
    let asked = Asked { scope: preview.scope.clone(), resources: reading.query.resources.clone() };
    let (admin, tokens) = (&reading.app.admin, &reading.app.tokens);
    let shown = token_preview::preview(admin, tokens, &reading.by, (user.id, &client), &asked).await?;
    answer::unversioned(&reading, &shown)
}

fn answered(changing: &Changing, rule: Result<ClaimRule, Rejected>) -> Answered {
    let rule = changing.conditional(rule)?;
    answer::changed(changing, &ClaimRuleResource::from(&rule), rule.version)
}

/// The rule that the path names.
async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<ClaimRule, ApiProblem> {
    let name: String = names.get("rule")?;
    claim_rules::find(&app.admin, by, &name).await?.ok_or(ApiProblem::NOT_FOUND)
}

/// The same, to be changed.
async fn target(changing: &Changing) -> Result<(ClaimRule, Target<Slug>), ApiProblem> {
    let rule = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(rule.name.clone(), rule.version)?;
    Ok((rule, target))
}
