//! Carrying out a batch of writes in one transaction.
//!
//! All writes of a batch were asked for at the same time, so any order is a right one. Writes of the same type to different rows become
//! one statement, where they can; a second write to a row waits for the next round of the same batch.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use super::job::{Attempt, Job, give_up_late};
use super::transaction::{Failed, Writer, begin};
use crate::store::sql::db::by_type::by_type;
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::write::Key;
use crate::store::{StoreError, StoreResult};

/// The most writes that are carried out alone before those that wait are looked at again.
const ALONE: usize = 32;

/// Carries writes out that have no answer yet, and commits.
pub(super) async fn run(writer: Writer<'_>, jobs: &mut [Box<dyn Job>]) -> Attempt {
    if jobs.len() < 2 {
        return one_by_one(writer, jobs).await;
    }
    let sqlite = writer.db.get_database_backend() == DbBackend::Sqlite;
    let reporting = if sqlite { Reporting::ExpectsAll } else { Reporting::ReturnsKeys };
    let mut outcome = together(writer, reporting, jobs).await;
    if sqlite && matches!(outcome, Err(Failed::Undone(_))) {
        outcome = together(writer, Reporting::ReturnsKeys, jobs).await;
    }
    match outcome {
        Ok(()) => Attempt::Answered,
        Err(Failed::Undone(_)) => one_by_one(writer, jobs).await,
        Err(Failed::Busy(_)) => Attempt::Unfinished,
        // It may have happened. Trying again would find the traces of the first time and take them for another caller's.
        Err(Failed::Unconfirmed(why)) => {
            fail(jobs, &why);
            Attempt::Spoilt
        }
    }
}

async fn together(writer: Writer<'_>, reporting: Reporting, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
    let transaction = begin(writer.db).await?;
    let outcome = apply(&transaction, reporting, jobs).await;
    let ended = writer.end(transaction, outcome).await;
    if ended.is_err() {
        // What was answered in a transaction that came to nothing is no answer.
        for job in jobs {
            job.forget();
        }
    }
    ended
}

async fn apply(db: &DatabaseTransaction, reporting: Reporting, jobs: &mut [Box<dyn Job>]) -> StoreResult<()> {
    let rounds = rounds(jobs.iter().map(|job| job.key()));
    let last = rounds.iter().max().copied().unwrap_or_default();
    for round in 0..=last {
        let of_round = jobs.iter_mut().zip(&rounds).filter(|(_, its)| **its == round);
        for (first, others) in by_type(of_round.map(|(job, _)| &mut **job), |job| (**job).type_id()) {
            first.apply(others, db, reporting).await?;
        }
    }
    Ok(())
}

/// One of the writes cannot be carried out, or waited for another's lock in vain: alone, it fails alone. When the database is away, the
/// rest is not tried.
async fn one_by_one(writer: Writer<'_>, jobs: &mut [Box<dyn Job>]) -> Attempt {
    let many = jobs.len() > ALONE;
    for at in 0..jobs.len().min(ALONE) {
        // What was waited for in vain has taken its time.
        give_up_late(&mut jobs[at]);
        if jobs[at].is_answered() {
            continue;
        }
        let attempt = jobs[at].commit(writer).await;
        if attempt == Attempt::Unfinished {
            return attempt;
        }
        if let Some(why) = jobs[at].unavailable().map(str::to_owned) {
            fail(&mut jobs[at + 1..], &why);
            return attempt;
        }
    }
    if many { Attempt::Unfinished } else { Attempt::Answered }
}

/// Answers each that the database could not be reached.
pub(super) fn fail(jobs: &mut [Box<dyn Job>], why: &str) {
    for job in jobs {
        job.fail(StoreError::Unavailable(why.to_owned()));
    }
}

/// The round of each write, so that in none a row occurs twice.
fn rounds(keys: impl ExactSizeIterator<Item = Option<Key>>) -> Vec<usize> {
    let mut seen: HashMap<Key, usize> = HashMap::with_capacity(keys.len());
    let mut round = |key| {
        let times = seen.entry(key).or_default();
        *times += 1;
        *times - 1
    };
    keys.map(|key| key.map_or(0, &mut round)).collect()
}
