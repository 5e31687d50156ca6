//! Creating something once, however often that is asked for: the IETF's draft "The Idempotency-Key HTTP Header Field".
//!
//! Owns what a key stands for: one creation by one caller at one path. It is used up in the same unit of work as the creation, so of two that come at
//! once one is done; what that was answered is kept, sealed as it may hold a secret, and repeated to whoever asks again. A creation that failed used
//! nothing up.

use std::time::Duration;

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, IdempotencyKey};
use crate::admin::Once;
use crate::sealed::RecordLabel;
use crate::store::RecordKind;
use crate::support::Digest;

/// How long a key is remembered.
const REMEMBERED: Duration = Duration::from_hours(24);

/// What was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Made {
    /// Where it is, below the API's path.
    pub(super) path: String,
    /// What is answered.
    pub(super) document: Map<String, Value>,
    /// Its version.
    pub(super) version: i64,
}

/// What was answered to a request.
#[derive(Serialize, Deserialize)]
struct KeptAnswer {
    /// The digest of the body that asked for it.
    asked: Digest,
    made: Made,
}

/// Creates something: once under the key that the caller sent, or each time where there is none. What is only tried uses no key.
pub(super) async fn create(changing: Changing, make: impl AsyncFn(&Changing) -> Result<Made, ApiProblem>) -> Answered {
    let Some(key) = changing.idempotency_key.filter(|_| !changing.query.dry_run) else {
        return Ok(answered(&changing, &make(&changing).await?));
    };
    let asked = Digest::of("idempotent request", &changing.body.bytes);
    if let Some(kept) = kept(&changing, key).await? {
        return repeated(&changing, &kept, asked);
    }
    let now = changing.app.clock.now();
    let by = changing.by.clone().once(Once { name: key.0, now, until: now.plus(REMEMBERED) });
    let changing = Changing { by, ..changing };
    match make(&changing).await {
        Ok(made) => {
            keep(&changing, key, &KeptAnswer { asked, made: made.clone() }).await;
            Ok(answered(&changing, &made))
        }
        // Another request with this key was faster, and may have its answer by now.
        Err(problem) if problem.is_repetition() => match kept(&changing, key).await? {
            Some(kept) => repeated(&changing, &kept, asked),
            None => Err(problem),
        },
        Err(problem) => Err(problem),
    }
}

fn answered(changing: &Changing, Made { path, document, version }: &Made) -> Response {
    answer::created(changing, path, (document, *version))
}

/// The draft, section 2.7: a key that was used already for another payload is refused.
fn repeated(changing: &Changing, kept: &KeptAnswer, asked: Digest) -> Answered {
    if kept.asked == asked { Ok(answered(changing, &kept.made)) } else { Err(ApiProblem::new("key_reused")) }
}

async fn kept(changing: &Changing, key: IdempotencyKey) -> Result<Option<KeptAnswer>, ApiProblem> {
    let app = &changing.app;
    Ok(app.flow.records().get(RecordKind::KeptAnswer, key.0, app.clock.now()).await?)
}

/// What was made is made, whether or not its answer can be kept.
async fn keep(changing: &Changing, key: IdempotencyKey, answer: &KeptAnswer) {
    let (app, now) = (&changing.app, changing.app.clock.now());
    let label =
        RecordLabel { kind: RecordKind::KeptAnswer, key: key.0, owners: Vec::new(), expires_at: now.plus(REMEMBERED) };
    if let Err(error) = app.flow.records().put(label, answer, now).await {
        tracing::warn!(%error, "the answer under an idempotency key was not kept");
    }
}
