//! The audit log: its entries, all of them as a file, and whether any was changed.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::answer::{self, Answered};
use super::operation::AuditParameter;
use super::problem::ApiProblem;
use super::query::{FileFormat, word};
use super::request::Reading;
use crate::admin::audit::{self, AuditEntry, Export, ExportFormat, VerdictView};
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

pub(super) async fn show(reading: Reading) -> Answered {
    let found = audit::entry(&reading.app.admin, &reading.by, reading.names.get("event_id")?).await?;
    answer::unversioned(&reading, &AuditEntry::from(&found.ok_or(ApiProblem::NOT_FOUND)?))
}

pub(super) async fn verify(reading: Reading) -> Answered {
    let verdict = audit::verify(&reading.app.admin, &reading.by).await?;
    answer::unversioned(&reading, &VerdictView::from(&verdict))
}

/// The entries, sent as they are read: however many they are, only a part is in memory.
pub(super) async fn export(reading: Reading) -> Result<Response, ApiProblem> {
    let filter = filter(reading.query.audit())?;
    let wanted = reading.query.format();
    let format = match wanted {
        FileFormat::Jsonl => ExportFormat::JsonLines,
        FileFormat::Csv => ExportFormat::Csv,
    };
    let parts = stream::try_unfold((reading, Export::new(filter, format)), async |(reading, mut export)| {
        let part = next(&reading, &mut export).await?;
        Ok::<_, io::Error>(part.map(|part| (part, (reading, export))))
    });
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(wanted.media_type()))];
    Ok((headers, Body::from_stream(parts)).into_response())
}

/// The next part, for who may still have it: the token, and what its bearer may do, are looked at again. An error ends the connection: what was cut off is
/// not taken for the whole.
async fn next(reading: &Reading, export: &mut Export) -> Result<Option<String>, io::Error> {
    let authority = reading.still().await.map_err(|problem| cut_off(&problem))?;
    export.part(&reading.app.admin, &authority).await.map_err(|rejected| cut_off(&rejected))
}

fn cut_off(why: &dyn std::fmt::Debug) -> io::Error {
    tracing::warn!(?why, "an export of the audit log was cut off");
    io::Error::other("cut off")
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
