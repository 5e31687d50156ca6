//! The audit log as a file, sent as it is read: however long it is, only a part of it is in memory.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::super::super::context::Context;
use super::super::super::moments::day;
use super::super::Administrator;
use super::filter::Asked;
use crate::admin::Permission;
use crate::admin::audit::{Export, ExportFormat};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;

/// `GET /admin/audit/export`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must(Permission::ReadAudit)?;
    let (format, kind, name) = match params.get("format") {
        Some("csv") => (ExportFormat::Csv, "text/csv; charset=utf-8; header=present", "csv"),
        Some("jsonl") => (ExportFormat::JsonLines, "application/jsonl", "jsonl"),
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    let asked = Asked::of(&context.app.admin, &administrator.authority, &params).await?;
    let filter = asked.filter.map_err(|_| ProblemKind::BadRequest)?;
    let day = day(context.app.clock.now());
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"audit-{day}.{name}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let parts = stream::unfold((context, Export::new(filter, format)), async |(context, mut export)| {
        let part = next(&context, &mut export).await?;
        Some((Ok::<_, Infallible>(part), (context, export)))
    });
    Ok((headers, Body::from_stream(parts)).into_response())
}

/// The next part, for who may still have it: the session and the role are asked for again each time. A file that is cut off is not whole, and does not look
/// so: it has no last entry.
async fn next(context: &Context, export: &mut Export) -> Option<String> {
    let administrator = Administrator::at(context).await.ok()?;
    match export.part(&context.app.admin, &administrator.authority).await {
        Ok(part) => part,
        Err(rejected) => {
            tracing::warn!(%rejected, "an export of the audit log was cut off");
            None
        }
    }
}
