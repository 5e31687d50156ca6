//! Carrying out a batch of writes in one transaction, or, where they are one statement and PostgreSQL commits that by itself, without any.
//!
//! All writes of a batch were asked for at the same time, so any order is a right one. Writes of the same type to different rows become
//! one statement, where they can; a second write to a row waits for the next round of the same batch.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use super::autocommit::Autocommit;
use super::job::{Attempt, Job, On, give_up_late};
use super::transaction::{Failed, Writer, begin};
use crate::store::sql::db::by_type::by_type;
use crate::store::sql::db::rows::{LARGEST, Reporting};
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
    if !sqlite && are_one_statement(jobs) {
        return as_one(writer, jobs).await;
    }
    let reporting = if sqlite { Reporting::ExpectsAll } else { Reporting::ReturnsKeys };
    let mut outcome = together(writer, reporting, jobs).await;
    if sqlite && matches!(outcome, Err(Failed::Undone(_))) {
        outcome = together(writer, Reporting::ReturnsKeys, jobs).await;
    }
    match outcome {
        Ok(()) => Attempt::Answered,
        Err(Failed::Undone(_)) => one_by_one(writer, jobs).await,
        Err(Failed::Busy(_)) => Attempt::Unfinished,
        Err(Failed::Unconfirmed(why)) => spoilt(jobs, &why),
    }
}

/// Whether the writes are one statement: all of one type, each to another row, and no more than fit.
fn are_one_statement(jobs: &[Box<dyn Job>]) -> bool {
    let Some(first) = jobs.first().filter(|first| first.is_one_together()) else { return false };
    let of_one_type = jobs.iter().all(|job| (**job).type_id() == (**first).type_id());
    of_one_type && jobs.len() <= LARGEST && rounds(jobs.iter().map(|job| job.key())).iter().all(|round| *round == 0)
}

async fn as_one(writer: Writer<'_>, jobs: &mut [Box<dyn Job>]) -> Attempt {
    let db = Autocommit::on(writer.db);
    let [first, others @ ..] = &mut *jobs else { return Attempt::Answered };
    let others = others.iter_mut().map(|job| &mut **job).collect();
    let applied = first.apply(others, On::Autocommit(&db), Reporting::ReturnsKeys).await;
    match applied {
        Ok(()) => Attempt::Answered,
        // It did nothing. One of the writes waited for another's lock in vain, perhaps.
        Err(_) if db.has_refused() => one_by_one(writer, jobs).await,
        Err(StoreError::Unavailable(why)) => spoilt(jobs, &why),
        Err(other) => spoilt(jobs, &other.to_string()),
    }
}

/// It may have happened. Trying again would find the traces of the first time and take them for another caller's.
fn spoilt(jobs: &mut [Box<dyn Job>], why: &str) -> Attempt {
    fail(jobs, why);
    Attempt::Spoilt
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
            first.apply(others, On::Transaction(db), reporting).await?;
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;
    use crate::store::sql::commit::job::job;
    use crate::store::sql::statements::write::Mergeable;
    use crate::support::Digest;

    /// A write to a row, which merges or does not.
    struct ToRow<const MERGES: bool>(u8);

    impl<const MERGES: bool> Mergeable for ToRow<MERGES> {
        type Output = ();

        const IS_ONE_TOGETHER: bool = MERGES;

        fn key(&self) -> Option<Key> {
            Some(Digest::of("row", &[self.0]).into())
        }

        async fn apply<C: ConnectionTrait>(_: &C, _: Reporting, writes: &[&Self]) -> StoreResult<Vec<()>> {
            Ok(vec![(); writes.len()])
        }
    }

    fn merging(row: u8) -> Box<dyn Job> {
        job(ToRow::<true>(row), Instant::now() + Duration::from_secs(1)).0
    }

    #[tokio::test]
    async fn writes_of_one_kind_to_different_rows_are_one_statement() {
        let other = || job(ToRow::<false>(9), Instant::now() + Duration::from_secs(1)).0;
        assert!(are_one_statement(&[merging(1), merging(2), merging(3)]));
        assert!(!are_one_statement(&[merging(1), merging(2), merging(1)]), "a row twice");
        assert!(!are_one_statement(&[merging(1), other()]) && !are_one_statement(&[other(), merging(1)]));
        assert!(!are_one_statement(&[other(), job(ToRow::<false>(8), Instant::now()).0]));
        let many: Vec<_> = (0..=64).map(merging).collect();
        assert!(are_one_statement(&many[..LARGEST]) && !are_one_statement(&many));
    }
}
