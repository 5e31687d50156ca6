//! People in bulk: brought along, and taken elsewhere.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Answered;
use super::problem::ApiProblem;
use super::query::FileFormat;
use super::request::Changing;
use crate::admin::users::{self, Existing, ImportOptions, ImportRow, PeopleFormat, RowReport, WouldBe};
use crate::http::json::Json;
use crate::identity::password::foreign::FirebaseParameters;
use crate::support::Secret;

/// Rows that are to become accounts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportWanted {
    /// What is done with a row whose address an account has already.
    #[serde(default)]
    existing: Existing,
    /// What the hashes of a Firebase project were made with.
    #[serde(default)]
    firebase: Option<FirebaseGiven>,
    /// The rows, 200 at most.
    rows: Vec<ImportRow>,
}

/// The password hash parameters of a Firebase project, as its console shows them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FirebaseGiven {
    #[schema(value_type = String)]
    base64_signer_key: Secret<String>,
    base64_salt_separator: String,
    rounds: u32,
    mem_cost: u32,
}

/// What became of each row.
#[derive(Serialize)]
struct Reports {
    items: Vec<RowReport>,
}

pub(super) async fn import(changing: Changing) -> Answered {
    let ImportWanted { existing, firebase, rows } = changing.body.value()?;
    let options = ImportOptions { existing, firebase: firebase.map(parameters).transpose()? };
    let items = users::import(&changing.app.admin, &changing.by, rows, &options, &mut WouldBe::default()).await?;
    Ok(Json(Reports { items }).into_response())
}

fn parameters(given: FirebaseGiven) -> Result<FirebaseParameters, ApiProblem> {
    let FirebaseGiven { base64_signer_key, base64_salt_separator, rounds, mem_cost } = given;
    let made = FirebaseParameters::new(base64_signer_key.expose(), &base64_salt_separator, rounds, mem_cost);
    made.map_err(|why| ApiProblem::new("invalid").at("/firebase".to_owned(), "not_hash_parameters", why))
}

/// All accounts, sent as they are read. Whoever asked is asked for again at each part; what was cut off has no last line.
pub(super) async fn export(changing: Changing) -> Result<Response, ApiProblem> {
    let wanted = changing.query.format();
    let format = match wanted {
        FileFormat::Jsonl => PeopleFormat::JsonLines,
        FileFormat::Csv => PeopleFormat::Csv,
    };
    let Changing { app, by, .. } = changing;
    let export = users::export(&app.admin, &by, format, false).await?;
    let parts =
        stream::unfold((app, by, export), async |(app, by, mut export)| match export.part(&app.admin, &by).await {
            Ok(part) => part.map(|part| (Ok::<_, Infallible>(part), (app, by, export))),
            Err(rejected) => {
                tracing::warn!(%rejected, "an export of people was cut off");
                None
            }
        });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(wanted.media_type())),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}
