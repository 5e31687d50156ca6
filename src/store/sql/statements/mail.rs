//! The outbox.

use std::time::Duration;

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::attempt::{self, Attempt};
use super::containing::{containing, searchable};
use super::write::{Extent, Key, Single};
use crate::model::mail::{Mail, MailAttempt, MailCounts, MailPurpose, MailQuery, MailState};
use crate::model::user::EmailAddress;
use crate::store::sql::db::codec::{corrupt, id};
use crate::store::sql::db::rows::{self, Rows};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, MOST_MAILS_WAITING, Page, StoreError, StoreResult};
use crate::support::id::{MailId, UserId};
use crate::support::{Digest, Timestamp};

/// How long it can be looked at what became of a mail.
const KEPT_FOR: Duration = Duration::from_hours(24 * 14);
/// How long a mail may wait once more that was given up.
const STALE_AGAIN: Duration = Duration::from_hours(24);
/// Within how long mails are counted that anybody can ask for.
const PER: Duration = Duration::from_hours(1);
const MAIL: &str = "id, purpose, user_id, recipient, letter, state, attempts, created_at, next_at, stale_at, last_at, last_code, \
                    last_problem";

/// Adds mails.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    mails: &[impl std::borrow::Borrow<Mail> + Sync],
) -> StoreResult<()> {
    let rows = mails.iter().map(std::borrow::Borrow::borrow).map(row_of);
    rows::execute(db, Rows::new(rows), |list, _| {
        format!("{INSERT} SELECT added.*, 'waiting', 0 FROM ({list}) AS added WHERE column1 IS NOT NULL ON CONFLICT (id) DO NOTHING")
    })
    .await?;
    Ok(())
}

/// Adds a mail that anybody can ask for, where its account is there, if it is about one, and neither that nor the address was sent `most` of them within an hour. What is
/// counted is what every node has put here, and it is counted where it is added.
pub(crate) async fn insert_asked<C: ConnectionTrait>(db: &C, mail: &Mail, most: u32) -> StoreResult<()> {
    let asked = MailPurpose::ALL
        .iter()
        .filter(|purpose| purpose.is_asked_for())
        .map(|purpose| format!("'{}'", purpose.as_str()));
    let asked = asked.collect::<Vec<_>>().join(", ");
    let span = PER.as_millis();
    // By the places of a row: the account, the address, the time.
    let sent_to = |which: &str| {
        format!(
            "(SELECT COUNT(*) FROM mails WHERE {which} AND mails.created_at > added.column7 - {span} AND mails.purpose IN ({asked})) < {most}"
        )
    };
    let (of_account, to_address) = (sent_to("mails.user_id = added.column3"), sent_to("mails.to_key = added.column5"));
    rows::execute(db, Rows::new(std::iter::once(row_of(mail))), |list, _| {
        format!(
            "{INSERT} SELECT added.*, 'waiting', 0 FROM ({list}) AS added WHERE column1 IS NOT NULL \
             AND (added.column3 IS NULL OR EXISTS (SELECT 1 FROM users WHERE users.id = added.column3)) \
             AND {of_account} AND {to_address}"
        )
    })
    .await?;
    Ok(())
}

/// The columns that [`row_of`] fills, and the two that every new mail has alike.
const INSERT: &str = "INSERT INTO mails (id, purpose, user_id, recipient, to_key, letter, created_at, next_at, stale_at, expires_at, state, \
                      attempts)";

fn row_of(mail: &Mail) -> Vec<Value> {
    vec![
        bytes(mail.id),
        mail.purpose.as_str().into(),
        mail.user.map(|user| user.as_bytes().to_vec()).into(),
        mail.to.as_str().into(),
        mail.to.lookup_key().into(),
        mail.sealed.clone().into(),
        mail.created_at.millis().into(),
        mail.next_at.millis().into(),
        mail.stale_at.millis().into(),
        mail.created_at.plus(KEPT_FOR).millis().into(),
    ]
}

/// The columns of a mail, whatever became of it.
pub(super) const COLUMNS: [&str; 15] = [
    "id",
    "purpose",
    "user_id",
    "recipient",
    "to_key",
    "letter",
    "created_at",
    "next_at",
    "stale_at",
    "expires_at",
    "state",
    "attempts",
    "last_at",
    "last_code",
    "last_problem",
];

