//! The audit log: adding entries, and finding them.
//!
//! Owns the columns that entries are found by, which repeat what the document says. One look at the log takes as long however many entries there
//! are: it goes along one index from the newest entry on, and where it has to pass over entries there, it stops after [`LOOKED_AT`].

use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::Serialize;

use crate::model::audit_event::{AuditEvent, AuditTarget};
use crate::model::audit_filter::AuditFilter;
use crate::store::sql::db::codec::{id, unreadable};
use crate::store::sql::db::{execute, query_all};
use crate::store::{AuditPage, StoreResult};
use crate::support::id::AuditEventId;

/// The most entries that one look passes over.
const LOOKED_AT: u32 = 5_000;

/// What an entry is found by, in the order of [`COLUMNS`].
pub(super) type IndexColumns = [Option<String>; 6];
/// The column of the kind.
const KIND: &str = "kind";
/// The columns that an entry is found by.
pub(super) const COLUMNS: [&str; 6] = [KIND, "actor", "user_id", "client_id", "target", "request"];

/// Adds an entry.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, event: &AuditEvent) -> StoreResult<()> {
    let document = event.document().map_err(unreadable("audit event"))?;
    let columns = columns_of(&document);
    let mut values: Vec<Value> = vec![event.id.as_bytes().to_vec().into(), document.to_string().into()];
    values.extend(columns.map(Value::from));
    let sql = format!(
        "INSERT INTO audit_events (id, document, {}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        COLUMNS.join(", ")
    );
    execute(db, &sql, values).await?;
    Ok(())
}

/// What the columns of an entry say. Read off the document and not off the model, so that a node also knows those of an entry that a newer
/// release wrote.
pub(super) fn columns_of(document: &serde_json::Value) -> IndexColumns {
    let text = |name: &str| document.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let tagged = |name: &str| document.get(name).and_then(in_column);
    [text("kind"), tagged("actor"), text("user"), text("client"), tagged("target"), text("request")]
}

/// What the column of an actor or a target says, by what a document says.
fn in_column(said: &serde_json::Value) -> Option<String> {
    let kind = said.get("kind")?.as_str()?;
    let id = said.get("id").and_then(serde_json::Value::as_str);
    Some(id.map_or_else(|| kind.to_owned(), |id| format!("{kind}:{id}")))
}

/// The same of an actor or a target that is looked for.
fn column_of(named: &impl Serialize) -> Option<String> {
    in_column(&serde_json::to_value(named).ok()?)
}

/// A condition on one column.
#[derive(Debug)]
struct Condition {
    column: &'static str,
    /// One of these.
    values: Vec<String>,
}

/// What a filter asks of the columns.
#[derive(Debug)]
struct Wanted {
    /// What entries are looked up by; the one that is likely to have the fewest.
    first: Option<Condition>,
    /// What those that are found by it must have besides.
    rest: Vec<Condition>,
    /// The ids between which they are.
    from: Option<AuditEventId>,
    before: Option<AuditEventId>,
}

impl Wanted {
    /// `None` where nothing can match.
    fn of(filter: &AuditFilter, before: Option<AuditEventId>) -> Option<Self> {
        let kinds = filter.wanted_kinds();
        if kinds.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let (mut user, mut client) =
            (filter.user.map(|id| id.to_string()), filter.client.as_ref().map(ToString::to_string));
        let actor = match &filter.actor {
            Some(actor) => Some(column_of(actor)?),
            None => None,
        };
        let mut target = None;
        match &filter.target {
            None => {}
            // What happens to accounts and clients has columns of its own.
            Some(AuditTarget::User(id)) => join(&mut user, id.to_string())?,
            Some(AuditTarget::Client(id)) => join(&mut client, id.to_string())?,
            Some(other) => target = Some(column_of(other)?),
        }
        let one = |column, value: Option<String>| value.map(|value| Condition { column, values: vec![value] });
        let kinds = kinds.map(|kinds| Condition {
            column: KIND,
            values: kinds.into_iter().map(|kind| kind.as_str().to_owned()).collect(),
        });
        let by_rarity = [
            one("request", filter.request.clone()),
            one("target", target),
            one("user_id", user),
            one("actor", actor),
            one("client_id", client),
            kinds,
        ];
        let mut conditions = by_rarity.into_iter().flatten();
        let until = filter.until.map(AuditEventId::least_at);
        Some(Self {
            first: conditions.next(),
            rest: conditions.collect(),
            from: filter.since.map(AuditEventId::least_at),
            before: [before, until].into_iter().flatten().min(),
        })
    }
}

