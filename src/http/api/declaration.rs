//! Declared configuration: what the server has as files declare it, and applying what files say.

use axum::response::IntoResponse;
use serde_json::json;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Reading};
use crate::admin::declared::{self, DeclarationRejected, Sent, SentRejected, Step};
use crate::http::json::Json;
use crate::support::request::Request;

/// The member of what is sent that is the declaration.
const DECLARATION: &str = "/declaration";

pub(super) async fn export(reading: Reading) -> Answered {
    let declaration = declared::export(&reading.app.admin, &reading.by).await?;
    answer::unversioned(&reading, &declaration.to_document())
}

pub(super) async fn apply(changing: Changing) -> Answered {
    let sent: Sent = changing.body.value()?;
    let Changing { app, by, .. } = changing;
    let applied = async move { declared::apply_sent(&app.admin, &by, &sent).await };
    // By a task of its own: what began is done, whether or not the caller waits for it.
    let applying = match Request::current() {
        Some(request) => tokio::spawn(request.scope(applied)),
        None => tokio::spawn(applied),
    };
    let steps = applying.await.map_err(|cause| ApiProblem::internal(&cause))??;
    let shown: Result<Vec<_>, _> = steps.iter().map(Step::shown).collect();
    let items = shown.map_err(|cause| ApiProblem::internal(&cause))?;
    Ok(Json(json!({ "items": items })).into_response())
}

impl From<SentRejected> for ApiProblem {
    fn from(rejected: SentRejected) -> Self {
        match rejected {
            SentRejected::NotAllowed(why) => why.into(),
            SentRejected::Unread(why) => unread(why),
            SentRejected::Step { mut why, place } => {
                let done = std::mem::take(&mut why.done);
                let place = format!("{DECLARATION}{}", place.unwrap_or_default());
                let name = format!("{} {}", why.kind.as_str(), why.name);
                Self::from(why.why).of_part(&place, &name).behind(done)
            }
        }
    }
}

/// What is no declaration, and where it is none.
fn unread(rejected: DeclarationRejected) -> ApiProblem {
    let wrong = |place: &str, code, why: &DeclarationRejected| {
        ApiProblem::new("invalid").at(format!("{DECLARATION}{place}"), code, why)
    };
    match rejected {
        DeclarationRejected::NoObject => wrong("", "not_an_object", &rejected),
        DeclarationRejected::UnknownList(_) => wrong("", "unknown_member", &rejected),
        DeclarationRejected::NoList(list) => wrong(&format!("/{list}"), "not_a_list", &rejected),
        DeclarationRejected::TooMany(_) => wrong("", "too_many_entries", &rejected),
        DeclarationRejected::Twice(_) => wrong("", "declared_twice", &rejected),
        DeclarationRejected::Logo(ref why) => wrong(&why.pointer(), "not_a_logo", &rejected),
        DeclarationRejected::Entry { list, at, why } => {
            ApiProblem::from(why).of_part(&format!("{DECLARATION}/{list}/{at}"), &format!("{list}[{at}]"))
        }
        DeclarationRejected::Section { section, why } => {
            ApiProblem::from(why).of_part(&format!("{DECLARATION}/{section}"), section)
        }
    }
}