/// A mail as a row of those.
pub(super) fn whole_row_of(mail: &Mail) -> Vec<Value> {
    let last = mail.last.as_ref();
    let became: [Value; 5] = [
        mail.state.as_str().into(),
        i64::from(mail.attempts).into(),
        last.map(|last| last.at.millis()).into(),
        last.and_then(|last| last.code).map(i64::from).into(),
        last.and_then(|last| last.problem.clone()).into(),
    ];
    row_of(mail).into_iter().chain(became).collect()
}

/// Sends a mail from the beginning that was given up and says something still. It is worth sending for another day, whatever its link is worth.
pub(crate) async fn retry<C: ConnectionTrait>(db: &C, mail: MailId, now: Timestamp) -> StoreResult<()> {
    let sql = "UPDATE mails SET state = 'waiting', attempts = 0, next_at = $2, stale_at = $3, expires_at = $4 \
               WHERE id = $1 AND state = 'failed' AND LENGTH(letter) > 0";
    let values = vec![
        bytes(mail),
        now.millis().into(),
        now.plus(STALE_AGAIN).millis().into(),
        now.plus(KEPT_FOR).millis().into(),
    ];
    unless_stale(execute(db, sql, values).await?)
}

/// Gives a mail up that was not sent.
pub(crate) async fn give_up<C: ConnectionTrait>(db: &C, mail: MailId, now: Timestamp) -> StoreResult<()> {
    let sql = "UPDATE mails SET state = 'dropped', letter = $3, next_at = $2 WHERE id = $1 AND state IN ('waiting', 'failed')";
    unless_stale(execute(db, sql, vec![bytes(mail), now.millis().into(), Vec::<u8>::new().into()]).await?)
}

fn unless_stale(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

/// The place of notices, where the chain has gone on from it and there is room.
pub(crate) async fn behind<C: ConnectionTrait>(db: &C) -> StoreResult<Option<u64>> {
    let sql = format!(
        "SELECT after_seq FROM mail_place WHERE id = 1 AND after_seq < (SELECT head_seq FROM audit_chain WHERE id = 1) AND \
         (SELECT COUNT(*) FROM mails WHERE state = 'waiting') < {MOST_MAILS_WAITING}"
    );
    let row = query_one(db, &sql, vec![]).await?;
    let place = row.map(|row| row.try_get::<i64>("", "after_seq")).transpose()?;
    Ok(place.map(|place| u64::try_from(place).unwrap_or_default()))
}

/// Moves the place of notices and adds those between.
#[derive(Debug)]
pub(crate) struct PassOn {
    pub(crate) was: u64,
    pub(crate) is: u64,
    pub(crate) notices: Vec<Mail>,
}

impl Single for PassOn {
    type Output = bool;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let place = |seq: u64| Value::from(i64::try_from(seq).unwrap_or(i64::MAX));
        let sql = "UPDATE mail_place SET after_seq = $2 WHERE id = 1 AND after_seq = $1";
        if execute(db, sql, vec![place(self.was), place(self.is)]).await? == 0 {
            return Ok(false);
        }
        insert(db, &self.notices).await?;
        Ok(true)
    }
}

/// Mails that are to be sent now.
pub(crate) async fn due<C: ConnectionTrait>(db: &C, now: Timestamp, limit: u32) -> StoreResult<Vec<Mail>> {
    let sql = format!(
        "SELECT {MAIL} FROM mails WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, id LIMIT {limit}"
    );
    query_all(db, &sql, vec![now.millis().into()]).await?.iter().map(mail).collect()
}

/// Takes a mail for one attempt.
#[derive(Debug)]
pub(crate) struct Take {
    pub(crate) id: MailId,
    pub(crate) attempts: u32,
    pub(crate) due: Timestamp,
    pub(crate) until: Timestamp,
}

impl Single for Take {
    type Output = bool;

    fn key(&self) -> Option<Key> {
        Some(key(self.id))
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let attempt = Attempt { made: self.attempts, due: self.due, until: self.until };
        attempt::take(db, "mails", bytes(self.id), attempt).await
    }
}

/// Notes what became of an attempt.
#[derive(Debug)]
pub(crate) struct Note(pub(crate) Mail);

impl Single for Note {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(key(self.0.id))
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let Mail { id, state, attempts, next_at, sealed, last, .. } = &self.0;
        let sql = "UPDATE mails SET state = $3, next_at = $4, letter = $5, last_at = $6, last_code = $7, last_problem = $8 \
                   WHERE id = $1 AND attempts = $2 AND state = 'waiting'";
        let values = vec![
            bytes(*id),
            i64::from(*attempts).into(),
            state.as_str().into(),
            next_at.millis().into(),
            sealed.clone().into(),
            last.as_ref().map(|last| last.at.millis()).into(),
            last.as_ref().and_then(|last| last.code).map(i64::from).into(),
            last.as_ref().and_then(|last| last.problem.clone()).into(),
        ];
        execute(db, sql, values).await?;
        Ok(())
    }
}

