//! The audit log.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::{self, Answered};
use super::operation::AuditParameter;
use super::problem::ApiProblem;
use super::request::Reading;
use crate::admin::audit::{self, AuditEntry};
use crate::model::audit_filter::AuditFilter;
use crate::model::client::ClientId;

pub(super) async fn list(reading: Reading) -> Answered {
    let Reading { app, by, query, .. } = &reading;
    let filter = filter(query.audit())?;
    let page = audit::find(&app.admin, by, &filter, query.after()?, query.limit()).await?;
    let documents: Vec<_> = page.events.iter().map(AuditEntry::from).collect();
    let next = page.next.map(|id| id.to_string());
    answer::page(&reading, &documents, next.as_deref())
}

/// What entries are to have in common. Several kinds stand side by side, with commas.
fn filter(said: &[(AuditParameter, String)]) -> Result<AuditFilter, ApiProblem> {
    let mut filter = AuditFilter::default();
    for (which, text) in said {
        match which {
            AuditParameter::Kind => {
                filter.kinds = text.split(',').map(|name| word("kind", name)).collect::<Result<_, _>>()?;
            }
            AuditParameter::Outcome => filter.outcome = Some(word("outcome", text)?),
            AuditParameter::Actor => filter.actor = Some(named("actor", text.parse())?),
            AuditParameter::User => filter.user = Some(named("user", text.parse())?),
            AuditParameter::Client => filter.client = Some(named("client", ClientId::parse(text))?),
            AuditParameter::Target => filter.target = Some(named("target", text.parse())?),
            AuditParameter::Request => filter.request = Some(text.clone()),
            AuditParameter::Since => filter.since = Some(named("since", text.parse())?),
            AuditParameter::Until => filter.until = Some(named("until", text.parse())?),
        }
    }
    Ok(filter)
}

fn named<T, E>(parameter: &str, parsed: Result<T, E>) -> Result<T, ApiProblem> {
    parsed.map_err(|_| ApiProblem::malformed(format!("{parameter} has a value that cannot be")))
}

/// A word of a closed set, as documents have it.
fn word<T: DeserializeOwned>(parameter: &str, text: &str) -> Result<T, ApiProblem> {
    named(parameter, serde_json::from_value(Value::from(text)))
}
