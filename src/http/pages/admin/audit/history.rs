//! What happened to one thing: the entries of the audit log about it, as its own page shows them.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::listing::{AFTER, PAGE, Ways};
use super::super::shell::Shell;
use super::LIST;
use super::row::{Names, Row};
use crate::admin::{Permission, audit};
use crate::http::error::PageError;
use crate::http::redirect::encoded;
use crate::i18n::keys;
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::audit_filter::AuditFilter;
use crate::protocol::Params;
use crate::support::id::AuditEventId;

/// What a history is of.
#[derive(Clone, Debug)]
pub(in super::super) enum About {
    /// One thing.
    Target(AuditTarget),
    /// What happens to a room as a whole.
    Kind(AuditKind),
}

/// The page of what happened to what has no tabs.
#[derive(askama::Template)]
#[template(path = "admin/history.html")]
struct HistoryPage {
    frame: Frame,
    shell: Shell,
    name: String,
    history: History,
}

/// A page of what happened to something, the newest first.
pub(in super::super) struct History {
    pub(in super::super) rows: Vec<Row>,
    pub(in super::super) ways: Ways,
    /// The audit log, narrowed down to the same.
    pub(in super::super) log: String,
}

impl History {
    /// The page of `path` that these parameters lead to, for who may read the audit log.
    pub(in super::super) async fn of(
        context: &Context,
        administrator: &Administrator,
        (path, params): (&str, &Params),
        about: &About,
    ) -> Result<Self, PageError> {
        administrator.must(Permission::ReadAudit)?;
        let (admin, authority) = (&context.app.admin, &administrator.authority);
        let filter = about.filter();
        let before = params.get(AFTER).and_then(|text| text.parse::<AuditEventId>().ok());
        let found = audit::find(admin, authority, &filter, before, PAGE).await?;
        let names = Names::in_entries(admin, authority, &found.events).await?;
        let next = found.next.map(|next| next.to_string());
        let t = context.texts(None);
        Ok(Self {
            rows: found.events.iter().map(|event| Row::of(t, event, &names)).collect(),
            ways: Ways::of(path, params, &[], next.as_deref()),
            log: about.log(),
        })
    }
}

impl History {
    /// Shown on a page of its own, under the name of what it is of.
    pub(in super::super) fn answer(self, frame: Frame, shell: Shell, name: String) -> Response {
        let shown = HistoryPage { frame, shell, name, history: self };
        page(&shown, &shown.frame)
    }
}

impl About {
    fn filter(&self) -> AuditFilter {
        match self.clone() {
            Self::Target(target) => AuditFilter { target: Some(target), ..AuditFilter::default() },
            Self::Kind(kind) => AuditFilter { kinds: vec![kind], ..AuditFilter::default() },
        }
    }

    /// The log's own address of the same.
    fn log(&self) -> String {
        let (name, value) = match self {
            Self::Target(target @ AuditTarget::User(_)) => ("user", target.to_string()),
            Self::Target(target @ AuditTarget::Client(_)) => ("client", target.to_string()),
            Self::Target(target) => ("target", target.to_string()),
            Self::Kind(kind) => ("kind", kind.as_str().to_owned()),
        };
        format!("{LIST}?{name}={}", encoded(&value))
    }
}
