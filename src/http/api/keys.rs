//! The signing keys.

use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Reading};
use crate::admin::keys::{self, ImportedView, KeyGiven, RotationView};
use crate::http::json::Json;
use crate::model::client::SigningAlgorithm;
use crate::support::id::KeyId;

/// Which keys are to rotate.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RotationWanted {
    /// The algorithm of the one key; all of them where there is none.
    algorithm: Option<SigningAlgorithm>,
}

pub(super) async fn list(reading: Reading) -> Answered {
    let keys = keys::list(&reading.by, &reading.app.keys)?;
    answer::whole(&reading, &keys)
}

pub(super) async fn import(changing: Changing) -> Answered {
    let given: KeyGiven = changing.body.value()?;
    let app = &changing.app;
    let imported = keys::import(&app.admin, &changing.by, &app.keys, &given).await?;
    answer::came_of_it(&ImportedView::from(&imported))
}

pub(super) async fn rotate(changing: Changing) -> Answered {
    let RotationWanted { algorithm } = changing.body.optional()?;
    let app = &changing.app;
    let rotations = keys::rotate(&app.admin, &changing.by, &app.keys, algorithm).await?;
    let items: Vec<_> = rotations.iter().map(RotationView::from).collect();
    Ok(Json(json!({ "items": items })).into_response())
}

pub(super) async fn revoke(changing: Changing) -> Result<Response, ApiProblem> {
    let kid: KeyId = changing.names.get("kid")?;
    let app = &changing.app;
    keys::revoke(&app.admin, &changing.by, &app.keys, kid).await?;
    Ok(answer::done())
}
