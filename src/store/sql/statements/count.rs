//! How often what happened.

use sea_orm::ConnectionTrait;

use super::write::{Extent, Key, Single};
use crate::model::count::{Count, Counted, Measure, Resolution};
use crate::model::sketch::Sketch;
use crate::store::StoreResult;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::rows::{self, Rows};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::support::Timestamp;

/// Adds to what is counted already, in few statements however much there is.
#[derive(Debug)]
pub(crate) struct AddCounts(Vec<(Count, String)>);

impl AddCounts {
    /// In the order of the table's key: nodes that add to the same rows at once then never wait for each other in a circle.
    pub(crate) fn new(counts: Vec<Count>) -> Self {
        let mut counts: Vec<(Count, String)> = counts
            .into_iter()
            .map(|count| {
                let label = count.what.label();
                (count, label)
            })
            .collect();
        counts.sort_by(|(one, label), (other, others)| {
            let key = |count: &Count| (count.resolution, count.what.measure(), count.begins_at);
            (key(one), label).cmp(&(key(other), others))
        });
        Self(counts)
    }
}

impl Single for AddCounts {
    type Output = ();

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let rows = self.0.iter().map(|(Count { resolution, begins_at, what, count }, label)| {
            vec![
                resolution.as_str().into(),
                what.measure().as_str().into(),
                begins_at.millis().into(),
                label.as_str().into(),
                i64::try_from(*count).unwrap_or(i64::MAX).into(),
                begins_at.plus(resolution.kept_for()).millis().into(),
            ]
        });
        rows::execute(db, Rows::new(rows), |list, _| {
            format!(
                "INSERT INTO counts (resolution, measure, begins_at, label, count, expires_at) \
                 SELECT * FROM ({list}) AS added WHERE column1 IS NOT NULL \
                 ON CONFLICT (resolution, measure, begins_at, label) DO UPDATE SET count = counts.count + excluded.count"
            )
        })
        .await?;
        Ok(())
    }
}

/// What was counted in the spans that begin at `from` or later, and before `to`. What another release counts is left out.
pub(crate) async fn read<C: ConnectionTrait>(
    db: &C,
    (measure, resolution): (Measure, Resolution),
    from: Timestamp,
    to: Timestamp,
) -> StoreResult<Vec<Count>> {
    let sql = "SELECT begins_at, label, count FROM counts WHERE resolution = $1 AND measure = $2 AND begins_at >= $3 \
               AND begins_at < $4 ORDER BY begins_at, label";
    let values = vec![resolution.as_str().into(), measure.as_str().into(), from.millis().into(), to.millis().into()];
    let mut counts = Vec::new();
    for row in query_all(db, sql, values).await? {
        let (label, count): (String, i64) = (row.try_get("", "label")?, row.try_get("", "count")?);
        let begins_at = Timestamp::from_millis(row.try_get("", "begins_at")?);
        if let Some(what) = Counted::of_label(measure, &label) {
            counts.push(Count { resolution, begins_at, what, count: u64::try_from(count).unwrap_or_default() });
        }
    }
    Ok(counts)
}

/// The sketch of a day and its version; an empty one of no version where there is none.
pub(crate) async fn sketch<C: ConnectionTrait>(db: &C, day: Timestamp) -> StoreResult<(i64, Sketch)> {
    let sql = "SELECT version, sketch FROM active_people WHERE begins_at = $1";
    let Some(row) = query_one(db, sql, vec![day.millis().into()]).await? else { return Ok((0, Sketch::empty())) };
    Ok((row.try_get("", "version")?, stored(row.try_get("", "sketch")?)?))
}

/// Puts a sketch in the place of the one of a version; answers whether that one was there.
#[derive(Debug)]
pub(crate) struct ReplaceSketch {
    pub(crate) day: Timestamp,
    pub(crate) version: i64,
    pub(crate) sketch: Sketch,
}

impl Single for ReplaceSketch {
    type Output = bool;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let sql = "INSERT INTO active_people (begins_at, sketch, version, expires_at) VALUES ($1, $2, 1, $3) \
                   ON CONFLICT (begins_at) DO UPDATE SET sketch = excluded.sketch, version = active_people.version + 1 \
                   WHERE active_people.version = $4";
        let expires_at = self.day.plus(Resolution::Day.kept_for()).millis();
        let values = vec![
            self.day.millis().into(),
            self.sketch.as_bytes().to_vec().into(),
            expires_at.into(),
            self.version.into(),
        ];
        Ok(execute(db, sql, values).await? == 1)
    }
}

/// The sketches of the days that have one, from `from` on and before `to`.
pub(crate) async fn active<C: ConnectionTrait>(
    db: &C,
    from: Timestamp,
    to: Timestamp,
) -> StoreResult<Vec<(Timestamp, Sketch)>> {
    let sql = "SELECT begins_at, sketch FROM active_people WHERE begins_at >= $1 AND begins_at < $2 ORDER BY begins_at";
    let rows = query_all(db, sql, vec![from.millis().into(), to.millis().into()]).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((Timestamp::from_millis(row.try_get("", "begins_at")?), stored(row.try_get("", "sketch")?)?))
    };
    rows.iter().map(read).collect()
}

fn stored(bytes: Vec<u8>) -> StoreResult<Sketch> {
    Sketch::from_bytes(bytes).ok_or_else(|| corrupt("a sketch of another size"))
}
