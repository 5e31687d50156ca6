//! How often what happened, as the overview shows it: series without gaps.

use std::collections::HashMap;

use super::{Administration, Authority, Permission, Rejected};
use crate::model::count::{Count, Counted, Measure, Resolution};
use crate::support::Timestamp;

/// How many days are shown, and how many hours.
pub const DAYS: usize = 14;
const HOURS: usize = 48;

/// The spans that are shown: as many of a resolution as end with the present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    resolution: Resolution,
    from: Timestamp,
    spans: usize,
}

impl Stretch {
    /// The last spans, at most as many as are kept.
    pub fn last(resolution: Resolution, spans: usize, now: Timestamp) -> Self {
        let kept = resolution.kept_for().as_millis() / resolution.span().as_millis();
        let spans = spans.clamp(1, usize::try_from(kept).unwrap_or(usize::MAX));
        let earlier = u32::try_from(spans - 1).unwrap_or(u32::MAX);
        let from = resolution.begin(now).minus(resolution.span().saturating_mul(earlier));
        Self { resolution, from, spans }
    }

    /// Those that the overview shows of a resolution.
    pub fn shown(resolution: Resolution, now: Timestamp) -> Self {
        let spans = match resolution {
            Resolution::Hour => HOURS,
            Resolution::Day => DAYS,
        };
        Self::last(resolution, spans, now)
    }

    /// How long each is.
    pub const fn resolution(self) -> Resolution {
        self.resolution
    }

    /// When each begins, the oldest first.
    pub fn begins(self) -> Vec<Timestamp> {
        let begin =
            |n: usize| self.from.plus(self.resolution.span().saturating_mul(u32::try_from(n).unwrap_or(u32::MAX)));
        (0..self.spans).map(begin).collect()
    }

    fn end(self) -> Timestamp {
        self.from.plus(self.resolution.span().saturating_mul(u32::try_from(self.spans).unwrap_or(u32::MAX)))
    }

    fn place(self, begins_at: Timestamp) -> Option<usize> {
        let place = begins_at.since(self.from).as_millis() / self.resolution.span().as_millis();
        usize::try_from(place).ok().filter(|place| begins_at >= self.from && *place < self.spans)
    }
}

/// How often one thing happened, span by span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What.
    pub what: Counted,
    /// How often, the oldest span first; zero where it did not happen.
    pub points: Vec<u64>,
}

impl Series {
    /// How often in all.
    pub fn total(&self) -> u64 {
        self.points.iter().sum()
    }
}

/// Logins by method and outcome, the most frequent first.
pub async fn logins(admin: &Administration, authority: &Authority, stretch: Stretch) -> Result<Vec<Series>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    series(admin, Measure::Logins, stretch).await
}

/// What was tried too often, the most frequent first.
pub async fn throttled(
    admin: &Administration,
    authority: &Authority,
    stretch: Stretch,
) -> Result<Vec<Series>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    series(admin, Measure::Throttled, stretch).await
}

/// Token responses by grant type and client, the most frequent first.
pub async fn tokens(admin: &Administration, authority: &Authority, stretch: Stretch) -> Result<Vec<Series>, Rejected> {
    authority.require(Permission::ReadClients)?;
    series(admin, Measure::Tokens, stretch).await
}

/// Refused requests by reason, the most frequent first.
pub async fn refusals(
    admin: &Administration,
    authority: &Authority,
    stretch: Stretch,
) -> Result<Vec<Series>, Rejected> {
    authority.require(Permission::ReadClients)?;
    series(admin, Measure::Refusals, stretch).await
}

async fn series(admin: &Administration, measure: Measure, stretch: Stretch) -> Result<Vec<Series>, Rejected> {
    let counts = admin.stores().counts.read(measure, stretch.resolution, stretch.from, stretch.end()).await?;
    Ok(without_gaps(stretch, counts))
}

/// How many different accounts were active on each of the last days, about: see [`crate::model::sketch`].
pub async fn active_people(
    admin: &Administration,
    authority: &Authority,
    days: usize,
) -> Result<Vec<(Timestamp, u64)>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    let stretch = Stretch::last(Resolution::Day, days, admin.clock().now());
    let seen: HashMap<i64, u64> = admin
        .stores()
        .counts
        .active(stretch.from, stretch.end())
        .await?
        .into_iter()
        .map(|(day, sketch)| (day.millis(), sketch.estimate()))
        .collect();
    let of = |day: Timestamp| (day, seen.get(&day.millis()).copied().unwrap_or_default());
    Ok(stretch.begins().into_iter().map(of).collect())
}

fn without_gaps(stretch: Stretch, counts: Vec<Count>) -> Vec<Series> {
    let mut found: HashMap<Counted, Vec<u64>> = HashMap::new();
    for Count { begins_at, what, count, .. } in counts {
        let points = found.entry(what).or_insert_with(|| vec![0; stretch.spans]);
        if let Some(point) = stretch.place(begins_at).and_then(|place| points.get_mut(place)) {
            *point += count;
        }
    }
    let mut series: Vec<Series> = found.into_iter().map(|(what, points)| Series { what, points }).collect();
    series.sort_by_cached_key(|series| (std::cmp::Reverse(series.total()), series.what.label()));
    series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::count::Tried;

    #[test]
    fn a_series_has_a_point_for_each_span_and_the_most_frequent_comes_first() {
        let now = Timestamp::from_seconds(10 * 3600 + 7);
        let stretch = Stretch::last(Resolution::Hour, 3, now);
        assert_eq!(stretch.begins(), [8, 9, 10].map(|hour| Timestamp::from_seconds(hour * 3600)));
        let count = |hour: i64, tried, count| Count {
            resolution: Resolution::Hour,
            begins_at: Timestamp::from_seconds(hour * 3600),
            what: Counted::Throttled(tried),
            count,
        };
        let counts = vec![count(8, Tried::SignUp, 2), count(8, Tried::Client, 3), count(10, Tried::Client, 4)];
        let series = without_gaps(stretch, counts);
        assert_eq!(series[0], Series { what: Counted::Throttled(Tried::Client), points: vec![3, 0, 4] });
        assert_eq!(series[1], Series { what: Counted::Throttled(Tried::SignUp), points: vec![2, 0, 0] });
    }

    #[test]
    fn no_more_is_shown_than_is_kept() {
        assert_eq!(Stretch::last(Resolution::Hour, 10_000, Timestamp::from_seconds(0)).begins().len(), 14 * 24);
        assert_eq!(Stretch::last(Resolution::Day, 0, Timestamp::from_seconds(0)).begins().len(), 1);
    }
}
