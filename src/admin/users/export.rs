//! People, taken elsewhere: all that the document of an account says, without secrets, some at a time.

use serde_json::{Map, Value};

use super::memberships::MembershipsResource;
use super::{columns, documents, list, resource::UserResource};
use crate::admin::document::members;
use crate::admin::{Administration, Permission, ProvenAuthority, Rejected, affiliations, attributes};
use crate::model::User;
use crate::model::affiliation::Catalogue;
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::connection::Connection;
use crate::store::{Change, UserOrder, UserQuery};
use crate::support::csv;
use crate::support::id::UserId;

/// How people are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleFormat {
    /// A document a line, as JSON.
    JsonLines,
    /// A table for a spreadsheet: RFC 4180, with a head; no cell is a formula.
    Csv,
}

/// How many are read at a time.
const AT_ONCE: u32 = 200;

/// Accounts that are taken elsewhere, some at a time: however many there are, only those are in memory.
#[derive(Debug)]
pub struct PeopleExport {
    format: PeopleFormat,
    /// Hashes of passwords go along: the operator's way from one server to another.
    with_hashes: bool,
    next: Option<Place>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Beginning,
    After(UserId),
}

/// Begins to take all accounts elsewhere, which the audit log says. Hashes of passwords go along for the operator only, who has the database anyway.
pub async fn export(
    admin: &Administration,
    authority: &ProvenAuthority,
    format: PeopleFormat,
    with_hashes: bool,
) -> Result<PeopleExport, Rejected> {
    authority.require(Permission::ExportUsers)?;
    if with_hashes && !authority.is_operator() {
        return Err(Rejected::Forbidden(None));
    }
    let event = admin.event(AuditKind::PeopleExported, authority, admin.clock().now()).to(AuditTarget::Server);
    let event = if with_hashes { event.saying("with password hashes") } else { event };
    admin.commit_by(authority, vec![Change::Audit(event)]).await?;
    // What leaves no trace tells nothing.
    let next = (!authority.tries()).then_some(Place::Beginning);
    Ok(PeopleExport { format, with_hashes, next })
}

impl PeopleExport {
    /// The next part of the text; `None` at the end.
    pub async fn part(
        &mut self,
        admin: &Administration,
        authority: &ProvenAuthority,
    ) -> Result<Option<String>, Rejected> {
        let Some(place) = self.next else { return Ok(None) };
        admin.stands(authority).await?;
        let columns = columns::written(&attributes::declared(admin).await?, self.with_hashes);
        let (mut text, after) = match place {
            Place::Beginning => (self.head(&columns), None),
            Place::After(id) => (String::new(), Some(id)),
        };
        let query = UserQuery::default().in_order(UserOrder::Oldest(after));
        let page = list(admin, authority, &query, AT_ONCE).await?;
        self.next = page.items.last().filter(|_| page.more).map(|last| Place::After(last.id));
        let connections = admin.stores().connections.all().await?;
        let all = affiliations::all(admin).await?;
        let said = documents(admin, authority, &page.items).await?;
        for (user, said) in page.items.iter().zip(said) {
            let mut document = written(said);
            put_memberships(user, &all, &mut document);
            if self.with_hashes
                && let Some(password) = admin.stores().users.password(user.id).await?
            {
                document.insert("password_hash".to_owned(), password.phc.expose().as_str().into());
            }
            if self.format == PeopleFormat::JsonLines {
                put_links(admin, user, &connections, &mut document).await?;
            }
            text.push_str(&self.line(&columns, &document));
        }
        Ok(Some(text))
    }

    fn head(&self, columns: &[String]) -> String {
        match self.format {
            PeopleFormat::JsonLines => String::new(),
            PeopleFormat::Csv => csv::record(columns.iter().map(String::as_str)),
        }
    }

    fn line(&self, columns: &[String], document: &Map<String, Value>) -> String {
        match self.format {
            PeopleFormat::JsonLines => Value::Object(document.clone()).to_string() + "\n",
            PeopleFormat::Csv => {
                let cells: Vec<String> = columns.iter().map(|name| cell(document, name)).collect();
                csv::record(cells.iter().map(String::as_str))
            }
        }
    }
}

/// The document of an account without what is of this server alone: its roles here, and what counts its changes.
fn written(said: UserResource) -> Map<String, Value> {
    members(&UserResource { roles: None, version: None, updated_at: None, ..said })
}

/// The groups and the roles in apps that an account was given itself.
fn put_memberships(user: &User, all: &Catalogue, document: &mut Map<String, Value>) {
    let MembershipsResource { groups, roles, .. } = MembershipsResource::of(user, all);
    for (member, names) in [("groups", groups), ("roles", roles)] {
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            document.insert(member.to_owned(), names.into());
        }
    }
}

/// The identities at providers, each by the name of its connection.
async fn put_links(
    admin: &Administration,
    user: &User,
    connections: &[Connection],
    document: &mut Map<String, Value>,
) -> Result<(), Rejected> {
    let links = if connections.is_empty() { vec![] } else { admin.stores().upstream_links.of_user(user.id).await? };
    let named = links.iter().filter_map(|link| {
        let connection = connections.iter().find(|one| one.id == link.identity.connection)?;
        Some((connection.slug.to_string(), link.identity.subject.as_str().into()))
    });
    let named: Map<String, Value> = named.collect();
    if !named.is_empty() {
        document.insert("links".to_owned(), named.into());
    }
    Ok(())
}

fn cell(document: &Map<String, Value>, name: &str) -> String {
    let value = match name.split_once('.') {
        Some((outer, inner)) => document.get(outer).and_then(|value| value.get(inner)),
        None => document.get(name),
    };
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}
