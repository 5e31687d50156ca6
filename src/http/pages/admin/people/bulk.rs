//! People in bulk, in the console: a file of all of them, and rows that become accounts, tried first.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::moments::day;
use super::super::super::own_form::OwnForm;
use super::super::listing::Choice;
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::{EXPORT_READY, LIST};
use crate::admin::users::{
    self, Existing, HeadRejected, ImportOptions, ImportRow, MAX_BATCH, PeopleFormat, RowOutcome, RowReport, WouldBe,
};
use crate::admin::{Permission, ProvenAuthority, attributes};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::model::attribute::Definitions;
use crate::protocol::Params;

/// Where the form for rows is, and goes to.
const PATH: &str = "/admin/people/import";
/// The rows that are said to be wrong.
const MOST_SHOWN: usize = 50;

#[derive(askama::Template)]
#[template(path = "admin/people/import.html")]
struct ImportPage {
    frame: Frame,
    shell: Shell,
    rows: String,
    existing: Vec<Choice>,
    /// What would be done, or was; `None` where nothing was asked yet.
    report: Option<Report>,
    /// What is no table at all.
    problem: String,
    csrf: String,
}

/// What became of the rows, or would.
struct Report {
    /// It was only tried.
    tried: bool,
    counts: Vec<(Key, u64)>,
    refused: Vec<Refused>,
    /// Where it was only tried: what would be done with each row that is not refused, the first ones of them.
    planned: Vec<Planned>,
    /// How many of those are not shown.
    left_out: String,
    /// Something would be done.
    worth_doing: bool,
}

struct Refused {
    row: u64,
    email: String,
    why: String,
}

struct Planned {
    row: u64,
    email: String,
    what: Key,
}

/// Why a text holds no rows.
enum NoRows {
    /// It cannot be read.
    Text(String),
    /// The head of a table names what no account has.
    Head(HeadRejected),
}

const EXISTING: &[(&str, Key)] = &[
    ("skip", keys::people::IMPORT_SKIP),
    ("update", keys::people::IMPORT_UPDATE),
    ("refuse", keys::people::IMPORT_REFUSE),
];

fn existing(params: &Params) -> Existing {
    match params.get("existing") {
        Some("update") => Existing::Update,
        Some("refuse") => Existing::Refuse,
        _ => Existing::Skip,
    }
}

/// `GET /admin/people/import`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteUsers)?;
    Ok(show(&context, &administrator, &Params::default(), (None, String::new())))
}

/// `POST /admin/people/import`: tries the rows, or takes them.
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    form.owner.must(Permission::WriteUsers)?;
    confirmed(&context, &form, async |authority| {
        let declared = attributes::list(&context.app.admin, authority).await?;
        let tried = form.params.get("do") != Some("import");
        match rows_of(&declared, form.params.get("rows").unwrap_or_default()) {
            Err(why) => {
                let text = why.in_words(context.texts(None));
                Ok(show(&context, &form.owner, &form.params, (None, text)))
            }
            Ok(rows) => {
                let report = take(&context, authority, rows, (existing(&form.params), tried)).await?;
                Ok(show(&context, &form.owner, &form.params, (Some(report), String::new())))
            }
        }
    })
    .await
}

/// The rows of a table with a head, or of lines of JSON.
fn rows_of(declared: &Definitions, text: &str) -> Result<Vec<ImportRow>, NoRows> {
    if text.trim_start().starts_with('{') {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let row = |(row, line): (u64, &str)| {
            serde_json::from_str(line)
                .map(|document| ImportRow { row, document })
                .map_err(|why| NoRows::Text(format!("{row}: {why}")))
        };
        return lines.map(row).collect();
    }
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let head = reader.headers().map_err(|why| NoRows::Text(why.to_string()))?.clone();
    users::check_head(declared, &head).map_err(NoRows::Head)?;
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|why| NoRows::Text(why.to_string()))?;
        let row = record.position().map_or(0, csv::Position::line);
        Ok(ImportRow { row, document: users::from_cells(declared, head.iter().zip(record.iter())) })
    };
    reader.records().map(row).collect()
}

impl NoRows {
    fn in_words(&self, t: &Texts) -> String {
        let HeadRejected { unknown, missing, known } = match self {
            Self::Text(why) => return t.with(keys::people::IMPORT_WRONG, "why", why),
            Self::Head(head) => head,
        };
        let unknown = unknown.iter().map(|(name, nearest)| match nearest {
            Some(near) => t.with_two(keys::people::IMPORT_NO_COLUMN_NEAR, "name", name, "near", near),
            None => t.with(keys::people::IMPORT_NO_COLUMN, "name", name),
        });
        let missing = missing.iter().map(|name| t.with(keys::people::IMPORT_COLUMN_MISSING, "name", name));
        let known = t.with(keys::people::IMPORT_COLUMNS, "names", &known.join(", "));
        unknown.chain(missing).chain([known]).collect::<Vec<_>>().join(" ")
    }
}