/// Asks for a value besides another one; `None` where both cannot be.
fn join(asked: &mut Option<String>, value: String) -> Option<()> {
    match asked {
        Some(other) if *other != value => None,
        _ => {
            *asked = Some(value);
            Some(())
        }
    }
}

/// Entries that a filter asks for, the newest first, before `before`.
pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    filter: &AuditFilter,
    before: Option<AuditEventId>,
    limit: u32,
) -> StoreResult<AuditPage> {
    let Some(wanted) = Wanted::of(filter, before) else { return Ok(AuditPage { events: Vec::new(), next: None }) };
    let Query { sql, values } = Query::of(&wanted, limit);
    let rows = query_all(db, &sql, values).await?;
    let (kept, more) = (limit as usize, rows.len() > limit as usize);
    let events: Vec<AuditEvent> = rows.iter().take(kept).map(event).collect::<StoreResult<_>>()?;
    let next = match events.last() {
        Some(last) if more => Some(last.id),
        _ if wanted.rest.is_empty() => None,
        // What was looked for is not among those that were looked at: there may be older ones.
        _ => last_looked_at(db, &wanted).await?,
    };
    Ok(AuditPage { events, next })
}

/// The last entry that a look passes over, where it stops short.
async fn last_looked_at<C: ConnectionTrait>(db: &C, wanted: &Wanted) -> StoreResult<Option<AuditEventId>> {
    let mut query = Query::default();
    let condition = query
        .along(wanted, wanted.first.as_ref().and_then(|first| first.values.first().map(|value| (first.column, value))));
    let sql = format!("SELECT id FROM audit_events{condition} ORDER BY id DESC LIMIT 1 OFFSET {}", LOOKED_AT - 1);
    let rows = query_all(db, &sql, query.values).await?;
    rows.first().map(entry_id).transpose()
}

