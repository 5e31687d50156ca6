//! Reading the audit log, taking it elsewhere, and seeing that nothing of it was changed.

use super::{Administration, Authority, Permission, Rejected};
use crate::audit_chain::Verdict;
use crate::model::AuditEvent;
pub use crate::model::audit_entry::AuditEntry;
use crate::model::audit_event::AuditOutcome;
use crate::model::audit_filter::AuditFilter;
use crate::model::client::ClientId;
use crate::store::AuditPage;
use crate::support::csv;
use crate::support::id::AuditEventId;

mod verdict;

pub use verdict::VerdictView;

/// How many entries of an export are read at a time.
const AT_ONCE: u32 = 500;

/// Entries that a filter asks for, the newest first, before `before`.
pub async fn find(
    admin: &Administration,
    authority: &Authority,
    filter: &AuditFilter,
    before: Option<AuditEventId>,
    limit: u32,
) -> Result<AuditPage, Rejected> {
    authority.require(Permission::ReadAudit)?;
    Ok(admin.stores().audit.find(filter, before, limit).await?)
}

/// The entry of this id.
pub async fn entry(
    admin: &Administration,
    authority: &Authority,
    id: AuditEventId,
) -> Result<Option<AuditEvent>, Rejected> {
    authority.require(Permission::ReadAudit)?;
    let after = u128::from_be_bytes(*id.as_bytes()).saturating_add(1);
    let before = AuditEventId::from_bytes(after.to_be_bytes());
    let found = admin.stores().audit.find(&AuditFilter::default(), Some(before), 1).await?;
    Ok(found.events.into_iter().find(|event| event.id == id))
}

/// Looks whether every entry is there, as it was sealed.
pub async fn verify(admin: &Administration, authority: &Authority) -> Result<Verdict, Rejected> {
    authority.require(Permission::ReadAudit)?;
    Ok(admin.audit.verify().await?)
}

/// How the entries of an export are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// An entry a line, as JSON.
    JsonLines,
    /// A table for a spreadsheet: RFC 4180, with a head.
    Csv,
}

/// Entries that are taken elsewhere, some at a time: however many there are, only those are in memory.
#[derive(Debug)]
pub struct Export {
    filter: AuditFilter,
    format: ExportFormat,
    /// Where to go on; `None` at the end.
    next: Option<Place>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Beginning,
    Before(AuditEventId),
}

impl Export {
    /// Everything that a filter asks for, the newest first.
    pub fn new(filter: AuditFilter, format: ExportFormat) -> Self {
        Self { filter, format, next: Some(Place::Beginning) }
    }

    /// The next part of the text, which may be empty; `None` at the end.
    pub async fn part(&mut self, admin: &Administration, authority: &Authority) -> Result<Option<String>, Rejected> {
        let Some(place) = self.next else { return Ok(None) };
        let (mut text, before) = match place {
            Place::Beginning => (self.head(), None),
            Place::Before(id) => (String::new(), Some(id)),
        };
        let AuditPage { events, next } = find(admin, authority, &self.filter, before, AT_ONCE).await?;
        self.next = next.map(Place::Before);
        text.extend(events.iter().map(|event| self.line(event)));
        Ok(Some(text))
    }

    fn head(&self) -> String {
        match self.format {
            ExportFormat::JsonLines => String::new(),
            ExportFormat::Csv => csv::record(CSV_HEAD),
        }
    }

    fn line(&self, event: &AuditEvent) -> String {
        match self.format {
            // An entry is made of texts and numbers: it is always JSON.
            ExportFormat::JsonLines => serde_json::to_string(&AuditEntry::from(event)).unwrap_or_default() + "\n",
            ExportFormat::Csv => csv::record(csv_cells(event).iter().map(String::as_str)),
        }
    }
}

/// The columns of the table.
const CSV_HEAD: [&str; 11] =
    ["id", "at", "kind", "outcome", "actor", "user", "client", "target", "address", "request", "detail"];

fn csv_cells(event: &AuditEvent) -> [String; CSV_HEAD.len()] {
    let AuditEntry { id, at, kind, outcome, actor, user, client, target, address, request, detail } = event.into();
    let outcome = match outcome {
        AuditOutcome::Succeeded => "succeeded",
        AuditOutcome::Refused => "refused",
    };
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    [
        id.to_string(),
        at.to_string(),
        kind.as_str().to_owned(),
        outcome.to_owned(),
        actor.to_string(),
        user.map(|id| id.to_string()).unwrap_or_default(),
        text(client.map(ClientId::as_str)),
        target.map(|target| target.to_string()).unwrap_or_default(),
        text(address),
        text(request),
        text(detail),
    ]
}
