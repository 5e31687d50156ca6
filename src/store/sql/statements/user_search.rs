//! Lists of accounts, and looking for some of them among a million.
//!
//! Owns how a list is read without reading everybody. A text is looked for in two steps. Whoever many answer to is found among the accounts that come next
//! in the order of the list: a page fills up after a few. Whoever few answer to is found by the index of m0026. No estimate of a planner decides between
//! the two: it takes the letters of a text for independent of each other, and so reads half of the accounts by the index where `gmail.com` is looked for.
//!
//! Who was invited and has not accepted is found by the invitations: they are few beside the accounts, and are gone some time after they were sent. Who is in
//! a group, or has a role, is found by the rows that say so.

use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::containing::{containing, searchable};
use super::invitation;
use super::user::StoredUser;
use crate::model::{AccountState, User};
use crate::store::{Page, StoreResult, UserOrder, UserQuery};
use crate::support::id::AffiliationId;

/// The longest text that is searched for, in bytes; nothing contains a longer one. (SQLite fails on a pattern of 50 000.)
const LONGEST_SEARCH: usize = 1000;
/// How many accounts are looked through in the order of the list, for each that fits on the page, before the index is asked. Whom the index then has to bring is
/// fewer than one in so many, if those that were looked through are like the others.
const NEAR: u32 = 80;
/// The shortest page that so many are looked through for: fewer say little of the others. And the longest: whoever asks for more at once waits longer.
const PAGES: std::ops::RangeInclusive<u32> = 25..=100;

/// The accounts that a query is about, at most `limit`.
pub(crate) async fn list<C: ConnectionTrait>(db: &C, query: &UserQuery, limit: u32) -> StoreResult<Page<User>> {
    let text = query.search.as_deref().map(searchable).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.len() > LONGEST_SEARCH) {
        return Ok(Page { items: vec![], more: false });
    }
    if query.status == Some(AccountState::Invited) {
        return invited(db, query, text.as_deref(), limit).await;
    }
    if let Some((first, others)) = query.given.split_first() {
        let rest = UserQuery { given: others.to_vec(), ..query.clone() };
        return given(db, (*first, &rest), text.as_deref(), limit).await;
    }
    let Some(text) = text else { return everybody(db, query, limit).await };
    let near = near(db, query, &text, limit).await?;
    if near.more { Ok(near) } else { anywhere(db, query, &text, limit).await }
}

async fn everybody<C: ConnectionTrait>(db: &C, query: &UserQuery, limit: u32) -> StoreResult<Page<User>> {
    let mut asked = Asked::default();
    let (key, direction) = order(&query.order);
    let sql = format!(
        "SELECT {} FROM users WHERE NOT users.deleted{}{} ORDER BY users.{key} {direction} LIMIT {}",
        StoredUser::columns(""),
        kept(query, &mut asked),
        asked.after(&query.order, key),
        limit.saturating_add(1)
    );
    StoredUser::page(db, &sql, asked.0, limit).await
}

/// Those who were invited and have not accepted: from each invitation to its account, in which order SQLite reads what a `CROSS JOIN` names. The index of the
/// invitations is in the order in which accounts were made, so a page goes on where the one before ended; by address, all of them are put in order.
async fn invited<C: ConnectionTrait>(
    db: &C,
    query: &UserQuery,
    text: Option<&str>,
    limit: u32,
) -> StoreResult<Page<User>> {
    let mut asked = Asked::default();
    let (key, direction) = match query.order {
        UserOrder::Oldest(_) => ("invitation.user_id", "ASC"),
        UserOrder::Newest(_) => ("invitation.user_id", "DESC"),
        UserOrder::Email(_) => ("users.email_key", "ASC"),
    };
    // The operator at the command line waits for nobody: of two invitations that were sent at once both may be there, and the account is listed once.
    let sql = format!(
        "SELECT {} FROM one_time_tokens AS invitation CROSS JOIN users WHERE {}{}{}{} \
         AND NOT EXISTS (SELECT 1 FROM one_time_tokens AS other WHERE other.user_id = invitation.user_id \
         AND other.purpose = invitation.purpose AND other.used_at IS NULL AND other.id > invitation.id) \
         ORDER BY {key} {direction} LIMIT {}",
        StoredUser::columns(""),
        invitation::unanswered(),
        kept(query, &mut asked),
        asked.after(&query.order, key),
        text.map(|text| format!(" AND {}", asked.containing(text))).unwrap_or_default(),
        limit.saturating_add(1)
    );
    StoredUser::page(db, &sql, asked.0, limit).await
}