/// The mails that are asked for, the newest first.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    query: &MailQuery,
    before: Option<MailId>,
    limit: u32,
) -> StoreResult<Page<Mail>> {
    let mut values = vec![bytes(before.unwrap_or_else(|| MailId::from_bytes([u8::MAX; 16])))];
    let mut conditions = vec!["id < $1".to_owned()];
    let mut asked = |column: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{column} = ${}", values.len()));
        }
    };
    asked("state", query.state.map(|state| state.as_str().into()));
    asked("purpose", query.purpose.map(|purpose| purpose.as_str().into()));
    asked("user_id", query.user.map(|user| user.as_bytes().to_vec().into()));
    let to = query.to.as_ref().map(|to| to.trim().to_lowercase()).filter(|to| !to.is_empty());
    if let Some(to) = to {
        values.push(containing(&searchable(&to)).into());
        conditions.push(format!("to_key LIKE ${} ESCAPE '\\'", values.len()));
    }
    let sql = format!(
        "SELECT {MAIL} FROM mails WHERE {} ORDER BY id DESC LIMIT {}",
        conditions.join(" AND "),
        limit.saturating_add(1)
    );
    let rows = query_all(db, &sql, values).await?;
    let mut items = rows.iter().map(mail).collect::<StoreResult<Vec<_>>>()?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > most;
    items.truncate(most);
    Ok(Page { items, more })
}

/// The mail of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: MailId) -> StoreResult<Option<Mail>> {
    let sql = format!("SELECT {MAIL} FROM mails WHERE id = $1");
    query_one(db, &sql, vec![bytes(id)]).await?.as_ref().map(mail).transpose()
}

/// How many wait, and how many were given up.
pub(crate) async fn counts<C: ConnectionTrait>(db: &C) -> StoreResult<MailCounts> {
    let sql = "SELECT state, COUNT(*) AS mails FROM mails WHERE state IN ('waiting', 'failed') GROUP BY state";
    let mut counts = MailCounts::default();
    for row in query_all(db, sql, vec![]).await? {
        let mails = u64::try_from(row.try_get::<i64>("", "mails")?).unwrap_or_default();
        match row.try_get::<String>("", "state")?.as_str() {
            "waiting" => counts.waiting = mails,
            _ => counts.failed = mails,
        }
    }
    Ok(counts)
}

fn bytes(id: MailId) -> Value {
    id.as_bytes().to_vec().into()
}

fn key(id: MailId) -> Key {
    Digest::of("mail", id.as_bytes()).into()
}

fn mail(row: &QueryResult) -> StoreResult<Mail> {
    let at = |column: &str| -> StoreResult<Timestamp> { Ok(Timestamp::from_millis(row.try_get("", column)?)) };
    let last_at: Option<i64> = row.try_get("", "last_at")?;
    let code: Option<i64> = row.try_get("", "last_code")?;
    let problem: Option<String> = row.try_get("", "last_problem")?;
    let user: Option<Vec<u8>> = row.try_get("", "user_id")?;
    let to: String = row.try_get("", "recipient")?;
    Ok(Mail {
        id: MailId::from_bytes(id(&row.try_get::<Vec<u8>>("", "id")?)?),
        purpose: MailPurpose::named(&row.try_get::<String>("", "purpose")?)
            .ok_or_else(|| corrupt("a mail for what there is not"))?,
        user: user.as_deref().map(id).transpose()?.map(UserId::from_bytes),
        to: EmailAddress::parse(&to).map_err(|_| corrupt("a mail to what is no address"))?,
        sealed: row.try_get("", "letter")?,
        state: MailState::named(&row.try_get::<String>("", "state")?)
            .ok_or_else(|| corrupt("a mail in a state that there is not"))?,
        attempts: u32::try_from(row.try_get::<i64>("", "attempts")?).unwrap_or(u32::MAX),
        created_at: at("created_at")?,
        next_at: at("next_at")?,
        stale_at: at("stale_at")?,
        last: last_at.map(|last_at| MailAttempt {
            at: Timestamp::from_millis(last_at),
            code: code.and_then(|code| u16::try_from(code).ok()),
            problem,
        }),
    })
}
