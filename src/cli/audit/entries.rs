//! Entries of the audit log, at either door.

use serde_json::Value;

use crate::admin::audit::{self, AuditEntry};
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::model::audit_event::AuditOutcome;
use crate::model::audit_filter::AuditFilter;
use crate::support::id::AuditEventId;

/// Entries, as documents, and where the next ones begin.
pub(super) struct Entries {
    pub(super) entries: Vec<Value>,
    pub(super) next: Option<AuditEventId>,
}

impl Entries {
    pub(super) async fn find(
        desk: &mut Desk,
        filter: &AuditFilter,
        before: Option<AuditEventId>,
        limit: u32,
    ) -> Outcome<Self> {
        match desk {
            Desk::Here(context) => {
                let page = audit::find(&context.app.admin, &context.authority, filter, before, limit).await?;
                let entries = page.events.iter().map(|event| serde_json::to_value(AuditEntry::from(event)));
                Ok(Self { entries: entries.collect::<Result<_, _>>().map_err(Failure::of)?, next: page.next })
            }
            Desk::There(there) => {
                let (query, before) = (query(filter), before.map(|id| id.to_string()));
                let query: Vec<_> = query.iter().map(|(name, text)| (*name, text.as_str())).collect();
                let found = there.api.list("/audit", (&query, before.as_deref()), limit as usize).await?;
                let entries: Vec<Value> = found.items;
                let next = entries.last().filter(|_| found.more).and_then(|last| said(last, "id")?.parse().ok());
                Ok(Self { entries, next })
            }
        }
    }
}

/// What the API is asked for the same by.
fn query(filter: &AuditFilter) -> Vec<(&'static str, String)> {
    let AuditFilter { kinds, outcome, actor, user, client, target, request, since, until } = filter;
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let outcome = outcome.map(|outcome| match outcome {
        AuditOutcome::Succeeded => "succeeded".to_owned(),
        AuditOutcome::Refused => "refused".to_owned(),
    });
    let all = [
        ("kind", (!kinds.is_empty()).then(|| kinds.join(","))),
        ("outcome", outcome),
        ("actor", actor.as_ref().map(ToString::to_string)),
        ("user", user.as_ref().map(ToString::to_string)),
        ("client", client.as_ref().map(ToString::to_string)),
        ("target", target.as_ref().map(ToString::to_string)),
        ("request", request.clone()),
        ("since", since.as_ref().map(ToString::to_string)),
        ("until", until.as_ref().map(ToString::to_string)),
    ];
    all.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

/// What an entry says of something.
pub(super) fn said<'e>(entry: &'e Value, member: &str) -> Option<&'e str> {
    entry[member].as_str()
}
