//! Carrying out a batch of writes in one transaction.
//!
//! All writes of a batch were asked for at the same time, so any order is a right one. Writes of the same type to different rows become
//! one statement, where they can; a second write to a row waits for the next round of the same batch.

use std::collections::HashMap;

use sea_orm::{DatabaseConnection, DbBackend, DbErr};

use super::job::Job;
use super::transaction::{begin, lost};
use crate::store::StoreError;
use crate::store::sql::db::by_type::by_type;
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::write::Key;

/// Carries all writes out and commits; each has its answer then.
pub(super) async fn run(db: &DatabaseConnection, jobs: &mut [Box<dyn Job>]) {
    if let [job] = jobs {
        return job.commit(db).await;
    }
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let reporting = if sqlite { Reporting::ExpectsAll } else { Reporting::ReturnsKeys };
    let mut outcome = together(db, reporting, jobs).await;
    if sqlite && matches!(outcome, Err(Failed::BeforeCommit)) {
        outcome = together(db, Reporting::ReturnsKeys, jobs).await;
    }
    match outcome {
        Ok(()) => {}
        Err(Failed::AtCommit(error)) => jobs.iter_mut().for_each(|job| job.fail(lost(&error))),
        Err(Failed::BeforeCommit) => one_by_one(db, jobs).await,
    }
}

/// How a batch failed.
enum Failed {
    /// Nothing happened: it may be tried again.
    BeforeCommit,
    /// It is unknown whether it happened. Trying again would find the traces of the first time and take them for another caller's.
    AtCommit(DbErr),
}

impl From<StoreError> for Failed {
    fn from(_: StoreError) -> Self {
        Self::BeforeCommit
    }
}

impl From<DbErr> for Failed {
    fn from(_: DbErr) -> Self {
        Self::BeforeCommit
    }
}

async fn together(db: &DatabaseConnection, reporting: Reporting, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
    let transaction = begin(db).await?;
    let rounds = rounds(jobs.iter().map(|job| job.key()));
    let last = rounds.iter().max().copied().unwrap_or_default();
    for round in 0..=last {
        let of_round = jobs.iter_mut().zip(&rounds).filter(|(_, its)| **its == round);
        for (first, others) in by_type(of_round.map(|(job, _)| &mut **job), |job| (**job).type_id()) {
            first.apply(others, &transaction, reporting).await?;
        }
    }
    transaction.commit().await.map_err(Failed::AtCommit)
}

/// One of the writes cannot be carried out, or lost a deadlock: alone, it fails alone. When the database is away, the rest is not
/// tried.
async fn one_by_one(db: &DatabaseConnection, jobs: &mut [Box<dyn Job>]) {
    let mut gone: Option<String> = None;
    for job in jobs {
        if let Some(why) = &gone {
            job.fail(StoreError::Unavailable(why.clone()));
            continue;
        }
        job.commit(db).await;
        gone = job.unavailable().map(str::to_owned);
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
