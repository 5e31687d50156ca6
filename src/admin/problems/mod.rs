//! What was refused lately, in plain words, with the command that mends it.
//!
//! Owns what an administrator is told about a [`Refusal`]; the command line prints it, and a console can show the same. Leaves why a request
//! is refused to those who refuse it, and keeping and counting that to `refusals` and its store.

use serde::Serialize;

use super::{Administration, Authority, Permission, Rejected};
use crate::model::refusal::KeptRefusal;
use crate::model::{NotedRefusal, Refusal};
use crate::support::Timestamp;
use crate::support::clock::rfc3339;

mod words;

/// How many problems are shown.
pub const LATEST: u32 = 100;

/// Refusals that say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Why, which client, and what was compared.
    #[serde(flatten)]
    pub refusal: Refusal,
    /// Whether there is a client of this id.
    pub registered: bool,
    /// The endpoint that refused.
    pub endpoint: String,
    /// What happened, in a sentence.
    pub text: String,
    /// What mends it: a command, or what to change in the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// How often it was noted. What came faster than the log takes is not counted.
    pub count: u32,
    /// When it was noted first.
    #[serde(serialize_with = "rfc3339")]
    pub first_at: Timestamp,
    /// When it was noted last.
    #[serde(serialize_with = "rfc3339")]
    pub last_at: Timestamp,
    /// The id of the last request: what its page or answer said, and the log says.
    pub last_request_id: String,
}

/// What was refused of a client, or of all clients and of callers that name none: what says the same once, the latest first.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    client: Option<&str>,
) -> Result<Vec<Problem>, Rejected> {
    authority.require(Permission::ReadClients)?;
    let kept = admin.stores().refusals.list(client, LATEST).await?;
    Ok(kept.into_iter().map(Problem::of).collect())
}

impl Problem {
    fn of(KeptRefusal { last, count, first_at }: KeptRefusal) -> Self {
        let NotedRefusal { at, request, endpoint, registered, refusal, .. } = last;
        let (text, mend) = (words::text(&refusal), words::mend(&refusal, registered));
        Self { refusal, registered, endpoint, text, mend, count, first_at, last_at: at, last_request_id: request }
    }
}