async fn take(
    context: &Context,
    authority: &ProvenAuthority,
    mut rows: Vec<ImportRow>,
    (existing, tried): (Existing, bool),
) -> Result<Report, PageError> {
    let authority = if tried { authority.clone().trying() } else { authority.clone() };
    let options = ImportOptions { existing, firebase: None };
    let (mut reports, mut would_be) = (Vec::new(), WouldBe::default());
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(MAX_BATCH));
        reports.extend(users::import(&context.app.admin, &authority, rows, &options, &mut would_be).await?);
        rows = rest;
    }
    Ok(Report::of(context.texts(None), &reports, tried))
}

impl Report {
    fn of(t: &Texts, reports: &[RowReport], tried: bool) -> Self {
        let count = |outcome| reports.iter().filter(|report| report.outcome == outcome).count() as u64;
        let (created, updated) = (count(RowOutcome::Created), count(RowOutcome::Updated));
        let refused = reports.iter().filter(|report| report.outcome == RowOutcome::Refused).take(MOST_SHOWN);
        let why = |report: &RowReport| {
            let said = report.errors.iter().map(|error| match &error.field {
                Some(field) => format!("{field}: {}", error.detail),
                None => error.detail.clone(),
            });
            said.collect::<Vec<_>>().join("; ")
        };
        let (planned, left_out) = if tried { planned(t, reports) } else { (Vec::new(), String::new()) };
        Self {
            tried,
            planned,
            left_out,
            counts: vec![
                (keys::people::IMPORT_CREATED, created),
                (keys::people::IMPORT_UPDATED, updated),
                (keys::people::IMPORT_SKIPPED, count(RowOutcome::Skipped)),
                (keys::people::IMPORT_REFUSED, count(RowOutcome::Refused)),
            ],
            refused: refused
                .map(|report| Refused {
                    row: report.row,
                    email: report.email.clone().unwrap_or_default(),
                    why: why(report),
                })
                .collect(),
            worth_doing: tried && created + updated > 0,
        }
    }
}

/// What would be done with rows, and how many more there are than are shown.
fn planned(t: &Texts, reports: &[RowReport]) -> (Vec<Planned>, String) {
    let planned = |report: &RowReport| {
        let what = match report.outcome {
            RowOutcome::Created => keys::people::IMPORT_ROW_CREATED,
            RowOutcome::Updated => keys::people::IMPORT_ROW_UPDATED,
            RowOutcome::Skipped => keys::people::IMPORT_ROW_SKIPPED,
            RowOutcome::Refused => return None,
        };
        Some(Planned { row: report.row, email: report.email.clone().unwrap_or_default(), what })
    };
    let mut all: Vec<Planned> = reports.iter().filter_map(planned).collect();
    let more = all.len().saturating_sub(MOST_SHOWN);
    all.truncate(MOST_SHOWN);
    let left_out = if more == 0 { String::new() } else { t.counted(keys::people::IMPORT_MORE, "n", more as u64) };
    (all, left_out)
}

fn show(
    context: &Context,
    administrator: &Administrator,
    params: &Params,
    (report, problem): (Option<Report>, String),
) -> Response {
    let frame = Frame::of(context, context.locale.0);
    let shown = ImportPage {
        shell: Shell::of(context, administrator, Room::People).further(LIST, frame.t.get(keys::people::IMPORT)),
        rows: params.get("rows").unwrap_or_default().to_owned(),
        existing: Choice::all(frame.t, EXISTING.iter().copied(), params.get("existing").or(Some("skip"))),
        report,
        problem,
        csrf: administrator.csrf(context, PATH),
        frame,
    };
    page(&shown, &shown.frame)
}

/// `POST /admin/people/export`: everybody, as a file that is sent as it is read. A browser that is given one stays on the page that asked for it, so an administrator
/// who had to prove the account first is led back there.
pub async fn export(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let (format, kind, ending) = match form.params.get("format") {
        Some("csv") => (PeopleFormat::Csv, "text/csv; charset=utf-8; header=present", "csv"),
        Some("jsonl") => (PeopleFormat::JsonLines, "application/jsonl", "jsonl"),
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    form.owner.must(Permission::ExportUsers)?;
    confirmed(&context, &form, async |authority| {
        if form.waited.is_some() {
            return Ok(EXPORT_READY.go(&context, LIST));
        }
        let export = users::export(&context.app.admin, authority, format, false).await?;
        let name = format!("attachment; filename=\"people-{}.{ending}\"", day(context.app.clock.now()));
        let disposition = HeaderValue::try_from(name).map_err(|error| PageError::internal(&error))?;
        let app = context.app.clone();
        let parts = stream::unfold((app, authority.clone(), export), async |(app, authority, mut export)| match export
            .part(&app.admin, &authority)
            .await
        {
            Ok(part) => part.map(|part| (Ok::<_, Infallible>(part), (app, authority, export))),
            Err(rejected) => {
                tracing::warn!(%rejected, "an export of people was cut off");
                None
            }
        });
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CONTENT_DISPOSITION, disposition),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((headers, Body::from_stream(parts)).into_response())
    })
    .await
}
