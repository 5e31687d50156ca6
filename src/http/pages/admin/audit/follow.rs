//! Following the audit log: new entries as server-sent events (HTML Living Standard section 9.2), each a row of the list.
//!
//! A stream lasts for some seconds, and the browser asks for the next one from where it was; so a node that stops is not held up by those who follow, and a
//! bounded number may. Whether the session and the role are still there is asked before each look at the log.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::time::sleep;

use super::super::super::context::Context;
use super::super::Administrator;
use super::filter::Asked;
use super::row::{Names, Row};
use crate::admin::{Permission, Rejected, audit};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::audit_filter::AuditFilter;
use crate::support::id::AuditEventId;

/// How many may follow at one node.
const FOLLOWERS: usize = 16;
/// How often the log is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many looks a stream lasts for.
const LOOKS: u32 = 5;
/// The most entries of one look: where there are more, who follows reads the list.
const AT_ONCE: u32 = 50;

/// How many follow at this node.
static FOLLOWING: AtomicUsize = AtomicUsize::new(0);

/// A place among those who follow. It is free again when this is dropped.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let taken = FOLLOWING.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < FOLLOWERS).then_some(n + 1));
        taken.ok().map(|_| Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        FOLLOWING.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Template)]
#[template(path = "admin/audit/row.html")]
struct RowTemplate<'a> {
    t: &'a Texts,
    base: &'a str,
    row: &'a Row,
}

/// Somebody who follows.
struct Follower {
    context: Context,
    filter: AuditFilter,
    /// The newest entry that was sent.
    seen: Option<AuditEventId>,
    looks: u32,
    _place: Place,
}

/// `GET /admin/audit/events`
pub async fn get(
    context: Context,
    administrator: Administrator,
    headers: HeaderMap,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must(Permission::ReadAudit)?;
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let asked = Asked::of(admin, authority, &params).await?;
    let filter = asked.filter.map_err(|_| ProblemKind::BadRequest)?;
    let place = Place::take().ok_or(ProblemKind::Unavailable)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let seen = match last {
        Some(id) => Some(id),
        None => {
            audit::find(admin, authority, &AuditFilter::default(), None, 1).await?.events.first().map(|event| event.id)
        }
    };
    let follower = Follower { context, filter, seen, looks: 0, _place: place };
    let events = stream::unfold(follower, async |mut follower| {
        let text = follower.next().await?;
        Some((Ok::<_, Infallible>(text), follower))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

impl Follower {
    /// The next events, or a comment that keeps the connection alive; `None` at the end of the stream.
    async fn next(&mut self) -> Option<String> {
        if self.looks == 0 {
            self.looks += 1;
            // Where the browser goes on from, should there be nothing until the next stream.
            let seen = self.seen.map(|id| format!("id: {id}\n")).unwrap_or_default();
            return Some(format!("retry: 1000\n{seen}event: here\ndata: \n\n"));
        }
        if self.looks > LOOKS {
            return None;
        }
        self.looks += 1;
        sleep(LOOK_EVERY).await;
        let administrator = Administrator::at(&self.context).await.ok()?;
        self.look(&administrator).await.ok()
    }

    async fn look(&mut self, administrator: &Administrator) -> Result<String, Rejected> {
        let (admin, authority) = (&self.context.app.admin, &administrator.authority);
        let found = audit::find(admin, authority, &self.filter, None, AT_ONCE).await?;
        let seen = self.seen;
        let mut fresh: Vec<_> = found.events.into_iter().take_while(|event| Some(event.id) > seen).collect();
        fresh.reverse();
        let names = Names::in_entries(admin, authority, &fresh).await?;
        self.seen = fresh.last().map(|event| event.id).or(seen);
        let t = self.context.texts(None);
        let base = self.context.app.issuer.path();
        let mut text = String::from(":\n\n");
        for event in &fresh {
            let row = Row::of(t, event, &names);
            let html = RowTemplate { t, base, row: &row }.render().unwrap_or_default();
            // A line break would begin another field: section 9.2.6.
            let html = html.replace(['\r', '\n'], " ");
            let _ = write!(text, "id: {}\ndata: {html}\n\n", event.id);
        }
        Ok(text)
    }
}