/// A statement that is put together, with its parameters.
#[derive(Default)]
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    /// What finds one entry more than a page holds.
    fn of(wanted: &Wanted, limit: u32) -> Self {
        let mut query = Self::default();
        let page = i64::from(limit) + 1;
        let looked_at = if wanted.rest.is_empty() { page } else { i64::from(LOOKED_AT) };
        let columns = "id, document, kind, actor, user_id, client_id, target, request";
        let mut stretch = |by: Option<(&'static str, &String)>| {
            let condition = query.along(wanted, by);
            format!("SELECT {columns} FROM audit_events{condition} ORDER BY id DESC LIMIT {looked_at}")
        };
        // A stretch of the index for each value: to go along several at once, they would have to be sorted as a whole.
        let stretches: Vec<String> = match &wanted.first {
            None => vec![stretch(None)],
            Some(first) => first.values.iter().map(|value| stretch(Some((first.column, value)))).collect(),
        };
        let stretches: Vec<String> =
            (0..).zip(stretches).map(|(n, sql)| format!("SELECT * FROM ({sql}) AS s{n}")).collect();
        let rest: Vec<String> = wanted.rest.iter().map(|condition| query.any_of(condition)).collect();
        let rest = if rest.is_empty() { String::new() } else { format!(" WHERE {}", rest.join(" AND ")) };
        query.sql = format!(
            "SELECT id, document FROM ({}) AS looked_at{rest} ORDER BY id DESC LIMIT {page}",
            stretches.join(" UNION ALL ")
        );
        query
    }

    /// Where the entries are that are gone along: those of a value, between two ids.
    fn along(&mut self, wanted: &Wanted, by: Option<(&str, &String)>) -> String {
        let mut conditions = Vec::new();
        if let Some((column, value)) = by {
            conditions.push(format!("{column} = {}", self.value(column, value)));
        }
        if let Some(before) = wanted.before {
            conditions.push(format!("id < {}", self.bind(before.as_bytes().to_vec())));
        }
        if let Some(from) = wanted.from {
            conditions.push(format!("id >= {}", self.bind(from.as_bytes().to_vec())));
        }
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
    }

    fn any_of(&mut self, condition: &Condition) -> String {
        let column = condition.column;
        let values: Vec<String> = condition.values.iter().map(|value| self.value(column, value)).collect();
        format!("{column} IN ({})", values.join(", "))
    }

    /// A value of a column within the statement. Kinds, which are words of this program, are written out: PostgreSQL knows how many entries there are of each. By the one
    /// plan that it makes for all values of a parameter it takes each for as frequent as the others, goes along the whole log, and never finds one of which there is none.
    fn value(&mut self, column: &str, value: &str) -> String {
        if column == KIND { format!("'{value}'") } else { self.bind(value) }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

fn event(row: &QueryResult) -> StoreResult<AuditEvent> {
    let document: String = row.try_get("", "document")?;
    serde_json::from_str(&document).map_err(unreadable("audit event"))
}

pub(super) fn entry_id(row: &QueryResult) -> StoreResult<AuditEventId> {
    let bytes: Vec<u8> = row.try_get("", "id")?;
    id(&bytes).map(AuditEventId::from_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::audit_event::{Actor, AuditKind};
    use crate::support::{SeededRandom, Timestamp};

    #[test]
    fn kinds_are_written_out_and_nothing_else_is() {
        for kind in AuditKind::ALL {
            assert!(kind.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{kind:?}");
        }
        let user = crate::support::id::UserId::from_bytes([7; 16]);
        for user in [None, Some(user)] {
            let kinds = vec![AuditKind::ServerClaimed, AuditKind::SignedIn];
            let filter = AuditFilter { kinds, user, request: Some("r'1".to_owned()), ..AuditFilter::default() };
            let query = Query::of(&Wanted::of(&filter, None).unwrap(), 50);
            assert!(query.sql.contains("kind IN ('server_claimed', 'signed_in')"), "{}", query.sql);
            assert_eq!(query.values.len(), 1 + usize::from(user.is_some()), "{}", query.sql);
        }
        let filter = AuditFilter { kinds: vec![AuditKind::ServerClaimed], ..AuditFilter::default() };
        let query = Query::of(&Wanted::of(&filter, None).unwrap(), 50);
        assert!(query.sql.contains("WHERE kind = 'server_claimed' ORDER BY id DESC"), "{}", query.sql);
    }

    #[test]
    fn the_columns_of_what_is_asked_for_are_those_of_what_is_stored() {
        let (now, random) = (Timestamp::from_seconds(1), SeededRandom::new(1));
        let client = crate::model::ClientId::parse("shop").unwrap();
        let connection = AuditTarget::Connection(crate::support::id::ConnectionId::new(now, &random));
        let by = Actor::Client(client.clone());
        let event = AuditEvent::new(AuditKind::ConnectionChanged, by.clone(), now, &random);
        let event =
            AuditEvent { request: Some("r-1".to_owned()), ..event.to(connection.clone()).to_client(client.clone()) };
        let stored = columns_of(&serde_json::to_value(&event).unwrap());
        let filter = AuditFilter {
            kinds: vec![event.kind],
            actor: Some(by),
            client: Some(client),
            target: Some(connection),
            request: event.request.clone(),
            ..AuditFilter::default()
        };
        let wanted = Wanted::of(&filter, None).unwrap();
        let asked: Vec<Condition> = wanted.first.into_iter().chain(wanted.rest).collect();
        assert_eq!(asked.len(), 5);
        for Condition { column, values } in asked {
            let at = COLUMNS.iter().position(|known| *known == column).unwrap();
            assert_eq!(stored[at], Some(values[0].clone()), "{column}");
        }
    }
}