/// Those who were given a group or a role, and answer to the rest of the query: from each row that says so to its account, in which order SQLite reads what a
/// `CROSS JOIN` names. The rows are in the order in which accounts were made, so a page goes on where the one before ended; by address, all of them are put in
/// order.
async fn given<C: ConnectionTrait>(
    db: &C,
    (of, rest): (AffiliationId, &UserQuery),
    text: Option<&str>,
    limit: u32,
) -> StoreResult<Page<User>> {
    let mut asked = Asked::default();
    let (key, direction) = match rest.order {
        UserOrder::Oldest(_) => ("membership.user_id", "ASC"),
        UserOrder::Newest(_) => ("membership.user_id", "DESC"),
        UserOrder::Email(_) => ("users.email_key", "ASC"),
    };
    let sql = format!(
        "SELECT {} FROM affiliated AS membership CROSS JOIN users \
         WHERE membership.affiliation_id = {} AND users.id = membership.user_id AND NOT users.deleted{}{}{} \
         ORDER BY {key} {direction} LIMIT {}",
        StoredUser::columns(""),
        asked.parameter(of.as_bytes().to_vec()),
        kept(rest, &mut asked),
        asked.after(&rest.order, key),
        text.map(|text| format!(" AND {}", asked.containing(text))).unwrap_or_default(),
        limit.saturating_add(1)
    );
    StoredUser::page(db, &sql, asked.0, limit).await
}

/// How many of the next accounts a page is looked for among. One more than it holds says that more follow.
fn near_of(limit: u32) -> u32 {
    (limit.clamp(*PAGES.start(), *PAGES.end()) + 1) * NEAR
}

/// Those of the next accounts in the order of the list that answer to the text.
async fn near<C: ConnectionTrait>(db: &C, query: &UserQuery, text: &str, limit: u32) -> StoreResult<Page<User>> {
    let mut asked = Asked::default();
    let (key, direction) = order(&query.order);
    let sql = format!(
        "SELECT {} FROM (SELECT * FROM users WHERE NOT deleted{} ORDER BY {key} {direction} LIMIT {}) AS users \
         WHERE {}{} ORDER BY users.{key} {direction} LIMIT {}",
        StoredUser::columns(""),
        asked.after(&query.order, key),
        near_of(limit),
        asked.containing(text),
        kept(query, &mut asked),
        limit.saturating_add(1)
    );
    StoredUser::page(db, &sql, asked.0, limit).await
}

/// All that answer to the text, put in order, and a page of them.
async fn anywhere<C: ConnectionTrait>(db: &C, query: &UserQuery, text: &str, limit: u32) -> StoreResult<Page<User>> {
    let mut asked = Asked::default();
    let (key, direction) = order(&query.order);
    let sql = format!(
        "WITH found AS MATERIALIZED (SELECT id, email_key FROM users WHERE NOT deleted{}{} AND {}), \
         next AS (SELECT id FROM found WHERE TRUE{} ORDER BY {key} {direction} LIMIT {}) \
         SELECT {} FROM next JOIN users ON users.id = next.id ORDER BY users.{key} {direction}",
        kept(query, &mut asked),
        asked.indexed(db.get_database_backend(), text),
        asked.containing(text),
        asked.after(&query.order, key),
        limit.saturating_add(1),
        StoredUser::columns(""),
    );
    StoredUser::page(db, &sql, asked.0, limit).await
}

