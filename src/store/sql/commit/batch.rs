//! Carrying out a batch of writes in one transaction.
//!
//! All writes of a batch were asked for at the same time, so any order is a right one. Writes of the same kind to different rows become
//! one statement; a second write to a row waits for the next round of the same batch.

use std::collections::HashMap;

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend, DbErr};

use super::transaction::{alone, begin, lost};
use super::write::{Answer, Write};
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::grant::{Redemption, Rotation};
use crate::store::sql::statements::{grant, sealed_record, spent_value};
use crate::store::{RecordKind, SealedRecord, StoreError, StoreResult};

/// Carries all writes out and commits; the answers are in the order of the writes.
pub(crate) async fn run(db: &DatabaseConnection, writes: &[Write]) -> Vec<StoreResult<Answer>> {
    if let [write] = writes {
        return vec![alone(db, write).await];
    }
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let mut outcome = together(db, if sqlite { Reporting::ExpectsAll } else { Reporting::ReturnsKeys }, writes).await;
    if sqlite && matches!(outcome, Err(Failed::Before)) {
        outcome = together(db, Reporting::ReturnsKeys, writes).await;
    }
    match outcome {
        Ok(answers) => answers,
        Err(Failed::AtCommit(error)) => writes.iter().map(|_| Err(lost(&error))).collect(),
        Err(Failed::Before) => one_by_one(db, writes).await,
    }
}

/// How a batch failed.
enum Failed {
    /// Nothing happened: it may be tried again.
    Before,
    /// Nobody knows whether it happened. Trying again would find the traces of the first time and call them somebody else's.
    AtCommit(DbErr),
}

impl From<StoreError> for Failed {
    fn from(_: StoreError) -> Self {
        Self::Before
    }
}

impl From<DbErr> for Failed {
    fn from(_: DbErr) -> Self {
        Self::Before
    }
}

async fn together(
    db: &DatabaseConnection,
    reporting: Reporting,
    writes: &[Write],
) -> Result<Vec<StoreResult<Answer>>, Failed> {
    let transaction = begin(db).await?;
    let mut answers: Vec<_> = writes.iter().map(|_| None).collect();
    for round in rounds(writes) {
        let kinds = apply_singles(&transaction, writes, &round, &mut answers).await?;
        kinds.apply(&transaction, reporting, &mut answers).await?;
    }
    transaction.commit().await.map_err(Failed::AtCommit)?;
    let missing = || Err(StoreError::Corrupt("a write was left out".to_owned()));
    Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect())
}

/// One of the writes cannot be carried out, or lost a deadlock: alone, it fails alone. When the database is away, the rest is not
/// tried.
async fn one_by_one(db: &DatabaseConnection, writes: &[Write]) -> Vec<StoreResult<Answer>> {
    let mut gone: Option<String> = None;
    let mut answers = Vec::with_capacity(writes.len());
    for write in writes {
        let answer = match &gone {
            Some(why) => Err(StoreError::Unavailable(why.clone())),
            None => alone(db, write).await,
        };
        if let Err(StoreError::Unavailable(why)) = &answer {
            gone.get_or_insert_with(|| why.clone());
        }
        answers.push(answer);
    }
    answers
}

/// The positions of the writes, in rounds in which no row occurs twice.
fn rounds(writes: &[Write]) -> Vec<Vec<usize>> {
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    let mut seen: HashMap<[u8; 32], usize> = HashMap::with_capacity(writes.len());
    for (at, write) in writes.iter().enumerate() {
        let round = write.row().map_or(0, |row| {
            let times = seen.entry(row).or_default();
            *times += 1;
            *times - 1
        });
        if round == rounds.len() {
            rounds.push(Vec::new());
        }
        if let Some(round) = rounds.get_mut(round) {
            round.push(at);
        }
    }
    rounds
}

type Answers = [Option<StoreResult<Answer>>];

/// Carries out the writes of a round that share no statement; answers with the others.
async fn apply_singles<'a>(
    db: &DatabaseTransaction,
    writes: &'a [Write],
    round: &[usize],
    answers: &mut Answers,
) -> StoreResult<Kinds<'a>> {
    let mut kinds = Kinds::default();
    for &at in round {
        match &writes[at] {
            Write::InsertGrant(row) => kinds.grants.push((at, row.as_ref())),
            Write::RedeemCode(wanted) => kinds.redemptions.push((at, wanted.as_ref())),
            Write::Rotate(wanted) => kinds.rotations.push((at, wanted.as_ref())),
            Write::UseValue(used) => kinds.uses.push((at, used)),
            Write::PutRecord(kind, record) => kinds.records.push((at, (*kind, record.as_ref()))),
            other => answers[at] = Some(settled(other, other.apply_or_undo(db).await)?),
        }
    }
    Ok(kinds)
}

/// Writes of one round that share statements, each with its position in the batch.
#[derive(Default)]
struct Kinds<'a> {
    grants: Vec<(usize, &'a grant::Row)>,
    redemptions: Vec<(usize, &'a Redemption)>,
    rotations: Vec<(usize, &'a Rotation)>,
    uses: Vec<(usize, &'a spent_value::Use)>,
    records: Vec<(usize, (RecordKind, &'a SealedRecord))>,
}

impl Kinds<'_> {
    async fn apply(self, db: &DatabaseTransaction, reporting: Reporting, answers: &mut Answers) -> Result<(), DbErr> {
        if !self.grants.is_empty() {
            let added = grant::insert(db, reporting, &only(&self.grants)).await?;
            answer(answers, &self.grants, |row| added.contains(row.id.as_bytes()));
        }
        if !self.redemptions.is_empty() {
            let redeemed = grant::redeem(db, reporting, &only(&self.redemptions)).await?;
            answer(answers, &self.redemptions, |wanted| redeemed.contains(wanted.id.as_bytes()));
        }
        if !self.rotations.is_empty() {
            let rotated = grant::rotate(db, reporting, &only(&self.rotations)).await?;
            answer(answers, &self.rotations, |wanted| rotated.contains(wanted.id.as_bytes()));
        }
        if !self.uses.is_empty() {
            let used = spent_value::first_use(db, reporting, &only(&self.uses)).await?;
            answer(answers, &self.uses, |wanted| used.contains(wanted.value.as_bytes()));
        }
        if !self.records.is_empty() {
            sealed_record::put(db, &only(&self.records)).await?;
            answer(answers, &self.records, |_| true);
        }
        Ok(())
    }
}

fn only<T: Copy>(numbered: &[(usize, T)]) -> Vec<T> {
    numbered.iter().map(|(_, value)| *value).collect()
}

fn answer<T: Copy>(answers: &mut Answers, numbered: &[(usize, T)], happened: impl Fn(T) -> bool) {
    for (at, value) in numbered {
        answers[*at] = Some(Ok(happened(*value).into()));
    }
}

/// A write that was undone step by step has its answer. Any other error may have spoilt the transaction (PostgreSQL commits such a one as
/// a rollback, without an error), so it ends the batch.
fn settled(write: &Write, answer: StoreResult<Answer>) -> StoreResult<StoreResult<Answer>> {
    match answer {
        Err(error) if !(write.has_steps() && matches!(error, StoreError::Conflict(_))) => Err(error),
        answer => Ok(answer),
    }
}
