//! What was refused lately, in plain words, with the command that mends it.
//!
//! Owns what an administrator is told about a [`Refusal`]; the command line prints it, and a console can show the same. Leaves why a request
//! is refused to those who refuse it, and keeping and counting that to `refusals` and its store.

use std::collections::HashMap;

use serde::Serialize;

use super::{Administration, Authority, Permission, Rejected};
use crate::i18n::Said;
use crate::model::client::{Client, ClientId};
use crate::model::refusal::KeptRefusal;
use crate::model::{NotedRefusal, Refusal};
use crate::support::Timestamp;
use crate::support::clock::rfc3339;

mod registration;
mod words;

/// How many problems are shown.
pub const LATEST: u32 = 100;

/// Refusals that say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Why, which client, and what was compared then.
    #[serde(flatten)]
    pub refusal: Refusal,
    /// Whether there is a client of this id.
    pub registered: bool,
    /// Whether the client's registration was changed so that this is refused no more.
    pub mended: bool,
    /// The same beside what is registered now, of which `text` tells.
    #[serde(skip)]
    pub now: Refusal,
    /// The endpoint that refused.
    pub endpoint: String,
    /// What happened, in a sentence: beside what is registered now.
    pub text: String,
    /// What mends it, where it is not mended: a command, or what to change in the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<Said>,
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

/// What was refused of a client, or of all clients and of callers that name none: what says the same once, the latest first. What the registration would not
/// refuse any more comes last.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    client: Option<&str>,
) -> Result<Vec<Problem>, Rejected> {
    match client.map(ClientId::parse) {
        Some(Ok(id)) => authority.require_in_app(Permission::ReadClients, &id)?,
        _ => authority.require(Permission::ReadClients)?,
    }
    let kept = admin.stores().refusals.list(client, LATEST).await?;
    let registered = registrations(admin, &kept).await?;
    let now = |refusal: &Refusal| refusal.client.as_deref().and_then(|client| registered.get(client));
    let mut problems: Vec<Problem> = kept.into_iter().map(|one| Problem::of(now(&one.last.refusal), one)).collect();
    problems.sort_by_key(|problem| problem.mended);
    Ok(problems)
}

/// What is registered now of the clients that these name.
async fn registrations(admin: &Administration, kept: &[KeptRefusal]) -> Result<HashMap<String, Client>, Rejected> {
    let mut registered = HashMap::new();
    for name in kept.iter().filter_map(|one| one.last.refusal.client.as_ref()) {
        if registered.contains_key(name) {
            continue;
        }
        if let Ok(id) = ClientId::parse(name) {
            registered.insert(name.clone(), admin.stores().clients.find(&id).await?);
        }
    }
    Ok(registered.into_iter().filter_map(|(name, client)| Some((name, client?))).collect())
}

/// A refusal beside what the client registers now, and what mends it, where something is known to.
pub fn as_of_now(refusal: &Refusal, client: &Client) -> (Refusal, Option<Said>) {
    (registration::now(refusal, Some(client)), words::mend(refusal, Some(client)))
}

impl Problem {
    fn of(client: Option<&Client>, KeptRefusal { last, count, first_at }: KeptRefusal) -> Self {
        let mended = registration::is_mended(&last, client);
        let NotedRefusal { at, request, endpoint, refusal, .. } = last;
        let now = registration::now(&refusal, client);
        let text = words::text(&now);
        let mend = if mended { None } else { words::mend(&refusal, client) };
        let registered = client.is_some();
        Self {
            refusal,
            registered,
            mended,
            now,
            endpoint,
            text,
            mend,
            count,
            first_at,
            last_at: at,
            last_request_id: request,
        }
    }
}
