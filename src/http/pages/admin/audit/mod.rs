//! The audit log: the list, which is narrowed down in its address, one entry, taking it elsewhere, and following it.

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::listing::{AFTER, Choice, PAGE, Ways};
use super::room::Room;
use super::shell::Shell;
use crate::admin::{Permission, audit};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::audit_event::AuditKind;
use crate::support::id::AuditEventId;

pub mod export;
mod filter;
pub mod follow;
mod history;
mod objects;
mod row;

use filter::{Asked, KEPT};
pub(super) use history::{About, History};
pub(super) use row::words_of;
use row::{Names, Row};

/// Where the list is.
const LIST: &str = "/admin/audit";

#[derive(askama::Template)]
#[template(path = "admin/audit/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    asked: Asked,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    rows: Vec<Row>,
    ways: Ways,
    /// What the list was narrowed down by, as the way to an export says it too.
    query: String,
    /// Where the list is followed; empty where it does not begin with the newest entries.
    follow: String,
}

#[derive(askama::Template)]
#[template(path = "admin/audit/entry.html")]
struct EntryPage {
    frame: Frame,
    shell: Shell,
    row: Row,
    json: String,
}

/// `GET /admin/audit`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must(Permission::ReadAudit)?;
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let frame = Frame::of(&context, context.locale.0);
    let asked = Asked::of(admin, authority, &params).await?;
    let before = params.get(AFTER).and_then(|text| text.parse::<AuditEventId>().ok());
    let (events, next) = match &asked.filter {
        Ok(filter) => {
            let found = audit::find(admin, authority, filter, before, PAGE).await?;
            (found.events, found.next)
        }
        Err(_) => (Vec::new(), None),
    };
    let names = Names::in_entries(admin, authority, &events).await?;
    let next = next.map(|next| next.to_string());
    let (ways, query) = (Ways::of(LIST, &params, KEPT, next.as_deref()), filter::query(&params));
    let shown = ListPage {
        shell: Shell::of(&context, &administrator, Room::Audit),
        kinds: kinds(frame.t, params.get("kind")),
        outcomes: outcomes(frame.t, params.get("outcome")),
        rows: events.iter().map(|event| Row::of(frame.t, event, &names)).collect(),
        follow: if ways.first.is_none() { format!("{LIST}/events?{query}") } else { String::new() },
        ways,
        query,
        asked,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `GET /admin/audit/{id}`
pub async fn entry(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::ReadAudit)?;
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let id: AuditEventId = id.parse().map_err(|_| ProblemKind::NotFound)?;
    let event = audit::entry(admin, authority, id).await?.ok_or(ProblemKind::NotFound)?;
    let events = [event];
    let names = Names::in_entries(admin, authority, &events).await?;
    let frame = Frame::of(&context, context.locale.0);
    let row = Row::of(frame.t, &events[0], &names);
    let shell = Shell::of(&context, &administrator, Room::Audit).further(LIST, row.what.clone());
    let json = serde_json::to_string_pretty(&audit::AuditEntry::from(&events[0])).unwrap_or_default();
    let shown = EntryPage { frame, shell, row, json };
    Ok(page(&shown, &shown.frame))
}

fn kinds(t: &crate::i18n::Texts, chosen: Option<&str>) -> Vec<Choice> {
    let any = Choice { value: "", text: t.get(keys::audit::ANY), chosen: false };
    let choice = |kind: &AuditKind| Choice {
        value: kind.as_str(),
        text: t.get(words_of(*kind)),
        chosen: chosen == Some(kind.as_str()),
    };
    let mut choices: Vec<Choice> = AuditKind::ALL.iter().map(choice).collect();
    choices.sort_by(|one, other| one.text.cmp(&other.text));
    choices.insert(0, any);
    choices
}

fn outcomes(t: &crate::i18n::Texts, chosen: Option<&str>) -> Vec<Choice> {
    let all =
        [("", keys::audit::ANY_OUTCOME), ("succeeded", keys::audit::SUCCEEDED), ("refused", keys::audit::REFUSED)];
    all.into_iter()
        .map(|(value, text)| Choice { value, text: t.get(text), chosen: chosen.unwrap_or_default() == value })
        .collect()
}