/// What the list is kept to besides a text. The conditions of the partial indexes are written out, and no parameters, so that those are known to fit.
fn kept(query: &UserQuery, asked: &mut Asked) -> String {
    let status = match query.status {
        // These are looked for by their invitations, and by nothing else.
        None | Some(AccountState::Invited) => String::new(),
        Some(AccountState::Active) => format!(
            " AND active AND NOT EXISTS (SELECT 1 FROM one_time_tokens AS invitation WHERE {})",
            invitation::unanswered()
        ),
        Some(AccountState::Disabled) => " AND NOT active".to_owned(),
    };
    let administers = match query.administers {
        None => "",
        Some(true) => " AND administers",
        Some(false) => " AND NOT administers",
    };
    let within = query.within.as_deref().map(|groups| asked.within(groups)).unwrap_or_default();
    let given: String = query.given.iter().map(|one| asked.within(std::slice::from_ref(one))).collect();
    format!("{status}{administers}{within}{given}")
}

/// The column that orders a list, and which way.
const fn order(order: &UserOrder) -> (&'static str, &'static str) {
    match order {
        UserOrder::Oldest(_) => ("id", "ASC"),
        UserOrder::Newest(_) => ("id", "DESC"),
        UserOrder::Email(_) => ("email_key", "ASC"),
    }
}

/// The parameters of a statement, as it is written.
#[derive(Debug, Default)]
struct Asked(Vec<Value>);

impl Asked {
    fn parameter(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// The condition that an account comes after the place at which the list goes on, in the order of the column `key`.
    fn after(&mut self, order: &UserOrder, key: &str) -> String {
        match order {
            UserOrder::Oldest(None) | UserOrder::Newest(None) | UserOrder::Email(None) => String::new(),
            UserOrder::Oldest(Some(id)) => format!(" AND {key} > {}", self.parameter(id.as_bytes().to_vec())),
            UserOrder::Newest(Some(id)) => format!(" AND {key} < {}", self.parameter(id.as_bytes().to_vec())),
            UserOrder::Email(Some(email)) => format!(" AND {key} > {}", self.parameter(email.as_str())),
        }
    }

    /// The condition that the address or the name contains a text.
    fn containing(&mut self, text: &str) -> String {
        let pattern = self.parameter(containing(text));
        format!(r"(email_key LIKE {pattern} ESCAPE '\' OR name_key LIKE {pattern} ESCAPE '\')")
    }

    /// The condition that an account was given one of these groups.
    fn within(&mut self, groups: &[AffiliationId]) -> String {
        if groups.is_empty() {
            return " AND FALSE".to_owned();
        }
        let listed: Vec<_> = groups.iter().map(|id| self.parameter(id.as_bytes().to_vec())).collect();
        format!(
            " AND EXISTS (SELECT 1 FROM affiliated WHERE affiliated.user_id = users.id AND affiliated.affiliation_id IN ({}))",
            listed.join(", ")
        )
    }

    /// The condition by which PostgreSQL's index leads to whatever may contain the text. A single letter of ASCII leads to nothing: the index holds
    /// none, as nearly everybody has each of them.
    fn indexed(&mut self, backend: DbBackend, text: &str) -> String {
        let has_parts = text.chars().nth(1).is_some() || !text.is_ascii();
        if backend != DbBackend::Postgres || !has_parts {
            return String::new();
        }
        let text = self.parameter(text);
        format!(" AND search_parts(email_key || ' ' || name_key) @> search_parts({text})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whom more than one in eighty answer to fills a page of whatever length without the index.
    #[test]
    fn a_longer_page_is_looked_for_among_more() {
        assert_eq!([1, 25, 50, 100, u32::MAX].map(near_of), [2080, 2080, 4080, 8080, 8080]);
    }

    #[test]
    fn the_index_is_asked_for_what_it_holds() {
        let indexed = |backend, text| Asked::default().indexed(backend, text);
        for text in ["ab", "김", "김민준", "a b"] {
            assert!(indexed(DbBackend::Postgres, text).contains("search_parts($1)"), "{text}");
        }
        assert_eq!(indexed(DbBackend::Postgres, "a"), "");
        assert_eq!(indexed(DbBackend::Postgres, ""), "");
        assert_eq!(indexed(DbBackend::Sqlite, "ab"), "");
    }
}
